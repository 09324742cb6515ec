"""Those who fill a collection with something of everything, and later do what its managers ask for."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Engine

from repo_harvest.errors import Busy, Refused
from repo_harvest.ingest import Press, Source, ingest
from repo_harvest.ingest.carry import carry_out
from repo_harvest.ingest.duplicates import Ruling, merge
from repo_harvest.ingest.preview import foresee, understand
from repo_harvest.ingest.run import counted, ended, fenced, recorded
from repo_harvest.ingest.stated import Stated
from repo_harvest.model import Found, Outcome, Page, Record, Run, Validators
from repo_harvest.scheduler import Planned
from repo_harvest.settings import Followed, load
from repo_harvest.store import ledger, previews
from repo_harvest.store.browse import every_item
from repo_harvest.store.previews import Preview
from repo_harvest.store.review import doubts
from repo_harvest.store.slots import Errand
from repo_harvest.workshop import Workshop
from tests.browser.works import ADDED, NOTES, READINGS
from tests.pages_kit import page_html
from tests.web_kit import Web

__all__ = ["SOURCES", "Staff", "filled"]

SOURCES = ("readings", "notes", "letters", "minutes")


class Staff:
    """Those who fill the collection, and later do what managers ask for. They may fetch from the site, which is on this machine."""

    def __init__(self, engine: Engine, config: Path, web: Web) -> None:
        self.engine, self.web = engine, web
        self.followed = Followed(load(config, {}), config, {})
        self.workshop.settle()

    @property
    def workshop(self) -> Workshop:
        return Workshop(settings=self.followed.now(), engine=lambda: self.engine)

    def press(self) -> Press:
        return self.workshop.press()

    def fetch(self, source: Source, validators: Validators = Validators()) -> Page:  # noqa: B008 -- frozen
        return self.workshop.fetch(replace(source, allow_private=(self.web.at,)), validators)

    def run(self, name: str, errand: Errand | None = None) -> None:
        if errand is not None and errand.due is not None and name in SOURCES:
            raise Busy("these are read when somebody asks for it")
        source, believing = self.workshop.source(name), errand is not None and errand.accepts
        press, enquirer = self.press(), self.workshop.enquirer()
        ingest(source, fetch=self.fetch, press=press, enquirer=enquirer, accept_drift=believing, errand=errand)

    def preview(self, asked: Preview) -> Found:
        if not asked.source:
            return understand(Source(name=asked.url, url=asked.url), self.fetch)
        source = self.workshop.source(asked.source)
        return foresee(source, fetch=self.fetch, press=self.press(), enquirer=self.workshop.enquirer())

    def planned(self) -> list[Planned]:
        return [Planned(name=one.name, url=one.address, schedule=one.schedule) for one in self.followed.now().sources]


@contextmanager
def filled(staff: Staff) -> Iterator[dict[str, str]]:
    """A collection with something of everything, and the identifiers and numbers of it; one run goes on while the block runs."""
    web, engine = staff.web, staff.engine
    web.pages["/readings"], web.pages["/notes"] = page_html(READINGS), page_html(NOTES)
    web.pages["/minutes"], web.pages["/added"] = page_html(ADDED[:3]), page_html(ADDED)
    web.pages["/nothing"] = "<p>Nothing at all.</p>"
    staff.run("readings")
    staff.run("notes")
    changed = READINGS[0].but(abstract=READINGS[0].abstract.replace("patience", "endurance"))
    web.pages["/readings"] = page_html([changed, *READINGS[1:5], *READINGS[6:]])
    staff.run("readings")
    pairs = {pair.one_record.title[0]: pair for pair in doubts(engine)}
    preface = pairs["Preface"]
    merging = merge(staff.press(), preface.one, preface.other, Ruling(by="ben", note="One preface, revised."))
    web.pages["/notes"] = page_html([NOTES[0], NOTES[6]])
    staff.run("notes")
    made = {item.record.title[0]: item.header.identifier for item in every_item(engine)}
    named = {
        "item": made[READINGS[0].title],
        "removed": made[READINGS[5].title],
        "merged": next(edit.identifier for edit in merging.items if edit.merged_into),
        "changing": str(ledger.history(engine, "readings")[0].id),
        "refused": str(ledger.history(engine, "notes")[0].id),
        **_previews(staff),
    }
    _hold_back(staff)
    letters = ledger.source_state(engine, "letters", staff.workshop.source("letters").url).id
    with ledger.run_lock(engine, letters):
        number = ledger.start_run(engine, letters, started=int(time.time()))
        ledger.note_stage(engine, number, "12 entries are read")
        yield {name: quote(value, safe="") for name, value in {**named, "going": str(number)}.items()}
        ended = Run(source="letters", started=0, ended=int(time.time()), outcome=Outcome.DONE)
        ledger.finish_run(engine, number, ended)


def _previews(staff: Staff) -> dict[str, str]:
    """One of each kind: a drift, a page understood, a page that lists nothing, and one that is being read."""
    numbers = {}
    for name, source, path in (("drift", "notes", "notes"), ("page", "", "added"), ("fault", "", "nothing")):
        asked = _asked(staff, source, path)
        try:
            previews.end(staff.engine, asked.id, at=int(time.time()), found=staff.preview(asked))
        except Refused as error:
            previews.end(staff.engine, asked.id, at=int(time.time()), fault=str(error))
        numbers[name] = str(asked.id)
    return {**numbers, "reading": str(_asked(staff, "", "readings").id)}


def _asked(staff: Staff, source: str, path: str) -> Preview:
    """A preview that a manager asked for and a scheduler has taken."""
    now = int(time.time())
    number = previews.ask(staff.engine, source=source, url=f"http://{staff.web.at}/{path}", at=now, by="anna")
    taken = previews.take(staff.engine, at=now)
    assert taken is not None
    assert taken.id == number
    return taken


def _hold_back(staff: Staff) -> None:
    """A run of a source whose second record has no title, which no format takes."""
    press, source = staff.press(), staff.workshop.source("minutes")
    source_id = ledger.source_state(staff.engine, source.name, source.url).id
    records = (
        Record(title=("Minutes of the first meeting",), date=("2020",)),
        Record(date=("2021",), publisher=("Us",)),
    )
    listed = [
        Stated(
            record=record,
            source=source.name,
            place=f"main/p[{number}]",
            page_url=source.url,
            fetched=int(time.time()),
            byline="",
            sets=(),
        )
        for number, record in enumerate(records, start=1)
    ]
    run = Run(source=source.name, started=int(time.time()))
    with recorded(press, source_id, run) as number:
        draft, _ = carry_out(fenced(press, number), source_id, listed)
        ledger.finish_run(staff.engine, number, ended(counted(run, draft, []), press, Outcome.DONE), draft.quarantined)

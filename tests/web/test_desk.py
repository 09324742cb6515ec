"""The desk of managers, on real runs of real pages: what needs somebody, what a run changed, what would be published, history."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from repo_harvest.errors import Busy
from repo_harvest.ingest import Source
from repo_harvest.ingest.preview import foresee, understand
from repo_harvest.model import Found, Outcome, Record, Run
from repo_harvest.scheduler import Planned, Scheduler, next_due
from repo_harvest.settings.adding import add_source
from repo_harvest.store import ledger, previews
from repo_harvest.store.engine import open_engine
from repo_harvest.store.previews import Preview
from repo_harvest.store.receipts import Harvester, ListKey, Progress, Visit, add
from repo_harvest.store.slots import Errand
from repo_harvest.store.steering import steered
from tests.pages_kit import WORKS, Site, Work
from tests.store.kit import dump
from tests.web.desk import USERS, Browser, service
from tests.web.test_manage import OPEN, PLAIN
from tests.web.test_security import ATTACKS, attacked

NAME = "page"


@dataclass
class Scene:
    """A page, the database it is read into, and a manager who is signed in."""

    site: Site
    anna: Browser
    config: Path
    seen: list[str] = field(default_factory=list)

    @property
    def engine(self) -> Engine:
        return self.site.engine

    def text(self, path: str) -> str:
        """The words of a page, which must be there."""
        answer = self.anna.get(path)
        assert answer.status_code == 200, path
        return words(answer)

    def press(self, path: str, **fields: str) -> TestResponse:
        return self.anna.post(path, token=self.anna.token("admin/add"), **fields)

    def work(self, until: Callable[[], bool]) -> None:
        """Let a scheduler work on what managers asked for."""

        def run(name: str, errand: Errand | None) -> None:
            assert name == NAME
            believing = errand is not None and errand.accepts
            if errand is None or errand.due is not None:
                raise Busy("nobody asked")
            self.seen.append("believed" if believing else "run")
            self.site.run_for(errand, accept_drift=believing)

        def preview(asked: Preview) -> Found:
            if asked.source:
                return foresee(
                    self.site.source, fetch=self.site.fetch, press=self.site.press, enquirer=self.site.enquirer
                )
            return understand(Source(name=asked.url, url=asked.url), self.site.fetch)

        planned = [Planned(name=NAME, url=self.site.source.url, schedule="0 3 1 1 *")]
        scheduler = Scheduler(
            lambda: planned, engine=self.engine, run=run, preview=preview, clock=self.site.clock, every=0.05
        )
        scheduler.start()
        ends = time.monotonic() + 30
        while not until() and time.monotonic() < ends:
            time.sleep(0.05)
        scheduler.stop()
        assert until()


def words(answer: TestResponse) -> str:
    return " ".join(re.sub("<[^>]*>", " ", answer.text).split())


def scene_on(engine: Engine, folder: Path) -> Scene:
    site = Site(engine, folder, name=NAME)
    config = folder / "feed.toml"
    config.write_text('# ours\n[repository]\nname = "Ours"  # kept\n', encoding="utf-8")
    app = service(
        engine,
        PLAIN,
        site.clock,
        OPEN,
        sources=lambda: [(NAME, str(site.path), "30 3 * * *")],
        due=next_due,
        sets={"work:mentoring": "Mentoring"},
        press=lambda: site.press,
        config=str(config),
        add_source=partial(add_source, config, {}),
    )
    anna = Browser(app)
    anna.sign_in()
    return Scene(site=site, anna=anna, config=config)


@pytest.fixture
def scene(engine: Engine, tmp_path: Path) -> Scene:
    return scene_on(engine, tmp_path)


@pytest.fixture
def quick(new_database_url: Callable[[str], str], tmp_path: Path) -> Iterator[Scene]:
    """For what the kind of database cannot change."""
    engine = open_engine(new_database_url("sqlite"))
    yield scene_on(engine, tmp_path)
    engine.dispose()


# --- sources and runs ---


def test_the_first_page_says_what_needs_somebody_and_draws_how_much_there_was(scene: Scene) -> None:
    assert "It was not read yet. Read it now" in scene.text("admin/")
    scene.site.run(WORKS[:4])
    scene.site.run(WORKS)
    text = scene.text("admin/")
    assert "Nothing needs you" in text
    assert f"Entries {len(WORKS)}" in text
    assert "Next run" in text
    assert "03:30 UTC" in text
    assert f"Entries in 2 good runs: 4 on 15 January 2027, {len(WORKS)} on 15 January 2027" in scene.text("admin/")
    scene.site.run(WORKS[:1])
    assert "The last run was refused; what was published before still stands." in scene.text("admin/")


def test_a_run_shows_each_change_field_by_field(scene: Scene) -> None:
    scene.site.run(WORKS)
    changed = [WORKS[0].but(abstract=WORKS[0].abstract.replace("patience", "endurance")), *WORKS[1:-1]]
    scene.site.run([*changed, Work("A new one about allotments", "Buck, Gillian (2024)", "Beans and peas.", None)])
    runs = ledger.history(scene.engine, NAME)
    html = scene.anna.get(f"admin/run/{runs[0].id}").text
    assert "<del>patience,</del>" in html
    assert "<ins>endurance,</ins>" in html
    text = scene.text(f"admin/run/{runs[0].id}")
    assert "Changed The core conditions of peer mentoring" in text
    assert "Added A new one about allotments" in text
    assert f"Gone {WORKS[-1].title}" in text
    assert text.count("Added") == 2, "as a figure, and as what became of one record"
    first = scene.text(f"admin/run/{runs[1].id}")
    assert first.count("Added") == len(WORKS) + 1, "what became of them later is not what that run did"
    assert "patience" not in first
    assert scene.anna.get("admin/run/99999").status_code == 404
    assert scene.anna.get("admin/run/99999999999999999999").status_code == 404


def test_two_runs_at_once_are_told_apart(scene: Scene, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    other = Site(scene.engine, tmp_path / "b", name="other")
    other.clock = scene.site.clock
    other.press = replace(other.press, clock=scene.site.clock)
    scene.site.run(WORKS[:3])
    scene.site.clock.now -= 60
    other.run(WORKS[3:6])
    one, two = (ledger.history(scene.engine, name)[0] for name in (NAME, "other"))
    assert one.started == two.started
    assert WORKS[3].title not in scene.text(f"admin/run/{one.id}")
    assert WORKS[3].title in scene.text(f"admin/run/{two.id}")


def test_a_run_that_goes_on_is_looked_at_again_by_itself(scene: Scene) -> None:
    source_id = ledger.source_state(scene.engine, NAME, "x").id
    with ledger.run_lock(scene.engine, source_id):
        number = ledger.start_run(scene.engine, source_id, started=int(scene.site.clock.now))
        scene.site.clock.now += 7
        ledger.note_stage(scene.engine, number, "12 entries are read")
        answer = scene.anna.get(f"admin/run/{number}")
        assert answer.headers["Refresh"] == "3"
        assert "going on for 7 seconds: 12 entries are read" in words(answer)
        assert scene.anna.get(f"admin/source/{NAME}").headers["Refresh"] == "3"
        still = scene.anna.get(f"admin/run/{number}?still=yes")
        assert "Refresh" not in still.headers
        assert "Look again, and go on looking" in still.text
        ledger.finish_run(scene.engine, number, Run(source=NAME, started=0, ended=9, outcome=Outcome.DONE))
    assert "Refresh" not in scene.anna.get(f"admin/run/{number}").headers


def test_quarantine_shows_what_is_wrong_beside_the_field(scene: Scene) -> None:
    scene.site.run(WORKS)
    run = ledger.history(scene.engine, NAME)[0]
    record = replace(found_record(scene), title=(), date=("soon",))
    held = ledger.Quarantined(place="p[4]", reason="oai_datacite: date: is no date; it has no title", record=record)
    with ledger.run_lock(scene.engine, 1):
        number = ledger.start_run(scene.engine, 1, started=run.started + 60)
        done = Run(source=NAME, started=run.started + 60, ended=run.started + 61, outcome=Outcome.DONE, refused=1)
        ledger.finish_run(scene.engine, number, done, [held])
    text = scene.text(f"admin/source/{NAME}")
    assert "Date soon oai_datacite: date: is no date" in text
    assert "At p[4] , since run" in text
    assert "1 record is in quarantine." in scene.text("admin/")


def found_record(scene: Scene) -> Record:
    report = scene.site.run([*WORKS, Work("One more", "Buck, Gillian (2020)", "Of many.", None)])
    return report.edits[0].record


# --- what would be ---


def test_a_refused_run_is_shown_before_it_is_accepted(scene: Scene) -> None:
    scene.site.run(WORKS)
    assert scene.site.run(WORKS[:2]).run.outcome is Outcome.REFUSED
    before = dump(scene.engine, without=["previews", "sessions"])
    asked = scene.press(f"admin/source/{NAME}/preview")
    (number,) = re.findall("[0-9]+", asked.headers["Location"])
    assert "The page is being read" in words(scene.anna.follow(asked))
    scene.work(lambda: ended(scene, int(number)))
    text = scene.text(f"admin/preview/{number}")
    assert f"{len(WORKS) - 2} records would change" in text
    assert f"Gone {WORKS[-1].title}" in text
    assert dump(scene.engine, without=["previews", "sessions"]) == before, "looking changes nothing"
    shown = scene.anna.follow(scene.press(f"admin/source/{NAME}/accept"))
    assert "and believed: asked for on" in words(shown)
    scene.work(lambda: NAME not in steered(scene.engine))
    assert scene.seen == ["believed"]
    last = ledger.history(scene.engine, NAME)[0]
    assert (last.outcome, last.gone) == (Outcome.DONE, len(WORKS) - 2)


def test_a_run_that_does_not_believe_leaves_the_request_to_one_that_does(scene: Scene) -> None:
    scene.site.run(WORKS)
    scene.press(f"admin/source/{NAME}/accept")
    assert scene.site.run(WORKS[:2]).run.outcome is Outcome.REFUSED
    assert steered(scene.engine)[NAME].accepts
    with pytest.raises(Busy):
        scene.site.run_for(Errand(due=None, owner="test"), accept_drift=False)


def test_what_cannot_be_read_is_said(quick: Scene) -> None:
    quick.site.path.write_text("<p>Nothing at all.</p>", encoding="utf-8")
    quick.press(f"admin/source/{NAME}/preview")
    quick.work(lambda: ended(quick, 1))
    assert "no publications" in quick.text("admin/preview/1")
    assert "Accept" not in quick.text("admin/preview/1")


def ended(scene: Scene, number: int) -> bool:
    found = previews.find(scene.engine, number)
    return found is not None and found.ended is not None


# --- a page becomes a source ---


def understood(scene: Scene, works: list[Work]) -> str:
    """The way to what was understood of a page with these works."""
    number = previews.ask(
        scene.engine, source="", url="https://example.org/Our%20list/", at=int(scene.site.clock.now), by="anna"
    )
    assert number is not None
    scene.site.write(works)
    previews.end(
        scene.engine, number, at=int(scene.site.clock.now), found=understand(scene.site.source, scene.site.fetch)
    )
    return f"admin/preview/{number}"


def test_a_page_is_shown_entry_by_entry_and_saved_with_the_rest_of_the_file_kept(scene: Scene) -> None:
    way = understood(scene, list(WORKS))
    text = scene.text(way)
    assert f"{len(WORKS)} entries" in text
    assert "Creators Buck, Gillian" in text
    before = scene.config.read_bytes()
    scene.config.chmod(0o640)
    answer = scene.press(f"{way}/save", name="our-list", sets="work:mentoring extra", schedule="0 4 * * mon")
    assert "the rest of the file is as it was" in words(answer)
    after = scene.config.read_text(encoding="utf-8")
    assert after.encode().startswith(before)
    assert after.removeprefix(before.decode()) == (
        '\n[[source]]\nname = "our-list"\nurl = "https://example.org/Our%20list/"\nschedule = "0 4 * * mon"\n'
        'sets = ["work:mentoring", "extra"]\n'
    )
    assert scene.config.stat().st_mode & 0o777 == 0o640
    assert [one.name for one in scene.config.parent.iterdir() if one.name.startswith(".")] == []
    again = scene.press(f"{way}/save", name="our-list", sets="", schedule="")
    assert "are both named" in words(again)
    assert scene.config.read_text(encoding="utf-8") == after


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": ""}, "It is missing; give a name"),
        ({"name": NAME}, "is the name of another source"),
        ({"name": "Ours!"}, "is not a name of small letters, digits and hyphens"),
        ({"schedule": "at noon"}, "five cron fields"),
        ({"sets": "a b/c"}, "b/c"),
    ],
)
def test_what_is_wrong_is_said_beside_the_field_and_nothing_is_saved(
    quick: Scene, fields: dict[str, str], said: str
) -> None:
    way, before = understood(quick, list(WORKS)), quick.config.read_bytes()
    answer = quick.press(f"{way}/save", **{"name": "ours", "sets": "", "schedule": "", **fields})
    assert answer.status_code == 400
    (field_name,) = fields
    assert f'aria-describedby="{field_name}-fault"' in answer.text
    assert said in words(answer).replace("&#34;", '"')
    assert quick.config.read_bytes() == before


def test_a_file_that_cannot_take_it_is_left_and_the_table_shown(quick: Scene) -> None:
    way = understood(quick, list(WORKS))
    quick.config.write_text("source = []\n", encoding="utf-8")
    answer = quick.press(f"{way}/save", name="ours", sets="", schedule="")
    assert "Not saved yet: ours" in words(answer)
    assert "[[source]] name = &#34;ours&#34;" in words(answer)
    assert quick.config.read_text(encoding="utf-8") == "source = []\n"
    quick.config.unlink()
    assert "cannot be written: No such file" in words(quick.press(f"{way}/save", name="ours", sets="", schedule=""))


def test_an_address_that_is_none_or_private_is_not_read(quick: Scene) -> None:
    for url in ("", "ftp://example.org/", "/etc/passwd", "javascript:alert(1)", "https://ann:pw@example.org/"):
        assert quick.press("admin/add", url=url).status_code == 400, url
    for number, url in enumerate(("http://127.0.0.1:1/", "http://169.254.169.254/latest/", "http://[::1]/"), start=1):
        assert quick.press("admin/add", url=url).headers["Location"].endswith(f"preview/{number}")
        quick.work(partial(ended, quick, number))
        assert "only public ones are dialled" in quick.text(f"admin/preview/{number}")
        assert quick.press(f"admin/preview/{number}/save", name="x", sets="", schedule="").status_code == 404


def test_no_more_is_asked_for_than_schedulers_can_do(quick: Scene) -> None:
    ways = [quick.press("admin/add", url=f"https://example.org/{n}").status_code for n in (1, 1, 2, 3, 4, 5, 6)]
    assert ways == [303] * 6 + [400]
    quick.site.clock.now += previews.PATIENCE * previews.TRIES + 1
    assert "No scheduler looked at it" in quick.text("admin/preview/1")
    assert quick.press("admin/add", url="https://example.org/6").status_code == 303


# --- others ---


def test_harvesters_are_shown_with_what_they_lack(scene: Scene) -> None:
    assert "Nobody has harvested yet" in scene.text("admin/harvesters")
    scene.site.run(WORKS)
    now = int(scene.site.clock.now)
    who = Harvester("198.51.100.9", "<b>Sickle</b>", "ListRecords", "oai_dc", "")
    begun = Progress(began=now, last=now, pages=1, records=3, size=9)
    add(scene.engine, {who: Visit(first=now, last=now, requests=1, lists={ListKey(None, None, now): begun})})
    text = scene.text("admin/harvesters")
    assert "&lt;b&gt;Sickle&lt;/b&gt;" in text
    assert f"It never had a whole list. It has not got {len(WORKS)} records yet." in text
    assert "A list is under way: 3 of 9 records." in text


def test_the_history_of_a_record_says_what_changed_and_when(scene: Scene) -> None:
    scene.site.run(WORKS)
    scene.site.run([WORKS[0].but(byline="Buck, Gillian (SAGE, 2018)"), *WORKS[1:]])
    scene.site.run(WORKS[1:])
    (moved, *_) = scene.site.run(WORKS).edits
    text = scene.text(f"admin/record?identifier={moved.identifier}")
    told = [text.index(state) for state in ("Back again", "Removed", "Changed", "Added")]
    assert told == sorted(told), "the newest first"
    assert "Date 2017-03-21 2018" in text
    for wrong in (
        "admin/record",
        "admin/record?identifier=x",
        "admin/record?identifier=%00",
        "admin/record?identifier=%ff",
    ):
        assert scene.anna.get(wrong).status_code == 404


PAGES = (
    "admin/", f"admin/source/{NAME}", "admin/runs", "admin/run/1", "admin/add", "admin/preview/1", "admin/duplicates",
    "admin/decisions", "admin/harvesters", "admin/record?identifier=x",
)  # fmt: skip  # a list of ways
FORMS = (
    *(f"admin/source/{NAME}/{what}" for what in ("run", "pause", "resume", "preview", "accept")),
    "admin/add", "admin/preview/1/save", "admin/duplicates/same", "admin/duplicates/different", "admin/decisions/1/undo",
)  # fmt: skip  # a list of ways


def test_every_page_and_form_is_held_against_others(quick: Scene) -> None:
    quick.site.run(WORKS)
    understood(quick, list(WORKS))
    kept = ["sessions", "attempts"]
    before = dump(quick.engine, without=kept)
    stranger = Browser(quick.anna.app)
    for way in PAGES:
        assert "Sign in" in stranger.follow(stranger.get(way)).text, way
        assert stranger.get(way, method="PUT").status_code == 405
    own = stranger.token("admin/sign-in")
    ben = Browser(quick.anna.app)
    ben.sign_in("ben", "another secret of ben")
    for way in FORMS:
        assert stranger.post(way, token=own).status_code == 403, way
        for fields in ({}, {"token": "x"}, {"token": ben.token()}):
            assert quick.anna.post(way, **fields).status_code == 403, way
        if way != "admin/add":
            assert quick.anna.get(way).status_code == 405, way
    assert "anna" in USERS
    assert dump(quick.engine, without=kept) == before


@pytest.mark.parametrize("attack", ATTACKS)
def test_hostile_text_is_text_on_every_page(attack: str, quick: Scene) -> None:
    quick.site.run(attacked(attack))
    quick.site.run([one.but(abstract=f"{one.abstract} {attack}") for one in attacked(attack)])
    way = understood(quick, attacked(attack))
    identifier = next(iter(quick.site.run([*attacked(attack), *WORKS[:1]]).edits)).identifier
    now = int(quick.site.clock.now)
    previews.ask(quick.engine, source=NAME, url=f"https://example.org/{attack}", at=now, by=attack)
    previews.end(quick.engine, 2, at=now, fault=attack)
    for page in (*PAGES[:-1], way, "admin/preview/2", "admin/run/2", f"admin/record?identifier={identifier}"):
        answer = quick.anna.get(page)
        assert answer.status_code == 200, page
        assert "<script" not in answer.text
        assert "<img" not in answer.text
        assert "onload=alert(1)>" not in answer.text.replace("&lt;svg/onload=alert(1)&gt;", "")
        assert "7006652" not in answer.text
    for url in (attack, f"https://example.org/{attack}"):
        assert quick.press("admin/add", url=url).status_code in {303, 400}
    assert quick.press(f"{way}/save", name=attack, sets=attack, schedule=attack).status_code == 400

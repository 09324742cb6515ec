"""What a run counts adds up: new, changed, same, merged and refused are the entries read, and the history keeps it so."""

from __future__ import annotations

import random
from pathlib import Path

from sqlalchemy import Engine, func, select

from repo_harvest.ingest import Press
from repo_harvest.ingest.carry import carry_out
from repo_harvest.ingest.run import counted, ended, fenced, recorded
from repo_harvest.ingest.stated import Stated
from repo_harvest.model import Kind, Outcome, Record, Run
from repo_harvest.store import ledger
from repo_harvest.store.engine import reading
from repo_harvest.store.tables import entries, items
from repo_harvest.store.told import quarantined
from tests.pages_kit import WORKS, Site, Work
from tests.store.kit import Clock


def listing(dice: random.Random) -> list[Work]:
    """Some of many works, some of them changed; the first of them often."""
    works = [work.but(title=f"{work.title} in volume {i}", link="") for i in range(4) for work in WORKS]
    works[:5] = WORKS
    chosen = [work for work in works if dice.random() < 0.7]
    dice.shuffle(chosen)
    return [work.but(abstract=f"{work.abstract} Corrected.") if dice.random() < 0.3 else work for work in chosen]


def test_counts_are_the_entries_read_and_those_that_are_kept(engine: Engine, tmp_path: Path) -> None:
    dice = random.Random(11)
    sites = [Site(engine, tmp_path, name=name) for name in ("page", "other", "third")]
    kinds = set[str]()
    told: list[Run] = []
    read: list[int] = []
    for round_number in range(8):
        for site in sites:
            works = None if round_number == 5 else listing(dice)
            read.append(len(works) if works is not None else read[-len(sites)])
            report = site.run(works, accept_drift=True)
            told.insert(0, report.run)
            kinds |= {change.kind for change in report.changes}
            assert report.run.outcome is Outcome.DONE
            assert report.run.seen == read[-1]
            assert_kept(engine, site.source.name, report.run.seen)
    assert kinds >= {Kind.NEW, Kind.CHANGED, Kind.SAME, Kind.MERGED, Kind.GONE}
    kept = ledger.history(engine, limit=1000)
    assert [run.id for run in kept] == list(range(len(kept), 0, -1))
    assert [run.seen for run in kept] == read[::-1]
    counts = [
        (run.source, run.new, run.changed, run.same, run.merged, run.refused, run.missing, run.gone) for run in kept
    ]
    assert counts == [
        (run.source, run.new, run.changed, run.same, run.merged, run.refused, run.missing, run.gone) for run in told
    ]
    assert [run.source for run in ledger.history(engine, "page", 3)] == ["page"] * 3
    assert_new_less_gone_is_what_is_there(engine, kept)


def test_what_is_refused_counts_among_the_entries_read_and_is_in_quarantine(engine: Engine) -> None:
    press = Press(engine=engine, clock=Clock(), repository="x.org")
    source_id = ledger.source_state(engine, "page", "https://x.org/page").id
    titled = [stated(Record(title=(work.title,), date=("2020",)), i) for i, work in enumerate(WORKS)]
    listed = [*titled, stated(Record(date=("2017",)), len(WORKS))]
    run = Run(source="page", started=1)
    with recorded(press, source_id, run) as run_id:
        draft, _ = carry_out(fenced(press, run_id), source_id, listed)
        done = ended(counted(run, draft, []), press, Outcome.DONE)
        ledger.finish_run(engine, run_id, done, draft.quarantined)
    (kept,) = ledger.history(engine)
    assert (kept.new, kept.refused, kept.seen) == (len(WORKS), 1, len(listed))
    assert quarantined(engine) == {"page": kept.refused}


def stated(record: Record, position: int) -> Stated:
    place = f"entry {position}"
    return Stated(
        record=record, source="page", place=place, page_url="https://x.org/page", fetched=1, byline="", sets=()
    )


def assert_kept(engine: Engine, source: str, number: int) -> None:
    """As many entries are listed as were read."""
    state = ledger.find_source(engine, source)
    assert state is not None
    with reading(engine) as connection:
        live = select(func.count()).where(entries.c.source_id == state.id, entries.c.gone.is_(False))
        assert connection.execute(live).scalar_one() == number


def assert_new_less_gone_is_what_is_there(engine: Engine, kept: list[Run]) -> None:
    """No run can have made fewer items than there are."""
    with reading(engine) as connection:
        made = connection.execute(select(func.count()).select_from(items)).scalar_one()
    assert sum(run.new for run in kept) >= made

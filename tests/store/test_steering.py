"""What people ask of the schedulers is kept for all of them: pausing, going on, running now."""

from __future__ import annotations

from sqlalchemy import Engine

from repo_harvest.store import ledger
from repo_harvest.store.steering import Steered, ask_run, pause, resume, steered


def test_a_pause_holds_until_it_is_lifted_and_keeps_who_was_first(engine: Engine) -> None:
    page, other = (ledger.source_state(engine, name, "page.html").id for name in ("page", "other"))
    assert pause(engine, page, at=1000, by="ann") is True
    assert pause(engine, page, at=2000, by="bob") is False
    assert steered(engine) == {"page": Steered(paused_at=1000, paused_by="ann")}
    assert [resume(engine, page), resume(engine, page), resume(engine, other)] == [True, False, False]
    assert steered(engine) == {}
    assert pause(engine, page, at=3000, by="bob") is True
    assert steered(engine)["page"].paused_by == "bob"


def test_a_run_is_asked_for_beside_a_pause(engine: Engine) -> None:
    page = ledger.source_state(engine, "page", "page.html").id
    ask_run(engine, page, at=1000, by="ann")
    pause(engine, page, at=2000, by="bob")
    assert steered(engine) == {"page": Steered(paused_at=2000, paused_by="bob", asked_at=1000, asked_by="ann")}
    resume(engine, page)
    assert steered(engine) == {"page": Steered(asked_at=1000, asked_by="ann")}

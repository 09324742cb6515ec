"""How runs ended, in, what is wrong and what to do about it, out. Pure: no clock, no network, no database."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from repo_harvest.model import Outcome, Run, utc_text

__all__ = ["CLOCK", "Condition", "Standing", "conditions", "subjects", "well"]

CLOCK = "clock"
_TO_DO = {
    Outcome.REFUSED: "What was served stays served. Look at the page, then: repo-harvest ingest {name}",
    Outcome.FAILED: "What was served stays served. The log of the program says more; then: repo-harvest ingest {name}",
    Outcome.DIED: "Was the process killed, or is the machine short of memory? repo-harvest runs {name} shows what came after.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """How a source stands: its last run that ended, the outcome of the one before, how many records are in quarantine."""

    run: Run
    before: Outcome | None = None
    quarantined: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Something that is wrong: `subject` names it in all messages about it, `source` is where, if at a source.

    It is news when nothing was wrong with the subject, when the `reason` is another, or when the `level` rose. `title` is a
    line, `text` what happened and where, and what to do.
    """

    subject: str
    reason: str
    title: str
    text: str
    level: int = 0
    source: str | None = None
    run: int | None = None


def subjects(names: Iterable[str]) -> frozenset[str]:
    """Everything that may be wrong with these sources, and with the feed."""
    return frozenset({CLOCK, *(f"{kind}:{name}" for name in names for kind in ("run", "quarantine"))})


def conditions(standings: Iterable[Standing], *, lead: int, most_lead: int) -> list[Condition]:
    """What is wrong: runs that were refused, failed or died, records in quarantine, a feed clock `most_lead` seconds ahead."""
    found: list[Condition] = []
    for standing in standings:
        found += _of_run(standing)
        if standing.quarantined:
            found.append(_of_quarantine(standing))
    if lead > most_lead:
        found.append(_of_clock(lead))
    return found


def well(subject: str, since: int) -> tuple[str, str]:
    """The title and the text for something that is in order again, and was not since then (UTC seconds)."""
    kind, _, name = subject.partition(":")
    title = {
        "run": f"{name}: read well again",
        "quarantine": f"{name}: nothing is in quarantine any more",
        CLOCK: "the clock of the feed is right again",
    }[kind]
    return title, f"This was told as wrong on {utc_text(since)}. Nothing is to be done."


def _of_run(standing: Standing) -> list[Condition]:
    run, outcome = standing.run, standing.run.outcome
    if outcome is Outcome.DONE and standing.before is Outcome.DIED:
        outcome = Outcome.DIED  # nobody heard of it when it happened
    if outcome not in _TO_DO:
        return []
    if outcome is Outcome.DIED:
        message = "a run stopped before it ended, with its process"
        message += "; the next one was done" if run.outcome is Outcome.DONE else ""
    else:
        message = run.message
    told = f"{utc_text(run.started)}, run {run.id} of the source {run.source}: {outcome}.\n{message}"
    return [
        Condition(
            subject=f"run:{run.source}",
            reason=re.sub("[0-9]+", "#", f"{outcome}: {message}"),  # figures differ from run to run
            title=f"{run.source}: a run {'died' if outcome is Outcome.DIED else f'was {outcome}' if outcome is Outcome.REFUSED else 'failed'}",
            text=f"{told}\n{_TO_DO[outcome].format(name=run.source)}",
            source=run.source,
            run=run.id,
        )
    ]


def _of_quarantine(standing: Standing) -> Condition:
    name, number = standing.run.source, standing.quarantined
    return Condition(
        subject=f"quarantine:{name}",
        reason="quarantine",
        level=number,
        title=f"{name}: {number} in quarantine",
        text=f"{number} record(s) of the source {name} fail their schema and are kept out of the feed; their last good versions stay.\n"
        f"What is wrong with each: repo-harvest runs {name} --json",
        source=name,
        run=standing.run.id,
    )


def _of_clock(lead: int) -> Condition:
    return Condition(
        subject=CLOCK,
        reason="lead",
        title=f"the clock of the feed runs {lead} s ahead",
        text=f"The newest datestamp lies {lead} s in the future, so harvesters see changes late by their own clocks. Nothing is lost.\n"
        "Look at the clock of the machine (timedatectl): it was ahead, or it was set back. The lead goes as time passes.",
    )

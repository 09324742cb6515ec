"""One message for each change of state: laws over any history of what was wrong."""

from __future__ import annotations

from itertools import groupby

from hypothesis import given
from hypothesis import strategies as st

from repo_harvest.alerts.change import Told, news
from repo_harvest.alerts.condition import CLOCK, Condition, Standing, conditions, subjects
from repo_harvest.model import Outcome, Run


def played(history: list[Condition | None]) -> list[str]:
    """The messages of a subject of which this was wrong after each run, as reasons and levels; `good` for well again."""
    told: dict[str, Told] = {}
    said = []
    for now, condition in enumerate(history):
        for alert in news([condition] if condition else [], told, watched={"run:page"}, now=now):
            if not alert.quiet:
                said.append("good" if alert.told is None else f"{alert.told.reason} {alert.told.level}")
            if alert.told is None:
                del told[alert.subject]
            else:
                told[alert.subject] = alert.told
    return said


def wrong(reason: str, level: int = 0) -> Condition:
    return Condition(subject="run:page", reason=reason, title="", text="", level=level)


@given(st.lists(st.sampled_from(["", "refused", "failed"])))
def test_what_is_told_is_the_history_without_repetition(history: list[str]) -> None:
    said = played([wrong(reason) if reason else None for reason in history])
    steps = [reason for reason, _ in groupby(["", *history])][1:]
    assert said == [f"{reason} 0" if reason else "good" for reason in steps]


@given(st.lists(st.integers(0, 4)))
def test_of_a_number_every_rise_is_told_and_no_fall_but_the_last(history: list[int]) -> None:
    said = played([wrong("held", level) if level else None for level in history])
    steps = zip([0, *history], history, strict=False)
    assert said == [
        f"held {now}" if now > before else "good" for before, now in steps if now > before or 0 == now < before
    ]


def test_a_removed_source_is_forgotten_without_a_word() -> None:
    told = {"run:page": Told(reason="x", level=0, since=1)}
    (step,) = news([], told, watched=subjects(["other"]), now=2)
    assert (step.quiet, step.told) == (True, None)


@given(st.sampled_from(Outcome), st.none() | st.sampled_from(Outcome), st.integers(0, 3), st.integers(0, 100))
def test_each_condition_says_where_and_what_to_do(
    outcome: Outcome, before: Outcome | None, held: int, lead: int
) -> None:
    run = Run(source="page", started=1, id=7, outcome=outcome, message="the page did not arrive")
    found = conditions([Standing(run=run, before=before, quarantined=held)], lead=lead, most_lead=60)
    bad = outcome in {Outcome.REFUSED, Outcome.FAILED, Outcome.DIED}
    late = outcome is Outcome.DONE and before is Outcome.DIED
    wanted = {"run:page": bad or late, "quarantine:page": held > 0, CLOCK: lead > 60}
    assert {one.subject for one in found} == {subject for subject, wrong in wanted.items() if wrong}
    for one in found:
        assert one.title
        assert one.subject == CLOCK or ("page" in one.title and "repo-harvest " in one.text)
        assert one.subject in subjects(["page"])


def test_figures_in_a_reason_are_no_news() -> None:
    first, second = (
        conditions(
            [Standing(run=Run(source="page", started=1, outcome=Outcome.REFUSED, message=f"only {n} of them"))],
            lead=0,
            most_lead=60,
        )[0].reason
        for n in (5, 12)
    )
    assert first == second

"""What is wrong and what was told, in, what is to be told now, out: one message for each change of state. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from repo_harvest.alerts.condition import Condition, well

__all__ = ["Alert", "Told", "news"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What was told of a subject: why it is wrong, how much, and when that was told first (UTC seconds)."""

    reason: str
    level: int
    since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """A step from what was told to what is: sent unless `quiet`, then kept as `told`, `None` once all is well."""

    subject: str
    told: Told | None
    title: str = ""
    text: str = ""
    source: str | None = None
    run: int | None = None
    quiet: bool = False

    @property
    def state(self) -> str:
        """`bad`, or `good` for what is well again."""
        return "good" if self.told is None else "bad"


def news(found: Iterable[Condition], told: Mapping[str, Told], *, watched: Collection[str], now: int) -> list[Alert]:
    """The steps to take. A subject that is not `watched` any more, such as of a removed source, is dropped without a word."""
    wrong = {condition.subject: condition for condition in found}
    alerts = [step for condition in wrong.values() if (step := _step(condition, told.get(condition.subject), now))]
    for subject, before in told.items():
        if subject in watched and subject not in wrong:
            title, text = well(subject, before.since)
            source = subject.partition(":")[2] or None
            alerts.append(Alert(subject=subject, told=None, title=title, text=text, source=source))
        elif subject not in watched:
            alerts.append(Alert(subject=subject, told=None, quiet=True))
    return alerts


def _step(condition: Condition, before: Told | None, now: int) -> Alert | None:
    since = now if before is None else before.since
    after = Told(reason=condition.reason, level=condition.level, since=since)
    if before == after:
        return None
    return Alert(
        subject=condition.subject,
        told=after,
        title=condition.title,
        text=condition.text,
        source=condition.source,
        run=condition.run,
        quiet=before is not None and before.reason == after.reason and after.level < before.level,
    )

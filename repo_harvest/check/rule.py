"""A check and a case go in, a result comes out, whatever happens in between: one check never brings down the others."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import islice

from repo_harvest.check.case import Case
from repo_harvest.check.outcome import CouldNot, Fault, Level, NotApplicable, Status

__all__ = ["Check", "Result", "Rule", "carry_out"]

Rule = Callable[[Case], Iterable[Fault]]
"""Gives what is wrong, in the order it was found; raises `NotApplicable` or `CouldNot`."""

_MOST = 20  # faults of one check that are kept: they are examples


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One row of the registry. `section` is of OAI-PMH 2.0, unless it says of what; `advice` is what to do about it."""

    id: str
    title: str
    level: Level
    section: str
    advice: str
    rule: Rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """How a check came out: its faults if any, or the reason why it was not made, and the requests that it looked at."""

    check: Check
    status: Status
    faults: tuple[Fault, ...] = ()
    reason: str = ""
    requests: tuple[str, ...] = ()


def carry_out(check: Check, case: Case) -> Result:
    """The result. An error of our own is one more reason why a check could not be made, and is named as such."""
    case.asked.clear()
    faults: list[Fault] = []
    status, reason = Status.PASSED, ""
    try:
        for found in islice(check.rule(case), _MOST):
            faults.append(found)  # noqa: PERF402 - what was found before a hindrance is kept
    except NotApplicable as absent:
        status, reason = Status.NOT_APPLICABLE, str(absent)
    except CouldNot as hindrance:
        status, reason = Status.UNCHECKED, str(hindrance)
    except Exception as error:  # noqa: BLE001 - one check never brings down the others
        status, reason = Status.UNCHECKED, f"this check itself failed, please report it: {error!r}"
    if faults:
        status, reason = Status.FAILED if check.level is Level.MUST else Status.WARNED, ""
    return Result(
        check=check, status=status, faults=tuple(faults), reason=reason, requests=tuple(dict.fromkeys(case.asked))
    )

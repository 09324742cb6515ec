"""How a check can come out, and the words for it: every other module of the room shares these values.

Rule: a check accuses only of what it saw. What it found wrong are `Fault`s, each with the request that shows it; that
there was nothing to judge is `NotApplicable`, that it could not be judged `CouldNot`, both with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["CouldNot", "Fault", "Level", "NotApplicable", "Status", "Stopped"]


class Level(StrEnum):
    """How much a check weighs: MUST is the protocol, SHOULD its guidelines and good practice, INFO only told."""

    MUST = "MUST"
    SHOULD = "SHOULD"
    INFO = "INFO"


class Status(StrEnum):
    """How a check came out: a MUST fails, the others warn."""

    PASSED = "passed"
    FAILED = "failed"
    WARNED = "warned"
    NOT_APPLICABLE = "not applicable"
    UNCHECKED = "could not be checked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong: in a sentence, with the request that shows it and what was answered to that."""

    what: str
    request: str = ""
    answer: str = ""


class NotApplicable(Exception):
    """There is nothing here that the check is about; the text says why."""


class CouldNot(Exception):
    """The check could not be made; the text says why."""


class Stopped(CouldNot):
    """No further request is made in this run; the text says why."""

"""A datestamp's text goes in, the second or day it names comes out, and the other way round.

Rule: OAI-PMH 2.0 section 3.3. ASCII digits, nothing before or after, a day of the calendar, `Z` and no other zone.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

__all__ = ["DAY", "Stamp", "day_text", "later", "parse", "second_text"]

DAY = 86400
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_FORM = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T([0-9]{2}):([0-9]{2}):([0-9]{2})Z)?")


class Stamp(NamedTuple):
    """UTC seconds since 1970, and whether the text named a second (`fine`) or a whole day."""

    seconds: int
    fine: bool


def parse(text: str | None) -> Stamp | None:
    """What the text names; `None` if it is not a date of the protocol.

    >>> parse("1970-01-02"), parse("1970-01-01T00:01:00Z"), parse("1970-1-1")
    (Stamp(seconds=86400, fine=False), Stamp(seconds=60, fine=True), None)
    """
    match = _FORM.fullmatch(text or "")
    if match is None:
        return None
    try:
        moment = datetime(*map(int, match.groups("0")), tzinfo=UTC)  # type: ignore[arg-type, misc]  # six numbers
    except ValueError:
        return None
    return Stamp((moment - _EPOCH) // timedelta(seconds=1), bool(match[4]))


def later(text: str, moment: str) -> bool:
    """Whether a datestamp may lie at or after a moment, both as text; not, if either cannot be read.

    >>> later("2026-01-02T00:00:00Z", "2026-01-01T12:00:00Z"), later("2026-01-01", "2026-01-01T12:00:00Z")
    (True, True)
    """
    stamp, since = parse(text), parse(moment)
    if stamp is None or since is None:
        return False
    last = stamp.seconds if stamp.fine else stamp.seconds + DAY - 1
    return last >= since.seconds


def second_text(seconds: int) -> str:
    """The second, as the protocol writes it.

    >>> second_text(60)
    '1970-01-01T00:01:00Z'
    """
    return (_EPOCH + timedelta(seconds=seconds)).replace(tzinfo=None).isoformat() + "Z"


def day_text(seconds: int) -> str:
    """The day that the second lies in.

    >>> day_text(86399)
    '1970-01-01'
    """
    return second_text(seconds)[:10]

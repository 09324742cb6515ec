"""The first request of a list goes in, what its pages hold comes out, with how it ended.

Rule: OAI-PMH 2.0 section 3.5. A walk ends where the list does, where it has seen as many pages as it may, or where the
list runs in a circle: at a token that was given before, or at a page on which nothing is new.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum, auto

from repo_harvest.check.client import Pairs
from repo_harvest.check.outcome import CouldNot
from repo_harvest.check.reading import Answer, Head, Record, Resumption, SetSeen

__all__ = ["End", "PageSeen", "Walk", "walk"]

_SAMPLE = 500  # live records whose metadata is kept
_EMPTY = frozenset({"noRecordsMatch", "noSetHierarchy"})


class End(Enum):
    """How a walk ended."""

    COMPLETE = auto()  # the list was seen to its end
    ENOUGH = auto()  # it goes on; no more pages were wanted
    CIRCLE = auto()  # it never ends
    BROKEN = auto()  # in the middle, no further page came


@dataclass(frozen=True, slots=True, kw_only=True)
class PageSeen:
    """One page: how it was asked for, how much it held, what it said of the list."""

    request: str
    said: str
    date: str
    count: int
    resumption: Resumption | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """A list, as far as it was seen. `first` is its first answer; `sample` its deleted records and some live ones."""

    first: Answer
    pages: tuple[PageSeen, ...]
    heads: tuple[Head, ...]
    sample: tuple[Record, ...]
    sets: tuple[SetSeen, ...]
    end: End
    why: str = ""

    @property
    def complete(self) -> bool:
        """Whether all of the list was seen."""
        return self.end is End.COMPLETE

    @property
    def identifiers(self) -> frozenset[str]:
        """The identifiers of its headers."""
        return frozenset(head.identifier for head in self.heads)

    def whole(self) -> Walk:
        """The walk itself if it is complete; raises `CouldNot`, with what to do."""
        if self.end is End.COMPLETE:
            return self
        if self.end is End.ENOUGH:
            raise CouldNot(
                f"the list goes on behind the {len(self.pages)} pages that were read; --full reads all of it"
            )
        raise CouldNot(f"the list could not be read to its end: {self.why}")


def walk(get: Callable[[Pairs], Answer], pairs: Pairs, most: int | None) -> Walk:
    """At most `most` pages of a list, all with `None`; raises `CouldNot` if its first answer is not a list.

    That there are no records, or no sets, is a list that holds nothing.
    """
    first = page = get(pairs)
    if first.errors and set(first.codes) <= _EMPTY:
        return Walk(first=first, pages=(), heads=(), sample=(), sets=(), end=End.COMPLETE)
    if first.fault or first.errors or first.kind != dict(pairs)["verb"]:
        raise CouldNot(f"{first.asked.shown} was answered with {first.said}")
    seen = _Seen()
    while True:
        new = seen.add(page)
        end, why = seen.end(page, most, new=new)
        if end is not None:
            break
        try:
            page = get((("verb", dict(pairs)["verb"]), ("resumptionToken", page.token)))
        except CouldNot as reason:
            end, why = End.BROKEN, str(reason)
            break
        if page.fault or page.errors:
            end, why = End.BROKEN, f"{page.asked.shown} was answered with {page.said}"
            break
    return seen.walk(first, end, why)


class _Seen:
    """What the pages so far held."""

    def __init__(self) -> None:
        self._pages: list[PageSeen] = []
        self._heads: list[Head] = []
        self._sample: list[Record] = []
        self._sets: list[SetSeen] = []
        self._live = 0
        self._names: set[object] = set()
        self._tokens: set[str] = set()

    def add(self, page: Answer) -> bool:
        """Add a page; whether anything on it is new."""
        self._pages.append(
            PageSeen(
                request=page.asked.shown,
                said=page.said,
                date=page.date,
                count=len(page.heads) + len(page.sets),
                resumption=page.resumption,
            )
        )
        self._heads += page.heads
        self._sets += page.sets
        self._keep(page.records)
        names = {*page.heads, *(found.spec for found in page.sets)}
        new = not names <= self._names
        self._names |= names
        return new

    def _keep(self, records: Iterable[Record]) -> None:
        for record in records:
            self._live += not record.head.deleted
            if record.head.deleted or self._live <= _SAMPLE:
                self._sample.append(record)

    def end(self, page: Answer, most: int | None, *, new: bool) -> tuple[End | None, str]:
        """How the walk ends with this page; `None` if it goes on."""
        if not page.token:
            return End.COMPLETE, ""
        if page.token in self._tokens:
            return End.CIRCLE, f"the resumptionToken {page.token[:80]} was given a second time"
        if not new:
            return End.CIRCLE, f"page {len(self._pages)} holds nothing new, and the list still goes on"
        self._tokens.add(page.token)
        if most is not None and len(self._pages) >= most:
            return End.ENOUGH, ""
        return None, ""

    def walk(self, first: Answer, end: End, why: str) -> Walk:
        return Walk(
            first=first,
            pages=tuple(self._pages),
            heads=tuple(self._heads),
            sample=tuple(self._sample),
            sets=tuple(self._sets),
            end=end,
            why=why,
        )

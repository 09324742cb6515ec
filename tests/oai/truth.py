"""What was published, told in plain Python from the edits alone: the list that pages and harvests are held against."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field

from hypothesis import strategies as st

from tests.oai.library import oai
from tests.store.kit import Wanted

__all__ = ["NUMBERS", "SETS", "Row", "Truth", "edits"]

NUMBERS = range(10)
SETS: tuple[tuple[str, ...], ...] = ((), ("a",), ("a:b",), ("a:b", "c"), ("a:b:d",), ("c",))

_wanted = st.builds(
    Wanted,
    title=st.sampled_from(["One", "Two", "Three"]),
    sets=st.sampled_from(SETS),
    deleted=st.sampled_from([False, False, False, True]),
)
edits = st.dictionaries(st.sampled_from(NUMBERS), _wanted, max_size=4)
"""What some items shall be, by number: one publication."""


@dataclass(frozen=True, order=True)
class Row:
    """One row of a list, in the order of lists: by datestamp, then by which item came first."""

    datestamp: int
    place: int
    identifier: str = field(compare=False)
    title: str | None = field(compare=False)
    """`None` for a deleted record, and for one that left the set."""


@dataclass
class _Item:
    place: int
    want: Wanted
    datestamp: int
    was_live: bool
    left: dict[str, int] = field(default_factory=dict)
    """Each set that it left, and when."""


@dataclass
class Truth:
    """Every item as it was published last."""

    items: dict[int, _Item] = field(default_factory=dict)

    has_sets: bool = False
    """Whether there ever was a set: sets stay."""

    def copy(self) -> Truth:
        """As it is now."""
        return deepcopy(self)

    def differing(self, wanted: Mapping[int, Wanted]) -> dict[int, Wanted]:
        """What of these edits a harvester could see."""
        return {number: want for number, want in wanted.items() if self._seen(number) != _shown(want)}

    def _seen(self, number: int) -> object:
        item = self.items.get(number)
        return None if item is None else _shown(item.want)

    def publish(self, wanted: Mapping[int, Wanted], datestamp: int) -> None:
        """Note a publication that moved whatever of it differs to this datestamp."""
        for number, want in self.differing(wanted).items():
            item = self.items.get(number)
            self.has_sets = self.has_sets or bool(want.sets)
            if item is None:
                self.items[number] = _Item(len(self.items), want, datestamp, not want.deleted)
                continue
            before, after = _closure(item.want.sets), _closure(want.sets)
            item.left = {spec: when for spec, when in item.left.items() if spec not in after}
            if item.was_live:
                item.left |= dict.fromkeys(before - after, datestamp)
            item.want, item.datestamp = want, datestamp
            item.was_live = item.was_live or not want.deleted

    def rows(self, *, scope: str | None = None, since: int | None = None, until: int | None = None) -> list[Row]:
        """The whole list of a window, its bounds inclusive; what never was a record is in none."""
        found = []
        for number, item in self.items.items():
            if not item.was_live:
                continue
            title = None if item.want.deleted else item.want.title
            if scope is None or scope in _closure(item.want.sets):
                found.append(Row(item.datestamp, item.place, oai(number), title))
            elif scope in item.left:
                found.append(Row(item.left[scope], item.place, oai(number), None))
        return sorted(
            row
            for row in found
            if (since is None or row.datestamp >= since) and (until is None or row.datestamp <= until)
        )


def _shown(want: Wanted) -> object:
    return (want.deleted, frozenset(want.sets), None if want.deleted else want.title)


def _closure(specs: tuple[str, ...]) -> set[str]:
    parts = [spec.split(":") for spec in specs]
    return {":".join(part[:depth]) for part in parts for depth in range(1, len(part) + 1)}

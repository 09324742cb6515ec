"""The plain engine: everything in memory, one thing after the other. It is what the other engines are held against."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from repo_harvest.match.bulk.base import Entries, Judged, describe, judge
from repo_harvest.match.candidates import HOT, pairs_of
from repo_harvest.match.features import Features

__all__ = ["Memory"]


class Memory:
    """An engine for as many entries as fit: some 100,000."""

    @contextmanager
    def over(self, entries: Entries, *, hot: Collection[int] = ()) -> Iterator[_Work]:
        """Take in the entries. See `Engine`."""
        known: dict[int, Features] = {}
        holders: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        for entry_id, text in entries:
            known[entry_id], keys, place = describe(text)
            for key in keys:
                holders[key].append((place, entry_id))
        found = frozenset(hot) | {key for key, held in holders.items() if len(held) >= HOT}
        yield _Work(known=known, holders=holders, hot=found)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Work:
    known: Mapping[int, Features]
    holders: Mapping[int, list[tuple[int, int]]]
    hot: frozenset[int]

    def judged(self) -> Iterator[Judged]:
        pairs = {pair for key, held in self.holders.items() for pair in pairs_of(held, hot=key in self.hot)}
        for one, other in pairs:
            if judged := judge(one, other, self.known[one], self.known[other]):
                yield judged

    def features(self, ids: Collection[int]) -> Mapping[int, Features]:
        return {entry_id: self.known[entry_id] for entry_id in ids}

"""Judged pairs and what people ruled in, clusters out; who holds the entries is asked for the features of some.

Of a component of three and more any two may be in conflict, whether or not they are a candidate pair, so their features are
fetched, for many components at a time.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from repo_harvest.match.bulk.base import Judged
from repo_harvest.match.cluster import Pair, components
from repo_harvest.match.compare import Verdict
from repo_harvest.match.features import Features
from repo_harvest.match.splitting import split

__all__ = ["grouped"]

_FETCHED = 20_000  # entries asked for at a time

Asked = Callable[[Collection[int]], Mapping[int, Features]]


def grouped(
    judged: Iterable[Judged], features: Asked, *, together: Collection[Pair] = (), apart: Collection[Pair] = ()
) -> Iterator[list[int]]:
    """The clusters of two and more entries, each sorted; every other entry is a cluster by itself.

    `together` and `apart` are the pairs that people ruled on, of entries that there are, in either order. `features` is
    that of a `Work`. Clusters come in the order of the smallest entry of their component.
    """
    same = {(pair.one, pair.other): pair.score for pair in judged if pair.verdict is Verdict.SAME}
    linked = {*same, *together}
    found = components({node for pair in linked for node in pair}, linked)
    first = {node: component[0] for component in found for node in component}
    inside: defaultdict[int, tuple[dict[Pair, float], list[Pair], list[Pair]]] = defaultdict(lambda: ({}, [], []))
    for pair, score in same.items():
        inside[first[pair[0]]][0][pair] = score
    for pair in together:
        inside[first[pair[0]]][1].append(pair)
    for one, other in apart:
        if one in first and first[one] == first.get(other):
            inside[first[one]][2].append((one, other))
    for batch in _batches(found):
        known = features([node for component in batch if len(component) > 2 for node in component])  # noqa: PLR2004 -- two have nothing to be split into
        for component in batch:
            accepted, joined, parted = inside[component[0]]
            groups = split(component, accepted, known, together=joined, apart=parted)
            yield from (group for group in groups if len(group) > 1)


def _batches(found: Iterable[list[int]]) -> Iterator[list[list[int]]]:
    """Components by the batch, each of about as many entries as are described at a time."""
    batch: list[list[int]] = []
    size = 0
    for component in found:
        batch.append(component)
        size += len(component)
        if size >= _FETCHED:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch

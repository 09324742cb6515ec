"""What was published, kept in plain Python: the list that the pages of any window have to add up to.

It shares nothing with the feed: it has no clock, datestamps are the text that is served, and a bound is compared as the
text that is sent. The rules are those of OAI-PMH 2.0 sections 2.5 to 2.7 and of the feed's own promises.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from repo_harvest.model import utc_text
from tests.oai.wire import Head, Response
from tests.store.kit import Wanted

__all__ = ["Asked", "Entry", "Truth", "entries"]

_OAI = "{http://www.openarchives.org/OAI/2.0/}"
_DC = "{http://purl.org/dc/elements/1.1/}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list; `title` is all there is of the metadata, `None` where there is none."""

    head: Head
    title: str | None

    @property
    def key(self) -> tuple[str, str]:
        return self.head.identifier, self.head.datestamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A list as it is asked for; bounds are dates of either granularity."""

    verb: str
    set_spec: str | None = None
    since: str | None = None
    until: str | None = None

    @property
    def arguments(self) -> dict[str, str]:
        given = {"metadataPrefix": "oai_dc", "set": self.set_spec, "from": self.since, "until": self.until}
        return {name: value for name, value in given.items() if value is not None}

    def holds(self, datestamp: str) -> bool:
        """Both bounds include what they name: a day all of its seconds, a second itself (section 2.7.1)."""
        return (self.since is None or datestamp[: len(self.since)] >= self.since) and (
            self.until is None or datestamp[: len(self.until)] <= self.until
        )


@dataclass
class Truth:
    """Everything that was published, in the order in which items first were."""

    wanted: dict[str, Wanted] = field(default_factory=dict)
    stamps: dict[str, str] = field(default_factory=dict)
    sets: set[str] = field(default_factory=set)
    _shown: set[str] = field(default_factory=set)  # once there was a record of it, there is one for ever
    _left: dict[str, dict[str, str]] = field(default_factory=dict)  # who left which set when

    def differing(self, wanted: Mapping[str, Wanted]) -> dict[str, Wanted]:
        """Those of which something that is served would change."""
        return {name: want for name, want in wanted.items() if _served(self.wanted.get(name)) != _served(want)}

    def publish(self, wanted: Mapping[str, Wanted], datestamp: int | None) -> None:
        """Take note of a publication and the datestamp it got."""
        moved = self.differing(wanted)
        assert (datestamp is None) == (not moved), "a datestamp moves if and only if what is served does"
        if datestamp is None:
            return
        stamp = utc_text(datestamp)
        for name, want in moved.items():
            before, after = _around(self.wanted.get(name)), _around(want)
            left = self._left.setdefault(name, {})
            if name in self._shown:
                left.update(dict.fromkeys(before - after, stamp))
            for spec in after:
                left.pop(spec, None)
            self.sets |= after
            self.wanted[name], self.stamps[name] = want, stamp
            if not want.deleted:
                self._shown.add(name)

    def list(self, asked: Asked) -> list[Entry]:
        """The whole list, oldest datestamp first."""
        entries = [entry for name in self.wanted if name in self._shown and (entry := self._entry(name, asked))]
        return sorted(entries, key=lambda entry: entry.head.datestamp)

    def _entry(self, name: str, asked: Asked) -> Entry | None:
        want, spec = self.wanted[name], asked.set_spec
        head = Head(identifier=name, datestamp=self.stamps[name], sets=want.sets, deleted=want.deleted)
        if spec is not None and spec not in _around(want):
            if spec not in self._left[name]:
                return None
            head = Head(identifier=name, datestamp=self._left[name][spec], sets=(spec,), deleted=True)
        if not asked.holds(head.datestamp):
            return None
        return Entry(head, None if head.deleted or asked.verb == "ListIdentifiers" else want.title)


def _served(want: Wanted | None) -> tuple[object, ...] | None:
    return None if want is None else (want.deleted, want.sets, None if want.deleted else want.title)


def _around(want: Wanted | None) -> set[str]:
    """The sets that an item is in: those it names, and every set around one of these (section 2.6)."""
    sets = () if want is None else want.sets
    return {spec[:end] for spec in sets for end in range(1, len(spec) + 1) if f"{spec}:"[end] == ":"}


def entries(response: Response) -> list[Entry]:
    """What a page of headers or records lists."""
    titles = [record.findtext(f".//{_DC}title") for record in response.root.iter(f"{_OAI}record")]
    heads = response.heads
    return [Entry(head, title) for head, title in zip(heads, titles or [None] * len(heads), strict=True)]

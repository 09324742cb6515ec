"""The entries of one work in, the item that they make out: its record, its sets, and everything served of it, validated.

What the configuration says of every item is a `Policy`: rules for sets, and the rights in the metadata. When it, or this
program, changes, `revise` makes all items anew from their entries, with the functions that a run makes them with.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from ipaddress import ip_address
from urllib.parse import urlsplit

from repo_harvest import __version__, catalogue, formats
from repo_harvest.match import combine
from repo_harvest.model import KnownEntry, KnownItem, Provenance, Record
from repo_harvest.store.plan import ItemEdit

__all__ = ["Made", "Part", "Policy", "make_item", "part_of", "tombstone"]

_WEB_URL = re.compile(r"https?://[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+", re.IGNORECASE)  # RFC 3986, characters of a URI
_RANK = 100
_PRIVATE = (".local", ".localhost", ".internal", ".home.arpa", ".lan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What the configuration says of every item.

    `metadata_rights` is a licence, as its URL, or a statement in words; about the metadata, never the publications.
    `longest_value` is how many bytes a value may have where it is served; longer ones are cut.
    `ranks` are of sources, by name: where several list a work, the one with the lowest rank leads, and of those that have
    none (which is 100) the one that was there first. `base_url` is that of the repository; beside it are the pages of items.
    """

    rules: tuple[catalogue.SetRule, ...] = ()
    metadata_rights: str | None = None
    longest_value: int | None = None
    ranks: tuple[tuple[str, int], ...] = ()
    base_url: str = ""

    def landing(self, identifier: str) -> str | None:
        """The address of an item's page, as far as it is known."""
        return formats.landing(self.base_url, identifier)

    def rank(self, source: str) -> int:
        """The rank of a source."""
        return dict(self.ranks).get(source, _RANK) if self.ranks else _RANK

    @property
    def fingerprint(self) -> str:
        """Differs whenever the same entries could be made into something else: another policy, another program."""
        told = f"{__version__} {list(formats.FORMATS)} {self!r}"
        return hashlib.sha256(told.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one entry gives to its item: `source` is the name of who lists it, `fetched` in UTC seconds since 1970.

    `record` is what its page says, by which a work is known again; `enriched` is that with gaps filled from elsewhere.
    """

    record: Record
    enriched: Record | None = None
    sets: tuple[str, ...]
    source: str
    page_url: str
    fetched: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """The edit that makes the item so, the faults that forbid it, and the names of the sets that rules gave it."""

    edit: ItemEdit
    faults: tuple[str, ...]
    names: Mapping[str, str]


def part_of(entry: KnownEntry) -> Part:
    """What a stored entry gives to its item."""
    return Part(
        record=entry.record,
        enriched=entry.enriched,
        sets=entry.sets,
        source=entry.source,
        page_url=entry.page_url,
        fetched=entry.fetched,
    )


def make_item(
    item: KnownItem | None, identifier: str, parts: Sequence[Part], policy: Policy, *, reason: str | None = None
) -> Made:
    """What an item shall be that these entries make, the first one leading; what pages say comes before what fills gaps.

    What was found elsewhere is left out where it makes the item invalid. Without a `reason`, it is told from what is
    different about the item.
    """
    made = _made(item, identifier, parts, policy, reason)
    if made.faults and any(part.enriched for part in parts):
        return _made(item, identifier, [replace(part, enriched=None) for part in parts], policy, reason)
    return made


def _made(item: KnownItem | None, identifier: str, parts: Sequence[Part], policy: Policy, reason: str | None) -> Made:
    stated = combine(part.record for part in parts)
    record = combine([stated, *(part.enriched for part in parts if part.enriched is not None)])
    names = catalogue.rule_sets(record, {part.source for part in parts}, policy.rules)
    sets = tuple(sorted({spec for part in parts for spec in part.sets} | set(names)))
    renditions, problems = formats.disseminate(
        catalogue.shortened(record, policy.longest_value), policy.landing(identifier)
    )
    about = formats.about(_origins(parts), policy.metadata_rights)
    problems += formats.validate_about(about)
    edit = ItemEdit(
        identifier=identifier,
        id=item.id if item else None,
        seen=item.digest if item else None,
        record=record,
        renditions=renditions,
        about=about,
        sets=sets,
        reason=_difference(item, record, sets) if reason is None else reason,
    )
    faults = tuple(map(str, problems)) if record.title else ("it has no title",)
    return Made(edit=edit, faults=faults, names=names)


def tombstone(item: KnownItem, *, reason: str, merged_into: str | None = None) -> ItemEdit:
    """A deleted item keeps its sets and its last record."""
    return ItemEdit(
        identifier=item.identifier,
        id=item.id,
        seen=item.digest,
        record=item.record,
        renditions=(),
        sets=item.sets,
        deleted=True,
        merged_into=merged_into,
        reason=reason,
    )


def _origins(parts: Iterable[Part]) -> list[Provenance]:
    """Where on the web the entries were read; a file, or a server of a private network, is told to nobody."""
    found: dict[tuple[str, str], Provenance] = {}
    for part in parts:
        if not _is_public(part.page_url):
            continue
        page = part.page_url.partition("#")[0]
        identifier = next(filter(_WEB_URL.fullmatch, part.record.identifiers), page)
        origin = Provenance(page_url=page, identifier=identifier, fetched=part.fetched)
        found.setdefault((page, identifier), origin)
    return list(found.values())


def _is_public(url: str) -> bool:
    host = (urlsplit(url).hostname or "") if _WEB_URL.fullmatch(url) else ""
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith(_PRIVATE)


def _difference(item: KnownItem | None, record: Record, sets: Collection[str]) -> str:
    """What becomes different about an item, in words; for an item that is not served yet, that it is new."""
    if item is None:
        return "not seen before"
    if item.deleted:
        return "back again"
    before, after = item.record.as_dict(), record.as_dict()
    fields = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if set(item.sets) != set(sets):
        fields.append("sets")
    return f"{', '.join(fields) or 'its rendering'} changed"

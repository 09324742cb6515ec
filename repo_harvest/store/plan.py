"""What a run wants published, as values: made with no lock held, carried out by `publish`, or found stale and made again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from repo_harvest.model import Record, Rendition, SetInfo

__all__ = ["EntryEdit", "Filed", "ItemEdit", "PairEdit", "Plan", "RulingEdit", "served_digest"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEdit:
    """What an item shall be. `id` and `seen` are `None` for a new one, else what the plan was made from.

    `renditions` is empty for a deleted item, and `about`, the about elements of each of its records, too;
    `merged_into` is the identifier of the item that took it over.
    """

    identifier: str
    id: int | None
    seen: bytes | None
    record: Record
    renditions: tuple[Rendition, ...]
    sets: tuple[str, ...]
    about: bytes = b""
    deleted: bool = False
    merged_into: str | None = None
    reason: str

    @property
    def digest(self) -> bytes:
        """Stands for everything of the item that would be served."""
        return served_digest(deleted=self.deleted, sets=self.sets, renditions=self.renditions, about=self.about)


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryEdit:
    """What an entry shall be: new when `id` is `None`; `item` is the identifier of the item it belongs to.

    `node` is what this plan calls it: its id, or a number below 0 while it has none. `home` is the identifier of the item
    that it stands alone as from now on; `None` leaves it as it is.

    `record` is what its page says, `enriched` the same with gaps filled from elsewhere, if any were; `disputes` is what is
    said otherwise there, in sentences.
    """

    id: int | None
    node: int = 0
    item: str
    home: str | None = None
    record: Record
    position: int
    sets: tuple[str, ...]
    gone: bool = False
    local_id: str | None = None
    page_url: str
    fetched: int
    place: str = ""
    byline: str = ""
    origins: tuple[tuple[str, str], ...] = ()
    enriched: Record | None = None
    disputes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """Under which keys an entry (`node`) is found from now on, at which place among their holders, and what is compared of it."""

    node: int
    place: int
    keys: frozenset[int]
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PairEdit:
    """What is kept of two entries (nodes) from now on: the verdict of the rules of this version, score and reasons."""

    one: int
    other: int
    verdict: str
    score: float
    reasons: tuple[str, ...]
    rules: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything one run publishes. `sealed` and `written` are those of the state that it was made from.

    `moved` are entries that are in another item now, and its identifier; `homes` those that stand alone as an item from now
    on. `vanished` are own entries that the page no longer lists; `missing` are those that it may list again, with the number
    of good runs in a row that have missed them. `sets` are what sets that do not exist yet are made from, by setSpec.

    What matching keeps: where entries are `filed`; `hot` keys; `unpaired`, entries of which nothing that was said holds any
    more; `parted`, pairs of which nothing does; and the pairs of which something is kept from now on. With `anew` nothing
    holds that was said by the rules, nor is any other key hot.
    """

    source_id: int
    written: int
    items: tuple[ItemEdit, ...] = ()
    entries: tuple[EntryEdit, ...] = ()
    moved: tuple[tuple[int, str], ...] = ()
    homes: tuple[tuple[int, str], ...] = ()
    vanished: tuple[int, ...] = ()
    missing: tuple[tuple[int, int], ...] = ()
    filed: tuple[Filed, ...] = ()
    hot: tuple[int, ...] = ()
    unpaired: tuple[int, ...] = ()
    parted: tuple[tuple[int, int], ...] = ()
    paired: tuple[PairEdit, ...] = ()
    ruling: RulingEdit | None = None
    anew: bool = False
    sets: Mapping[str, SetInfo] = field(default_factory=dict)

    @property
    def moving(self) -> list[ItemEdit]:
        """The edits that a harvester will see."""
        return [edit for edit in self.items if edit.seen is None or edit.seen != edit.digest]

    @property
    def empty(self) -> bool:
        """Whether carrying it out would write nothing."""
        changes = (self.moving, self.entries, self.moved, self.homes, self.vanished, self.missing)
        said = (self.filed, self.hot, self.unpaired, self.parted, self.paired)
        return not (any(changes) or any(said) or self.ruling or self.anew)


@dataclass(frozen=True, slots=True, kw_only=True)
class RulingEdit:
    """What a person decides: that pairs of entries are the `same` or `different`; or that ruling `undoes` holds no more.

    `made` is in UTC seconds since 1970.
    """

    verdict: str = ""
    pairs: tuple[tuple[int, int], ...] = ()
    made: int
    made_by: str
    note: str = ""
    undoes: int | None = None


def served_digest(*, deleted: bool, sets: Iterable[str], renditions: Iterable[Rendition], about: bytes) -> bytes:
    """32 bytes that differ whenever anything a harvester can see of the item differs, but for its datestamp."""
    digest = hashlib.sha256(b"deleted\n" if deleted else b"live\n")
    digest.update("\n".join(sorted(sets)).encode())
    for rendition in sorted(renditions, key=lambda r: r.prefix):
        digest.update(f"\n\n{rendition.prefix} {len(rendition.metadata)}\n".encode())
        digest.update(rendition.metadata)
    digest.update(f"\n\n{len(about)}\n".encode() + about)
    return digest.digest()

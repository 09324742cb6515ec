"""What matching knows already: the items and entries that the store holds."""

from __future__ import annotations

from dataclasses import dataclass, field

from repo_harvest.model.record import Record

__all__ = ["Known", "KnownEntry", "KnownItem"]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownEntry:
    """An entry as the store holds it: the record read from it last, and the item it belongs to.

    `enriched` is that record with its gaps filled from elsewhere, `None` where nothing was, and
    `disputes` what is said otherwise there, in sentences: matching looks at neither.

    `home_id` is the item that it had when it stood alone, `None` if it never did: the one it gets back when a work is split.

    `position` is its place in its list, `gone` whether it was given up, `missing` how many good runs in a row have missed
    it otherwise, `local_id` the id that an import line gave it, `sets` the setSpecs it puts its item into; `source` the name of the source, and `fetched` when
    (UTC seconds since 1970) its record was read, from `page_url`.
    """

    id: int
    source_id: int
    item_id: int
    record: Record
    position: int
    home_id: int | None = None
    gone: bool = False
    missing: int = 0
    local_id: str | None = None
    sets: tuple[str, ...] = ()
    place: str = ""
    byline: str = ""
    source: str = ""
    page_url: str = ""
    fetched: int = 0
    enriched: Record | None = None
    disputes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownItem:
    """An item as the store holds it; `digest` stands for everything of it that is served."""

    id: int
    identifier: str
    digest: bytes
    record: Record
    deleted: bool = False
    merged: bool = False
    sets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """One committed state of the store, as far as a change touches it.

    `sealed` is the watermark of that state and `written` the number of plans that made it; `own` are the entries of the
    source that is run, gone ones too; `others` the live entries around them, of other sources; `back` the items of entries
    that are gone and that something new is like; `items` every item that any
    of these belongs to, or belonged to when it stood alone.
    """

    sealed: int
    written: int
    own: tuple[KnownEntry, ...] = ()
    others: tuple[KnownEntry, ...] = ()
    back: dict[int, int] = field(default_factory=dict)
    items: dict[int, KnownItem]

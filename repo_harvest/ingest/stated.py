"""One entry as a source states it now."""

from __future__ import annotations

from dataclasses import dataclass

from repo_harvest.model import Record

__all__ = ["Stated"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated:
    """One entry as a source states it now: its record, the name of the source, and where it stands.

    `enriched` is the record with its gaps filled from elsewhere, if any were, and `origins` are those of all of it;
    `disputes` is what is said otherwise there, in sentences.
    """

    record: Record
    source: str
    place: str
    page_url: str
    fetched: int
    byline: str = ""
    origins: tuple[tuple[str, str], ...] = ()
    sets: tuple[str, ...] = ()
    local_id: str | None = None
    enriched: Record | None = None
    disputes: tuple[str, ...] = ()

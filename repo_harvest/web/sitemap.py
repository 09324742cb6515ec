"""Addresses and when each last changed in, a sitemap or an index of sitemaps out, as XML (sitemaps.org, protocol 0.9).

A standard that builds on these says more in each: `more` takes its elements, `declared` its namespaces.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from repo_harvest.formats.xml import branch, leaf
from repo_harvest.model import utc_text

__all__ = ["LARGEST", "Location", "sitemap", "sitemap_index"]

LARGEST = 50_000
"""The most addresses that one sitemap may hold."""
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_NONE: Mapping[str, str | None] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """An address of ours, the second of its last change (UTC, since 1970) if that is told, and more elements about it."""

    address: str
    changed: int | None = None
    more: str = ""


def sitemap(locations: Iterable[Location], *, more: str = "", declared: Mapping[str, str | None] = _NONE) -> bytes:
    """A sitemap; `more` are elements before the first address, `declared` are attributes of its root."""
    return _written("urlset", "url", locations, more, declared)


def sitemap_index(
    locations: Iterable[Location], *, more: str = "", declared: Mapping[str, str | None] = _NONE
) -> bytes:
    """An index of sitemaps, with the same."""
    return _written("sitemapindex", "sitemap", locations, more, declared)


def _written(
    name: str, each: str, locations: Iterable[Location], more: str, declared: Mapping[str, str | None]
) -> bytes:
    told = branch(
        name, ["\n", more and f"{more}\n", *(_told(each, one) for one in locations)], {"xmlns": _NAMESPACE, **declared}
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{told}\n'.encode()


def _told(name: str, location: Location) -> str:
    changed = "" if location.changed is None else leaf("lastmod", utc_text(location.changed))
    return branch(name, [leaf("loc", location.address), changed, location.more]) + "\n"

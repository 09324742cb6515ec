"""Addresses and when each last changed in, a sitemap or an index of sitemaps out, as XML (sitemaps.org, protocol 0.9)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from repo_harvest.formats.xml import branch, leaf
from repo_harvest.model import utc_text

__all__ = ["LARGEST", "Location", "sitemap", "sitemap_index"]

LARGEST = 50_000
"""The most addresses that one sitemap may hold."""
_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """An address of ours, and the second of its last change (UTC, since 1970)."""

    address: str
    changed: int


def sitemap(locations: Iterable[Location]) -> bytes:
    """A sitemap."""
    return _document("urlset", "url", locations)


def sitemap_index(locations: Iterable[Location]) -> bytes:
    """An index of sitemaps."""
    return _document("sitemapindex", "sitemap", locations)


def _document(name: str, each: str, locations: Iterable[Location]) -> bytes:
    told = branch(name, ["\n", *(_told(each, one) for one in locations)], {"xmlns": _NAMESPACE})
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{told}\n'.encode()


def _told(name: str, location: Location) -> str:
    return branch(name, [leaf("loc", location.address), leaf("lastmod", utc_text(location.changed))]) + "\n"

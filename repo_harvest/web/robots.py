"""The folder of the pages in, what robots.txt says out (RFC 9309).

Robots may read the pages of the collection and harvest it. They are kept from the manager's pages, and from the pages of
lists and forms, of which there is no end and which tell nothing that the sitemap does not lead to. The resource list of
ResourceSync is a sitemap too (ANSI/NISO Z39.99-2017 section 6.3.4): of the records themselves.
"""

from __future__ import annotations

__all__ = ["robots"]

_CLOSED = ("admin", "?page=", "atom.xml?before=", "explore?", "search?")


def robots(folder: str, home: str | None) -> str:
    """The text of robots.txt: `folder` is the path of the first page, `home` its address, where that is known.

    >>> print(robots("/", "https://example.org/"))
    User-agent: *
    Disallow: /admin
    Disallow: /?page=
    Disallow: /atom.xml?before=
    Disallow: /explore?
    Disallow: /search?
    <BLANKLINE>
    Sitemap: https://example.org/sitemap.xml
    Sitemap: https://example.org/resourcelist.xml
    <BLANKLINE>
    """
    lines = ["User-agent: *", *(f"Disallow: {folder}{path}" for path in _CLOSED)]
    if home is not None:
        lines += ["", f"Sitemap: {home}sitemap.xml", f"Sitemap: {home}resourcelist.xml"]
    return "\n".join(lines) + "\n"

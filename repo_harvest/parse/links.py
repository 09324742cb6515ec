"""A link's target as the page writes it in, an absolute address out, or nothing if it leads to no document.

Follows the URL Standard where pages need it: white space around and line breaks inside a target are dropped, and
`<base href>` comes before the page's own address.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urljoin, urlsplit

__all__ = ["base_of", "resolve"]

SCHEMES = frozenset({"http", "https", "ftp", "doi", "hdl", "urn", "info"})

_LONGEST = 4_000  # characters; longer targets carry a program, not an address
_DROPPED = str.maketrans("", "", "\t\n\r")
_NAMED = re.compile(
    r"/handle/(?P<hdl>[0-9]{1,9}(?:\.[0-9A-Za-z]{1,20}){0,4}/[^\s/?#]{1,200})/?\Z|/doi/(?:[a-z]{1,12}/){0,2}(?P<doi>10\.[0-9]{4,9}/[^\s?#]{1,500})"
)
_DOUBLED = re.compile(r"https?:/{0,2}(?=https?:/)", re.IGNORECASE)


def base_of(location: str, base_href: str | None) -> str:
    """What relative targets are relative to: the page's `<base href>`, itself relative to where the page is.

    >>> base_of("https://example.org/a/b", "/c/")
    'https://example.org/c/'
    """
    if not base_href:
        return location
    try:
        return urljoin(location, base_href.strip().translate(_DROPPED))
    except ValueError:
        return location


def resolve(href: str, *, base: str, location: str) -> str | None:
    """The absolute address of a link; `None` for `javascript:`, `mailto:`, a place on the same page, or nonsense.

    >>> resolve("../handle/1/2", base="https://example.org/a/b", location="https://example.org/a/b")
    'https://example.org/handle/1/2'
    >>> resolve("http://https://example.org/x", base="", location="")
    'https://example.org/x'
    >>> resolve("#top", base="https://example.org/", location="https://example.org/") is None
    True

    On a page that was saved to a file, a relative link leads nowhere; but one to a handle or a DOI still says which.

    >>> resolve("/jspui/handle/10034/620000?mode=full", base="file:///tmp/page.html", location="file:///tmp/page.html")
    'hdl:10034/620000'
    """
    href = href.strip().translate(_DROPPED)
    if not href or href.startswith("#") or len(href) > _LONGEST:
        return None
    try:
        url = urljoin(base, _undoubled(href).replace(" ", "%20"))
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme in {"", "file"}:
        named = _NAMED.search(unquote(parts.path))
        return f"{'doi' if named['doi'] else 'hdl'}:{named['doi'] or named['hdl']}" if named else None
    if parts.scheme not in SCHEMES or (parts.scheme in {"http", "https", "ftp"} and not parts.hostname):
        return None
    return None if _document(url) == _document(location) else url


def _undoubled(href: str) -> str:
    """`https://https://x`, an editor's slip, without its first half."""
    doubled = _DOUBLED.match(href)
    return href[doubled.end() :] if doubled else href


def _document(url: str) -> str:
    return url.partition("#")[0].rstrip("/")

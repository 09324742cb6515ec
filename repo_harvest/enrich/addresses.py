"""The entries of a page in, the addresses to look each of them up at out: its DOI first, then the page of its item.

An item's page is what an entry names as its own address, or what its title links to. An address that several entries
share is a collection's; one that ends like a file of text or pictures is no page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import urldefrag, urlsplit

from repo_harvest.catalogue.identifiers import kept_as
from repo_harvest.model import Entry

__all__ = ["RESOLVER", "addresses"]

RESOLVER = "https://doi.org/"

_LONGEST = 2_000  # characters
_FILE = re.compile(r".*\.(?:pdf|docx?|pptx?|xlsx?|odt|rtf|epub|zip|gz|jpe?g|png|gif|mp[34]|csv|ps)", re.IGNORECASE)


def addresses(entries: Sequence[Entry], *, page: str, resolver: str = RESOLVER) -> tuple[tuple[str, ...], ...]:
    """For each entry the addresses to ask, in order; `page` is where the entries were found, and is none of them.

    >>> one = Entry(title="Trust", place="p", identifiers=("doi:10.1000/1", "https://repository.example/handle/1/2"))
    >>> addresses([one], page="https://example.org/list")
    (('https://doi.org/10.1000/1', 'https://repository.example/handle/1/2'),)
    """
    stated = [tuple(_stated(entry)) for entry in entries]
    counted = Counter(address for each in stated for address in set(each))
    own = [[one for one in each if counted[one] == 1] for each in stated]
    return tuple(tuple(_chosen(each, page=page, resolver=resolver)) for each in own)


def _stated(entry: Entry) -> Iterator[str]:
    """The addresses that an entry names as its own, the surest first."""
    yield from (kept_as(value) for value in entry.identifiers)
    title = entry.title.casefold()
    yield from (
        kept_as(link.url) for link in entry.links if link.text.strip() and link.text.casefold().strip() in title
    )


def _chosen(stated: Sequence[str], *, page: str, resolver: str) -> Iterator[str]:
    """The first DOI, and the first page of an item."""
    dois = (value for value in stated if _is_doi(value) and len(value) <= _LONGEST)
    pages = (urldefrag(value).url for value in stated if not _is_doi(value) and _is_page(value))
    if (doi := next(dois, None)) is not None:
        yield resolver + doi.partition("doi.org/")[2]
    here = urldefrag(page).url
    if (item := next((url for url in pages if url != here), None)) is not None:
        yield item


def _is_doi(value: str) -> bool:
    return value.startswith("https://doi.org/10.")


def _is_page(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    if parts.scheme not in {"http", "https"} or not parts.hostname or len(value) > _LONGEST or " " in value:
        return False
    return bool(parts.path.strip("/") or parts.query) and not _FILE.fullmatch(parts.path)

"""The entries of a page in, the addresses to look each of them up at out: its DOI first, then the page of its item.

An item's page is what an entry names as its own address, or what its title links to. An address that entries of
different titles share is a collection's; one that ends like a file of text or pictures is no page.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from urllib.parse import urldefrag, urlsplit

from repo_harvest.catalogue.identifiers import kept_as
from repo_harvest.model import Entry

__all__ = ["RESOLVER", "addresses"]

RESOLVER = "https://doi.org/"

_LONGEST = 2_000  # bytes; an index of PostgreSQL takes 2,700
_FILE = re.compile(r".*\.(?:pdf|docx?|pptx?|xlsx?|odt|rtf|epub|zip|gz|jpe?g|png|gif|mp[34]|csv|ps)", re.IGNORECASE)


def addresses(entries: Sequence[Entry], *, page: str, resolver: str = RESOLVER) -> tuple[tuple[str, ...], ...]:
    """For each entry the addresses to ask, in order; `page` is where the entries were found, and is none of them.

    >>> one = Entry(title="Trust", place="p", identifiers=("doi:10.1000/1", "https://repository.example/handle/1/2"))
    >>> addresses([one], page="https://example.org/list")
    (('https://doi.org/10.1000/1', 'https://repository.example/handle/1/2'),)
    """
    stated = [tuple(_stated(entry)) for entry in entries]
    titles: defaultdict[str, set[str]] = defaultdict(set)
    for entry, each in zip(entries, stated, strict=True):
        for address in each:
            titles[address].add(entry.title.casefold())
    own = [[one for one in each if len(titles[one]) == 1] for each in stated]
    return tuple(tuple(_chosen(each, page=page, resolver=resolver)) for each in own)


def _stated(entry: Entry) -> Iterator[str]:
    """The addresses that an entry names as its own, the surest first."""
    for value in entry.identifiers:
        yield kept_as(value)
    title = entry.title.casefold()
    for link in entry.links:
        text = link.text.casefold().strip()
        if 2 * len(text) > len(title) and text in title:
            yield kept_as(link.url)


def _chosen(stated: Sequence[str], *, page: str, resolver: str) -> Iterator[str]:
    """The first DOI, and the first page of an item."""
    sane = [value for value in stated if value.isprintable() and len(value.encode(errors="replace")) <= _LONGEST]
    if (doi := next(filter(_is_doi, sane), None)) is not None:
        yield resolver + doi.partition("doi.org/")[2]
    here = urldefrag(page).url
    pages = (urldefrag(value).url for value in sane if not _is_doi(value) and _is_page(value))
    if (item := next((url for url in pages if url != here), None)) is not None:
        yield item


def _is_doi(value: str) -> bool:
    return value.startswith("https://doi.org/10.")


def _is_page(value: str) -> bool:
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    if parts.scheme not in {"http", "https"} or not parts.hostname or " " in value:
        return False
    return bool(parts.path.strip("/") or parts.query) and not _FILE.fullmatch(parts.path)

"""Identifiers in, those that name one thing out: DOIs, ISBNs, and other names (handles, PubMed numbers, addresses)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote

__all__ = ["Identities", "identities", "in_common", "is_preprint"]

_DOI = re.compile(r"(?:doi:?\s*|info:doi/|https?://(?:[a-z]+\.)*doi\.org/)?(10\.[0-9]{4,9}/\S+)")
_ISBN = re.compile(r"(?:urn:isbn:|isbn(?:-1[03])?:?\s*)([0-9][0-9 -]{8,15}[0-9x])")
_HANDLE = re.compile(r"(?:https?://hdl\.handle\.net/|hdl:\s*|info:hdl/|https?://[^/]+/(?:[a-z]+/)?handle/)([0-9]+(?:\.[0-9]+)*/[^\s?#]+)")  # fmt: skip
_PMID = re.compile(r"(?:pmid:?\s*|info:pmid/|https?://(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/)([0-9]{1,9})/?")  # fmt: skip
_ADDRESS = re.compile(r"https?://(?:www\.)?([^/\s]+/[^\s#]+)")
_PREPRINT = re.compile(r"10\.(?:1101|48550|2139|31234|31235|31219|31222|20944|21203|26434|33774|22541|36227|12688|7287|35542)/")  # fmt: skip
_ISBN_10 = 10


class Identities(NamedTuple):
    """The names of a thing, each kind in order; `isbns` are of thirteen figures, `others` such as `hdl:10034/1` and `pmid:123`."""

    dois: tuple[str, ...]
    isbns: tuple[str, ...]
    others: tuple[str, ...]


_NOTHING = Identities((), (), ())


def identities(identifiers: tuple[str, ...]) -> Identities:
    """What the identifiers of a record name it.

    >>> identities(("https://doi.org/10.1000/X1.", "urn:isbn:0306406152", "pmid:12"))
    Identities(dois=('10.1000/x1',), isbns=('9780306406157',), others=('pmid:12',))
    """
    if not identifiers:
        return _NOTHING
    found: dict[str, set[str]] = {"doi": set(), "isbn": set(), "other": set()}
    for identifier in identifiers:
        kind, name = _one(identifier)
        if name:
            found[kind].add(name)
    return Identities(*(tuple(sorted(names)) for names in found.values()))


def in_common(one: tuple[str, ...], other: tuple[str, ...]) -> str:
    """The first name that is on both sides, or nothing."""
    return next((name for name in one if name in other), "") if one and other else ""


def _one(identifier: str) -> tuple[str, str]:
    text = identifier.strip().lower()
    if match := _DOI.fullmatch(text):
        return "doi", (unquote(match[1]) if "%" in match[1] else match[1]).rstrip(".,;)/")
    if match := _ISBN.fullmatch(text):
        return "isbn", _thirteen(match[1].replace("-", "").replace(" ", ""))
    for prefix, pattern in (("hdl:", _HANDLE), ("pmid:", _PMID), ("", _ADDRESS)):
        if match := pattern.fullmatch(text):
            return "other", prefix + match[1].rstrip("/")
    return "other", ""


def _thirteen(isbn: str) -> str:
    """The thirteen figures of an ISBN of ten (ISO 2108); others as they are."""
    if len(isbn) != _ISBN_10:
        return isbn
    body = "978" + isbn[:-1]
    total = sum(int(digit) * (3 if i % 2 else 1) for i, digit in enumerate(body))
    return f"{body}{-total % 10}"


@lru_cache(maxsize=1 << 12)
def is_preprint(doi: str) -> bool:
    """Whether a DOI was given by a preprint server.

    >>> is_preprint("10.1101/2020.01.01.1"), is_preprint("10.1177/1")
    (True, False)
    """
    return _PREPRINT.match(doi) is not None

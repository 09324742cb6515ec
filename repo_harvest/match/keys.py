"""A record in, what an entry of a list is known again by out, and the normal form of titles and surnames.

The keys are the same DOI, handle or URL; or the same normalised title and year with a shared surname. Whether records of two
sources are of one work is for `compare` to say. OAI identifiers are made from the normal form: it must never change.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from urllib.parse import urlsplit

from repo_harvest.model import Record

__all__ = ["keys", "normal", "surnames", "title_of"]

_DOI = re.compile(r"(?i)(?:https?://(?:dx\.)?doi\.org/|doi:\s*)(10\.[0-9]{4,9}/\S+)")
_HANDLE = re.compile(r"(?i)(?:https?://hdl\.handle\.net/|hdl:\s*)([0-9]+(?:\.[0-9]+)*/\S+)")
_NOT_WORD = re.compile(r"[\W_]+")


def keys(record: Record) -> frozenset[str]:
    """Every key of a record: `doi:…`, `hdl:…`, `url:…`, and `work:…` for each surname.

    >>> sorted(keys(Record(title=("A Title",), date=("2021-03",), creators=("Buck, Gillian",),
    ...                    identifiers=("https://doi.org/10.1000/X1",))))
    ['doi:10.1000/x1', 'work:e86221e2e1f22874|2021|buck']
    """
    found = {key for key in map(_identifier_key, record.identifiers) if key}
    title, year = normal(title_of(record)), record.year
    if title and year:
        short = hashlib.blake2b(title.encode(), digest_size=8).hexdigest()
        found.update(f"work:{short}|{year}|{surname}" for surname in surnames(record))
    return frozenset(found)


def title_of(record: Record) -> str:
    """The first title, or nothing."""
    return record.title[0] if record.title else ""


def surnames(record: Record) -> frozenset[str]:
    """The normalised surnames of the creators: what stands before the comma, or the last word without one.

    >>> sorted(surnames(Record(creators=("Müller, Anna", "Jane Doe"))))
    ['doe', 'muller']
    """
    return frozenset(name for name in map(_surname, record.creators) if name)


def normal(text: str) -> str:
    """The text without case, accents and punctuation, its words apart by one space.

    >>> normal("“It’s a Tug of War”: Straße, naïve")
    'it s a tug of war strasse naive'
    """
    if text.isascii():
        return _NOT_WORD.sub(" ", text.lower()).strip()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _NOT_WORD.sub(" ", "".join(c for c in plain if not unicodedata.combining(c))).strip()


def _surname(name: str) -> str:
    head, comma, _ = name.partition(",")
    if comma:
        return normal(head)
    words = normal(name).split()
    return words[-1] if words else ""


def _identifier_key(identifier: str) -> str | None:
    if match := _DOI.fullmatch(identifier):
        return f"doi:{match[1].lower()}"
    if match := _HANDLE.fullmatch(identifier):
        return f"hdl:{match[1].lower()}"
    try:
        parts = urlsplit(identifier)
    except ValueError:
        return None
    path = parts.path.rstrip("/")
    if parts.scheme.lower() not in {"http", "https"} or not parts.netloc or not (path or parts.query):
        return None  # a site's front page is nobody's identifier
    query = f"?{parts.query}" if parts.query else ""
    return f"url:{parts.netloc.lower()}{path}{query}"

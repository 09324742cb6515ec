"""A `Record` in, what every export tells of it out: its date at the precision stated, its names, its key, its addresses."""

from __future__ import annotations

import re
import unicodedata

from repo_harvest.formats.parts import addresses, doi, iso_dates, name_of, urn
from repo_harvest.formats.terms import Kind, kind_of
from repo_harvest.model import Record

__all__ = ["cite_key", "date_parts", "general", "issn", "link", "one_line", "with_contributions"]

_NO_WORDS = frozenset({"a", "an", "and", "das", "der", "die", "for", "in", "la", "le", "of", "on", "the", "to"})
_LONGEST_KEY_PART = 24  # letters


def general(record: Record) -> str:
    """What DataCite calls its kind of work; empty where that is not known."""
    kind: Kind | None = kind_of(record)
    return kind.general if kind else ""


def date_parts(record: Record) -> tuple[str, ...]:
    """Year, month and day of its first date, as far as it goes; `()` if none is a date.

    >>> date_parts(Record(date=("in press", "2017-03"))), date_parts(Record())
    (('2017', '03'), ())
    """
    found = iso_dates(record)
    if found:
        return tuple(found[0].split("-"))
    return (record.year,) if record.year else ()


def link(record: Record) -> str | None:
    """The first of its addresses that does not just repeat its DOI; else the address of the DOI."""
    known = doi(record)
    found = addresses(record)
    others = (value for value in found if known is None or not value.casefold().endswith(known.casefold()))
    return next(others, found[0] if found else None)


def issn(record: Record) -> str | None:
    """The ISSN of the journal or series that it appeared in, wherever the record states it as a URN."""
    return urn(Record(identifiers=(*record.identifiers, *record.source_ref)), "issn")


def one_line(text: str) -> str:
    r"""The text without line breaks, of whatever script.

    >>> one_line("Trust\r\nand\u2028hope")
    'Trust and hope'
    """
    return " ".join(line for line in text.splitlines() if line)


def with_contributions(record: Record) -> str | None:
    """Its contributors in a sentence: in which part they took part, the record does not say."""
    return f"With contributions by {'; '.join(record.contributors)}" if record.contributors else None


def cite_key(record: Record) -> str:
    """A key to cite it by, of small letters and digits: first name, year, first word of the title.

    >>> cite_key(Record(title=("The core conditions",), creators=("Łukasiewicz, Z.",), date=("2017",)))
    'lukasiewicz2017core'
    """
    first = name_of(record.creators[0]) if record.creators else None
    words = [word for word in _folded(" ".join(record.title[:1])).split() if word not in _NO_WORDS]
    family = _folded((first.family or first.full) if first else "").replace(" ", "")[:_LONGEST_KEY_PART]
    return "".join([family, *date_parts(record)[:1], *(word[:_LONGEST_KEY_PART] for word in words[:1])]) or "item"


def _folded(text: str) -> str:
    """Its letters and digits in ASCII, small; everything else is a blank, but for accents, which are nothing."""
    spelled = unicodedata.normalize("NFKD", text.casefold().translate({0x142: "l", 0xF8: "o", 0x111: "d", 0xE6: "ae"}))
    bare = "".join(character for character in spelled if not unicodedata.combining(character))
    return re.sub("[^a-z0-9]+", " ", bare).strip()

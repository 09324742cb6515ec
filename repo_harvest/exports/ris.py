r"""A `Record` in, its RIS record out (Research Information Systems, "RIS Format Specifications", 2011).

A value stands on one line of its own, whatever it holds; lines end in CR LF, and the file is UTF-8.
"""

from __future__ import annotations

from collections.abc import Iterator

from repo_harvest.exports.work import date_parts, general, issn, link, one_line, with_contributions
from repo_harvest.formats.parts import doi, first_appearance, urn
from repo_harvest.formats.terms import language_tag
from repo_harvest.model import Record

__all__ = ["EXTENSION", "LABEL", "MEDIA_TYPE", "export"]

MEDIA_TYPE = "application/x-research-info-systems"
EXTENSION = "ris"
LABEL = "RIS"

_TYPES = {
    "JournalArticle": "JOUR",
    "Book": "BOOK",
    "BookChapter": "CHAP",
    "ConferenceProceeding": "CONF",
    "ConferencePaper": "CPAPER",
    "Dissertation": "THES",
    "Report": "RPRT",
    "Dataset": "DATA",
    "Software": "COMP",
    "Image": "FIGURE",
    "Audiovisual": "VIDEO",
    "Sound": "SOUND",
    "InteractiveResource": "ELEC",
}


def export(record: Record) -> str:
    r"""The record of RIS.

    >>> export(Record(title=("On Trust",), creators=("Buck, G.",), date=("2021",), type=("book",)))
    'TY  - BOOK\r\nTI  - On Trust\r\nAU  - Buck, G.\r\nPY  - 2021\r\nDA  - 2021///\r\nER  - \r\n'
    """
    lines = [("TY", _TYPES.get(general(record), "GEN")), *_fields(record), ("ER", "")]
    return "".join(f"{tag}  - {one_line(value)}\r\n" for tag, value in lines)


def _fields(record: Record) -> Iterator[tuple[str, str]]:
    for title in record.title[:1]:
        yield "TI", title
    for name in record.creators:
        yield "AU", name
    yield from _dated(record)
    place = first_appearance(record)
    first, last = place.ends or (place.pages, "")
    told = (("T2", place.container), ("VL", place.volume), ("IS", place.issue), ("SP", first), ("EP", last))
    yield from ((tag, value) for tag, value in told if value)
    once = (
        ("PB", "; ".join(record.publisher)),
        ("DO", doi(record)),
        ("SN", urn(record, "isbn") or issn(record)),
        ("UR", link(record)),
        ("LA", language_tag(record)),
        ("AB", " ".join(record.description)),
        ("N1", with_contributions(record)),
    )
    yield from ((tag, value) for tag, value in once if value)
    for subject in record.subjects:
        yield "KW", subject


def _dated(record: Record) -> Iterator[tuple[str, str]]:
    """The year, and the whole date as year/month/day/rest, where what is not known is empty."""
    parts = date_parts(record)
    if parts:
        yield "PY", parts[0]
        yield "DA", "/".join([*parts, "", "", ""][:3]) + "/"

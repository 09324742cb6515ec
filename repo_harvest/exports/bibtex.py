r"""A `Record` in, its BibTeX record out (Patashnik, "BibTeXing", 1988; url, doi, isbn as the natbib styles have them).

Text is UTF-8. BibTeX counts braces even after a backslash, so a brace of the text is written as a command that has none
open. Words with capitals are in braces, or styles would make them small. A name without a comma is one word to BibTeX.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from repo_harvest.exports.work import cite_key, date_parts, issn, link, one_line, with_contributions
from repo_harvest.formats.agents import about
from repo_harvest.formats.parts import Appearance, Name, doi, first_appearance, urn
from repo_harvest.formats.terms import kind_of, language_tag
from repo_harvest.model import Record

__all__ = ["EXTENSION", "LABEL", "MEDIA_TYPE", "export"]

MEDIA_TYPE = "application/x-bibtex"
EXTENSION = "bib"
LABEL = "BibTeX"

_TYPES = {
    "JournalArticle": "article",
    "Book": "book",
    "BookChapter": "incollection",
    "ConferenceProceeding": "proceedings",
    "ConferencePaper": "inproceedings",
    "Report": "techreport",
}
_IN_BOOKS = frozenset({"incollection", "inproceedings"})
_IN_SERIES = frozenset({"book", "proceedings", "techreport", "phdthesis", "mastersthesis"})
_PUBLISHER = {"phdthesis": "school", "mastersthesis": "school", "techreport": "institution"}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_COMMANDS = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        "<": r"\textless{}",
        ">": r"\textgreater{}",
        "|": r"\textbar{}",
        **{character: f"\\{character}" for character in "#$%&_"},
    }
)
_ENCODED = str.maketrans({character: f"%{ord(character):02X}" for character in '{}\\ \t"<>'})
_LIGATURE = re.compile("(?<=[-'`?!])(?=[-'`])")
_AMBIGUOUS = re.compile(r",|\band\b", re.IGNORECASE)


def export(record: Record) -> str:
    r"""The record of BibTeX.

    >>> print(export(Record(title=("On trust & hope",), creators=("Buck, G.",), date=("2021",), type=("book",))), end="")
    @book{buck2021trust,
      author = {Buck, G.},
      title = {On trust \& hope},
      year = {2021}
    }
    """
    inside = ",\n".join(f"  {name} = {value}" for name, value in _fields(record, _type(record)))
    return f"@{_type(record)}{{{cite_key(record)},\n{inside}\n}}\n"


def _type(record: Record) -> str:
    kind = kind_of(record)
    if kind is None:
        return "misc"
    if kind.of_thesis is not None:
        return "mastersthesis" if kind.of_thesis in {"master", "bachelor"} else "phdthesis"
    return _TYPES.get(kind.general, "misc")


def _fields(record: Record, kind: str) -> Iterator[tuple[str, str]]:
    if record.creators:
        yield "author", _braced(" and ".join(_name(about(record, text).name) for text in record.creators))
    for title in record.title[:1]:
        yield "title", _braced(_title(title))
    yield from _appeared(first_appearance(record), kind)
    yield from _dated(record)
    if record.publisher:
        yield _PUBLISHER.get(kind, "publisher"), _braced("; ".join(map(_escaped, record.publisher)))
    yield from _thesis(record)
    for name, value in (("doi", doi(record)), ("url", link(record))):
        if value:
            yield name, _braced(_encoded(value))
    texts = (
        ("isbn", urn(record, "isbn")),
        ("issn", issn(record)),
        ("language", language_tag(record)),
        ("keywords", ", ".join(record.subjects)),
        ("note", with_contributions(record)),
        ("abstract", " ".join(record.description)),
    )
    for name, value in texts:
        if value:
            yield name, _braced(_escaped(value))


def _appeared(place: Appearance, kind: str) -> Iterator[tuple[str, str]]:
    within = "booktitle" if kind in _IN_BOOKS else "series" if kind in _IN_SERIES else "journal"
    for name, value in ((within, place.container), ("volume", place.volume), ("number", place.issue)):
        if value:
            yield name, _braced(_escaped(value))
    if ends := place.ends:
        yield "pages", _braced("--".join(dict.fromkeys(ends)))
    elif place.pages:
        yield "pages", _braced(_escaped(place.pages))


def _dated(record: Record) -> Iterator[tuple[str, str]]:
    parts = date_parts(record)
    if parts:
        yield "year", _braced(parts[0])
    if len(parts) > 1:
        yield "month", _MONTHS[int(parts[1]) - 1]


def _thesis(record: Record) -> Iterator[tuple[str, str]]:
    """What styles print instead of "PhD thesis" and "Master's thesis", where that would say too much."""
    kind = kind_of(record)
    if kind is not None and kind.of_thesis in {"", "bachelor"}:
        yield "type", _braced(_escaped(kind.label.capitalize()))


def _name(name: Name) -> str:
    if name.family is None or name.given is None:
        return _braced(_escaped(name.full))
    return ", ".join(
        _braced(_escaped(part)) if _AMBIGUOUS.search(part) else _escaped(part) for part in (name.family, name.given)
    )


def _title(text: str) -> str:
    words = one_line(text).split(" ")
    return " ".join(
        _braced(_escaped(word)) if any(map(str.isupper, word if at else word[1:])) else _escaped(word)
        for at, word in enumerate(words)
    )


def _escaped(text: str) -> str:
    """The text as LaTeX prints it: two hyphens stay two, and quotes are not curled."""
    return "{}".join(part.translate(_COMMANDS) for part in _LIGATURE.split(one_line(text)))


def _encoded(address: str) -> str:
    """An address is printed as it is: what would end it, or the record, is encoded as in a URL."""
    return one_line(address).translate(_ENCODED)


def _braced(text: str) -> str:
    return f"{{{text}}}"

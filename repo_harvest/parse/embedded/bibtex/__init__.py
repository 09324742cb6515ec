r"""BibTeX and BibLaTeX in, entries out: text | syntax.records | crossref | one entry a record.

| title      | title, subtitle (or booktitle, of a collection)                      |
| creators   | author, else editor                                                  |
| date       | date, else year and month                                            |
| container  | journal, journaltitle, booktitle                                     |
| publisher  | publisher, school, institution, organization                         |
| identifiers| doi, url, eprint of arXiv, pmid, handle; isbn unless it is the container's |
| abstract   | abstract                                                             |
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable

from repo_harvest.model import Entry, Problem
from repo_harvest.parse.embedded.bibtex.latex import to_text, verbatim
from repo_harvest.parse.embedded.bibtex.people import people
from repo_harvest.parse.embedded.bibtex.syntax import MONTHS, Raw, records
from repo_harvest.parse.embedded.draft import Draft

__all__ = ["TELLS", "read"]

TELLS = re.compile(r"@\s{0,4}[A-Za-z]{3,20}\s{0,4}[{(]")

_ONCE = {
    "publisher": ("publisher", "school", "institution", "organization"),
    "abstract": ("abstract",),
}
_IN_JOURNAL = ("journal", "journaltitle", "booktitle", "maintitle")
_IN_WHOLE = ("booktitle", "maintitle", "journal", "journaltitle")
_PARTS_OF_BOOKS = frozenset({"inproceedings", "incollection", "inbook", "conference"})
_OF_PARENT = ("editor", "publisher", "year", "date", "month", "organization", "journal", "booktitle", "url")
_ARXIV = re.compile(r"(?:arxiv:)?((?:[0-9]{4}\.[0-9]{4,5}|[a-z-]{2,12}(?:\.[A-Z]{2})?/[0-9]{7})(?:v[0-9]{1,3})?)", re.IGNORECASE)  # fmt: skip
_URL = re.compile(r"\\url\s{0,4}\{([^{}]{1,2000})\}")
_YEAR = re.compile(r"[12][0-9]{3}")
_RANGE = re.compile(r"([0-9]{4}(?:-[0-9]{2}){0,2})/.{0,12}")


def read(text: str, *, place: Callable[[int], str] | None = None) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    r"""The entries of BibTeX records in a text, and what was wrong with them; never raises, linear in the text.

    `place` says where the character at an offset stands; without it, entries stand at lines of the text.

    >>> entries, problems = read(r"@article{b, author = {Gillian Buck}, title = {Trust}, year = 2021, month = mar}")
    >>> entries[0].title, entries[0].creators, str(entries[0].date), problems
    ('Trust', ('Buck, Gillian',), '2021-03', ())
    """
    found = _inherited(list(records(text)))
    at = place or _lines(text)
    entries: list[Entry] = []
    problems: list[Problem] = []
    for raw in found:
        draft = Draft(form="BibTeX", place=at(raw.start))
        _fill(draft, raw)
        entry = draft.entry()
        if entry is not None:
            entries.append(entry)
        elif raw.fields:
            draft.problem("title", f"the record '{raw.key}' has no title and was left out")
        for fault in raw.faults if raw.fields else ():
            draft.problem(raw.key or raw.type, fault)
        problems += draft.problems
    return tuple(entries), tuple(problems)


def _lines(text: str) -> Callable[[int], str]:
    """Where an offset is, as a line's number."""
    starts = [match.end() for match in re.finditer("\n", text)]
    return lambda offset: f"line {bisect_right(starts, offset) + 1}"


def _inherited(found: list[Raw]) -> list[Raw]:
    """The records, with what they lack taken from the one that `crossref` names."""
    by_key = {raw.key.casefold(): raw for raw in reversed(found) if raw.key}
    complete = []
    for raw in found:
        parent = by_key.get(raw.fields.get("crossref", "").strip().casefold())
        if parent is not None and parent is not raw:
            given = {name: parent.fields[name] for name in _OF_PARENT if name in parent.fields}
            if "title" in parent.fields:
                given.setdefault("booktitle", parent.fields["title"])
            fields = {**given, **raw.fields}
            raw = Raw(type=raw.type, key=raw.key, start=raw.start, fields=fields, faults=raw.faults)  # noqa: PLW2901 - the same record, completed
        complete.append(raw)
    return complete


def _fill(draft: Draft, raw: Raw) -> None:
    fields = raw.fields
    _title(draft, fields)
    for source in ("author", "editor"):
        if not draft.has_creators:
            for name in people(fields.get(source, "")):
                draft.creator(name, source)
    _date(draft, fields)
    for source in _IN_WHOLE if raw.type in _PARTS_OF_BOOKS else _IN_JOURNAL:
        if source != "booktitle" or "title" in fields:
            draft.text("container", to_text(fields.get(source, "")), source)
    for field, sources in _ONCE.items():
        for source in sources:
            draft.text(field, to_text(fields.get(source, "")), source)
    _identifiers(draft, raw)


def _title(draft: Draft, fields: dict[str, str]) -> None:
    title = to_text(fields.get("title", ""))
    if title and (subtitle := to_text(fields.get("subtitle", ""))):
        mark = " " if title.endswith((":", "?", "!", ".")) else ": "
        draft.text("title", title + mark + subtitle, "title, subtitle")
    draft.text("title", title, "title")
    draft.text("title", to_text(fields.get("booktitle", "")), "booktitle")


def _date(draft: Draft, fields: dict[str, str]) -> None:
    stated = verbatim(fields.get("date", ""))
    if span := _RANGE.fullmatch(stated):
        stated = span[1]
    draft.date(stated, "date")
    year = to_text(fields.get("year", ""))
    if not year:
        return
    month = to_text(fields.get("month", ""))
    number = next((at for at, name in enumerate(MONTHS, 1) if month[:3].lower() == name or month.lstrip("0") == str(at)), 0)  # fmt: skip
    if number and _YEAR.fullmatch(year):
        draft.date(f"{year}-{number:02d}", "year, month")
    draft.date(year, "year")


def _identifiers(draft: Draft, raw: Raw) -> None:
    fields = raw.fields
    if "doi" in fields:
        draft.doi(verbatim(fields["doi"]), "doi")
    for source in ("url", "handle", "hdl", "link"):
        value = verbatim(fields.get(source, ""))
        draft.identifier(f"hdl:{value}" if source in {"handle", "hdl"} and ":" not in value else value, source)
    if "url" not in fields and (shown := _URL.search(fields.get("howpublished", ""))):
        draft.identifier(verbatim(shown[1]), "howpublished")
    kind = (fields.get("archiveprefix") or fields.get("eprinttype") or "arxiv").strip().casefold()
    if (arxiv := _ARXIV.fullmatch(verbatim(fields.get("eprint", "")))) and kind == "arxiv":
        draft.url(f"https://arxiv.org/abs/{arxiv[1]}", "eprint")
    pmid = verbatim(fields.get("pmid", ""))
    if pmid.isascii() and pmid.isdigit():
        draft.url(f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/", "pmid")
    if "isbn" in fields and raw.type not in _PARTS_OF_BOOKS | {"article"}:
        draft.isbn(verbatim(fields["isbn"]), "isbn")

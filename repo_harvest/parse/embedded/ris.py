r"""RIS or EndNote's tagged records in, entries out.

A record of RIS is lines `TAG  - value` from `TY` to `ER`; one of EndNote (Refer) lines `%T value` from `%0` to a blank
line. A line without a tag goes on with the one before. Tags that have no row in the tables are not read.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping

from repo_harvest.model import Entry, Problem
from repo_harvest.parse.embedded.draft import Draft, plain

__all__ = ["TELLS", "read"]

TELLS = re.compile(r"^[ \t\ufeff]{0,40}(?:TY[ \xa0]{1,2}-|%0[ \xa0])", re.MULTILINE)

_LINE = re.compile(
    r"[ \t\ufeff]{0,40}(?:(?P<ris>[A-Z][A-Z0-9])[ \xa0]{1,2}-(?:[ \xa0](?P<said>.*))?|(?P<enw>%[0-9A-Z@])[ \xa0](?P<told>.*))"
)
_RIS = {
    "type": "TY",
    "title": "TI T1 CT BT ST",
    "creator": "AU A1",
    "editor": "A2 ED A3",
    "date": "DA PY Y1",
    "container": "JO JF T2 BT JA J2",
    "publisher": "PB",
    "abstract": "AB N2",
    "doi": "DO M3",
    "isbn": "SN",
    "url": "UR",
}
_ENDNOTE = {
    "type": "%0", "title": "%T", "creator": "%A", "editor": "%E", "date": "%8 %D", "container": "%J %B", "publisher": "%I",
    "abstract": "%X", "doi": "%R", "isbn": "%@", "url": "%U",
}  # fmt: skip  # tags of each field, the best first
_PARTS = frozenset({"CHAP", "CPAPER", "CONF", "JOUR", "JFULL", "MGZN", "Book Section", "Conference Paper", "Journal Article"})  # fmt: skip
_REST_OF_DATE = re.compile(r"([0-9]{4}(?:/[0-9]{2}){0,2})/{1,3}(?![0-9]).{0,60}")

_Lines = list[tuple[str, str]]


def read(text: str, *, place: Callable[[int], str] | None = None) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    r"""The entries of the records in a text, and what was wrong with them; never raises, linear in the text.

    `place` says where the character at an offset stands; without it, entries stand at lines of the text.

    >>> entries, _ = read("TY  - JOUR\nTI  - Trust\nAU  - Buck, Gillian\nPY  - 2021/03//\nER  - ")
    >>> entries[0].title, entries[0].creators, str(entries[0].date)
    ('Trust', ('Buck, Gillian',), '2021-03')
    """
    starts = [match.end() for match in re.finditer("\n", text)]
    at = place or (lambda offset: f"line {bisect_right(starts, offset) + 1}")
    entries: list[Entry] = []
    problems: list[Problem] = []
    for start, form, lines in _records(text):
        draft = Draft(form=form, place=at(start))
        _fill(draft, lines, _RIS if form == "RIS" else _ENDNOTE)
        entry = draft.entry()
        if entry is not None:
            entries.append(entry)
        else:
            draft.problem("title", "a record has no title and was left out")
        problems += draft.problems
    return tuple(entries), tuple(problems)


def _records(text: str) -> Iterator[tuple[int, str, _Lines]]:
    """Each record: where it starts, its form, its tags with their values."""
    record: tuple[int, str, _Lines] | None = None
    offset = 0
    for line in re.split(r"[\n\f]", text):
        start, offset = offset, offset + len(line) + 1
        found = _LINE.match(line.rstrip("\r"))
        tag = (found["ris"] or found["enw"]) if found else ""
        ends = tag == "ER" or (record is not None and not line.strip() and record[1] == "EndNote")
        if record is not None and (ends or tag in {"TY", "%0"}):
            yield record
            record = None
        if found and tag in {"TY", "%0"}:
            record = (start, "RIS" if tag == "TY" else "EndNote", [])
        if record is None:
            continue
        if found:
            record[2].append((tag, found["said"] or found["told"] or ""))
        elif line.strip() and record[2]:
            record[2].append(("…", line))
    if record is not None:
        yield record


def _fill(draft: Draft, lines: _Lines, tags: Mapping[str, str]) -> None:
    values = _joined(lines)
    stated = {field: [(tag, value) for tag in names.split() for value in values.get(tag, ())] for field, names in tags.items()}  # fmt: skip
    for field in ("title", "container", "publisher", "abstract"):
        for tag, value in stated[field]:
            if not (field == "container" and ("title", f"{draft.form} {tag}") in draft.origins):
                draft.text(field, plain(value), tag)
    for field in ("creator", "editor"):
        if not draft.has_creators:
            for tag, value in stated[field]:
                draft.creator(plain(value), tag)
    _identifiers(draft, stated)
    for tag, value in stated["date"]:
        rest = _REST_OF_DATE.fullmatch(value.strip())
        draft.date(rest[1] if rest else value, tag)


def _identifiers(draft: Draft, stated: Mapping[str, list[tuple[str, str]]]) -> None:
    for tag, value in stated["doi"]:
        if tag != "M3" or "10." in value:  # M3 is a DOI in some files, a kind of work in others
            draft.doi(value, tag)
    for tag, value in stated["url"]:
        draft.url(value, tag)
    if not _PARTS & {value.strip() for _, value in stated["type"]}:
        for tag, value in stated["isbn"]:
            draft.isbn(value, tag)


def _joined(lines: _Lines) -> dict[str, list[str]]:
    """The values of each tag, with the lines that go on with them."""
    values: dict[str, list[list[str]]] = {}
    last: list[str] = []
    for tag, value in lines:
        if tag != "…":
            last = []
            values.setdefault(tag, []).append(last)
        last.append(value)
    return {tag: [" ".join(parts) for parts in found] for tag, found in values.items()}

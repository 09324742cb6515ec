"""A line of an import file in (its JSON, already parsed), a typed record out; and back.

    {id?, identifier?, datestamp?, deleted?, sets?, and the fields of `Record`, each a string or a list of strings}

Instead of the flat fields, `"dc"` may hold the fifteen elements of Dublin Core by name. Text is cleaned, everything else
is kept word for word: an import moves records, it does not edit them; but addresses of names and funders are written alike. Empty strings and nulls state nothing. A wrong
key, type or syntax stops the import, and the error gives the place and the nearest thing that would be right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from difflib import get_close_matches

from repo_harvest.catalogue.text import clean, says_something
from repo_harvest.errors import BadImport
from repo_harvest.model import Record, utc_text
from repo_harvest.model.agents import READERS

__all__ = ["ELEMENTS", "Imported", "from_line", "to_line"]

FIELDS = {each.name: each.name for each in fields(Record)}
ELEMENTS = {
    "title": "title",
    "creator": "creators",
    "subject": "subjects",
    "description": "description",
    "publisher": "publisher",
    "contributor": "contributors",
    "date": "date",
    "type": "type",
    "format": "format",
    "identifier": "identifiers",
    "source": "source_ref",
    "language": "language",
    "relation": "relation",
    "coverage": "coverage",
    "rights": "rights",
}
_ABOUT = ("id", "identifier", "datestamp", "deleted", "sets", "dc")
_NUMBERS_TOO = frozenset({"date", "volume", "issue", "pages"})  # fields that files state as numbers
_OTHER_WORDS = {
    "abstract": "description",
    "author": "creators",
    "authors": "creators",
    "doi": "identifiers",
    "issn": "source_ref",
    "journal": "container",
    "keywords": "subjects",
    "url": "identifiers",
    "year": "date",
}

_SET_SPEC = re.compile(r"[A-Za-z0-9\-_.!~*'()]+(?::[A-Za-z0-9\-_.!~*'()]+)*")  # OAI-PMH.xsd, setSpecType
_URI = r"(?:[A-Za-z0-9\-._~:/?@!$&'()*+,;=]|%[0-9A-Fa-f]{2})"
_IDENTIFIER = re.compile(  # a URI (RFC 3986) that OAI-PMH.xsd and a request for the record take too
    r"[A-Za-z][A-Za-z0-9+.-]*:(?=.)(?:(?!//)|//[A-Za-z0-9._~-]*(?::[0-9]{1,5})?(?![^/?#]))" + rf"{_URI}*(?:#{_URI}*)?"
)
_LONGEST_IDENTIFIER, _LONGEST_SET_SPEC = 2000, 1000  # the longest that a request may hold
_DATESTAMP = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:T([0-9]{2}):([0-9]{2}):([0-9]{2})Z)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """One line: the record and what the file says about it; `datestamp` is in UTC seconds since 1970.

    `id` is the file's own name for the line, `identifier` the OAI identifier. `cleaned` counts the characters that
    the line lost because no record can carry them.
    """

    record: Record
    id: str | None = None
    identifier: str | None = None
    datestamp: int | None = None
    deleted: bool = False
    sets: tuple[str, ...] = ()
    cleaned: int = field(default=0, compare=False)


def from_line(values: object, *, where: str) -> Imported:
    """The record of a line; `where` (the file and the line) begins every error.

    Raises `BadImport` for what is not as the module says, and for a line that states nothing and is not deleted.

    >>> from_line({"title": "Mentoring", "date": 2015}, where="a.jsonl line 1").record.date
    ('2015',)
    >>> from_line({"titel": "Mentoring"}, where="a.jsonl line 1")
    Traceback (most recent call last):
    repo_harvest.errors.BadImport: a.jsonl line 1: unknown field 'titel'; did you mean 'title'?
    """
    if not isinstance(values, dict):
        raise BadImport(f'{where}: a line is a JSON object such as {{"title": "…"}}, not {_named(values)}')
    stated: dict[str, tuple[str, ...]] = {}
    about: dict[str, object] = {}
    cleaned = 0
    for name, value in values.items():
        if name in FIELDS:
            stated[name], lost = _texts(value, name, name in _NUMBERS_TOO, where)
            cleaned += lost
            if name in READERS:
                stated[name] = tuple(_agents(name, stated[name], where))
        elif name in _ABOUT:
            about[name] = value
        else:
            raise BadImport(_unknown(name, {**FIELDS, **dict.fromkeys(_ABOUT)}, where, "field"))
    if about.get("dc") is not None:
        cleaned += _add_elements(about["dc"], stated, where)
    return _imported(Record(**stated), about, cleaned, where)


def to_line(imported: Imported) -> dict[str, object]:
    """The line that reads as this record: the inverse of `from_line`, fields that are empty left out.

    >>> to_line(Imported(record=Record(title=("Mentoring",)), datestamp=0))
    {'datestamp': '1970-01-01T00:00:00Z', 'title': ['Mentoring']}
    """
    about: dict[str, object] = {
        "id": imported.id,
        "identifier": imported.identifier,
        "datestamp": None if imported.datestamp is None else utc_text(imported.datestamp),
        "deleted": imported.deleted or None,
        "sets": list(imported.sets) or None,
    }
    return {name: value for name, value in about.items() if value is not None} | imported.record.as_dict()


# --- the parts of a line -----------------------------------------------------------------------------------------


def _add_elements(elements: object, stated: dict[str, tuple[str, ...]], where: str) -> int:
    """Adds what `dc` holds, if nothing is stated beside it; returns how many characters were cleaned away."""
    if not isinstance(elements, dict):
        raise BadImport(f'{where}: dc: the elements are an object such as {{"title": ["…"]}}, not {_named(elements)}')
    beside = next((name for name, texts in stated.items() if texts), None)
    if beside:
        raise BadImport(f"{where}: state the record in 'dc' or in flat fields such as '{beside}', not in both")
    cleaned = 0
    for name, value in elements.items():
        if name not in ELEMENTS:
            raise BadImport(_unknown(name, ELEMENTS, f"{where}: dc", "element"))
        flat = ELEMENTS[name]
        stated[flat], lost = _texts(value, f"dc.{name}", flat in _NUMBERS_TOO, where)
        cleaned += lost
    return cleaned


def _imported(record: Record, about: dict[str, object], cleaned: int, where: str) -> Imported:
    """The record with what the line says about it, each checked."""
    deleted = about.get("deleted")
    if deleted is not None and not isinstance(deleted, bool):
        raise BadImport(f"{where}: deleted: expected true or false, not {_named(deleted)}")
    if not deleted and record == _NOTHING:
        raise BadImport(f'{where}: the line states nothing; give it a title, or "deleted": true')
    identifier = _one(about.get("identifier"), "identifier", where, numbers=False)
    if identifier and not _IDENTIFIER.fullmatch(identifier):
        raise BadImport(f"{where}: identifier: '{identifier}' is no URI such as oai:repository.example:1")
    if identifier and len(identifier) > _LONGEST_IDENTIFIER:
        raise BadImport(f"{where}: identifier: is longer than {_LONGEST_IDENTIFIER} characters")
    datestamp = _one(about.get("datestamp"), "datestamp", where, numbers=False)
    return Imported(
        record=record,
        id=_one(about.get("id"), "id", where, numbers=True),
        identifier=identifier,
        datestamp=_seconds(datestamp, where) if datestamp else None,
        deleted=bool(deleted),
        sets=_sets(about.get("sets"), where),
        cleaned=cleaned,
    )


_NOTHING = Record()


def _texts(value: object, path: str, numbers: bool, where: str) -> tuple[tuple[str, ...], int]:
    """A value's texts that say something, clean, and how many characters that cost."""
    if isinstance(value, str):
        text, lost = clean(value)
        return ((text,) if says_something(text) else ()), lost
    if value is None:
        return (), 0
    if not isinstance(value, list):
        return (_number(value, path, numbers, where),), 0
    texts = []
    cleaned = 0
    for at, item in enumerate(value):
        if isinstance(item, str):
            text, lost = clean(item)
            cleaned += lost
            if says_something(text):
                texts.append(text)
        elif item is not None:
            texts.append(_number(item, f"{path}[{at}]", numbers, where))
    return tuple(texts), cleaned


def _agents(field: str, texts: tuple[str, ...], where: str) -> Iterator[str]:
    """What is said of names and funders, with their addresses checked."""
    for at, text in enumerate(texts):
        try:
            yield str(READERS[field](text))
        except ValueError as error:
            raise BadImport(f"{where}: {field}[{at}]: {error}") from None


def _number(value: object, path: str, numbers: bool, where: str) -> str:
    """A whole number as text, where files write such; an error for anything else."""
    if numbers and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    also = ", or a whole number" if numbers else ""
    raise BadImport(f"{where}: {path}: expected a string or a list of strings{also}, not {_named(value)}")


def _one(value: object, path: str, where: str, *, numbers: bool) -> str | None:
    """A single text, or nothing."""
    if value is None:
        return None
    if isinstance(value, str):
        return clean(value)[0] or None
    if isinstance(value, list):
        raise BadImport(f"{where}: {path}: expected a string, not a list")
    return _number(value, path, numbers, where)


def _seconds(text: str, where: str) -> int:
    """A datestamp as UTC seconds since 1970; a day is its first second (OAI-PMH 2.0 section 3.3)."""
    if match := _DATESTAMP.fullmatch(text):
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups())
        try:
            return int(datetime(year, month, day, hour, minute, second, tzinfo=UTC).timestamp())
        except ValueError:
            raise BadImport(f"{where}: datestamp: '{text}' is no date that exists") from None
    raise BadImport(f"{where}: datestamp: '{text}' is not UTC such as 2021-03-04T05:06:07Z or 2021-03-04")


def _sets(value: object, where: str) -> tuple[str, ...]:
    """The setSpecs, each once."""
    specs, _ = _texts(value, "sets", numbers=False, where=where)
    for spec in specs:
        if not _SET_SPEC.fullmatch(spec):
            raise BadImport(f"{where}: sets: '{spec}' is no setSpec; use letters, figures and -_.!~*'() between colons")
        if len(spec) > _LONGEST_SET_SPEC:
            raise BadImport(f"{where}: sets: a setSpec is longer than {_LONGEST_SET_SPEC} characters")
    return tuple(dict.fromkeys(specs))


def _unknown(name: object, known: dict[str, object] | dict[str, str], where: str, kind: str) -> str:
    """What to say about a key that nobody knows."""
    wanted = clean(str(name))[0][:60]
    near = _OTHER_WORDS.get(wanted.lower()) if kind == "field" else None
    near = near or next(iter(get_close_matches(wanted, known, n=1)), None)
    hint = f"did you mean '{near}'?" if near else f"known are {', '.join(known)}"
    return f"{where}: unknown {kind} '{wanted}'; {hint}"


def _named(value: object) -> str:
    """What a JSON value is, in words."""
    names = {dict: "an object", list: "a list", str: "a string", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")

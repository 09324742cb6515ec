"""An answer of the feed in, as the XML that harvesters get; what a page says of it out.

All is read from the served bytes, so that the page shows nothing that a harvester would not. A page has room for so many
bytes of metadata: every record is named, and where the room ends, what is left of its values is counted and not shown. The
alternative that lost: shorter lists for people than for harvesters, which would not show what harvesters get.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from repo_harvest.formats.landing import item_path
from repo_harvest.web import pages
from repo_harvest.web.explore.query import query_of
from repo_harvest.web.explore.words import DELETIONS, FAULTS, IDENTITY, Meaning
from repo_harvest.web.pages import Moment, Shown

__all__ = ["Entry", "Fault", "Fields", "FormatRow", "Head", "Identity", "Resumption", "Row", "SetRow", "Told", "told"]

_OAI = "{http://www.openarchives.org/OAI/2.0/}"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"
_PREFIXES = {"http://www.w3.org/XML/1998/namespace": "xml", _XSI: "xsi", "http://www.w3.org/1999/xlink": "xlink"}
_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, huge_tree=True, remove_comments=True, remove_pis=True
)
_NOT_HTML = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(17))
    + "]"
)
_ROOM = 85_000  # bytes of HTML for all records of a page
_HEAD, _ROW = 300, 110  # bytes of HTML around the words of a header, and of one value
_MOST_HEADS = 100
_MOST_SETS = 5
_LONGEST = 2000  # characters of one value


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One element that says something: the names that lead to it, its text, and its attributes.

    `cut` is the number of characters that are left out of the text.
    """

    path: str
    value: Shown
    attributes: tuple[tuple[str, str], ...]
    cut: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields:
    """What stands in one container, and what that is called; `more` is the number of elements that there was no room for."""

    name: str
    rows: tuple[Row, ...]
    more: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A header (section 2.5): `path` is that of the item's page, `query` the request for this record alone."""

    identifier: str
    datestamp: Moment
    sets: tuple[str, ...]
    more_sets: int
    deleted: bool
    path: str | None
    query: str
    formats_query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A record, or a header alone: then it has no metadata, just as if it was deleted."""

    head: Head
    title: str | None
    metadata: Fields | None
    about: Fields | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRow:
    """A set (section 4.6)."""

    spec: str
    name: str
    description: str
    records: str
    identifiers: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormatRow:
    """A metadata format (section 4.4); `query` asks for the records in it, or for the one item that was asked about."""

    prefix: str
    schema: Shown
    namespace: str
    query: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """What Identify says (section 4.2): label and values of each element, and what its descriptions hold."""

    fields: tuple[tuple[str, tuple[Shown | Moment, ...]], ...]
    descriptions: tuple[Fields, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumption:
    """Which part of a list this is (section 3.5), counted from 1, and the request for the next page, if there is one."""

    first: int
    last: int
    size: int
    query: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """An error of the protocol (section 3.6)."""

    code: str
    message: str
    about: Meaning


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What one answer says; `others` are the identifiers of the records after the first hundred."""

    kind: str
    date: Moment
    faults: tuple[Fault, ...] = ()
    identity: Identity | None = None
    sets: tuple[SetRow, ...] = ()
    formats: tuple[FormatRow, ...] = ()
    entries: tuple[Entry, ...] = ()
    others: tuple[str, ...] = ()
    resumption: Resumption | None = None

    @property
    def whole(self) -> int | None:
        """How many records there was room for, with all they say; `None` if there was for each."""
        cut = (number for number, entry in enumerate(self.entries) if entry.metadata and entry.metadata.more)
        return next(cut, len(self.entries) if self.others else None)


def told(body: bytes, *, prefix: str = "oai_dc", identifier: str | None = None) -> Told:
    """What the bytes of an answer say; `prefix` is the format of its records, `identifier` the item that was asked about."""
    root = etree.fromstring(body, _PARSER)
    date, payload = pages.moment(_seconds(_text(root, "responseDate"))), root[2]
    kind = etree.QName(payload).localname
    match kind:
        case "error":
            return Told(kind=kind, date=date, faults=tuple(map(_fault, root.iterfind(f"{_OAI}error"))))
        case "Identify":
            return Told(kind=kind, date=date, identity=_identity(payload))
        case "ListSets":
            sets = tuple(map(_set, payload.iterfind(f"{_OAI}set")))
            return Told(kind=kind, date=date, sets=sets, resumption=_resumption(payload, len(sets)))
        case "ListMetadataFormats":
            return Told(kind=kind, date=date, formats=tuple(_format(one, identifier) for one in payload))
        case _:
            return _records(kind, date, payload, prefix)


def _records(kind: str, date: Moment, payload: etree._Element, prefix: str) -> Told:
    found = [element for element in payload if etree.QName(element).localname in {"record", "header"}]
    room = _Room(_ROOM)
    heads = [_head(_header_of(element), prefix) for element in found[:_MOST_HEADS]]
    for head in heads:
        room.take(_HEAD + len((head.query + 2 * head.identifier + "".join(head.sets)).encode()))
    return Told(
        kind=kind,
        date=date,
        entries=tuple(_entry(head, element, room) for head, element in zip(heads, found, strict=False)),
        others=tuple(_text(_header_of(element), "identifier") for element in found[_MOST_HEADS:]),
        resumption=_resumption(payload, len(found)),
    )


def _entry(head: Head, element: etree._Element, room: _Room) -> Entry:
    metadata, about = element.find(f"{_OAI}metadata"), element.findall(f"{_OAI}about")
    title = None if metadata is None else _title(metadata)
    return Entry(
        head=head,
        title=title,
        metadata=None if metadata is None else _fields("Metadata", [metadata], room),
        about=_fields("About the metadata", about, room) if about else None,
    )


def _header_of(element: etree._Element) -> etree._Element:
    header = element.find(f"{_OAI}header")
    return element if header is None else header


def _head(header: etree._Element, prefix: str) -> Head:
    identifier, deleted = _text(header, "identifier"), header.get("status") == "deleted"
    sets = tuple(_clean(spec.text or "") for spec in header.iterfind(f"{_OAI}setSpec"))
    return Head(
        identifier=identifier,
        datestamp=pages.moment(_seconds(_text(header, "datestamp"))),
        sets=sets[:_MOST_SETS],
        more_sets=len(sets[_MOST_SETS:]),
        deleted=deleted,
        path=None if deleted else item_path(identifier),
        query=query_of("GetRecord", metadataPrefix=prefix, identifier=identifier),
        formats_query=query_of("ListMetadataFormats", identifier=identifier),
    )


def _title(metadata: etree._Element) -> str | None:
    """The first title of a record in whatever format, as far as a heading has room for it."""
    for element in metadata.iter("{*}title"):
        if words := " ".join(_own_text(element).split()):
            return words if len(words) <= _LONGEST // 10 else f"{words[: _LONGEST // 10]}…"
    return None


# --- the other answers ---


def _fault(error: etree._Element) -> Fault:
    code = error.get("code", "")
    return Fault(code=code, message=_clean(error.text or ""), about=FAULTS[code])


def _identity(payload: etree._Element) -> Identity:
    said: dict[str, tuple[Shown | Moment, ...]] = {}
    for element in payload.iterchildren(*(f"{_OAI}{name}" for name in IDENTITY)):
        name = etree.QName(element).localname
        said[IDENTITY[name]] = (*said.get(IDENTITY[name], ()), _value(name, _clean(element.text or "")))
    room = _Room(_ROOM)
    descriptions = tuple(_fields("Description", [element], room) for element in payload.iterfind(f"{_OAI}description"))
    return Identity(fields=tuple(said.items()), descriptions=descriptions)


def _value(name: str, text: str) -> Shown | Moment:
    match name:
        case "earliestDatestamp":
            return pages.moment(_seconds(text))
        case "deletedRecord":
            return Shown(text=f"{DELETIONS[text]} ({text})")
        case "adminEmail":
            return Shown(text=text)
        case _:
            return Shown(text=text, href=pages.shown(text).href)


def _set(element: etree._Element) -> SetRow:
    spec, description = _text(element, "setSpec"), element.find(f"{_OAI}setDescription")
    words = "" if description is None else " ".join(_clean("".join(map(str, description.itertext()))).split())
    return SetRow(
        spec=spec,
        name=_text(element, "setName"),
        description=words if len(words) <= _LONGEST // 10 else f"{words[: _LONGEST // 10]}…",
        records=query_of("ListRecords", metadataPrefix="oai_dc", set=spec),
        identifiers=query_of("ListIdentifiers", metadataPrefix="oai_dc", set=spec),
    )


def _format(element: etree._Element, identifier: str | None) -> FormatRow:
    prefix, schema = _text(element, "metadataPrefix"), _text(element, "schema")
    of_item = None if identifier is None else query_of("GetRecord", metadataPrefix=prefix, identifier=identifier)
    return FormatRow(
        prefix=prefix,
        schema=Shown(text=schema, href=pages.shown(schema).href),
        namespace=_text(element, "metadataNamespace"),
        query=of_item or query_of("ListRecords", metadataPrefix=prefix),
    )


def _resumption(payload: etree._Element, many: int) -> Resumption | None:
    element = payload.find(f"{_OAI}resumptionToken")
    if element is None:
        return None
    cursor, verb = int(element.get("cursor", "0")), etree.QName(payload).localname
    return Resumption(
        first=cursor + 1,
        last=cursor + many,
        size=int(element.get("completeListSize", "0")),
        query=query_of(verb, resumptionToken=element.text) if element.text else None,
    )


# --- elements of any format ---


class _Room:
    """How many bytes of HTML a page may still have."""

    def __init__(self, size: int) -> None:
        self._left = size

    @property
    def is_full(self) -> bool:
        return self._left == 0

    def take(self, size: int) -> bool:
        """Whether there is room for so much; then it is taken. Once there is not, there is none for anything."""
        self._left = self._left - size if size <= self._left else 0
        return self._left > 0


def _fields(name: str, containers: Iterable[etree._Element], room: _Room) -> Fields:
    """The elements within, in the order of the document, as far as there is room."""
    rows: list[Row] = []
    more, outermost = 0, [child for container in containers for child in container]
    for element, above in (one for child in outermost for one in _telling(child)):
        row = None if room.is_full else _row(element, above)
        if row is not None and room.take(_ROW + _size(row)):
            rows.append(row)
        else:
            more += 1
    names = ", ".join(dict.fromkeys(etree.QName(child).localname for child in outermost))
    return Fields(name=f"{name}: {names}", rows=tuple(rows), more=more)


def _telling(element: etree._Element, above: tuple[str, ...] = ()) -> Iterator[tuple[etree._Element, tuple[str, ...]]]:
    """An element and those within it, with the names above each, but not those that are there only to hold others."""
    if not len(element) or _own_text(element) or next(_attributes(element), None):
        yield element, above
    for child in element:
        yield from _telling(child, (*above, etree.QName(element).localname))


def _row(element: etree._Element, above: tuple[str, ...]) -> Row:
    """What an element says itself; the outermost above it is not told again."""
    text, path = _own_text(element), (*above[1:], etree.QName(element).localname)
    shown, cut = text[:_LONGEST], len(text[_LONGEST:])
    value = Shown(text=shown, href=None if cut else pages.shown(text).href)
    return Row(path=" / ".join(path), value=value, attributes=tuple(_attributes(element)), cut=cut)


def _attributes(element: etree._Element) -> Iterator[tuple[str, str]]:
    for key, value in element.attrib.items():
        name = etree.QName(str(key))
        prefix = _PREFIXES.get(name.namespace or "")
        if name.namespace != _XSI or name.localname != "schemaLocation":
            yield f"{prefix}:{name.localname}" if prefix else name.localname, _clean(str(value))[:_LONGEST]


def _own_text(element: etree._Element) -> str:
    """What an element says itself, without what the elements in it say."""
    return _clean("".join([element.text or "", *(child.tail or "" for child in element)])).strip()


def _size(row: Row) -> int:
    told = row.path + (row.value.text + (row.value.href or "")) + "".join(map("".join, row.attributes))
    return len(html.escape(told).encode()) + 40 * len(row.attributes)


def _seconds(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def _text(element: etree._Element, name: str) -> str:
    return _clean(element.findtext(f"{_OAI}{name}") or "")


def _clean(text: str) -> str:
    """XML holds some characters that HTML cannot."""
    return _NOT_HTML.sub("\ufffd", text)

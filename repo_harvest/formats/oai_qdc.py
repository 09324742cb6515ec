"""A `Record` in, its qualified Dublin Core out: the DCMI Metadata Terms that say more than the fifteen elements.

Refinements are used where the record knows that they hold: other titles, when it was issued, its abstract, where it
appeared. Addresses, that of the licence too, are marked as such (`dcterms:URI`), and so are dates of W3CDTF.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from repo_harvest.formats.parts import addresses, appearances, iso_dates
from repo_harvest.formats.terms import licence_of
from repo_harvest.formats.xml import leaf, root
from repo_harvest.model import Record

__all__ = ["NAMESPACE", "PREFIX", "SCHEMA", "dated", "identified", "render", "titled", "told"]

PREFIX = "oai_qdc"
NAMESPACE = "http://worldcat.org/xmlschemas/qdc-1.0/"
SCHEMA = "http://worldcat.org/xmlschemas/qdc/1.0/qdc-1.0.xsd"

_NAMESPACES = {"qdc": NAMESPACE, "dc": "http://purl.org/dc/elements/1.1/", "dcterms": "http://purl.org/dc/terms/"}
_PLAIN = (
    ("dc:creator", "creators"),
    ("dc:subject", "subjects"),
    ("dcterms:abstract", "description"),
    ("dc:publisher", "publisher"),
    ("dc:contributor", "contributors"),
    ("dc:type", "type"),
    ("dc:format", "format"),
)
_AROUND = (
    ("dc:source", "source_ref"),
    ("dc:language", "language"),
    ("dc:relation", "relation"),
    ("dc:coverage", "coverage"),
)


def render(record: Record, landing: str | None = None) -> bytes | None:
    """The document in UTF-8, `None` for a record without a title; raises `ValueError` for what XML cannot hold.

    `landing` is the address of our page of the item, told where the record has no address of its own.
    """
    if not record.title:
        return None
    return root(
        "qdc:qualifieddc", _children(record, landing), namespaces=_NAMESPACES, namespace=NAMESPACE, schema=SCHEMA
    )


def _children(record: Record, landing: str | None) -> Iterator[str]:
    yield from titled(record)
    yield from told(record, _PLAIN)
    yield from dated(record)
    yield from identified(record, landing)
    for place in appearances(record):
        yield leaf("dcterms:bibliographicCitation", place.citation)
        if place.container:
            yield leaf("dcterms:isPartOf", place.container)
    yield from told(record, _AROUND)
    licence = licence_of(record)
    for text in dict.fromkeys([*record.rights, *([licence] if licence else [])]):
        yield leaf("dc:rights", text, {"xsi:type": "dcterms:URI" if text == licence else None})


def titled(record: Record) -> Iterator[str]:
    """Its title, and its others as alternatives."""
    for number, title in enumerate(record.title):
        yield leaf("dcterms:alternative" if number else "dc:title", title)


def told(record: Record, rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    """The values of fields as they stand, each in the element that its row (element, field) names."""
    for element, field in rows:
        for text in getattr(record, field):
            yield leaf(element, text)


def dated(record: Record) -> Iterator[str]:
    """When it was issued."""
    exact = set(iso_dates(record))
    for text in record.date:
        yield leaf("dcterms:issued", text, {"xsi:type": "dcterms:W3CDTF" if text in exact else None})


def identified(record: Record, landing: str | None) -> Iterator[str]:
    """Its identifiers, addresses first: many harvesters link a title to the first."""
    known = addresses(record)
    for text in known or ([landing] if landing else []):
        yield leaf("dc:identifier", text, {"xsi:type": "dcterms:URI"})
    for text in record.identifiers:
        if text not in known:
            yield leaf("dc:identifier", text)

"""A `Record` in, its qualified Dublin Core out: the DCMI Metadata Terms that say more than the fifteen elements.

Refinements are used where the record knows that they hold: other titles, when it was issued, its abstract, where it
appeared. Addresses, that of the licence too, are marked as such (`dcterms:URI`), and so are dates of W3CDTF.
"""

from __future__ import annotations

from collections.abc import Iterator

from repo_harvest.formats.parts import addresses, appearances, iso_dates
from repo_harvest.formats.terms import licence_of
from repo_harvest.formats.xml import leaf, root
from repo_harvest.model import Record

__all__ = ["NAMESPACE", "PREFIX", "SCHEMA", "dated", "identified", "render"]

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
    for number, title in enumerate(record.title):
        yield leaf("dcterms:alternative" if number else "dc:title", title)
    for element, field in _PLAIN:
        for text in getattr(record, field):
            yield leaf(element, text)
    yield from dated(record)
    yield from identified(record, landing)
    for element, text in _placed(record):
        yield leaf(element, text)
    licence = licence_of(record)
    for text in dict.fromkeys([*record.rights, *([licence] if licence else [])]):
        yield leaf("dc:rights", text, {"xsi:type": "dcterms:URI" if text == licence else None})


def _placed(record: Record) -> Iterator[tuple[str, str]]:
    """Where it appeared, and what it has to do with."""
    for place in appearances(record):
        yield "dcterms:bibliographicCitation", place.citation
        if place.container:
            yield "dcterms:isPartOf", place.container
    for element, field in _AROUND:
        for text in getattr(record, field):
            yield element, text


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

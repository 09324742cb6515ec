"""A `Record` comes in, its `oai_dc:dc` document comes out: the format that every repository has.

OAI-PMH 2.0 section 5 and schemas/oai_dc.xsd; the elements are those of the Dublin Core Metadata Element Set 1.1,
in the order of `ELEMENTS`, whatever the order of the page was, so that equal records are equal bytes.
The document declares its own namespaces, because it is spliced as bytes into answers and must stand alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from operator import attrgetter

from repo_harvest.formats.parts import addresses, appearances
from repo_harvest.formats.terms import licence_of
from repo_harvest.formats.xml import leaf, root
from repo_harvest.model import Record

__all__ = ["ELEMENTS", "NAMESPACE", "PREFIX", "SCHEMA", "elements", "render"]

PREFIX = "oai_dc"
NAMESPACE = "http://www.openarchives.org/OAI/2.0/oai_dc/"
SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"

_NAMESPACES = {"oai_dc": NAMESPACE, "dc": "http://purl.org/dc/elements/1.1/"}


def render(record: Record, landing: str | None = None) -> bytes:
    """The document in UTF-8, without a declaration; raises `ValueError` for characters that XML cannot hold.

    `landing` is the address of our page of the item: it is told where the record has no address of its own.

    >>> render(Record(title=("On Trust",))).decode().partition(">")[2]
    '<dc:title>On Trust</dc:title></oai_dc:dc>'
    """
    if landing and not addresses(record):
        record = replace(record, identifiers=(landing, *record.identifiers))
    body = [leaf(f"dc:{name}", value) for name, value in elements(record)]
    return root("oai_dc:dc", body, namespaces=_NAMESPACES, namespace=NAMESPACE, schema=SCHEMA)


def elements(record: Record) -> list[tuple[str, str]]:
    """The record as Dublin Core: (element, value) in the order of `ELEMENTS`, no value blank, none twice in an element.

    >>> elements(Record(title=("On Trust",), container=("Probation Journal",), volume=("68",), pages=("4-20",)))
    [('title', 'On Trust'), ('source', 'Probation Journal, 68, 4-20')]
    """
    return [
        (name, value)
        for name, values_of in ELEMENTS
        if (values := values_of(record))
        for value in dict.fromkeys(values)
        if value and not value.isspace()
    ]


def _identifiers(record: Record) -> list[str]:
    """Addresses first: many harvesters link a title to its first identifier."""
    return sorted(record.identifiers, key=lambda value: not value.lower().startswith(("http://", "https://")))


def _sources(record: Record) -> list[str]:
    """Where it appeared, then what else it came from."""
    return [*(place.citation for place in appearances(record)), *record.source_ref]


def _rights(record: Record) -> list[str]:
    """What it states, and the address of its licence, which programs can tell apart."""
    licence = licence_of(record)
    return [*record.rights, *([licence] if licence else [])]


ELEMENTS: tuple[tuple[str, Callable[[Record], Iterable[str]]], ...] = (
    ("title", attrgetter("title")),
    ("creator", attrgetter("creators")),
    ("subject", attrgetter("subjects")),
    ("description", attrgetter("description")),
    ("publisher", attrgetter("publisher")),
    ("contributor", attrgetter("contributors")),
    ("date", attrgetter("date")),
    ("type", attrgetter("type")),
    ("format", attrgetter("format")),
    ("identifier", _identifiers),
    ("source", _sources),
    ("language", attrgetter("language")),
    ("relation", attrgetter("relation")),
    ("coverage", attrgetter("coverage")),
    ("rights", _rights),
)
"""Each element of Dublin Core 1.1 and where a record keeps its values."""

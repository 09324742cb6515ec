"""A `Record` comes in, its `oai_dc:dc` document comes out: the format that every repository has.

OAI-PMH 2.0 section 5 and schemas/oai_dc.xsd; the elements are those of the Dublin Core Metadata Element Set 1.1,
in the order of `ELEMENTS`, whatever the order of the page was, so that equal records are equal bytes.
The document declares its own namespaces, because it is spliced as bytes into answers and must stand alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import zip_longest
from operator import attrgetter

from repo_harvest.formats.xml import escape
from repo_harvest.model import Record

__all__ = ["ELEMENTS", "NAMESPACE", "PREFIX", "SCHEMA", "elements", "render"]

PREFIX = "oai_dc"
NAMESPACE = "http://www.openarchives.org/OAI/2.0/oai_dc/"
SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"

_OPEN = (
    f'<oai_dc:dc xmlns:oai_dc="{NAMESPACE}" xmlns:dc="http://purl.org/dc/elements/1.1/" '
    f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="{NAMESPACE} {SCHEMA}">'
)
_CLOSE = "</oai_dc:dc>"


def render(record: Record) -> bytes:
    """The document in UTF-8, without a declaration; raises `ValueError` for characters that XML cannot hold.

    >>> render(Record(title=("On Trust",))).decode().partition(">")[2]
    '<dc:title>On Trust</dc:title></oai_dc:dc>'
    """
    body = "".join([f"<dc:{name}>{escape(value)}</dc:{name}>" for name, value in elements(record)])
    return f"{_OPEN}{body}{_CLOSE}".encode()


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
    return [*_citations(record), *record.source_ref]


def _citations(record: Record) -> Iterator[str]:
    """`Container, 12(3), 45-67`, without what is not known; the second volume belongs to the second container."""
    if record.container or record.volume or record.issue or record.pages:
        for container, volume, issue, pages in zip_longest(
            record.container, record.volume, record.issue, record.pages, fillvalue=""
        ):
            number = f"{volume}({issue})" if issue else volume
            yield ", ".join(part for part in (container, number, pages) if part)


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
    ("rights", attrgetter("rights")),
)
"""Each element of Dublin Core 1.1 and where a record keeps its values."""

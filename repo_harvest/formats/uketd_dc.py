"""A `Record` in, its UKETD_DC document out: a thesis as the British Library's EThOS harvested it.

UKETD_DC 2.0: Dublin Core with DCMI terms, and terms of its own for the institution, the level of the qualification, the author's
ORCID iD, and who paid for the work.
"""

from __future__ import annotations

from collections.abc import Iterator

from repo_harvest.formats.agents import funding, name_identifiers
from repo_harvest.formats.oai_qdc import dated, identified, titled, told
from repo_harvest.formats.terms import kind_of
from repo_harvest.formats.xml import leaf, root
from repo_harvest.model import Record

__all__ = ["NAMESPACE", "PREFIX", "SCHEMA", "render"]

PREFIX = "uketd_dc"
NAMESPACE = "http://naca.central.cranfield.ac.uk/ethos-oai/2.0/"
SCHEMA = "http://naca.central.cranfield.ac.uk/ethos-oai/2.0/uketd_dc.xsd"

_NAMESPACES = {
    "uketd_dc": NAMESPACE,
    "uketdterms": "http://naca.central.cranfield.ac.uk/ethos-oai/terms/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
}
_PLAIN = (
    ("dc:creator", "creators"),
    ("dc:contributor", "contributors"),
    ("dc:subject", "subjects"),
    ("dcterms:abstract", "description"),
    ("uketdterms:institution", "publisher"),
    ("dc:type", "type"),
    ("dc:format", "format"),
    ("dc:language", "language"),
    ("dc:coverage", "coverage"),
    ("dc:rights", "rights"),
)


def render(record: Record, landing: str | None = None) -> bytes | None:
    """The document in UTF-8, `None` for a record that is no thesis; raises `ValueError` for what XML cannot hold.

    `landing` is the address of our page of the item, told where the record has no address of its own.
    """
    kind = kind_of(record)
    if kind is None or kind.of_thesis is None or not record.title:
        return None
    children = _children(record, kind.of_thesis, landing)
    return root("uketd_dc:uketddc", children, namespaces=_NAMESPACES, namespace=NAMESPACE, schema=SCHEMA)


def _children(record: Record, level: str, landing: str | None) -> Iterator[str]:
    yield from titled(record)
    yield from told(record, _PLAIN)
    yield from dated(record)
    if level:
        yield leaf("uketdterms:qualificationlevel", level)
    yield from identified(record, landing)
    yield from _numbers(record)


def _numbers(record: Record) -> Iterator[str]:
    """The identifiers of its authors, and its sponsors with the numbers of their grants."""
    known = name_identifiers(record)
    for name in record.creators:
        if name in known and known[name].scheme == "ORCID":
            yield leaf("uketdterms:authoridentifier", known[name].number, {"xsi:type": "uketdterms:ORCID"})
    paid = funding(record)
    for funder in dict.fromkeys(one.funder for one in paid):
        yield leaf("uketdterms:sponsor", funder)
    for one in paid:
        if one.award:
            yield leaf("uketdterms:grantnumber", one.award)

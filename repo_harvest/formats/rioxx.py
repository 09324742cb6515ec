"""A `Record` in, its RIOXX 3.0 document out, for works whose kind, language, creator and page here are known.

The date of acceptance and the project, which the profile wants too, are not what a page of publications tells: they are
left out, as schemas/rioxx-3.xsd allows and says. A grant has a number: a funder without one is left out. Addresses elsewhere are external relations: nothing is deposited here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from repo_harvest.formats.agents import funding, name_identifiers
from repo_harvest.formats.parts import addresses, appearances, iso_dates
from repo_harvest.formats.terms import Kind, kind_of, language_tag
from repo_harvest.formats.xml import branch, leaf, root
from repo_harvest.model import NameIdentifier, Record

__all__ = ["NAMESPACE", "PREFIX", "SCHEMA", "render"]

PREFIX = "rioxx"
NAMESPACE = "http://www.rioxx.net/schema/v3.0/rioxx/"
SCHEMA = "http://www.rioxx.net/schema/v3.0/rioxx/rioxx.xsd"

_NAMESPACES = {
    "rioxx": NAMESPACE,
    "rioxxterms": "http://www.rioxx.net/schema/v3.0/rioxxterms/",
    "dc": "http://purl.org/dc/elements/1.1/",
}
_ADDRESS = re.compile(r"https?://[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+", re.IGNORECASE)  # RFC 3986, characters of a URI
_LASTING = ("https://doi.org/", "https://hdl.handle.net/")


def render(record: Record, landing: str | None = None) -> bytes | None:
    """The document in UTF-8, `None` for a record that cannot fill it; raises `ValueError` for what XML cannot hold.

    `landing` is the address of our page of the item, which is its identifier.
    """
    kind, language = kind_of(record), language_tag(record)
    if not (landing and kind and language and record.title and record.creators):
        return None
    known = name_identifiers(record)
    children = (
        *(leaf("dc:coverage", text) for text in record.coverage),
        *(leaf("dc:description", text) for text in record.description),
        leaf("dc:identifier", landing),
        leaf("dc:language", language),
        *(leaf("dc:source", text) for text in _source(record)),
        *(leaf("dc:subject", text) for text in record.subjects),
        leaf("dc:title", ": ".join(record.title)),
        leaf("dc:type", kind.coar),
        *(_agent("contributor", name, known.get(name)) for name in record.contributors),
        *(_agent("creator", name, known.get(name), first=not number) for number, name in enumerate(record.creators)),
        *_relations(record, kind),
        *_grants(record),
        *(leaf("rioxxterms:publication_date", text) for text in iso_dates(record)[:1]),
        *(_agent("publisher", name, known.get(name)) for name in record.publisher),
    )
    return root("rioxx:rioxx", children, namespaces=_NAMESPACES, namespace=NAMESPACE, schema=SCHEMA)


def _source(record: Record) -> list[str]:
    """What it is part of: one work at most."""
    return [place.container for place in appearances(record) if place.container][:1]


def _agent(role: str, name: str, known: NameIdentifier | None, *, first: bool = False) -> str:
    attributes = {"first-named-author": "true"} if first else {}
    inside = [leaf("rioxxterms:name", name), *([leaf("rioxxterms:id", known.address)] if known else [])]
    return branch(f"rioxxterms:{role}", inside, attributes)


def _grants(record: Record) -> Iterator[str]:
    for one in funding(record):
        if one.award:
            yield leaf("rioxxterms:grant", one.award, {"funder_name": one.funder, "funder_id": one.address})


def _relations(record: Record, kind: Kind) -> Iterator[str]:
    for address in addresses(record):
        if _ADDRESS.fullmatch(address):
            relation = "cite-as" if address.startswith(_LASTING) else "alternate"
            yield leaf("rioxxterms:ext_relation", address, {"rel": relation, "coar_type": kind.coar})

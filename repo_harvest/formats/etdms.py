"""A `Record` in, its ETD-MS document out: a thesis as the Networked Digital Library of Theses and Dissertations describes it.

ETD-MS 1.0: elements of Dublin Core, six of which are mandatory, and the degree. Names may have an address (`resource`). Of the degree its level is known, and who granted it if
that published the thesis.
"""

from __future__ import annotations

from dataclasses import replace

from repo_harvest.formats.agents import name_identifiers
from repo_harvest.formats.oai_dc import elements
from repo_harvest.formats.parts import addresses, iso_dates
from repo_harvest.formats.terms import kind_of
from repo_harvest.formats.xml import branch, leaf, root
from repo_harvest.model import Record

__all__ = ["NAMESPACE", "PREFIX", "SCHEMA", "render"]

PREFIX = "etdms"
NAMESPACE = "http://www.ndltd.org/standards/metadata/etdms/1.0/"
SCHEMA = "http://www.ndltd.org/standards/metadata/etdms/1.0/etdms.xsd"

_ORDER = [
    "title",
    "alternativeTitle",
    "creator",
    "subject",
    "description",
    "publisher",
    "contributor",
    "date",
    "type",
    "format",
    "identifier",
    "language",
    "coverage",
    "rights",
]
_MANDATORY = {"title", "creator", "subject", "date", "type", "identifier"}
_AGENTS = {"creator", "publisher", "contributor"}
_ONCE = {"title", "date"}


def render(record: Record, landing: str | None = None) -> bytes | None:
    """The document in UTF-8, `None` for a record that is no thesis or does not say what is mandatory.

    `landing` is the address of our page of the item, told where the record has no address of its own. Raises `ValueError` for
    what XML cannot hold.
    """
    kind = kind_of(record)
    if kind is None or kind.of_thesis is None:
        return None
    told = _told(record, landing)
    if not told.keys() >= _MANDATORY:
        return None
    known = name_identifiers(record)
    children = [
        leaf(name, text, {"resource": known[text].address} if name in _AGENTS and text in known else {})
        for name in _ORDER
        for text in told.get(name, ())
    ]
    children.append(_degree(record, kind.of_thesis))
    return root("thesis", children, namespaces={"": NAMESPACE}, namespace=NAMESPACE, schema=SCHEMA)


def _told(record: Record, landing: str | None) -> dict[str, list[str]]:
    """What stands in each element."""
    told: dict[str, list[str]] = {}
    if landing and not addresses(record):
        told["identifier"] = [landing]
    for name, text in elements(replace(record, date=tuple(iso_dates(record)))):
        told.setdefault(name, []).append(text)
    if len(told.get("title", ())) > 1:
        told["alternativeTitle"] = told["title"][1:]
    return {name: texts[:1] if name in _ONCE else texts for name, texts in told.items()}


def _degree(record: Record, level: str) -> str:
    grantor = [leaf("grantor", text) for text in record.publisher[:1]]
    return branch("degree", [leaf("level", level), *grantor] if level else grantor)

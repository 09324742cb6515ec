"""A `Record` in, its ETD-MS document out: a thesis as the Networked Digital Library of Theses and Dissertations describes it.

ETD-MS 1.0: the fifteen elements of Dublin Core, and the degree. Of the degree its level is known, and who granted it if
that published the thesis.
"""

from __future__ import annotations

from collections.abc import Iterator

from repo_harvest.formats.oai_dc import elements
from repo_harvest.formats.parts import addresses
from repo_harvest.formats.terms import kind_of
from repo_harvest.formats.xml import branch, leaf, root
from repo_harvest.model import Record

__all__ = ["NAMESPACE", "PREFIX", "SCHEMA", "render"]

PREFIX = "etdms"
NAMESPACE = "http://www.ndltd.org/standards/metadata/etdms/1.0/"
SCHEMA = "http://www.ndltd.org/standards/metadata/etdms/1.0/etdms.xsd"

_ORDER = [
    "title",
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


def render(record: Record, landing: str | None = None) -> bytes | None:
    """The document in UTF-8, `None` for a record that is no thesis; raises `ValueError` for what XML cannot hold.

    `landing` is the address of our page of the item, told where the record has no address of its own.
    """
    kind = kind_of(record)
    if kind is None or kind.of_thesis is None or not record.title:
        return None
    children = [*_described(record, landing), _degree(record, kind.of_thesis)]
    return root("thesis", children, namespaces={"": NAMESPACE}, namespace=NAMESPACE, schema=SCHEMA)


def _described(record: Record, landing: str | None) -> Iterator[str]:
    told = elements(record)
    for wanted in _ORDER:
        if wanted == "identifier" and landing and not addresses(record):
            yield leaf(wanted, landing)
        for name, text in told:
            if name == wanted:
                yield leaf(name, text)


def _degree(record: Record, level: str) -> str:
    grantor = [leaf("grantor", text) for text in record.publisher[:1]]
    return branch("degree", [leaf("level", level), *grantor] if level else grantor)

"""The metadata formats: a `Record` comes in, its `Rendition` in every format it can fill comes out.

To add a format, write one module, add one row to `FORMATS`, and put its schema into `schemas/`.
Every item has oai_dc (OAI-PMH 2.0 section 5); what the rows say is what ListMetadataFormats answers (section 4.4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Protocol, TypeAlias

from lxml import etree

from repo_harvest.formats import etdms, marcxml, mods, oai_datacite, oai_dc, oai_openaire, oai_qdc, rioxx, uketd_dc
from repo_harvest.formats.rioxx_rules import broken_rules
from repo_harvest.model import Problem, Record, Rendition

__all__ = ["FORMATS", "Format", "Rules", "render"]

Rules: TypeAlias = "Callable[[etree._Element], Iterable[Problem]]"  # noqa: SLF001 -- lxml gives elements no other name
"""The root of a document that its schema accepts, in; what is wrong with it all the same, out."""


class _Module(Protocol):
    """What the module of a format says of itself."""

    PREFIX: str
    NAMESPACE: str
    SCHEMA: str

    def render(self, record: Record, landing: str | None = None) -> bytes | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A metadata format (OAI-PMH 2.0 section 3.4).

    `schema` is the public URL of its XML Schema, `file` ours in `schemas/`, which validates; `rules` finds what is wrong with
    a document that no schema can say.
    `render` gives a self-contained document in UTF-8, or `None` for a record that cannot fill this format; it is given the
    address of our page of the item too, where there is one.
    """

    prefix: str
    namespace: str
    schema: str
    file: str
    render: Callable[[Record, str | None], bytes | None]
    rules: Rules | None = None


_ROWS: tuple[tuple[_Module, str, Rules | None], ...] = (
    (oai_dc, "oai_dc.xsd", None),
    (oai_qdc, "qdc-1.0.xsd", None),
    (mods, "mods-3-4.xsd", None),
    (marcxml, "MARC21slim.xsd", None),
    (rioxx, "rioxx-3.xsd", broken_rules),
    (oai_openaire, "openaire-4.xsd", None),
    (oai_datacite, "datacite-4.xsd", None),
    (etdms, "etdms.xsd", None),
    (uketd_dc, "uketd_dc.xsd", None),
)
FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        module.PREFIX: Format(
            prefix=module.PREFIX,
            namespace=module.NAMESPACE,
            schema=module.SCHEMA,
            file=file,
            render=module.render,
            rules=rules,
        )
        for module, file, rules in _ROWS
    }
)
"""Every format served, by metadataPrefix."""


def render(record: Record, landing: str | None = None) -> tuple[Rendition, ...]:
    """The record in every format it can fill, in the order of `FORMATS`; `()` if it says nothing at all.

    `landing` is the address of our page of the item. Raises `ValueError` for characters that XML cannot hold.

    >>> [rendition.prefix for rendition in render(Record(title=("On Trust",)))]
    ['oai_dc', 'oai_qdc', 'mods', 'marcxml']
    >>> render(Record())
    ()
    """
    if not oai_dc.elements(record):
        return ()
    return tuple(
        Rendition(prefix=format_.prefix, metadata=metadata)
        for format_ in FORMATS.values()
        if (metadata := format_.render(record, landing)) is not None
    )

"""Our schema files out, each with the official one that it stands for: its address and version, and the formats judged by it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from repo_harvest.formats.registry import FORMATS
from repo_harvest.formats.schemas import directory, reader
from repo_harvest.verify.compare import files_of, read_schema

__all__ = ["PUBLISHED", "Listed", "Published", "listed"]

_OAI = "http://www.openarchives.org/OAI/2.0"
_DCMI = "http://dublincore.org/schemas/xmls/qdc/2008/02/11"
_LOC = "http://www.loc.gov/standards"
_OPENAIRE = "https://www.openaire.eu/schema/repo-lit/4.0"
_RIOXX = "http://www.rioxx.net/schema/v3.0"
_ETHOS = "http://naca.central.cranfield.ac.uk/ethos-oai/2.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Where an official schema is published, and which version of it ours is written after."""

    address: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A schema file of ours: the formats that it judges, none for what only the protocol uses; and the official one."""

    file: str
    namespace: str
    formats: tuple[str, ...]
    official: Published


PUBLISHED: Mapping[str, Published] = MappingProxyType(
    {
        file: Published(address=address, version=version)
        for file, address, version in (
            ("OAI-PMH.xsd", f"{_OAI}/OAI-PMH.xsd", "2.0"),
            ("oai-identifier.xsd", f"{_OAI}/oai-identifier.xsd", "2.0"),
            ("provenance.xsd", f"{_OAI}/provenance.xsd", "2.0"),
            ("friends.xsd", f"{_OAI}/friends.xsd", "2.0"),
            ("rights.xsd", f"{_OAI}/rights.xsd", "2.0"),
            ("rightsManifest.xsd", f"{_OAI}/rightsManifest.xsd", "2.0"),
            ("oai_dc.xsd", f"{_OAI}/oai_dc.xsd", "2.0"),
            ("simpledc20021212.xsd", "http://dublincore.org/schemas/xmls/simpledc20021212.xsd", "2002-12-12"),
            ("qdc-1.0.xsd", "http://worldcat.org/xmlschemas/qdc/1.0/qdc-1.0.xsd", "1.0"),
            ("dc.xsd", f"{_DCMI}/dc.xsd", "2008-02-11"),
            ("dcterms.xsd", f"{_DCMI}/dcterms.xsd", "2008-02-11"),
            ("dcmitype.xsd", f"{_DCMI}/dcmitype.xsd", "2008-02-11"),
            ("mods-3-4.xsd", f"{_LOC}/mods/v3/mods-3-4.xsd", "3.4"),
            ("xlink.xsd", f"{_LOC}/xlink/xlink.xsd", "1.0"),
            ("MARC21slim.xsd", f"{_LOC}/marcxml/schema/MARC21slim.xsd", "1.1"),
            ("rioxx-3.xsd", f"{_RIOXX}/rioxx/rioxx.xsd", "3.0"),
            ("rioxxterms-3.xsd", f"{_RIOXX}/rioxx/rioxxterms.xsd", "3.0"),
            ("rioxx-dc.xsd", f"{_DCMI}/dc.xsd", "2008-02-11"),
            ("rioxx-dcterms.xsd", f"{_DCMI}/dcterms.xsd", "2008-02-11"),
            ("openaire-4.xsd", f"{_OPENAIRE}/openaire.xsd", "4.0"),
            ("openaire-datacite.xsd", f"{_OPENAIRE}/datacite-v4.xsd", "4.0"),
            ("openaire-dc.xsd", f"{_OPENAIRE}/dc.xsd", "4.0"),
            ("openaire-dcterms.xsd", f"{_OPENAIRE}/dcterms.xsd", "4.0"),
            ("datacite-4.xsd", "http://schema.datacite.org/meta/kernel-4/metadata.xsd", "4.6"),
            ("etdms.xsd", "http://www.ndltd.org/standards/metadata/etdms/1.0/etdms.xsd", "1.0"),
            ("uketd_dc.xsd", f"{_ETHOS}/uketd_dc.xsd", "2.0"),
            ("uketdterms.xsd", f"{_ETHOS}/uketdterms.xsd", "2.0"),
            ("xml.xsd", "http://www.w3.org/2001/xml.xsd", "2009-01"),
        )
    }
)
"""By the name of our file."""


def listed() -> tuple[Listed, ...]:
    """Every schema of ours, in the order of `PUBLISHED`."""
    read = reader(directory())
    judges: dict[str, list[str]] = {file: [] for file in PUBLISHED}
    for one in FORMATS.values():
        for file, _, _ in files_of(read, {one.namespace: one.file}):
            judges[file].append(one.prefix)
    return tuple(
        Listed(
            file=file,
            namespace=str(read_schema(read, file).get("targetNamespace")),
            formats=tuple(judges[file]),
            official=official,
        )
        for file, official in PUBLISHED.items()
    )

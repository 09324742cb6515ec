"""The schemas that are compared: one row for each set of them that is compiled together.

A new set is a row here and a file of valid documents, tests/formats/samples/NAME.xml, whose root element declares a
prefix for every namespace of the set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import schema_documents
import schema_samples
from lxml import etree
from schema_changes import PROBE, XML, XS, Names, Node
from schema_documents import DC, OAI, OAI_DC, OAI_ID
from schema_rioxx import RIOXX, TERMS, corrected, our_rule, published_rule

from repo_harvest.formats.schemas import Read

MARC = "http://www.loc.gov/MARC21/slim"
DATACITE = "http://datacite.org/schema/kernel-4"
OPENAIRE = "http://namespace.openaire.eu/schema/oaire/"
DCTERMS, QDC = "http://purl.org/dc/terms/", "http://worldcat.org/xmlschemas/qdc-1.0/"
ETDMS = "http://www.ndltd.org/standards/metadata/etdms/1.0/"
ETHOS = "http://naca.central.cranfield.ac.uk/ethos-oai/"
MODS, XLINK = "http://www.loc.gov/mods/v3", "http://www.w3.org/1999/xlink"

Rule = Callable[[Node], bool]

ANYTHING = f"""
<xs:schema xmlns:xs="{XS}" targetNamespace="{PROBE}" elementFormDefault="qualified">
  <xs:element name="anything" type="xs:anyType"/>
</xs:schema>"""  # an element that xsi:type can give any type

BORROWER = f"""
<xs:schema xmlns:xs="{XS}" xmlns:dc="{DC}" xmlns:probe="{PROBE}" targetNamespace="{PROBE}" elementFormDefault="qualified">
  <xs:import namespace="{XML}" schemaLocation="xml.xsd"/>
  <xs:import namespace="{DC}" schemaLocation="simpledc20021212.xsd"/>
  <xs:element name="anything" type="xs:anyType"/>
  <xs:element name="borrower">
    <xs:complexType>
      <xs:sequence><xs:group ref="dc:elementsGroup"/><xs:element ref="probe:borrower" minOccurs="0" maxOccurs="9"/></xs:sequence>
      <xs:attributeGroup ref="xml:specialAttrs"/>
    </xs:complexType>
  </xs:element>
</xs:schema>"""  # the same, and what other schemas may build upon


@dataclass(frozen=True, slots=True, kw_only=True)
class SchemaSet:
    """Which of our schemas, which official ones, and which documents.

    `ours` and `official` say where each namespace starts, by file name; `official` only where its name is another.
    `folders` are those of the official files below xsd/, `unmatched` our files of which there is no official copy:
    both sides read these. `corrected` makes of an official file, by its name and content, what it should have been;
    `rules` are what our side asks of a document beside its schemas, and what the official side does, once it has read them.
    """

    name: str
    ours: Mapping[str, str]
    folders: tuple[str, ...]
    official: Mapping[str, str] = field(default_factory=dict)
    unmatched: frozenset[str] = frozenset()
    corrected: Callable[[str, bytes], bytes] | None = None
    rules: tuple[Rule, Callable[[Read], Rule]] | None = None
    probe: str = ANYTHING
    made: Callable[[int, int, Names], Iterator[bytes]] | None = None

    def documents(self, seed: int, most: int, names: Names) -> Iterator[bytes]:
        """The documents that it makes itself, or those made from its samples."""
        if self.made:
            return self.made(seed, most, names)
        return schema_samples.documents(schema_samples.FOLDER / f"{self.name}.xml", seed, most, names)

    def matched(self) -> bool:
        """Whether there is anything official to hold ours against."""
        return not self.unmatched >= {*self.ours.values()}

    def prefixes(self) -> dict[str, str]:
        """A prefix for each namespace, as the documents declare it."""
        if self.made:
            return {namespace: prefix for prefix, namespace in schema_documents.PREFIXES.items()}
        top = etree.parse(schema_samples.FOLDER / f"{self.name}.xml").getroot()
        return {namespace: prefix for prefix, namespace in schema_samples.prefixes_of(top).items()}


SETS = (
    SchemaSet(
        name="oai",
        ours={OAI: "OAI-PMH.xsd", OAI_DC: "oai_dc.xsd", OAI_ID: "oai-identifier.xsd"},
        folders=("oai",),
        probe=BORROWER,
        made=schema_documents.documents,
    ),
    SchemaSet(name="marc21", ours={MARC: "MARC21slim.xsd"}, folders=("loc",)),
    SchemaSet(
        name="datacite",
        ours={DATACITE: "datacite-4.xsd"},
        official={DATACITE: "metadata.xsd"},
        folders=("datacite/kernel-4.6", "datacite/kernel-4.6/include"),
    ),
    SchemaSet(
        name="openaire",
        ours={
            OPENAIRE: "openaire-4.xsd",
            DATACITE: "openaire-datacite.xsd",
            DC: "openaire-dc.xsd",
            DCTERMS: "openaire-dcterms.xsd",
        },
        official={OPENAIRE: "openaire.xsd", DATACITE: "datacite-v4.xsd", DC: "dc.xsd", DCTERMS: "dcterms.xsd"},
        folders=("openaire/4.0",),
    ),
    SchemaSet(
        name="rioxx",
        ours={RIOXX: "rioxx-3.xsd", TERMS: "rioxxterms-3.xsd", DC: "rioxx-dc.xsd", DCTERMS: "rioxx-dcterms.xsd"},
        official={RIOXX: "rioxx.xsd", TERMS: "rioxxterms.xsd", DC: "dc.xsd", DCTERMS: "dcterms.xsd"},
        folders=("rioxx/v3.0", "dcmi"),
        corrected=corrected,
        rules=(our_rule, published_rule),
    ),
    SchemaSet(name="mods", ours={MODS: "mods-3-4.xsd", XLINK: "xlink.xsd"}, folders=("loc",)),
    SchemaSet(
        name="qdc",
        ours={QDC: "qdc-1.0.xsd", DC: "dc.xsd", DCTERMS: "dcterms.xsd"},
        folders=("dcmi",),
        unmatched=frozenset({"qdc-1.0.xsd"}),
    ),
    SchemaSet(name="etdms", ours={ETDMS: "etdms.xsd"}, folders=(), unmatched=frozenset({"etdms.xsd"})),
    SchemaSet(
        name="uketd_dc",
        ours={f"{ETHOS}2.0/": "uketd_dc.xsd", f"{ETHOS}terms/": "uketdterms.xsd", DC: "dc.xsd"},
        folders=("dcmi",),
        unmatched=frozenset({"uketd_dc.xsd", "uketdterms.xsd"}),
    ),
)

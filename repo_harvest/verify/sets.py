"""The schemas that are compared: one row for each set of them that is compiled together.

A new set is a row here and a file of valid documents, samples/NAME.xml, whose root element declares a prefix for every
namespace of the set.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree

from repo_harvest.formats.schemas import Read
from repo_harvest.verify import mutants, protocol
from repo_harvest.verify.changes import PROBE, XML, XS, Names, Node
from repo_harvest.verify.protocol import DC, OAI, OAI_DC, OAI_ID
from repo_harvest.verify.rioxx import RIOXX, TERMS, corrected, our_rule, published_rule

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
    Of the files in `rare` people seldom have an official copy: without one, both sides read ours. Those in `own` have names
    that another publisher uses for other files. `corrected` makes of an official file, by its name and content, what it
    should have been; `rules` are what our side asks of a document beside its schemas, and what the official side does, once it has read them.
    """

    name: str
    ours: Mapping[str, str]
    official: Mapping[str, str] = field(default_factory=dict)
    rare: frozenset[str] = frozenset()
    own: frozenset[str] = frozenset()
    corrected: Callable[[str, bytes], bytes] | None = None
    rules: tuple[Rule, Callable[[Read], Rule]] | None = None
    probe: str = ANYTHING
    made: Callable[[int, int, Names], Iterator[bytes]] | None = None

    def documents(self, seed: int, most: int, names: Names) -> Iterator[bytes]:
        """The documents that it makes itself, or those made from its samples."""
        if self.made:
            return self.made(seed, most, names)
        return mutants.documents(mutants.FOLDER / f"{self.name}.xml", seed, most, names)

    def prefixes(self) -> dict[str, str]:
        """A prefix for each namespace, as the documents declare it."""
        if self.made:
            return {namespace: prefix for prefix, namespace in protocol.PREFIXES.items()}
        top = etree.parse(mutants.FOLDER / f"{self.name}.xml").getroot()
        return {namespace: prefix for prefix, namespace in mutants.prefixes_of(top).items()}


SETS = (
    SchemaSet(
        name="oai",
        ours={OAI: "OAI-PMH.xsd", OAI_DC: "oai_dc.xsd", OAI_ID: "oai-identifier.xsd"},
        probe=BORROWER,
        made=protocol.documents,
    ),
    SchemaSet(name="marc21", ours={MARC: "MARC21slim.xsd"}),
    SchemaSet(
        name="datacite",
        ours={DATACITE: "datacite-4.xsd"},
        official={DATACITE: "metadata.xsd"},
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
        own=frozenset({"dc.xsd", "dcterms.xsd"}),
    ),
    SchemaSet(
        name="rioxx",
        ours={RIOXX: "rioxx-3.xsd", TERMS: "rioxxterms-3.xsd", DC: "rioxx-dc.xsd", DCTERMS: "rioxx-dcterms.xsd"},
        official={RIOXX: "rioxx.xsd", TERMS: "rioxxterms.xsd", DC: "dc.xsd", DCTERMS: "dcterms.xsd"},
        corrected=corrected,
        rules=(our_rule, published_rule),
    ),
    SchemaSet(name="mods", ours={MODS: "mods-3-4.xsd", XLINK: "xlink.xsd"}),
    SchemaSet(
        name="qdc",
        ours={QDC: "qdc-1.0.xsd", DC: "dc.xsd", DCTERMS: "dcterms.xsd"},
        rare=frozenset({"qdc-1.0.xsd"}),
    ),
    SchemaSet(name="etdms", ours={ETDMS: "etdms.xsd"}, rare=frozenset({"etdms.xsd"})),
    SchemaSet(
        name="uketd_dc",
        ours={f"{ETHOS}2.0/": "uketd_dc.xsd", f"{ETHOS}terms/": "uketdterms.xsd", DC: "dc.xsd"},
        rare=frozenset({"uketd_dc.xsd", "uketdterms.xsd"}),
    ),
)

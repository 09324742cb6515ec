"""Are the schemas of this repository as strict as the official ones? Holds both against many documents.

    python bench/compare_schemas.py [--shared DIR] [--mutants N] [--seed S]

Every document is judged by both, and both must say the same; `schema_documents` makes them.
Exit status 0: the same verdict on every document; 1: they disagree; 2: the official schemas are not in DIR/xsd.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree
from schema_documents import (
    DC,
    OAI,
    OAI_DC,
    OAI_ID,
    OTHER_ELEMENTS,
    OTHER_TYPES,
    PREFIXES,
    PROBE,
    XML,
    XS,
    Names,
    documents,
)

from repo_harvest.formats.schemas import Read, compile_schema, directory, reader

FOLDERS = {
    "OAI-PMH.xsd": "oai",
    "oai_dc.xsd": "oai",
    "simpledc20021212.xsd": "oai",
    "oai-identifier.xsd": "oai",
    "xml.xsd": "w3c",
}
IMPORTS = {OAI: "OAI-PMH.xsd", OAI_DC: "oai_dc.xsd", OAI_ID: "oai-identifier.xsd", PROBE: "probe.xsd"}

PROBE_SCHEMA = f"""
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
</xs:schema>"""  # what other schemas may build upon, and an element that xsi:type can give any type


@dataclass(slots=True)
class Counts:
    """What came of it; `disagreements` holds (valid by ours, the document)."""

    valid: int = 0
    invalid: int = 0
    disagreements: list[tuple[bool, bytes]] = field(default_factory=list)

    def __str__(self) -> str:
        total = self.valid + self.invalid + len(self.disagreements)
        return (
            f"documents {total:,}: valid by both {self.valid:,}, invalid by both {self.invalid:,}, "
            f"disagreements {len(self.disagreements):,}"
        )


def compare(ours: Read, official: Read, these: Iterable[bytes]) -> Counts:
    """Judges each different document by both; what is not well-formed is not a document."""
    counts, seen = Counts(), set[int]()
    left, right = (compile_schema(IMPORTS, with_probe(read)) for read in (ours, official))
    for document in these:
        if (key := hash(document)) in seen:
            continue
        seen.add(key)
        try:
            root = etree.fromstring(document)
        except etree.XMLSyntaxError:
            continue
        verdict = left.validate(root)
        if verdict != right.validate(root):
            counts.disagreements.append((verdict, document))
        elif verdict:
            counts.valid += 1
        else:
            counts.invalid += 1
    return counts


def with_probe(read: Read) -> Read:
    return lambda location: PROBE_SCHEMA.encode() if location.endswith("probe.xsd") else read(location)


def official_reader(shared: Path) -> Read:
    """The official files by their names, whatever public address they import each other by."""

    def read(location: str) -> bytes:
        name = location.rpartition("/")[2]
        return (shared / "xsd" / FOLDERS.get(name, "unknown") / name).read_bytes()

    return read


def declared(read: Read, *paths: str) -> set[tuple[str, str]]:
    """(kind, qualified name) of all that the files declare at these paths."""
    roots = [etree.fromstring(read(name)) for name in FOLDERS]
    return {
        (etree.QName(node).localname, f"{{{root.get('targetNamespace')}}}{node.get('name')}")
        for root in roots
        for path in paths
        for node in root.iterfind(f"{path}[@name]", {"xs": XS})
    }


def names_of(*sides: Read) -> Names:
    """The names of both sides, so that what only one of them declares is tried too."""
    prefixes = {namespace: prefix for prefix, namespace in PREFIXES.items()}
    types = {etree.QName(name) for read in sides for _, name in declared(read, "xs:simpleType", "xs:complexType")}
    written = sorted(f"{prefixes[str(name.namespace)]}:{name.localname}" for name in types)
    elements = {name for read in sides for _, name in declared(read, ".//xs:element")}
    roots = [etree.fromstring(read(name)) for read in sides for name in FOLDERS]
    return Names(
        types=[*written, *OTHER_TYPES.split(), ""],
        elements=[*sorted(elements), *OTHER_ELEMENTS],
        values=sorted({str(node.get("value")) for root in roots for node in root.iter(f"{{{XS}}}enumeration")}),
    )


def arguments_of(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sibling = Path(__file__).resolve().parents[2] / "shared"
    parser.add_argument("--shared", type=Path, default=sibling, metavar="DIR", help="holds xsd/oai and xsd/w3c")
    parser.add_argument("--mutants", type=int, default=20_000, metavar="N", help="random ones; default: 20000")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="of what is random; default: 1")
    return parser.parse_args(argv)


def main(argv: list[str] | None = None) -> int:
    given = arguments_of(argv)
    folder = given.shared / "xsd"
    if absent := [f"{place}/{name}" for name, place in FOLDERS.items() if not (folder / place / name).is_file()]:
        print(f"the official schemas are not in {folder}: no {', '.join(absent)}; give --shared DIR", file=sys.stderr)
        return 2
    ours, official = reader(directory()), official_reader(given.shared)
    visible = [f"xs:{kind}" for kind in ("element", "attribute", "simpleType", "complexType")]
    different = declared(ours, *visible) ^ declared(official, *visible)
    counts = compare(ours, official, documents(given.seed, given.mutants, names_of(ours, official)))
    print(f"global names on one side only: {len(different)}", *sorted(different))
    print(counts)
    for valid, document in counts.disagreements[:10]:
        print("valid" if valid else "invalid", "by ours only:", document.decode())
    return 1 if different or counts.disagreements else 0


if __name__ == "__main__":
    sys.exit(main())

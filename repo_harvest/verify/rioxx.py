"""Files of the published schema of RIOXX 3.0 come in, what they say once corrected comes out.

That schema is of XSD 1.1 and contradicts its own profile: schemas/rioxx-3.xsd lists what is wrong, schema_rioxx.xml
carries the list out. So ours is shown to be the published schema, those corrections, and nothing else.
The xs:all of XSD 1.1, whose elements may be repeated, is a choice whose elements are counted. libxml2 judges the choice,
`published_rule` counts, and asks of a record what the profile would have XSD 1.1 assert.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from lxml import etree

from repo_harvest.formats.rioxx_rules import broken_rules
from repo_harvest.formats.schemas import Read
from repo_harvest.verify.changes import XS, Node

RIOXX, TERMS = (f"http://www.rioxx.net/schema/v3.0/{name}/" for name in ("rioxx", "rioxxterms"))
RECORD = f"{{{RIOXX}}}rioxx"
CORRECTIONS = Path(__file__).with_suffix(".xml")
LEAST, MOST = "{urn:count}least", "{urn:count}most"
PREFIXES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "rioxxterms": TERMS,
    "xs": XS,
    "re": "http://exslt.org/regular-expressions",
}
ASSERTIONS = [  # what an assertion of XSD 1.1 would be, in XPath 1.0
    "not(rioxxterms:grant[not(@funder_name[normalize-space()] or @funder_id[normalize-space()])])",
    "count(rioxxterms:creator/@first-named-author[re:test(., '^\\s*(true|1)\\s*$')]) <= 1",
    r"not(dc:relation[@rel = 'item'][not(re:test(., '^\s*https?://[^/?#\s]+([/?#]\S*)?\s*$', 'i'))])",
]
OPTIONAL = ("rioxxterms:project", "dcterms:dateAccepted")
DATES = ("dcterms:dateAccepted", "rioxxterms:publication_date", "rioxxterms:record_public_release_date")
SECONDS = etree.XMLSchema(
    etree.XML(f'<s:schema xmlns:s="{XS}"><s:element name="moment" type="s:dateTime"/></s:schema>')
)


def corrected(name: str, content: bytes) -> bytes:
    """The file of that name as it should have been published; one that needs no correction as it is."""
    if name == "rioxx.xsd":
        return etree.tostring(counted(etree.fromstring(content)))
    corrections = etree.parse(CORRECTIONS).find(f"file[@name='{name}']")
    if corrections is None:
        return content
    root = etree.fromstring(with_prefix(content))
    for node in root.findall("*"):
        if not is_kept(node, corrections):
            root.remove(node)
    for node in corrections.findall("xs:*", PREFIXES):
        root.insert(0 if node.tag.endswith("}import") else len(root), node)
    if whole := corrections.findtext("relations"):
        write_whole(root, whole.split())
    return etree.tostring(root)


def with_prefix(content: bytes) -> bytes:
    """The file with the prefix declared that corrections use in their values."""
    declaration = f'xmlns:rioxxterms="{TERMS}"'.encode()
    return content if declaration in content else content.replace(b"<xs:schema", b"<xs:schema " + declaration, 1)


def is_kept(node: Node, corrections: Node) -> bool:
    """Whether a declaration or import is to stay; one that stays no longer stands for another element."""
    name, keep = node.get("name"), corrections.get("keep")
    if name is None:
        return keep is None or str(node.get("namespace")).endswith("/XML/1998/namespace")
    if "substitutionGroup" in node.attrib:
        del node.attrib["substitutionGroup"]
        node.set("type", "SimpleLiteral")
    replaced = {(other.tag, other.get("name")) for other in corrections.iterfind("*[@name]")}
    dropped = node.tag.endswith("}attribute") and name in corrections.get("drop", "").split()
    return (keep is None or name in keep.split()) and (node.tag, name) not in replaced and not dropped


def counted(root: Node) -> Node:
    """Its xs:all as a choice, which remembers how often each element may occur: 1 and 2 of the list."""
    (every,) = root.iterfind(".//xs:all", PREFIXES)
    every.tag = f"{{{XS}}}choice"
    every.attrib.update({"minOccurs": "0", "maxOccurs": "unbounded"})
    for element in every.iterfind("xs:element", PREFIXES):
        optional = element.get("ref") in OPTIONAL
        element.set(LEAST, "0" if optional else element.get("minOccurs", "1"))
        element.set(MOST, element.get("maxOccurs", "inf"))
        for name in {"minOccurs", "maxOccurs"} & {*map(str, element.attrib)}:
            del element.attrib[name]
    return root


def write_whole(root: Node, names: list[str]) -> None:
    """Each name in the place of a listed value that is its beginning."""
    listed = root.find("xs:simpleType[@name='ianaRelationList']/xs:restriction", PREFIXES)
    assert listed is not None
    for name in names:
        stem = name.replace(".", "-").partition("-")[0]
        place = listed.find(f"xs:enumeration[@value='{stem}']", PREFIXES)
        assert place is not None, f"{name} has no place left"
        listed.remove(place)
    for name in names:
        etree.SubElement(listed, f"{{{XS}}}enumeration", value=name)


def our_rule(root: Node) -> bool:
    """Whether our rules are kept by each record in the document."""
    return not any(broken_rules(record) for record in root.iter(RECORD))


def published_rule(read: Read) -> Callable[[Node], bool]:
    """Whether each record in a document has as many of each element as the corrected schema says, and keeps its assertions."""
    elements = etree.fromstring(read("rioxx.xsd")).findall(f".//xs:element[@{LEAST}]", PREFIXES)
    counts = [
        (str(element.get("ref")), float(element.get(LEAST, "")), float(element.get(MOST, ""))) for element in elements
    ]
    assertions = [etree.XPath(assertion, namespaces=PREFIXES) for assertion in ASSERTIONS]

    def kept(record: Node) -> bool:
        return (
            all(least <= len(record.findall(ref, PREFIXES)) <= most for ref, least, most in counts)
            and all(assertion(record) for assertion in assertions)
            and all(exists(moment) for moment in moments_of(record))
        )

    return lambda root: all(kept(record) for record in root.iter(RECORD))


def moments_of(record: Node) -> Iterator[str]:
    """All dates of a record, as they are written."""
    yield from (node.text or "" for name in DATES for node in record.iterfind(name, PREFIXES))
    for relation in record.iterfind("dc:relation", PREFIXES):
        yield from (str(value) for name, value in relation.attrib.items() if str(name).endswith("_date"))


def exists(moment: str) -> bool:
    """Whether a moment given to the minute is one of xs:dateTime once it has seconds; all else is for types to judge."""
    written = moment.strip(" \t\r\n")
    if len(written) not in {17, 22} or written[10] != "T":
        return True
    root = etree.Element("moment")
    root.text = f"{written[:16]}:00{written[16:]}"
    return SECONDS.validate(root)

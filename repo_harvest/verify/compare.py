"""Two sides and documents in, how often they agree out, and each document that they judge differently."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from lxml import etree

from repo_harvest.formats.schemas import Read, compile_schema
from repo_harvest.verify.changes import OTHER_ELEMENTS, OTHER_TYPES, PROBE, XS, Names, Node
from repo_harvest.verify.sets import SchemaSet

__all__ = [
    "VISIBLE",
    "Counts",
    "Judge",
    "Side",
    "compare",
    "compiled",
    "declared",
    "files_of",
    "judge",
    "names_of",
    "read_schema",
    "starts",
]

VISIBLE = [f"xs:{kind}" for kind in ("element", "attribute", "simpleType", "complexType")]


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


class Judge(Protocol):
    """One side: a compiled schema is one."""

    def validate(self, root: Node, /) -> bool:
        """Whether the document is good by this side."""


@dataclass(frozen=True, slots=True)
class Side:
    """A compiled schema, and a rule for what it cannot say."""

    schema: etree.XMLSchema
    rule: Callable[[Node], bool] | None = None

    def validate(self, root: Node, /) -> bool:
        """Whether the document is valid and keeps the rule."""
        return self.schema.validate(root) and (self.rule is None or self.rule(root))

    def why(self, root: Node, /) -> str:
        """What libxml2 says first; of a rule only that it is broken."""
        if self.schema.validate(root):
            return "a rule that no schema can state is broken"
        return next(entry.message for entry in iter(self.schema.error_log))  # type: ignore[call-overload, no-any-return]  # the stubs forget that a log is iterable


def compare(left: Judge, right: Judge, these: Iterable[bytes]) -> Counts:
    """Judges each different document by both; what is not well-formed is not a document."""
    counts, seen = Counts(), set[int]()
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


# --- the two sides -------------------------------------------------------------------------------------------------


def compiled(these: SchemaSet, read: Read, *, official: bool = False) -> etree.XMLSchema:
    """One side of a set, and the probe that its documents use."""

    def with_probe(location: str) -> bytes:
        return these.probe.encode() if location.endswith("probe.xsd") else read(location)

    return compile_schema({**starts(these, official=official), PROBE: "probe.xsd"}, with_probe)


def judge(these: SchemaSet, read: Read, *, official: bool = False) -> Side:
    """One side of a set, with the rules that belong to its schemas."""
    schema = compiled(these, read, official=official)
    if not these.rules:
        return Side(schema)
    our_rule, official_rule = these.rules
    return Side(schema, official_rule(read) if official else our_rule)


def starts(these: SchemaSet, *, official: bool) -> dict[str, str]:
    """Where each namespace of a side starts, by file name."""
    return {**these.ours, **these.official} if official else dict(these.ours)


def read_schema(read: Read, location: str) -> Node:
    """The root of a schema file; no entity of it is opened."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(read(location), parser)


def files_of(read: Read, imports: Mapping[str, str]) -> list[tuple[str, str, Node]]:
    """(file, target namespace, root) of the files that these namespaces start in, and of all that those import or include."""
    found: dict[tuple[str, str], Node] = {}  # by name and namespace: a file without one may be included in several
    waiting = [*imports.items()]
    while waiting:
        namespace, location = waiting.pop(0)
        root = read_schema(read, location)
        namespace = root.get("targetNamespace", namespace)
        if (location.rpartition("/")[2], namespace) in found:
            continue
        found[location.rpartition("/")[2], namespace] = root
        waiting += [
            (node.get("namespace", namespace), str(node.get("schemaLocation")))
            for node in root.iterfind("*[@schemaLocation]")
        ]
    return [(file, namespace, root) for (file, namespace), root in found.items()]


# --- names ---------------------------------------------------------------------------------------------------------


def declared(files: Iterable[tuple[str, str, Node]], *paths: str) -> set[tuple[str, str]]:
    """(kind, qualified name) of all that the files declare at these paths."""
    return {
        (etree.QName(node).localname, f"{{{namespace}}}{node.get('name')}")
        for _, namespace, root in files
        for path in paths
        for node in root.iterfind(f"{path}[@name]", {"xs": XS})
    }


def names_of(prefixes: Mapping[str, str], files: list[tuple[str, str, Node]]) -> Names:
    """The names of the files of both sides, so that what only one of them declares is tried too."""
    types = {etree.QName(name) for _, name in declared(files, "xs:simpleType", "xs:complexType")}
    written = sorted(f"{prefixes[str(name.namespace)]}:{name.localname}" for name in types)
    elements = {name for _, name in declared(files, ".//xs:element")}
    attributes = {name for _, name in declared(files, "xs:attribute")}
    attributes |= {etree.QName(name).localname for _, name in declared(files, ".//xs:attribute")}
    roots = [root for _, _, root in files]
    return Names(
        types=[*written, *OTHER_TYPES.split(), ""],
        elements=[*sorted(elements), *OTHER_ELEMENTS],
        values=sorted({str(node.get("value")) for root in roots for node in root.iter(f"{{{XS}}}enumeration")}),
        attributes=sorted(attributes),
    )

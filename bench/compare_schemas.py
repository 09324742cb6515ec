"""Are the schemas of this repository as strict as the official ones? Holds both against many documents.

    python bench/compare_schemas.py [SET ...] [--shared DIR] [--mutants N] [--seed S]

`schema_sets` lists the sets. Every document is judged by both sides of its set, and both must say the same;
`schema_documents` and `schema_samples` make them.
Exit status 0: the same verdict on every document; 1: they disagree; 2: the official schemas are not in DIR/xsd.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Protocol

from lxml import etree
from schema_changes import OTHER_ELEMENTS, OTHER_TYPES, PROBE, XS, Names, Node
from schema_sets import SETS, SchemaSet

from repo_harvest.formats.schemas import Read, compile_schema, directory, reader

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
class Ruled:
    """A side that asks for more than its schema can say."""

    schema: Judge
    rule: Callable[[Node], bool]

    def validate(self, root: Node, /) -> bool:
        """Whether the document is valid and keeps the rule."""
        return self.schema.validate(root) and self.rule(root)


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


def judge(these: SchemaSet, read: Read, *, official: bool = False) -> Judge:
    """One side of a set, with the rules that belong to its schemas."""
    schema = compiled(these, read, official=official)
    if not these.rules:
        return schema
    our_rule, official_rule = these.rules
    return Ruled(schema, official_rule(read) if official else our_rule)


def starts(these: SchemaSet, *, official: bool) -> dict[str, str]:
    return {**these.ours, **these.official} if official else dict(these.ours)


def official_reader(these: SchemaSet, shared: Path) -> Read:
    """The official files by their names, whatever public address they import each other by."""
    ours = reader(directory())

    def read(location: str) -> bytes:
        name = location.rpartition("/")[2]
        if name in these.unmatched:
            return ours(name)
        places = [shared / "xsd" / folder / name for folder in (*these.folders, "w3c")]
        content = next((place for place in places if place.is_file()), places[0]).read_bytes()
        return these.corrected(name, content) if these.corrected else content

    return read


def files_of(read: Read, imports: Mapping[str, str]) -> list[tuple[str, Node]]:
    """(target namespace, root) of the files that these namespaces start in, and of all that those import or include."""
    found: dict[tuple[str, str], Node] = {}  # by name and namespace: a file without one may be included in several
    waiting = [*imports.items()]
    while waiting:
        namespace, location = waiting.pop(0)
        root = etree.fromstring(read(location))
        namespace = root.get("targetNamespace", namespace)
        if (location.rpartition("/")[2], namespace) in found:
            continue
        found[location.rpartition("/")[2], namespace] = root
        waiting += [
            (node.get("namespace", namespace), str(node.get("schemaLocation")))
            for node in root.iterfind("*[@schemaLocation]")
        ]
    return [(namespace, root) for (_, namespace), root in found.items()]


# --- names ---------------------------------------------------------------------------------------------------------


def declared(files: Iterable[tuple[str, Node]], *paths: str) -> set[tuple[str, str]]:
    """(kind, qualified name) of all that the files declare at these paths."""
    return {
        (etree.QName(node).localname, f"{{{namespace}}}{node.get('name')}")
        for namespace, root in files
        for path in paths
        for node in root.iterfind(f"{path}[@name]", {"xs": XS})
    }


def names_of(prefixes: Mapping[str, str], files: list[tuple[str, Node]]) -> Names:
    """The names of the files of both sides, so that what only one of them declares is tried too."""
    types = {etree.QName(name) for _, name in declared(files, "xs:simpleType", "xs:complexType")}
    written = sorted(f"{prefixes[str(name.namespace)]}:{name.localname}" for name in types)
    elements = {name for _, name in declared(files, ".//xs:element")}
    attributes = {name for _, name in declared(files, "xs:attribute")}
    attributes |= {etree.QName(name).localname for _, name in declared(files, ".//xs:attribute")}
    roots = [root for _, root in files]
    return Names(
        types=[*written, *OTHER_TYPES.split(), ""],
        elements=[*sorted(elements), *OTHER_ELEMENTS],
        values=sorted({str(node.get("value")) for root in roots for node in root.iter(f"{{{XS}}}enumeration")}),
        attributes=sorted(attributes),
    )


# --- the command ---------------------------------------------------------------------------------------------------


def arguments_of(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sibling = Path(__file__).resolve().parents[2] / "shared"
    known = [these.name for these in SETS]
    parser.add_argument("sets", nargs="*", metavar="SET", help=f"of {', '.join(known)}; default: all")
    parser.add_argument("--shared", type=Path, default=sibling, metavar="DIR", help="holds the folder xsd")
    parser.add_argument("--mutants", type=int, default=20_000, metavar="N", help="random ones; default: 20000")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="of what is random; default: 1")
    given = parser.parse_args(argv)
    if unknown := sorted({*given.sets} - {*known}):
        parser.error(f"no set {', '.join(unknown)}: give some of {', '.join(known)}")
    return given


def held_against(these: SchemaSet, shared: Path, seed: int, mutants: int) -> bool:
    """Whether both sides of the set agree on all; prints how many they judged, and what they do not agree on."""
    if not these.matched():
        print(f"{these.name}: no official copy to hold it against; the tests judge its samples")
        return True
    started = monotonic()
    ours, official = reader(directory()), official_reader(these, shared)
    sides = files_of(ours, starts(these, official=False)), files_of(official, starts(these, official=True))
    different = declared(sides[0], *VISIBLE) ^ declared(sides[1], *VISIBLE)
    names = names_of(these.prefixes(), [*sides[0], *sides[1]])
    left, right = judge(these, ours), judge(these, official, official=True)
    counts = compare(left, right, these.documents(seed, mutants, names))
    print(f"{these.name}: global names on one side only: {len(different)}", *sorted(different))
    if these.corrected:
        print(f"{these.name}: the official side is corrected, as {these.corrected.__module__} says")
    if these.unmatched:
        print(f"{these.name}: no official copy of {', '.join(sorted(these.unmatched))}: both sides read ours")
    print(f"{these.name}: {counts} ({monotonic() - started:.0f} s)")
    for valid, document in counts.disagreements[:10]:
        print("valid" if valid else "invalid", "by ours only:", document.decode())
    return not different and not counts.disagreements


def main(argv: list[str] | None = None) -> int:
    given = arguments_of(argv)
    chosen = [these for these in SETS if these.name in (given.sets or [these.name])]
    for these in chosen:
        try:
            files_of(official_reader(these, given.shared), starts(these, official=True))
        except FileNotFoundError as error:
            print(f"no official schema {error.filename}; give --shared DIR", file=sys.stderr)
            return 2
    agreed = [held_against(these, given.shared, given.seed, given.mutants) for these in chosen]
    return 0 if all(agreed) else 1


if __name__ == "__main__":
    sys.exit(main())

"""Would the documents of `schemas verify` find out a wrong schema? Changes ours in one place after another, and looks.

    python bench/weaken_schemas.py SET ... [--mutants N] [--seed S]

Each schema file that only its set has is changed: an enumerated value, a pattern, a reference or an attribute is left
out, an element may come once more or less often, an attribute becomes required or optional, a type becomes any text.
What no document is judged differently by is printed: it is for a person to say whether that change means anything.
Exit status 0 always: it measures, and decides nothing.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from functools import partial

from lxml import etree

from repo_harvest.errors import UsageError
from repo_harvest.formats.schemas import Read, directory, reader
from repo_harvest.verify.changes import XS, Change, Node, delete, drop_attribute, rename, set_attribute
from repo_harvest.verify.compare import compiled, files_of, names_of
from repo_harvest.verify.sets import SETS, SchemaSet

OURS = reader(directory())
DROPPED = ("enumeration", "pattern", "attribute", "attributeGroup", "element")
FLAGS = ("nillable", "abstract", "substitutionGroup", "mixed", "fixed", "processContents")
ORDERS = {"sequence": "choice", "choice": "sequence"}
COUNTED = ("element", "sequence", "choice", "group", "any")


@dataclass(slots=True)
class Found:
    """How many changes a document found out, how many make no schema at all, and which are left."""

    found: int = 0
    broken: int = 0
    left: list[str] = field(default_factory=list)


def weakened(root: Node) -> Iterator[tuple[str, bytes]]:
    """(what was changed, the file) for each place of a schema."""
    for index, node in enumerate(root.iter(etree.Element)):
        for what, change in changes(node):
            copy = deepcopy(root)
            change([*copy.iter(etree.Element)][index])
            about = node.get("name") or node.get("ref") or node.get("value") or node.get("base") or ""
            yield f"line {node.sourceline}, {etree.QName(node).localname} {about}: {what}", etree.tostring(copy)


def changes(node: Node) -> Iterator[tuple[str, Change]]:
    kind, parent = etree.QName(node).localname, node.getparent()
    if parent is None:
        return
    for flag in FLAGS:
        if node.get(flag):
            yield f"no {flag}", partial(drop_attribute, flag)
    for name in ("type", "base"):
        if node.get(name, "xs:string") != "xs:string":
            yield "any text", partial(set_attribute, name, "xs:string")
    if kind in ORDERS and len(node) > 1:
        yield ORDERS[kind], partial(rename, f"{{{XS}}}{ORDERS[kind]}")
    if parent.getparent() is not None:
        yield from local_changes(node, kind)


def local_changes(node: Node, kind: str) -> Iterator[tuple[str, Change]]:
    """Those to what stands inside a type."""
    if kind in DROPPED:
        yield "left out", delete
    if kind == "attribute":
        new = "optional" if node.get("use") == "required" else "required"
        yield new, partial(set_attribute, "use", new)
    if kind in COUNTED:
        for name, value in times(node):
            yield f"{name} {value}", partial(set_attribute, name, value)


def times(node: Node) -> Iterator[tuple[str, str]]:
    """The other least and greatest numbers of times, but those that a repeated choice gives anyway."""
    parent = node.getparent()
    repeated = parent is not None and parent.get("maxOccurs") == "unbounded"
    for name, values in (("minOccurs", ("0", "1")), ("maxOccurs", ("1", "unbounded"))):
        given = parent.get(name) if parent is not None and repeated else None
        for value in values:
            if value not in {node.get(name, "1"), given}:
                yield name, value


def judged(these: SchemaSet, seed: int, mutants: int) -> list[tuple[bytes, bool]]:
    """The different documents of a set, and whether each is valid by ours."""
    names = names_of(these.prefixes(), files_of(OURS, these.ours))
    schema, found = compiled(these, OURS), dict[bytes, bool]()
    for document in these.documents(seed, mutants, names):
        if document not in found:
            try:
                found[document] = schema.validate(etree.fromstring(document))
            except etree.XMLSyntaxError:
                continue
    return [*found.items()]


def weaken(these: SchemaSet, file: str, documents: list[tuple[bytes, bool]]) -> Found:
    """Every change to one file of the set, judged by the documents."""
    counts = Found()
    for what, content in weakened(etree.fromstring(OURS(file))):
        try:
            schema = compiled(these, instead(file, content))
        except UsageError:
            counts.broken += 1
            continue
        if any(schema.validate(etree.fromstring(document)) != valid for document, valid in documents):
            counts.found += 1
        else:
            counts.left.append(what)
    return counts


def instead(file: str, content: bytes) -> Read:
    return lambda location: content if location.rpartition("/")[2] == file else OURS(location)


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sets = {these.name: these for these in SETS}
    parser.add_argument("sets", nargs="+", metavar="SET", choices=sets, help=f"of {', '.join(sets)}")
    parser.add_argument("--mutants", type=int, default=20_000, metavar="N", help="random ones; default: 20000")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="of what is random; default: 1")
    given = parser.parse_args(argv)
    for these in (sets[name] for name in given.sets):
        documents = judged(these, given.seed, given.mutants)
        for file in dict.fromkeys(these.ours.values()):
            counts = weaken(these, file, documents)
            print(f"{file}: {counts.found} changes found out, {len(counts.left)} not, {counts.broken} do not compile")
            print(*(f"  {what}\n" for what in counts.left), sep="", end="", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

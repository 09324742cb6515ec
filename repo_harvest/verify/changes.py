"""Changes to an XML document: an element comes in and is altered in its place, validly or not.

What is random is drawn from a generator that is given. The documents that schemas are judged by are made with these.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field

from lxml import etree

XML = "http://www.w3.org/XML/1998/namespace"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XS = "http://www.w3.org/2001/XMLSchema"
PROBE, UNKNOWN = "urn:probe", "urn:unknown"
TYPE, NIL = f"{{{XSI}}}type", f"{{{XSI}}}nil"

OTHER_TYPES = """xs:string xs:token xs:anyURI xs:date xs:dateTime xs:language xs:positiveInteger xs:anyType xs:unknown
oai:unknown nowhere:x"""
OTHER_ELEMENTS = ["bare", f"{{{UNKNOWN}}}x"]

Node = etree._Element  # noqa: SLF001 - the only name lxml gives to the type of its elements
Change = Callable[[Node], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names that a document may use, as the schemas of both sides declare them, and then some that it may not."""

    types: list[str]
    elements: list[str]
    values: list[str]
    attributes: list[str] = field(default_factory=list)


def set_text(value: str, node: Node) -> None:
    """Another text."""
    node.text = value


def set_attribute(name: str, value: str, node: Node) -> None:
    """Another value, or one more attribute."""
    node.set(name, value)


def drop_attribute(name: str, node: Node) -> None:
    """Without an attribute that it has."""
    del node.attrib[name]


def rename_attribute(name: str, new: str, node: Node) -> None:
    """The value of an attribute under another name."""
    node.set(new, node.attrib.pop(name))


def rename(name: str, node: Node) -> None:
    """Another name."""
    node.tag = name


def insert(name: str, at: int, node: Node) -> None:
    """A comment, an instruction, or an empty element of that name."""
    if name in {"comment", "instruction"}:
        node.insert(at, etree.Comment("aside") if name == "comment" else etree.ProcessingInstruction("say", "aside"))
    else:
        node.insert(at, etree.Element(name))


def graft(other: Node, at: int, node: Node) -> None:
    """A copy of another element, with all that is in it."""
    copy = deepcopy(other)
    copy.tail = None
    node.insert(at, copy)


def delete(node: Node) -> None:
    """Nothing in its place; a root stays."""
    if (parent := node.getparent()) is not None:
        parent.remove(node)


def duplicate(node: Node) -> None:
    """The same once more, after it."""
    if node.getparent() is not None:
        node.addnext(deepcopy(node))


def swap(node: Node) -> None:
    """In the place of the next, and the next before it."""
    if (after := node.getnext()) is not None:
        after.addnext(node)


def unwrap(node: Node) -> None:
    """What it holds, in its place too."""
    for child in [*node]:
        if node.getparent() is not None:
            node.addprevious(child)


def delete_alike(node: Node) -> None:
    """Nothing in its place, nor in that of its brothers of the same name."""
    for other in [*node.itersiblings(node.tag), *node.itersiblings(node.tag, preceding=True), node]:
        delete(other)


def nest(node: Node) -> None:
    """In the place of its content, a copy of the whole document."""
    copy = deepcopy(node.getroottree().getroot())
    node[:] = [copy]


def empty(node: Node) -> None:
    """Without its content."""
    node[:] = []
    node.text = None


def nil(node: Node) -> None:
    """Without its content, and said to be so."""
    empty(node)
    node.set(NIL, "true")


def stray(node: Node) -> None:
    """Text after it."""
    node.tail = "stray"


def spaced(node: Node) -> None:
    """Blanks after it, and in it if it holds elements."""
    node.tail = "\n\t "
    if len(node):
        node.text = " \n "

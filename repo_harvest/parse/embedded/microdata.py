"""Microdata and RDFa Lite of schema.org in, the works in them out.

| microdata (HTML Standard, section 5) | `itemscope`, `itemtype`, `itemprop`; `itemref` is not followed |
| RDFa Lite 1.1 (section 2)            | `typeof`, `property`, with any prefix; `resource` is a value   |

Both become the things that JSON-LD has, and are read as those are. One walk, without recursion; a property inside many
others has its words, not they.
"""

from __future__ import annotations

from typing import NamedTuple

from lxml import etree

from repo_harvest.model import Entry, Problem
from repo_harvest.parse.embedded import schema_org
from repo_harvest.parse.embedded.draft import Draft
from repo_harvest.parse.embedded.tree import Tree
from repo_harvest.parse.text import collapse

__all__ = ["read_microdata", "read_rdfa"]


class _Syntax(NamedTuple):
    """The attributes of one way to mark things up."""

    name: str
    scope: str
    type: str
    property: str


MICRODATA = _Syntax("microdata", "itemscope", "itemtype", "itemprop")
RDFA = _Syntax("RDFa", "typeof", "typeof", "property")

_ADDRESSES = {"a": "href", "area": "href", "link": "href", "img": "src", "object": "data", "embed": "src", "iframe": "src"}  # fmt: skip
_MOST_OPEN = 8  # properties inside one another whose words are gathered
_PARTING = frozenset({"p", "div", "li", "br", "td", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "dd", "dt"})
_NO_WORDS = frozenset({"script", "style", "template"})

_Item = dict[str, object]


def read_microdata(tree: Tree) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """The works marked up as microdata, in the order of the page."""
    return _read(tree, MICRODATA)


def read_rdfa(tree: Tree) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """The works marked up in RDFa Lite, in the order of the page."""
    return _read(tree, RDFA)


def _read(tree: Tree, syntax: _Syntax) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    if next(tree.all(f"//*[@{syntax.scope} and @{syntax.type}][1]"), None) is None:
        return (), ()
    walk = _Walk(tree, syntax)
    walk.through()
    entries: list[Entry] = []
    problems: list[Problem] = []
    for element, item in walk.items:
        if schema_org.is_work(item):
            draft = Draft(form=syntax.name, place=tree.place(element))
            schema_org.fill(draft, item, {})
            problems += draft.problems
            if entry := draft.entry():
                entries.append(entry)
    return tuple(entries), tuple(problems)


class _Walk:
    """One walk over the page, which gathers items that are no other item's value."""

    def __init__(self, tree: Tree, syntax: _Syntax) -> None:
        self.items: list[tuple[etree._Element, _Item]] = []
        self._tree, self._syntax = tree, syntax
        self._scopes: list[tuple[etree._Element, _Item]] = []
        self._open: list[tuple[etree._Element, _Item, list[str], list[str]]] = []

    def through(self) -> None:
        walk = etree.iterwalk(self._tree.root, events=("start", "end"))
        for event, element in walk:
            if event == "start":
                if element.tag in _NO_WORDS:
                    walk.skip_subtree()
                self._enter(element)
            else:
                self._leave(element)

    def _enter(self, element: etree._Element) -> None:
        names = _names(element.get(self._syntax.property))
        owner = self._scopes[-1][1] if self._scopes else None
        if element.get(self._syntax.scope) is not None:
            item: _Item = {"@type": _names(element.get(self._syntax.type))}
            identity = element.get("itemid") or element.get("resource")
            if identity:
                item["@id"] = self._tree.absolute(identity)
            lists = owner is not None and not schema_org.is_work(owner)
            if owner is None or not names or (lists and schema_org.is_work(item)):
                self.items.append((element, item))
            else:
                _state(owner, names, item)
            self._scopes.append((element, item))
        elif names and owner is not None:
            self._property(element, names, owner)
        if element.tag not in _NO_WORDS:
            self._say((" " if element.tag in _PARTING else "") + (element.text or ""))

    def _property(self, element: etree._Element, names: list[str], owner: _Item) -> None:
        """A property whose value is in an attribute; else it is the words from here to its end."""
        value = element.get("content")
        if value is None and element.tag in _ADDRESSES and (href := element.get(_ADDRESSES[str(element.tag)])):
            wants_words = element.tag == "a" and not {"url", "sameAs", "identifier", "@id"} & {*names}
            value = None if wants_words else self._tree.absolute(href)
        if value is None and element.tag in {"time", "data", "meter"}:
            value = element.get("datetime") or element.get("value")
        if value is not None:
            _state(owner, names, value)
        elif len(self._open) < _MOST_OPEN:
            self._open.append((element, owner, names, []))

    def _say(self, words: str) -> None:
        for _, _, _, parts in self._open:
            parts.append(words)

    def _leave(self, element: etree._Element) -> None:
        if self._open and self._open[-1][0] is element:
            _, owner, names, parts = self._open.pop()
            _state(owner, names, collapse("".join(parts)))
        if self._scopes and self._scopes[-1][0] is element:
            self._scopes.pop()
        self._say((element.tail or "") + (" " if element.tag in _PARTING else ""))


def _names(stated: str | None) -> list[str]:
    """The names in an attribute, without vocabulary or prefix."""
    return [
        word.rstrip("/").rpartition("/")[2].rpartition("#")[2].rpartition(":")[2] for word in (stated or "").split()
    ]


def _state(item: _Item, names: list[str], value: object) -> None:
    """Add a value to an item's properties."""
    for name in names:
        values = item.setdefault(name, [])
        if isinstance(values, list):
            values.append(value)

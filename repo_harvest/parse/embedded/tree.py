"""A page's tree in, what every form needs of it out: absolute addresses, places for people, and its text line by line.

Places are named as `parse.markup` names them. Both they and the text are made when first asked for: most pages hold
nothing that needs them.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cached_property

from lxml import etree

from repo_harvest.parse.document import Block
from repo_harvest.parse.links import base_of, resolve
from repo_harvest.parse.markup import BLOCKS, UNSEEN
from repo_harvest.parse.text import collapse

__all__ = ["Tree", "inner_text"]

RECORD_TYPES = ("bibtex", "x-research-info-systems", "x-endnote")  # what a script's type has that holds records
_APART = frozenset({"pre", "textarea", "script", "template"})  # what is in one and what follows it never go together
_MOST_TEXT = 1_000_000  # characters of one element's text that anybody reads as a value


def inner_text(element: etree._Element) -> str:
    """The words inside an element, white space collapsed."""
    return collapse("".join(map(str, element.itertext()))[:_MOST_TEXT])


class Tree:
    """A page as the forms see it. `location` is where it was found."""

    def __init__(self, root: etree._Element, *, location: str) -> None:
        self.root = root
        base = next((element.get("href") for element in root.iter("base") if element.get("href")), None)
        self._base = base_of(location, base)

    def absolute(self, href: str) -> str:
        """The absolute address of a link, even of one to the page itself; empty if it leads nowhere."""
        return resolve(href, base=self._base, location="") or ""

    def all(self, path: str) -> Iterator[etree._Element]:
        """The elements that an XPath leads to, in the order of the page."""
        found = self.root.xpath(path)
        if isinstance(found, list):
            yield from (element for element in found if etree.iselement(element))

    def place(self, element: etree._Element) -> str:
        """Where an element stands: the way to the innermost box around it."""
        around: etree._Element | None = element
        while around is not None:
            if around in self._blocks:
                return self._blocks[around].place
            around = around.getparent()
        return "head" if next(element.iterancestors("head"), None) is not None else "page"

    @cached_property
    def written(self) -> tuple[str, Callable[[int], str]]:
        """The page's text, a line for each line of a reader and of the source; and where each of its characters is.

        What stands in a `pre`, a text box or a script of records ends with a form feed: no record goes on beyond it.
        """
        parts, starts, elements, length = [], [0], [self.root], 0
        walk = etree.iterwalk(self.root, events=("start", "end"))
        for event, element in walk:
            if event == "start" and not _is_read(element):
                walk.skip_subtree()
                continue
            text = (element.text if event == "start" else element.tail) or ""
            if element.tag in BLOCKS or element.tag in _APART or element.tag == "br":
                text = ("\f" if event == "end" and element.tag in _APART else "\n") + text
                if event == "start":
                    starts.append(length)
                    elements.append(element)
            parts.append(text)
            length += len(text)
        return "".join(parts), lambda offset: self.place(elements[bisect_right(starts, offset) - 1])

    @cached_property
    def attributes(self) -> tuple[str, Callable[[int], str]]:
        """The values of `data-` attributes that look as if they held records, such as what a button copies."""
        parts, starts, elements, length = [], [0], [self.root], 0
        for element in self.all("//*[@*[starts-with(name(), 'data-') and contains(., '@') and contains(., '{')]]"):
            for name, value in ((str(name), str(value)) for name, value in element.items()):
                if name.startswith("data-"):
                    starts.append(length)
                    elements.append(element)
                    parts.append(f"\n{value}\f")
                    length += len(parts[-1])
        return "".join(parts), lambda offset: self.place(elements[bisect_right(starts, offset) - 1])

    @cached_property
    def _blocks(self) -> dict[etree._Element, Block]:
        """Every box of the page, named."""
        blocks: dict[etree._Element, Block] = {}
        stack = [Block(name="page")]
        counts: Counter[tuple[Block, str]] = Counter()
        walk = etree.iterwalk(self.root, events=("start", "end"), tag=[*(BLOCKS - {"html"}), *UNSEEN])
        for event, element in walk:
            tag = str(element.tag)
            if tag in UNSEEN:
                if event == "start":
                    walk.skip_subtree()
            elif event == "end":
                stack.pop()
            else:
                stack.append(_block(element, tag, stack[-1], counts))
                blocks[element] = stack[-1]
        return blocks


def _block(element: etree._Element, tag: str, parent: Block, counts: Counter[tuple[Block, str]]) -> Block:
    if tag == "body":
        return Block(name="body")
    name = f"#{collapse(element.get('id') or '')}"
    if name == "#":
        counts[parent, tag] += 1
        name = f"{tag}[{counts[parent, tag]}]"
    return Block(name=name, parent=parent, depth=parent.depth + 1, tag=tag)


def _is_read(element: etree._Element) -> bool:
    """Whether its text may hold records."""
    if element.tag == "script":
        kind = (element.get("type") or "").lower()
        return any(name in kind for name in RECORD_TYPES)
    return element.tag != "style"

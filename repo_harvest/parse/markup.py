"""HTML in, its lines out.

The tree is walked once, without recursion, in time that grows with its length. Blocks and line
breaks end a line. What no browser shows (scripts, templates) is not read, nor is what stands around the content
(navigation, asides, footers, breadcrumbs); a box that is hidden (`hidden`, `display: none`) is read, and its lines say so:
pages keep abstracts and citation data in such boxes. A link to an ORCID iD is no words, if it holds only a sign for that; the
line knows it all the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from types import MappingProxyType
from typing import NamedTuple

from lxml import etree

from repo_harvest.model import Link, Problem
from repo_harvest.parse.document import HEADINGS, Block, Document, Line, Run
from repo_harvest.parse.links import base_of, resolve
from repo_harvest.parse.orcid import leads_to_orcid, name_links, signs_orcid
from repo_harvest.parse.profile import ENTRY, IGNORED
from repo_harvest.parse.text import collapse, table
from repo_harvest.parse.tree import parse_html

__all__ = ["BLOCKS", "UNSEEN", "read_html", "read_tree"]

BLOCKS = table(
    "address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption",
    "figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup html legend li main menu nav ol optgroup option p",
    "pre search section summary table tbody td tfoot th thead tr ul",
)
UNSEEN = table(
    "script style template noscript head title iframe object embed applet svg annotation audio video canvas",
    "select textarea input datalist noframes",
)
AROUND = frozenset({"nav", "aside", "footer"})
AROUND_ROLES = frozenset({"navigation", "banner", "complementary", "contentinfo", "search", "menu", "menubar"})
AROUND_CLASSES = table(
    "breadcrumb breadcrumbs sidebar footer site-footer page-footer colophon navbar nav-menu main-navigation pagination",
    "sharedaddy cookie-notice cookie-banner skip-link",
)
FOR_SCREEN_READERS = frozenset({"screen-reader-text", "sr-only", "visually-hidden", "visuallyhidden"})
BOLD, ITALIC = frozenset({"b", "strong"}), frozenset({"i", "em", "cite", "dfn", "var"})

_HIDING = re.compile(r"(?:display\s*:\s*none|visibility\s*:\s*hidden)(?![\w-])", re.IGNORECASE)
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.IGNORECASE)
_ITALIC_STYLE = re.compile(r"font-style\s*:\s*(?:italic|oblique)", re.IGNORECASE)

_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_BUTTON = 20  # pieces of text of a button that are looked at
_BLANK = 2  # line breaks that leave a line blank; a box with nothing but a no-break space does, too


def read_html(text: str, *, location: str) -> Document:
    """The document that HTML is; relative links are resolved against `location` or the page's `<base href>`.

    >>> document = read_html("<h4>Mentoring</h4><p>Buck, Gillian<br>(2015)", location="https://example.org/")
    >>> [(line.text, line.place) for line in document.lines]
    [('Mentoring', 'body/h4[1]'), ('Buck, Gillian', 'body/p[1]'), ('(2015)', 'body/p[1] line 2')]
    """
    root, problems = parse_html(text)
    return read_tree(root, location=location, problems=problems)


def read_tree(
    root: etree._Element | None,
    *,
    location: str,
    problems: tuple[Problem, ...] = (),
    named: Mapping[etree._Element, frozenset[str]] = MappingProxyType({}),
) -> Document:
    """The document of a page that is parsed already; `named` are labels for elements beside those of their author."""
    if root is None:
        return Document(lines=(), problems=problems)
    base = next((element.get("href") for element in root.iter("base") if element.get("href")), None)
    walk = _Walk(location=location, base=base_of(location, base), named=named)
    walk.through(root)
    return Document(lines=tuple(walk.lines), problems=problems)


class _State(NamedTuple):
    """What is true at one place of the page, from the elements around it."""

    block: Block
    labels: frozenset[str] = frozenset()
    hidden: bool = False
    heading: str = ""
    bold: bool = False
    italic: bool = False
    item: bool = False
    preformatted: bool = False
    around: bool = False
    href: str | None = None


class _Walk:
    """One walk over the tree, which gathers runs of text and turns them into lines where a line ends."""

    def __init__(self, *, location: str, base: str, named: Mapping[etree._Element, frozenset[str]]) -> None:
        self.lines: list[Line] = []
        self._named = named
        self._location, self._base = location, base
        self._states = [_State(Block(name="body"))]
        self._runs: list[tuple[str, _State]] = []
        self._names_people = False
        self._after_rule = False
        self._breaks = 0
        self._boxes: Counter[tuple[Block, str]] = Counter()
        self._lines_in: Counter[Block] = Counter()

    def through(self, root: etree._Element) -> None:
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if event == "start":
                if self._is_skipped(element):
                    walk.skip_subtree()
                    self._states.append(self._states[-1])
                else:
                    self._enter(element)
            else:
                self._leave(element)
        self._end_line()

    def _is_skipped(self, element: etree._Element) -> bool:
        if _is_unseen(element) or (_is_hidden(element) and not self._is_block(element)):
            return True
        return IGNORED in self._named.get(element, ())

    def _is_block(self, element: etree._Element) -> bool:
        """Whether it is a box; what is named an entry always is."""
        return element.tag in BLOCKS or ENTRY in self._named.get(element, ())

    def _enter(self, element: etree._Element) -> None:
        tag = str(element.tag)
        if self._is_block(element) or tag in {"br", "hr"}:
            self._end_line()
        if tag == "hr":
            self._after_rule = True
        if tag == "br":
            self._breaks += 1
        self._states.append(self._inside(element, tag))
        if element.text:
            self._add(element.text)

    def _leave(self, element: etree._Element) -> None:
        if self._is_block(element):
            self._end_line()
        self._states.pop()
        if element.tail:
            self._add(element.tail)

    def _inside(self, element: etree._Element, tag: str) -> _State:
        """The state inside an element."""
        state = self._states[-1]
        if self._is_block(element):
            state = self._boxed(element, tag, state)
        elif labels := self._labels(element):
            state = state._replace(labels=state.labels | labels)
        style = element.get("style") or ""
        if tag in BOLD or (style and _BOLD_STYLE.search(style)):
            state = state._replace(bold=True)
        if tag in ITALIC or (style and _ITALIC_STYLE.search(style)):
            state = state._replace(italic=True)
        if tag == "a" and (href := element.get("href")) is not None:
            state = state._replace(href=resolve(href, base=self._base, location=self._location))
            if leads_to_orcid(state.href):
                self._names_people = True
                self._runs.append(("", state))  # it may hold no words at all, but an icon
        return state

    def _boxed(self, element: etree._Element, tag: str, state: _State) -> _State:
        """The state inside an element that is a box."""
        if tag != "html":
            state = state._replace(block=self._box(element, tag, state.block), labels=frozenset())
        if tag not in {"html", "body"} and _is_hidden(element):
            state = state._replace(hidden=True)
        if tag in HEADINGS:
            state = state._replace(heading=tag)
        if tag == "li":
            state = state._replace(item=True)
        if tag == "pre":
            state = state._replace(preformatted=True)
        if tag == "main" or (element.get("role") or "").strip().lower() == "main":
            state = state._replace(around=False)  # also where a navigation before it was never closed
        elif tag not in {"html", "body"} and _is_around(element, tag):
            state = state._replace(around=True)
        return state

    def _box(self, element: etree._Element, tag: str, parent: Block) -> Block:
        if tag == "body" and parent.parent is None:
            return parent  # text outside of it is on the page, too
        name = f"#{collapse(element.get('id') or '')}"
        if name == "#":
            self._boxes[parent, tag] += 1
            name = f"{tag}[{self._boxes[parent, tag]}]"
        return Block(name=name, parent=parent, depth=parent.depth + 1, tag=tag, labels=self._labels(element))

    def _labels(self, element: etree._Element) -> frozenset[str]:
        """What an element is called, by the author of the page and by whoever named it beside."""
        told = " ".join(filter(None, (element.get("class"), element.get("id"), element.get("itemprop"))))
        labels = frozenset(told.lower().split()) if told else frozenset()
        return labels | self._named[element] if element in self._named else labels

    def _add(self, text: str) -> None:
        state = self._states[-1]
        if leads_to_orcid(state.href) and signs_orcid(text):
            text = " " if text[:1].isspace() or text[-1:].isspace() else ""
        if not state.preformatted:
            self._runs.append((text, state))
            return
        for number, line in enumerate(text.split("\n")):
            if number:
                self._end_line()
            self._runs.append((line, state))

    def _end_line(self) -> None:
        if not self._runs:
            return
        runs, self._runs = self._runs, []
        names_people, self._names_people = self._names_people, False
        text = collapse("".join(words for words, _ in runs))
        if not text or runs[0][1].around:
            self._breaks += _BLANK * any("\xa0" in words for words, _ in runs)
            return
        telling = [state for words, state in runs if any(map(str.isalnum, words))] or [state for _, state in runs]
        block = telling[0].block
        self._lines_in[block] += 1
        number = self._lines_in[block]
        self.lines.append(
            Line(
                text=text,
                block=block,
                place=block.place + (f" line {number}" if number > 1 else ""),
                marks=_marks(telling),
                links=_links(runs),
                after_rule=self._after_rule,
                after_blank=self._breaks >= _BLANK,
                runs=_runs(runs, text),
                name_links=name_links((words, state.href) for words, state in runs) if names_people else (),
            ),
        )
        self._after_rule = False
        self._breaks = 0


def _is_unseen(element: etree._Element) -> bool:
    """Whether no browser ever shows it, or it is a button, unless that opens what belongs to a year or a heading."""
    if element.tag == "button":
        words = "".join(map(str, islice(element.itertext(), _BUTTON)))
        return _YEAR.search(words) is None and not any(above.tag in HEADINGS for above in element.iterancestors())
    return element.tag in UNSEEN


def _is_hidden(element: etree._Element) -> bool:
    """Whether a browser does not show it, or not before a click."""
    if element.tag in {"html", "body"}:  # hidden until a script shows them
        return False
    if element.get("hidden") is not None:
        return True
    if element.tag == "dialog" and element.get("open") is None:
        return True
    if (element.get("aria-hidden") or "").strip().lower() == "true" or _HIDING.search(element.get("style") or ""):
        return True
    classes = element.get("class")
    return classes is not None and not FOR_SCREEN_READERS.isdisjoint(classes.split())


def _is_around(element: etree._Element, tag: str) -> bool:
    """Whether it stands around the content: by its element, its role or its class."""
    if tag in AROUND or (element.get("role") or "").strip().lower() in AROUND_ROLES:
        return True
    names = [*(element.get("class") or "").lower().split(), (element.get("id") or "").lower()]
    return not AROUND_CLASSES.isdisjoint(names)


def _marks(states: list[_State]) -> frozenset[str]:
    """What is true of all words of a line."""
    marks = {
        "bold": all(state.bold for state in states),
        "italic": all(state.italic for state in states),
        "item": all(state.item for state in states),
        "link": all(state.href for state in states),
        "hidden": all(state.hidden for state in states),
    }
    headings = {state.heading for state in states}
    return frozenset(
        [mark for mark, holds in marks.items() if holds] + [h for h in headings if h and len(headings) == 1]
    )


def _runs(runs: list[tuple[str, _State]], text: str) -> tuple[Run, ...]:
    """The runs of a line, whose text they make together; neighbours that look alike are one."""
    found: list[Run] = []
    for words, state in ((words, state) for words, state in runs if words):
        told = Run(words, state.bold, state.italic, state.href, state.labels)
        if found and found[-1][1:] == told[1:]:
            found[-1] = told._replace(text=found[-1].text + words)
        else:
            found.append(told)
    return tuple(_spaced(found, text))


def _spaced(runs: list[Run], text: str) -> Iterator[Run]:
    """The runs with white space as it stands in the line's text; a blank between two belongs to the first."""
    words = [" ".join(run.text.split()) for run in runs]
    ended = True
    for at, run in enumerate(runs):
        if not ended and run.text[:1].isspace():
            words[at - 1] += " "
            ended = True
        if words[at]:
            ended = run.text[-1:].isspace()
            words[at] += " " * ended
    start = "".join(words).find(text)
    stop = start + len(text)
    at = 0
    for run, said in zip(runs, words, strict=True):
        kept = said[max(start - at, 0) : max(stop - at, 0)]
        at += len(said)
        if kept:
            yield run._replace(text=kept)


def _links(runs: list[tuple[str, _State]]) -> tuple[Link, ...]:
    """The links of a line, those to one target as one."""
    words: dict[str, str] = {}
    for text, state in runs:
        if state.href:
            words[state.href] = words.get(state.href, "") + text
    return tuple(Link(url=url, text=text) for url, under in words.items() if (text := collapse(under)))

"""A page's tree in, one list of entries for each form in which it states them out.

One row a form, in the order in which they are trusted on the page of one work. A form that states nothing has no list.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from lxml import etree

from repo_harvest.model import Entry, Link, Problem, Severity
from repo_harvest.parse.embedded import bibtex, coins, csl, jsonld, meta, microdata, ris
from repo_harvest.parse.embedded.tree import Tree, inner_text
from repo_harvest.parse.identifiers import is_resolvable

__all__ = ["FORMS", "EmbeddedList", "linked", "read"]

Found = tuple[tuple[Entry, ...], tuple[Problem, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class EmbeddedList:
    """What a page states in one form: its entries in the order of the page, each with its place, and what was wrong."""

    name: str
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...] = ()


def _bibtex(tree: Tree) -> Found:
    """The records of its text; if it shows none, those that its attributes hold."""
    for text, place in (tree.written, tree.attributes):
        if bibtex.TELLS.search(text) and any(found := bibtex.read(text, place=place)):
            return found
    return (), ()


def _ris(tree: Tree) -> Found:
    text, place = tree.written
    return ris.read(text, place=place) if ris.TELLS.search(text) else ((), ())


FORMS: Final[dict[str, Callable[[Tree], Found]]] = {
    "meta": meta.read,
    "JSON-LD": jsonld.read,
    "CSL-JSON": csl.read_scripts,
    "microdata": microdata.read_microdata,
    "RDFa": microdata.read_rdfa,
    "COinS": coins.read,
    "BibTeX": _bibtex,
    "RIS": _ris,
}

_ENDS = (".bib", ".bibtex", ".ris", ".enw")
_TYPES = frozenset({"application/x-bibtex", "text/x-bibtex", "application/x-research-info-systems"})
_FORMATS = frozenset({"bibtex", "bib", "ris", "endnote"})
_TARGETS = ("data-filename", "href")  # what a page's own program fetches, and where a link goes
_MOST_LINKS = 10_000


def read(root: etree._Element, *, location: str) -> tuple[EmbeddedList, ...]:
    """What a page states in machine-readable form; `location` is where it was found. Never raises for what it holds.

    >>> from repo_harvest.parse.tree import parse_html
    >>> root, _ = parse_html("<meta name=citation_title content=Trust><meta name=citation_date content=2021/03>")
    >>> [(found.name, found.entries[0].title, str(found.entries[0].date)) for found in read(root, location="")]
    [('meta', 'Trust', '2021-03')]
    """
    tree = Tree(root, location=location)
    lists = []
    for name, form in FORMS.items():
        entries, problems = form(tree)
        if entries or problems:
            entries, notes = _unshared(entries)
            lists.append(EmbeddedList(name=name, entries=entries, problems=(*problems, *notes)))
    return tuple(lists)


def linked(root: etree._Element, *, location: str) -> tuple[Link, ...]:
    """The files of BibTeX, RIS or EndNote records that a page links to, each once; nothing is fetched."""
    tree = Tree(root, location=location)
    found: dict[str, Link] = {}
    for element in root.iter("a", "link", "button"):
        href = next((said for name in _TARGETS if (said := element.get(name)) and said != "#"), "")
        url = tree.absolute(href) if href else ""
        if url and _is_file(url, element.get("type") or ""):
            found.setdefault(url, Link(url=url, text=inner_text(element)))
            if len(found) == _MOST_LINKS:
                break
    return tuple(found.values())


def _is_file(url: str, kind: str) -> bool:
    parts = urlsplit(url)
    if kind.lower() in _TYPES or parts.path.lower().endswith(_ENDS):
        return True
    return any(value.lower() in _FORMATS for _, value in parse_qsl(parts.query[:1_000]))


def _unshared(entries: tuple[Entry, ...]) -> Found:
    """The entries without addresses that others with another title state too: such are a conference's, not a work's."""
    titles: defaultdict[str, set[str]] = defaultdict(set)
    for entry in entries:
        for value in entry.identifiers:
            titles[value].add(entry.title.casefold())
    shared = {value for value, stated in titles.items() if len(stated) > 1 and not is_resolvable(value)}
    if not shared:
        return entries, ()
    kept = tuple(
        replace(entry, identifiers=tuple(value for value in entry.identifiers if value not in shared))
        for entry in entries
    )
    says = "entries with different titles state {}: it identifies none"
    notes = (Problem(where="page", what=says.format(value), severity=Severity.NOTE) for value in sorted(shared))
    return kept, tuple(notes)

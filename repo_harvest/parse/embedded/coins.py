"""COinS in, entries out: `<span class="Z3988" title="ctx_ver=Z39.88-2004&rft.atitle=…">`.

OpenURL ContextObjects in Spans; the keys are those of the KEV formats journal, book, dissertation, patent and dc of
ANSI/NISO Z39.88-2004.
"""

from __future__ import annotations

from collections import defaultdict
from urllib.parse import parse_qsl

from repo_harvest.model import Entry, Problem
from repo_harvest.parse.embedded.draft import Draft, plain
from repo_harvest.parse.embedded.tree import Tree

__all__ = ["read"]

_SPANS = "//*[@title and contains(concat(' ', normalize-space(@class), ' '), ' Z3988 ')]"
_LONGEST = 100_000  # characters of one span
_PARTS = frozenset({"article", "proceeding", "bookitem", "preprint"})


def read(tree: Tree) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """The works of a page's spans, in its order."""
    entries: list[Entry] = []
    problems: list[Problem] = []
    for element in tree.all(_SPANS):
        draft = Draft(form="COinS", place=tree.place(element))
        _fill(draft, _keys(element.get("title") or ""))
        if entry := draft.entry():
            entries.append(entry)
        else:
            draft.problem("title", "a span has no title and was left out")
        problems += draft.problems
    return tuple(entries), tuple(problems)


def _keys(title: str) -> defaultdict[str, list[str]]:
    """The values of each key; ampersands that were escaped twice are read as one."""
    keys: defaultdict[str, list[str]] = defaultdict(list)
    for name, value in parse_qsl(title[:_LONGEST].replace("&amp;", "&"), errors="replace"):
        keys[name.strip().lower()].append(plain(value))
    return keys


def _fill(draft: Draft, keys: defaultdict[str, list[str]]) -> None:
    titles = ["rft.atitle", "rft.btitle", "rft.title", "rft.jtitle"]
    title = next((name for name in titles if keys[name]), None)
    if title:
        draft.text("title", keys[title][0], title)
    if title == "rft.atitle":
        for name in ("rft.jtitle", "rft.btitle", "rft.title", "rft.stitle"):
            draft.text("container", (keys[name] or [""])[0], name)
    draft.text("container", (keys["rft.source"] or [""])[0], "rft.source")
    for name in ("rft.pub", "rft.publisher", "rft.inst"):
        draft.text("publisher", (keys[name] or [""])[0], name)
    draft.text("abstract", (keys["rft.description"] or [""])[0], "rft.description")
    for value in keys["rft.date"]:
        draft.date(value, "rft.date")
    _creators(draft, keys)
    for name in ("rft_id", "rft.identifier", "rft.doi"):
        for value in keys[name]:
            draft.identifier(_spelt(value), name)
    if title != "rft.atitle" and not _PARTS & {*keys["rft.genre"]}:
        for value in keys["rft.isbn"]:
            draft.isbn(value, "rft.isbn")


def _creators(draft: Draft, keys: defaultdict[str, list[str]]) -> None:
    """The first author in parts, then the others; the first is among those again, in whichever order."""
    first = ""
    if keys["rft.aulast"]:
        given = (keys["rft.aufirst"] or keys["rft.auinit"] or [""])[0]
        first = f"{keys['rft.aulast'][0]}, {given}" if given else keys["rft.aulast"][0]
        draft.creator(first, "rft.aulast")
    for name in ("rft.au", "rft.creator", "rft.aucorp"):
        for value in keys[name]:
            if _words(value) != _words(first):
                draft.creator(value, name)


def _words(name: str) -> list[str]:
    return sorted(name.replace(",", " ").casefold().split())


def _spelt(value: str) -> str:
    if value.startswith("info:pmid/"):
        return f"https://pubmed.ncbi.nlm.nih.gov/{value.removeprefix('info:pmid/')}/"
    return value.replace("info:hdl/", "hdl:")

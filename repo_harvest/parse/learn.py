"""A page and a few titles that a person pasted from it in, the profile that finds all entries like these out.

Where each title stands is found in the tree. Going up from two of them side by side, each pair of elements is a proposal
for what an entry is: what both have in common, element and classes, becomes its selector. The one that finds most
entries is taken, each with one title in it; of those that find as many, the outermost, which holds most of each entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations
from typing import NamedTuple

from lxml import etree

from repo_harvest.errors import UsageError
from repo_harvest.parse.markup import UNSEEN
from repo_harvest.parse.profile import Profile, Selector
from repo_harvest.parse.tree import parse_html

__all__ = ["learn", "learn_profile"]

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_LETTERS = re.compile(r"[\W_]+")
_FEWEST = 2  # entries that a selector must find
_LEAST_BESIDE = 8  # letters that an entry holds beside its title
_MOST_OF_AN_ELEMENT = 0.6  # of the letters of an element that is a title, the title is at least so many


def learn_profile(text: str, titles: Sequence[str]) -> Profile:
    """The profile that titles teach on the page of this text; raises `UsageError`, see `learn`."""
    root, _ = parse_html(text)
    if root is None:
        raise UsageError("--title: this page is no HTML; a profile needs elements to select")
    return learn(root, titles)


def learn(root: etree._Element, titles: Sequence[str]) -> Profile:
    """The profile that finds the entries with these titles, and all that are like them.

    Raises `UsageError` for fewer than two titles, one that is not on the page, and where nothing sets entries apart.
    """
    if len(titles) < _FEWEST:
        raise UsageError("--title: give two titles at least, as they stand on the page: what they share shows an entry")
    found = [_places(root, title) for title in titles]
    for title, places in zip(titles, found, strict=True):
        if not places:
            raise UsageError(f"--title: {title!r} is not on this page; copy the title from the page as it is shown")
    keys = [_key(title) for title in titles]
    proposals = {
        (
            proposal.entry.css,
            *sorted((name, one.css) for name, one in proposal.fields.items()),
            proposal.starts,
        ): proposal
        for (left, left_key), (right, right_key) in combinations(zip(found, keys, strict=True), 2)
        for one in left
        for other in right
        if one is not other
        for proposal in _proposals((one, left_key), (other, right_key))
    }
    judged = [(score, one) for one in proposals.values() if (score := _score(root, one, keys)) is not None]
    if not judged:
        raise UsageError("--title: these titles have nothing in common that sets entries apart; try two others")
    score, best = max(judged, key=lambda pair: pair[0])
    return replace(best, count=abs(score.entries))


def _key(text: str) -> str:
    return _LETTERS.sub("", text).casefold()


def _text(element: etree._Element) -> str:
    return _key("".join(_words(element)))


def _words(element: etree._Element) -> Iterator[str]:
    for node in element.iter():
        if node.text and node.tag not in UNSEEN:
            yield node.text
        if node is not element and node.tail:
            yield node.tail


def _places(root: etree._Element, title: str) -> list[etree._Element]:
    """The innermost elements that hold the whole title, those first in which little else stands."""
    key, waiting = _key(title), [root]
    found: list[etree._Element] = []
    while waiting and key:
        element = waiting.pop()
        inside = [
            child for child in element.iterchildren(etree.Element) if child.tag not in UNSEEN and key in _text(child)
        ]
        waiting += inside
        if not inside and key in _text(element):
            found.append(element)
    return sorted(found, key=lambda element: len(_text(element)))


def _proposals(one: tuple[etree._Element, str], other: tuple[etree._Element, str]) -> Iterator[Profile]:
    """What an entry may be, from the elements of two titles outwards, as far as they have nothing in common."""
    left, right = list(_upwards(one[0])), list(_upwards(other[0]))
    shared = set(left) & set(right)
    pairs = [(inner, outer) for inner in left for outer in right if not shared & {inner, outer}]
    titles: dict[str, Selector] = {}
    for inner, outer in pairs:
        if _is_title(inner, one[1]) and _is_title(outer, other[1]):
            titles |= {selector.css: selector for selector in _selectors(inner, outer)}
    for title in titles.values():
        yield Profile(entry=title, fields={"title": title}, starts=True)
    for inner, outer in pairs:
        for entry in _selectors(inner, outer):
            yield Profile(entry=entry)
            for title in titles.values():
                if title != entry:
                    yield Profile(entry=entry, fields={"title": title})


def _is_title(element: etree._Element, key: str) -> bool:
    """Whether little but the title stands in it."""
    return len(key) >= _MOST_OF_AN_ELEMENT * len(_text(element))


def _upwards(element: etree._Element) -> Iterator[etree._Element]:
    yield element
    yield from element.iterancestors()


def _selectors(one: etree._Element, other: etree._Element) -> Iterator[Selector]:
    """What the two have in common, as CSS: element and classes; where there are none, inside what they stand in."""
    own = _simple(one, other)
    if own is None:
        return
    above, beside = one.getparent(), other.getparent()
    outer = None if above is None or beside is None else _simple(above, beside)
    if "." in own or outer is None:
        yield Selector(css=own)
    else:
        yield Selector(css=f"{outer} > {own}")
        if "." in outer:  # which two entries may share by chance, such as "odd"
            yield Selector(css=f"{outer.partition('.')[0]} > {own}")


def _simple(one: etree._Element, other: etree._Element) -> str | None:
    if one.tag != other.tag or not _NAME.fullmatch(str(one.tag)):
        return None
    shared = set((one.get("class") or "").split()) & set((other.get("class") or "").split())
    return ".".join([str(one.tag), *sorted(name for name in shared if _NAME.fullmatch(name))])


class _Score(NamedTuple):
    """What is better about a proposal, the weightiest first."""

    is_whole: bool
    """An entry is an element, which ends where it ends; not only where one begins."""
    has_title: bool
    entries: int
    """How many there are; negative where they only begin, as the one that finds fewest then sets them apart best."""
    letters: int


def _score(root: etree._Element, profile: Profile, keys: Sequence[str]) -> _Score | None:
    """How good the proposal is; `None` if what it finds cannot be one entry each."""
    entries = profile.entry.find(root)
    texts = [_text(entry) for entry in entries]
    if len(entries) < _FEWEST or _are_nested(entries):
        return None
    holding = [min((text for text in texts if key in text), key=len, default="") for key in keys]
    if not all(holding) or len(set(holding)) < len(keys):
        return None
    if profile.starts:
        return _Score(is_whole=False, entries=-len(entries), has_title=True, letters=0)
    if not all(len(text) >= len(key) + _LEAST_BESIDE for text, key in zip(holding, keys, strict=True)):
        return None
    if "title" not in profile.fields:
        return _Score(is_whole=True, entries=len(entries), has_title=False, letters=sum(map(len, texts)))
    titles = set(profile.fields["title"].find(root))
    one_each = [sum(element in titles for element in entry.iterdescendants()) == 1 for entry in entries]
    letters = sum(len(text) for text, is_one in zip(texts, one_each, strict=True) if is_one)
    return _Score(is_whole=True, entries=sum(one_each), has_title=True, letters=letters)


def _are_nested(elements: Sequence[etree._Element]) -> bool:
    inside = set(elements)
    return any(above in inside for element in elements for above in element.iterancestors())

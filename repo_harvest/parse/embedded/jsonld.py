"""JSON-LD in, the works of schema.org in it out: `<script type="application/ld+json">`.

What is no JSON is not lost: comments around it, commas too many and raw control characters are forgiven, and of a text
that is broken beyond that, the objects are read that are whole. Contexts are not fetched; names are taken as
schema.org's, with or without its prefix. Numbers are read as the text they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

from repo_harvest.model import Entry, Problem
from repo_harvest.parse.embedded import schema_org
from repo_harvest.parse.embedded.draft import Draft
from repo_harvest.parse.embedded.schema_org import Thing
from repo_harvest.parse.embedded.tree import Tree

__all__ = ["loads", "read"]

_OPENING = re.compile(r"<!--|(?://\s{0,20}|/\*\s{0,20})?<!\[CDATA\[\s{0,20}(?:\*/)?|\ufeff")
_CLOSING = re.compile(r"(?:-->|(?://\s{0,20}|/\*\s{0,20})?\]\]>\s{0,20}(?:\*/)?|;)\Z")
_LONGEST_CLOSING = 60  # characters
_COMMA_TOO_MANY = re.compile(r'("(?:[^"\\]|\\.)*+(?:"|\\?\Z))|,(?=\s{0,200}[}\]])', re.DOTALL)
_OBJECT = re.compile(r'\{(?=\s{0,200}")')
_COUNTED_A_STEP = 50  # characters: a failure counts the lines before it, which is cheap and not free
_MOST_TRIED = 20  # times the length of a broken text that are read in vain before the rest is given up


def read(tree: Tree) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """The works of all scripts of a page, in its order; a work that is stated twice, by its `@id`, is read once."""
    problems: list[Problem] = []
    stated: list[tuple[str, object]] = []
    for script in tree.root.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        place = f"{tree.place(script)} script"
        values, what = loads(script.text or "")
        if what:
            problems.append(Problem(where=place, what=f"JSON-LD: {what}"))
        stated += [(place, value) for value in values]
    by_id = dict(_identified([value for _, value in stated]))
    entries = []
    for place, work in _works(stated):
        draft = Draft(form="JSON-LD", place=place)
        schema_org.fill(draft, work, by_id)
        problems += draft.problems
        if entry := draft.entry():
            entries.append(entry)
    return tuple(entries), tuple(problems)


def _works(stated: list[tuple[str, object]]) -> Iterator[tuple[str, Thing]]:
    seen: set[str] = set()
    for place, value in stated:
        for work in schema_org.works(value):
            identity = work.get("@id")
            if isinstance(identity, str):
                if len(work) <= 2 or identity in seen:  # noqa: PLR2004 - a reference: an id, a type
                    continue
                seen.add(identity)
            yield place, work


def _identified(values: list[object]) -> Iterator[tuple[str, Thing]]:
    """Every thing that has an id and says something, however deep; the first of an id comes last and stays."""
    found: list[tuple[str, Thing]] = []
    waiting = list(reversed(values))
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if isinstance(identity := value.get("@id"), str) and len(value) > 1:
                found.append((identity, value))
            waiting += value.values()
        elif isinstance(value, list):
            waiting += reversed(value)
    yield from reversed(found)


def loads(text: str) -> tuple[list[object], str]:
    """The values in a text that should be one of JSON, and what was wrong with it, in words; never raises.

    >>> loads('{"name": "Trust", "year": 2021,}')
    ([{'name': 'Trust', 'year': '2021'}], '')
    >>> values, what = loads('[{"name": "Trust"}, {"name": broken}, {"name": "Time"}]')
    >>> values, what
    ([{'name': 'Trust'}, {'name': 'Time'}], 'it is broken at character 29: what is whole in it was read')
    """
    text = _unwrapped(text)
    if not text:
        return [], ""
    try:
        return [_DECODER.decode(text)], ""
    except (ValueError, RecursionError):
        pass
    mended = _COMMA_TOO_MANY.sub(lambda match: match[1] or "", text)
    try:
        return [_DECODER.decode(mended)], ""
    except json.JSONDecodeError as error:
        what = f"it is broken at character {error.pos}"
    except (ValueError, RecursionError):
        what = "it is nested too deep"
    salvaged = list(_salvaged(mended))
    return salvaged, f"{what}: {'what is whole in it was read' if salvaged else 'nothing of it could be read'}"


def _unwrapped(text: str) -> str:
    """The text without white space and the comment around it; looked for at its two ends alone, and so in no time."""
    text = text.strip()
    if opening := _OPENING.match(text):
        text = text[opening.end() :].lstrip()
    end = max(0, len(text) - _LONGEST_CLOSING)
    return text[:end] + _CLOSING.sub("", text[end:]).rstrip()


def _named(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object, its names without prefix or vocabulary."""
    return {(name.rpartition("/")[2].rpartition(":")[2] if ":" in name else name): value for name, value in pairs}


_DECODER = json.JSONDecoder(object_pairs_hook=_named, parse_int=str, parse_float=str, parse_constant=str, strict=False)


def _salvaged(text: str) -> Iterator[object]:
    """The outermost objects that are whole. Each is tried where it begins, as long as what fails is not too much."""
    budget = _MOST_TRIED * len(text)
    at = 0
    while budget > 0 and (begin := _OBJECT.search(text, at)):
        at = begin.start() + 1
        try:
            value, at = _DECODER.raw_decode(text, begin.start())
        except json.JSONDecodeError as error:
            budget -= error.pos - begin.start() + error.pos // _COUNTED_A_STEP
        except (ValueError, RecursionError):
            budget -= len(text)
        else:
            yield value

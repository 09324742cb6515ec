"""The chosen readings of all units in, the same out with what only the other entries of the page can tell of one.

---. "A title."                        the people of the entry before
Some Body (2015) A title               whoever stands where the others name their people
A title in italics. Some House, 2017   a publisher, where the others have their containers in italics
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from repo_harvest.parse.citation import people
from repo_harvest.parse.citation.houses import after_town
from repo_harvest.parse.citation.parts import BEFORE, Parts
from repo_harvest.parse.citation.people import SAME, Name, People, Way
from repo_harvest.parse.citation.sentences import WORKS
from repo_harvest.parse.citation.tape import Tape
from repo_harvest.parse.citation.titles import ITALIC, looks

__all__ = ["settled"]

_INITIAL = re.compile(r", (?:[^\W\d_]\.?[ -]?){1,4}\Z")
_UNDOTTED = re.compile(r", [^\W\d_]\Z")
_BODY = re.compile(r"\s*(?P<body>[^\W\d_][^\n:：.()\[\]“”„«»「」『』\"]{2,80}?)\s*[.,:：]?\s*[(\n「『\"“„«]")
_MOST_BODY = 8  # words
_LEAST_BEFORE, _LEAST_ITALIC = 0.6, 0.2  # of the units


def settled(tapes: Sequence[Tape], chosen: Sequence[Parts | None]) -> list[Parts | None]:
    """The readings, settled by what is usual on the page."""
    told = [parts for parts in chosen if parts]
    dotted = _are_dotted(told)
    before = sum(parts.people_how == BEFORE for parts in told) >= _LEAST_BEFORE * len(told)
    italic = sum(_is_italic(parts) for parts in told) >= _LEAST_ITALIC * len(told)
    found: list[Parts | None] = []
    last: People | None = None
    for tape, parts in zip(tapes, chosen, strict=True):
        new = parts
        if new and (same := SAME.match(tape.words, 0, new.title[0])):
            new = replace(new, people=_same(tape, new, last, same), people_how="the entry before")
        elif new and new.people is None and before and (body := _body(tape, new)):
            new = replace(new, people=body, people_how=BEFORE)
        if new and new.people and dotted:
            new = replace(new, people=_dotted(tape, new.people))
        if new and _is_book(tape, new, italic=italic):
            new = _published(new)
        last = new.people if new else None
        found.append(new)
    return found


def _is_italic(parts: Parts) -> bool:
    return parts.tail.container is not None and parts.tail.container.how == ITALIC


def _same(tape: Tape, parts: Parts, last: People | None, same: re.Match[str]) -> People | None:
    """The people of the entry before, at the dash, and those who are named after it."""
    others = people.find(tape.words, same.end(), parts.title[0])
    if last is None:
        return others
    start, end = same.span("same")
    names = tuple(Name(name.text, start, end) for name in last.names)
    return replace(last, names=names + (others.names if others else ()), end=others.end if others else end)


def _are_dotted(told: Sequence[Parts]) -> bool:
    """Whether initials have full stops on this page, as those show that no list ends with."""
    ends = [
        name.text[-1] == "."
        for parts in told
        if parts.people
        for name in parts.people.names[:-1]
        if _INITIAL.search(name.text)
    ]
    return 2 * sum(ends) > len(ends)


def _dotted(tape: Tape, who: People) -> People:
    """The people, the last of them with the full stop that ends the list, too."""
    last = who.names[-1]
    if not _UNDOTTED.search(last.text) or tape.words[last.end - 1 : last.end] != ".":
        return who
    return replace(who, names=(*who.names[:-1], last._replace(text=f"{last.text}.")))


def _body(tape: Tape, parts: Parts) -> People | None:
    """The few words that stand where people do."""
    date = parts.date.start if parts.date and parts.date.start < parts.title[0] else parts.title[0]
    match = _BODY.match(tape.words, 0, min(parts.title[0], date + 1))
    if (
        match is None
        or len(match["body"].split()) > _MOST_BODY
        or match["body"][:1].islower()
        or WORKS.match(match["body"])
    ):
        return None
    name = Name(" ".join(match["body"].split()), *match.span("body"))
    return People(names=(name,), end=name.end, way=Way.DIRECT, ended=True)


def _is_book(tape: Tape, parts: Parts, *, italic: bool) -> bool:
    """Whether the title is that of a book, and what was taken for its container has nothing of one."""
    container, (start, end) = parts.tail.container, parts.title
    if container is None or container.how != "citation grammar" or parts.tail.publisher or parts.tail.numbers.spans:
        return False
    if WORKS.match(container.text) or WORKS.match(tape.words, end + 1) or WORKS.match(tape.words, end + 2):
        return False
    if tape.words[start - 1 : start] == "『":
        return True
    return italic and all(ITALIC in looks(piece) for piece in tape.pieces if piece.start < end and piece.end > start)


def _published(parts: Parts) -> Parts:
    container = parts.tail.container
    assert container is not None
    return replace(parts, tail=replace(parts.tail, container=None, publisher=after_town(container)))

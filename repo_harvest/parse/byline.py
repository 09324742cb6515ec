"""The line that names people and a date in, its parts out.

    byline   = names "(" imprint ")" [ publisher ]
    imprint  = [ publisher "," ] date            Buck, Gillian (Wiley, 2019-09-04)
             | date "," publisher                Buck, Gillian (2019, Wiley)

`names` is the grammar of `names`, `date` that of `dates`. A line is a byline only if all of it fits: a sentence that
cites "(Buck, 2020)" or opens with "The Ministry of Justice (2014) defines" does not. How far the line alone proves that
it is a byline is its `Strength`; the lines around it prove the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import islice

from repo_harvest.model import PartialDate, Problem, Severity
from repo_harvest.parse import dates, names
from repo_harvest.parse.names import Names, Order
from repo_harvest.parse.text import collapse, visible

__all__ = ["Byline", "Strength", "read"]


class Strength(IntEnum):
    """How far a line alone proves that it is a byline."""

    NAMED = 1  # people, "Surname, Given", and no more
    UNDATED = 2  # people, "Surname, Given", and parentheses in which no date can be read
    LIKELY = 3  # a date in parentheses after words that may name people or bodies
    CERTAIN = 4  # people, "Surname, Given", and a date in parentheses


@dataclass(frozen=True, slots=True, kw_only=True)
class Byline:
    """What a byline says. `where` of its problems is the field of `Entry` that they are about."""

    creators: tuple[str, ...]
    date: PartialDate | None
    publisher: str | None
    strength: Strength
    order: Order
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Imprint:
    """What stands in the parentheses. `dated` if it states a date, even one that is impossible or still to come."""

    date: PartialDate | None
    publisher: str | None
    problem: Problem | None = None
    dated: bool = True


LONGEST = 20_000  # characters; some papers name a thousand people
_LONGEST_IMPRINT = 200
_LONGEST_PUBLISHER, _MOST_PUBLISHER = 100, 6  # characters, words, where nothing but its capitals says that it is one
_LONGEST_NOTE = 40
_MOST_GROUPS = 4  # parentheses looked into, from the last

_OPEN, _CLOSE = "(（", ")）"
_PARTED = re.compile(r"[(（,，،]")  # no byline is without
_PARENTHESIS = re.compile(r"[()（）]")
_HOST = re.compile(r"(?:https?://)?(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}(?:/\S{0,200})?", re.IGNORECASE)
_YEAR = re.compile(r"(?<![0-9])[12][0-9]{3}(?![0-9])")
_SEPARATOR = re.compile(r"[,;:，،；]")
_NOTE = re.compile(r"\[[^\[\]]{1,40}\]|\([^()]{1,40}\)")


def read(text: str, *, order: Order = Order.UNKNOWN) -> Byline | None:
    """What `text` says if it is a byline; `None` if it is not one. `order` settles names that can be read both ways.

    >>> byline = read("Buck, Gillian (Wiley, 2019-09-04)")
    >>> byline.creators, byline.publisher, str(byline.date)
    (('Buck, Gillian',), 'Wiley', '2019-09-04')
    >>> read("Buck, Gillian (2021) publisher.example").publisher
    'publisher.example'
    >>> read("Buck, Gillian (in press)").problems
    (Problem(where='date', what="it says 'in press': no date", severity=<Severity.NOTE: 'note'>),)
    >>> read("The Ministry of Justice (2014) counts meetings") is None
    True
    """
    if len(text) > LONGEST or not _PARTED.search(text):
        return None
    text = collapse(visible(text))
    fallback: Byline | None = None
    for start, end in islice(_groups(text), _MOST_GROUPS):
        imprint = _imprint(text[start + 1 : end - 1].strip())
        if imprint is None:
            continue
        byline = _assembled(text[:start], imprint, text[end:], order)
        if byline is not None and imprint.dated:
            return byline
        fallback = fallback or byline
    return fallback or _names_only(text, order)


def _groups(text: str) -> Iterator[tuple[int, int]]:
    """Where the outermost parentheses open and close, the last pair first."""
    groups: list[tuple[int, int]] = []
    depth = start = 0
    for match in _PARENTHESIS.finditer(text):
        if match[0] in _OPEN:
            start = start if depth else match.start()
            depth += 1
        elif depth:
            depth -= 1
            if not depth:
                groups.append((start, match.end()))
    return reversed(groups)


# --- inside the parentheses --------------------------------------------------------------------------------------


def _imprint(text: str) -> _Imprint | None:
    """The date and the publisher in the parentheses; `None` if they hold something else."""
    if not text or len(text) > _LONGEST_IMPRINT:
        return None
    if stated := dates.read(text):
        return _of(stated, None)
    cuts = [match.start() for match in _SEPARATOR.finditer(text)]
    for cut in cuts:
        if stated := dates.read(text[cut + 1 :]):
            return _of(stated, text[:cut].strip())
    for cut in cuts[:1]:
        if stated := dates.read(text[:cut]):
            return _of(stated, text[cut + 1 :].strip())
    return _unreadable(text, cuts)


def _of(stated: dates.Stated, publisher: str | None) -> _Imprint:
    problem = Problem(where="date", what=stated.remark, severity=stated.severity) if stated.remark else None
    return _Imprint(stated.date, publisher or None, problem)


def _unreadable(text: str, cuts: list[int]) -> _Imprint | None:
    """Parentheses with figures, where a date is expected and none can be read: "(2020?)", "(Wiley, 2019-0x-04)"."""
    if not any(char.isdigit() for char in text):
        return None
    publisher, date = (text[: cuts[-1]].strip(), text[cuts[-1] + 1 :].strip()) if cuts else (None, text)
    problem = Problem(where="date", what=f"'{date}' cannot be read as a date")
    return _Imprint(None, publisher, problem, dated=_YEAR.search(date) is not None)


# --- around the parentheses --------------------------------------------------------------------------------------


def _assembled(before: str, imprint: _Imprint, after: str, order: Order) -> Byline | None:
    """The byline of these three parts, if the names are names and what follows can follow."""
    tail = _tail(after.strip(" .,;:–—-|"), imprint)
    if tail is None:
        return None
    publisher, notes = tail
    who = names.read(before, order=order) if before.strip() else Names(names=())
    if who is None:
        return None
    people = who.order is Order.INVERTED
    if not people and (not imprint.dated or (imprint.date is None and not who.names)):
        return None
    strength = Strength.UNDATED if not imprint.dated else Strength.CERTAIN if people else Strength.LIKELY
    problems = [imprint.problem] if imprint.problem else []
    return Byline(
        creators=who.names,
        date=imprint.date,
        publisher=imprint.publisher or publisher,
        strength=strength,
        order=who.order,
        problems=(*problems, *_about(who, before), *notes),
    )


def _tail(after: str, imprint: _Imprint) -> tuple[str | None, list[Problem]] | None:
    """The publisher after the parentheses and what was left out; `None` if no byline goes on like that."""
    notes: list[Problem] = []
    if after and _NOTE.fullmatch(after):
        notes.append(Problem(where="byline", what=f"'{after}' was left out", severity=Severity.NOTE))
        return None, notes
    if not after:
        return None, notes
    if not is_publisher(after):
        return None
    if imprint.publisher:
        what = f"'{after}' was left out: '{imprint.publisher}' is named as the publisher"
        notes.append(Problem(where="publisher", what=what, severity=Severity.NOTE))
    return after, notes


def is_publisher(text: str) -> bool:
    """Whether the words after the parentheses can be a publisher: a host name, or a few words with capitals.

    >>> is_publisher("justiceinspectorates.gov.uk"), is_publisher("Policy Press"), is_publisher("found that it works")
    (True, True, False)
    """
    if len(text) > _LONGEST_PUBLISHER:
        return False
    if _HOST.fullmatch(text):
        return True
    words = text.split()
    return (
        len(words) <= _MOST_PUBLISHER
        and ". " not in text
        and words[0][0].isalpha()
        and all(word in names.JOINING or not word[0].islower() for word in words)
        and words[0] not in names.JOINING
    )


def _about(who: Names, before: str) -> list[Problem]:
    """What a person should know about the names."""
    if not who.names and who.certain:
        return [Problem(where="creators", what="the byline names nobody", severity=Severity.NOTE)]
    if not who.certain:
        return [Problem(where="creators", what=f"'{before.strip()}' does not say where one name ends: none was read")]
    problems = []
    if who.more:
        problems.append(Problem(where="creators", what="the byline says that there are others", severity=Severity.NOTE))
    if who.editors:
        problems.append(Problem(where="creators", what="the byline calls them editors", severity=Severity.NOTE))
    return problems


def _names_only(text: str, order: Order) -> Byline | None:
    """A line of people without a date, or followed by parentheses that are none."""
    words, note = text, ""
    if text.endswith(tuple(_CLOSE)) and (group := next(_groups(text), None)) and len(text) - group[0] <= _LONGEST_NOTE:
        words, note = text[: group[0]], text[group[0] :]
    who = names.read(words, order=order) if words.strip() else None
    if who is None or who.order is not Order.INVERTED:
        return None
    what = f"'{note}' cannot be read as a date" if note else "the byline states no date"
    problem = Problem(where="date", what=what, severity=Severity.WARNING if note else Severity.NOTE)
    return Byline(
        creators=who.names,
        date=None,
        publisher=None,
        strength=Strength.UNDATED if note else Strength.NAMED,
        order=who.order,
        problems=(problem, *_about(who, words)),
    )

"""Units in, which of their lines are abstracts out, where neither a label nor its length makes one known for itself.

After the last entry of a page other text may follow, so that its abstract is no longer, in lines, than the longest of the
others. What stands under an entry is its abstract if most entries have sentences there: a title may end like a sentence and fill a
line of its own, but the titles of a list are not mostly two sentences long.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from repo_harvest.parse.citation import people
from repo_harvest.parse.citation.atoms import numbers
from repo_harvest.parse.document import Line
from repo_harvest.parse.text import is_prose
from repo_harvest.parse.unit import Unit

__all__ = ["abstracts"]

_HABIT = 0.6  # of the units
_FEWEST = 2  # units
_SENTENCES = 0.5  # of these lines are more than one sentence
_SHORTEST, _LONG = 40, 150  # characters
_TWO_SENTENCES = re.compile(r"[^\W\d_]{2}[.?!…]\s+[A-ZÀ-Ý“„«(\d]|。.")
_CUT_SHORT = ("...", "…")  # where a page shows only how an abstract begins


def abstracts(units: Sequence[Unit]) -> tuple[list[Unit], list[frozenset[int]]]:
    """For each unit the lines of it that are its abstract, by what most units have at that place.

    With them the units, the last without the lines of text that are too many for its abstract.
    """
    found = [_last_sentences(unit) for unit in units]
    told = [unit.lines[at].text for unit, lines in zip(units, found, strict=True) for at in lines]
    having = sum(map(bool, found))
    several = sum(len(text) >= _LONG or _TWO_SENTENCES.search(text) is not None for text in told)
    if having < max(_FEWEST, _HABIT * len(units)) or several < _SENTENCES * len(told):
        return list(units), [frozenset()] * len(units)
    most = max(map(len, found[:-1]), default=0)
    if not most or len(found[-1]) <= most:
        return list(units), found
    first = sorted(found[-1])
    rest = set(first[most:])  # they are the last but for buttons: the lines before them keep their numbers
    lines = tuple(line for at, line in enumerate(units[-1].lines) if at not in rest)
    return [*units[:-1], replace(units[-1], lines=lines)], [*found[:-1], frozenset(first[:most])]


def _last_sentences(unit: Unit) -> frozenset[int]:
    """The lines of running text that end a unit, but for links and their like below them; never its first."""
    end = len(unit.lines)
    while end > 1 and _is_button(unit.lines[end - 1]):
        end -= 1
    start = end
    while start > 1 and _is_running(unit.lines[start - 1]):
        start -= 1
    return frozenset(range(start, end))


def _is_button(line: Line) -> bool:
    """Whether a line is a link, or as short as "Read more"."""
    return "link" in line.marks or (len(line.text) < _SHORTEST and not any(map(str.isdigit, line.text)))


def _is_running(line: Line) -> bool:
    """Whether a line is sentences, and neither stands out nor cites anything."""
    text = line.text.rstrip()
    if len(text) < _SHORTEST or not (is_prose(text) or text.endswith(_CUT_SHORT)):
        return False
    if line.marks & {"bold", "link"} or line.level:
        return False
    spoken = numbers(text, 0, len(text))
    if spoken.volume and spoken.pages:
        return False
    who = people.find(text[:_LONG])
    return not (who and who.ended)

"""Plain text in, its lines out.

Text that was wrapped to a width is unwrapped: a line goes on in the next one if the first word of that one would not
have fitted. In text that nobody wrapped the longest line is a whole paragraph, so that nothing is ever joined. A line of
dashes is a horizontal rule.
"""

from __future__ import annotations

import re
from itertools import pairwise

from repo_harvest.parse import byline
from repo_harvest.parse.document import Block, Document, Line
from repo_harvest.parse.text import collapse

__all__ = ["read_text"]

_NARROWEST, _WIDEST = 40, 110  # characters; text wrapped to less or more is not text that somebody wrapped
_LONGEST_RULE = 400
_RULE = re.compile(r"(?:[-–—_=*~·•#] ?){3,}")


def read_text(text: str) -> Document:
    r"""The document that plain text is; a line's place is its number, from 1.

    >>> [line.text for line in read_text("Mentoring\n\nBuck, Gillian (2015)\n").lines]
    ['Mentoring', 'Buck, Gillian (2015)']
    """
    page = Block(name="text")
    lines: list[Line] = []
    after_rule = False
    raw = [collapse(line) for line in text.splitlines()]
    for number, words in _unwrapped(raw):
        if len(words) <= _LONGEST_RULE and _RULE.fullmatch(words):
            after_rule = True
            continue
        blank = number > 1 and not raw[number - 2]
        place = f"line {number}"
        lines.append(Line(text=words, block=page, place=place, after_rule=after_rule, after_blank=blank))
        after_rule = False
    return Document(lines=tuple(lines))


def _unwrapped(lines: list[str]) -> list[tuple[int, str]]:
    """The lines that hold something, with their numbers, each joined with those that it goes on in."""
    width = _width(lines)
    joined: list[tuple[int, list[str]]] = []
    previous = ""
    for number, line in enumerate(lines, 1):
        if line and previous and width and _goes_on(previous, line, width):
            joined[-1][1].append(line)
        elif line:
            joined.append((number, [line]))
        previous = line
    return [
        (number, "".join(part if _is_broken(part) else f"{part} " for part in parts).strip())
        for number, parts in joined
    ]


def _width(lines: list[str]) -> int | None:
    """The width that text was wrapped to: its full lines then mostly end in the middle of a sentence."""
    width = max(map(len, lines), default=0)
    if not _NARROWEST <= width <= _WIDEST:
        return None
    full = [line for line, following in pairwise(lines) if line and following and _is_full(line, following, width)]
    return width if 2 * sum(not line.endswith((".", "!", "?", ")", "”")) for line in full) > len(full) else None


def _is_full(line: str, following: str, width: int) -> bool:
    return len(line) + 1 + len(following.split(maxsplit=1)[0]) > width


def _is_broken(line: str) -> bool:
    """Whether a word was broken at its hyphen."""
    return line.endswith("-") and line[-2:-1].isalnum()


def _goes_on(line: str, following: str, width: int) -> bool:
    """Whether a line was broken for want of room; a byline always stands by itself."""
    if not _is_full(line, following, width):
        return False
    return line.endswith((",", ";", "&", " and", "-")) or not (_is_byline(line) or _is_byline(following))


def _is_byline(line: str) -> bool:
    found = byline.read(line)
    return found is not None and found.strength > byline.Strength.UNDATED and bool(found.creators)

"""Some words of a citation, and what stands between them: separators, quotation marks, "In"."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["EDITORS_LEAD", "EXTENT", "IN", "LEAD", "Span", "span_of"]


class Span(NamedTuple):
    """Some words of the tape, and how they were recognised."""

    text: str
    start: int
    end: int
    how: str


IN = re.compile(
    r"[\s.,;:–—)\]“”’»\"'-]*(?:(?:appeared |published |available |erschienen )?(?:in|en|dans|em|w|nel|at)\b:?(?! (?:press|print|prep|preparation|review|prensa|stampa)\b)(?= [^\W_]| [\"“„«'‘(\[])|[Ii]n:)\s*",
    re.IGNORECASE,
)
LEAD = re.compile(r"(?:[\s.,;:/–—|)\]\-»“”\"'’」』]|\((?=\s*\n))+")
EDITORS_LEAD = re.compile(r"(?:edited by|ed\. by|hrsg\. v(?:on|\.)|a cura di|eds?\.:?)\s+", re.IGNORECASE)
EXTENT = re.compile(
    r"[,.;:]? ?\b\d{2,4} ?(?:pp?|S|Seiten|pages|páginas|págs?|pagine|pag|頁|ページ)\b\.?", re.IGNORECASE
)
_QUOTES = "\"'“”‘’„«»‹›「」『』"


def span_of(text: str, start: int, end: int, how: str) -> Span | None:
    """The words, without separators and unpaired quotes around them."""
    told = text[start:end]
    end = start + len(told.rstrip(" \n.,;:–—-([、。，："))
    told = text[start:end]
    lead = len(told) - len(told.lstrip(" \n,;:–—-)]、。，："))
    start += lead
    told = text[start:end]
    if told[:1] in _QUOTES and told[-1:] in _QUOTES:
        start, end = start + 1, end - 1
        end -= len(text[start:end]) - len(text[start:end].rstrip(" ,."))
    if told.count("(") < told.count(")") and told.endswith(")"):
        end -= 1
    told = text[start:end]
    if not told.strip():
        return None
    return Span(" ".join(told.split()), start, end, how)

"""A line in, whether it is an abstract out, where no label says so: it announces itself, or it is sentences and no citation."""

from __future__ import annotations

import re

from repo_harvest.parse.citation import people
from repo_harvest.parse.citation.atoms import numbers
from repo_harvest.parse.text import is_prose

__all__ = ["LEAD", "is_abstract"]

LEAD = re.compile(
    r"(?:abstract|summary|zusammenfassung|résumé|resumen|resumo|riassunto|streszczenie|要旨|概要)\s*[:.–—-]\s*",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[^\W\d_]{2}[.?!。]\s+[A-ZÀ-Ý“„«(]|。")
_SHORTEST, _SHORTEST_LED = 200, 60  # characters


def is_abstract(text: str) -> bool:
    """Whether a line that is not the first of its unit is an abstract.

    >>> is_abstract("Abstract: We stood at one gate for forty mornings and took notes of all who came.")
    True
    >>> is_abstract("Lee, A. (2019). On waiting at a gate. Journal of Gates, 12(3), 1-20.")
    False
    """
    if LEAD.match(text):
        return len(text) >= _SHORTEST_LED
    if len(text) < _SHORTEST or not is_prose(text) or not _SENTENCE.search(text):
        return False
    spoken = numbers(text, 0, len(text))
    who = people.find(text[:_SHORTEST])
    return not (spoken.volume and spoken.pages) and not (who and who.ended)

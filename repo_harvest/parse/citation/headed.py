"""The words of a heading in, the year out that it gives to everything under it.

A heading gives a year if it says one and no other: "2021", "Publications 2021", "Submissions from 2022", "Vol. 3 (2020)".
A period ("2019–2020", "since 2015") is no year.
"""

from __future__ import annotations

import re

from repo_harvest.parse.citation.atoms import Dated, dated
from repo_harvest.parse.text import table

__all__ = ["year_of"]

_LONGEST = 10  # words; more is a sentence
_YEAR = re.compile(r"(?<![0-9])(?:1[5-9]|20)[0-9]{2}(?![0-9])")
_HALF = re.compile(r"(?:1[5-9]|20)[0-9]{2} ?(?:[-–—/~〜～]|to\b|bis\b|until\b|à\b|al?\b|até\b) ?(?:[0-9]|$)")
_WORD = re.compile(r"[^\W\d_]+")
_OPEN = table(
    "since before until after earlier older onward onwards prior present today updated modified copyright seit bis vor nach",
    "ab früher älter heute depuis avant jusque jusqu après desde antes hasta até dopo prima fino founded established born",
)


def year_of(heading: str) -> Dated | None:
    """Where the heading states the one year of what is under it; `None` if it states none or a period.

    >>> [str(found.date) for found in map(year_of, ["Submissions from 2022", "Année 2020", "2021年"]) if found]
    ['2022', '2020', '2021']
    >>> year_of("2019–2020"), year_of("Since 2015"), year_of("2018/19"), year_of("2015 to 2017")
    (None, None, None, None)
    """
    words = [word.casefold() for word in _WORD.findall(heading)]
    if len(words) > _LONGEST or not _OPEN.isdisjoint(words) or _HALF.search(heading):
        return None
    if len(set(_YEAR.findall(heading))) != 1:
        return None
    return next((found for found in dated(heading, 0, len(heading)) if found.date), None)

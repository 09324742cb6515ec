"""Where a work appeared in (container, volume, issue, pages as stated), numbers and plain words out."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from repo_harvest.match.words import STOPS, plain

__all__ = ["Place", "acronym", "pages", "read_place"]

_NUMBER = re.compile(r"[0-9]+")
_VOLUME_ISSUE = re.compile(r"([0-9]{1,4})\s*(?:\(|,?\s*(?:no|nr|issue|number)\.?\s*)([0-9]{1,4})", re.IGNORECASE)
_PAGES = re.compile(r"([a-zA-Z]{0,3})\s?([0-9]+)(?:\s*[-–—−‐:]+\s*[a-zA-Z]{0,3}\s?([0-9]+))?")
_TOTAL = re.compile(r"(?i)[0-9ivxlc,\s\[\]]*?([0-9]+)\s*(?:p|pp|pages|s|seiten|leaves)\b\.?\s*$")
_BROKEN = re.compile(r"(?i)^[a-z]+\s?-\s?[0-9]|^[0-9]{1,2}-(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)")
"""Pages of which the first is lost, and pages that a spreadsheet took for a day."""
_LABEL = re.compile(r"(?i)^\s*(?:pages?|pp?|art(?:icle)?(?: no)?|s)[.:]*\s*(?=[a-z]{0,3}[0-9])")
_GLUED, _LONGEST = 6, 60
_NOWHERE = re.compile(
    r"(?:unpublished|manuscript|preprint|submitted|to appear$|in press|in preparation|personal communication|draft|mimeo|unknown|available)\b"
)


class Place(NamedTuple):
    """Volume, issue, first and last page as numbers (0: not stated); `total` where pages are how many there are."""

    volume: int
    issue: int
    first: int
    last: int
    total: bool


def read_place(volume: tuple[str, ...], issue: tuple[str, ...], stated: tuple[str, ...]) -> Place:
    """The numbers of volume, issue and pages.

    >>> read_place(("22(5)",), (), ("pp. 1006-34",))
    Place(volume=22, issue=5, first=1006, last=1034, total=False)
    """
    number = issued = 0
    if volume:
        if volume[0].count("(") != volume[0].count(")"):
            pass  # the rest of an issue whose volume was lost
        elif match := _VOLUME_ISSUE.search(volume[0]):
            number, issued = int(match[1]), int(match[2])
        elif match := _NUMBER.search(volume[0]):
            number = int(match[0][:9])
    if issue and (match := _NUMBER.search(issue[0])):
        issued = int(match[0][:9])
    first, last, total = pages(stated[0][:_LONGEST]) if stated else (0, 0, False)
    return Place(number, issued, first, last, total)


def pages(text: str) -> tuple[int, int, bool]:
    """First and last page, and whether the text says how many there are rather than which.

    >>> pages("322-31"), pages("e12"), pages("xii, 240 p.")
    ((322, 331, False), (12, 12, False), (240, 240, True))
    """
    if text[-1:] in "psSP.sn" and (match := _TOTAL.match(text)):
        return int(match[1][:9]), int(match[1][:9]), True
    if text[:1] in "pPaAsS ":
        text = _LABEL.sub("", text)
    match = _PAGES.search(text)
    if not match or _BROKEN.search(text):
        return 0, 0, False
    low = match[2][:9]
    high = (match[3] or low)[:9]
    if not match[3] and not match[1] and len(low) >= _GLUED and len(low) % 2 == 0 and low[0] != "0":
        half = len(low) // 2  # 382391 is 382-391 without its dash
        if low[:half] < low[half:]:
            return int(low[:half]), int(low[half:]), False
    if len(high) < len(low):
        high = low[: len(low) - len(high)] + high
    return int(low), int(high), False


@lru_cache(maxsize=1 << 13)
def acronym(container: str) -> str:
    """The first letters of its words of substance.

    >>> acronym("very large data bases")
    'vldb'
    """
    return "".join(word[0] for word in container.split() if word not in STOPS)


@lru_cache(maxsize=1 << 13)
def container(text: str) -> str:
    """A container's plain words without a leading remark such as `In:` and without articles.

    >>> container("In: The Proceedings of the ACM"), container("JPEN. Journal of parenteral & enteral nutrition")
    ('proceedings acm', 'jpen journal parenteral enteral nutrition')
    """
    words = plain(text)
    return "" if _NOWHERE.match(words) else " ".join(word for word in words.split() if word not in STOPS)

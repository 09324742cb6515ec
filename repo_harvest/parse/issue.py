"""The head of a page and its entries in, the entries out with what the head says of all of them: that they are one issue.

The contents of an issue are listed without their journal and year, as the page is headed "Vol. 12 No. 3 (2021) | Journal of
Botany". A head counts only if it designates an issue, and for entries that name no container themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from repo_harvest.model import Entry, PartialDate
from repo_harvest.parse.citation.atoms import numbers
from repo_harvest.parse.citation.headed import year_of
from repo_harvest.parse.document import Line
from repo_harvest.parse.text import table

__all__ = ["Issue", "issue_of", "of_issue"]

_MOST_TOLD = 0.2  # of the entries that name a container; more is no contents of an issue
_HIGHEST = 2  # h1 and h2
_MOST_LINES = 300  # of a page, in which its head is looked for
_LONGEST = 200  # characters of a head
_PARTING = re.compile(r" (?:[|·»«]|::|[-–—]) |\n")
_ISSUE = re.compile(
    r"(?:vol(?:umen?)?|v(?=\.)|band|bd|jahrgang|jg|tom[eo]?|no|n(?=[.º°])|n[uú]m(?:ero)?|numéro|nr|issue|heft|fasc(?:icolo)?|año|ano|anno"
    r"|année)[.:º°]{0,2} ?\d{1,4}\b|第? ?\d{1,4} ?[巻号卷期]",
    re.IGNORECASE,
)
_LEAD = re.compile(r"(?:(?:1[5-9]|20)\d\d)?[\W_]{0,3}")
_NO_JOURNAL = table(
    "home archive archives current contents table index issue issues volume volumes browse startseite archiv inhalt aktuell",
    "inhaltsverzeichnis accueil sommaire inicio índice sumario sumário atual actual archivos edição edición numéro of the",
)
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """What the head of a page says of the issue whose contents it lists."""

    container: str
    volume: str | None = None
    issue: str | None = None
    date: PartialDate | None = None


def of_issue(entries: Sequence[Entry], issue: Issue | None) -> tuple[Entry, ...]:
    """The entries, each with what the head of its page says where it says nothing itself."""
    told = sum(entry.container is not None for entry in entries)
    if issue is None or told > _MOST_TOLD * len(entries):
        return tuple(entries)
    return tuple(entry if entry.container else _completed(entry, issue) for entry in entries)


def _completed(entry: Entry, issue: Issue) -> Entry:
    gaps = {
        name: value for name in ("container", "volume", "issue", "date")
        if not getattr(entry, name) and (value := getattr(issue, name))
    }  # fmt: skip
    origins = tuple((name, "head of the page") for name in gaps)
    return replace(entry, **gaps, origins=(*entry.origins, *origins))


def issue_of(root: etree._Element, lines: Iterable[Line]) -> Issue | None:
    """The issue that the title of a page or its highest headings designate; `None` if they designate none."""
    title = " ".join((root.findtext(".//head/title") or "").split())[:_LONGEST]
    heads = [
        line.text for line in list(lines)[:_MOST_LINES] if (line.level or 9) <= _HIGHEST and len(line.text) <= _LONGEST
    ]
    parts = list(
        dict.fromkeys(part.strip() for head in (title, *heads) for part in _PARTING.split(head) if part.strip())
    )
    designated = [part for part in parts if _ISSUE.search(part)]
    said = list(dict.fromkeys(found for part in designated if (found := _designation(part))))
    journal = _journal(designated[0], parts) if said else None
    if journal is None:
        return None
    volume, number, date = said[0] if len(said) == 1 else (None, None, None)  # several issues, each for some entries
    return Issue(container=journal, volume=volume, issue=number, date=date)


def _designation(part: str) -> tuple[str | None, str | None, PartialDate | None] | None:
    """The volume, issue and year that a part of a head states, if it states two of them."""
    found, year = numbers(part, 0, len(part)), year_of(part)
    told = (found.volume, found.issue, year.date if year else None)
    return told if sum(value is not None for value in told) > 1 else None


def _journal(part: str, parts: Sequence[str]) -> str | None:
    """The journal: what stands before the volume, or the first of the other parts of the head."""
    found, lead = _ISSUE.search(part), _LEAD.match(part)
    first = found.start() if found else 0
    before = part[:first].rstrip(" ,:;.–—-(")
    others = [before] if lead and first > lead.end() else [one for one in parts if not _ISSUE.search(one)]
    return next((one for one in others if _may_be_journal(one)), None)


def _may_be_journal(words: str) -> bool:
    """Whether words have more to say than "Current Issue"."""
    return any(word.casefold() not in _NO_JOURNAL for word in _WORD.findall(words))

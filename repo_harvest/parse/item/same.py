"""Two statements in, whether they are about one work out: what an address says of another work fills no gap.

An address is not believed because a page links to it: links are mistyped, and repositories use an address again. So the
titles must be the same or nearly, whatever the identifiers say, and neither names nor DOIs may speak against it. A title
without its subtitle will do where a name or a DOI speaks for it; one with another number is another part.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from rapidfuzz import fuzz

from repo_harvest.model import Entry
from repo_harvest.parse.embedded import agree

__all__ = ["same_work"]

_WORD = re.compile(r"[^\W_]+")
_DIGITS = re.compile(r"[0-9]+")
_LIKE = 90  # per cent of the characters of two titles
_FEW = 3  # words that a title without its subtitle has at least
_LONGEST = 1_000  # characters of a title that are compared


def same_work(entry: Entry, other: Entry) -> bool:
    """Whether an entry and what was found elsewhere are about one work.

    >>> one = Entry(title="Peer mentoring in prisons", place="line 1", creators=("Buck, Gillian",))
    >>> same_work(one, Entry(title="Peer mentoring in prisons: a way out?", place="head", creators=("Gillian Buck",)))
    True
    >>> same_work(one, Entry(title="Peer mentoring in prisons, part 2", place="head", creators=("Buck, Gillian",)))
    False
    >>> same_work(one, Entry(title="Peer mentoring in prisons", place="head", creators=("Doe, Jane",)))
    False
    """
    titles = _words(entry.title), _words(other.title)
    if not all(titles):
        return False
    if not _near(*titles) and not (_has_subtitle(*titles) and _is_vouched_for(entry, other)):
        return False
    return agree(entry, replace(other, title=entry.title))


def _words(title: str) -> str:
    """The words of a title, without case and accents, one blank apart."""
    if title.isascii():
        return " ".join(_WORD.findall(title[:_LONGEST].lower()))
    folded = unicodedata.normalize("NFKD", title[:_LONGEST].casefold())
    return " ".join(_WORD.findall("".join(char for char in folded if not unicodedata.combining(char))))


def _near(one: str, other: str) -> bool:
    return _DIGITS.findall(one) == _DIGITS.findall(other) and fuzz.ratio(one, other) >= _LIKE


def _has_subtitle(one: str, other: str) -> bool:
    """Whether one is the other and more words, none of them a number."""
    short, long = sorted((one, other), key=len)
    more = long.removeprefix(f"{short} ")
    return more != long and len(short.split()) >= _FEW and not _DIGITS.search(more)


def _is_vouched_for(entry: Entry, other: Entry) -> bool:
    """Whether they share a DOI, or one of the names that both state."""
    if not (entry.creators and other.creators):
        untitled = replace(entry, title=""), replace(other, title="")
        return agree(*untitled)
    return True  # that none of the names is the same is found by `agree`

"""Creators in, their surnames and first initials out, whatever form the names have."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from functools import lru_cache

from repo_harvest.match.words import listed, plain

__all__ = ["MOST", "people"]

MOST = 10
"""So many of a record's creators are looked at; long lists are cut at different places anyway."""

_BODY = re.compile(
    r"\b(?:universit\w*|institut\w*|department|dept|college|school|faculty|hospital|consortium|collaborat\w+|group|committee"
    r"|association|society|network|ministry|council|centre|center|team|panel|board|organi[sz]ation|commission|foundation"
    r"|agency|office|project|trust|academy|laborator\w+|library|press|inc|ltd|gmbh|corp\w*)\b|\.(?:org|com|net|edu)\b"
)
_ETC = re.compile(r"(?:et al|and others|others|anonymous|anon|unknown|no author\w*|editors?|eds?|jr|sr)")
_PARTICLES = listed("van der den de von zu la le da dos do di del della du el al ter ten st")
_SEVERAL = re.compile(r"(?:[^\W\d_][^,]+ [A-Z]{1,3}, )+[^\W\d_][^,]+ [A-Z]{1,3}\.?")
_BETWEEN = re.compile(r"\s*;\s*|,?\s+and\s+|\s&\s|(?<= [A-Z]), |(?<= [A-Z]{2}), |(?<= [A-Z]{3}), ")
_INITIALS = 3


def people(creators: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """The surnames, each one word, and one letter for each: the first initial, a blank where none is known.

    Institutions and remarks such as "et al." are left out.

    >>> people(("Zuna RE", "R. E. Zuna", "van der Berg, Anna", "University of Chester", "jane doe"))
    (('zuna', 'zuna', 'berg', 'doe'), 'rraj')
    """
    names: list[str] = []
    firsts = ""
    for creator in _each(creators):
        surname, first = _person(creator)
        if surname:
            names.append(surname)
            firsts += first
            if len(names) == MOST:
                break
    return tuple(names), firsts


def _each(creators: tuple[str, ...]) -> Iterator[str]:
    """The creators one by one, where a text names several."""
    for creator in creators:
        if "&" in creator:
            creator = html.unescape(creator)  # noqa: PLW2901 -- the same one, as it is meant
        if ";" in creator or " and " in creator or " & " in creator or _SEVERAL.fullmatch(creator):
            yield from _BETWEEN.split(creator)
        elif creator:
            yield creator


@lru_cache(maxsize=1 << 15)
def _person(name: str) -> tuple[str, str]:
    """Surname and first initial of one name; two empty texts where it is nobody's."""
    low = name.lower()
    if _BODY.search(low):
        return "", ""
    head, comma, rest = name.partition(",")
    if comma:
        words = plain(head).split()
        given = plain(rest)
        if given or not words:
            return _surname(words), given[:1] or " "
    else:
        words = plain(name).split()
    if not words or _ETC.fullmatch(" ".join(words)):
        return "", ""
    if words[-1] in {"jr", "sr", "iii"} and len(words) > 1:
        words.pop()
    return _unordered(words, name)


def _unordered(words: list[str], name: str) -> tuple[str, str]:
    """A name without a comma: `R. E. Zuna`, or `Zuna RE` where short capitals come last."""
    last = words[-1]
    if len(words) == 1:
        return last, " "
    raw = name.replace(",", " ").rstrip(" .").split()[-1].replace(".", "").replace("-", "")
    behind = len(last) == 1 or (len(last) <= _INITIALS and raw.isupper() and not name.isupper())
    if behind and len(words[0]) > 1:
        while len(words) > 1 and len(words[-1]) <= _INITIALS and words[-1] not in _PARTICLES:
            last = words.pop()
        return _surname(words), last[:1]
    return _surname(words[-1:]), words[0][:1]


def _surname(words: list[str]) -> str:
    while len(words) > 1 and words[0] in _PARTICLES:
        words = words[1:]
    return "".join(words)

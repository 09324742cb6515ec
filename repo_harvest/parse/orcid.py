"""Links to ORCID iDs on a line and the names of an entry in, whose iD each of them is out.

Pages link a name itself, or put an icon, the word ORCID or the iD after a name. A link is the iD of the name whose words it
holds; else of the name whose words end right before it. Where that is not exactly one of the entry's creators it is nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from repo_harvest.model import NameIdentifier

__all__ = ["NameLink", "leads_to_orcid", "name_identifiers", "name_links", "signs_orcid"]

_ADDRESS = re.compile(r"https?://(?:www\.)?orcid\.org/[0-9]", re.IGNORECASE)
_SIGN = re.compile(
    r"[\s()\[\]]*(?:(?:https?://)?(?:www\.)?orcid(?:\.org/?|\s?:)?)?\s*(?:[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]|id)?[\s()\[\]]*",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")
_INITIALS = 3
_BEFORE = 200  # characters that a name before a link may begin in


class NameLink(NamedTuple):
    """A link to an ORCID iD: its address, the words in it, and the words of the line right before it."""

    url: str
    words: str
    before: str


def leads_to_orcid(url: str | None) -> bool:
    """Whether a link leads to an ORCID iD."""
    return url is not None and _ADDRESS.match(url) is not None


def signs_orcid(text: str) -> bool:
    """Whether the words of such a link are a sign for the iD and no name.

    >>> signs_orcid("ORCID iD"), signs_orcid("https://orcid.org/0000-0002-1825-0097"), signs_orcid("Buck, Gillian")
    (True, True, False)
    """
    return len(text) <= _BEFORE and _SIGN.fullmatch(text) is not None


def name_links(runs: Iterable[tuple[str, str | None]]) -> tuple[NameLink, ...]:
    """The links to ORCID iDs among the stretches of a line, each of which has its words and where it leads."""
    found: list[NameLink] = []
    before, last = "", None
    for words, url in runs:
        if url is not None and leads_to_orcid(url):
            if url == last:
                found[-1] = found[-1]._replace(words=found[-1].words + words)
            else:
                found.append(NameLink(url, words, before))
        if words:
            before = (before + words)[-_BEFORE:]
        last = url
    return tuple(found)


def name_identifiers(creators: Sequence[str], links: Iterable[NameLink]) -> tuple[str, ...]:
    """The iDs of those creators that the links are beside, written as an entry has them.

    >>> link = NameLink("https://orcid.org/0000-0002-1825-0097", "", "Doe, Jane, Buck, Gillian ")
    >>> name_identifiers(["Buck, Gillian", "Doe, Jane"], [link])
    ('Buck, Gillian | https://orcid.org/0000-0002-1825-0097',)
    """
    return tuple(dict.fromkeys(_owned(creators, links)))


def _owned(creators: Sequence[str], links: Iterable[NameLink]) -> Iterator[str]:
    named = {name: sorted(words) for name in creators if (words := _words(name))}
    for link in links:
        inside, before = _words(link.words), _words(link.before)
        owners = [name for name, words in named.items() if words == sorted(inside or before[-len(words) :])]
        longest = max((len(named[name]) for name in owners), default=0)
        owners = [name for name in owners if len(named[name]) == longest]
        if len(owners) == 1:
            yield str(NameIdentifier(name=owners[0], address=link.url))


def _words(text: str) -> list[str]:
    """The words of a name without case; initials written as one word are as many."""
    found: list[str] = []
    for word in _WORD.findall(text):
        found += word.casefold() if word.isupper() and len(word) <= _INITIALS else [word.casefold()]
    return found

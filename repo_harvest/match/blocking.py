"""Features in, the blocking keys that two records of one work share out, and where a record stands among the holders of a key.

Keys are 63 bits of a hash of a text such as `doi:10.1000/x1`; so is the place, of which the upper bits sort like a text and
the lower ones tell records of different content apart.
"""

from __future__ import annotations

import hashlib
from itertools import combinations

from repo_harvest.match.features import Features, rank
from repo_harvest.match.words import STOPS

__all__ = ["blocking_keys", "place", "texts"]

_BITS = (1 << 63) - 1
_MOST_NAMED = 2
_ENDS = 20
"""So many letters of a title's beginning and end make a key: enough to be rare, few enough to survive a lost subtitle."""
_SURNAME, _STEM = 6, 6


def texts(features: Features) -> frozenset[str]:
    """The keys of a record as texts, for people: up to ten, and one more for each further identifier.

    Its identifiers; the beginning and the end of the title, its longest words, and the beginning of another title that it
    has; the first surname with any two of the three longest words; the first three surnames; volume, first page and year;
    the beginning of the abstract.
    """
    found = [f"doi:{doi}" for doi in features.dois[:_MOST_NAMED]]
    found += [f"isbn:{isbn}" for isbn in features.isbns[:_MOST_NAMED]]
    found += [f"name:{name}" for name in features.addresses[:_MOST_NAMED]]
    names = features.names
    if words := _said(features.title):
        longest = sorted(sorted(set(words)), key=len, reverse=True)[:3]
        letters = "".join(words)
        found += (f"head:{letters[:_ENDS]}", f"tail:{letters[-_ENDS:]}", f"long:{' '.join(sorted(longest))}")
        if names:
            stems = sorted({word[:_STEM] for word in longest})
            found += [f"work:{names[0][:_SURNAME]} {a} {b}" for a, b in combinations(stems, 2)]
    found += [f"head:{''.join(_said(other))[:_ENDS]}" for other in features.others[:1]]
    if len(names) > 1:
        found.append(f"names:{' '.join(sorted(names[:3]))}")
    if features.first > 1 and features.volume:
        found.append(f"page:{features.volume} {features.first} {features.years[:1]}")
    if features.text:
        found.append(f"text:{features.text[:40]}")
    return frozenset(found)


def _said(title: str) -> list[str]:
    """The words of a title that say something, or all of them."""
    words = title.split()
    return [word for word in words if word not in STOPS] or words


def blocking_keys(features: Features) -> frozenset[int]:
    """The keys of a record, each from 0 to 2**63 - 1."""
    return frozenset(_hash(text) for text in texts(features))


def place(features: Features) -> int:
    """Where the record stands among records that share a key, 0 to 2**63 - 1: similar ones are neighbours."""
    name = features.names[0] if features.names else ""
    year = features.years[0] % 100 if features.years else 0
    sorts = 0
    for letter in (name + "   ")[:3]:
        sorts = sorts << 5 | ord(letter) & 31
    sorts = sorts << 7 | year
    for letter in (features.title + "   ")[:3]:
        sorts = sorts << 5 | ord(letter) & 31
    return (sorts << 23 | int.from_bytes(rank(features)[:4]) & ((1 << 23) - 1)) & _BITS


def _hash(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest()) & _BITS

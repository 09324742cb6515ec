"""Two texts of plain words in, how alike they are out: words that are missing, other, misspelt or glued together."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from repo_harvest.match.places import acronym
from repo_harvest.match.words import listed, weight

__all__ = ["containers_alike", "journal_and_meeting", "styles_differ", "titles_alike", "word_replaced"]

_MISSPELT = 74.0
_GLUED = 85
_ONE_CONTAINER = 80
_SHORT = 3
_REPLACES = 4
_ADDED = 0.45
"""Words that one title has and the other has nothing instead of say less than words that stand for each other."""


def titles_alike(one: str, other: str, names: Collection[str] = ()) -> float:
    """How alike two titles are, 0 to 1: the weight of the words in common, by the weight of all words.

    `names` are the creators' surnames, which say nothing where they were pasted before a title. A word that is only misspelt is in common for the most part; so are words that are written together on one side.

    >>> titles_alike("semi structured data", "semistructured data")
    1.0
    >>> titles_alike("surgery for hernia in men", "surgery for hernia in women") < 0.8
    True
    """
    if one == other:
        return 1.0
    if other < one:
        one, other = other, one
    here, there = one.split(), other.split()
    others = set(there)
    both = others.intersection(here)
    common: float = sum(map(weight, both))
    left = [word for word in here if word not in both]
    right = [word for word in there if word not in both]
    if left and right:
        if one.replace(" ", "") == other.replace(" ", ""):
            return 1.0
        paired, left, right = _paired(left, right)
        common += paired
    here_only = sum(weight(word) for word in left if word not in names)
    there_only = sum(weight(word) for word in right if word not in names)
    rest = 2 * min(here_only, there_only) + _ADDED * abs(here_only - there_only)
    return common / (common + rest) if common else 0.0


def word_replaced(one: str, other: str) -> bool:
    """Whether each title has a word of substance that stands for one of the other's.

    >>> word_replaced("bone density in rats", "bone density in mice"), word_replaced("bone density", "bone density in mice")
    (True, False)
    """
    if other < one:
        one, other = other, one
    here, there = one.split(), other.split()
    _, left, right = _paired([w for w in here if w not in there], [w for w in there if w not in here])
    return all(any(weight(word) > _REPLACES for word in words) for words in (left, right))


def _paired(left: list[str], right: list[str]) -> tuple[float, list[str], list[str]]:
    """The weight of words that differ in spelling only, and the words left over on both sides."""
    if len(left) != len(right):
        joined, against = "".join(left), "".join(right)
        if joined == against:
            return sum(map(weight, left)), [], []
        if glued := fuzz.ratio(joined, against, score_cutoff=_GLUED):
            return sum(map(weight, left)) * glued / 100, [], []
    paired = 0.0
    over = []
    for word in sorted(left, key=lambda w: (-len(w), w)):
        best, ratio = _nearest(word, right)
        if best:
            right.remove(best)
            paired += weight(word) * (2 * ratio / 100 - 1) if not _opposed(word, best) else 0.0
        else:
            over.append(word)
    return paired, over, right


def _nearest(word: str, among: list[str]) -> tuple[str, float]:
    """The word that this one may be a misspelling of, and how alike they are; nothing if there is none."""
    best, ratio = "", _MISSPELT
    if len(word) > _SHORT:
        for candidate in among:
            if len(candidate) > _SHORT and (candidate[0] == word[0] or candidate[-3:] == word[-3:]):
                likeness = fuzz.ratio(word, candidate, score_cutoff=ratio)
                if likeness > ratio or (likeness == ratio and (not best or candidate < best)):
                    best, ratio = candidate, likeness
    return best, ratio


def _opposed(word: str, other: str) -> bool:
    """Whether one word is the other with a prefix such as un- or hyper-: like in spelling, not in meaning."""
    return (word.endswith(other) or other.endswith(word)) and len(word) != len(other)


@lru_cache(maxsize=1 << 16)
def containers_alike(one: str, other: str) -> int:
    """1: two names of one container (equal, abbreviated, an acronym); 0: one word of the other's name; -1: others.

    >>> containers_alike("j clin oncol", "journal clinical oncology"), containers_alike("vldb", "very large data bases")
    (1, 1)
    >>> containers_alike("cancer", "cancer research"), containers_alike("cancer", "diabetes care")
    (0, -1)
    """
    if one == other:
        return 1
    short, long = sorted((one, other), key=lambda text: (len(text), text))
    if f" {short} " in f" {long} ":
        return 1 if " " in short else 0
    if len(joined := short.replace(" ", "")) > 2 and joined in acronym(long):  # noqa: PLR2004 -- two letters are chance
        return 1
    if " " in short and (
        fuzz.token_set_ratio(one, other, score_cutoff=_ONE_CONTAINER) or _abbreviates(short.split(), long.split())
    ):
        return 1
    if fuzz.ratio(one, other, score_cutoff=_ONE_CONTAINER) or _one_meeting(one, other):
        return 1
    return 0 if " " not in short and long.startswith(short) else -1


_JOURNAL = listed(
    "journal j jl jrnl transactions trans record letters lett review rev revue bulletin bull ann annals arch archives archivos "
    "archivio quarterly q magazine mag zeitschrift"
)
_MEETING = listed("proceedings proc conference conf symposium sympos workshop congress meeting")


_OF_ANY_MEETING = _MEETING | listed(
    "international int intl annual national european world ieee acm society association j"
)


def journal_and_meeting(one: str, other: str) -> bool:
    """Whether one container names itself a journal, the other one a meeting or its proceedings."""
    return {style(one), style(other)} == {"journal", "meeting"}


def styles_differ(one: str, other: str) -> bool:
    """Whether one container names itself a journal and the other one does not, or a meeting's."""
    return style(one) != style(other)


@lru_cache(maxsize=1 << 13)
def style(container: str) -> str:
    """`journal` or `meeting` where the words of a container say so, else nothing."""
    words = set(container.split())
    return "journal" if words & _JOURNAL else "meeting" if words & _MEETING else ""


def _one_meeting(one: str, other: str) -> bool:
    """Whether two names are of one meeting: all that tells one of them apart is in the other, and neither is a journal."""
    if "meeting" not in {style(one), style(other)} or "journal" in {style(one), style(other)}:
        return False
    here, there = _distinctive(one), _distinctive(other)
    return bool(here and there) and (here <= there or there <= here)


@lru_cache(maxsize=1 << 13)
def _distinctive(container: str) -> frozenset[str]:
    return frozenset(word for word in container.split() if word.isalpha() and word not in _OF_ANY_MEETING)


def _abbreviates(short: list[str], long: list[str]) -> bool:
    """Whether most words of the short name begin a word of the long one, in order."""
    at = met = 0
    for word in short:
        for i in range(at, len(long)):
            if (
                long[i].startswith(word)
                or word.startswith(long[i])
                or (long[i][0] == word[0] and Indel.distance(word, long[i]) <= len(long[i]) - len(word))
            ):
                at, met = i + 1, met + 1
                break
    return met >= max(1, 0.8 * len(short))

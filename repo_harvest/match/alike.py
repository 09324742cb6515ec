"""Two texts of plain words in, how alike they are out: words that are missing, other, misspelt or glued together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

from repo_harvest.match.places import acronym
from repo_harvest.match.words import weight

__all__ = ["containers_alike", "journal_and_meeting", "styles_differ", "titles_alike"]

_MISSPELT = 74.0
_GLUED = 85
_ONE_CONTAINER = 80
_SHORT = 3
_ADDED = 0.5
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
    if one.replace(" ", "") == other.replace(" ", ""):
        return 1.0
    here, there = Counter(one.split()), Counter(other.split())
    left, right = list((here - there).elements()), list((there - here).elements())
    common = sum(weight(word) * count for word, count in (here & there).items())
    paired, left, right = _paired(left, right)
    common += paired
    here_only = sum(weight(word) for word in left if word not in names)
    there_only = sum(weight(word) for word in right if word not in names)
    rest = 2 * min(here_only, there_only) + _ADDED * abs(here_only - there_only)
    return common / (common + rest) if common else 0.0


def _paired(left: list[str], right: list[str]) -> tuple[float, list[str], list[str]]:
    """The weight of words that differ in spelling only, and the words left over on both sides."""
    if not left or not right:
        return 0.0, left, right
    if "".join(left) == "".join(right):
        return sum(map(weight, left)), [], []
    if len(left) != len(right) and (glued := fuzz.ratio("".join(left), "".join(right), score_cutoff=_GLUED)):
        return sum(map(weight, left)) * glued / 100, [], []
    paired = 0.0
    over = []
    right = list(right)
    for word in sorted(left, key=lambda w: (-len(w), w)):
        best, ratio = "", _MISSPELT
        if len(word) > _SHORT:
            for candidate in right:
                if len(candidate) > _SHORT:
                    likeness = fuzz.ratio(word, candidate, score_cutoff=ratio)
                    if likeness > ratio or (likeness == ratio and not best):
                        best, ratio = candidate, likeness
        if best:
            right.remove(best)
            paired += weight(word) * (2 * ratio / 100 - 1) if not _opposed(word, best) else 0.0
        else:
            over.append(word)
    return paired, over, right


def _opposed(word: str, other: str) -> bool:
    """Whether one word is the other with a prefix such as un- or hyper-: like in spelling, not in meaning."""
    return (word.endswith(other) or other.endswith(word)) and len(word) != len(other)


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
    if fuzz.ratio(one, other, score_cutoff=_ONE_CONTAINER):
        return 1
    return 0 if " " not in short and long.startswith(short) else -1


_JOURNAL = frozenset(
    "journal j jl jrnl transactions trans record letters review revue bulletin ann annals arch archives archivos archivio quarterly q magazine mag zeitschrift rev bull lett".split()  # noqa: SIM905 -- a list of words reads best as a text
)
_MEETING = frozenset("proceedings proc conference conf symposium sympos workshop congress meeting".split())  # noqa: SIM905 -- the same


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

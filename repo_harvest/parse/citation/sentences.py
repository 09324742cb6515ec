"""A text in, the places out where one part of a citation may end and the next begin: sentence ends that are no abbreviations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from repo_harvest.parse.text import table

__all__ = ["EDITION", "TOWN", "WORKS", "ends", "is_container", "is_publisher"]

_END = re.compile(
    r"(?P<mark>[.?!。．？！][\"”’»)\]]{0,2})(?=(?P<space>\s+)[\W_]{0,2}(?P<next>\w)|\s*\Z|\n)|(?P<line>\n)|[。．？！]"
)
_ABBREVIATIONS = table(
    "vs v cf st dr mr mrs ms prof no nr vol vols ed eds pp pg fig al ca approx inc ltd co corp dept univ et e.g i.e",
    "u.s u.k u.n d.c bzw ggf z.b u.a d.h hrsg hg bd aufl jg abt sog inkl ca usw sr jr sta sto gen col capt rev spp sp ser",
    "nº n° núm num art ph.d m.d b.a m.a vgl ed suppl op cit c ssp var subsp",
)
_ABBREVIATES = re.compile(r"[^\W\d_](?:\.?[-‐‑.][^\W\d_])*|[^\W\d_]{1,2}\.[^\W\d_]{1,2}")
WORKS = re.compile(
    r"(?:in:? (?!(?:press|print|prep|review|preparation)\b)(?=[\W_]?[^\W_])|en:? (?=[A-ZÀ-Ý][^.]{8})|in (?:the )?proc|(?:the )?proceedings\b|proc\. |(?:the )?journal of\b|zeitschrift für\b"
    r"|revista\b|rivista\b|revue\b|annals of\b|annales\b|archiv für\b|transactions\b|lecture notes\b|actas\b|anais\b|atti\b"
    r"|(?:ieee|acm|siam)[ /-]|arxiv\b|biorxiv\b|medrxiv\b|ssrn\b|international (?:journal|conference)\b|"
    r"ph\.?d\.? (?:thesis|dissertation)|(?:master|doctoral|diploma)\S* (?:thesis|dissertation)|dissertation\b)",
    re.IGNORECASE,
)
EDITION = re.compile(
    r"[,.;]? ?\(?\b\d{1,2}\s?(?:st|nd|rd|th|\.|ª|ème)? ?(?:rev\. )?(?:edn?|edition|aufl(?:age)?|éd|edição|edición|版)\b\.?\)?",
    re.IGNORECASE,
)
TOWN = re.compile(  # Voices, Berlin: Harrow 2019
    r", (?=[^\W\da-zß-ÿ][^\n,:.()]{1,30}: [^\n,:.()]{2,40}[, ](?:1[5-9]|20)\d\d(?:[.,;)]|\s*(?:\n|\Z)))"
)
_PUBLISHERS = table(
    "press verlag publishing publishers publisher publications books springer wiley routledge elsevier palgrave macmillan",
    "blackwell gruyter ashgate usenix elgar éditions editions éditeur editorial ediciones editora edições editore edizioni",
    "editrice vieweg suhrkamp nomos norton bloomsbury harpercollins mcgraw-hill pearson kluwer birkhäuser gallimard",
    "laterza gredos paidós universitätsverlag wissenschaftsverlag akademikerverlag verlagsgesellschaft presses",
)
_PUBLISHERS_CJK = ("出版", "出版社", "書店", "書房", "有斐閣", "出版会", "書院", "출판사", "출판부")
# these name publishers where they stand (almost) alone
_PUBLISHERS_ALONE = table(
    "sage brill emerald mit oxford cambridge ieee acm aaai siam campus transcript penguin polity policy harvard princeton",
    "yale puf seuil mulino association society union council trust reuter elsevier cup oup",
)
_JOURNALS = table(
    "journal bulletin annals transactions notices communications letters review reviews quarterly magazine proceedings",
    "zeitschrift revue revista rivista jahrbuch archiv studies arxiv preprint conference workshop symposium",
)
_MOST_PUBLISHER, _MOST_ALONE = 8, 2  # words


def ends(text: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """Where a part may end: the offset of the end itself, and of what follows.

    >>> text = "Does E. coli care? A study vs. none. Nature Rev. 12"
    >>> [text[:end] for end, _ in ends(text, 0, len(text))]
    ['Does E. coli care?', 'Does E. coli care? A study vs. none']
    """
    for match in _END.finditer(text, start, stop):
        if match["line"]:
            yield match.start(), match.end()
            continue
        if match["mark"] and match["mark"][0] == "." and _is_inner(text, start, match):
            continue
        yield _end(match), match.end() + len(match["space"] or "")


def _end(match: re.Match[str]) -> int:
    """The end of the words: a question mark and closing quotes belong to them, a full stop does not."""
    if match[0][0] in "?!？！" or len(match[0]) > 1:
        return match.end()
    return match.start()


def _is_inner(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether a full stop ends an abbreviation or stands before a figure."""
    follows = match["next"] or ""
    if follows and (follows.islower() or follows.isdigit()) and len(match["mark"]) == 1:
        return follows.islower() or not text[max(start, match.start() - 3) : match.start()].islower()
    begins = max(text.rfind(" ", start, match.start()), text.rfind("\n", start, match.start()), start - 1) + 1
    word = text[begins : match.start()].lstrip("(“‘'\"[").casefold()
    if not follows or len(match["mark"]) > 1:
        return False
    if text[max(start, begins - 2) : begins - 1].isdigit():  # at 300 K.
        return False
    return word in _ABBREVIATIONS or _ABBREVIATES.fullmatch(word) is not None


def is_container(text: str) -> bool:
    """Whether a few words name what holds articles: a journal, a series, a conference.

    >>> is_container("12th Workshop on Fences"), is_container("Harrow & Pine")
    (True, False)
    """
    return WORKS.match(text) is not None or not _JOURNALS.isdisjoint(text.casefold().replace(",", " ").split())


def is_publisher(text: str) -> bool:
    """Whether a few words name a publisher, perhaps after its town.

    >>> is_publisher("Wiesbaden: Springer VS"), is_publisher("Policy Press"), is_publisher("Annals of Botany")
    (True, True, False)
    """
    words = text.casefold().replace(",", " ").replace(":", " : ").split()
    if not words or len(words) > _MOST_PUBLISHER + 4 or words[0] == "in":
        return False
    if not _JOURNALS.isdisjoint(words):
        return False
    if text.strip().endswith(_PUBLISHERS_CJK):
        return True
    known = _PUBLISHERS if len(words) > _MOST_ALONE else _PUBLISHERS | _PUBLISHERS_ALONE
    if words[0] == "association" or any(word.strip(".()") in known for word in words):
        return WORKS.match(text) is None and len(words) <= _MOST_PUBLISHER + words.count(":")
    town, comma, house = text.rpartition(", ")
    if comma and "," not in town and len(town.split()) <= _MOST_ALONE and town[:1].isupper():
        return is_publisher(house)
    town, colon, house = text.partition(": ")
    return bool(colon) and len(town.split()) <= 5 and town[:1].isupper() and 0 < len(house.split()) <= 5  # noqa: PLR2004 - "Frankfurt am Main", "Brooks/Cole Cengage Learning"

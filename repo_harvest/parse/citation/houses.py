"""Who published what a tail says: the publisher of a book, of a book with editors, of what it appeared in."""

from __future__ import annotations

import re

from repo_harvest.parse.citation.atoms import Dated, Numbers
from repo_harvest.parse.citation.sentences import EDITION, WORKS, ends, is_container, is_publisher
from repo_harvest.parse.citation.spans import EDITORS_LEAD, EXTENT, IN, LEAD, Span, span_of
from repo_harvest.parse.text import table

__all__ = ["after_town", "house_of_chapter", "is_house", "publisher"]

_EDITED = re.compile(
    r"\((?:eds?|editors?|coords?|dirs?|orgs?|hrsg|hg|comps?|a cura di)\b[^()\n]{0,9}\)|, (?:eds?|editors?)\.",
    re.IGNORECASE,
)
_LONGEST_EDITORS = 200  # characters
_MOST_HOUSE = 6  # words
_YEAR_FOLLOWS = re.compile(r"[\s(]*(?:1[5-9]|20)\d\d\b")
_AND_FIRST = re.compile(r"(?:and|&|und|et|y|e)\b|\w\.|.*[ .]\w\.", re.IGNORECASE)
_NO_PUBLISHER = re.compile(
    r"\b(?:published|online|accessed|retrieved|available|presented|vol|no|pp|pages|award|best|ISBN|invited|oral|poster|spotlight|in press|accepted|ahead of print)\b",
    re.IGNORECASE,
)
_LONGEST_TOWN = 3  # words
_MOST_TOWN = 2  # words
_TOWNS = table(
    "amsterdam barcelona berlin bologna boston bristol brussels bruxelles budapest cambridge chicago dublin",
    "edinburgh firenze florence frankfurt genève geneva göttingen hamburg helsinki istanbul københavn",
    "copenhagen köln kraków lausanne leiden leipzig lisboa lisbon london lyon madrid manchester méxico milano",
    "milan montréal montreal münchen munich napoli oslo oxford padova palermo paris philadelphia porto praha",
    "prague roma rome santiago stockholm stuttgart sydney tokyo torino toronto toulouse tübingen utrecht",
    "valencia venezia warszawa warsaw washington wien vienna wiesbaden zürich zurich москва санкт-петербург 東京",
    "京都 北京 上海",
) | {"buenos aires", "los angeles", "new york", "porto alegre", "rio de janeiro", "são paulo"}


def is_house(container: Span, spoken: Numbers, text: str, begins: int, *, alone: bool) -> bool:
    """Whether what was taken for a container is the publisher of a book."""
    told_in = IN.match(text, max(0, begins - 5), container.start)
    if told_in or spoken.volume is not None:
        return False
    named = not any(map(str.isdigit, container.text))
    if alone and named and container.how == "citation grammar" and not is_container(container.text):
        return True
    if container.how == "italic":
        return False
    return is_publisher(container.text) or EXTENT.match(text, container.end) is not None


def house_of_chapter(
    text: str, where: tuple[int, int], container: Span, found: list[Dated], spoken: Numbers
) -> Span | None:
    """The publisher of a book with editors, whatever its name: "E. Marsh (ed.), Voices, Town, House, pp. 1-20"."""
    start, stop = where
    limits = [date.start for date in found] + [first for _, first, _ in spoken.spans]
    end = min((limit for limit in limits if limit > container.end), default=stop)
    if WORKS.match(container.text) or not _EDITED.search(text, max(0, start - _LONGEST_EDITORS), container.start):
        return None
    first = edition.end() if (edition := EDITION.match(text, container.end, end)) else container.end
    first = lead.end() if (lead := LEAD.match(text, first, end)) else first
    if (span := span_of(text, first, end, "citation grammar")) is None and spoken.spans:
        first = lead.end() if (lead := LEAD.match(text, spoken.spans[-1][2], stop)) else stop
        span = span_of(text, first, next((end for end, _ in ends(text, first, stop)), stop), "citation grammar")
    if (
        span is None
        or not span.text[0].isupper()
        or any(map(str.isdigit, span.text))
        or len(span.text.split()) > _MOST_HOUSE
        or ". " in span.text
    ):
        return None
    return after_town(span)


def after_town(span: Span) -> Span:
    """The publisher in "Town: Publisher" and "Town, Publisher"."""
    for parting in (": ", ", "):
        town, _, house = span.text.rpartition(parting)
        if town and parting == ", " and house.casefold() in _TOWNS and town.casefold() not in _TOWNS:
            return span._replace(text=town, end=span.start + len(town))
        if town and parting == ", " and is_publisher(town) and not is_publisher(house):
            return span._replace(text=town, end=span.start + len(town))
        alone = len(town.split()) <= _MOST_TOWN and town[:1].isupper() and "," not in town
        if town and (parting == ": " or alone or (is_publisher(house) and not is_publisher(town))):
            return span._replace(text=house, start=span.end - len(house))
    house, comma, town = span.text.partition(", ")
    if comma and len(town.split()) <= _LONGEST_TOWN and not is_publisher(town):
        return span._replace(text=house, end=span.start + len(house))
    return span


def publisher(text: str, where: tuple[int, int], found: list[Dated], spoken: Numbers) -> Span | None:
    """The last words of the tail that can be a publisher, after its town if one is named."""
    start, stop = where
    cuts = sorted(
        [(date.start, date.end) for date in found] + [(first, last) for _, first, last in spoken.spans], reverse=True
    )
    words = list(text[start:stop])
    for first, last in cuts:
        if first >= start:
            words[first - start : last - start] = "\n" * (last - first)
    told = "".join(words)
    parts = re.split(r"\n|\. (?=[^\W\d_])(?![a-zß-ÿ])|(?<=\w)\.(?=\s*\Z)|; |\)|\(|\]|\[|, S\. | S\.\Z", told)
    at = start
    best: Span | None = None
    for part in parts:
        first = text.find(part, at) if part else -1
        if part.strip() and first >= 0 and (span := _house(text, first, first + len(part))):
            best = best if best and is_publisher(best.text) and not is_publisher(span.text) else span
        at += len(part) + 1 if first >= 0 else 1
        at = min(at, stop)
    return best


def _house(text: str, start: int, end: int) -> Span | None:
    """The publisher that a part of the tail states, if it does."""
    edition = EDITION.match(text, start, end)
    span = span_of(text, edition.end() if edition else start, end, "citation grammar")
    if span and EDITORS_LEAD.match(span.text):
        _, _, last = span.text.rpartition(", ")
        named = is_publisher(last) or (_YEAR_FOLLOWS.match(text, end) and not _AND_FIRST.match(last))
        return span._replace(text=last, start=span.end - len(last)) if named else None
    if span is None or _NO_PUBLISHER.search(span.text) or (not span.text[:1].isupper() and span.text[:1].isascii()):
        return None
    _, colon, house = span.text.rpartition(": ")
    if colon and house and is_publisher(span.text):
        return span._replace(text=house, start=span.end - len(house))
    before, comma, last = span.text.rpartition(", ")
    if comma and is_publisher(last) and (not is_publisher(before) or EDITORS_LEAD.match(span.text)):
        return span._replace(text=last, start=span.end - len(last))
    house, comma, _ = span.text.partition(", ")
    if comma and is_publisher(house):  # ASM Press, Washington, D.C.
        return span._replace(text=house, end=span.start + len(house))
    return span if is_publisher(span.text) else None

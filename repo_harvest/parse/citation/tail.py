"""What follows a title in, what it was published in out: container, volume, issue, pages, publisher and dates.

    tail      = [ "In" ] [ editors ] container [ numbers ] [ place ":" publisher ] [ date ]
    container = an italic run | words up to the first number, date or full stop

Titles, people and everything that is no part of a citation are line ends here; a container does not run across one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from repo_harvest.parse.citation import people
from repo_harvest.parse.citation.atoms import NO_NUMBERS, Dated, Numbers, dated, numbers
from repo_harvest.parse.citation.sentences import EDITION, TOWN, WORKS, ends, is_container, is_publisher

__all__ = ["Span", "Tail", "after_town", "read"]


class Span(NamedTuple):
    """Some words of the tape, and how they were recognised."""

    text: str
    start: int
    end: int
    how: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """What a tail says. `dates` are all that it states; `rest` is how many of its words nothing explains."""

    container: Span | None = None
    publisher: Span | None = None
    numbers: Numbers = NO_NUMBERS
    dates: tuple[Dated, ...] = ()
    rest: int = 0


_IN = re.compile(
    r"[\s.,;:–—)\]“”’»\"'-]*(?:(?:appeared |published |available |erschienen )?(?:in|en|dans|em|w|nel|at)\b:?(?! (?:press|print|prep|preparation|review|prensa|stampa)\b)(?= [^\W_]| [\"“„«'‘(\[])|[Ii]n:)\s*",
    re.IGNORECASE,
)
_LEAD = re.compile(r"(?:[\s.,;:/–—|)\]\-»“”\"'’」』]|\((?=\s*\n))+")
_EDITORS_LEAD = re.compile(r"(?:edited by|ed\. by|hrsg\. v(?:on|\.)|a cura di|eds?\.:?)\s+", re.IGNORECASE)
_UNPUBLISHED = re.compile(
    r"[,.;]? \(?(?:forthcoming|in press|accepted|to appear|submitted|under review|im erscheinen|à paraître|en prensa|no prelo|in stampa)\b",
    re.IGNORECASE,
)
_AFTER_EDITORS = re.compile(r"[\s,.:;)]+")
_EXTENT = re.compile(
    r"[,.;:]? ?\b\d{2,4} ?(?:pp?|S|Seiten|pages|páginas|págs?|pagine|pag|頁|ページ)\b\.?", re.IGNORECASE
)
_EDITED = re.compile(
    r"\((?:eds?|editors?|coords?|dirs?|orgs?|hrsg|hg|comps?|a cura di)\b[^()\n]{0,9}\)|, (?:eds?|editors?)\.",
    re.IGNORECASE,
)
_LONGEST_EDITORS = 200  # characters
_MOST_HOUSE = 6  # words
_YEAR_FOLLOWS = re.compile(r"[\s(]*(?:1[5-9]|20)\d\d\b")
_AND_FIRST = re.compile(r"(?:and|&|und|et|y|e)\b|\w\.|.*[ .]\w\.", re.IGNORECASE)
_LATE_EDITORS = re.compile(r"[,.;]? \(?(?:eds?\.|edited by|editors?\b|hrsg)", re.IGNORECASE)
_NO_PUBLISHER = re.compile(
    r"\b(?:published|online|accessed|retrieved|available|presented|vol|no|pp|pages|award|best|ISBN|invited|oral|poster|spotlight|in press|accepted|ahead of print)\b",
    re.IGNORECASE,
)
_THESIS = re.compile(
    r"\b(?:thesis|dissertation|habilitation|tesis|thèse|tese|tesi|diplomarbeit|masterarbeit)\b", re.IGNORECASE
)
_KIND = re.compile(
    r"(?:(?:unpublished |doctoral |ph\.? ?d\.?,? |master(?:['’]?s)? |m\.?sc\.? |m\.?a\.? |diploma |bachelor(?:['’]?s)? )?"
    r"(?:thesis|dissertation)|(?:project |technical |tech\. |research |commissioned )report)\b[.,:;)\]]{0,2}\s+(?=[^\W\d_])",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    r"«\s?(?P<a>[^«»\n]{2,200}?)\s?»|『(?P<b>[^『』\n]{2,200})』|„(?P<c>[^„“”\n]{2,200})[“”]|“(?P<d>[^“”\n]{2,200})”"
)
_TRAILING = re.compile(
    r"(,)? (?:vol\.? ?)?(?!(?:1[5-9]|20)\d\d\b)\d{1,4}[A-Z]?(?: ?\([\w–/-]+\))?[,.]?\Z", re.IGNORECASE
)
_MOST_WORDS = 40
_SHORTEST_PROSE, _MOSTLY_SMALL = 8, 0.75  # words; of them
_LONGEST_TOWN = 3  # words
_YEAR_LENGTH = 4
_LONGEST_ABBREVIATION, _MOST_ABBREVIATIONS, _MOST_AFTER = 8, 6, 4
_MOST_ENDS = 20  # full stops of a container with abbreviations
_MOST_SUBTITLES = 4
_MOST_TOWN = 2  # words
_QUOTES = "\"'“”‘’„«»‹›「」『』"


def read(
    text: str,
    start: int,
    stop: int,
    *,
    italics: tuple[tuple[int, int], ...] = (),
    marked: bool = False,
    alone: bool = False,
) -> Tail:
    """What a tail says that stands in `text` from `start` to `stop`.

    `italics` are the stretches that look as containers do on this page; `marked` says that labels call the whole
    stretch a container; `alone` that the unit is a book, a report or a thesis, which a house or a university publishes.
    """
    lead = _LEAD.match(text, start, stop)
    if kind := _KIND.match(text, lead.end() if lead else start, stop):
        start, alone = kind.end(), True
    found = dated(text, start, stop)
    container, begins = _container(text, (start, stop), found, italics, marked=marked)
    after = container.end if container else begins
    spoken = numbers(text, after, stop) if container else numbers(text, start, stop)
    publisher = _publisher(text, (after, stop), found, spoken)
    if container and publisher is None and not marked and _is_house(container, spoken, text, begins, alone=alone):
        publisher = after_town(container._replace(how="publisher's words"))
        container = None
    if publisher is None and container and spoken.volume is None:
        publisher = _house_of_chapter(text, (begins, stop), container, found, spoken)
    outside = [date for date in found if not (container and container.start < date.start < container.end)]
    return Tail(
        container=container, publisher=publisher, numbers=spoken, dates=tuple(outside or found),
        rest=len(text[begins : container.start].split()) if container else 0,
    )  # fmt: skip


def _is_house(container: Span, spoken: Numbers, text: str, begins: int, *, alone: bool) -> bool:
    """Whether what was taken for a container is the publisher of a book."""
    told_in = _IN.match(text, max(0, begins - 5), container.start)
    if told_in or spoken.volume is not None:
        return False
    if alone and container.how == "citation grammar" and not is_container(container.text):
        return True
    if container.how == "italic":
        return False
    return is_publisher(container.text) or _EXTENT.match(text, container.end) is not None


def _house_of_chapter(
    text: str, where: tuple[int, int], container: Span, found: list[Dated], spoken: Numbers
) -> Span | None:
    """The publisher of a book with editors, whatever its name: "E. Marsh (ed.), Voices, Town, House, pp. 1-20"."""
    start, stop = where
    limits = [date.start for date in found] + [first for _, first, _ in spoken.spans]
    end = min((limit for limit in limits if limit > container.end), default=stop)
    if WORKS.match(container.text) or not _EDITED.search(text, max(0, start - _LONGEST_EDITORS), container.start):
        return None
    first = edition.end() if (edition := EDITION.match(text, container.end, end)) else container.end
    first = lead.end() if (lead := _LEAD.match(text, first, end)) else first
    if (span := _span(text, first, end, "citation grammar")) is None and spoken.spans:
        first = lead.end() if (lead := _LEAD.match(text, spoken.spans[-1][2], stop)) else stop
        span = _span(text, first, next((end for end, _ in ends(text, first, stop)), stop), "citation grammar")
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
        if town and parting == ", " and is_publisher(town) and not is_publisher(house):
            return span._replace(text=town, end=span.start + len(town))
        alone = len(town.split()) <= _MOST_TOWN and town[:1].isupper() and "," not in town
        if town and (parting == ": " or alone or (is_publisher(house) and not is_publisher(town))):
            return span._replace(text=house, start=span.end - len(house))
    house, comma, town = span.text.partition(", ")
    if comma and len(town.split()) <= _LONGEST_TOWN and not is_publisher(town):
        return span._replace(text=house, end=span.start + len(house))
    return span


def _container(
    text: str, where: tuple[int, int], found: list[Dated], italics: tuple[tuple[int, int], ...], *, marked: bool
) -> tuple[Span | None, int]:
    """The container, and where the tail proper begins."""
    start, stop = where
    told_in = _IN.match(text, start, stop)
    begins = told_in.end() if told_in else (lead.end() if (lead := _LEAD.match(text, start, stop)) else start)
    begins = _after_date(text, begins, stop, found)
    told = {first for first, _ in italics}
    begins, parted = (begins, False) if begins in told else _without_editors(text, begins, stop, told_in=bool(told_in))
    for first, last in italics:
        if begins <= first < stop and (gap := _gap(text, begins, first)) is not None:
            span = _span(text, first + gap, last, "italic")
            if span and (lead_in := _IN.match(span.text)) and lead_in.end() < len(span.text):
                span = span._replace(text=span.text[lead_in.end() :], start=span.start + lead_in.end())
            if span:
                return _without_numbers(span), begins
    if begins >= stop:
        return None, begins
    if quoted := _QUOTED.match(text, begins, stop):
        inside = str(quoted.lastgroup)
        return Span(quoted[inside].strip(" .,"), quoted.start(inside), quoted.end(inside), "quotes"), begins
    last = _end_of_container(text, begins, stop, found, long=bool(told_in or parted))
    span = _span(text, begins, last, "citation grammar")
    if span is None or not any(map(str.isalpha, span.text)) or len(span.text.split()) > _MOST_WORDS:
        return None, begins
    if not (told_in or marked or parted) and not _looks_like_container(span.text, text, last, stop):
        return None, begins
    return span, begins


def _is_prose(words: str) -> bool:
    """Whether words make a sentence, as no name of a journal does."""
    told = words.split()
    small = sum(word[0].islower() for word in told)
    return len(told) >= _SHORTEST_PROSE and small >= _MOSTLY_SMALL * len(told) and WORKS.match(words) is None


def _after_date(text: str, begins: int, stop: int, found: list[Dated]) -> int:
    """Where the tail goes on after a date with which it begins, unless that begins a name ("2018 Conference on ...")."""
    first = next((date for date in found if date.start == begins), None)
    if first is None or text[first.end : first.end + 1] not in {"", "\n", ",", ";", "."}:
        return begins
    lead = _IN.match(text, first.end, stop) or _LEAD.match(text, first.end, stop)
    return lead.end() if lead else first.end


def _gap(text: str, begins: int, first: int) -> int | None:
    """0 if an italic run can be the container although words stand before it; `None` if not."""
    between = text[begins:first]
    if len(between.split()) <= 3 or people.find(between + "\n") is not None:  # noqa: PLR2004 - "Available at", "to appear in"
        return 0
    return 0 if between.rstrip().endswith((",", ":", "In", "in", "editors,")) or "\n" in between else None


def _without_numbers(span: Span) -> Span:
    """An italic run that holds its volume too: "Journal of Crime, 12"."""
    spoken = numbers(span.text, 0, len(span.text))
    start = spoken.start if spoken.pages else None
    if start is None and (trailing := _TRAILING.search(span.text)) and (trailing[1] or not WORKS.match(span.text)):
        start = trailing.start()
    if not start:
        return span
    words = span.text[:start].rstrip(" ,;:(")
    return span._replace(text=words, end=span.start + len(words))


def _without_editors(text: str, begins: int, stop: int, *, told_in: bool) -> tuple[int, bool]:
    """Where the container begins after "A. Lee and B. Kim (Eds.), ", and whether there were such words."""
    lead = _EDITORS_LEAD.match(text, begins, stop)
    if not told_in and not lead:
        return begins, False
    found = people.find(text, lead.end() if lead else begins, stop)
    if found is None or not (found.editors or lead):
        return begins, False
    after = _AFTER_EDITORS.match(text, found.end, stop)
    return (after.end() if after else found.end), True


def _end_of_container(text: str, begins: int, stop: int, found: list[Dated], *, long: bool) -> int:
    """The first number, date, line end or full stop after which no container goes on; `long` ones have subtitles."""
    spoken = numbers(text, begins, stop)
    limits = [stop]
    if spoken.start is not None and spoken.start > begins:
        limits.append(spoken.start)
    named = long or WORKS.match(text, begins) is not None
    limits += [date.start for date in found if date.start > begins and not (named and _is_in_name(text, date))]
    limits += [
        match.start()
        for shape in (EDITION, _LATE_EDITORS, _UNPUBLISHED, _EXTENT, TOWN)
        if (match := shape.search(text, begins, stop))
    ]
    limit = min(limits)
    limit = _before_editors(text, begins, limit, stop)
    parts = [
        (end, then) for end, then in islice(ends(text, begins, limit), _MOST_ENDS)
        if text[end : end + 1] == "\n" or not _is_abbreviated(text[begins:end], text[end:limit])
    ]  # fmt: skip
    if not parts:
        return limit
    return _with_subtitle(text, parts, limit) if long else parts[0][0]


def _before_editors(text: str, begins: int, limit: int, stop: int) -> int:
    """Where editors begin that follow the container: "in Handbook of X, A. Lee and B. Kim, Eds."."""
    if not _LATE_EDITORS.match(text, limit, stop):
        return limit
    for comma in list(re.finditer(r", ", text[begins:limit]))[:_MOST_SUBTITLES]:
        found = people.find(text, begins + comma.end(), stop)
        if found and found.editors and found.end >= limit:
            return begins + comma.start()
    return limit


def _is_in_name(text: str, date: Dated) -> bool:
    """Whether a year belongs to a name: "Proceedings of 2018 Conference", "Proceedings of ICML 2018,"."""
    return (
        not date.alone
        and text[max(0, date.start - 2) : date.start].strip()[-1:].isalnum()
        and date.end - date.start == _YEAR_LENGTH
    )


def _with_subtitle(text: str, parts: list[tuple[int, int]], limit: int) -> int:
    """The first full stop; or a later one, if a publisher follows there."""
    for end, then in parts[:_MOST_SUBTITLES]:
        if text[end : end + 1] == "\n":
            break
        follows = next((other for other, _ in parts if other > then), limit)
        words = text[then:follows].strip(" .,;")
        if is_publisher(words):
            return end
        if ", " in words and len(words.split()) <= 4:  # noqa: PLR2004 - a town and its country
            break
    return parts[0][0]


def _is_abbreviated(words: str, after: str) -> bool:
    """Whether a full stop belongs to a journal's abbreviated title: "J. Comput. Phys. 502"."""
    told = words.split()
    if not told:
        return False
    follows = after.strip(" .").split()
    return (
        len(told[-1]) <= _LONGEST_ABBREVIATION
        and len(told) <= _MOST_ABBREVIATIONS
        and len(follows) <= _MOST_AFTER
        and "." in after.strip()[1:] + "."
        and not is_publisher(after.strip(" ."))
    )


def _looks_like_container(words: str, text: str, last: int, stop: int) -> bool:
    """Whether words without "In" before them are a title, and neither a remark nor a sentence."""
    if _is_prose(words) and numbers(text, last, stop).volume is None:
        return False
    follows = text[last : last + 3]
    return (
        words[0].isupper()
        or words[0].isdigit()
        or not words[0].isascii()
        or WORKS.match(words) is not None
        or follows[:1] == ","
    )


def _span(text: str, start: int, end: int, how: str) -> Span | None:
    """The words, without separators and unpaired quotes around them."""
    told = text[start:end]
    end = start + len(told.rstrip(" \n.,;:–—-([、。，："))
    told = text[start:end]
    lead = len(told) - len(told.lstrip(" \n,;:–—-)]、。，："))
    start += lead
    told = text[start:end]
    if told[:1] in _QUOTES and told[-1:] in _QUOTES:
        start, end = start + 1, end - 1
        end -= len(text[start:end]) - len(text[start:end].rstrip(" ,."))
    if told.count("(") < told.count(")") and told.endswith(")"):
        end -= 1
    told = text[start:end]
    if not told.strip():
        return None
    return Span(" ".join(told.split()), start, end, how)


def _publisher(text: str, where: tuple[int, int], found: list[Dated], spoken: Numbers) -> Span | None:
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
    span = _span(text, edition.end() if edition else start, end, "citation grammar")
    if span and _EDITORS_LEAD.match(span.text):
        _, _, last = span.text.rpartition(", ")
        named = is_publisher(last) or (_YEAR_FOLLOWS.match(text, end) and not _AND_FIRST.match(last))
        return span._replace(text=last, start=span.end - len(last)) if named else None
    if span is None or _NO_PUBLISHER.search(span.text) or (not span.text[:1].isupper() and span.text[:1].isascii()):
        return None
    _, colon, house = span.text.rpartition(": ")
    if colon and house and is_publisher(span.text):
        return span._replace(text=house, start=span.end - len(house))
    before, comma, last = span.text.rpartition(", ")
    if comma and is_publisher(last) and (not is_publisher(before) or _EDITORS_LEAD.match(span.text)):
        return span._replace(text=last, start=span.end - len(last))
    house, comma, _ = span.text.partition(", ")
    if comma and is_publisher(house):  # ASM Press, Washington, D.C.
        return span._replace(text=house, end=span.start + len(house))
    return span if is_publisher(span.text) else None

"""What follows a title in, what it was published in out: container, volume, issue, pages, publisher and dates.

    tail      = [ "In" ] [ editors ] container [ numbers ] [ place ":" publisher ] [ date ]
    container = an italic run | words up to the first number, date or full stop

Titles, people and everything that is no part of a citation are line ends here; a container does not run across one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from repo_harvest.parse.citation import houses, people
from repo_harvest.parse.citation.atoms import NO_NUMBERS, Dated, Numbers, dated, numbers
from repo_harvest.parse.citation.sentences import EDITION, TOWN, WORKS, ends, is_publisher
from repo_harvest.parse.citation.spans import EDITORS_LEAD, EXTENT, IN, LEAD, Span, span_of

__all__ = ["Tail", "read"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """What a tail says. `dates` are all that it states; `rest` is how many of its words nothing explains."""

    container: Span | None = None
    publisher: Span | None = None
    numbers: Numbers = NO_NUMBERS
    dates: tuple[Dated, ...] = ()
    rest: int = 0


_UNPUBLISHED = re.compile(
    r"[,.;]? \(?(?:forthcoming|in press|accepted|to appear|submitted|under review|im erscheinen|à paraître|en prensa|no prelo|in stampa)\b",
    re.IGNORECASE,
)
_AFTER_EDITORS = re.compile(r"[\s,.:;)]+")
_LATE_EDITORS = re.compile(r"[,.;]? \(?(?:eds?\.|edited by|editors?\b|hrsg)", re.IGNORECASE)
_THESIS = re.compile(
    r"\b(?:thesis|dissertation|habilitation|tesis|thèse|tese|tesi|diplomarbeit|masterarbeit)\b", re.IGNORECASE
)
_KIND = re.compile(
    r"(?:(?:unpublished |doctoral |ph\.? ?d\.?,? |master(?:['’]?s)? |m\.?sc\.? |m\.?a\.? |diploma |bachelor(?:['’]?s)? )?"
    r"(?:thesis|dissertation)|(?:project |technical |tech\. |research |commissioned )report)\b[.,:;)\]]{0,2}\s+(?=[^\W\d_])",
    re.IGNORECASE,
)
_QUOTED = re.compile(
    r"«\s?(?P<a>[^«»\n]{2,200}?)\s?»|『(?P<b>[^『』\n]{2,200})』|„(?P<c>[^„“”\n]{2,200})[“”]|“(?P<d>[^“”\n]{2,200})”|(?<!\w)\"(?P<e>[^\"\n]{2,200})\""
)
_TRAILING = re.compile(
    r"(,)? (?:vol\.? ?)?(?!(?:1[5-9]|20)\d\d\b)\d{1,4}[A-Z]?(?: ?\([\w–/-]+\))?[,.]?\Z", re.IGNORECASE
)
_MOST_WORDS = 40
_SHORTEST_PROSE, _MOSTLY_SMALL = 8, 0.75  # words; of them
_YEAR_LENGTH = 4
_LONGEST_ABBREVIATION, _MOST_ABBREVIATIONS, _MOST_AFTER = 8, 6, 4
_MOST_ENDS = 20  # full stops of a container with abbreviations
_MOST_SUBTITLES = 4


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
    lead = LEAD.match(text, start, stop)
    if kind := _KIND.match(text, lead.end() if lead else start, stop):
        start, alone = kind.end(), True
    found = dated(text, start, stop)
    container, begins = _container(text, (start, stop), found, italics, marked=marked)
    if container and any(date.start <= container.start and container.end <= date.end for date in found):
        container = None
    after = container.end if container else begins
    spoken = numbers(text, after, stop) if container else numbers(text, start, stop)
    publisher = houses.publisher(text, (after, stop), found, spoken)
    if container and publisher is None and not marked and houses.is_house(container, spoken, text, begins, alone=alone):
        publisher = houses.after_town(container._replace(how="publisher's words"))
        container = None
    if publisher is None and container and spoken.volume is None:
        publisher = houses.house_of_chapter(text, (begins, stop), container, found, spoken)
    outside = [date for date in found if not (container and container.start < date.start < container.end)]
    return Tail(
        container=container, publisher=publisher, numbers=spoken, dates=tuple(outside or found),
        rest=len(text[begins : container.start].split()) if container else 0,
    )  # fmt: skip


def _container(
    text: str, where: tuple[int, int], found: list[Dated], italics: tuple[tuple[int, int], ...], *, marked: bool
) -> tuple[Span | None, int]:
    """The container, and where the tail proper begins."""
    start, stop = where
    told_in = IN.match(text, start, stop)
    begins = told_in.end() if told_in else (lead.end() if (lead := LEAD.match(text, start, stop)) else start)
    begins = _after_date(text, begins, stop, found)
    told = {first for first, _ in italics}
    begins, parted = (begins, False) if begins in told else _without_editors(text, begins, stop, told_in=bool(told_in))
    for first, last in italics:
        if begins <= first < stop and (gap := _gap(text, begins, first)) is not None:
            span = span_of(text, first + gap, last, "italic")
            if span and (lead_in := IN.match(span.text)) and lead_in.end() < len(span.text):
                span = span._replace(text=span.text[lead_in.end() :], start=span.start + lead_in.end())
            if span:
                return _without_numbers(span), begins
    if begins >= stop:
        return None, begins
    if quoted := _QUOTED.match(text, begins, stop):
        inside = str(quoted.lastgroup)
        return Span(quoted[inside].strip(" .,"), quoted.start(inside), quoted.end(inside), "quotes"), begins
    last = _end_of_container(text, begins, stop, found, long=bool(told_in or parted))
    span = span_of(text, begins, last, "citation grammar")
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
    lead = IN.match(text, first.end, stop) or LEAD.match(text, first.end, stop)
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
    lead = EDITORS_LEAD.match(text, begins, stop)
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
        for shape in (EDITION, _LATE_EDITORS, _UNPUBLISHED, EXTENT, TOWN)
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

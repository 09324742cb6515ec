"""A tape and the stretch of its title in, the whole citation that they make out, and how well it fits.

This is one hypothesis: that the title is there. `reading` makes one for each look a title may have and compares them.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from itertools import pairwise

from repo_harvest.parse.citation import people, tail
from repo_harvest.parse.citation.atoms import Dated, dated, numbers
from repo_harvest.parse.citation.headed import year_of
from repo_harvest.parse.citation.labels import Role, role
from repo_harvest.parse.citation.people import Name, People, Way
from repo_harvest.parse.citation.sentences import WORKS, is_publisher
from repo_harvest.parse.citation.spans import Span
from repo_harvest.parse.citation.tail import Tail
from repo_harvest.parse.citation.tape import Tape
from repo_harvest.parse.citation.titles import BOLD, ITALIC, LABEL, looks
from repo_harvest.parse.citation.words import is_ideograph
from repo_harvest.parse.names import is_body
from repo_harvest.parse.text import table

__all__ = ["BEFORE", "Parts", "read"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """One hypothesis about a unit: which stretch is what, and how well it all fits (`score`, more is better)."""

    look: str
    title: tuple[int, int]
    people: People | None
    people_how: str
    date: Dated | None
    date_how: str
    tail: Tail
    score: float = 0.0


BEFORE = "before the title"
_NOT_PEOPLE = frozenset({Role.DATE, Role.CONTAINER, Role.VOLUME, Role.ISSUE, Role.PAGES, Role.PUBLISHER})
_LEAD_OF_LABELLED = re.compile(r"(?:\([^()]{1,40}\)\s*)?(?:in|en|dans|em)(?::\s*|\s+)(?=\w)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_ALONE = table(
    "book books monograph monographs report reports thesis theses dissertation dissertations buch bücher monographien",
    "monographie berichte dissertationen livre livres ouvrage ouvrages rapport rapports thèse thèses libro libros informe",
    "informes tesis livro livros relatório relatórios tese teses libri monografie monografías monografias tesi",
)
_IN_PARTS = table(
    "chapter chapters section sections article articles contribution contributions proceedings conference review reviews",
    "paper papers kapitel beitrag beiträge artikel aufsätze chapitre chapitres article capítulo capítulos capitolo capitoli",
    "artículo artículos artigo artigos articoli edited editor series",
)
_LONGEST_LEAD_OF_ALL = 60  # characters before the people with which a citation begins
_LONGEST_LEAD = 12  # characters between a title and its people: " (with "
_MOST_TITLE, _LONG_TITLE = 60, 30  # words
_ODD_NAMES = 2.0  # what a reading loses in which some people are named in italics and some are not
_BEGINS_WITH_YEAR = re.compile(r"\W{0,2}(?:1[5-9]|20)\d\d[a-z]?(?:[.):,]|\Z)")
_ENDS_ABBREVIATED = re.compile(r", (?:[A-Z][\w/]{0,6}\.? ){0,3}[A-Z]\w{0,6}\Z")
_ENDS_WITH_YEAR = re.compile(r", (?:1[5-9]|20)\d\d\Z")
_HOLDS_WORK = re.compile(r", in:? (?=[\"“«„A-ZÀ-Ý])")
_BEGINS_QUOTED = re.compile(r"(?:\"[^\"]*\"|«[^»]*»|“[^”]*”|「[^」]*」|『[^』]*』),? ?\w")
_BY = re.compile(r"\b(?:by|with|and|in|eds?|hrsg|von|par|mit|con|com|der|die|the)\b", re.IGNORECASE)
_TOLD_IN = re.compile(r"[,.;] (?:in|en|dans|em)\b", re.IGNORECASE)
_OPENING = frozenset("“„«「『")
_INITIALS = re.compile(r"\b[^\W\d_]\.|, [^\W\d_a-zß-ÿ]{1,3}\Z")
_LATER = re.compile(
    r"(?:published )?(?:online|epub|accessed|retrieved|posted|last (?:modified|updated)|zugriff|abgerufen|consulté|presented|first published)[^.;]{0,24}\Z",
    re.IGNORECASE,
)


def read(tape: Tape, look: str, title: tuple[int, int], *, way: Way | None) -> Parts:
    """The citation that has its title there."""
    who, how = _people(tape, title, way)
    taken = [title]
    if who:
        start = who.names[0].start
        taken.append((title[1] if 0 <= start - title[1] <= _LONGEST_LEAD else start, who.end))
    rest = _without(tape.words, taken)
    early = dated(rest, 0, title[0])
    end = _tail(tape, rest, title, who, early, look)
    date, date_how = _date(tape, rest, early, end)
    parts = Parts(look=look, title=title, people=who, people_how=how, date=date, date_how=date_how, tail=end)
    return replace(parts, score=_score(tape, rest, parts))


def _without(words: str, taken: list[tuple[int, int]]) -> str:
    shown = list(words)
    for start, end in taken:
        shown[start:end] = "\n" * (end - start)
    return "".join(shown)


# --- people ------------------------------------------------------------------------------------------------------


def _people(tape: Tape, title: tuple[int, int], way: Way | None) -> tuple[People | None, str]:
    """The people whom labels name; else those before the title; else those after it."""
    if regions := tape.regions(Role.CREATORS):
        return _whole_line(tape, _labelled(tape, regions, way), way), "label"
    words, (first, last) = tape.words, title
    if people.SAME.match(words, 0, first):
        return None, ""
    start = next((at for at in range(first) if not words[at].isspace()), first)
    found = people.find(words, start, _before_labels(tape, start, first), way=way) if start < first else None
    if found and not _is_far(start, found):
        return found, BEFORE
    places = [last, *(at + 1 for at in _line_ends(words, last)), *(at + 1 for at in _line_ends(words, 0, first - 1))]
    stops = [(at, _before_italics(tape, at, _before_labels(tape, at, len(words)))) for at in places[:6]]
    later = [found for at, stop in stops if (found := people.find(words, at, stop, way=way))]
    later = [found for found in later if (found.ended and found.names[0].start >= last) or found.end <= first]
    if not later:
        return None, ""
    return max(later, key=lambda found: (found.names[0].start - last < 12, _fullness(words, found))), "after the title"  # noqa: PLR2004 - what may stand between: ", with "


def _whole_line(tape: Tape, found: People | None, way: Way | None) -> People | None:
    """The people of the line in which labels only single some out, as a page does with the names of its own group."""
    if found is None:
        return None
    start = tape.words.rfind("\n", 0, found.names[0].start) + 1
    stop = tape.words.find("\n", found.end)
    stop = _before_labels(tape, start, stop if stop >= 0 else len(tape.words))
    whole = people.find(tape.words, start, stop, way=way) if found.names[-1].end <= stop else None
    if whole is None or not whole.ended or len(whole.names) <= len(found.names):
        return found
    return whole if {name.text for name in found.names} <= {name.text for name in whole.names} else found


def _before_labels(tape: Tape, start: int, stop: int) -> int:
    """Where the first words after `start` stand that a label of their own gives to something else than people."""
    begins = (
        piece.start
        for piece in tape.pieces
        if start < piece.start < stop and piece.run.labels and role(piece.run.labels) in _NOT_PEOPLE
    )
    return min(begins, default=stop)


def _before_italics(tape: Tape, start: int, stop: int) -> int:
    """Where the first italics begin that follow other words: after a title no people are named in them."""
    first = next((piece.start for piece in tape.pieces if start < piece.start < stop and piece.run.italic), stop)
    return first if any(map(str.isalnum, tape.words[start:first])) else stop


def _is_far(start: int, found: People) -> bool:
    return found.names[0].start - start > _LONGEST_LEAD_OF_ALL


def _fullness(words: str, found: People) -> int:
    """How much of its line the list fills."""
    end = words.find("\n", found.end)
    return -len(words[found.end : end if end >= 0 else len(words)].split())


def _line_ends(words: str, start: int, stop: int | None = None) -> list[int]:
    return [
        match.start()
        for match in re.finditer(r"\n(?=[^\n])", words[:stop] if stop is not None else words)
        if match.start() >= start
    ]


def _labelled(tape: Tape, regions: list[tuple[int, int]], way: Way | None) -> People | None:
    """The people of a stretch that a label gives to them."""
    start, end = regions[0][0], regions[-1][1]
    if any("\n" in tape.text[one[1] : two[0]] for one, two in pairwise(regions)):
        all_found = [each for region in regions if (each := _labelled(tape, [region], way))]
        names = tuple(name for each in all_found for name in each.names)
        return replace(all_found[0], names=names, end=all_found[-1].end) if all_found else None
    words = tape.words[:end]
    found = people.find(words, start, end, way=way)
    told = words[start:end].strip(" \n.,;:()")
    if found is None and 0 < len(told.split()) <= 8 and any(map(str.isalpha, told)):  # noqa: PLR2004 - words of a name that no rule knows
        at = words.find(told, start)
        return People(names=(Name(" ".join(told.split()), at, at + len(told)),), end=end, way=Way.DIRECT, ended=True)
    return found


# --- dates and the tail ------------------------------------------------------------------------------------------


def _tail(tape: Tape, rest: str, title: tuple[int, int], who: People | None, early: list[Dated], look: str) -> Tail:
    start = title[1]
    if early and who and who.end <= title[0]:
        rest = _without(rest, [(date.start, date.end) for date in early])
    italics = _italics(tape, title, look)
    if look == ITALIC:
        italics = tuple(span for span in italics if _TOLD_IN.search(rest, title[1], span[0]))
    whole = tail.read(rest, start, len(rest), italics=italics, alone=_is_published_alone(tape))
    regions = tape.regions(Role.CONTAINER)
    if not regions:
        return whole
    first, last = regions[0]
    if told := _inline(tape, first, last):
        return replace(whole, container=told)
    found = tail.read(rest[:last], first, last, italics=italics, marked=True)
    return replace(
        whole,
        container=found.container and found.container._replace(how="label"),
        publisher=whole.publisher if whole.container == found.container or found.publisher else None,
        dates=whole.dates or found.dates,
        numbers=found.numbers if found.numbers.spans else whole.numbers,
    )


def _is_published_alone(tape: Tape) -> bool:
    """Whether a label or a heading calls the unit a book, a report or a thesis, or it has an ISBN: it is part of nothing."""
    said = " ".join(tape.text[start:end] for start, end in tape.regions(Role.TYPE)) or next(
        (heading for heading in reversed(tape.unit.headings) if year_of(heading) is None), ""
    )
    words = {word.casefold() for word in _WORD.findall(said)}
    return words.isdisjoint(_IN_PARTS) and (not words.isdisjoint(_ALONE) or "ISBN" in tape.text)


def _inline(tape: Tape, start: int, end: int) -> Span | None:
    """A container that labels part from everything else on its line."""
    pieces = [piece for piece in tape.pieces if piece.start < end and piece.end > start]
    if not all(role(piece.run.labels) is Role.CONTAINER for piece in pieces):
        return None
    if lead := _LEAD_OF_LABELLED.match(tape.text, start, end):
        start = lead.end()
    told = tape.text[start:end].strip(" \n.,;:")
    at = tape.text.find(told, start)
    return Span(" ".join(told.split()), at, at + len(told), "label") if told else None


def _italics(tape: Tape, title: tuple[int, int], look: str) -> tuple[tuple[int, int], ...]:
    """The stretches in italic type after the title; and those in bold type, if it is not how the title looks."""
    found: list[tuple[int, int]] = []
    shown = {ITALIC} if look == BOLD else {ITALIC, BOLD}
    for piece in tape.pieces:
        if shown.isdisjoint(looks(piece)) or piece.end <= title[1] or not tape.words[piece.start : piece.end].strip():
            continue
        if found and found[-1][1] == piece.start:
            found[-1] = (found[-1][0], piece.end)
        else:
            found.append((max(piece.start, title[1]), piece.end))
    return tuple(found)


def _date(tape: Tape, rest: str, early: list[Dated], end: Tail) -> tuple[Dated | None, str]:
    """The date that a label names; else the one before the title; else one in parentheses; else the last."""
    for first, last in tape.regions(Role.DATE):
        if found := dated(tape.words, first, last):
            return found[0], "label"
    if early:
        return next((date for date in early if date.alone), early[-1]), "before the title"
    told = [date for date in end.dates if not _LATER.search(rest, max(0, date.start - 40), date.start)] or list(
        end.dates
    )
    with_date = [date for date in told if date.date]
    if not told:
        return None, ""
    alone = [date for date in with_date if date.alone]
    if alone and (end.container is None or len(alone) == 1):
        return alone[0], "parentheses"
    return (with_date or told)[-1], "citation grammar"


# --- how well it fits --------------------------------------------------------------------------------------------


def _score(tape: Tape, rest: str, parts: Parts) -> float:
    first, last = parts.title
    who = parts.people
    slanted = _are_slanted(tape, who) if who else []
    before = re.findall(
        r"[^\W\d_]{2,}",
        _BY.sub(" ", _without(rest[:first], [(date.start, date.end) for date in dated(rest, 0, first)])),
    )
    apart = parts.look == ITALIC and not before and not any(slanted)
    score = _of_title(tape.words[first:last], apart=apart)
    score -= _ODD_NAMES * (any(slanted) and not all(slanted))
    if tape.words[first - 1 : first] in _OPENING and first and len(tape.words[first:last].split()) == 1:
        score += 1
    if parts.look == LABEL:
        score += 3
    if who:
        score += 2.0 if who.ended else 0.5
    score -= min(3.0, 0.5 * len(before))
    if parts.date:
        score += 1
    end = parts.tail
    score -= min(1.5, 0.25 * end.rest) if end.rest > 2 else 0  # noqa: PLR2004 - "In", "to appear in"
    if end.container:
        score += 1.0 if len(end.container.text.split()) <= 20 else -0.5  # noqa: PLR2004 - words of a long proceedings' name
        sure = end.container.how == "label" or (end.container.how in {ITALIC, "quotes"} and parts.people_how == BEFORE)
        score -= 1.5 if not sure and _is_people(end.container.text) else 0
    score += 0.5 * bool(end.numbers.spans) + 0.3 * bool(end.publisher)
    return score


def _are_slanted(tape: Tape, who: People) -> list[bool]:
    """For each name whether it is in italics: where others are not, it is the title of a book that looks like a name."""
    return [
        any(piece.run.italic and piece.start <= name.start < piece.end for piece in tape.pieces) for name in who.names
    ]


def _of_title(words: str, *, apart: bool) -> float:
    """How much a stretch looks like a title; `apart` if it looks otherwise than the people do that are named before it."""
    count = len(words.split())
    if not words.isascii() and any(unicodedata.category(char) == "Lo" for char in words):  # no blanks between words
        count = max(3, len(words) // 3)
    score = 2.0 if 3 <= count <= _LONG_TITLE else 1.0 if 2 <= count <= _MOST_TITLE else 0.0 if count == 1 else -2.0  # noqa: PLR2004 - words
    if words[:1].islower() and not any(map(str.isupper, words[:4])):
        score -= 1
    if not apart and (_is_people(words) or _begins_with_people(words)):
        score -= 3
    if WORKS.match(words) or is_publisher(words):
        score -= 1.5
    spoken = numbers(words, 0, len(words))
    if spoken.pages and (spoken.volume or spoken.issue):
        score -= 2
    if any(date.alone for date in dated(words, 0, len(words))):
        score -= 2
    score -= 3 * bool(_BEGINS_WITH_YEAR.match(words)) + 2 * bool(_BEGINS_QUOTED.match(words))
    score -= 1.5 * bool(_ENDS_ABBREVIATED.search(words)) + 1.5 * bool(_ENDS_WITH_YEAR.search(words))
    if "\n" in words or " In: " in words or _HOLDS_WORK.search(words):
        score -= 1
    return score


def _begins_with_people(words: str) -> bool:
    """Whether people are named first, and more: "Smith AB, Jones C. Crime", "Ann Lee. 2019. Crime", "Lee, Ann. “Crime"."""
    found = people.find(words)
    if found is None or not found.ended or found.end >= len(words):
        return False
    if found.more or _BEGINS_WITH_YEAR.match(words, found.end) or words[found.end :].strip(" .,:")[:1] in _OPENING:
        return True
    ended = words[found.end - 1] == "." or words[found.end] == "."
    return ended and all(
        _INITIALS.search(name.text) or is_body(name.text) or all(map(is_ideograph, name.text)) for name in found.names
    )


def _is_people(words: str) -> bool:
    found = people.find(words)
    return found is not None and found.ended and found.end >= len(words.rstrip(" .")) - 1

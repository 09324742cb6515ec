"""Lines in, what speaks for a publication in each: a year, names, a title, details such as pages, identifiers or a venue.

The signs are those of any bibliography in any language: how names are joined and abbreviated, how long titles are, what
a year and a range of pages look like. They are counted once, as running totals, so that what a stretch of the page has is
told by two look-ups, however long it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import accumulate
from math import inf
from operator import add, sub
from typing import NamedTuple

from repo_harvest.parse.citation.prose import LEAD
from repo_harvest.parse.citation.tape import is_row_of_buttons
from repo_harvest.parse.document import HEADINGS, Line
from repo_harvest.parse.listing.topics import is_other
from repo_harvest.parse.listing.tree import Tree
from repo_harvest.parse.text import is_prose, visible

__all__ = ["Evidence", "Signs", "is_dated_alone", "numbering"]

_UPPER = "A-ZÀ-ÖØ-ÞĀ-ŽΆ-ΏΑ-ΫА-ЯЁ"
_WORD = rf"[{_UPPER}][\w'’.-]{{1,30}}"
_PARTICLE = "(?:van|von|vom|zu|zur|der|den|de|del|della|di|da|do|dos|das|du|la|le|ten|ter|af|av|bin|ibn|al|el|e)"
_NAME = rf"{_WORD}(?: (?:{_PARTICLE} ){{0,2}}{_WORD}){{1,3}}"
_HAN = "\u3400-\u9fff\uf900-\ufaff々"
_CJK = f"{_HAN}\u3040-\u30ff\uac00-\ud7af"

_ADDRESS = re.compile(r"\bhttps?://\S+|\b10\.[0-9]{4,9}/\S+", re.IGNORECASE)
_YEAR = re.compile(r"(?<![A-Za-z0-9_])(?:1[5-9][0-9]{2}|20[0-4][0-9])(?![0-9])")
_UNDATED = re.compile(
    r"\b(?:in press|forthcoming|to appear|im erscheinen|im druck|à paraître|sous presse|en prensa|no prelo|in stampa)\b"
    r"|印刷中|掲載予定",
    re.IGNORECASE,
)
_COLOPHON = re.compile(
    r"\W*(?:(?:page |site )?(?:last|latest) (?:changed?|updated?|modified|edited|revis\w+)\b|letzte (?:änderung|aktualisierung)\b"
    r"|zuletzt |stand: |dernière (?:mise à jour|modification)\b|última (?:actuali[sz]ación|atualização|modificación)\b"
    r"|ultim[oa] (?:aggiornamento|modifica)\b|最終更新|copyright\b|©|all rights reserved)",
    re.IGNORECASE,
)
_YEAR_ALONE = re.compile(
    r"[^\w]*(?:[^\W\d]+:? )?(?:1[5-9][0-9]{2}|20[0-4][0-9])(?: ?[-–—/] ?(?:1[5-9]|20)?[0-9]{2})?(?: ?[年년])?"
    r"(?: [^\W\d]+)?(?: ?[(\[]\d{1,4}[)\]])?[^\w]*",
)
_LOOKS = frozenset({"bold", "italic", "link", *HEADINGS})
_DAY = re.compile(
    r"\b[0-9]{1,2}[./-][0-9]{1,2}[./-](?:19|20)[0-9]{2}\b|\b(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}\b"
    r"|\b[0-9]{1,2}(?:\.|st|nd|rd|th)? (?:de )?[^\W\d_]{3,12}\.?,? (?:de )?(?:19|20)[0-9]{2}\b"
    r"|\b[^\W\d_]{3,12}\.? [0-9]{1,2}(?:st|nd|rd|th)?, (?:19|20)[0-9]{2}\b",
)
_NAMES = re.compile(
    rf"\b[{_UPPER}]\. ?(?:-?[{_UPPER}]\. ?)*(?:{_PARTICLE} ){{0,2}}[{_UPPER}]\w"  # J. R. Smith
    rf"|[{_UPPER}][\w'’-]{{1,30}},? [{_UPPER}]\."  # Smith, J.
    rf"|[{_UPPER}][\w'’-]{{1,30}} [{_UPPER}]{{1,3}}(?:[,;.:*]|$| and )"  # Smith JR,
    rf"|(?:^|[;&] |\d\]? )[{_UPPER}][\w'’-]{{1,30}}(?: {_WORD})?, {_WORD}"  # Smith, John
    rf"|{_NAME}(?:[,;] (?:and |& )?| (?:and|und|et|y|e|&|og|och|en|и) ){_NAME}"  # John Smith, Jane Doe
    rf"|\b(?:[Bb]y|[Ww]ith|[Vv]on|[Pp]ar|[Pp]or) {_NAME}"
    rf"|^{_NAME}\.?,? [(\[](?:1[5-9]|20)\d\d"
    rf"|[{_HAN}]{{1,5}}[ \u3000]?[{_HAN}]{{0,4}}(?:[,、・，；;] ?[{_HAN}]{{1,5}}[ \u3000]?[{_HAN}]{{0,4}})+"
    rf"|^(?:\W*\d+\W+)?[{_HAN}]{{2,7}}[,，、:：(（「『]",
)
_NAME_LATER = re.compile(rf"[,;:.–—-] {_NAME}(?:\W*$|[.,;:(] ?)")
_NAME_ALONE = re.compile(rf"\W*(?:{_NAME}|[{_HAN}]{{1,4}}[ \u3000][{_HAN}]{{1,3}})\W*")
_IDENTIFIER = re.compile(
    r"\b10\.[0-9]{4,9}/\S|\barxiv\b|\bISBN\b|\bISSN\b|\bPMID\b|\bdoi\b|hdl\.handle|/handle/[0-9]|\burn:",
    re.IGNORECASE,
)
_PAGES = re.compile(r"[0-9] ?[-–—]{1,3} ?[A-Za-z]?[0-9]|\b[0-9]+ ?[(:] ?[0-9]|\b(?:pp?|S|vol|no|nr|n°|№)\. ?[0-9]")
_QUOTED = re.compile(r"[“„«「『\"‘][^”“»」』\"’]{12,400}[”“»」』\"’]")
_PARTS = re.compile(r"[,;()&|.“”\"„«»「」『』\[\]、，。・]|\b(?:and|und|et|y)\b|\b[12][0-9]{3}\b")
_SMALL = re.compile(r"(?<![\w'’])[^\W\d_]{4,}(?![\w'’])")
_CJK_RUN = re.compile(f"[{_CJK}]{{7,}}")
_NUMBERED = re.compile(r"[(\[]?[A-Z]?[0-9]{1,4}[)\].:]|[•·▪‣◦*–-] ")
_RECORD = re.compile(r"@\w+ ?[{(]|TY +- |%0 ")

_HEADING_EDGE, _BLANK_EDGE = 0.75, 0.5  # levels by which a heading and a blank line part more than where they stand
_BOLD_RANK, _YEAR_RANK = 7, 9  # after h1 to h6
_READ = 4_000  # characters of a line; more of it would tell nothing new
_LONGEST_HEADING = 10  # words
_LONGEST_MENU_WORD = 3  # words of a link in a menu
_SHORTEST_TITLE, _TITLE_WORDS = 10, 4  # characters of a run that stands out; words of one that does not
_SHORTEST_WIDE = 7  # characters, for scripts that do not part their words


class Evidence(NamedTuple):
    """How many lines of a stretch have what."""

    lines: int
    size: int
    year: int
    day: int
    names: int
    maybe_names: int
    title: int
    identifier: int
    pages: int
    stands_out: int
    menu: int
    prose: int
    headings: int
    levels: int


class Signs:
    """What speaks for publications, line by line and over any stretch of lines."""

    def __init__(self, lines: Sequence[Line], tree: Tree, counts: Iterable[bool]) -> None:
        """The signs of these lines; those that do not count (what a browser hides) are as if they were not there."""
        self.lines = lines
        self.counts = [shown and not told for shown, told in zip(counts, _in_records(lines), strict=True)]
        self.of = [_signs(line) if shown else _NOTHING for line, shown in zip(lines, self.counts, strict=True)]
        self._totals = list(accumulate(self.of, _added, initial=_NOTHING))
        self.size = self._totals[-1].size
        self.under_year, self.under_other = _under(lines, self.of)
        self.looks = [(tree.way(line.block), *sorted(line.marks & _LOOKS)) for line in lines]
        self.section = _sections(lines, self.of)
        self.counted_from = _next(self.counts)
        self.counted_before = [0, *_last(self.counts)]
        self.next_heading = _next([bool(sign.headings) for sign in self.of])
        self.edges = _edges(lines, tree, self.counts)
        self._levels: dict[int, list[int]] = {}

    def over(self, start: int, end: int) -> Evidence:
        """What the lines from `start` to before `end` have."""
        return Evidence._make(map(sub, self._totals[end], self._totals[start]))

    def is_heading(self, at: int) -> bool:
        """Whether the line looks like a heading: marked as one, or short, bold and alone."""
        return bool(self.of[at].headings)

    def next_above(self, level: int) -> list[int]:
        """For each line the next one, itself included, that is a heading above that level or a year that stands out."""
        if level not in self._levels:
            self._levels[level] = _next(
                [
                    bool(sign.headings) and ((line.level or 7) < level or is_dated_alone(line.text))
                    for line, sign in zip(self.lines, self.of, strict=True)
                ]
            )
        return self._levels[level]


def _added(one: Evidence, other: Evidence) -> Evidence:
    return Evidence._make(map(add, one, other))


def is_dated_alone(text: str) -> bool:
    """Whether the text says a year and nothing else that would be an entry.

    >>> is_dated_alone("2019"), is_dated_alone("2019年"), is_dated_alone("Year 2019 (12)"), is_dated_alone("May 5")
    (True, True, True, False)
    """
    return len(text) <= 30 and _YEAR_ALONE.fullmatch(text) is not None  # noqa: PLR2004 - no longer than "Veröffentlichungen 2019 (12)"


def numbering(text: str) -> str:
    """How a line is numbered, with the number left out; empty if it is not.

    >>> numbering("[12] Mentoring"), numbering("3. Mentoring"), numbering("Mentoring")
    ('[]', '.', '')
    """
    match = _NUMBERED.match(text)
    return re.sub(r"[A-Z]?[0-9]+", "", match[0]).strip() if match else ""


def _in_records(lines: Sequence[Line]) -> list[bool]:
    """For each line whether it is part of a record in a format for machines, which repeats what people read."""
    found: list[bool] = []
    for line, before in zip(lines, [None, *lines], strict=False):
        if line.block.tag != "pre":
            found.append(False)
        elif before is not None and before.block is line.block:
            found.append(found[-1])
        else:
            found.append(_RECORD.match(line.text) is not None)
    return found


def _edges(lines: Sequence[Line], tree: Tree, counts: Sequence[bool]) -> list[float]:
    """How deep inside the page the edge before each line is: the less, the more it parts; none where nothing counts."""
    found: list[float] = []
    now = inf
    for line, depth, counted in zip(lines, tree.shared, counts, strict=True):
        edge = depth - _BLANK_EDGE * line.after_blank
        if line.level or line.after_rule:
            edge -= _HEADING_EDGE
        now = min(now, edge)
        found.append(now if counted else inf)
        if counted:
            now = inf
    return found


def _next(marked: Sequence[bool]) -> list[int]:
    """For each place, and the one after the last, the first marked one from there on; the length if there is none."""
    found = [len(marked)] * (len(marked) + 1)
    for at in range(len(marked) - 1, -1, -1):
        found[at] = at if marked[at] else found[at + 1]
    return found


def _last(marked: Sequence[bool]) -> list[int]:
    """For each place, the one after the last marked one up to there; 0 if there is none."""
    return list(accumulate((at if mark else 0 for at, mark in enumerate(marked, 1)), max))


_NOTHING = Evidence._make([0] * len(Evidence._fields))


def _signs(line: Line) -> Evidence:
    """What one line has; each count is 0 or 1 but for its size."""
    text = visible(line.text[:_READ])
    if _COLOPHON.match(text):
        return _NOTHING._replace(lines=1, size=len(text))
    menu = _is_menu(line)
    labels = {label for run in line.runs for label in run.labels} | line.block.labels
    names = _NAMES.search(text) is not None
    year = _YEAR.search(_ADDRESS.sub(" ", text)) is not None or _UNDATED.search(text) is not None
    stands_out = bool(_QUOTED.search(text)) or any(_stands_out(run.text) for run in line.runs if run.bold or run.italic)
    linked = any(run.href and _stands_out(run.text) for run in line.runs)
    authored = any("author" in label for label in labels)
    begins = bool(line.runs) and line.runs[0].href is not None and _stands_out(line.runs[0].text)
    title = not menu and not LEAD.match(text) and (stands_out or linked or _has_title(line, text))
    identifier = _IDENTIFIER.search(text) or any(_IDENTIFIER.search(link.url) for link in line.links)
    heading = _is_heading(line, text, names=names, year=year)
    return Evidence(
        lines=1,
        size=len(text),
        year=year and not heading,
        day=year and not heading and _DAY.search(text) is not None,
        names=names and not menu,
        maybe_names=names
        or _NAME_LATER.search(text) is not None
        or _NAME_ALONE.fullmatch(text) is not None
        or authored,
        title=title and not (heading and year),
        identifier=bool(identifier),
        pages=_PAGES.search(text) is not None,
        stands_out=stands_out,
        menu=menu,
        prose=is_prose(text) and not (year and (names or authored or begins)),
        headings=heading,
        levels=line.level is not None,
    )


def _is_menu(line: Line) -> bool:
    """Whether it is links and nothing else, none of them longer than a name of a page or a file."""
    if line.level:
        return False
    if "link" not in line.marks:
        return is_row_of_buttons(line)
    longest = _LONGEST_MENU_WORD if len(line.links) > 1 else _LONGEST_MENU_WORD - 1
    return all(link.text.count(" ") < longest for link in line.links)


def _stands_out(text: str) -> bool:
    """Whether words that look otherwise than those around them may be a title."""
    return len(text) >= _SHORTEST_TITLE and " " in text.strip() and not _NAME_ALONE.fullmatch(text.strip(" ,;.*"))


def _has_title(line: Line, text: str) -> bool:
    """Whether a part of the line may be a title: some words that no comma parts, or words in small letters."""
    if line.marks & {"link", "bold", "italic"} or line.level:
        return _CJK_RUN.search(text) is not None or (len(text) >= _SHORTEST_TITLE and " " in text)
    for part in _PARTS.split(text):
        words = [word for word in part.split() if any(map(str.isalpha, word))]
        small = sum(word[0].islower() for word in _SMALL.findall(part))
        if small > 1 or (len(words) >= _TITLE_WORDS and not _NAME_ALONE.fullmatch(part)):
            return True
    return _CJK_RUN.search(text) is not None


def _is_heading(line: Line, text: str, *, names: bool, year: bool) -> bool:
    if line.level:
        return True
    short = text.count(" ") < _LONGEST_HEADING
    if "bold" in line.marks:
        return short and not names and (not year or is_dated_alone(text))
    return line.block.tag == "dt" and is_dated_alone(text)


def _sections(lines: Sequence[Line], signs: Sequence[Evidence]) -> list[int]:
    """For each line the last heading up to it that is no year; -1 before the first."""
    found, now = [], -1
    for at, (line, sign) in enumerate(zip(lines, signs, strict=True)):
        if sign.headings and not sign.names and not is_dated_alone(line.text):
            now = at
        found.append(now)
    return found


def _under(lines: Sequence[Line], signs: Sequence[Evidence]) -> tuple[list[bool], list[bool]]:
    """For each line whether a heading over it tells a year; and whether the last one announces no publications.

    The heading of the whole page announces nothing: the publications of a team are no list of its members.
    """
    dated: list[bool] = []
    other: list[bool] = []
    over: list[tuple[int, bool]] = []
    ends = 0  # the rank at which what was announced ends; 0 if nothing was
    for line, sign in zip(lines, signs, strict=True):
        alone = sign.lines > 0 and is_dated_alone(line.text)
        if sign.headings or alone:
            rank = line.level or (_YEAR_RANK if alone else _BOLD_RANK)
            over = [heading for heading in over if heading[0] < rank]
            over.append((rank, _YEAR.search(line.text) is not None))
            if not alone or rank <= ends:
                ends = rank if rank > 1 and is_other(line.text) else 0
        dated.append(any(told for _, told in over))
        other.append(ends > 0)
    return dated, other

"""A text in, the small things out that a citation is full of and that look like nothing else: dates, volumes, pages.

Each is found by its own shape, wherever it stands: `(2019, March 4)`, `October 2016`, `2021年3月`, `38 (1), 397-418`,
`vol. 3, no. 2`, `98:63--74`, `S. 331–350`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from repo_harvest.model import PartialDate
from repo_harvest.parse import dates

__all__ = ["NO_NUMBERS", "Dated", "Numbers", "dated", "numbers"]


class Dated(NamedTuple):
    """A date that a text states. `alone` is whether it has parentheses of its own, which `start` and `end` include."""

    start: int
    end: int
    date: PartialDate | None
    alone: bool
    remark: str = ""


_YEAR = r"(?:1[5-9]|20)[0-9]{2}"
_MONTH = "(?:" + "|".join(sorted(map(re.escape, dates.MONTHS), key=len, reverse=True)) + r")\b\.?"
_DAY = r"(?:[12][0-9]|3[01]|0?[1-9])(?:st|nd|rd|th|º|er|\.)?"
_OF = r"(?:,? |-|/| de |, de | del )"
_DATE = (
    rf"(?:{_YEAR}-[01][0-9](?:-[0-3][0-9])?(?![0-9-])|{_YEAR}年(?:[0-9]{{1,2}}月(?:[0-9]{{1,2}}日)?)?"
    rf"|(?<![-–—.0-9] )(?<![-–—.0-9]){_DAY}{_OF}{_MONTH}{_OF}{_YEAR}|\b{_MONTH} {_DAY},? {_YEAR}"
    rf"|\b{_MONTH}{_OF}{_YEAR}|\b{_YEAR},? {_MONTH} {_DAY}(?![0-9:–-])|\b{_YEAR},? {_MONTH}(?!\.? ?[0-9])"
    rf"|\b[0-3]?[0-9][./][0-3]?[0-9][./]{_YEAR}|\b{_YEAR}[a-z]?)"
)
_SEASON = r"(?:spring|summer|autumn|fall|winter|frühjahr|herbst|sommer)"
_NONE = (
    r"in press|in print|forthcoming|n\. ?d\.|no date|to appear|accepted|submitted|under review|in preparation"
    r"|im erscheinen|im druck|o\. ?j\.|à paraître|sous presse|en prensa|no prelo|in stampa|en preparación|s\. ?d\.|印刷中"
)
_FOUND = re.compile(
    rf"(?P<open>[(\[（])?(?P<season>{_SEASON},? )?(?P<date>{_DATE})(?P<season2>,? {_SEASON})?(?P<close>[)\]）])?",
    re.IGNORECASE,
)
_YEARS = re.compile(_YEAR)
_LONGEST_HALF = 26  # characters of a date before or after its year
_UNDATED = re.compile(rf"[(\[](?:{_NONE})[)\]]|(?<=[.,;:] )(?:{_NONE})(?=[.,;]|\s*(?:\n|\Z))", re.IGNORECASE)
_BEFORE_NUMBER = re.compile(
    r"(?:\b(?:pp?|pages?|s|seiten|págs?|no|nr|vol|art(?:icle)?|bd|issue|id)\.? ?|n[o°º]\.? ?|\d\)?: ?|[-–—/#=_]|\d[.,:]|[\w)]: ?(?=\d+[-–]))\Z",
    re.IGNORECASE,
)
_AFTER_NUMBER = re.compile(r"[-–—/_]+ ?\d|:(?!\d+[-–]\d)\d|\.\d|\d|\w(?<!年)|\(\d{1,3}\)(?!: ?\d)|\s\(\d{1,2}\)[:,]")


def dated(text: str, start: int, stop: int) -> list[Dated]:
    """The dates in a stretch of the text, in its order; no year that is a page, a volume or half of a period.

    >>> [str(found.date) for found in dated("(2019, March 4) Crime 1980–1990, Nov. 2016, pp. 1999-2003", 0, 56)]
    ['2019-03-04', '2016-11']
    """
    found = []
    for match in _matches(text, start, stop):
        first, last = match.span("date")
        if _BEFORE_NUMBER.search(text, max(start, first - 10), first) or _AFTER_NUMBER.match(text, last, stop):
            continue
        stated = dates.read(_plain(match["date"]))
        if stated is None:
            continue
        alone = bool(match["open"] and match["close"])
        span = match.span() if alone else (first, last)
        found.append(Dated(*span, stated.date, alone, stated.remark))
    found += [
        Dated(*match.span(), date=None, alone=match[0][0] in "([") for match in _UNDATED.finditer(text, start, stop)
    ]
    return sorted(found)


def _matches(text: str, start: int, stop: int) -> Iterator[re.Match[str]]:
    """What may be a date, around each thing that may be a year."""
    for year in _YEARS.finditer(text, start, stop):
        if year.start() < start:
            continue
        match = _FOUND.search(text, max(start, year.start() - _LONGEST_HALF), min(stop, year.end() + _LONGEST_HALF))
        if match:
            start = match.end()
            yield match


def _plain(text: str) -> str:
    """The words of a date as `dates.read` reads them."""
    if "年" in text:
        year, *rest = re.findall("[0-9]+", text)
        return "-".join([year, *(part.zfill(2) for part in rest)])
    text = re.sub(r"(?<=\d)(?:º|er)\b", "", text.replace(" del ", " de "))
    return (
        text
        if text[:5].count("-") == 1 and text[:4].isdigit()
        else re.sub(r"(?<=[^\W\d])[-/](?=\d)|(?<=\d)[-/](?=[^\W\d])", " ", text)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Volume, issue and pages, and the stretches they stand in; one may hold days, which are no pages."""

    volume: str | None = None
    issue: str | None = None
    pages: str | None = None
    spans: tuple[tuple[str, int, int], ...] = ()

    @property
    def start(self) -> int | None:
        """Where the first of them begins, with its label."""
        return min((start for _, start, _ in self.spans), default=None)


NO_NUMBERS = Numbers()

_ISSUE = r"(?:no|nr|num|núm|issue|iss|heft|fasc)\.? ?|[hn]\. ?|n[°º]\.? ?|№ ?"
_RANGE = r"[A-Za-z]{0,2}\d(?:\d|\.(?=\d)){0,15}(?: ?[-–—‐]{1,3} ?[A-Za-z]{0,2}\d(?:\d|\.(?=\d)){0,15})?"
_REAL_RANGE = (
    rf"(?!{_YEAR}-[01]\d\b)"
    r"[A-Za-z]{0,2}\d(?:\d|\.(?=\d)){0,15} ?[-–—‐]{1,3} ?[A-Za-z]{0,2}\d(?:\d|\.(?=\d)){0,15}"
)
_SHAPES = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        # vol. 3, no. 2
        (
            rf"\b(?:vol(?:ume)?|bd|band|jg|jahrgang|tome|tomo|[vт](?=\.))\b\.? ?(?P<volume>\d+[A-Z]?|[IVXLC]+\b)"
            rf"(?:[,;]? ?\(?(?:{_ISSUE})(?P<issue>[\w–/-]*\d[\w–/-]*)\)?)?"
        ),
        r"第? ?(?P<volume>\d+) ?巻(?: ?第? ?(?P<issue>\d+) ?号)?",
        r"第 ?(?P<issue>\d+) ?号",
        # 12, no. 3
        rf"(?P<volume>\b(?!{_YEAR}\b)\d{{1,4}}),? ?\(?(?:{_ISSUE})(?P<issue>\d[\w–/-]*)\)?",
        # 35, 2, Article 12 (May 2017)
        rf"(?P<volume>\b(?!{_YEAR}\b)\d{{1,4}}), (?P<issue>\d{{1,3}})(?:, Article (?P<pages>\d+))?,? \((?=[^()]*{_YEAR}\))",
        # 45 (2016), H. 3, S. 123–145
        (
            rf"(?P<volume>\b(?!{_YEAR}\b)\d{{1,4}}),? ?\({_YEAR}\)(?:[,:;]? ?(?:{_ISSUE})(?P<issue>\d[\w–/-]*))?"
            rf"(?:[,:;.]? ?(?:(?:pp?|pages?|s|seiten|págs?)\.? ?)?(?P<pages>{_RANGE})(?!\w))?"
        ),
        # VII, 2, 2019
        rf"(?P<volume>(?-i:\b[IVXLC]{{1,7}})|\b(?!{_YEAR}\b)\d{{1,4}}), (?P<issue>\d{{1,3}}), \(?(?={_YEAR}\b)",
        # 2014(3): 12-30
        rf"(?<!\d){_YEAR} ?\((?P<issue>\d{{1,3}})\): ?(?P<pages>{_RANGE})(?!\w)",
        # issue in parentheses, as in: Planning A, 55 (6), 1372-1391
        (
            rf"(?P<volume>\b[A-Z]?\d{{1,4}}[A-Z]?) ?\((?P<issue>(?![^()]*\b{_YEAR}\))(?:[A-Za-z .]{{1,20}})?\d[\w .,/–-]{{0,15}})\)[,:;.]?"
            rf"(?: ?(?:(?:pp?|pages?|s|seiten|art(?:icle)?)\.? ?)?(?P<pages>(?!{_YEAR}\b){_RANGE})(?!\w))?"
        ),
        # 98:63--74, 8: e217
        rf"(?P<volume>\b(?!{_YEAR}:)[A-Z]?\d{{1,4}}) ?[:：] ?(?P<pages>{_RANGE})(?!\w)",
        # , 55, 560–594
        rf"(?<=[^\W\d][,. ])(?<!\bn[or][. ]) ?(?P<volume>\b(?!{_YEAR}\b)\d{{1,4}})(?:,? (?:pp?\.? ?|s\. ?|part [A-Z], ?)?|\. pp?\.? ?)(?P<pages>{_REAL_RANGE}|(?!{_YEAR}\b)[A-Za-z]{{0,2}}\d{{4,8}})(?!\w)",
        rf"(?<=[^\W\d][,. ]) ?(?P<volume>\b(?!{_YEAR}\b)\d{{1,4}}), (?P<pages>(?!{_YEAR}\b)[A-Za-z]{{0,2}}\d{{1,8}}[A-Za-z0-9]{{0,8}})(?=[,.;]|\Z)",
        rf"(?<=[^\W\d])[,.]? (?P<volume>\b(?!{_YEAR}\b)\d{{1,4}})(?=[,.;]? ?\(?{_YEAR}\b|[.,;]? *(?:\n|\Z))",
    )
)
_PAGES = (
    re.compile(rf"\b(?:pp|pages?|[psс](?=[.:])|seiten|págs?|pgs?)\b[.:]? ?(?P<pages>{_RANGE})(?!\w)", re.IGNORECASE),
    re.compile(rf"(?P<pages>{_RANGE}) ?(?:頁|ページ)"),
    re.compile(rf"(?<=[,:;.] ){_REAL_RANGE}(?!\w)|(?<=[,:;]){_REAL_RANGE}(?!\w)"),
)
_MONTH_FOLLOWS = re.compile(rf"\.? {_MONTH}", re.IGNORECASE)
_FIGURE = re.compile(r"\d|\b[IVXLC]+\b", re.IGNORECASE)
_LONGEST_LABEL = 24  # characters before the first figure of what a label announces
_NUMBER_ALONE = re.compile(rf"\b(?:{_ISSUE})(?P<issue>\d[\w–/-]*)", re.IGNORECASE)


def numbers(text: str, start: int, stop: int) -> Numbers:
    """Volume, issue and pages in a stretch of the text that is no title.

    >>> found = numbers("Environment and Planning A, 55 (6), 1372-1391.", 0, 46)
    >>> found.volume, found.issue, found.pages
    ('55', '6', '1372-1391')
    """
    figure = _FIGURE.search(text, start, stop)
    if figure is None:
        return NO_NUMBERS
    start = max(start, figure.start() - _LONGEST_LABEL)
    values: dict[str, str] = {}
    spans: list[tuple[str, int, int]] = []
    for shape in _SHAPES:
        if match := shape.search(text, start, stop):
            for name in match.groupdict():
                if match[name]:
                    values[name] = match[name]
                    spans.append((name, match.start() if name == "volume" else match.start(name), match.end(name)))
            break
    else:
        if match := _NUMBER_ALONE.search(text, start, stop):
            values["issue"] = match["issue"]
            spans.append(("issue", *match.span()))
    if "pages" not in values:
        _labelled_pages(text, (start, stop), values, spans)
    days = [(name, first, last) for name, first, last in spans if name == "pages" and _MONTH_FOLLOWS.match(text, last)]
    if days:  # of a conference, as in: Oslo, 3-5 July 2019
        values.pop("pages")
        spans = [
            ("days", first, last) if (name, first, last) in days else (name, first, last) for name, first, last in spans
        ]
    return Numbers(
        volume=values.get("volume"), issue=values.get("issue"), pages=values.get("pages"), spans=tuple(spans)
    )


def _labelled_pages(
    text: str, where: tuple[int, int], values: dict[str, str], spans: list[tuple[str, int, int]]
) -> None:
    """Add the pages that have a label, or a range after a separator."""
    for shape in _PAGES:
        for match in shape.finditer(text, *where):
            if any(first < match.end() and match.start() < last for _, first, last in spans):
                continue
            values["pages"] = match["pages"] if "pages" in shape.groupindex else match[0]
            spans.append(("pages", *match.span()))
            return

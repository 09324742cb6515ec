"""A title in, what it says out: its words, its main part, its numbers, and whether it is of another kind than a work itself."""

from __future__ import annotations

import re
from typing import NamedTuple

from repo_harvest.match.words import STOPS, listed, plain

__all__ = ["Title", "read_title"]


class Title(NamedTuple):
    """What is compared of a title.

    `text` is its plain words; `main` those before a subtitle, if there is one; `others` are titles that stand beside it (a
    parallel or translated one); `numbers` its numbers in order, Roman ones as figures; `part` what follows a word such
    as part, volume or edition; `codes` its words of letters and figures; `kind` what it is of another work (an erratum, a reply …), or nothing; `year` one that
    was pasted before it; `recurring`: it says no more than "Editorial" does.
    """

    text: str
    main: str
    others: tuple[str, ...]
    numbers: tuple[str, ...]
    part: str
    codes: tuple[str, ...]
    kind: str
    year: int
    recurring: bool


_LONGEST = 500
"""So many characters of a title are read: what is longer is no title, and costs more than it says."""
_PASTED = re.compile(r"[^()]{0,60}\(((?:1[89]|20)[0-9]{2})[a-z]?\)\.[\s'\"`‘“]+(?=\w+\W+\w+\W+\w)")
_DATED = re.compile(r"[\[(]((?:1[89]|20)[0-9]{2})[a-z]?[\])][.,:]?\s+(?=\w+\W+\w+\W+\w)")
_NOTE = re.compile(r"(?<=\S)\s*\[([^\[\]]*)\]\s*\.?$")
_LINK = re.compile(r"(?:erratum|corrigendum|correction|comment|retraction|summary|republished?|update|reprint|original)s? (?:appears|in|of|for)\b|[0-9]+ refs?$")  # fmt: skip
_PARALLEL = re.compile(r"(?<=\w) = (?=[^\W\d])")
_REMARK = re.compile(
    r"(?i)\s*\((?:(?:abstract|extended|short|full|paper|panel|session|tutorial|experience|demo|demonstration|poster|talk|invited"
    r"|keynote|address|summary|research|industrial|industry|preliminary|version|report|article|review|letter|and|only)[\s-]*)+\s*\)$"
)
_BREAK = re.compile(r"\s*(?::|\?|;|\s[-–—/]\s|—|\.\s)\s*")
_THOUSANDS = re.compile(r"(?<=[0-9]),(?=[0-9]{3}(?![0-9]))")
_RETRACTED = re.compile(r"(?i)(?:retracted|withdrawn)(?: article)?\s*[:.\]]\s*")

_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "a correction",
        re.compile(
            r"(?:(?:author|publisher|editorial)s? )?(?:erratum|errata|corrigend(?:um|a)|corrections?|addend(?:um|a))"
            r"(?: to| for| of| in| by|$|(?=.{12}))|.* (?:erratum|corrigendum|errata|addendum)$"
        ),
    ),
    ("a retraction", re.compile(r"(?:retraction|withdrawal|notice of retraction|expression of concern)(?: of| to| notice| note| for|$|(?= .{25}))")),
    (
        "a reply",
        re.compile(
            r"(?:(?:the )?(?:authors?|editors?) (?:reply|response|replies)|(?:a |in )?(?:reply|response|rejoinder) (?:to|from|by)|in reply"
            r"|re (?=.{12})|comments?(?:ary)? (?:on|to|about)|letter (?:re|regarding|in response)|invited (?:commentary|comment|response)"
            r"|discussion (?:of|on)|rebuttal (?:to|of)|.* (?:a |authors? |and )?(?:reply|rejoinder|rebuttal|invited commentary|authors? response)$)"
        ),
    ),
    ("a review", re.compile(r"(?:book |film |media )?reviews? of (?:the book|[a-z]+ s)|(?:book|film|media) reviews?(?: .|$)|.* (?:book review)$")),
    (
        "a companion",
        re.compile(
            r".*\b(?:workbook|work book|study guide|(?:instructors?|teachers?|solutions?|laboratory|lab) (?:manual|guide|edition|book)|answer (?:book|key)"
            r"|activity book|exercise book|leaders? guide|facilitators? (?:guide|manual)|companion website|test bank)\b"
        ),
    ),
    (
        "a supplement",
        re.compile(
            r"(?:supplement(?:al|ary)? (?:materials?|data|information|files?)|supporting information|additional file|data from|dataset for"
            r"|replication data|data for)\b|.* (?:supplementary materials?|supplemental materials?|dataset)$"
        ),
    ),
    ("front matter", re.compile(r"(?:preface|foreword|index|afterword|epilogue|postscript) (?:to|of) ")),
)  # fmt: skip


def _figures_of(words: str, first: int) -> dict[str, str]:
    return {word: str(figure) for figure, word in enumerate(words.split(), first)}


_FIGURES = {
    **_figures_of("ii iii iv", 2),
    **_figures_of("vi vii viii ix", 6),
    **_figures_of("xi xii xiii xiv xv xvi xvii xviii xix xx", 11),
    **_figures_of("two three four five six seven eight nine ten eleven twelve", 2),
}
_ONLY_MARKED = {"i": "1", "v": "5", "x": "10", "one": "1", "a": "a", "b": "b", "c": "c", "d": "d"}
_ORDINALS = _figures_of("first second third fourth fifth sixth seventh eighth ninth tenth", 1)
_MARKS = {
    "part": "part", "pt": "part", "teil": "part", "parte": "part", "partie": "part", "volume": "volume", "vol": "volume", "band": "volume",
    "book": "book", "number": "number", "no": "number", "issue": "number", "chapter": "chapter", "section": "section", "edition": "edition",
    "ed": "edition", "edn": "edition", "paper": "number", "version": "version", "series": "series", "unit": "unit", "module": "unit",
    "phase": "phase", "lecture": "number", "report": "report", "supplement": "supplement",
}  # fmt: skip
_ORDINAL = re.compile(r"([0-9]{1,3})(?:st|nd|rd|th)")

_GENERIC = STOPS | listed(
    "editorial editorials introduction introductory preface foreword afterword letter letters editor editors "
    "guest response responses reply replies comment comments commentary book books review reviews annual report "
    "reports index contents table news newsletter abstracts abstract proceedings message chair chairs president "
    "presidents issue special discussion conclusion conclusions summary acknowledgements acknowledgments erratum "
    "errata correction corrections corrigendum obituary panel session workshop notes note author authors about "
    "contributors volume part number no vol welcome remarks opening closing overview bibliography references "
    "appendix glossary announcement announcements calendar events meeting minutes press release in this "
    "treasurers treasurer secretarys secretary from column chairman chairmans our us we you january february "
    "march april may june july august september october november december spring summer autumn fall winter "
    "quarterly monthly weekly front matter back cover title page list tables figures untitled unknown case image "
    "images clinical quiz question answer correspondence memoriam im vorwort einleitung editoriale inleiding new "
    "year first second third perspective perspectives viewpoint update anonymous conference poster presentation "
    "presentations award awards reviewers thanks interview chapter one two three journal publications literature "
    "research recent section director directors"
)
"""Of nothing but these, a title says which part of an issue it is, not which work."""


def read_title(text: str) -> Title:
    """What a title says.

    >>> read_title("Mentoring in prison: Part II")
    Title(text='mentoring in prison part 2', main='mentoring in prison', others=(), numbers=('2',), part='part 2', codes=(), kind='', year=0, recurring=False)
    >>> read_title("Erratum to: Mentoring in prison").kind, read_title("Editorial").recurring
    ('a correction', True)
    """
    text = text[:_LONGEST]
    year = 0
    if ("(" in text or text[:1] == "[") and (match := _PASTED.match(text) or _DATED.match(text)):
        text, year = text[match.end() :], int(match[1])
    if text[:1] in "RrWw[(" and (match := _RETRACTED.match(text.lstrip("[("))):
        text = text.lstrip("[(")[match.end() :]
    text, note, others = _without_notes(text)
    if " = " in text and (match := _PARALLEL.search(text)):
        others += (plain(text[match.end() :]),)
        text = text[: match.start()]
    if "," in text:
        text = _THOUSANDS.sub("", text)
    words, numbers, part = _numbered(plain(text).split())
    whole = " ".join(words)
    match = _BREAK.search(text, 1)
    main = " ".join(_numbered(plain(text[: match.start()]).split())[0]) if match else ""
    return Title(
        text=whole,
        main=main if main != whole else "",
        others=others,
        numbers=numbers,
        part=part,
        codes=tuple(word for word in words if not word.isalpha() and not word.isdecimal()),
        kind=_kind(whole, note),
        year=year,
        recurring=all(word in _GENERIC or word.isdecimal() for word in words),
    )


def _without_notes(text: str) -> tuple[str, str, tuple[str, ...]]:
    """A title without the remarks in brackets that follow it, the last one that is short, and those that are titles."""
    note = ""
    others: tuple[str, ...] = ()
    while "[" in text and (match := _NOTE.search(text)):
        text, remark = text[: match.start()], plain(match[1])
        if _LINK.match(remark):
            continue
        if remark.count(" ") > 2:  # noqa: PLR2004 -- four words are a title, fewer a remark
            others += (remark,)
        else:
            note = note or remark
    if text.endswith(")") and (match := _REMARK.search(text)):
        text = text[: match.start()]
    return text, note, others


def _kind(text: str, note: str) -> str:
    """What the work is of another one: as the title says, or a remark that says nothing else."""
    for name, pattern in _KINDS:
        if pattern.match(text) or (note and pattern.fullmatch(note)):
            return name
    return ""


def _numbered(words: list[str]) -> tuple[list[str], tuple[str, ...], str]:
    """The words with numbers as figures, the numbers, and the one that a word such as `part` marks."""
    numbers: list[str] = []
    part = ""
    last = len(words) - 1
    for i, word in enumerate(words):
        figure = _FIGURES.get(word)
        mark = _MARKS.get(words[i - 1]) if i else None
        if figure is None and word[0].isdecimal():
            figure = word if word.isdecimal() else match[1] if (match := _ORDINAL.fullmatch(word)) else None
        if figure is None and word in _ONLY_MARKED and (mark or (i == last and word in {"i", "one"} and i > 1)):
            figure = _ONLY_MARKED[word]
            if mark in {"book", "report", "supplement", "paper", "issue"} and word not in {"i", "v", "x"}:
                figure = None
        if i < last and words[i + 1] in {"edition", "ed", "edn"}:
            figure = figure or _ORDINALS.get(word)
            mark = "edition" if figure else mark
        if figure is not None:
            words[i] = figure
            numbers.append(figure)
            if mark and not part:
                part = f"{mark} {figure}"
    return words, tuple(numbers), part

r"""A unit in, one text with its markup out: all shown lines on one tape, and what does not belong to the citation blanked.

Offsets stay those of the lines, so that every field that is read can be shown where it stands. A line break is `\n`;
so is every character that was blanked (links such as "[PDF]", buttons, numbers of the list, hidden records), because a
citation never runs across them.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Container
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import urlsplit

from repo_harvest.parse.citation.labels import Role, role
from repo_harvest.parse.citation.prose import is_abstract
from repo_harvest.parse.document import Block, Line, Run, common
from repo_harvest.parse.text import is_prose, table, visible
from repo_harvest.parse.unit import Unit

__all__ = ["Piece", "Tape", "is_row_of_buttons"]

_OUTSIDE = frozenset({Role.LINKS, Role.BIBTEX, Role.CONTROL, Role.ABSTRACT, Role.TYPE, Role.IDENTIFIER})
_LINK_WORDS = table(
    "pdf ps html http https url link links doi bib bibtex ris endnote cite citation arxiv abstract full text fulltext",
    "code data slides poster video videos talk project website web site page publisher pubmed preprint paper download",
    "supplementary material materials supplement appendix supp available online read more here view article version",
    "ssrn github repository dataset press release blog open access corrigendum erratum errata show hide details movies",
    "codes demo software local copy eprint biorxiv medrxiv zum volltext lien texto completo google scholar books book",
    "proceedings home contact us for reprint in a the of and to on current chapter original software bibliographic postprint",
)
_GROUP = re.compile(r"\[[^\[\]\n]{0,120}\]")
_FILE = re.compile(
    r"[\[(](?:pdf|word|docx?|rtf|odt|excel|xlsx?|powerpoint|pptx?|epub|zip|html)\b[^\[\]()\n]{0,30}[\])]", re.IGNORECASE
)
_DIVIDER = re.compile(r"(?<=\s)[|·•]+(?=\s|\Z)")
_KIND = re.compile(r"\[[A-Z]{1,2}(?:/[A-Z]{2})?\](?://)?")  # GB/T 7714: the type of a document after its title
_NUMBER = re.compile(
    r"\s*(?:\[[A-Za-z]{0,3}\s?\d{1,4}[a-z]?\]\s*|\(\d{1,3}\)\s+|\d{1,3}[.)]\s+(?=\D)|[•·●▪■◦*–—-]\s+|#\d+\s+)"
)
_ADDRESS = re.compile(
    r"(?:available (?:at|from):? |retrieved from |url:? |doi:?\s*)?(?:https?://|www\.)\S+", re.IGNORECASE
)
_LABELLED = re.compile(
    r"(?:doi|e?-?issn|isbn(?:-1[03])?|pmid|pmcid|arxiv|hdl|handle)\s*[:=]?\s*(?:(?:10\.\d{4,9}/|arxiv:)\S+|(?:PMC)?[0-9][0-9Xx./v –-]{3,20}[0-9Xx])",
    re.IGNORECASE,
)
_BARE_DOI = re.compile(r"(?<![\w/.])10\.\d{4,9}/\S+")
_EXTENT = re.compile(r"(?<=[.,;:] )\d{1,4} ?(?:pp?|S|Seiten|pages|págs?|páginas|pagine)\b(?!\.? ?\d)\.?")
_WORD = re.compile(r"[^\W\d_]+")
_GOES_ON = re.compile(r"(?:[,;&]|\b(?:and|und|et|y|e)) ?\Z", re.IGNORECASE)
_MOST_LINK_WORDS = 5
_PEOPLES = table("author authors profile profiles person persons people researcher researchers scholar autor auteur")
_JOURNALS = table("journal journals periodical periodicals revue revista zeitschrift")


class Piece(NamedTuple):
    """A stretch of the tape that looks one way, and the field that its labels name."""

    start: int
    end: int
    run: Run
    role: Role | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tape:
    """`text` is what the page says, `words` the same with everything blanked that is no part of the citation, up to its end."""

    unit: Unit
    text: str
    words: str
    pieces: tuple[Piece, ...]
    starts: tuple[int, ...]

    @classmethod
    def of(cls, unit: Unit, abstract: Container[int] = ()) -> Tape:
        """The tape of a unit, of which those lines are the `abstract`."""
        box = _box(unit)
        roles = [_role_of(line, box) for line in unit.lines]
        if len(set(roles)) == 1:  # a label that everything has says nothing
            roles = [None if said not in {Role.BIBTEX, Role.LINKS} else said for said in roles]
        roles[1:] = [
            Role.ABSTRACT if said is None and (at in abstract or is_abstract(line.text)) else said
            for at, (said, line) in enumerate(zip(roles[1:], unit.lines[1:], strict=True), 1)
        ]
        roles[1:] = [
            said or (Role.LINKS if is_row_of_buttons(line) else Role.TYPE if " › " in line.text else None)
            for said, line in zip(roles[1:], unit.lines[1:], strict=True)
        ]
        pieces, starts, at = [], [], 0
        for line, said in zip(unit.lines, map(_of_rest, unit.lines, roles), strict=True):
            starts.append(at)
            for run in line.runs or (Run(line.text),):
                pieces.append(Piece(at, at + len(run.text), run, role(run.labels) or said))
                at += len(run.text)
            at = starts[-1] + len(line.text) + 1
        text = "\n".join(line.text for line in unit.lines)
        return cls(unit=unit, text=text, words=_blanked(text, pieces), pieces=tuple(pieces), starts=tuple(starts))

    def place(self, at: int) -> tuple[int, int]:
        """The line that a character stands in, and its offset there."""
        line = bisect_right(self.starts, at) - 1
        return line, at - self.starts[line]

    def regions(self, said: Role) -> list[tuple[int, int]]:
        """The stretches that labels give to a field, neighbours joined."""
        found: list[tuple[int, int]] = []
        for piece in self.pieces:
            if piece.role is not said:
                continue
            between = self.text[found[-1][1] : piece.start] if found else ""
            apart = said is Role.CREATORS and "\n" in between and not _GOES_ON.search(self.text, *found[-1])
            if found and not between.strip() and not apart:
                found[-1] = (found[-1][0], piece.end)
            else:
                found.append((piece.start, piece.end))
        return found


def _box(unit: Unit) -> Block:
    """The box that holds the whole unit."""
    box = unit.lines[0].block
    for line in (*unit.lines, *unit.hidden):
        box = common(box, line.block)
    return box


def _of_rest(line: Line, said: Role | None) -> Role | None:
    """What the box of a line says of its unlabelled words: they are no container if the line has a label for that alone."""
    return None if said is Role.CONTAINER and any(role(run.labels) is said for run in line.runs) else said


def _role_of(line: Line, box: Block) -> Role | None:
    """What the labels of the boxes around a line say, the innermost first, up to the box of the unit."""
    if line.block.tag == "pre" or line.text.startswith("@"):
        return Role.BIBTEX
    for block in line.block.ancestors():
        if block.depth < box.depth or (block is box and block is not line.block):
            break
        if said := role(block.labels):
            return said
        if block.tag == "blockquote" and is_prose(line.text):
            return Role.ABSTRACT
    return _role_of_link(line)


def _role_of_link(line: Line) -> Role | None:
    """What a line that is one link is, if the address says that it leads to a person or to a journal."""
    if "link" not in line.marks or len(line.links) != 1:
        return None
    steps = set(urlsplit(line.links[0].url).path.casefold().split("/")[:-1])
    if not steps.isdisjoint(_PEOPLES):
        return Role.CREATORS
    return None if steps.isdisjoint(_JOURNALS) else Role.CONTAINER


def _blanked(text: str, pieces: list[Piece]) -> str:
    """The text with what is no part of the citation replaced by line ends."""
    blank = [(piece.start, piece.end) for piece in pieces if piece.role in _OUTSIDE or _is_button(piece.run)]
    linked = [piece for piece in pieces if piece.run.href]
    blank += [match.span() for match in _GROUP.finditer(text) if _is_group(match[0], match.span(), linked)]
    for pattern in (_ADDRESS, _LABELLED, _BARE_DOI, _KIND, _FILE, _EXTENT, _DIVIDER):
        blank += [match.span() for match in pattern.finditer(text)]
    if number := _NUMBER.match(text):
        blank.append(number.span())
    without = visible(text)
    shown = list(without if len(without) == len(text) else text)
    for start, end in blank:
        shown[start:end] = "\n" * (end - start)
    return "".join(shown).rstrip("\n")


def _is_button(run: Run) -> bool:
    """Whether a link's words say only what one finds there."""
    return run.href is not None and _says_what_is_linked(run.text)


def is_row_of_buttons(line: Line) -> bool:
    """Whether all its links, and most of its words, only say what one finds behind them: "PDF  BibTeX  12 downloads"."""
    buttons = others = 0
    linked = False
    for run in line.runs:
        words = len(_WORD.findall(run.text))
        if words and _says_what_is_linked(run.text):
            buttons += 1
            linked = linked or run.href is not None
        elif run.href and words:
            return False
        else:
            others += words
    return linked and buttons > others


def _says_what_is_linked(text: str) -> bool:
    words = _WORD.findall(text.casefold())
    return len(words) <= _MOST_LINK_WORDS and all(word in _LINK_WORDS for word in words)


def _is_group(text: str, span: tuple[int, int], linked: list[Piece]) -> bool:
    """Whether square brackets hold links or their names."""
    words = _WORD.findall(text.casefold())
    if not words:
        return True
    return all(word in _LINK_WORDS for word in words) or any(
        span[0] <= piece.start and piece.end <= span[1] for piece in linked
    )

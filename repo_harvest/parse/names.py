"""The names part of a byline in, the names out, each exactly as the page states it.

The grammar, over words (a word is letters with their marks, hyphens, apostrophes and full stops):

    names     = segment *( ";" segment ) [ "et al." ] [ "(Eds.)" ]
    segment   = inverted | direct | corporate
    inverted  = pair *( "," pair )            pair = surname "," given [ "," suffix ]     van der Berg, Anna
    direct    = name *( "," name )            name = two to six words                     Gillian Buck, Ann Lee
    corporate = words, one of them a body of people                                       Ministry of Justice

where "and" or "&" may stand for the last separator. Some texts are both inverted and direct ("García Márquez, Gabriel
José"); what the rest of the page does decides, see `Order`. A name is a slice of the text: never re-spelled, never
turned round. No name library is used: those know English given names, and lose the second author of an inverted list.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from repo_harvest.parse.text import table

__all__ = ["JOINING", "PARTICLES", "SUFFIXES", "Names", "Order", "is_body", "read"]


class Order(StrEnum):
    """How a text, or a page, writes the names of people."""

    INVERTED = "Surname, Given"
    DIRECT = "Given Surname"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Names:
    """The names a text states. `order` is what the text itself proves about how it writes people.

    `more` says that it ends in "et al."; `editors`, that it calls them editors; `certain` is false for a list of
    people that cannot be told apart: `names` is then empty.
    """

    names: tuple[str, ...]
    order: Order = Order.UNKNOWN
    more: bool = False
    editors: bool = False
    certain: bool = True


PARTICLES = table(
    "van von vom der den de del della di da das dos du la le les los el al bin ibn bint ben",
    "ter ten te op in't 't zu zum zur af av y d' st st. ap ab ferch ní nic mac ó",
)
_NEVER_GIVEN = table("ó ní nic de von du della")
SUFFIXES = table("jr jr. sr sr. ii iii iv v esq esq. phd ph.d. md m.d.")
BODIES = table(
    "academy administration agency alliance archive archives assembly associates association authority bank board",
    "bureau center centre charity church coalition collaborative college commission commissioner committee company",
    "consortium cooperative corporation council court department directorate division executive federation force",
    "forum foundation fund government group house inspectorate institute institution international laboratory league",
    "library ministry museum network nhs observatory office ombudsman organisation organization parliament",
    "partnership police press prison probation programme project school secretariat section senate service services",
    "society taskforce team trust unesco unicef union unit university",
    "ltd ltd. limited inc inc. llc llp plc gmbh e.v. s.a. ag",
    "akademie amt bundesamt bundesministerium gesellschaft hochschule institut ministerium stiftung universität verein",
    "conseil école fondation ministère société université",
    "asociación consejo fundación instituto ministerio organización universidad",
    "associazione consiglio fondazione istituto ministero università prifysgol llywodraeth cyngor",
)
JOINING = table(
    "of the for and in on at to with by & - de des du la le les l' et für und der die das y e el los del di della",
)

_LONGEST_WORD = 40  # characters
_MOST_PERSON, _MOST_BODY = 6, 24  # words
_MOST_LOWER_BODY = 8  # words of a body that is written in lower case after its first

_SEMICOLON = re.compile(r"[;；؛、]")
_COMMA = re.compile(r"[,，،]")
_AND = re.compile(r" (?:and|&|und|et) ")
_BY = re.compile(r"(?:written |edited )?by:? |authors?: ", re.IGNORECASE)
_MORE = re.compile(r"(?:[,;] ?| )(?:et\.? al\.?|and others|& others|u\. ?a\.)\Z", re.IGNORECASE)
_EDITORS = re.compile(
    r"[,;]? ?\((?:eds?|editors?|hrsg)\.?\)\Z|[,;] ?(?:eds\.?|editors?)\Z",
    re.IGNORECASE,
)
_INITIAL = re.compile(r"(?:[^\W\d_]\.[-‐‑]?){0,4}[^\W\d_]\.?")
_VANCOUVER = re.compile(r"(?:[^\W\d_][^\s.]+ ){1,3}[A-Z]{1,3}")  # Buck GA
_LONGEST_END = 20  # characters that "et al." or "(Editors)" may take
_IN_WORDS = frozenset("'’‘`´ʼʹ-‐‑.·\u200c\u200d")  # the last two join and part letters in Persian and in Indic scripts


def read(text: str, *, order: Order = Order.UNKNOWN) -> Names | None:
    """The names in `text`, in its order, or `None` if it is not a list of names.

    `order` is used only where the text could be read both ways; those are taken as inverted when it is unknown.

    >>> read("Atherton, Peter; Buck, Gillian").names
    ('Atherton, Peter', 'Buck, Gillian')
    >>> read("Gosling, Helena, Buck, Gillian").names
    ('Gosling, Helena', 'Buck, Gillian')
    >>> read("King, Martin Luther, Jr.").names
    ('King, Martin Luther, Jr.',)
    >>> read("Gillian Buck, Peter Atherton and Ann Lee").names
    ('Gillian Buck', 'Peter Atherton', 'Ann Lee')
    >>> read("Ministry of Housing, Communities and Local Government").names
    ('Ministry of Housing, Communities and Local Government',)
    >>> read("Buck, Gillian, Atherton").certain
    False
    >>> read("These relationships develop over years, as mentors told us") is None
    True
    """
    text = " ".join(text.split())
    if by := _BY.match(text):
        text = text[by.end() :]
    text, editors = _without_end(text, _EDITORS)
    text, more = _without_end(text, _MORE)
    segments = [segment for part in _SEMICOLON.split(text) if (segment := _trim(part))]
    readings: list[Names] = []
    for segment in segments:
        person, is_editor = _without_end(segment, _EDITORS)
        reading = _segment(person, several=len(segments) > 1, order=order)
        if reading is None:
            return None
        readings.append(reading)
        editors = editors or is_editor
    if not readings:
        return None
    certain = all(reading.certain for reading in readings)
    names = tuple(name for reading in readings for name in reading.names) if certain else ()
    return Names(names=names, order=_prevailing(readings), more=more, editors=editors, certain=certain)


def _without_end(text: str, end: re.Pattern[str]) -> tuple[str, bool]:
    """The text without an ending such as "et al.", and whether it had it."""
    found = end.search(text, max(0, len(text) - _LONGEST_END))
    return (_trim(text[: found.start()]), True) if found else (text, False)


def _trim(text: str) -> str:
    return text.strip(" ,，،;")


def _prevailing(readings: list[Names]) -> Order:
    inverted = sum(reading.order is Order.INVERTED for reading in readings)
    direct = sum(reading.order is Order.DIRECT for reading in readings)
    if inverted == direct:
        return Order.UNKNOWN
    return Order.INVERTED if inverted > direct else Order.DIRECT


# --- one segment -------------------------------------------------------------------------------------------------


def _segment(text: str, *, several: bool, order: Order) -> Names | None:
    """What stands between two semicolons: one name, or a list with commas."""
    if _COMMA.search(text) is None and is_body(text):
        return Names(names=(text,))
    pieces = [_Piece.of(piece) for part in _AND.split(text) if (piece := _trim(part))]
    direct = _all(piece.direct(alone=len(pieces) == 1) for piece in pieces)
    pairs = _all(piece.pairs() for piece in pieces)
    if pairs is not None and not any(_COMMA.search(name) for name in pairs):
        pairs = None  # bodies only: a direct list, or one body with a comma in its name
    if pairs is None and is_body(_COMMA.split(text)[0]) and is_body(text.replace(",", "")):
        return Names(names=(text,))
    if pairs is None and direct is None:
        return _unclear(pieces)
    return _chosen(pieces, pairs, direct, several=several, order=order)


def _chosen(
    pieces: list[_Piece], pairs: list[str] | None, direct: list[str] | None, *, several: bool, order: Order
) -> Names:
    """The reading as inverted or as direct names: what the text proves, else what `order` says."""
    if pairs is None:
        assert direct is not None
        proves = any(" " in name and not is_body(name) for name in direct)
        return Names(names=tuple(direct), order=Order.DIRECT if proves else Order.UNKNOWN)
    if pieces and len(pieces[0].parts) > 2 and is_body(pieces[0].parts[0]):  # noqa: PLR2004 - a body and a pair
        return Names(names=(), certain=False)
    if _all_vancouver(pieces) and direct is not None:
        return Names(names=tuple(direct), order=Order.DIRECT)
    if direct is None or several or any(piece.has_particle_first() for piece in pieces):
        people = [name for name in pairs if _COMMA.search(name)]
        cased = all(_is_capitalised(word) or word in PARTICLES for name in people for word in name.split())
        return Names(names=tuple(pairs), order=Order.INVERTED if cased else Order.UNKNOWN)
    return Names(names=tuple(direct if order is Order.DIRECT else pairs))


def _unclear(pieces: list[_Piece]) -> Names | None:
    """People beyond doubt, but not who is whose given name: three names by commas, say."""
    parts = [part for piece in pieces for part in piece.parts]
    if len(parts) > 1 and all((_is_person(part, least=1) and _is_capitalised(part)) or is_body(part) for part in parts):
        return Names(names=(), certain=False)
    return None


def _all(readings: Iterable[list[str] | None]) -> list[str] | None:
    """The names of all pieces, or `None` if one of them could not be read."""
    names: list[str] = []
    for reading in readings:
        if reading is None:
            return None
        names += reading
    return names or None


def _all_vancouver(pieces: list[_Piece]) -> bool:
    return all(_VANCOUVER.fullmatch(part) for piece in pieces for part in piece.parts)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of a segment without "and": its text, and what stands between its commas."""

    text: str
    parts: tuple[str, ...]
    starts: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Self:
        starts, parts, at = [], [], 0
        for part in _COMMA.split(text):
            if part.strip():
                parts.append(part.strip())
                starts.append(at + len(part) - len(part.lstrip()))
            at += len(part) + 1
        return cls(text, tuple(parts), tuple(starts))

    def slice(self, first: int, last: int) -> str:
        """The text from one part to another, as it stands."""
        return self.text[self.starts[first] : self.starts[last] + len(self.parts[last])]

    def pairs(self) -> list[str] | None:
        """Read as "Surname, Given[, Suffix]" pairs, with a body of people between them now and then."""
        names, at, parts = [], 0, self.parts
        while at < len(parts):
            last = at
            if not is_body(parts[at]):
                last += 1
                if last + 1 < len(parts) and _is_suffix(parts[last]):
                    last += 1
                if last >= len(parts) or not (_is_surname(parts[at]) and _is_given(parts[last])):
                    return None
                if last + 1 < len(parts) and _is_suffix(parts[last + 1]):
                    last += 1
            names.append(self.slice(at, last))
            at = last + 1
        return names

    def direct(self, *, alone: bool) -> list[str] | None:
        """Read as names written "Given Surname"; a name of one word only where it stands alone."""
        names: list[str] = []
        first = 0
        alone = alone and len(self.parts) == 1
        if alone and _is_acronym(self.parts[0]):
            return [self.parts[0]]
        for at, part in enumerate(self.parts):
            if at and _is_suffix(part):
                names[-1] = self.slice(first, at)
                continue
            first = at
            if not (is_body(part) or _VANCOUVER.fullmatch(part) or _is_direct(part, least=1 if alone else 2)):
                return None
            names.append(part)
        return names

    def has_particle_first(self) -> bool:
        """Whether a surname starts with a particle, as in "van der Berg, Anna"; "Van" may be a given name."""
        firsts = [part.split()[0] for part in self.parts[::2]]
        return any(first in PARTICLES or first.casefold() in _NEVER_GIVEN for first in firsts)


# --- words -------------------------------------------------------------------------------------------------------


def is_body(text: str) -> bool:
    """Whether it is a body of people: two words or more, one of them in `BODIES`, written as a name and not as a sentence."""
    words = text.split()
    if not 2 <= len(words) <= _MOST_BODY or any(len(word) > _LONGEST_WORD for word in words):  # noqa: PLR2004 - one word may be a surname
        return False
    if words[0][0].islower() or not any(word.casefold().strip("(),.") in BODIES for word in words):
        return False
    if not all(any(char.isalnum() for char in word) or word in JOINING for word in words):
        return False
    lower = [word for word in words if word[0].islower() and word not in JOINING]
    return not lower or (words[0].casefold() in BODIES and len(words) <= _MOST_LOWER_BODY)


def _is_person(text: str, *, least: int) -> bool:
    """Words that a person's name can consist of, capitalised where the script has capitals, or one lower-case word."""
    words = text.split()
    if not least <= len(words) <= _MOST_PERSON or not all(map(_is_word, words)):
        return False
    if len(words) == 1:
        return words[0] not in JOINING
    named = [word for word in words if word.casefold() not in PARTICLES]
    return bool(named) and all(map(_is_capitalised, named))


def _is_surname(text: str) -> bool:
    return _is_person(text, least=1) and not _is_suffix(text) and not any(map(_is_initial, text.split()))


def _is_given(text: str) -> bool:
    return _is_person(text, least=1) and not _is_suffix(text)


def _is_direct(text: str, *, least: int) -> bool:
    words = text.split()
    return _is_person(text, least=least) and not _is_initial(words[-1]) and not words[-1][0].islower()


def _is_suffix(text: str) -> bool:
    return text.casefold() in SUFFIXES


def _is_initial(word: str) -> bool:
    """`G`, `G.`, `G.A.` or `J.-P.`: capitals, each followed by a full stop but perhaps the last."""
    return _INITIAL.fullmatch(word) is not None and word == word.upper() and word.casefold() not in PARTICLES


def _is_acronym(text: str) -> bool:
    """A body's name with figures in it, such as G4S."""
    return len(text) <= _LONGEST_WORD and text.isalnum() and text[0].isupper()


def _is_capitalised(word: str) -> bool:
    letters = [char for char in word if char.isalpha()]
    return not letters or not letters[0].islower() or any(char.isupper() for char in letters)


def _is_word(word: str) -> bool:
    """Letters with their marks, hyphens, apostrophes and full stops; or such a word in parentheses, a nickname."""
    if word.startswith("(") and word.endswith(")"):
        word = word[1:-1]
    return (
        0 < len(word) <= _LONGEST_WORD
        and word[0] not in "-."
        and any(map(str.isalpha, word))
        and all(char.isalpha() or char in _IN_WORDS or unicodedata.category(char).startswith("M") for char in word)
    )

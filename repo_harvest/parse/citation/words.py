"""A text in, the words and separators of a list of people out, each with what it can be in a name.

A word is judged alone: with a capital, initials, a particle, "and". What a list makes of them is for `people` to say.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import NamedTuple

from repo_harvest.parse.names import PARTICLES, SUFFIXES
from repo_harvest.parse.text import table

__all__ = ["Kind", "Token", "is_ideograph", "tokens"]


class Kind(StrEnum):
    """What a word can be in a list of people."""

    CAP = "a word with a capital, or of a script without"
    INITIALS = "J. or J.-P. or K.D."
    BLOCK = "KD, which may be initials or a word"
    SHORT = "Ch. or Yu., which may be initials"
    PARTICLE = "van, de"
    SUFFIX = "Jr., III"
    LOWER = "any other word"
    AND = "and"
    COMMA = ","
    SEMICOLON = ";"
    MORE = "et al."
    EDITORS = "(Eds.)"
    MARK = "*"
    LINE = "line end"
    OTHER = "anything else"
    END = "end"


class Token(NamedTuple):
    """A word or separator and where it stands; with `stop`, a full stop follows that does not abbreviate it."""

    kind: Kind
    start: int
    end: int
    stop: bool = False  # a word with a full stop that does not abbreviate


_MARKS = r"*†‡§¶#^✉¹²³⁴⁵⁶⁷⁸⁹⁰"
_TOKEN = re.compile(
    rf"""
    (?P<more>(?:\bet\.?\s+al(?:ii|\b)\.?|(?:\b(?:and|&|und|et|y|e)\s+)?\b\d+\s+(?:more|others?|further|weitere|autres|outros|otros)\b
        (?:\s+(?:authors?|people))?|\b(?:and|&)\s+others\b|(?<=[;,]\ )others\b|\bu\.\s?a\.|\by\s+otros\b|\be\s+outros\b|\bet\s+autres\b|…|\.\.\.|ほか|(?<=[,，]\ )等|(?<=\w)等(?=[.:．：])|他(?=[「『:：])))
  | (?P<editors>[(\[]\s*(?:eds?|editors?|hrsg|hg|éds?|dirs?|coords?|orgs?|comps?|a\s+cura\s+di|編)\b\.?(?:,)?\s*[)\]]
        |,\s*ed\.|,?\s*\b(?:eds\.|editors?\b|hrsg\.|éditeurs?\b|editores\b|\(?編\)?))
  | (?P<word>['’‘ʼ]?[\u0300-\u036f]?[^\W\d_](?:[^\W\d_]|[’'‘ʼ‐‑·\-\u0300-\u036f\ufe20-\ufe2f](?=[^\W\d_])|・(?=[\u30a1-\u30fa])|[\u0300-\u036f\ufe20-\ufe2f]|\.[-‐‑]?(?=[^\W\d_]))*\.?)
  | (?P<comma>[,，،、・]) | (?P<semi>[;；؛]|(?<=[^\W\d_])/(?=[^\W\d_])|[ ][|·/](?=[ ]))
  | (?P<and>&) | (?P<mark>[{_MARKS}]+|(?<=[^\W\d_.])\d(?:,\d)*(?![\w]))
  | (?P<line>\n\s*) | (?P<space>[^\S\n]+) | (?P<other>.)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_ANDS = table("and und et y e och og & 和 及")
_INITIALS_TOO = table("v md m.d. md.")
_ABBREVIATED = table("st. ste. dr. prof. mr. mrs. ms. rev. sr. sra.")
_NEVER = table(
    "in the a an of on for to from with by at as der die das ein eine le la les el los il lo gli un une uno una",
    "available retrieved accessed online vol no pp pages doi journal proceedings press university conference",
)
_LONGEST_BLOCK, _LONGEST_SHORT = 4, 3


def tokens(text: str, start: int, stop: int) -> list[Token]:
    """The words and separators up to what no list of people contains; the last is an `END`."""
    found: list[Token] = []
    for match in _TOKEN.finditer(text, start, stop):
        kind = str(match.lastgroup)
        if kind == "space":
            continue
        found.append(_token(kind, match))
        if found[-1].kind is Kind.OTHER or (found[-1].kind is Kind.LINE and _closes(found)):
            break
    found.append(Token(Kind.END, stop, stop))
    return found


def _closes(found: list[Token]) -> bool:
    """Whether a line end closes the list: it does not after a separator."""
    return len(found) < 2 or found[-2].kind not in {Kind.COMMA, Kind.SEMICOLON, Kind.AND, Kind.LINE}  # noqa: PLR2004 - the line end and what stands before


_KIND_OF = {
    "more": Kind.MORE, "editors": Kind.EDITORS, "comma": Kind.COMMA, "semi": Kind.SEMICOLON, "and": Kind.AND,
    "mark": Kind.MARK, "line": Kind.LINE, "other": Kind.OTHER,
}  # fmt: skip


def _token(kind: str, match: re.Match[str]) -> Token:
    if kind != "word":
        return Token(_KIND_OF[kind], *match.span())
    word = match[0]
    folded = word.casefold()
    if word in _ANDS:  # not "E", an initial
        return Token(Kind.AND, *match.span())
    if folded in SUFFIXES and folded not in _INITIALS_TOO and word not in {"JR", "SR"}:
        return Token(Kind.SUFFIX, *match.span())
    if word[0].islower() or (word[0] in "'’‘ʼ" and word[1:2].islower()):
        inner = any(char.isupper() for char in word)
        kinds = Kind.PARTICLE if folded in PARTICLES else Kind.CAP if inner else Kind.LOWER
        return Token(kinds, *match.span(), stop=word.endswith("."))
    return _capital(word, folded, match)


def _capital(word: str, folded: str, match: re.Match[str]) -> Token:
    """A word that does not begin with a small letter."""
    stop = word.endswith(".")
    if _is_initials(word, folded):
        return Token(Kind.INITIALS, *match.span())
    bare = word.rstrip(".")
    if len(bare) <= _LONGEST_BLOCK and bare.isupper() and bare.isalpha() and folded != "ó":
        return Token(Kind.BLOCK, *match.span(), stop=stop)
    if folded in _NEVER and folded not in PARTICLES:
        return Token(Kind.LOWER, *match.span(), stop=stop)
    stop = stop and folded not in _ABBREVIATED
    return Token(
        Kind.SHORT if stop and len(word) <= _LONGEST_SHORT and not is_ideograph(word[0]) else Kind.CAP,
        *match.span(),
        stop=stop,
    )


def _is_initials(word: str, folded: str) -> bool:
    """`J.`, `J.-P.`, `K.D.`, `Yu.A.`; not the Ó of Ó Briain."""
    if folded == "ó":
        return False
    letters = re.split(r"[.\-‐‑]+", word.strip("."))
    if all(len(letter) == 1 for letter in letters) and word == word.upper() and not is_ideograph(word[0]):
        return True
    return "." in word[:-1] and all(len(letter) <= 2 for letter in letters)  # noqa: PLR2004 - Yu


def is_ideograph(char: str) -> bool:
    """Whether a character is of a script without capitals that may write names in one word."""
    return unicodedata.category(char) == "Lo"

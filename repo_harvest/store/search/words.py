"""Text in, the words that it is found by out: without case and accents, so that both databases compare the same bytes.

Databases fold letters in their own ways, which change with their versions and locales. So nothing is left to them: they are
given words that are folded already, and divide at blanks alone. Scripts that are written without blanks are divided into
characters; asking for several of them asks for these side by side.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator

from repo_harvest.model import Record

__all__ = ["BETWEEN", "MOST_WORDS", "pieces", "title_order", "words", "words_of"]

BETWEEN = "·"
"""Stands between two values as a word that nobody can ask for: no phrase reaches over it."""

MOST_WORDS = 6000  # of an item: PostgreSQL takes 1 MB of them
_LONGEST = 32  # characters of a word that count
_MOST_OFTEN = 250  # PostgreSQL keeps no more than 255 places of a word
_TITLE = 100  # characters that titles are ordered by

_KEPT_MARKS = frozenset(
    {0, 7, 8, 9}
)  # combining classes of vowel signs, and of marks without which a letter is another
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}
)  # that Unicode takes for letters of their own, and people without the keys write so
_WITHOUT_BLANKS = re.compile(  # Thai to Khmer, kana, and Chinese characters
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]"
)


class _Folding(dict[int, str]):
    """Code point -> what it is compared as: letters, nothing for an accent, a blank for whatever divides words."""

    def __missing__(self, code: int) -> str:
        spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", chr(code)).casefold())
        self[code] = folded = "".join(map(_folded, spread.translate(_LETTERS)))
        return folded


def _folded(character: str) -> str:
    if "\ufe00" <= character <= "\ufe0f":  # they choose between two looks of the character before
        return ""
    if unicodedata.category(character)[0] == "M":
        return character if unicodedata.combining(character) in _KEPT_MARKS else ""
    if _WITHOUT_BLANKS.fullmatch(character):
        return f" {character} "
    return character if character.isalnum() else " "


_FOLDING = _Folding()


def words(text: str) -> list[str]:
    """The words of a text, in their order.

    >>> words("Łukasiewicz’s CORE conditions: naïve?"), words("犯罪学"), words("10.1177/17488")
    (['lukasiewicz', 's', 'core', 'conditions', 'naive'], ['犯', '罪', '学'], ['10', '1177', '17488'])
    """
    folded = text.translate(_FOLDING)
    if not folded.isascii():
        folded = unicodedata.normalize("NFC", folded)
    return [word[:_LONGEST] for word in folded.split()]


def words_of(record: Record) -> tuple[str, str, str]:
    """What the database is given of a record: words of its titles, of its creators, and of what else readers look for."""
    other = (
        *record.subjects,
        *record.container,
        *record.publisher,
        *record.contributors,
        *record.identifiers,
        record.year or "",
        *record.description,
    )
    told = [_told(values) for values in (record.title, record.creators, other)]
    if sum(map(len, told)) > _MOST_OFTEN:
        told = list(_bounded(told))
    return " ".join(told[0]), " ".join(told[1]), " ".join(told[2])


def _told(values: Iterable[str]) -> list[str]:
    told: list[str] = []
    for value in values:
        told += words(value)
        told.append(BETWEEN)
    return told


def _bounded(columns: Iterable[list[str]]) -> Iterator[list[str]]:
    """The words that both databases can hold: not too many, and none too often."""
    left, seen = MOST_WORDS, Counter[str]()
    for column in columns:
        kept = []
        for word in column[:left]:
            seen[word] += 1
            kept.append(word if seen[word] <= _MOST_OFTEN else BETWEEN)
        left -= len(kept)
        yield kept


def title_order(title: str) -> str:
    """What titles are ordered by, of the words of an item's titles: the first one's, with no mind to case or accents."""
    return title.partition(BETWEEN)[0].rstrip()[:_TITLE]


def pieces(text: str) -> Iterator[tuple[str, list[str]]]:
    """The text cut before and after each of its words, each piece with the words in it; joined, the pieces are the text.

    >>> list(pieces("On “Trust”"))
    [('On', ['on']), (' “', []), ('Trust', ['trust']), ('”', [])]
    """
    begun, was_word = 0, False
    for at, character in enumerate(text):
        folded = _FOLDING[ord(character)]
        is_word = not (folded and folded.isspace()) if folded else was_word
        if at and (is_word != was_word or (is_word and folded.startswith(" "))):
            yield text[begun:at], words(text[begun:at])
            begun = at
        was_word = is_word
    if text:
        yield text[begun:], words(text[begun:])

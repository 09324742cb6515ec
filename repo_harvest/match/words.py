"""A text in, what is compared of it out: plain words, which of them say little, and how much a word weighs."""

from __future__ import annotations

import html
import re
from functools import lru_cache

from repo_harvest.match.keys import normal

__all__ = ["STOPS", "listed", "plain", "signature", "weight"]

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,80}>")
_LOST = re.compile(r"(?<=\w)\?(?=\w)")  # a letter that an encoding lost
_GARBLED = re.compile(
    r"â ?(?:€ ?.?|\?\?|\? ?¦)|â€"
)  # a quotation mark, dash or ellipsis that was read in another encoding
_LETTERS = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "ı": "i", "þ": "th",
        "Ø": "o", "Ł": "l", "Đ": "d", "Ð": "d", "Æ": "ae", "Œ": "oe", "Þ": "th",
        "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "κ": "kappa", "λ": "lambda", "μ": "mu", "µ": "mu",
        "’": "", "‘": "", "ʼ": "",
    }
)  # fmt: skip


def listed(text: str) -> frozenset[str]:
    """The words of a text as a set: a list of words reads best as a text."""
    return frozenset(text.split())


STOPS = listed(
    "a an the and or of on in to for from by with at as is are was be its it s into via their using use "
    "de la le les des du et en el los las y und der die das ein eine von zu fur im dans sur un une e o da do di"
)


def plain(text: str) -> str:
    """The words of a text in lower case, without accents, markup and punctuation, one space apart.

    >>> plain("The role of TGF-β<sub>1</sub> &amp; Ørsted’s law")
    'the role of tgf beta1 orsteds law'
    """
    if "&" in text:
        text = html.unescape(text)
    if "<" in text:
        text = _TAG.sub("", text)
    if not text.isascii():
        if "â" in text:
            text = _GARBLED.sub(" ", text)
        text = text.translate(_LETTERS)
    if "?" in text:
        text = _LOST.sub("", text)
    if "'" in text:
        text = text.replace("'", "")
    return normal(text)


_YEAR = re.compile(r"(?:1[89]|20)[0-9]{2}")
_REMARKS = listed(
    "abstract article chapter conference demo demonstration extended full introduction keynote lecture overview panel paper "
    "poster preliminary proc proceedings report review session summary symposium talk tech technical tutorial version workshop"
)
"""What is said of a document beside its title proper: of less weight, and often on one side only."""


@lru_cache(maxsize=1 << 16)
def weight(word: str) -> int:
    """How much a word says, 1 to 12: the longer, the rarer it tends to be.

    A whole number, so that a sum is the same in whatever order.

    >>> weight("the"), weight("hepatocellular")
    (2, 12)
    """
    if len(word) == 1 and not word.isdecimal():
        return 1
    if word in STOPS or _YEAR.fullmatch(word):
        return 2
    return 4 if word in _REMARKS else min(len(word), 10) + 2


def signature(words: list[str]) -> int:
    """96 bits, one set for each word of four letters or more: few common bits, few common words.

    Words are told apart by their first five letters, so that a plural and its singular are one.
    """
    bits = 0
    for word in words:
        if len(word) > 3:  # noqa: PLR2004 -- as the docstring says
            bits |= 1 << _bit(word[:5])
    return bits


@lru_cache(maxsize=1 << 16)
def _bit(stem: str) -> int:
    return int.from_bytes(stem.encode()) % 97 % 96

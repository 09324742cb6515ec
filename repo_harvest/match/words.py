"""A text in, what is compared of it out: plain words, which of them say little, and how much a word weighs."""

from __future__ import annotations

import html
import re
from functools import lru_cache

from repo_harvest.match.keys import normal

__all__ = ["STOPS", "plain", "signature", "weight"]

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

STOPS = frozenset(
    [
        "a",
        "an",
        "the",
        "and",
        "or",
        "of",
        "on",
        "in",
        "to",
        "for",
        "from",
        "by",
        "with",
        "at",
        "as",
        "is",
        "are",
        "was",
        "be",
        "its",
        "it",
        "s",
        "into",
        "via",
        "their",
        "using",
        "use",
        "de",
        "la",
        "le",
        "les",
        "des",
        "du",
        "et",
        "en",
        "el",
        "los",
        "las",
        "y",
        "und",
        "der",
        "die",
        "das",
        "ein",
        "eine",
        "von",
        "zu",
        "fur",
        "im",
        "dans",
        "sur",
        "un",
        "une",
        "e",
        "o",
        "da",
        "do",
        "di",
    ]
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


_REMARKS = frozenset(
    "abstract article chapter conference demo demonstration extended full introduction keynote lecture overview panel paper "  # noqa: SIM905 -- the same
    "poster preliminary proc proceedings report review session summary symposium talk tech technical tutorial version workshop".split()
)
"""What is said of a document beside its title proper: of less weight, and often on one side only."""


@lru_cache(maxsize=1 << 16)
def weight(word: str) -> float:
    """How much a word says, 0.2 to 1.2: the longer, the rarer it tends to be.

    >>> weight("the"), weight("hepatocellular")
    (0.2, 1.2)
    """
    if len(word) == 1 and not word.isdecimal():
        return 0.1
    return 0.2 if word in STOPS else 0.4 if word in _REMARKS else min(len(word), 10) / 10 + 0.2


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

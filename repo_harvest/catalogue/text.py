"""Any text in; NFC text that XML 1.0 can carry out, white space collapsed, and how many characters it lost.

XML 1.0, section 2.2: Char is #x9, #xA, #xD, #x20-#xD7FF, #xE000-#xFFFD and #x10000-#x10FFFF. What is forbidden goes, and
so do the characters that only command: controls (general category Cc), and those that embed, override or isolate a
direction (Unicode Standard Annex #9, section 2.1 to 2.5), which make the words after a title read backwards. Of these,
what parts words (vertical tab, form feed, the separators U+001C to U+001F, next line) becomes a space. Whatever else the
page says stays: soft hyphens, joiners, the marks U+200E and U+200F, ligatures and private characters are its words.
"""

from __future__ import annotations

import re
from unicodedata import category, is_normalized, normalize

__all__ = ["clean", "says_something"]

_LOST = re.compile("[^\t\n\r\x20-\x7e\xa0-\u2029\u202f-\u2065\u206a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_UNSEEN = frozenset({"Cf", "Zs"})  # general categories of what has no shape of its own
_PARTING = frozenset("\x0b\x0c\x1c\x1d\x1e\x1f\x85")


def clean(text: str) -> tuple[str, int]:
    r"""The text as a record keeps it, and how many characters that XML forbids or that only command were taken out of it.

    >>> clean("Peer\x0bmentoring\n in\x00 prison ")
    ('Peer mentoring in prison', 2)
    >>> clean("Sia\N{COMBINING CIRCUMFLEX ACCENT}n") == ("Si\N{LATIN SMALL LETTER A WITH CIRCUMFLEX}n", 0)
    True
    """
    removed = 0
    if not text.isprintable():  # printable text holds nothing of the kind, and no white space but U+0020
        text, removed = _LOST.subn(lambda match: " " if match[0] in _PARTING else "", text)
        text = " ".join(_normal(text).split())
        return text, removed
    if "  " in text or text[:1] == " " or text[-1:] == " ":
        text = " ".join(text.split())
    return (text if text.isascii() else _normal(text)), removed


def says_something(text: str) -> bool:
    r"""Whether anything of a clean text can be seen: joiners, soft hyphens and marks of direction alone are no value.

    >>> says_something("a\N{SOFT HYPHEN}b"), says_something("\N{ZERO WIDTH NO-BREAK SPACE}"), says_something("")
    (True, False, False)
    """
    return bool(text) and (text.isprintable() or any(category(char) not in _UNSEEN for char in text))


def _normal(text: str) -> str:
    return text if is_normalized("NFC", text) else normalize("NFC", text)

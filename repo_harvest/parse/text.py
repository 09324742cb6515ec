"""A page's characters in, its words out: white space collapsed, nothing else touched.

What a reader cannot see (soft hyphens, zero-width spaces, direction marks) stays in titles and abstracts, which are the
page's words; `visible` takes it away for the grammars, where it would hide a date or part a name.
"""

from __future__ import annotations

import re

__all__ = ["collapse", "is_prose", "table", "visible"]


def table(*lines: str) -> frozenset[str]:
    """The words of a word list that is written to be read."""
    return frozenset(word for line in lines for word in line.split())


# soft hyphen, zero-width space, word joiner, byte order mark; left-to-right marks, embeddings and isolates; controls
_INVISIBLE = dict.fromkeys([
    *(0xAD, 0x200B, 0x2060, 0xFEFF, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)),
    *(*range(0x09), *range(0x0E, 0x1C), 0x7F),
])  # fmt: skip
_EDGES = " " + "".join(map(chr, _INVISIBLE))

_SENTENCE_END = re.compile(r"[.。．।؟!?…][\"'”’»)\]]{0,2}")
_INNER_END = re.compile(r"[a-z\])”’]{2}[.!?][\"'”’)\]]{0,2} [A-Z“‘(]")

_MANY_WORDS, _SOME_WORDS = 40, 8
_CHARACTERS_A_WORD = 6  # about; for scripts that do not part their words


def collapse(text: str) -> str:
    r"""White space collapsed and trimmed; what is invisible goes from both ends, so that a blank line is empty.

    >>> collapse("  Peer\N{NO-BREAK SPACE} mentoring\n"), collapse("\N{ZERO WIDTH SPACE} ")
    ('Peer mentoring', '')
    """
    text = " ".join(text.split())
    return text.strip(_EDGES)


def visible(text: str) -> str:
    r"""The text without the characters that show nothing.

    >>> visible("Buck,\N{ZERO WIDTH SPACE} Gillian")
    'Buck, Gillian'
    """
    return text if text.isascii() and text.isprintable() else text.translate(_INVISIBLE)


def is_prose(text: str) -> bool:
    """Whether a line reads as running text rather than as a title, a name or a label.

    It does if it is long; or if it has some words and ends like a sentence; or if a sentence ends inside it.

    >>> is_prose("We asked twelve mentors how they became mentors, and why they stayed.")
    True
    >>> is_prose("Mentoring: crossing boundaries with care?"), is_prose("Policy Press Ltd.")
    (False, False)
    """
    words = max(text.count(" ") + 1, len(text) // _CHARACTERS_A_WORD)
    if words < _SOME_WORDS:
        return False
    ends = _SENTENCE_END.match(text, len(text.rstrip("\"'”’»)]")) - 1) is not None
    if ends and not text.rstrip("\"'”’»)]").endswith(("?", "!")):
        return True
    return words >= _MANY_WORDS or _INNER_END.search(text) is not None

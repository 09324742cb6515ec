r"""A BibTeX list of names in, the names out, each "Surname, Given" where the list says which is which.

    names  = name *( "and" name ) [ "and others" ]
    name   = First von Last | von Last, First | von Last, Jr, First

"and" and commas inside braces part nothing, and a name in braces is a body of people: BibTeX's own rules (btxdoc,
"Names"; "Tame the BeaST", section 11).
"""

from __future__ import annotations

import re

from repo_harvest.parse import names
from repo_harvest.parse.embedded.bibtex.latex import to_text
from repo_harvest.parse.text import table

__all__ = ["people"]

_MARK = re.compile(r"[{}]|,|(?<=\s)[Aa][Nn][Dd](?=\s)|\s+")
_SUFFIXES = table("jr jr. sr sr. ii iii iv")
_COMMAND = re.compile(r"\\[A-Za-z]+\Z")
_LONGEST_COMMAND = 20  # characters
_OTHERS = frozenset({"others", "et al.", "et al"})
_CAPITAL_PARTICLES = table("Van Von De Del Della Di Da Dal Du Den Der Ter Ten Dos Ó Ní Nic")  # in a name's middle


def people(latex: str) -> tuple[str, ...]:
    r"""The names of a list.

    >>> people(r"Ludwig van Beethoven and {M\"uller}, Anna and King, Jr, Martin Luther and {Ministry of Justice}")
    ('van Beethoven, Ludwig', 'Müller, Anna', 'King, Martin Luther, Jr', 'Ministry of Justice')
    >>> people("Buck, Gillian and others")
    ('Buck, Gillian',)
    """
    found = []
    for parts in _parted(latex):
        found += [name for name in _names(parts) if name and name.casefold() not in _OTHERS]
    return tuple(dict.fromkeys(found))


def _parted(latex: str) -> list[list[list[str]]]:
    """The list as names, each as parts between commas, each as words; braces hold a word together."""
    listed: list[list[list[str]]] = [[[]]]
    depth, at, word = 0, 0, ""
    for mark in _MARK.finditer(latex):
        if mark[0] in "{}":
            depth = depth + 1 if mark[0] == "{" else max(0, depth - 1)
            continue
        if depth:
            continue
        word = latex[at : mark.start()]
        if mark[0].isspace() and _COMMAND.search(word[-_LONGEST_COMMAND:]):
            continue  # the blank ends a command: `\L uczak`
        at = mark.end()
        if word:
            listed[-1][-1].append(word)
        if mark[0] == ",":
            listed[-1].append([])
        elif mark[0].lower() == "and":
            listed.append([[]])
    if rest := latex[at:].strip():
        listed[-1][-1].append(rest)
    return listed


def _names(parts: list[list[str]]) -> tuple[str, ...]:
    """What stands between two "and" as a catalogue writes it: one name, or those of a list that has no "and"."""
    said = [text for words in parts if (text := to_text(" ".join(words)))]
    if len(said) == 3 and said[1].casefold() in _SUFFIXES:  # noqa: PLR2004 - von Last, Jr, First
        return (f"{said[0]}, {said[2]}, {said[1]}",)
    text = ", ".join(said)
    if len(said) > 2 or ";" in text:  # noqa: PLR2004 - von Last, First
        found = names.read(text)
        return found.names if found is not None and found.certain else (text,)
    if len(said) != 1:
        return (text,)
    words = [word for words in parts for word in words if to_text(word)]
    return (text if len(words) == 1 or _is_body(text) or text.upper() == text.lower() else _inverted(words),)


def _is_body(text: str) -> bool:
    """Whether it is the name of a body of people, which nobody put into braces."""
    found = names.read(text)
    return found is not None and found.names == (text,) and found.order is names.Order.UNKNOWN


def _inverted(words: list[str]) -> str:
    """First von Last: the surname begins with the first word in lower case, or is the last word.

    Beyond BibTeX's rule, particles in capitals begin one too: its users write "Ine Van Hoyweghen" and mean it.
    """
    said = [to_text(word) for word in words]
    first = next((at for at, word in enumerate(said[:-1]) if at and _is_particle(word)), len(said) - 1)
    if said[-1].casefold() in _SUFFIXES and len(said) > 2:  # noqa: PLR2004 - a name before it
        first = min(first, len(said) - 2)
        return f"{' '.join(said[first:-1])}, {' '.join(said[:first])}, {said[-1]}"
    if said[0][:1].islower() and not words[0].startswith("{"):  # von Last
        return " ".join(said)
    return f"{' '.join(said[first:])}, {' '.join(said[:first])}"


def _is_particle(word: str) -> bool:
    return word[:1].islower() or word in _CAPITAL_PARTICLES

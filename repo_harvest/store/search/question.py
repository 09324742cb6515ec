"""What people type into the search box in, what the databases are asked out; nothing that is typed is an error.

Words must all be there; "words in quotes" side by side; `-word` must not be there; `word*` is how a word begins. Whatever
else is typed divides words. Only folded words reach a database, which hold letters, digits and vowel signs alone, so nothing
typed can be taken for the syntax of FTS5 or of a tsquery.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from repo_harvest.store.search.words import words

__all__ = ["PLACES", "Place", "Question", "Term", "fts5", "fts5_unwanted", "parsed", "tsquery", "tsquery_unwanted"]

Place = Literal["title", "creators", "elsewhere", "anywhere"]
"""Where an item has all that is wanted: in its title; else, in that and its creators; else, somewhere; or no matter where."""

PLACES: tuple[Place, ...] = ("title", "creators", "elsewhere")
"""Each item that has all that is wanted has it at one of these."""

# Where it has to be, and where it must not be: columns of FTS5, labels of a tsvector.
_COLUMNS: dict[Place, tuple[str, str]] = {
    "title": ("title", ""),
    "creators": ("title creators", "title"),
    "elsewhere": ("title creators other", "title creators"),
    "anywhere": ("title creators other", ""),
}
_LABELS: dict[Place, tuple[str, str]] = {
    "title": ("A", ""),
    "creators": ("AB", "A"),
    "elsewhere": ("ABC", "AB"),
    "anywhere": ("ABC", ""),
}

_MOST_TERMS = 40  # of a question; what is typed after them is not looked for
_TYPED = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»＂", '"'))


@dataclass(frozen=True, slots=True)
class Term:
    """Words side by side; of one that `begins`, the last word may go on."""

    words: tuple[str, ...]
    begins: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What an item must have (`wanted`) and what it must not have."""

    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()

    def marks(self, found: Iterable[str]) -> bool:
        """Whether one of these words of a text is one that was asked for."""
        asked = {word for term in self.wanted for word in (term.words[:-1] if term.begins else term.words)}
        begun = tuple(term.words[-1] for term in self.wanted if term.begins)
        return any(word in asked or word.startswith(begun) for word in found)


def parsed(typed: str) -> Question:
    """The question that was typed.

    >>> parsed('peer "core conditions" -prison mentor*')  # doctest: +NORMALIZE_WHITESPACE
    Question(wanted=(Term(words=('peer',), begins=False), Term(words=('core', 'conditions'), begins=False),
     Term(words=('mentor',), begins=True)), unwanted=(Term(words=('prison',), begins=False),))
    """
    wanted: dict[Term, None] = {}
    unwanted: dict[Term, None] = {}
    for found in _TYPED.finditer(typed.translate(_QUOTES)):
        word = found["word"]
        term = Term(tuple(words(word or found["phrase"] or "")), begins=bool(word) and word.endswith("*"))
        if term.words and len(wanted) + len(unwanted) < _MOST_TERMS:
            (unwanted if found["minus"] else wanted)[term] = None
    return Question(wanted=tuple(wanted), unwanted=tuple(unwanted))


def fts5(question: Question, facets: Sequence[str] = (), place: Place = "anywhere") -> str:
    """The expression for FTS5 of what is wanted, at this place, and of facets; one of both there must be."""
    parts = [f"(facets : ({' AND '.join(facets)}))"] if facets else []
    without = []
    if question.wanted:
        asked = " AND ".join(map(_fts5, question.wanted))
        within, beyond = _COLUMNS[place]
        parts.append(f"({{{within}}} : ({asked}))")
        without += [f"({{{beyond}}} : ({asked}))"] if beyond else []
    without += [f"({fts5_unwanted(question)})"] if question.unwanted else []
    found = " AND ".join(parts)
    return f"({found}) NOT ({' OR '.join(without)})" if without else found


def fts5_unwanted(question: Question) -> str:
    """The expression for FTS5 of what is unwanted; empty if nothing is."""
    asked = " OR ".join(map(_fts5, question.unwanted))
    return f"{{title creators other}} : ({asked})" if asked else ""


def _fts5(term: Term) -> str:
    return f'"{" ".join(term.words)}"' + (" *" if term.begins else "")


def tsquery(question: Question, facets: Sequence[str] = (), place: Place = "anywhere") -> str:
    """What `fts5` says, as a tsquery."""
    within, beyond = _LABELS[place]
    parts = [f"'{word}':D" for word in facets]
    parts += [_tsquery(term, within) for term in question.wanted]
    if beyond and question.wanted:
        parts.append(f"!({' & '.join(_tsquery(term, beyond) for term in question.wanted)})")
    parts += [f"!{_tsquery(term)}" for term in question.unwanted]
    return " & ".join(parts)


def tsquery_unwanted(question: Question) -> str:
    """What `fts5_unwanted` says, as a tsquery."""
    return " | ".join(map(_tsquery, question.unwanted))


def _tsquery(term: Term, labels: str = "ABC") -> str:
    last = len(term.words) - 1
    told = (f"'{word}':{'*' if term.begins and at == last else ''}{labels}" for at, word in enumerate(term.words))
    return f"({' <-> '.join(told)})"

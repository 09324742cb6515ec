"""A text that begins with people in, the people out: where each name stands, and where the list ends.

Unlike `parse.names`, which is given the names part of a byline, this finds its end. It walks over words once for each
way to write a list, and takes the way that gets farthest:

    inverted   Smith, John, Jones, Mary    Smith, J. A., & Jones, M.    Smith JA, Jones M    Smith, J.; Jones, M.
    direct     John Smith, Mary Jones and A. B. Lee                      山田太郎, 佐藤花子
    first      Smith, John, and Mary Jones                               (MLA, Chicago)

Texts that are two ways at once ("García Márquez, Gabriel José") are read as the rest of the page is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from repo_harvest.parse.citation.words import Kind, Token, is_ideograph, tokens
from repo_harvest.parse.names import JOINING, is_body

__all__ = ["SAME", "People", "Way", "find"]


class Way(StrEnum):
    """A way to write a list of people."""

    INVERTED = "Surname, Given"
    DIRECT = "Given Surname"
    FIRST = "Surname, Given, and Given Surname"


class Name(NamedTuple):
    """A person: the name as it is told, and where it stands."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """The people at the start of a text. `end` is where the list ends, `ended` that something there says so.

    `more` says that there are others who are not named; `editors`, that they are called editors. `proves` is whether
    the text cannot be read another way.
    """

    names: tuple[Name, ...]
    end: int
    way: Way
    ended: bool
    more: bool = False
    editors: bool = False
    proves: bool = False


SAME = re.compile(
    r"[\s.,;]*(?P<same>[-–—_―‒⸺⸻]{2,12}|[—―⸺⸻]|(?:ders|dies)\.|(?:idem|id|ead)\b\.?)(?=[\s.,:;(]|\Z)", re.IGNORECASE
)
"""What stands for the people of the entry before."""

_LEAD = re.compile(
    r"[\s,.:;–—|-]*\(?(?:(?:joint(?:ly)? (?:work )?)?(?:with|by|mit|con|com|avec|par|por|von|authors?|autor(?:en|es|i)?|auteurs?|著者|edited by)\b:?\s*)?",
    re.IGNORECASE,
)
_MOST_SURNAME, _MOST_GIVEN, _MOST_DIRECT = 4, 5, 7  # words
_MOST_NAMES = 5_000
_UNDOTTED = re.compile(r", [^\W\d_]\.\Z")
_BODY_WITH_FIGURES = re.compile(
    r"(?=[^\n\d.]{0,80}[^\W\d_]{2}-?\d)[^\W\d_][^\n.,:;()]{5,100}(?=\. (?:[^\W\da-zß-ÿ]|\Z))"
)
_LONGEST_UNPARTED = 7  # characters of a name in a script that does not part its words
_LONGEST_BODY = 200  # characters


@lru_cache(maxsize=1024)  # the hypotheses about a unit ask the same again and again
def find(text: str, start: int = 0, stop: int | None = None, *, way: Way | None = None) -> People | None:
    """The people whom `text` names from `start` on, before `stop`; `way` is how the page writes people.

    >>> text = "Smith, J. A., & Jones, M. (2019). Crime."
    >>> found = find(text)
    >>> [name.text for name in found.names], text[found.end :]
    (['Smith, J. A.', 'Jones, M.'], ' (2019). Crime.')
    >>> [name.text for name in find("Schell LD, Liow YJ. Fasting and re-feeding").names]
    ['Schell, LD', 'Liow, YJ']
    >>> [name.text for name in find("Smith, John, and Mary Jones. “Crime.”").names]
    ['Smith, John', 'Mary Jones']
    >>> find("The price of wine") is None
    True
    """
    stop = len(text) if stop is None else stop
    lead = _LEAD.match(text, start, stop)
    first = lead.end() if lead else start
    if body := _whole_body(text, first, stop):
        return People(names=(body,), end=body.end, way=way or Way.DIRECT, ended=True)
    if (told := _BODY_WITH_FIGURES.match(text, first, stop)) and is_body(told[0]):
        return People(names=(Name(told[0], *told.span()),), end=told.end(), way=way or Way.DIRECT, ended=True)
    words = tokens(text, first, stop)
    readings = {each: found for each in Way if (found := _List(text, words, each).read())}
    if not readings:
        return None
    farthest = max((reading.ended, reading.end) for reading in readings.values())
    best = {each: reading for each, reading in readings.items() if (reading.ended, reading.end) == farthest}
    return _chosen(best, way)


def _whole_body(text: str, start: int, stop: int) -> Name | None:
    """A body of people with commas in its name that is all there is on a line."""
    end = text.find("\n", start, min(stop, start + _LONGEST_BODY))
    end = end if end >= 0 else stop
    told = text[start:end].strip(" .,")
    if (
        end - start > _LONGEST_BODY
        or "," not in told
        or ". " in told
        or any(map(str.isdigit, told))
        or not is_body(told.partition(",")[0])
    ):
        return None
    return Name(told, start, start + len(told)) if is_body(told.replace(",", "")) else None


def _chosen(best: dict[Way, People], way: Way | None) -> People:
    if len(best) == 1:
        return _proving(next(iter(best.values())))
    if way in best:
        return best[way]
    if Way.DIRECT in best and Way.INVERTED in best:
        pairs = best[Way.INVERTED].names
        told = all(_is_whole(part.strip()) for name in pairs for part in name.text.split(",")[:2])
        return best[Way.DIRECT] if told else best[Way.INVERTED]
    return best.get(Way.INVERTED) or best.get(Way.DIRECT) or best[Way.FIRST]


def _is_whole(part: str) -> bool:
    """Whether what stands between two commas can be a whole name."""
    return " " in part or (len(part) > 2 and all(map(is_ideograph, part)))  # noqa: PLR2004 - 山田 is a surname


def _proving(people: People) -> People:
    return People(
        names=people.names, end=people.end, way=people.way, ended=people.ended, more=people.more,
        editors=people.editors, proves=True,
    )  # fmt: skip


# --- a list ------------------------------------------------------------------------------------------------------

_ENDS = frozenset({Kind.LINE, Kind.OTHER, Kind.END})
_PARTS = frozenset({Kind.COMMA, Kind.SEMICOLON, Kind.AND})
_AFTER = _ENDS | _PARTS | {Kind.MORE, Kind.EDITORS, Kind.MARK}
_NAMING = frozenset({Kind.CAP, Kind.BLOCK})
_ABBREVIATING = frozenset({Kind.INITIALS, Kind.BLOCK, Kind.SHORT})


@dataclass(slots=True)
class _List:
    """One walk over the words, reading them one way."""

    text: str
    tokens: list[Token]
    way: Way
    names: list[Name] = field(default_factory=list)
    at: int = 0
    stopped: bool = False

    def read(self) -> People | None:
        """The people, or `None` if the text does not begin with one."""
        end, last, more, editors = -1, 0, False, False
        while len(self.names) < _MOST_NAMES and (name := self._name()):
            self.names.append(name)
            end, last = name.end, self.at
            if self.stopped:
                break
            self._skip(Kind.MARK)
            if self._is(Kind.EDITORS):
                editors = True
                end = self.tokens[self.at].end
                self.at += 1
                if not self._is(Kind.SEMICOLON, Kind.AND):
                    break
            parted = self._separator()
            if self._is(Kind.MORE):
                more, end = True, self.tokens[self.at].end
                self.at += 1
                last = self.at
                break
            last = self.at if not parted else last
            if not parted:
                break
        if not self.names:
            return None
        ended = self.stopped or more or editors or self._ends_at(last)
        names = (*self.names[:-1], self._without_last_stop())
        return People(names=names, end=end, way=self.way, ended=ended, more=more, editors=editors)

    def _without_last_stop(self) -> Name:
        """The last name, without the full stop that ends the list: "Smith J, Jones M."."""
        last = self.names[-1]
        if not _UNDOTTED.search(last.text) or "," in self.text[last.start : last.end]:
            return last
        others = [name for name in self.names[:-1] if "," in name.text]
        if self.text[last.end : last.end + 2].strip()[:1] in {"(", ",", ":", ";"} or any(
            name.text.endswith(".") for name in others
        ):
            return last
        return last._replace(text=last.text.rstrip("."))

    def _ends_at(self, at: int) -> bool:
        while self.tokens[at].kind in {Kind.MARK, Kind.COMMA}:
            at += 1
        token = self.tokens[at]
        return token.kind in _ENDS or (token.kind is Kind.LOWER and self.text[token.start : token.end] in {"in", "In"})

    def _separator(self) -> bool:
        """Pass what parts two names."""
        start = self.at
        while self.tokens[self.at].kind in _PARTS | {Kind.MARK} or (self.at > start and self._is(Kind.LINE)):
            self.at += 1
        return self.at > start

    def _is(self, *kinds: Kind) -> bool:
        return self.tokens[self.at].kind in kinds

    def _skip(self, *kinds: Kind) -> None:
        while self.tokens[self.at].kind in kinds:
            self.at += 1

    def _name(self) -> Name | None:
        """The next name; the place stays where it is if there is none."""
        start = self.at
        inverted = self.way is Way.INVERTED or (self.way is Way.FIRST and not self.names)
        name = (self._inverted() if inverted else self._direct()) or self._body(start)
        if name is None:
            self.at = start
        return name

    def _body(self, start: int) -> Name | None:
        """A body of people, up to the next separator."""
        at = start
        while self.tokens[at].kind not in _ENDS | {Kind.SEMICOLON, Kind.COMMA, Kind.EDITORS, Kind.MORE}:
            at += 1
            if self.tokens[at - 1].stop:
                break
        first, last = self.tokens[start].start, self.tokens[max(at - 1, start)].end
        words = self.text[first:last].rstrip(".")
        if at == start or not is_body(words) or any(word.islower() and word not in JOINING for word in words.split()):
            return None
        self.at, self.stopped = at, self.tokens[at - 1].stop
        return Name(words, first, first + len(words))

    # Surname, Given

    def _inverted(self) -> Name | None:
        start = self.at
        if not self._surname():
            return None
        surname = self.tokens[self.at - 1]
        comma = self._is(Kind.COMMA)
        self.at += comma
        if comma and self._is(Kind.SUFFIX):  # King, Jr., Martin Luther
            self.at += 1
            self._skip(Kind.COMMA)
        given = self.at
        if self._is(*_ABBREVIATING) and (self._initials() or comma):
            pass
        elif not comma or not self._given():
            return None
        if not self._closed(given):
            return None
        self._suffix()
        first, last = self.tokens[start], self.tokens[self.at - 1]
        told = self.text[first.start : last.end]
        if not comma:
            cut = surname.end - first.start
            told = f"{told[:cut]}, {told[cut:].strip()}"
        return Name(" ".join(self._without_stop(told, last).split()), first.start, last.end)

    def _surname(self) -> bool:
        self._skip(Kind.PARTICLE)
        start = self.at
        while self.at - start < _MOST_SURNAME and self._is(*_NAMING, Kind.PARTICLE) and not self.tokens[self.at].stop:
            follows = self.tokens[self.at + 1].kind
            if self._is(Kind.BLOCK) and self.at > start and follows in _AFTER - {Kind.COMMA}:
                break  # initials after the surname
            if self._is(Kind.BLOCK) and self.at > start and follows is Kind.COMMA and self._pairs_without_comma(start):
                break
            self.at += 1
        return self.at > start

    def _pairs_without_comma(self, start: int) -> bool:
        """Whether "Smith JA, Jones M" is meant, rather than "Smith JA, Mary"."""
        after = self.tokens[self.at + 2]
        return self.at - start <= _MOST_SURNAME and after.kind not in _ABBREVIATING

    def _initials(self) -> bool:
        """Pass initials, a suffix glued to them, and particles after them."""
        start = self.at
        while self._is(*_ABBREVIATING) and self.at - start < _MOST_GIVEN:
            self.at += 1
            if self.tokens[self.at - 1].stop and self.tokens[self.at - 1].kind is Kind.BLOCK:
                return True
        if self._is(Kind.CAP) and self.at - start == 1 and self._parts_surely(self.at + 1):
            self.at += 1  # Peoples, J. Wilson; …
        if self._is(Kind.PARTICLE) and self.tokens[self.at + 1].kind in _AFTER:
            self.at += 1
        return self.at > start

    def _parts_surely(self, at: int) -> bool:
        token = self.tokens[at]
        return token.kind is Kind.SEMICOLON or self.text[token.start : token.end] == "("

    def _given(self) -> bool:
        start = self.at
        while self.at - start < _MOST_GIVEN and self._is(*_NAMING, *_ABBREVIATING, Kind.PARTICLE):
            token = self.tokens[self.at]
            self.at += 1
            if token.stop and token.kind is Kind.CAP:
                break
            if self.at - start > 1 and token.kind is Kind.INITIALS and self._is(*_NAMING):
                break  # Smith, John A. Title
        return self.at > start

    def _closed(self, given: int) -> bool:
        """Whether the name ends where it should; what follows its last initial is given back if not."""
        last = self.tokens[self.at - 1]
        self.stopped = last.stop and last.kind in _NAMING
        if self.stopped or self.tokens[self.at].kind in _AFTER | {Kind.SUFFIX}:
            return True
        dotted = [
            at for at in range(given, self.at)
            if self.tokens[at].kind in {Kind.INITIALS, Kind.SHORT} and self.text[self.tokens[at].end - 1] == "."
        ]  # fmt: skip
        if dotted:
            self.at = dotted[-1] + 1
            self.stopped = self.tokens[self.at].kind not in _AFTER
            return True
        return False

    def _suffix(self) -> None:
        if self.stopped:
            return
        skip = 1 if self._is(Kind.COMMA) else 0
        if self.tokens[self.at + skip].kind is Kind.SUFFIX:
            self.at += skip + 1

    def _without_stop(self, told: str, last: Token) -> str:
        return told.rstrip(".") if last.stop and last.kind in _NAMING else told

    # Given Surname

    def _direct(self) -> Name | None:
        start = self.at
        while self.at - start < _MOST_DIRECT and self._is(*_NAMING, *_ABBREVIATING, Kind.PARTICLE):
            self.at += 1
            if self.tokens[self.at - 1].stop and not self._is_inner_stop(start):
                break
        if self.at == start:
            return None
        last = self.tokens[self.at - 1]
        alone = self.at - start == 1
        if last.kind not in {Kind.CAP, Kind.BLOCK, Kind.SHORT} or (alone and not self._is_whole_name(last)):
            return None
        self.stopped = last.stop
        if not self.stopped and self.tokens[self.at].kind not in _AFTER | {Kind.SUFFIX}:
            return None
        self._suffix()
        first, last = self.tokens[start], self.tokens[self.at - 1]
        told = self.text[first.start : last.end]
        return Name(" ".join((told.rstrip(".") if self.stopped else told).split()), first.start, last.end)

    def _is_inner_stop(self, start: int) -> bool:
        """Whether a short word with a full stop abbreviates a given name: Th. Müller, Yu. Ivanov."""
        token = self.tokens[self.at - 1]
        return token.kind is Kind.SHORT and self.at - 1 == start and self._is(*_NAMING)

    def _is_whole_name(self, token: Token) -> bool:
        """Whether one word is a name: in scripts that do not part surname and given name."""
        word = self.text[token.start : token.end].rstrip(".")
        return 1 < len(word) <= _LONGEST_UNPARTED and all(map(is_ideograph, word))

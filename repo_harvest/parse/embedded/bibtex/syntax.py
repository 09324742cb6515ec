r"""BibTeX text in, its records out, as they stand: type, key, fields with their values unread.

    record   = "@" type ( "{" key *( "," name "=" value ) [","] "}" | the same in parentheses )
    value    = part *( "#" part )            part = "{" balanced "}" | '"' balanced '"' | number | macro
    @string{macro = value}                   the months jan to dec are macros too
    @comment, @preamble                      are skipped

Decided here: the text is first cut where a record can begin, so that a record whose braces do not balance costs itself
and not what follows, and reading takes time that grows with the text. Such a record is read field by field, each up to where the next seems to begin. Text between
records is comment, as BibTeX has it. Macros of macros can multiply a few lines into gigabytes: what all of them stand for
together may be as long as the text, and a little more; after that, their names stand for themselves.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from repo_harvest.parse.text import table

__all__ = ["Raw", "records"]

TYPES = table(
    "article book booklet conference inbook incollection inproceedings manual mastersthesis misc phdthesis",
    "proceedings techreport unpublished online thesis report collection mvbook dataset software patent",
    "string comment preamble",
)
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_START = re.compile(
    r"^[ \t]{0,40}@[ \t]{0,4}[A-Za-z]\w{0,30}\s{0,20}[{(]"
    rf"|(?<!\{{)@(?:{'|'.join(sorted(TYPES))})\s{{0,20}}[{{(]"
    r"|\f",
    re.MULTILINE | re.IGNORECASE,
)
_HEAD = re.compile(r"[ \t]{0,40}@[ \t]{0,4}([A-Za-z]\w{0,30})\s{0,20}[{(]")
_KEY = re.compile(r"\s*([^\s,={}\"]{0,400})\s*(?=[,})])")
_NAME = re.compile(r"[\s,]*([A-Za-z][\w:.+/-]{0,60})\s*=\s*")
_BARE = re.compile(r"[^\s,{}\"#()=]{1,200}")
_JOIN = re.compile(r"\s*#\s*")
_BRACE = re.compile(r"[{}]")
_QUOTE = re.compile(r"[{}\"]")
_CLOSED = re.compile(r"[\s,]*[})]?")
_FIELD = re.compile(
    r"^\s{0,40}(?P<name>[A-Za-z][\w-]{0,40})\s{0,40}=\s{0,40}(?=\S)"
    r"|,\s{0,40}(?P<next>[A-Za-z][\w-]{0,40})\s{0,40}=\s{0,40}(?=[{\"])",
    re.MULTILINE,
)


_MACROS = 10_000  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class Raw:
    """One record: `start` is where it begins in the text, `fields` are by name in lower case, the first of each."""

    type: str
    key: str
    start: int
    fields: dict[str, str] = field(default_factory=dict)
    faults: tuple[str, ...] = ()


def records(text: str) -> Iterator[Raw]:
    r"""The records of a text, in its order.

    >>> [raw] = records('@string{jj = "Probation"} @article{buck, journal = jj # { Journal}, month = mar}')
    >>> raw.type, raw.key, raw.fields
    ('article', 'buck', {'journal': 'Probation Journal', 'month': 'mar'})
    """
    macros = _Macros(len(text) + _MACROS)
    starts = [match.start() for match in _START.finditer(text)]
    for start, stop in pairwise([*starts, len(text)]):
        if (head := _HEAD.match(text, start, stop)) is None:
            continue
        kind = head[1].lower()
        if kind in {"comment", "preamble"}:
            continue
        reader = _Reader(text, head.end(), stop, macros)
        if kind == "string":
            for name, value in reader.fields().items():
                macros.define(name, value)
            continue
        key = reader.key()
        fields = reader.fields()
        yield Raw(type=kind, key=key, start=start, fields=fields, faults=tuple(reader.faults))


class _Macros:
    """What macros stand for, in so many characters altogether."""

    def __init__(self, most: int) -> None:
        self._left = most
        self._values: dict[str, str] = {}

    def define(self, name: str, value: str) -> None:
        """From now on the name stands for the value, if it did not stand for another before."""
        self._values.setdefault(name, value)

    def expand(self, name: str) -> str:
        """What the name stands for: itself, where it is none or too much was written out already."""
        value = self._values.get(name.lower(), name)
        if len(value) > self._left:
            return name
        self._left -= len(value)
        return value


class _Reader:
    """Reads one record, between where its head ends and where the next can begin."""

    def __init__(self, text: str, at: int, stop: int, macros: _Macros) -> None:
        self.faults: list[str] = []
        self._text, self._at, self._stop, self._macros = text, at, stop, macros

    def key(self) -> str:
        """The key, which some records lack."""
        found = _KEY.match(self._text, self._at, self._stop)
        if found is None:
            return ""
        self._at = found.end()
        return found[1]

    def fields(self) -> dict[str, str]:
        """The fields up to the closing brace, or to what can be none."""
        fields: dict[str, str] = {}
        while name := _NAME.match(self._text, self._at, self._stop):
            start, self._at = name.start(), name.end()
            value = self._value()
            if value is None or (not self._text[self._at : self._stop].strip() and _FIELD.search(value)):
                self.faults.append(f"the braces of '{name[1]}' do not balance: it was read as far as that goes")
                self._roughly(start, fields)
                return fields
            fields.setdefault(name[1].lower(), value)
        closed = _CLOSED.match(self._text, self._at, self._stop)
        if closed is None or not closed[0].endswith(("}", ")")):
            rest = " ".join(self._text[self._at : min(self._stop, self._at + 60)].split())
            self.faults.append(f"it is not closed where '{rest}' begins" if rest else "it is not closed")
        return fields

    def _value(self) -> str | None:
        """The value at this place, its parts joined; `None` if its braces do not balance."""
        parts: list[str] = []
        while True:
            part = self._part()
            if part is None:
                return None
            parts.append(part)
            join = _JOIN.match(self._text, self._at, self._stop)
            if join is None:
                return "".join(parts)
            self._at = join.end()

    def _part(self) -> str | None:
        opening = self._text[self._at : min(self._at + 1, self._stop)]
        if opening == "{":
            return self._to(_BRACE, closing="}")
        if opening == '"':
            return self._to(_QUOTE, closing='"')
        bare = _BARE.match(self._text, self._at, self._stop)
        if bare is None:
            return ""
        self._at = bare.end()
        return self._macros.expand(bare[0])

    def _to(self, marks: re.Pattern[str], *, closing: str) -> str | None:
        """The text to the closing mark outside of inner braces, which is passed over."""
        depth, start = 0, self._at + 1
        for mark in marks.finditer(self._text, start, self._stop):
            if mark[0] == closing and depth == 0 and not self._is_escaped_quote(mark, start):
                self._at = mark.end()
                return self._text[start : mark.start()]
            if mark[0] == "{":
                depth += 1
            elif mark[0] == "}":
                depth -= 1
                if depth < 0:
                    return None
        return None

    def _is_escaped_quote(self, mark: re.Match[str], start: int) -> bool:
        r"""Whether it is the accent of `\"o`, which BibTeX wants in braces and people write without."""
        return mark[0] == '"' and mark.start() > start and self._text[mark.start() - 1] == "\\"

    def _roughly(self, start: int, fields: dict[str, str]) -> None:
        """The fields from there on, each taken to end where the next begins, whatever the braces say."""
        found = list(_FIELD.finditer(self._text, start, self._stop))
        for at, field_ in enumerate(found, 1):
            stop = found[at].start() if at < len(found) else self._stop
            value = self._text[field_.end() : stop].strip().rstrip(",")
            fields.setdefault((field_["name"] or field_["next"]).lower(), value.strip(' "{}\n'))

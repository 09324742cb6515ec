"""The chosen readings of all units in, their citations out, completed by what is no matter of style.

Identifiers come from words and links, the abstract from a label or a long line of prose, the year and the type from the
headings over a unit, and what is still missing from a record that the unit hides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Sequence
from dataclasses import dataclass, field

from repo_harvest.model import Link, PartialDate, Problem, Severity
from repo_harvest.parse import identifiers
from repo_harvest.parse.citation.atoms import dated
from repo_harvest.parse.citation.fields import Citation, Origin
from repo_harvest.parse.citation.headed import year_of
from repo_harvest.parse.citation.labels import Role, role
from repo_harvest.parse.citation.parts import Parts
from repo_harvest.parse.citation.prose import LEAD, is_abstract
from repo_harvest.parse.citation.spans import Span
from repo_harvest.parse.citation.tape import Tape
from repo_harvest.parse.document import Line

__all__ = ["completed"]

_NUMBERS = ("volume", "issue", "pages")
_NUMBER = re.compile(r"\b[A-Za-z]{0,2}\d+[A-Za-z]?(?: ?[-–—/]{1,2} ?[A-Za-z]{0,2}\d+)?")
_MOST_HEADING = 10  # words of a heading that names a type


def completed(tapes: Sequence[Tape], chosen: Sequence[Parts | None]) -> tuple[Citation, ...]:
    """The citations of the tapes."""
    shared = Counter(url for tape in tapes for url in {link.url for line in _lines(tape) for link in line.links})
    return tuple(_Maker(tape, parts, shared).citation() for tape, parts in zip(tapes, chosen, strict=True))


def _lines(tape: Tape) -> tuple[Line, ...]:
    return (*tape.unit.lines, *tape.unit.hidden)


@dataclass(slots=True)
class _Maker:
    """Makes the citation of one unit."""

    tape: Tape
    parts: Parts | None
    shared: Counter[str]
    origins: list[Origin] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def citation(self) -> Citation:
        parts = self.parts
        tail = parts.tail if parts else None
        numbers = self._labelled_numbers()
        if tail and not numbers:
            numbers = {name: getattr(tail.numbers, name) for name in _NUMBERS}
            for name, start, end in (span for span in tail.numbers.spans if numbers.get(span[0])):
                self._note(name, "citation grammar", start, end)
        return Citation(
            title=self._title(),
            creators=self._creators(),
            date=self._date(),
            container=self._span("container", tail.container if tail else None),
            publisher=self._publisher(tail.publisher if tail else None),
            identifiers=self._identifiers(),
            abstract=self._abstract(),
            type=self._type(),
            links=tuple(
                {link.url: link for line in reversed(_lines(self.tape)) for link in reversed(line.links)}.values()
            )[::-1],
            origins=tuple(self.origins),
            problems=tuple(self.problems),
            **numbers,
        )

    def _labelled_numbers(self) -> dict[str, str | None]:
        """Volume, issue and pages where labels name them."""
        found: dict[str, str | None] = {}
        for name in _NUMBERS:
            for start, end in self.tape.regions(Role(name)):
                if match := _NUMBER.search(self.tape.words, start, end):
                    found[name] = match[0]
                    self._note(name, "label", *match.span())
                    break
        return found

    def _note(self, name: str, how: str, start: int, end: int) -> None:
        line, first = self.tape.place(start)
        self.origins.append(Origin(name, how, line, first, first + end - start))

    def _title(self) -> str | None:
        if self.parts is None:
            self.problems.append(Problem(where="title", what="nothing in it can be its title"))
            return None
        start, end = self.parts.title
        self._note("title", self.parts.look, start, end)
        return " ".join(self.tape.text[start:end].split())

    def _creators(self) -> tuple[str, ...]:
        who = self.parts.people if self.parts else None
        if who is None:
            self.problems.append(Problem(where="creators", what="nobody is named", severity=Severity.NOTE))
            return ()
        assert self.parts is not None
        self._note("creators", self.parts.people_how, who.names[0].start, who.names[-1].end)
        if who.more:
            self.problems.append(
                Problem(where="creators", what="it says that there are others", severity=Severity.NOTE)
            )
        if who.editors:
            self.problems.append(Problem(where="creators", what="it calls them editors", severity=Severity.NOTE))
        return tuple(name.text for name in who.names)

    def _span(self, name: str, span: Span | None) -> str | None:
        if span is None:
            return None
        self._note(name, span.how, span.start, span.end)
        return span.text

    def _publisher(self, span: Span | None) -> str | None:
        for start, end in self.tape.regions(Role.PUBLISHER):
            if told := self.tape.words[start:end].strip(" \n.,;:()"):
                at = self.tape.words.find(told, start)
                self._note("publisher", "label", at, at + len(told))
                return " ".join(told.split())
        return self._span("publisher", span)

    def _date(self) -> PartialDate | None:
        told = self.parts.date if self.parts else None
        if told and told.date is None:
            self.problems.append(Problem(where="date", what="it has none yet", severity=Severity.NOTE))
            return None
        if told:
            assert self.parts is not None
            if told.remark:
                self.problems.append(Problem(where="date", what=told.remark, severity=Severity.NOTE))
            self._note("date", self.parts.date_how, told.start, told.end)
            return told.date
        for heading in reversed(self.tape.unit.headings):
            if found := year_of(heading):
                self.origins.append(Origin("date", "heading", -1, found.start, found.end))
                return found.date
        self.problems.append(Problem(where="date", what="no date is stated", severity=Severity.NOTE))
        return None

    def _type(self) -> str | None:
        for start, end in self.tape.regions(Role.TYPE):
            self._note("type", "label", start, end)
            return " ".join(self.tape.text[start:end].split())
        for heading in reversed(self.tape.unit.headings):
            if len(heading.split()) <= _MOST_HEADING and not dated(heading, 0, len(heading)):
                self.origins.append(Origin("type", "heading", -1, 0, len(heading)))
                return heading
        return None

    def _abstract(self) -> str | None:
        labelled = {piece.start for piece in self.tape.pieces if piece.role is Role.ABSTRACT}
        lines = enumerate(_lines(self.tape))
        told = [(number, line) for number, line in lines if self._is_abstract(number, line, labelled)]
        words = [line.text for _, line in told]
        if not words:
            return None
        words[0] = words[0][lead.end() :] if (lead := LEAD.match(words[0])) else words[0]
        self.origins += [Origin("abstract", "label", number, 0, len(line.text)) for number, line in told]
        return " ".join(filter(None, words)) or None

    def _is_abstract(self, number: int, line: Line, labelled: Container[int]) -> bool:
        if number < len(self.tape.unit.lines):
            return self.tape.starts[number] in labelled and " " in line.text
        said = next((told for block in line.block.ancestors() if (told := role(block.labels))), None)
        return said is Role.ABSTRACT or (said is None and line.block.tag != "pre" and is_abstract(line.text))

    def _identifiers(self) -> tuple[str, ...]:
        found: dict[str, str] = {}
        for number, line in enumerate(_lines(self.tape)):
            if line.block.tag == "pre" or line.text.startswith("@"):
                continue
            for link in line.links:
                if self.shared[link.url] == 1:
                    self._identify(found, identifiers.of_link(link.url), "link", (number, line.text), link)
            for value in identifiers.in_text(line.text):
                self._identify(found, (value,), "words", (number, line.text), None)
        return tuple(found.values())

    def _identify(
        self, found: dict[str, str], values: Sequence[str], how: str, line: tuple[int, str], link: Link | None
    ) -> None:
        number, text = line
        for value in values:
            key = value.rpartition("doi.org/")[2].removeprefix("doi:").casefold()
            if key not in found:
                found[key] = value
                at = text.find(link.text) if link else text.find(key)
                self.origins.append(
                    Origin(
                        "identifiers",
                        how,
                        number,
                        max(at, 0),
                        len(text) if at < 0 else at + len(link.text if link else key),
                    )
                )

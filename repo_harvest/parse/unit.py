"""One entry of a list before its fields are read: some neighbouring lines, and the headings that stand over them.

Readings of a page's structure propose lists of units (which lines belong together); readings of citations turn the units
of one list into entries. They know each other only by this.
"""

from __future__ import annotations

from dataclasses import dataclass

from repo_harvest.parse.document import Line

__all__ = ["Unit"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """The lines of one entry, in the order of the page, at least one.

    `hidden` are its lines that a browser shows only after a click, such as an abstract or a BibTeX record, and those beside
    it that hold nothing but its links. `headings` are the words of the headings over it, outermost first: a year or a type
    among them holds for every unit below.
    """

    lines: tuple[Line, ...]
    hidden: tuple[Line, ...] = ()
    headings: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Its words, a blank between two lines."""
        return " ".join(line.text for line in self.lines)

    @property
    def place(self) -> str:
        """Where it begins."""
        return self.lines[0].place

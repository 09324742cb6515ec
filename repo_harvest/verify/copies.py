"""A folder of official schema files comes in, a reader of them for a set comes out: nothing outside that folder is opened.

Whatever address a file imports another by, only the name counts. Where several files have it, the one beside or below the
first file of the set is meant; OpenAIRE, for one, publishes a dc.xsd of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lxml import etree

from repo_harvest.formats.schemas import Read, directory, reader
from repo_harvest.verify.compare import read_schema, starts
from repo_harvest.verify.sets import SETS, SchemaSet

__all__ = ["Copies"]


class Copies:
    """The official files of one folder and the folders below it."""

    def __init__(self, folder: Path) -> None:
        self._files: dict[str, list[Path]] = {}
        inside = folder.resolve()
        for file in sorted(folder.rglob("*.xsd")):
            if file.is_file() and file.resolve().is_relative_to(inside):
                self._files.setdefault(file.name, []).append(file)
        self._homes = {these.name: self._home(these) for these in SETS}

    def lacking(self, these: SchemaSet) -> tuple[str, ...]:
        """The official files that the set starts with and that are not here, those that are read from ours included."""
        names = dict.fromkeys(starts(these, official=True).values())
        return tuple(name for name in names if self._place(these, name) is None)

    def known(self, these: SchemaSet) -> bool:
        """Whether there is anything official to hold the set against."""
        lacking = self.lacking(these)
        return set(lacking) <= these.rare and len(lacking) < len(these.ours)

    def reader(self, these: SchemaSet) -> Read:
        """Reads the official files of a set by name, corrected where the set says so; `FileNotFoundError` for any other."""
        ours = reader(directory())
        lacking = {*self.lacking(these)} & these.rare

        def read(location: str) -> bytes:
            name = location.rpartition("/")[2]
            if name in lacking:
                return ours(name)
            place = self._place(these, name)
            if place is None:
                raise FileNotFoundError(name)
            content = place.read_bytes()
            return these.corrected(name, content) if these.corrected else content

        return read

    def _place(self, these: SchemaSet, name: str) -> Path | None:
        home = self._homes[these.name]
        others = {place: other for other in SETS if other is not these and (place := self._homes[other.name])}

        def distance(file: Path) -> tuple[bool, bool]:
            return home is None or not file.is_relative_to(home), file.parent in others

        found = [file for file in self._files.get(name, ()) if not self._belongs(file, these, others)]
        return min(found, key=distance, default=None)

    @staticmethod
    def _belongs(file: Path, these: SchemaSet, others: Mapping[Path, SchemaSet]) -> bool:
        """Whether the file is one that another set has under a name that is also of this set."""
        other = others.get(file.parent)
        return other is not None and file.name in other.own - these.own

    def _home(self, these: SchemaSet) -> Path | None:
        """The folder of the first file of the set, told by its name and the namespace it is for."""
        namespace, name = next(iter(starts(these, official=True).items()))
        for file in self._files.get(name, ()):
            try:
                root = read_schema(reader(file.parent), name)
            except etree.XMLSyntaxError:
                continue
            if root.get("targetNamespace") == namespace:
                return file.parent
        return None

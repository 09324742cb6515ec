"""The typed bibliographic record."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import Self

__all__ = ["Record"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The typed bibliographic record: NFC text, legal in XML; every field is a tuple, because every one repeats.

    `identifiers` are absolute URLs or URNs where we know how to write them so; `date` is ISO 8601 at the
    precision stated. `container`, `volume`, `issue` and `pages` are where it appeared; `name_identifiers`, `affiliations`
    and `funding` are written as `repo_harvest.model.agents` says. The field names are those of the import file; `repo_harvest.formats.oai_dc` shows the record as the fifteen Dublin Core elements.
    """

    title: tuple[str, ...] = ()
    creators: tuple[str, ...] = ()
    contributors: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    publisher: tuple[str, ...] = ()
    container: tuple[str, ...] = ()
    volume: tuple[str, ...] = ()
    issue: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    description: tuple[str, ...] = ()
    identifiers: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    rights: tuple[str, ...] = ()
    relation: tuple[str, ...] = ()
    source_ref: tuple[str, ...] = ()
    coverage: tuple[str, ...] = ()
    format: tuple[str, ...] = ()
    name_identifiers: tuple[str, ...] = ()
    affiliations: tuple[str, ...] = ()
    funding: tuple[str, ...] = ()

    @property
    def year(self) -> str | None:
        """The year of the first date that states one."""
        return next((value[:4] for value in self.date if re.match(r"[0-9]{4}(?![0-9])", value)), None)

    def as_dict(self) -> dict[str, list[str]]:
        """The filled fields only, as lists: what is stored and exported."""
        return {f.name: list(getattr(self, f.name)) for f in fields(self) if getattr(self, f.name)}

    @classmethod
    def from_dict(cls, values: dict[str, list[str]]) -> Self:
        """The inverse of `as_dict`."""
        return cls(**{name: tuple(value) for name, value in values.items()})

"""Five hundred lines to import, of every script and with every special character; what they are is all that tests know."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from repo_harvest.model import utc_text

__all__ = ["COUNT", "Line", "changed", "lines", "write"]

COUNT = 500
START = 1_577_880_000  # 1 January 2020, 12:00 UTC
STEP = 3_600  # seconds from one line to the next: some twenty days in all

_WORDS = (
    "Mentoring & <care>", 'He said "no" – she said \'maybe\'', "]]> the end of a section", "&amp; is not an ampersand",
    "犯罪と更生", "العدالة الجنائية", "צדק פלילי", "Преступление и наказание", "Łódź, Győr, Ångström", "न्याय और सुधार",
    "ยุติธรรม", "𝒜 life after 𝄞", "👩🏽‍⚖️ on trial", "e\u0308\u0301 with two marks", "𠮷野家 and 𠜎", "100 % of {0} \\ %s",
)  # fmt: skip  # a list of titles
_LOCALS = ("plain", "a/b?c=d", "x;y:z@1", "s=t+u,v", "(w)*!~'", "per%20cent", "$and&so")
_SETS: tuple[tuple[str, ...], ...] = ((), ("a",), ("a:b",), ("c", "a:b:d"), ("c",))


@dataclass(frozen=True)
class Line:
    """One record as a client should find it; `sets` are those of its header."""

    identifier: str
    title: str
    datestamp: int
    sets: tuple[str, ...] = ()
    deleted: bool = False

    def is_in(self, spec: str) -> bool:
        """Whether it is in a set, or in one below it (OAI-PMH 2.0 section 2.7.2)."""
        return any(own == spec or own.startswith(f"{spec}:") for own in self.sets)


def lines() -> list[Line]:
    """All of them, in no particular order of titles; every seventh is deleted."""
    varied = zip(cycle(_WORDS), cycle(_LOCALS), cycle(_SETS), strict=False)
    return [
        Line(
            identifier=f"oai:x.org:{local}-{number}",
            title=unicodedata.normalize("NFC", f"{words} ({number})"),
            datestamp=START + number * STEP,
            sets=sets,
            deleted=number % 7 == 0,
        )
        for number, (words, local, sets) in enumerate(islice(varied, COUNT))
    ]


def changed(before: Iterable[Line]) -> list[Line]:
    """Every thirteenth line as it is later: another title, and every second of these deleted."""
    living = [line for line in before if not line.deleted][::13]
    return [
        Line(line.identifier, f"{line.title}, revised", line.datestamp, line.sets, deleted=bool(number % 2))
        for number, line in enumerate(living)
    ]


def write(path: Path, listed: Iterable[Line]) -> None:
    """Write them as `import` reads them, the specials in every field."""
    rows = (
        {
            "identifier": line.identifier,
            "datestamp": utc_text(line.datestamp),
            "sets": line.sets,
            "deleted": line.deleted,
            "title": line.title,
            "creators": [f"{line.title}, A.", "李, 明"],
            "description": f"{line.title} <b>&</b>",
            "subjects": [line.title],
            "publisher": "Ünser & Söhne",
            "date": "2020",
        }
        for line in listed
    )
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")

"""Records of JSON lines in, in the shape that other programs for duplicates expect; and their clusters out, as CSV.

It is what the adapters share. They run inside virtual environments of their own, so that only the standard library is here.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Row", "read_rows", "write_clusters"]

_INITIALS = re.compile(r"(?:[A-Z][.-]?){1,4}")
_YEAR = re.compile(r"[0-9]{4}")
_DOI = "doi:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A record in flat strings; "" is what it does not say. `authors` are "Surname, Given", as far as it can be told."""

    id: str
    type: str
    title: str
    authors: tuple[str, ...]
    year: str
    container: str
    volume: str
    issue: str
    pages: str
    doi: str
    abstract: str
    publisher: str


def read_rows(path: Path) -> Iterator[Row]:
    """The records of a file, in its order."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield _row(json.loads(line))


def write_clusters(path: Path, ids: Iterable[str], clusters: Iterable[Iterable[str]]) -> None:
    """Write `id,cluster`: a row for each id; what is in none of the clusters is one of its own."""
    cluster_of = {each: members[0] for members in map(sorted, clusters) for each in members}
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("id", "cluster"))
        writer.writerows((each, cluster_of.get(each, each)) for each in ids)


def _row(values: dict[str, object]) -> Row:
    year = _YEAR.search(_text(values, "date"))
    return Row(
        id=str(values["id"]),
        type=_text(values, "type"),
        title=_text(values, "title"),
        authors=tuple(_inverted(name) for name in _texts(values, "creators")),
        year=year[0] if year else "",
        container=_text(values, "container"),
        volume=_text(values, "volume"),
        issue=_text(values, "issue"),
        pages=_text(values, "pages"),
        doi=next((one.removeprefix(_DOI) for one in _texts(values, "identifiers") if one.startswith(_DOI)), ""),
        abstract=_text(values, "description"),
        publisher=_text(values, "publisher"),
    )


def _text(values: dict[str, object], key: str) -> str:
    return " ".join(_texts(values, key))


def _texts(values: dict[str, object], key: str) -> list[str]:
    value = values.get(key) or []
    return [" ".join(str(one).split()) for one in (value if isinstance(value, list) else [value])]


def _inverted(name: str) -> str:
    """The name with its surname first: "Adeli K." and "K. Adeli" are "Adeli, K."; one with a comma is there already."""
    words = name.split()
    if "," in name or len(words) < 2:
        return name
    at = len(words)
    while at and _INITIALS.fullmatch(words[at - 1]):
        at -= 1
    if at in {0, len(words)}:  # given names first, or initials alone
        return f"{words[-1]}, {' '.join(words[:-1])}"
    return f"{' '.join(words[:at])}, {' '.join(words[at:])}"

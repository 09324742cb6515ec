"""The arguments of a search in, what its page says out; nothing that is sent is an error, but for a page that is not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, quote, urlencode

from repo_harvest.store.search.question import Question, parsed
from repo_harvest.store.search.results import SORTS, Asked, Found
from repo_harvest.store.search.tables import KINDS
from repo_harvest.store.search.words import pieces
from repo_harvest.web import pages

__all__ = ["Choice", "Facet", "Part", "Result", "Results", "Search", "results", "search_of"]

_MOST_TYPED = 1000  # characters that are read of a value
_LABELS = {"year": "Year", "creator": "Creator", "type": "Type", "source": "Source", "set": "Set"}
_SORT_LABELS = {"relevance": "Relevance", "newest": "Newest", "title": "Title", "changed": "Latest change"}


@dataclass(frozen=True, slots=True)
class Part:
    """Some text of a result, marked if it is what was asked for."""

    text: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Choice:
    """A link to another search: what it is called, its arguments, how many results it has; without `query`, the one at hand."""

    text: str
    query: str | None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Facet:
    """What results can be narrowed to, of one kind."""

    label: str
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One item that was found; see `pages.Row`."""

    path: str
    language: str | None
    title: tuple[Part, ...]
    creators: tuple[tuple[Part, ...], ...]
    others: int
    published: tuple[tuple[Part, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What somebody searches for: `typed` into the box, `chosen` by kind, in one of `SORTS`."""

    typed: str = ""
    chosen: Mapping[str, str]
    sort: str = SORTS[0]

    def asked(self, number: int) -> Asked:
        """What the store is asked for page `number`, which is 1 for the first."""
        offset = (number - 1) * pages.PER_PAGE
        return Asked(
            question=parsed(self.typed), chosen=self.chosen, sort=self.sort, offset=offset, limit=pages.PER_PAGE
        )

    def query(self, *, number: int = 1, sort: str | None = None, chosen: Mapping[str, str] | None = None) -> str:
        """The arguments of a search like this one: the same for the same search, whatever order they came in."""
        sort = sort or self.sort
        told = [("q", self.typed), *(self.chosen if chosen is None else chosen).items()]
        told += [("sort", sort)] if sort != SORTS[0] else []
        told += [("page", str(number))] if number > 1 else []
        return urlencode(told, quote_via=quote)


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What the page of a search says."""

    typed: str
    total: int
    number: int
    pages: int
    rows: tuple[Result, ...]
    chosen: tuple[Choice, ...]
    facets: tuple[Facet, ...]
    sorts: tuple[Choice, ...]
    kept: tuple[tuple[str, str], ...]
    previous: str | None
    following: str | None
    anything: str


def search_of(query: str) -> Search:
    """The search of a query string (as WSGI has it); the first of repeated arguments counts, an unknown one does not."""
    stated = query.encode("latin-1").decode("utf-8", "replace")
    first: dict[str, str] = {}
    for name, value in parse_qsl(stated, errors="replace"):
        first.setdefault(name, value[:_MOST_TYPED])
    sort = first.get("sort", "")
    return Search(
        typed=pages.printable(first.get("q", "")).strip(),
        chosen={kind: first[kind] for kind in KINDS if first.get(kind)},
        sort=sort if sort in SORTS else SORTS[0],
    )


def results(search: Search, found: Found, number: int) -> Results:
    """Page `number` of what was found."""
    last = max(1, -(-found.total // pages.PER_PAGE))
    question = parsed(search.typed)
    return Results(
        typed=search.typed,
        total=found.total,
        number=number,
        pages=last,
        rows=tuple(_result(row, question) for row in map(pages.row, found.items)),
        chosen=tuple(
            Choice(f"{_LABELS[kind]}: {pages.printable(value)}", search.query(chosen=_without(search.chosen, kind)))
            for kind, value in search.chosen.items()
        ),
        facets=tuple(_facets(search, found)),
        sorts=tuple(
            Choice(label, None if sort == search.sort else search.query(sort=sort))
            for sort, label in _SORT_LABELS.items()
        ),
        kept=tuple((kind, value) for kind, value in search.chosen.items() if pages.printable(value) == value),
        previous=search.query(number=number - 1) if number > 1 else None,
        following=search.query(number=number + 1) if number < last else None,
        anything=search.query(chosen={}),
    )


def _facets(search: Search, found: Found) -> Iterator[Facet]:
    for kind, values in found.values.items():
        if len(values) > 1 or (values and values[0].count < found.total):
            ordered = sorted(values, key=lambda value: value.value, reverse=True) if kind == "year" else values
            yield Facet(
                _LABELS[kind],
                tuple(
                    Choice(
                        value.value,
                        search.query(chosen=_with(search.chosen, kind, value.value)),
                        value.count,
                    )
                    for value in ordered
                ),
            )


def _with(chosen: Mapping[str, str], kind: str, value: str) -> dict[str, str]:
    """With the value as well, in the order of the kinds: the same choice is the same address."""
    more = {**chosen, kind: value}
    return {one: more[one] for one in KINDS if one in more}


def _without(chosen: Mapping[str, str], kind: str) -> dict[str, str]:
    return {other: value for other, value in chosen.items() if other != kind}


def _result(row: pages.Row, question: Question) -> Result:
    return Result(
        path=row.path,
        language=row.language,
        title=_parts(row.title, question),
        creators=tuple(_parts(name, question) for name in row.creators),
        others=row.others,
        published=tuple(_parts(value, question) for value in row.published),
    )


def _parts(text: str, question: Question) -> tuple[Part, ...]:
    """The text in parts; neighbours that are alike are one part."""
    parts: list[Part] = []
    for piece, found in pieces(text):
        part = Part(piece, question.marks(found))
        if parts and parts[-1].marked == part.marked:
            part = Part(parts.pop().text + piece, part.marked)
        parts.append(part)
    return tuple(parts)

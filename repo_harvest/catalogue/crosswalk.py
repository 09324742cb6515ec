"""An entry in, its record out: the page's words made clean and legal, nothing inferred, nothing invented.

| `Entry`     | `Record`      |                                                                   |
| title       | title         |                                                                   |
| creators    | creators      | in the page's order                                               |
| date        | date          | ISO 8601 at the precision stated                                  |
| container, volume, issue, pages | the same |                                                    |
| publisher   | publisher     |                                                                   |
| abstract    | description   |                                                                   |
| name_identifiers, affiliations, funding | the same | what has a right address, or none  |
| identifiers | identifiers   | as addresses and URNs, see `identifiers`; the page's link first   |
| (nothing)   | language, type, rights | from the source's `Defaults`                             |
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from repo_harvest.catalogue.identifiers import is_address, kept_as
from repo_harvest.catalogue.text import clean, says_something
from repo_harvest.catalogue.vocabulary import language
from repo_harvest.model import Entry, Problem, Record, Severity
from repo_harvest.model.agents import READERS

__all__ = ["Defaults", "crosswalk", "origins"]

_FROM_ENTRY = {
    "title": "title",
    "creators": "creators",
    "date": "date",
    "container": "container",
    "volume": "volume",
    "issue": "issue",
    "pages": "pages",
    "publisher": "publisher",
    "abstract": "description",
    "identifiers": "identifiers",
    "name_identifiers": "name_identifiers",
    "affiliations": "affiliations",
    "funding": "funding",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What a source says about all its entries where the page says nothing: never guessed, always configured."""

    language: tuple[str, ...] = ()
    type: tuple[str, ...] = ()
    rights: tuple[str, ...] = ()


def crosswalk(entry: Entry, *, defaults: Defaults) -> tuple[Record, tuple[Problem, ...]]:
    """The record of an entry, and a problem for each value that lost characters or is left out; `where` is the record's field.

    An entry without a title left after cleaning gets an error: it should not be published.

    >>> entry = Entry(title="Peer  mentoring", place="line 1", identifiers=("doi:10.1177/1",))
    >>> record, problems = crosswalk(entry, defaults=Defaults(language=("eng",)))
    >>> record.title, record.identifiers, record.language, record.date, problems
    (('Peer mentoring',), ('https://doi.org/10.1177/1',), ('en',), (), ())
    """
    cleaner = _Cleaner()
    record = Record(
        title=cleaner.each("title", [entry.title]),
        creators=cleaner.each("creators", entry.creators),
        date=(str(entry.date),) if entry.date else (),
        publisher=cleaner.each("publisher", [entry.publisher]),
        container=cleaner.each("container", [entry.container]),
        volume=cleaner.each("volume", [entry.volume]),
        issue=cleaner.each("issue", [entry.issue]),
        pages=cleaner.each("pages", [entry.pages]),
        description=cleaner.each("description", [entry.abstract]),
        identifiers=_identifiers(cleaner.each("identifiers", entry.identifiers)),
        type=cleaner.each("type", defaults.type),
        language=tuple(dict.fromkeys(map(language, cleaner.each("language", defaults.language)))),
        rights=cleaner.each("rights", defaults.rights),
        name_identifiers=cleaner.agents("name_identifiers", entry.name_identifiers),
        affiliations=cleaner.agents("affiliations", entry.affiliations),
        funding=cleaner.agents("funding", entry.funding),
    )
    if not record.title:
        cleaner.problems.append(Problem(where="title", what="the entry has no title", severity=Severity.ERROR))
    return record, tuple(cleaner.problems)


def origins(entry: Entry, *, defaults: Defaults) -> tuple[tuple[str, str], ...]:
    """Where the values of each field of the record come from: a part of the entry, or "default".

    >>> entry = Entry(title="Mentoring", place="line 1", origins=(("title", "heading 4"), ("abstract", "text")))
    >>> origins(entry, defaults=Defaults(language=("en",)))
    (('title', 'heading 4'), ('description', 'text'), ('language', 'default'))
    """
    stated = [(_FROM_ENTRY[name], origin) for name, origin in entry.origins if name in _FROM_ENTRY]
    configured = [(name, "default") for name in ("type", "language", "rights") if getattr(defaults, name)]
    return (*stated, *configured)


def _identifiers(stated: Iterable[str]) -> tuple[str, ...]:
    """Each identifier once, those first that the page links to."""
    ordered = sorted(stated, key=lambda text: not is_address(text))
    kept = {address.casefold() if address.startswith("https://doi.org/") else address: address
            for address in reversed([kept_as(text) for text in ordered])}  # fmt: skip
    return tuple(reversed(kept.values()))


class _Cleaner:
    """Cleans values and keeps account of what that cost."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def each(self, field: str, values: Iterable[str | None]) -> tuple[str, ...]:
        """The values that say something, clean."""
        kept = []
        for at, value in enumerate(values):
            text, removed = clean(value or "")
            if removed:
                count = f"{removed} characters" if removed > 1 else "a character"
                what = f"{count} that no record can carry (controls, or directions of text) went out of {text[:60]!r}"
                self.problems.append(Problem(where=f"{field}[{at}]", what=what, severity=Severity.NOTE))
            if says_something(text):
                kept.append(text)
        return tuple(kept)

    def agents(self, field: str, values: Iterable[str]) -> tuple[str, ...]:
        """What is said of names and funders, each once; a wrong address is a problem, and the value is left out."""
        kept: dict[str, None] = {}
        for at, text in enumerate(self.each(field, values)):
            try:
                kept[str(READERS[field](text))] = None
            except ValueError as error:
                self.problems.append(Problem(where=f"{field}[{at}]", what=f"{error}: it is left out"))
        return tuple(kept)

"""The first page of a list in, the whole list out, read through every page that it goes on to.

Half a list looks like a list whose other half was deleted. So a page that does not come, or lists nothing, refuses them all;
and where the bound on pages is reached, `beyond` says so: what is not listed is then unseen, not gone. A page that adds no
entry is the end: lists are served whose last page links to itself, and whose pages are all the first.

A list that never ends is not told from one that is long, so it is bounded like one: in pages, in the requests that these
take with their redirects and further attempts, and in the time for all of them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from urllib.parse import urldefrag, urlsplit

from repo_harvest import parse
from repo_harvest.apart import LIST, within_bounds
from repo_harvest.errors import FetchError, NoEntries, TooMuch
from repo_harvest.model import Entry, Page, Problem, Severity, Signs
from repo_harvest.source import decode, labels_of, signs_of
from repo_harvest.source.guard import told

__all__ = ["MOST_REQUESTS", "Listing", "Sheet", "read_list", "turning"]

MOST_REQUESTS = 12
"""For all pages of a list together, unless more of them may be read; then as many as pages."""

Turn = Callable[[str, int], Page]

_ALONE = 1  # as the most pages: the page is the list, wherever it links to
_SHORTER = "Give the address of the list itself, or of one that is split over several pages"
_ADVICE = "if it is no page of the list, set pages = 1 for the source"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One page of a list, with what it lists that no page before it did; `labels` elements of it have a class or an id."""

    page: Page
    reading: parse.Reading
    signs: Signs
    labels: int
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list, page by page. `beyond` is the address where it goes on, if that many pages were not to be read."""

    sheets: tuple[Sheet, ...]
    beyond: str | None = None
    notes: tuple[Problem, ...] = ()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The entries of all pages; the place of one says which page it is on, from the second on."""
        return tuple(entry for _, entry in self.placed())

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What went wrong on each page, and what is to be said of the pages."""
        return (*self._problems(), *self.notes)

    @property
    def signs(self) -> Signs:
        """The signs of all pages."""
        every = [sheet.signs for sheet in self.sheets]
        return Signs(
            password=any(signs.password for signs in every),
            title=_once(said for signs in every for said in signs.title),
            headings=_once(said for signs in every for said in signs.headings),
        )

    @property
    def labels(self) -> int:
        """How many elements of all pages have a class or an id."""
        return sum(sheet.labels for sheet in self.sheets)

    @property
    def is_several(self) -> bool:
        """Whether more pages belong to the list than the first: whether that one has changed says little of it."""
        return len(self.sheets) > 1 or self.beyond is not None

    def placed(self) -> Iterator[tuple[Page, Entry]]:
        """Each entry with the page that it is on."""
        for number, sheet in enumerate(self.sheets, start=1):
            for entry in sheet.entries:
                yield sheet.page, entry if number == 1 else replace(entry, place=f"page {number}: {entry.place}")

    def _problems(self) -> Iterator[Problem]:
        for number, sheet in enumerate(self.sheets, start=1):
            for problem in sheet.reading.problems:
                yield problem if number == 1 else replace(problem, where=f"page {number}: {problem.where}")


def read_list(
    first: Page, *, turn: Turn, most: int, profile: parse.Profile | None = None, listings: int = 1
) -> Listing:
    """The list that begins on the page `first`; `turn` fetches the page at an address, with at most so many requests.

    At most `most` pages are read, with no more than `MOST_REQUESTS` for all of them, or as many as pages if that is more.
    `profile` and `listings` are as `parse.read` takes them. A saved page is read alone: what it links to was not saved
    with it. Raises `Refused` when a page does not arrive, is on another host, or lists no publications.
    """
    sheets = [_sheet(first, number=1, before=(), profile=profile, listings=listings)]
    seen = {_address(first.url), _address(first.location)}
    if most <= _ALONE or urlsplit(first.location).scheme not in {"http", "https"}:
        return Listing(sheets=tuple(sheets), notes=_unread(first, sheets[0].reading.next_page))
    left = max(most, MOST_REQUESTS) - first.requests
    while (url := sheets[-1].reading.next_page) is not None and _address(url) not in seen:
        page = _turned(turn, url, left) if len(sheets) < most else None
        if page is None:
            pages, made = len(sheets), max(most, MOST_REQUESTS) - left
            return Listing(sheets=tuple(sheets), beyond=url, notes=(_bound_reached(first, url, pages, made),))
        left -= page.requests
        if urlsplit(page.location).netloc.lower() != urlsplit(first.location).netloc.lower():
            raise FetchError(f"{url}: the next page of the list is on another host, {page.location}; {_ADVICE}")
        if _address(page.location) in seen:
            break
        seen |= {_address(url), _address(page.location)}
        sheet = _sheet(page, number=len(sheets) + 1, before=sheets, profile=profile, listings=1)
        if not sheet.entries:
            break
        sheets.append(sheet)
    return Listing(sheets=tuple(sheets), notes=_read_all(first, len(sheets)))


def turning(get: Callable[[str, float, int], Page], *, seconds: float, begun: float) -> Turn:
    """What fetches the further pages of a list that was `begun` (monotonic), all of them within `seconds` from then.

    `get` fetches the page at an address, in so many seconds and with so many requests. What is made raises as it does,
    and `FetchError` when the time is up.
    """

    def turn(url: str, requests: int) -> Page:
        left = seconds - (time.monotonic() - begun)
        try:
            if left > 0:
                return get(url, left, requests)
        except FetchError as error:
            if not error.late:
                raise
        what = f"the pages of the list up to this one took more than {seconds:g} seconds, to arrive and be read"
        raise FetchError(f"{url}: {what}. Try again later, set seconds for the source higher, or pages lower")

    return turn


def _turned(turn: Turn, url: str, left: int) -> Page | None:
    """The page at an address; `None` if it takes more requests than are left."""
    try:
        return turn(url, min(left, MOST_REQUESTS)) if left else None
    except FetchError as error:
        if error.costly:
            return None
        raise


def _sheet(page: Page, *, number: int, before: Iterable[Sheet], profile: parse.Profile | None, listings: int) -> Sheet:
    text = decode(page)
    try:
        reading = within_bounds(
            LIST,
            len(text),
            parse.read,
            text,
            location=page.location,
            content_type=page.content_type,
            profile=profile,
            listings=listings,
        )
    except TooMuch as much:
        raise TooMuch(f"{page.url}: it was given up, because reading it took {much}. {_SHORTER}") from much
    signs = signs_of(text)
    if not reading.entries:
        seen = f" (it {clause})" if (clause := told(signs)) else ""
        advice = "" if number == 1 else f"; {_ADVICE}"
        which = "this page" if number == 1 else f"this page, the next one of the list after {number - 1}"
        raise NoEntries(f"{page.url}: no publications were found on {which}{seen}{advice}")
    known = {_words(entry) for sheet in before for entry in sheet.entries}
    fresh = tuple(entry for entry in reading.entries if _words(entry) not in known)
    return Sheet(page=page, reading=reading, signs=signs, labels=labels_of(text), entries=fresh)


def _words(entry: Entry) -> Entry:
    """What it says, wherever it stands and however it was found: by this it is the same on another page."""
    return replace(entry, place="", byline="", origins=(), links=())


def _address(url: str) -> str:
    return urldefrag(url).url


def _unread(first: Page, url: str | None) -> tuple[Problem, ...]:
    if url is None:
        return ()
    what = f"it links to a next page, {url}, which was not read: this page alone was"
    return (Problem(where=first.url, what=what, severity=Severity.NOTE),)


def _read_all(first: Page, pages: int) -> tuple[Problem, ...]:
    if pages == 1:
        return ()
    return (Problem(where=first.url, what=f"the list is on {pages} pages, all were read", severity=Severity.NOTE),)


def _bound_reached(first: Page, url: str, pages: int, requests: int) -> Problem:
    what = (
        f"the list goes on at {url}, after {pages} pages, read with {requests} requests; no more may be (pages): nothing is "
        "deleted by such a run"
    )
    return Problem(where=first.url, what=what)


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))

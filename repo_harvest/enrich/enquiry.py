"""What a page's entries lack in, asked of the addresses of their works within a budget, and the fuller entries out."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from functools import partial

from sqlalchemy import Engine

from repo_harvest.enrich.addresses import RESOLVER, addresses
from repo_harvest.enrich.manners import Manners, Unwelcome
from repo_harvest.errors import NotAPage, Refused
from repo_harvest.model import Entry, Page, Problem, Severity
from repo_harvest.parse.embedded import fill
from repo_harvest.parse.item import CSL_TYPES, DATA_TYPES, Answer, Telling, complete, gaps, read_answer, same_work
from repo_harvest.source import Limits, decode, fetch
from repo_harvest.store.lookups import Lookup, keep_lookup, read_lookups

__all__ = ["Enquirer", "Enriched", "Mode", "enrich"]

_DAY = 86_400
_MOST_LEADS = 2  # further requests of one lookup
_MOST_KEPT = 12  # works of one address
_RETRY = 3  # days until an address that failed is asked again
_LONGEST_FAULT = 500
_ASK_DOI = f"{CSL_TYPES[0]}, {CSL_TYPES[1]};q=0.9, {CSL_TYPES[2]};q=0.5"
_ASK_ITEM = "text/html, application/xhtml+xml, " + ", ".join(f"{name};q=0.8" for name in DATA_TYPES)
_LIMITS = Limits(seconds=40.0, size=3_000_000, redirects=5, attempts=1, requests=8)


class Mode(StrEnum):
    """Which entries of a source are looked up: none, those that lack something, or all that have an address."""

    OFF = "off"
    GAPS = "gaps"
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enquirer:
    """How addresses are looked up.

    `delay` is the pause between two requests to one host, in seconds; `most` how many addresses one run looks up; `days`
    how long an answer holds. `resolver` is put before a DOI, `contact` goes into User-Agent.
    """

    delay: float = 1.0
    most: int = 50
    days: int = 30
    contact: str = ""
    resolver: str = RESOLVER
    limits: Limits = _LIMITS
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic


@dataclass(frozen=True, slots=True, kw_only=True)
class Enriched:
    """The entries in their order, their gaps filled as far as is known; what there is to tell; when to ask again.

    `due` is in UTC seconds since 1970, `None` where nothing is ever to be asked. `asked` counts the addresses asked.
    """

    entries: tuple[Entry, ...]
    notes: tuple[Problem, ...] = ()
    due: int | None = None
    asked: int = 0


def enrich(
    entries: Sequence[Entry],
    *,
    page: str,
    mode: Mode,
    engine: Engine,
    now: Callable[[], float],
    enquirer: Enquirer,
    allow_private: Collection[str] = (),
    ask: bool = True,
) -> Enriched:
    """The entries with their gaps filled from what is known of their addresses, and asked now where it must be.

    `page` is where the entries were found; `now` gives UTC seconds since 1970; `allow_private` is as `fetch` takes it.
    With `ask` false nobody is asked and nothing written. Raises `StoreError`; a lookup that fails is a note.
    """
    if mode is Mode.OFF:
        return Enriched(entries=tuple(entries))
    wanted = [
        found if mode is Mode.FULL or gaps(entry) else ()
        for entry, found in zip(entries, addresses(entries, page=page, resolver=enquirer.resolver), strict=True)
    ]
    known = read_lookups(engine, {address for found in wanted for address in found})
    run = _Run(
        engine=engine,
        now=now,
        enquirer=enquirer,
        mode=mode,
        known=known,
        page=page,
        most=enquirer.most if ask else 0,
        desk=_Desk(enquirer, allow_private),
    )
    full = tuple(run.entry(number, entry, wanted[number]) for number, entry in enumerate(entries))
    if run.left:
        when = "later runs ask for them" if ask else "a dry run asks nobody"
        run.note("enrichment", f"{len(run.left)} addresses were not looked up in this run; {when}")
    return Enriched(entries=full, notes=tuple(run.notes), due=min(run.dues, default=None), asked=run.asked)


@dataclass(slots=True, kw_only=True)
class _Run:
    """One run over a page's entries."""

    engine: Engine
    now: Callable[[], float]
    enquirer: Enquirer
    mode: Mode
    known: dict[str, Lookup]
    page: str
    most: int
    desk: _Desk
    asked: int = 0
    notes: dict[Problem, None] = field(default_factory=dict)
    dues: set[int] = field(default_factory=set)
    left: set[str] = field(default_factory=set)

    def note(self, where: str, what: str) -> None:
        self.notes[Problem(where=where, what=what, severity=Severity.NOTE)] = None

    def entry(self, number: int, entry: Entry, wanted: Sequence[str]) -> Entry:
        """The entry with its gaps filled, after asking what must be asked."""
        where = f"entries[{number}]"
        for address in wanted:
            if self._is_needed(address, entry, wanted):
                self._look_up(address, entry)
                if (lookup := self.known.get(address)) and lookup.fault:
                    self.note(where, f"looked up, and nothing new: {lookup.fault}")
        done = complete(entry, self._tellings(wanted), page=self.page)
        for address in done.refused:
            self.note(where, f"{address} tells of another work: nothing is taken from it")
        if self.mode is Mode.FULL:
            for problem in done.notes:
                self.note(f"{where}.{problem.where.rpartition('.')[2]}", problem.what)
        return done.entry

    def _is_needed(self, address: str, entry: Entry, wanted: Sequence[str]) -> bool:
        """Whether an address matters: it gave something before, or something is missing still, or nobody was asked."""
        lookup = self.known.get(address)
        if lookup is not None and lookup.found:
            return True
        tellings = self._tellings(wanted)
        return bool(gaps(complete(entry, tellings, page=self.page).entry)) or (self.mode is Mode.FULL and not tellings)

    def _tellings(self, wanted: Sequence[str]) -> list[Telling]:
        """What is known from these addresses; who told first comes first, so that nobody's word changes what was filled."""
        lookups = [self.known[address] for address in wanted if address in self.known and self.known[address].found]
        lookups.sort(key=lambda lookup: lookup.told or 0)
        return [Telling(address=lookup.address, entries=lookup.found) for lookup in lookups]

    def _look_up(self, address: str, entry: Entry) -> None:
        """Ask for an address if what is known of it is too old and the budget allows it, and keep what it says."""
        lookup, now = self.known.get(address), int(self.now())
        if lookup is None or self._due(lookup) <= now:
            if self.asked >= self.most:
                self._leave(address, now)
                return
            self.asked += 1
            try:
                lookup = self._asked(address, entry, lookup)
            except Unwelcome as error:
                if error.passing:
                    self._leave(address, now)
                    return
                lookup = _failed(lookup, address, now, str(error))
            keep_lookup(self.engine, lookup)
            self.known[address] = lookup
        self.dues.add(self._due(lookup))

    def _leave(self, address: str, now: int) -> None:
        self.left.add(address)
        self.dues.add(now)

    def _due(self, lookup: Lookup) -> int:
        days = min(_RETRY, self.enquirer.days) if lookup.fault else self.enquirer.days
        return lookup.asked + days * _DAY

    def _asked(self, address: str, entry: Entry, before: Lookup | None) -> Lookup:
        """What is known of the address after it was asked; raises `Unwelcome`."""
        now = int(self.now())
        try:
            found = self.desk.works(address, entry, is_doi=address.startswith(self.enquirer.resolver))
        except Unwelcome:
            raise
        except Refused as error:
            return _failed(before, address, now, str(error))
        if not found:
            return _failed(before, address, now, f"{address}: nothing that programs can read is there")
        kept = _with_former(found, before.found if before else ())
        told = before.told if before and before.told is not None else now
        return Lookup(address=address, asked=now, told=told, found=kept)


class _Desk:
    """Asks for addresses and what they lead to, with the manners of one run."""

    def __init__(self, enquirer: Enquirer, allow_private: Collection[str]) -> None:
        self._enquirer = enquirer
        self._get = partial(
            fetch,
            now=partial(datetime.now, UTC),
            allow_private=tuple(allow_private),
            limits=enquirer.limits,
            sleep=enquirer.sleep,
            contact=enquirer.contact,
        )
        self._manners = Manners(
            delay=enquirer.delay,
            sleep=enquirer.sleep,
            monotonic=enquirer.monotonic,
            get=lambda url, permit: self._get(url, permit=permit),
        )

    def works(self, address: str, entry: Entry, *, is_doi: bool) -> tuple[Entry, ...]:
        """The works that an address states, or what it leads to, while the entry lacks something; raises `Refused`."""
        answer = self._answer(address, is_doi=is_doi)
        found = answer.entries
        for lead in self._leads(answer):
            told = [Telling(address=address, entries=found)] if found else []
            done = complete(entry, told, page="")
            if found and not gaps(done.entry):
                break
            try:
                more = self._answer(lead, is_doi=lead.startswith(self._enquirer.resolver)).entries
            except Refused:
                continue
            found = _with_former(found, more)
        return found

    def _leads(self, answer: Answer) -> list[str]:
        resolver = self._enquirer.resolver
        leads = (resolver + lead.removeprefix(RESOLVER) if lead.startswith(RESOLVER) else lead for lead in answer.leads)
        return list(leads)[:_MOST_LEADS]

    def _answer(self, address: str, *, is_doi: bool) -> Answer:
        """What one address says; raises `Refused`."""
        try:
            page = self._get(
                address,
                accepted=_ASK_DOI if is_doi else _ASK_ITEM,
                permit=self._manners.pause if is_doi else self._manners.follow,
            )
        except Refused as error:
            self._manners.failed(address, error)
            raise
        return _read(page)


def _read(page: Page) -> Answer:
    """What a page says; raises `NotAPage` for one that cannot be read."""
    text = decode(page)
    try:
        return read_answer(text, content_type=page.content_type, location=page.location, relations=page.relations)
    except Exception as error:
        raise NotAPage(f"{page.url}: it could not be read ({type(error).__name__})") from error


def _with_former(found: Sequence[Entry], former: Sequence[Entry]) -> tuple[Entry, ...]:
    """What was found, each work filled from what was said of it before, and the works that are not said any more."""
    works = list(found)
    for old in former:
        at = next((number for number, work in enumerate(works) if same_work(work, old)), None)
        if at is None:
            works.append(old)
        else:
            works[at] = fill(works[at], old)[0]
    return tuple(works[:_MOST_KEPT])


def _failed(before: Lookup | None, address: str, now: int, fault: str) -> Lookup:
    """The lookup after a failure: what it gave before stays."""
    return replace(before or Lookup(address=address, asked=now), asked=now, fault=fault[:_LONGEST_FAULT])

"""What a page's entries lack in, asked of the addresses of their works within a budget, and the fuller entries out."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Protocol

from repo_harvest.enrich.addresses import addresses
from repo_harvest.enrich.desk import Desk, Enquirer, with_former
from repo_harvest.errors import Refused, Unwelcome
from repo_harvest.model import Entry, Problem, Severity
from repo_harvest.parse.item import Telling, complete, gaps
from repo_harvest.store.lookups import Lookup

__all__ = ["Enquirer", "Enriched", "Forgetful", "Memory", "Mode", "enrich"]

_DAY = 86_400
_RETRY = 3  # days until an address that failed is asked again
_LONGEST_FAULT = 500


class Mode(StrEnum):
    """Which entries of a source are looked up: none, those that lack something, or all that have an address."""

    OFF = "off"
    GAPS = "gaps"
    FULL = "full"


class Memory(Protocol):
    """What keeps what addresses said."""

    def read(self, addresses: Collection[str]) -> Mapping[str, Lookup]:
        """What is known of these addresses, by address."""

    def keep(self, lookup: Lookup) -> None:
        """Keep it in place of what was known."""


class Forgetful:
    """A memory that begins with nothing and keeps nothing: each address is asked."""

    def read(self, addresses: Collection[str]) -> Mapping[str, Lookup]:  # noqa: ARG002 - a memory is asked for them
        """Nothing is known of any."""
        return {}

    def keep(self, lookup: Lookup) -> None:
        """Nothing is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Enriched:
    """The entries in their order, their gaps filled as far as is known; what there is to tell; when to ask again.

    `disputes` are, for each entry, what is said otherwise elsewhere, in sentences that begin with the field. `due` is in UTC seconds since 1970, `None` where nothing is ever to be asked. `asked` counts the addresses asked.
    """

    entries: tuple[Entry, ...]
    disputes: tuple[tuple[str, ...], ...]
    notes: tuple[Problem, ...] = ()
    due: int | None = None
    asked: int = 0


def enrich(
    entries: Sequence[Entry],
    *,
    page: str,
    mode: Mode,
    memory: Memory,
    now: Callable[[], float],
    enquirer: Enquirer,
    allow_private: Collection[str] = (),
    ask: bool = True,
) -> Enriched:
    """The entries with their gaps filled from what is known of their addresses, and asked now where it must be.

    `page` is where the entries were found; `memory` what is known; `now` gives UTC seconds since 1970;
    `allow_private` is as `fetch` takes it. With `ask` false nobody is asked and nothing written. Raises `StoreError`; a lookup that fails is a note.
    """
    if mode is Mode.OFF:
        return Enriched(entries=tuple(entries), disputes=((),) * len(entries))
    wanted = addresses(entries, page=page, resolver=enquirer.resolver)
    known = dict(memory.read({address for found in wanted for address in found}))
    run = _Run(
        memory=memory,
        now=now,
        enquirer=enquirer,
        mode=mode,
        known=known,
        page=page,
        most=enquirer.most if ask else 0,
        desk=Desk(enquirer, allow_private),
        begun=enquirer.monotonic(),
    )
    done = [run.entry(number, entry, wanted[number]) for number, entry in enumerate(entries)]
    if run.left:
        when = "later runs ask for them" if ask else "a dry run asks nobody"
        run.note("enrichment", f"not looked up in this run: {len(run.left)} of the addresses; {when}")
    return Enriched(
        entries=tuple(entry for entry, _ in done),
        disputes=tuple(disputes for _, disputes in done),
        notes=tuple(run.notes),
        due=min(run.dues, default=None),
        asked=run.asked,
    )


@dataclass(slots=True, kw_only=True)
class _Run:
    """One run over a page's entries."""

    memory: Memory
    now: Callable[[], float]
    enquirer: Enquirer
    mode: Mode
    known: dict[str, Lookup]
    page: str
    most: int
    desk: Desk
    begun: float
    asked: int = 0
    notes: dict[Problem, None] = field(default_factory=dict)
    dues: set[int] = field(default_factory=set)
    left: set[str] = field(default_factory=set)

    def note(self, where: str, what: str) -> None:
        self.notes[Problem(where=where, what=what, severity=Severity.NOTE)] = None

    def entry(self, number: int, entry: Entry, wanted: Sequence[str]) -> tuple[Entry, tuple[str, ...]]:
        """The entry with its gaps filled, after asking what must be asked, and what is said otherwise elsewhere."""
        where = f"entries[{number}]"
        for address in wanted:
            if self._is_needed(address, entry, wanted):
                self._look_up(address, entry)
                if (lookup := self.known.get(address)) and lookup.fault:
                    self.note(where, f"looked up, and nothing new: {lookup.fault}")
        done = complete(entry, self._tellings(wanted), page=self.page)
        for address in done.refused:
            self.note(where, f"{address} tells of another work: nothing is taken from it")
        if self.mode is not Mode.FULL:
            return done.entry, ()
        said = [(problem.where.rpartition(".")[2], problem.what) for problem in done.notes]
        for name, what in said:
            self.note(f"{where}.{name}", what)
        return done.entry, tuple(f"{name}: {what}" for name, what in said)

    def _is_needed(self, address: str, entry: Entry, wanted: Sequence[str]) -> bool:
        """Whether an address is to be asked: it gave something before, or something is missing still, or nobody was asked."""
        if self.mode is Mode.GAPS and not gaps(entry):
            return False
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
            if self.asked >= self.most or self._is_late():
                self._leave(address, now)
                return
            try:
                lookup = self._asked(address, entry, lookup)
            except Unwelcome as error:
                if error.passing:
                    self._leave(address, now)
                    return
                lookup = _failed(lookup, address, now, str(error))
            self.asked += 1
            self.memory.keep(lookup)
            self.known[address] = lookup
        self.dues.add(self._due(lookup))

    def _is_late(self) -> bool:
        """Whether what was asked took longer than it may."""
        each = self.enquirer.seconds_each + 2 * self.enquirer.delay
        return self.enquirer.monotonic() - self.begun > self.enquirer.advance + each * self.asked

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
        kept = with_former(found, before.found if before else ())
        told = before.told if before and before.told is not None else now
        return Lookup(address=address, asked=now, told=told, found=kept)


def _failed(before: Lookup | None, address: str, now: int, fault: str) -> Lookup:
    """The lookup after a failure: what it gave before stays."""
    return replace(before or Lookup(address=address, asked=now), asked=now, fault=fault[:_LONGEST_FAULT])

"""An address in, the works that it and what it leads to state out: asked with the manners of one run, and made harmless."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from repo_harvest.apart import ITEM, within_bounds
from repo_harvest.catalogue import clean
from repo_harvest.enrich.addresses import RESOLVER
from repo_harvest.enrich.manners import Manners
from repo_harvest.errors import NotAPage, Refused, TooMuch
from repo_harvest.model import Entry, Page
from repo_harvest.parse.embedded import fill
from repo_harvest.parse.item import CSL_TYPES, DATA_TYPES, Answer, Telling, complete, gaps, read_answer, same_work
from repo_harvest.source import Limits, decode, fetch

__all__ = ["Desk", "Enquirer", "with_former"]

log = logging.getLogger(__name__)

_MOST_LEADS = 2  # further requests of one lookup
_MOST_KEPT = 12  # works of one address
_ASK_DOI = f"{CSL_TYPES[0]}, {CSL_TYPES[1]};q=0.9, {CSL_TYPES[2]};q=0.5"
_ASK_ITEM = "text/html, application/xhtml+xml, " + ", ".join(f"{name};q=0.8" for name in DATA_TYPES)
_LIMITS = Limits(seconds=10.0, size=3_000_000, redirects=5, attempts=1, requests=8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Enquirer:
    """How addresses are looked up.

    `delay` is the pause between two requests to one host, in seconds; `most` how many addresses one run looks up; `days`
    how long an answer holds. One request may take the seconds of `limits`; all of a run `advance` seconds and
    `seconds_each` for each address that was looked up, with the pauses between two requests: who is slower is
    asked for the rest by later runs. `resolver` is put before a DOI, `contact` goes into User-Agent.
    """

    delay: float = 1.0
    most: int = 50
    days: int = 30
    contact: str = ""
    resolver: str = RESOLVER
    limits: Limits = _LIMITS
    advance: float = 10.0
    seconds_each: float = 1.0
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic


class Desk:
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
            found = with_former(found, more)
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
            self._manners.failed(error)
            raise
        return _read(page)


def _read(page: Page) -> Answer:
    """What a page says; raises `NotAPage` for one that cannot be read, and `TooMuch`."""
    text = decode(page)
    try:
        answer = within_bounds(
            ITEM,
            len(text),
            read_answer,
            text,
            content_type=page.content_type,
            location=page.location,
            relations=page.relations,
        )
    except TooMuch as much:
        raise TooMuch(f"{page.url}: it was given up, because reading it took {much}") from much
    except Exception as error:  # whatever a stranger's page does to a reader, the run goes on
        log.exception("%s: it could not be read", page.url)
        raise NotAPage(f"{page.url}: it could not be read ({type(error).__name__})") from error
    cleaned = map(_clean, answer.entries)
    return replace(answer, entries=tuple(entry for entry in cleaned if entry.title))


def _clean(entry: Entry) -> Entry:
    """The entry without characters that neither XML nor a database can carry."""
    return replace(
        entry,
        title=clean(entry.title)[0],
        creators=_clean_all(entry.creators),
        identifiers=_clean_all(entry.identifiers),
        name_identifiers=_clean_all(entry.name_identifiers),
        affiliations=_clean_all(entry.affiliations),
        funding=_clean_all(entry.funding),
        container=clean(entry.container or "")[0] or None,
        publisher=clean(entry.publisher or "")[0] or None,
        abstract=clean(entry.abstract or "")[0] or None,
    )


def _clean_all(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(text for value in values if (text := clean(value)[0]))


def with_former(found: Sequence[Entry], former: Sequence[Entry]) -> tuple[Entry, ...]:
    """What was found, each work filled from what was said of it before, and the works that are not said any more."""
    works = list(found)
    for old in former:
        at = next((number for number, work in enumerate(works) if same_work(work, old)), None)
        if at is None:
            works.append(old)
        else:
            works[at] = fill(works[at], old)[0]
    return tuple(works[:_MOST_KEPT])

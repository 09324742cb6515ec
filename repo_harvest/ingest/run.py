"""A source in, a `Report` out: the order of the steps, and the ledger around them."""

from __future__ import annotations

import hashlib
import logging
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial

from repo_harvest import __version__, catalogue, parse
from repo_harvest.enrich import Enquirer, Mode
from repo_harvest.errors import HarvestError, NoEntries, Refused, Superseded
from repo_harvest.ingest.carry import Press, carry_out
from repo_harvest.ingest.drift import hold
from repo_harvest.ingest.enriching import Enriching
from repo_harvest.ingest.paging import MOST_REQUESTS, Listing, read_list, turning
from repo_harvest.ingest.planning import Draft
from repo_harvest.ingest.stated import Stated
from repo_harvest.logs import telling
from repo_harvest.match import Continuation
from repo_harvest.model import Change, Entry, Kind, KnownEntry, Outcome, Page, Problem, Run, Severity, Shape, Validators
from repo_harvest.source import measure
from repo_harvest.store import ledger
from repo_harvest.store.plan import ItemEdit
from repo_harvest.store.slots import Errand, require_running

__all__ = ["Fetch", "Report", "Source", "counted", "ended", "fenced", "ingest", "recorded"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a run must know of a source: `url` is a URL or a path, `sets` the setSpecs that its records belong to.

    `repository` is where the list was pasted from, as `catalogue.with_repository_links` takes it. An entry is deleted
    once `delete_after` good runs in a row have missed it; one run may miss or delete `delete_most` percent of them.
    A list that goes on is read through at most `pages` pages, all of which may take `seconds` to arrive and be read.
    One page may take so many `requests`, and all of them as many, or as many as `pages` if that is more.
    `enrich` says which entries are looked up elsewhere.
    """

    name: str
    url: str
    sets: tuple[str, ...] = ()
    defaults: catalogue.Defaults = field(default_factory=catalogue.Defaults)
    repository: tuple[str, ...] = ()
    allow_private: tuple[str, ...] = ()
    profile: parse.Profile | None = None
    delete_after: int = 1
    delete_most: int = 30
    pages: int = 12
    seconds: float = 30.0
    requests: int = MOST_REQUESTS
    enrich: Mode = Mode.OFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a run did, entry by entry, and the items that a harvester sees otherwise by it."""

    run: Run
    changes: tuple[Change, ...] = ()
    edits: tuple[ItemEdit, ...] = ()
    quarantined: tuple[ledger.Quarantined, ...] | None = None

    @property
    def datestamp(self) -> int | None:
        """The datestamp that moved items got, `None` when none moved."""
        return self.run.datestamp


_LOG = logging.getLogger(__name__)

Fetch = Callable[[Source, Validators], Page]
_ENQUIRER = Enquirer()


def ingest(
    source: Source,
    *,
    fetch: Fetch,
    press: Press,
    dry_run: bool = False,
    accept_drift: bool = False,
    enquirer: Enquirer = _ENQUIRER,
    errand: Errand | None = None,
) -> Report:
    """Run a source once, for a scheduler's `errand` if there is one.

    A page that cannot be used is a `Report` whose run was refused, with the reason as message.

    With `dry_run` nothing is written, and nothing but the page asked for. `accept_drift` is a person's word for the page: it is not held against the last good
    one, becomes the good one, and what it does not list is deleted at once. Raises `Busy` when the source is already being run, and `StoreError`.
    """
    run = Run(source=source.name, started=int(press.clock()))
    if dry_run:
        state = ledger.find_source(press.engine, source.name) or ledger.SourceState(id=0)
        try:
            return _work(
                source, state, run, fetch=fetch, press=press, dry_run=True, accept_drift=accept_drift, enquirer=enquirer
            )
        except Refused as refusal:
            return Report(run=ended(run, press, Outcome.REFUSED, str(refusal)))
    state = ledger.source_state(press.engine, source.name, source.url)
    with recorded(press, state.id, run, errand) as run_id:
        try:
            report = _work(
                source,
                state,
                run,
                fetch=fetch,
                press=fenced(press, run_id),
                dry_run=False,
                accept_drift=accept_drift,
                enquirer=enquirer,
                stage=partial(ledger.note_stage, press.engine, run_id),
            )
        except Refused as refusal:
            report = Report(run=ended(run, press, Outcome.REFUSED, str(refusal)))
        ledger.finish_run(press.engine, run_id, report.run, report.quarantined)
        _tell(report.run)
        return report


@contextmanager
def recorded(press: Press, source_id: int, run: Run, errand: Errand | None = None) -> Iterator[int]:
    """Hold the source's run lock and a line in the ledger, whose id the block is given.

    A block that raises ends the run as refused or failed, with the reason; one that does not must finish it itself.
    Raises `Busy` when the source is already being run or the errand was done elsewhere, and `StoreError`.
    """
    with ledger.run_lock(press.engine, source_id):
        run_id = ledger.start_run(press.engine, source_id, started=run.started, errand=errand)
        with telling(run=run_id, source=run.source):
            try:
                yield run_id
            except Superseded:
                raise  # it is another's now, and that one says how it ends
            except Exception as fault:
                outcome = Outcome.REFUSED if isinstance(fault, Refused) else Outcome.FAILED
                why = str(fault) if isinstance(fault, HarvestError) else f"{type(fault).__name__}: {fault}"
                broken = ended(run, press, outcome, why)
                ledger.finish_run(press.engine, run_id, broken)
                _tell(broken)
                raise


def _tell(run: Run) -> None:
    counts = {name: getattr(run, name) for name in ("new", "changed", "same", "merged", "gone", "missing", "refused")}
    level = logging.INFO if run.outcome is Outcome.DONE else logging.WARNING
    why = f": {run.message}" if run.message else ""
    _LOG.log(
        level,
        "the run of %s is %s%s",
        run.source,
        run.outcome,
        why,
        extra={"fields": {"outcome": run.outcome, **counts}},
    )
    for problem in run.problems:
        if problem.severity is not Severity.NOTE:
            _LOG.warning("%s: %s", problem.severity, problem)


def fenced(press: Press, run_id: int) -> Press:
    """The same, but able to publish only as long as this run is going on."""
    return replace(press, fence=partial(require_running, run_id=run_id))


def _work(
    source: Source,
    state: ledger.SourceState,
    run: Run,
    *,
    fetch: Fetch,
    press: Press,
    dry_run: bool,
    accept_drift: bool,
    enquirer: Enquirer,
    stage: Callable[[str], None] = lambda _: None,
) -> Report:
    """Fetch, decode, parse, crosswalk, match, judge, enrich, render, validate, publish; raises `Refused` with the feed untouched.

    `stage` is told how far it is.
    """
    overdue = state.due is not None and state.due <= run.started
    as_read = state.fingerprint == _fingerprint(source) and state.shape is not None and not overdue
    begun = time.monotonic()
    page = fetch(source, state.validators if as_read else Validators())
    if page.unchanged:
        note = Problem(where=source.url, what="the page has not changed since the last run", severity=Severity.NOTE)
        same = replace(run, same=state.live_entries, problems=(note,))
        return Report(run=ended(same, press, Outcome.DONE))
    listing = _listing(source, page, fetch, begun=begun)
    read = _read(source, listing)
    stage(f"{len(read.entries)} entries are read; what is new in them is worked out and published")
    enriching = _enriching(source, page, read.entries, press=press, enquirer=enquirer, ask=not dry_run)

    def judge(continued: Continuation, own: Sequence[KnownEntry]) -> None:
        name, most, whole = source.name, source.delete_most, listing.beyond is None
        if not accept_drift:
            hold(read.listed, continued, own, source=name, last=state.shape, now=read.shape, most=most, whole=whole)

    leaves = None if listing.beyond is None else ()  # what lies beyond the last page read is not gone
    draft, datestamp = carry_out(
        press,
        state.id,
        read.listed,
        judge=judge,
        leaves=leaves,
        patience=1 if accept_drift else source.delete_after,
        dry_run=dry_run,
        complete=enriching.complete,
    )
    done = counted(run, draft, [*read.problems, *enriching.problems])
    if not dry_run:
        kept = page.validators if _is_settled(draft, done, listing) else Validators()
        _remember(press, state.id, source, kept, due=enriching.due)
    return Report(
        run=ended(replace(done, shape=read.shape, datestamp=datestamp), press, Outcome.DONE),
        changes=tuple(draft.changes),
        edits=tuple(draft.items),
        quarantined=tuple(draft.quarantined),
    )


def _remember(press: Press, source_id: int, source: Source, validators: Validators, *, due: int | None) -> None:
    """Keep what the page was read with."""
    ledger.remember_page(
        press.engine,
        source_id,
        url=source.url,
        validators=validators,
        fingerprint=_fingerprint(source),
        due=due,
        fence=press.fence,
    )


def _enriching(
    source: Source, page: Page, entries: Sequence[Entry], *, press: Press, enquirer: Enquirer, ask: bool
) -> Enriching:
    return Enriching(
        entries,
        page=page.location,
        mode=source.enrich,
        defaults=source.defaults,
        allow_private=source.allow_private,
        press=press,
        enquirer=enquirer,
        ask=ask,
    )


def _is_settled(draft: Draft, done: Run, listing: Listing) -> bool:
    """Whether the page need not be fetched in full before it changes.

    It must be with quarantined entries, which a later version of the program may read better; where entries are missing, so
    that each run that agrees on it has seen what the page says; and one of several, since others may change while it does not.
    """
    return not (draft.quarantined or done.missing or listing.is_several)


def _listing(source: Source, page: Page, fetch: Fetch, *, begun: float) -> Listing:
    """The list that begins on this page, asked for at `begun` (monotonic); raises `Refused` where it cannot be read whole."""

    def get(url: str, seconds: float, requests: int) -> Page:
        return fetch(replace(source, url=url, seconds=seconds, requests=requests), Validators())

    try:
        return read_list(
            page,
            turn=turning(get, seconds=source.seconds, begun=begun),
            most=source.pages,
            profile=source.profile,
        )
    except NoEntries as fault:
        raise NoEntries(f"{fault}; `repo-harvest inspect` shows what was read") from fault
    except (MemoryError, SystemError) as fault:  # the second: a parser in C that was given no memory, and said nothing
        raise Refused("the page needs more memory to be read than there is") from fault


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    entries: tuple[Entry, ...]
    listed: list[Stated]
    problems: list[Problem]
    shape: Shape


def _read(source: Source, listing: Listing) -> _Read:
    pages, entries = zip(*listing.placed(), strict=True)
    problems = list(listing.problems)
    listed: list[Stated] = []
    linked = catalogue.with_repository_links(entries, source.repository)
    for number, (page, entry) in enumerate(zip(pages, linked, strict=True)):
        record, found = catalogue.crosswalk(entry, defaults=source.defaults)
        found += tuple(catalogue.overlong(record))
        problems += [replace(problem, where=f"entries[{number}].{problem.where}") for problem in found]
        listed.append(
            Stated(
                record=record,
                source=source.name,
                place=entry.place,
                page_url=page.location,
                fetched=int(page.fetched.timestamp()),
                byline=catalogue.clean(entry.byline)[0],
                origins=catalogue.origins(entry, defaults=source.defaults),
                sets=source.sets,
            )
        )
    shape = measure(entries, listing.signs, labels=listing.labels)
    return _Read(entries=linked, listed=listed, problems=problems, shape=shape)


def counted(run: Run, draft: Draft, problems: Sequence[Problem]) -> Run:
    """The run with what the draft did counted, and its problems."""
    counts = Counter(change.kind for change in draft.changes)
    held = [Problem(where=q.place, what=f"quarantined: {q.reason}", severity=Severity.ERROR) for q in draft.quarantined]
    return replace(
        run,
        new=counts[Kind.NEW],
        changed=counts[Kind.CHANGED],
        same=counts[Kind.SAME],
        merged=counts[Kind.MERGED],
        refused=counts[Kind.REFUSED],
        missing=counts[Kind.MISSING],
        gone=counts[Kind.GONE],
        problems=(*problems, *held),
    )


def ended(run: Run, press: Press, outcome: Outcome, message: str = "") -> Run:
    """The run, ended now."""
    return replace(run, ended=int(press.clock()), outcome=outcome, message=message)


def _fingerprint(source: Source) -> str:
    """Differs whenever the same page could be read into something else: other settings, another program."""
    return hashlib.sha256(f"{__version__} {source!r}".encode()).hexdigest()[:32]

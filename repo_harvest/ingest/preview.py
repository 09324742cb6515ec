"""A page or a source in, what would be read from it or done by a run of it out; nothing is published or kept."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from repo_harvest.enrich import Enquirer
from repo_harvest.errors import Refused
from repo_harvest.ingest.carry import Press
from repo_harvest.ingest.paging import Listing, read_list, turning
from repo_harvest.ingest.run import Fetch, Source, ingest
from repo_harvest.model import Entry, Foreseen, Found, Kind, KnownItem, Outcome, Page, Problem, Understood, Validators
from repo_harvest.store.known import open_view
from repo_harvest.store.plan import ItemEdit

__all__ = ["fields_of", "foresee", "understand"]

_MOST_ENTRIES = 300
_MOST_CHANGES = 200
_MOST_PROBLEMS = 50
_MOST_TEXT = 2_000  # characters of a problem
_MOST_SHOWN = 4_000  # characters of a value

Turned = Callable[[Source], Page]


def _read_whole(source: Source, fetch: Turned) -> Listing:
    """The list that begins on the source's page; raises `Refused` where it cannot be read whole."""
    begun = time.monotonic()

    def get(url: str, seconds: float, requests: int) -> Page:
        return fetch(replace(source, url=url, seconds=seconds, requests=requests))

    return read_list(
        fetch(source), turn=turning(get, seconds=source.seconds, begun=begun), most=source.pages, profile=source.profile
    )


def understand(source: Source, fetch: Fetch) -> Found:
    """What the source's page lists, entry by entry; raises `Refused` where it lists nothing or does not come."""
    listing = _read_whole(source, lambda one: fetch(one, Validators()))
    entries = listing.entries
    pages = len(listing.sheets)
    summary = f"{len(entries)} {'publication' if len(entries) == 1 else 'publications'}"
    summary += f" on {pages} pages" if pages > 1 else ""
    return Found(
        summary=f"{summary}, read as: {listing.sheets[0].reading.layout}",
        entries=tuple(map(_understood, entries[:_MOST_ENTRIES])),
        count_entries=len(entries),
        problems=_told(listing.problems),
    )


def fields_of(entry: Entry) -> Iterator[tuple[str, str, str]]:
    """(field, value, where it stood) of what the entry says beside its title."""
    origins = dict(entry.origins)
    given = {
        "creators": "; ".join(entry.creators),
        "date": str(entry.date or ""),
        "container": entry.container or "",
        "volume": entry.volume or "",
        "issue": entry.issue or "",
        "pages": entry.pages or "",
        "publisher": entry.publisher or "",
        "identifiers": "  ".join(entry.identifiers),
        "abstract": entry.abstract or "",
    }
    for name, value in given.items():
        if value:
            yield name, value, origins.get(name, "")
    yield "place", entry.place, ""


def _understood(entry: Entry) -> Understood:
    fields = tuple((name, value[:_MOST_SHOWN], where) for name, value, where in fields_of(entry))
    return Understood(title=entry.title[:_MOST_SHOWN], fields=fields)


def foresee(source: Source, *, fetch: Fetch, press: Press, enquirer: Enquirer) -> Found:
    """What a run of the source would do that believes its page, however it looks; raises `Refused` where it can do nothing."""
    report = ingest(source, fetch=fetch, press=press, dry_run=True, accept_drift=True, enquirer=enquirer)
    if report.run.outcome is not Outcome.DONE:
        raise Refused(report.run.message)
    ids = {edit.id for edit in report.edits if edit.id is not None}
    with open_view(press.engine) as view:
        items = view.items(ids)
    moving = [edit for edit in report.edits if edit.seen is None or edit.seen != edit.digest]
    return Found(
        summary=report.run.came_of,
        count_entries=report.run.seen,
        changes=tuple(_foreseen(edit, items) for edit in islice(moving, _MOST_CHANGES)),
        count_changes=len(moving),
        problems=_told(report.run.problems),
    )


def _foreseen(edit: ItemEdit, items: dict[int, KnownItem]) -> Foreseen:
    held = None if edit.id is None else items.get(edit.id)
    if edit.deleted:
        kind = Kind.MERGED if edit.merged_into else Kind.GONE
    else:
        kind = Kind.NEW if held is None or held.deleted else Kind.CHANGED
    return Foreseen(
        kind=kind,
        identifier=edit.identifier,
        reason=edit.reason,
        was=None if held is None or held.deleted else held.record,
        now=None if edit.deleted else edit.record,
    )


def _told(problems: Sequence[Problem]) -> tuple[str, ...]:
    shown = [f"{problem.severity}: {problem}"[:_MOST_TEXT] for problem in problems[:_MOST_PROBLEMS]]
    left = len(problems) - len(shown)
    return (*shown, f"and {left} more") if left else tuple(shown)

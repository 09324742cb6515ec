"""A collection on a real database, put there by the one writer of it, with a page that every record was read from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest
from sqlalchemy import Engine

from repo_harvest import formats
from repo_harvest.model import KnownItem, Record
from repo_harvest.oai import Repository
from repo_harvest.store import ledger
from repo_harvest.store.known import open_view
from repo_harvest.store.plan import EntryEdit, ItemEdit, Plan
from repo_harvest.store.publish import publish
from tests.store.kit import Clock

__all__ = ["ARTICLE", "FETCHED", "PAGE", "REPOSITORY", "Shelf", "Spot", "oai", "sqlite_alone"]

sqlite_alone = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what is made above the database of the same rows, whichever database holds them."""

PAGE = "https://partnership.example/peer-mentoring/"
FETCHED = 1_788_516_900  # 4 September 2026, 10:15 UTC

REPOSITORY = Repository(
    name="Research on Peer Mentoring",
    base_url="https://example.org/oai",
    identifier="example.org",
    admin_emails=("feed@example.org",),
    token_key=b"a key of sixteen bytes or more",
)

ARTICLE = Record(
    title=("The core conditions of peer mentoring", "Caring, listening, cheering"),
    creators=("Buck, Gillian", "Łukasiewicz, Zbigniew"),
    contributors=("Ní Bhriain, Aoife",),
    date=("2017-03-21", "2016-12", "in print 2018"),
    publisher=("SAGE",),
    container=("Criminology & Criminal Justice",),
    volume=("18",),
    issue=("2",),
    pages=("190-206",),
    description=("Mentors care, listen and cheer.", "A second abstract."),
    identifiers=(
        "https://doi.org/10.1177/1748895817699659",
        "http://hdl.handle.net/10034/620",
        "urn:isbn:9780000000002",
    ),
    type=("article",),
    language=("en",),
    subjects=("Desistance", "Voluntary sector"),
    rights=("https://creativecommons.org/licenses/by/4.0/",),
    relation=("urn:issn:1748-8958",),
    source_ref=("A list of readings",),
    coverage=("North West England",),
    format=("application/pdf",),
    name_identifiers=(
        "Buck, Gillian | https://orcid.org/0000-0002-1825-0097",
        "Buck, Gillian | 0000-0002-1825-0098",
        "SAGE | https://ror.org/03yrm5c26",
    ),
    affiliations=("Z. Łukasiewicz | University of the North | https://ror.org/05gq02987",),
    funding=("Research Council | https://doi.org/10.13039/501100000269 | ES/1", "Friends"),
)


def oai(local: str | int) -> str:
    return f"oai:example.org:{local}"


@dataclass(frozen=True, kw_only=True)
class Spot:
    """Where an entry stood on the page it was read from."""

    page_url: str = PAGE
    place: str = "main/p[4]"
    byline: str = ""
    origins: tuple[tuple[str, str], ...] = ()
    gone: bool = False


@dataclass(frozen=True)
class Shelf:
    """The collection; each call publishes, a minute after the one before."""

    engine: Engine
    clock: Clock = field(default_factory=Clock)
    source: str = "readings"

    def put(self, identifier: str, record: Record, *, sets: tuple[str, ...] = (), spot: Spot | None = None) -> int:
        """Publish one item that was read from one spot; returns its datestamp."""
        return self.put_all([(identifier, record)], sets=sets, spot=spot)

    def put_all(
        self, wanted: Iterable[tuple[str, Record]], *, sets: tuple[str, ...] = (), spot: Spot | None = None
    ) -> int:
        listed, at = list(wanted), spot or Spot()
        entries = [
            EntryEdit(
                id=None,
                item=identifier,
                record=record,
                position=position,
                sets=sets,
                page_url=at.page_url,
                fetched=FETCHED,
                place=at.place,
                byline=at.byline,
                origins=at.origins,
                gone=at.gone,
            )
            for position, (identifier, record) in enumerate(listed)
        ]
        return self._publish([_edit(identifier, None, record, sets) for identifier, record in listed], entries)

    def change(self, identifier: str, record: Record) -> int:
        """Publish an item anew, with another record."""
        return self._publish([_edit(identifier, self._held(identifier), record, ())])

    def remove(self, identifier: str, *, into: str | None = None) -> int:
        """Delete an item, or merge it into another; returns when."""
        held = self._held(identifier)
        return self._publish([_edit(identifier, held, held.record, held.sets, deleted=True, into=into)])

    def _held(self, identifier: str) -> KnownItem:
        with open_view(self.engine) as view:
            return view.items_named([identifier])[identifier]

    def _publish(self, edits: list[ItemEdit], entries: list[EntryEdit] | None = None) -> int:
        self.clock.now += 60
        source_id = ledger.source_state(self.engine, self.source, PAGE).id
        with open_view(self.engine) as view:
            written = view.written
        plan = Plan(source_id=source_id, written=written, items=tuple(edits), entries=tuple(entries or ()))
        datestamp = publish(self.engine, plan, clock=self.clock, header_xml=formats.header)
        assert datestamp is not None
        return datestamp


def _edit(
    identifier: str,
    held: KnownItem | None,
    record: Record,
    sets: tuple[str, ...],
    *,
    deleted: bool = False,
    into: str | None = None,
) -> ItemEdit:
    return ItemEdit(
        identifier=identifier,
        id=held.id if held else None,
        seen=held.digest if held else None,
        record=record,
        renditions=() if deleted else formats.render(record),
        sets=sets,
        deleted=deleted,
        merged_into=into,
        reason="the test wants it",
    )

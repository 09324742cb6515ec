"""The page of a record's history: what it was, what changed in it, when, why, and who said so."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Flask, Response, abort

from repo_harvest.formats.landing import item_path
from repo_harvest.match.keys import title_of
from repo_harvest.model import Record
from repo_harvest.store.browse import Detail, detail
from repo_harvest.store.review import Said, said_of
from repo_harvest.web import pages
from repo_harvest.web.desk.difference import Difference, differences, tidy
from repo_harvest.web.desk.office import Office, asked
from repo_harvest.web.door import Visitor

__all__ = ["add_to"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """One change of a record: when, why, and what was other before it; `differences` is empty for what is not in the record."""

    at: pages.Moment
    reason: str
    state: str
    differences: tuple[Difference, ...]


def add_to(app: Flask, office: Office) -> None:
    """Add the route."""
    app.add_url_rule("/admin/record", "admin_record", office.shown(record))


def record(office: Office, visitor: Visitor) -> Response:
    """The record whose OAI identifier is asked for; 404 for one that never was."""
    identifier = asked("identifier")
    found = detail(office.engine, identifier) if identifier else None
    if found is None:
        abort(404)
    said = [(one, tuple(map(tidy, one.reasons))) for one in said_of(office.engine, [found.item.id])]
    return office.page(
        "admin_record.html",
        visitor,
        identifier=identifier,
        title=tidy(title_of(found.item.record)) or identifier,
        path=item_path(identifier),
        state=_state(found),
        changes=_changes(found),
        origins=[
            (one, tidy(one.place), pages.address(one.page_url), pages.moment(one.fetched)) for one in found.origins
        ],
        disputes=[tidy(one) for origin in found.origins for one in origin.disputes],
        said=_people_first(said),
        merged_here=found.merged_here,
    )


def _changes(found: Detail) -> list[_Change]:
    """Every change, the newest first, and at the end how it began."""
    states: list[tuple[int, Record, bool]] = [(one.datestamp, one.record, one.deleted) for one in found.versions]
    header = found.item.header
    states.append((header.datestamp, found.item.record, header.deleted))
    changes = [_Change(at=pages.moment(states[0][0]), reason="first published", state="Added", differences=())]
    for version, (_, was, was_deleted), (at, now, is_deleted) in zip(found.versions, states, states[1:], strict=False):
        state = "Changed"
        if is_deleted:
            state = "Merged away" if version.reason.startswith("merged into") else "Removed"
        elif was_deleted:
            state = "Back again"
        told = _Change(at=pages.moment(at), reason=tidy(version.reason), state=state, differences=differences(was, now))
        changes.append(told)
    return changes[::-1]


def _state(found: Detail) -> str:
    if found.item.merged_into:
        return f"It is merged into {found.item.merged_into}."
    return "It is deleted." if found.item.header.deleted else "It is published."


def _people_first(said: list[tuple[Said, tuple[str, ...]]]) -> list[tuple[Said, tuple[str, ...]]]:
    return sorted(said, key=lambda one: one[0].ruling is None)

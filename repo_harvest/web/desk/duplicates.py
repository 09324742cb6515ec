"""The pages of duplicates: two records that may be one work, side by side, for a person to decide; and what people decided."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from flask import Flask, Response, abort

from repo_harvest.errors import Busy, UsageError
from repo_harvest.match.keys import title_of
from repo_harvest.model import Record
from repo_harvest.store.browse import Detail, detail
from repo_harvest.store.review import Doubt, StoredRuling, count_doubts, doubts, stored_rulings
from repo_harvest.web import pages
from repo_harvest.web.desk.difference import LABELS, differences, tidy
from repo_harvest.web.desk.office import Office, asked, stated, to
from repo_harvest.web.desk.runs import LARGEST
from repo_harvest.web.door import Visitor

if TYPE_CHECKING:
    from repo_harvest.ingest import Press
    from repo_harvest.ingest.duplicates import Ruling
    from repo_harvest.ingest.planning import Draft

__all__ = ["add_to"]

_NUMBER = re.compile("[0-9]{1,9}")
_MOST_DECISIONS = 100
_MOST_NOTE = 500
_VERDICTS = {"same": "The same work", "different": "Different works"}
_SURE, _LIKELY = 0.9, 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class _Side:
    """One of two records: which, and where it was read."""

    identifier: str
    title: str
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """A field of the record that a merge would leave: its values, and which of the two said so."""

    label: str
    values: tuple[str, ...]
    giver: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Merge:
    """What a merge would do: which identifier stays, which become deleted records, and what the record says then."""

    stays: str
    deleted: tuple[str, ...]
    fields: tuple[_Kept, ...]
    fault: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decision:
    """A decision as it is shown."""

    ruling: StoredRuling
    verdict: str
    made: pages.Moment
    undone: pages.Moment | None
    by: str
    note: str
    titles: tuple[str, str]


def add_to(app: Flask, office: Office) -> None:
    """Add the routes; without a press nothing can be decided, and there is nothing to see."""
    if office.desk.press is None:
        return
    undoing = f"/admin/decisions/<int(max={LARGEST}):number>/undo"
    app.add_url_rule("/admin/duplicates", "admin_duplicates", office.shown(queue))
    app.add_url_rule(
        "/admin/duplicates/<any(same, different):verdict>", "admin_decide", office.done(decide), methods=["POST"]
    )
    app.add_url_rule("/admin/decisions", "admin_decisions", office.shown(decisions))
    app.add_url_rule(undoing, "admin_undo", office.done(undo_one), methods=["POST"])


def queue(office: Office, visitor: Visitor) -> Response:
    """The likeliest pair in doubt, or with `skip` one further down; and what a merge of it would keep."""
    said = asked("skip")
    skip = int(said) if _NUMBER.fullmatch(said) else 0
    pairs, _ = count_doubts(office.engine)
    found = doubts(office.engine, offset=skip, limit=1)
    if not found and pairs:
        skip, found = 0, doubts(office.engine, limit=1)
    last = [_decision(one) for one in stored_rulings(office.engine, limit=1) if one.undone is None]
    values: dict[str, Any] = {"pairs": pairs, "skip": skip, "last": last[0] if last else None}
    if not found:
        return office.page("admin_duplicates.html", visitor, doubt=None, **values)
    doubt = found[0]
    return office.page(
        "admin_duplicates.html",
        visitor,
        doubt=doubt,
        sides=[_side(office, doubt.one, doubt.one_record), _side(office, doubt.other, doubt.other_record)],
        rows=differences(doubt.one_record, doubt.other_record, every=True),
        reasons=[tidy(reason) for reason in doubt.reasons],
        likelihood=_likelihood(doubt.score),
        merge=_foreseen(office, doubt),
        **values,
    )


def decide(office: Office, visitor: Visitor, verdict: str) -> Response:
    """Two records are the same work, or are not; the next pair is shown."""
    from repo_harvest.ingest.duplicates import merge, split  # noqa: PLC0415 -- half a second that serving need not wait

    one, other, skip = stated("one"), stated("other"), stated("skip")
    act = merge if verdict == "same" else split
    fault = _try(office, visitor, lambda ruling: act(_press(office), one, other, ruling))
    return fault or to(f"admin/duplicates?skip={skip if _NUMBER.fullmatch(skip) else 0}")


def decisions(office: Office, visitor: Visitor) -> Response:
    """The last hundred decisions, the newest first."""
    found = [_decision(one) for one in stored_rulings(office.engine, limit=_MOST_DECISIONS)]
    return office.page("admin_decisions.html", visitor, rows=found)


def undo_one(office: Office, visitor: Visitor, number: int) -> Response:
    """Take a decision back."""
    from repo_harvest.ingest.duplicates import undo  # noqa: PLC0415 -- as above

    fault = _try(office, visitor, lambda ruling: undo(_press(office), number, ruling))
    return fault or to("admin/decisions")


def _try(office: Office, visitor: Visitor, act: Callable[[Ruling], Draft]) -> Response | None:
    """Decide; the page that says why that was not possible, if it was not."""
    from repo_harvest.ingest.duplicates import Ruling  # noqa: PLC0415 -- as above

    note = tidy(stated("note"))[:_MOST_NOTE]
    try:
        act(Ruling(by=visitor.manager or "", note=note))
    except UsageError as error:
        said = pages.printable(str(error).partition("; see `")[0].partition("; `")[0])
        return office.refusal(("That cannot be decided any more", f"{said}. Nothing was changed."), HTTPStatus.CONFLICT)
    except Busy:
        busy = ("Somebody else is publishing just now", "Nothing was changed. Go back, and try again.")
        return office.refusal(busy, HTTPStatus.CONFLICT)
    return None


def _press(office: Office) -> Press:
    if office.desk.press is None:
        abort(HTTPStatus.NOT_FOUND)
    return office.desk.press()


def _foreseen(office: Office, doubt: Doubt) -> _Merge:
    """What a merge would do, worked out as if it were done."""
    from repo_harvest.ingest.duplicates import Ruling, merge  # noqa: PLC0415 -- as above

    try:
        draft = merge(_press(office), doubt.one, doubt.other, Ruling(by=""), dry_run=True)
    except (UsageError, Busy) as error:
        return _Merge(stays="", deleted=(), fields=(), fault=tidy(str(error)))
    if draft.quarantined:
        return _Merge(stays="", deleted=(), fields=(), fault=tidy(draft.quarantined[0].reason))
    deleted = tuple(edit.identifier for edit in draft.items if edit.merged_into)
    stays = doubt.other if doubt.one in deleted else doubt.one
    made = next((edit.record for edit in draft.items if edit.identifier == stays), None)
    before = doubt.one_record if stays == doubt.one else doubt.other_record
    return _Merge(stays=stays, deleted=deleted, fields=tuple(_kept(made or before, doubt)))


def _kept(record: Record, doubt: Doubt) -> Sequence[_Kept]:
    found = []
    first, second = doubt.one_record.as_dict(), doubt.other_record.as_dict()
    for name, values in record.as_dict().items():
        in_first, in_second = (set(values) & set(each.get(name, [])) for each in (first, second))
        if in_first and in_second:
            giver = "both"
        else:
            giver = "the first" if in_first else "the second" if in_second else "another source"
        found.append(_Kept(label=LABELS[name], values=tuple(map(tidy, values)), giver=giver))
    return found


def _side(office: Office, identifier: str, record: Record) -> _Side:
    found: Detail | None = detail(office.engine, identifier)
    places = () if found is None else tuple(f"{one.source}, {tidy(one.place)}" for one in found.origins if not one.gone)
    return _Side(identifier=identifier, title=tidy(title_of(record)) or identifier, places=places)


def _likelihood(score: float) -> str:
    """A score in words."""
    return "Very likely the same" if score >= _SURE else "Likely the same" if score >= _LIKELY else "Perhaps the same"


def _decision(ruling: StoredRuling) -> _Decision:
    return _Decision(
        ruling=ruling,
        verdict=_VERDICTS.get(ruling.verdict, ruling.verdict),
        made=pages.moment(ruling.made),
        undone=None if ruling.undone is None else pages.moment(ruling.undone),
        by=pages.printable(ruling.made_by),
        note=tidy(ruling.note),
        titles=(tidy(title_of(ruling.one_record)), tidy(title_of(ruling.other_record))),
    )

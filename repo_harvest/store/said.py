"""What matching keeps of entries: what is compared of them, what the rules say of pairs, and what people decided.

Nothing of it is served. It is written by `publish`, in the transaction that publishes what follows from it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Engine, bindparam, delete, insert, literal, select, update

from repo_harvest.store.engine import writing
from repo_harvest.store.filing import file_entries, heat, hidden, hide, key_rows, unfile
from repo_harvest.store.plan import Filed, PairEdit, Plan, RulingEdit
from repo_harvest.store.tables import entries, features, feed_clock, hot_keys, keys, pairs, recent_keys, ruled, rulings

__all__ = ["feature_rows", "refile", "write_said"]

_STEP = 5000


def write_said(connection: Connection, plan: Plan, nodes: Mapping[int, int]) -> None:
    """Write what a plan keeps; `nodes` are the ids of the entries that are new, by what the plan calls them."""
    if plan.anew:
        connection.execute(delete(pairs))
        connection.execute(delete(hot_keys))
    _write_keys(connection, plan, nodes)
    _forget(connection, plan)
    _write_pairs(connection, plan.paired, nodes)
    if plan.ruling is not None:
        _write_ruling(connection, plan.ruling)


def refile(engine: Engine, file: Callable[[str], Filed], *, hot: int, advance: Callable[[int], None]) -> int:
    """File every entry anew, as `file` says of its record; returns how many, and tells `advance`. One transaction.

    What was said of pairs holds on. Raises `StoreUnavailable`.
    """
    with writing(engine) as connection:
        connection.execute(update(feed_clock).values(written=feed_clock.c.written + 1))
        for table in (keys, recent_keys, features, hot_keys):
            connection.execute(delete(table))
        done, last, step = (
            0,
            0,
            select(entries.c.id, entries.c.gone, entries.c.record).order_by(entries.c.id).limit(_STEP),
        )
        while found := connection.execute(step.where(entries.c.id > last)).fetchall():
            filed = [
                replace(one, node=row.id, keys=hidden(one.keys) if row.gone else one.keys)
                for row in found
                for one in (file(row.record),)
            ]
            connection.execute(insert(features), feature_rows(filed, {}))
            if rows := key_rows(filed, {}):
                connection.execute(insert(keys), rows)
            last = found[-1].id
            done += len(found)
            advance(len(found))
        heat(connection, hot)
    return done


def feature_rows(filed: Iterable[Filed], nodes: Mapping[int, int]) -> list[dict[str, Any]]:
    """The rows of `features` of these entries."""
    return [{"entry_id": nodes.get(one.node, one.node), "said": one.said} for one in filed]


def _write_keys(connection: Connection, plan: Plan, nodes: Mapping[int, int]) -> None:
    again = [one.node for one in plan.filed if one.node >= 0]
    unfile(connection, again)
    if again:
        this = features.c.entry_id == bindparam("entry")
        connection.execute(delete(features).where(this), [{"entry": entry_id} for entry_id in again])
    if plan.filed:
        connection.execute(insert(features), feature_rows(plan.filed, nodes))
    file_entries(connection, plan.filed, nodes)
    hide(connection, plan.vanished)
    for key in plan.hot:
        here = select(literal(key)).where(~select(hot_keys.c.key).where(hot_keys.c.key == key).exists())
        connection.execute(insert(hot_keys).from_select(["key"], here))


def _forget(connection: Connection, plan: Plan) -> None:
    """Nothing that was said of an entry that now says something else, or is gone, holds any more."""
    over = [{"entry": entry_id} for entry_id in (*plan.unpaired, *plan.vanished)]
    if over:
        connection.execute(delete(pairs).where(pairs.c.one_id == bindparam("entry")), over)
        connection.execute(delete(pairs).where(pairs.c.other_id == bindparam("entry")), over)
    parted = [{"one": one, "other": other} for one, other in plan.parted]
    if parted:
        this = (pairs.c.one_id == bindparam("one")) & (pairs.c.other_id == bindparam("other"))
        connection.execute(delete(pairs).where(this), parted)


def _write_pairs(connection: Connection, paired: Iterable[PairEdit], nodes: Mapping[int, int]) -> None:
    rows: dict[tuple[int, int], dict[str, Any]] = {}
    for edit in paired:
        one, other = sorted((nodes.get(edit.one, edit.one), nodes.get(edit.other, edit.other)))
        rows[one, other] = {
            "one_id": one,
            "other_id": other,
            "verdict": edit.verdict,
            "score": edit.score,
            "reasons": json.dumps(edit.reasons, ensure_ascii=False),
            "rules": edit.rules,
        }
    if not rows:
        return
    this = (pairs.c.one_id == bindparam("one")) & (pairs.c.other_id == bindparam("other"))
    connection.execute(delete(pairs).where(this), [{"one": one, "other": other} for one, other in rows])
    connection.execute(insert(pairs), list(rows.values()))


def _write_ruling(connection: Connection, edit: RulingEdit) -> None:
    if edit.undoes is not None:
        connection.execute(update(rulings).where(rulings.c.id == edit.undoes).values(undone=edit.made))
    if not edit.pairs:
        return
    told = {"verdict": edit.verdict, "made": edit.made, "made_by": edit.made_by, "note": edit.note}
    ruling_id = connection.execute(insert(rulings).values(told).returning(rulings.c.id)).scalar_one()
    rows = [{"ruling_id": ruling_id, "one_id": min(pair), "other_id": max(pair)} for pair in edit.pairs]
    connection.execute(insert(ruled), rows)

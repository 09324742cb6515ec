"""A moved database holds what the old one held, and takes new rows behind the ids that came along."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, func, insert, select

from repo_harvest.errors import UsageError
from repo_harvest.store.engine import open_engine, reading, writing
from repo_harvest.store.move import move
from repo_harvest.store.schema import token_key
from repo_harvest.store.tables import feed_clock, metadata, sets
from tests.store.kit import Clock, Wanted, publish_state


def _ignore(_name: str, _count: int) -> None:
    pass


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_move_keeps_key_clock_and_ids(engine: Engine, kind: str, new_database_url: Callable[[str], str]) -> None:
    with writing(engine) as connection:
        connection.execute(insert(sets), [{"id": 7, "spec": "a", "name": "Ä"}, {"id": 9, "spec": "b", "name": "B"}])
    target = open_engine(new_database_url(kind))
    try:
        move(engine, target, _ignore)
        with reading(engine) as old, reading(target) as new:
            for table in (feed_clock, sets):
                assert sorted(map(repr, old.execute(select(table)))) == sorted(map(repr, new.execute(select(table))))
        assert token_key(target) == token_key(engine)
        with writing(target) as connection:
            connection.execute(insert(sets).values(spec="c", name="C"))
            assert connection.execute(select(func.max(sets.c.id))).scalar_one() == 10
        with pytest.raises(UsageError, match="not empty"):
            move(engine, target, _ignore)
    finally:
        target.dispose()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_move_keeps_every_row(engine: Engine, kind: str, new_database_url: Callable[[str], str]) -> None:
    wanted = {f"oai:x:{n}": Wanted(f"Работа {n}", deleted=n == 3) for n in range(20)}
    publish_state(engine, wanted | {"oai:x:0": Wanted("Work", deleted=True, merged_into="oai:x:9")}, Clock())
    target = open_engine(new_database_url(kind))
    move(engine, target, _ignore)
    with reading(engine) as old, reading(target) as new:
        for table in metadata.sorted_tables:
            rows, moved = (
                {row for row in connection.execute(select(table)) if row[0] != "home"} for connection in (old, new)
            )  # where a database is, it notes for itself
            assert rows == moved
    target.dispose()

"""The tables that migrations make are the tables that the program uses; a database of a newer program is left alone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, text
from sqlalchemy.schema import SchemaItem

from repo_harvest.errors import NewerDatabase, StoreError
from repo_harvest.store import schema
from repo_harvest.store.engine import open_engine, reading, writing
from repo_harvest.store.tables import metadata


def test_migrations_make_exactly_the_tables_that_the_program_uses(engine: Engine) -> None:
    with reading(engine) as connection:
        here = connection.dialect.name

        def meant_for_here(thing: SchemaItem, name: str | None, *_: object) -> bool:
            return bool(thing.info.get("only", here) == here) and not of_the_index(name or "")

        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": meant_for_here})
        assert compare_metadata(context, metadata) == []


def of_the_index(name: str) -> bool:
    """Whether the database itself makes it of the words it is given: SQLAlchemy has no words for it."""
    return name.startswith("search_index") or name in {"vector", "ix_search_vector"}


def test_the_program_works_with_the_last_migration_and_they_are_in_order() -> None:
    scripts = ScriptDirectory(str(Path(schema.__file__).parent / "migrations"))
    revisions = [script.revision for script in scripts.walk_revisions()]
    assert revisions[0] == schema.HEAD
    assert revisions == sorted(revisions, reverse=True)


def test_upgrading_twice_changes_nothing(engine: Engine) -> None:
    key = schema.token_key(engine)
    assert schema.upgrade(engine) is False
    assert schema.token_key(engine) == key


def test_a_database_of_a_newer_program_is_refused(engine: Engine) -> None:
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    for use in (schema.upgrade, schema.check):
        with pytest.raises(NewerDatabase, match="9999"):
            use(engine)


def test_an_empty_database_says_to_initialise_it(tmp_path: object) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/new.db")
    with pytest.raises(StoreError, match="repo-harvest init"):
        schema.check(engine)
    assert schema.upgrade(engine) is True
    schema.check(engine)
    engine.dispose()


def test_postgresql_keeps_what_is_served_uncompressed(new_database_url: Callable[[str], str]) -> None:
    engine = open_engine(new_database_url("postgresql"))
    with reading(engine) as connection:
        found = connection.execute(
            text(
                "SELECT attname, attstorage::text FROM pg_attribute WHERE attrelid = 'renditions'::regclass AND attnum > 0"
            )
        )
        storage = {row.attname: row.attstorage for row in found}
    engine.dispose()
    assert [storage[name] for name in ("header", "metadata", "about")] == ["e", "e", "e"]

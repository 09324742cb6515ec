"""Importing it does what nearly every command does first, so that a process forked after it need not: see `tests.cli.forked`."""

from __future__ import annotations

from importlib import import_module

from repo_harvest.cli.group import _COMMANDS
from repo_harvest.formats import disseminate
from repo_harvest.model import Record

__all__: list[str] = []

for name in (
    *sorted({f"repo_harvest.cli.{module}" for module in _COMMANDS.values()}),
    "alembic.autogenerate",
    "alembic.command",
    "granian.server",
    "psycopg",
    "rich._unicode_data.unicode17-0-0",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite",
):
    import_module(name)
# Compiles the schema of each format.
disseminate(
    Record(
        title=("Warm",),
        creators=("Lee, Ann",),
        date=("2020-01-01",),
        publisher=("A Press",),
        identifiers=("https://doi.org/10.1000/1",),
        type=("doctoral thesis",),
        language=("en",),
    ),
    "https://example.org/item/1",
)

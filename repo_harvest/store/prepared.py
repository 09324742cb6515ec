"""A statement in, a way to run it that costs the driver's time and no more out.

For the handful of statements that every answer of the feed is made of: SQLAlchemy writes them once for each dialect, and the
driver runs them. Through SQLAlchemy's own execution a page of a list would take half as long again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Select

from repo_harvest.errors import StoreUnavailable
from repo_harvest.store.engine import advised

__all__ = ["Prepared"]


class Prepared:
    """A SELECT whose every value is a named parameter; safe to share between threads."""

    def __init__(self, statement: Select[Any]) -> None:
        self._statement = statement
        self._written: dict[str, tuple[str, Sequence[str] | None, Mapping[str, Any]]] = {}

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Every row, as the driver makes it; raises `StoreUnavailable`."""
        text, order, constants = self._written.get(connection.dialect.name) or self._write(connection.dialect)
        given = {**constants, **values} if constants else values
        driver = connection.dialect.loaded_dbapi
        try:
            cursor = connection.connection.cursor()
            try:
                cursor.execute(text, given if order is None else [given[name] for name in order])
                return list(cursor.fetchall())
            finally:
                cursor.close()
        except driver.Error as error:
            raise StoreUnavailable(f"the database does not answer: {advised(str(error))}") from error

    def first(self, connection: Connection, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
        """The first row, or `None`; raises `StoreUnavailable`."""
        rows = self.rows(connection, values)
        return rows[0] if rows else None

    def _write(self, dialect: Dialect) -> tuple[str, Sequence[str] | None, Mapping[str, Any]]:
        """The SQL, the order of its parameters where they are positional, and those that SQLAlchemy added itself."""
        compiled = self._statement.compile(dialect=dialect)
        order = compiled.positiontup if compiled.positional else None
        added = {name: value for name, value in compiled.params.items() if value is not None}
        written = (compiled.string, order, added)
        self._written[dialect.name] = written
        return written

"""The tables of who may come in; `tables` has them too, beside all others."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, LargeBinary, Table, Text

from repo_harvest.store.naming import Id, metadata

__all__ = ["attempts", "sessions"]

# Managers who are signed in. What their cookie holds is not kept, only its digest.
sessions = Table(
    "sessions",
    metadata,
    Column("digest", LargeBinary, primary_key=True),
    Column("manager", Text, nullable=False),
    Column("ends", BigInteger, nullable=False),
)

# Who tried to sign in and has not succeeded since: a user name's digest, or an address.
attempts = Table(
    "attempts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("who", Text, nullable=False, index=True),
    Column("at", BigInteger, nullable=False),
)

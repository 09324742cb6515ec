"""Records in a few words."""

from __future__ import annotations

from repo_harvest.model import Record

__all__ = ["paper"]

_MANY = frozenset({"creators", "identifiers", "publisher", "date"})


def paper(title: str, creators: str = "", date: str = "", **stated: str) -> Record:
    """A record; several creators, identifiers, publishers or dates are parted by ` / `."""
    values = {"title": title, "creators": creators, "date": date, **stated}
    return Record(
        **{name: tuple(value.split(" / ")) if name in _MANY else (value,) for name, value in values.items() if value}
    )

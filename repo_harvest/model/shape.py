"""What a good run remembers of its page as a whole, for the next one to be held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Self

__all__ = ["Shape", "Signs"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What a page shows where something stands in its place: a login, an error, a check for robots.

    `password` is whether it asks for one; `title` and `headings` are what these say of such a thing, in its own words.
    """

    password: bool = False
    title: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How a page looked when it was read: how many entries, how full and how long; no words of theirs.

    `filled` is how many of the `entries` had a field, by the field's name; `title` and `abstract` are the median lengths
    in characters of those that have one, 0 where none has. `labels` is how many elements of the page have a class or an id.

    >>> shape = Shape(entries=2, filled={"date": 1}, title=30, signs=Signs(headings=("Log in",)))
    >>> Shape.from_dict(shape.as_dict()) == shape
    True
    """

    entries: int
    filled: Mapping[str, int] = field(default_factory=dict)
    title: int = 0
    abstract: int = 0
    labels: int = 0
    signs: Signs = field(default_factory=Signs)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as they are stored and printed."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The inverse of `as_dict`, from JSON too."""
        told = values["signs"]
        signs = Signs(password=told["password"], title=tuple(told["title"]), headings=tuple(told["headings"]))
        return cls(**{**values, "signs": signs})

"""A library that is emptied for each example of a law, with the truth of what was published into it beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import Engine

from repo_harvest.model import Feed
from tests.oai.library import REPOSITORY, Library, oai
from tests.oai.truth import Truth
from tests.store.kit import Clock, Wanted, empty, publish_state

__all__ = ["START", "Aftermath", "Stage"]

START = 1_800_000_000
Aftermath = Callable[[Engine, int, float], None]
"""What is done to the store after each publication, given its datestamp and the publisher's clock."""


@dataclass
class Stage:
    """A library and its truth; `aftermath` and `wrong` plant a fault, for laws that have to find it."""

    engine: Engine
    aftermath: Aftermath | None = None
    wrong: Callable[[Feed], Feed] | None = None
    clock: Clock = field(default_factory=Clock)
    truth: Truth = field(default_factory=Truth)

    def __post_init__(self) -> None:
        empty(self.engine, sealed=START - 100)

    def library(self, page_size: int) -> Library:
        """The library in pages of this size; keep it for as long as a harvester keeps a connection."""
        library = Library(self.engine, self.clock, replace(REPOSITORY, page_size=page_size))
        if self.wrong is not None:
            library.feed = self.wrong(library.feed)  # type: ignore[assignment]  # any feed answers
        return library

    def publish(self, wanted: Mapping[int, Wanted], *, skew: float = 0) -> int | None:
        """Publish some edits by a clock that is wrong by some seconds; returns the datestamp of what moved."""
        differing = self.truth.differing(wanted)
        clock = Clock(self.clock.now + skew)
        datestamp = publish_state(self.engine, {oai(number): want for number, want in wanted.items()}, clock)
        assert (datestamp is None) == (not differing), "it moves if and only if something differs"
        if datestamp is not None:
            self.truth.publish(wanted, datestamp)
            if self.aftermath is not None:
                self.aftermath(self.engine, datestamp, clock.now)
        return datestamp

    def stamps(self) -> list[int]:
        """The datestamps that there are, in order."""
        return sorted({row.datestamp for row in self.truth.rows()}) or [START]

"""What a source lists in, the same with the gaps of its records filled from elsewhere out; and when to look again.

It comes after the page was judged: what is asked for is never a page that drifted, and what is found neither hides drift
nor makes any. A record keeps what the page says beside what it became.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from repo_harvest import catalogue
from repo_harvest.enrich import Enquirer, Enriched, Mode, enrich
from repo_harvest.ingest.carry import Press
from repo_harvest.ingest.stated import Stated
from repo_harvest.model import Entry, Problem
from repo_harvest.store.lookups import Lookups

__all__ = ["Enriching"]


class Enriching:
    """The enrichment of one run: asks once, however often the run is planned. `page` is where the entries were found."""

    def __init__(
        self,
        entries: Sequence[Entry],
        *,
        page: str,
        mode: Mode,
        defaults: catalogue.Defaults,
        allow_private: Sequence[str],
        press: Press,
        enquirer: Enquirer,
        ask: bool,
    ) -> None:
        self._entries = entries
        self._page, self._mode, self._defaults = page, mode, defaults
        self._allow_private, self._press, self._enquirer, self._ask = allow_private, press, enquirer, ask
        self._done: Enriched | None = None
        self.problems: list[Problem] = []

    @property
    def due(self) -> int | None:
        """When something is to be asked for again, in UTC seconds since 1970."""
        return self._done.due if self._done else None

    def complete(self, listed: Sequence[Stated]) -> Sequence[Stated]:
        """The listing, which is that of the entries in their order, with the gaps of its records filled.

        Raises `StoreError`.
        """
        if self._mode is Mode.OFF:
            return listed
        if self._done is None:
            self._done = enrich(
                self._entries,
                page=self._page,
                mode=self._mode,
                memory=Lookups(self._press.engine),
                now=self._press.clock,
                enquirer=self._enquirer,
                allow_private=self._allow_private,
                ask=self._ask,
            )
            self.problems += self._done.notes
        done = zip(self._entries, self._done.entries, self._done.disputes, listed, strict=True)
        return [self._enriched(*each) for each in done]

    def _enriched(self, entry: Entry, full: Entry, disputes: tuple[str, ...], stated: Stated) -> Stated:
        stated = replace(stated, disputes=disputes)
        if full == entry:
            return stated
        record, problems = catalogue.crosswalk(full, defaults=self._defaults)
        if problems:
            self._left_out(entry, problems)
        if record == stated.record:
            return stated
        return replace(stated, enriched=record, origins=catalogue.origins(full, defaults=self._defaults))

    def _left_out(self, entry: Entry, problems: Sequence[Problem]) -> None:
        """Tell, once, what of the answers no record can carry; what the page itself says so was told before."""
        of_the_page = {problem.what for problem in catalogue.crosswalk(entry, defaults=self._defaults)[1]}
        for problem in problems:
            told = replace(problem, where=f"{entry.place}.{problem.where}")
            if problem.what not in of_the_page and told not in self.problems:
                self.problems.append(told)

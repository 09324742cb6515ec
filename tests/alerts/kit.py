"""A feed whose runs end as a test says, and the desk that tells of them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Engine, update

from repo_harvest.alerts import Channel, Desk, tell
from repo_harvest.alerts.channel import Sender
from repo_harvest.model import Outcome, Record, Run
from repo_harvest.store import ledger
from repo_harvest.store.engine import writing
from repo_harvest.store.tables import feed_clock

__all__ = ["Feed"]

NOW = 1_800_000_000


class Feed:
    """The database and its channels; each method is followed by telling, as each run is."""

    def __init__(self, engine: Engine, *channels: Channel) -> None:
        self.engine = engine
        self.channels: Sequence[Channel] = channels
        self.watched: tuple[str, ...] = ("page", "other")

    def run(self, outcome: Outcome, message: str = "", *, source: str = "page", held: int = 0) -> None:
        """A run that ends so, with so many records in quarantine; one that `DIED` says nothing, so nothing is told."""
        source_id = ledger.source_state(self.engine, source, f"https://x.org/{source}").id
        with ledger.run_lock(self.engine, source_id):
            run_id = ledger.start_run(self.engine, source_id, started=NOW)
            if outcome is Outcome.DIED:
                return
            record = Record(title=("A title",))
            kept = [ledger.Quarantined(place=str(i), reason="it is not valid", record=record) for i in range(held)]
            run = Run(source=source, started=NOW, ended=NOW, outcome=outcome, message=message)
            ledger.finish_run(self.engine, run_id, run, kept)
        self.tell()

    def lead(self, seconds: int) -> None:
        """The feed clock runs so far ahead."""
        with writing(self.engine) as connection:
            connection.execute(update(feed_clock).values(sealed=NOW + seconds))
        self.tell()

    def tell(self) -> None:
        sender = Sender(repository="Test", base_url="https://x.org/oai")
        tell(
            self.engine,
            Desk(channels=self.channels, sender=sender, watched=self.watched, most_lead=60),
            clock=lambda: NOW,
        )

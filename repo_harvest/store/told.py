"""What was told of what is wrong, by each channel, and the figures that tell whether something is."""

from __future__ import annotations

from sqlalchemy import Engine, delete, func, insert, select

from repo_harvest.store.engine import reading, writing
from repo_harvest.store.tables import alerts, feed_clock, quarantine, sources

__all__ = ["feed_lead", "keep_told", "quarantined", "told_by"]


def told_by(engine: Engine, channel: str) -> list[tuple[str, str, int, int]]:
    """What a channel told and what holds still: subject, reason, level, since when (UTC seconds)."""
    columns = select(alerts.c.subject, alerts.c.reason, alerts.c.level, alerts.c.since)
    with reading(engine) as connection:
        found = connection.execute(columns.where(alerts.c.channel == channel).order_by(alerts.c.subject))
        return [(row.subject, row.reason, row.level, row.since) for row in found]


def keep_told(engine: Engine, channel: str, subject: str, told: tuple[str, int, int] | None) -> None:
    """Keep what a channel told of a subject (reason, level, since when), `None` for that all is well."""
    with writing(engine) as connection:
        connection.execute(delete(alerts).where(alerts.c.channel == channel, alerts.c.subject == subject))
        if told is not None:
            reason, level, since = told
            values = {"channel": channel, "subject": subject, "reason": reason, "level": level, "since": since}
            connection.execute(insert(alerts).values(values))


def quarantined(engine: Engine) -> dict[str, int]:
    """Source name -> how many of its records are in quarantine, for those that have any."""
    counted = select(sources.c.name, func.count()).join(quarantine, quarantine.c.source_id == sources.c.id)
    with reading(engine) as connection:
        return {row[0]: row[1] for row in connection.execute(counted.group_by(sources.c.name))}


def feed_lead(engine: Engine, now: int) -> int:
    """How many seconds the feed clock runs ahead of `now` (UTC seconds), 0 when it does not."""
    with reading(engine) as connection:
        return max(0, int(connection.execute(select(feed_clock.c.sealed)).scalar_one()) - now)

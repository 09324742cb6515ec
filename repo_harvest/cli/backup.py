"""The commands for the day when a disk fails: backup, restamp."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import click

from repo_harvest import formats
from repo_harvest.cli.context import Context, pass_context
from repo_harvest.cli.say import say
from repo_harvest.store import schema
from repo_harvest.store.backup import back_up
from repo_harvest.store.engine import open_engine
from repo_harvest.store.restamp import restamp

__all__ = ["backup_command", "restamp_command"]


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--overwrite", is_flag=True, help="Replace the file if it is there.")
@pass_context
def backup_command(context: Context, file: Path, overwrite: bool) -> None:
    """Copy a SQLite database to a file, whole and consistent, while it is served and written.

    Example: repo-harvest backup /backups/feed.db --overwrite
    """
    size = back_up(context.engine, file, overwrite=overwrite)
    say(f"{file}: {size} bytes")


@click.command("restamp")
@click.option(
    "--after",
    type=click.DateTime(["%Y-%m-%dT%H:%M:%SZ"]),
    help="A UTC time: no datestamp that harvesters hold is later. For a feed whose clock ran ahead.",
)
@pass_context
def restamp_command(context: Context, after: datetime | None) -> None:
    """Publish all records anew, after an older backup was restored: harvesters then miss nothing that is in it.

    Stop all processes first. Records that were made after the backup are not in it, and stay with those who have them.

    Example: repo-harvest restamp
    """
    engine = open_engine(context.settings.database.url)
    try:
        schema.upgrade(engine, restored=True)
        least = 0 if after is None else int(after.replace(tzinfo=UTC).timestamp())
        count, datestamp = restamp(engine, clock=time.time, header_xml=formats.header, after=least)
    finally:
        engine.dispose()
    say(f"{count} records published anew, with datestamp {datetime.fromtimestamp(datestamp, UTC):%Y-%m-%dT%H:%M:%SZ}")
    say("Harvesters will fetch all of them once. Start the service again: tokens from before are refused.")

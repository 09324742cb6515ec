"""The command that takes a feed to another database."""

from __future__ import annotations

import click

from repo_harvest.cli.context import Context, pass_context
from repo_harvest.cli.say import say
from repo_harvest.store.engine import open_engine, shown
from repo_harvest.store.move import move

__all__ = ["move_command"]


@click.command("move")
@click.option(
    "--to", "to", required=True, metavar="URL", help="An empty database: sqlite:///… or postgresql+psycopg://…"
)
@pass_context
def move_command(context: Context, to: str) -> None:
    """Copy the whole feed to an empty database, so that harvesters notice nothing.

    Example: repo-harvest move --to postgresql+psycopg://feed@localhost/feed
    """
    target = open_engine(to)
    try:
        total = move(context.engine, target, lambda name, count: say(f"  {name:20} {count}", err=True))
        say(f"{total} rows copied and compared. Now set in the config file, under [database]:")
        say(f'url = "{shown(target.url)}"')
    finally:
        target.dispose()

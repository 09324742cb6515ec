"""The commands that make what nobody else may know: password, rotate-key."""

from __future__ import annotations

import click
from argon2 import PasswordHasher

from repo_harvest.cli.context import Context, pass_context
from repo_harvest.cli.say import say
from repo_harvest.errors import UsageError
from repo_harvest.store import schema

__all__ = ["password_command", "rotate_key_command"]

_SHORTEST = 12  # characters
_LONGEST = 1000


@click.command("password")
@click.argument("name")
def password_command(name: str) -> None:
    """Ask for a manager's new password, and print the line with its hash for [admin.users] of the config file.

    Example: repo-harvest password anna
    """
    password: str = click.prompt(f"Password of {name}", hide_input=True, confirmation_prompt=True, err=True)
    if not _SHORTEST <= len(password) <= _LONGEST:
        raise UsageError(f"a password has {_SHORTEST} to {_LONGEST} characters")
    say(f'"{name}" = "{PasswordHasher().hash(password)}"')


@click.command("rotate-key")
@pass_context
def rotate_key_command(context: Context) -> None:
    """Make the signing keys anew and sign every manager out: for when somebody may have seen the database or a backup.

    Harvests in progress are told badResumptionToken, and start their list again.

    Example: repo-harvest rotate-key
    """
    schema.rotate_keys(context.engine)
    say("the keys are new, and every manager is signed out")
    say("resumption tokens follow when `serve` is restarted: restart every one that uses this database", err=True)

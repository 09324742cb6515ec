"""The commands that serve what is published, and stop for maintenance: they read no page, and start without what does."""

from __future__ import annotations

import click

from repo_harvest.cli.context import Context, pass_context
from repo_harvest.cli.say import say
from repo_harvest.errors import SettingsError, UsageError
from repo_harvest.scheduler import next_due
from repo_harvest.settings import Settings
from repo_harvest.web.maintenance import LONGEST_WAIT, USUAL_WAIT, Maintenance
from repo_harvest.web.server import serve

__all__ = ["fit", "listening", "maintenance_command", "serve_command"]

_listen = (
    click.option("--host", help="Listen here instead of [server] host."),
    click.option("--port", type=int, help="Listen on this port instead of [server] port."),
    click.option("--workers", type=int, help="So many processes instead of [server] workers."),
)


def listening(command: click.decorators.FC) -> click.decorators.FC:
    """The options of a command that listens."""
    for option in reversed(_listen):
        command = option(command)
    return command


@click.command("serve")
@listening
@pass_context
def serve_command(context: Context, host: str | None, port: int | None, workers: int | None) -> None:
    """Serve the feed and its pages, and nothing else.

    Example: repo-harvest serve --port 8081
    """
    settings = fit(context.settings.listening(host=host, port=port, workers=workers))
    say(f"serving {settings.base_url}", err=True)
    serve(settings, due=next_due, config=context.config_file)


@click.command("maintenance")
@click.argument("state", type=click.Choice(["on", "off"]))
@click.option(
    "--retry-after",
    type=click.IntRange(1, LONGEST_WAIT),
    default=USUAL_WAIT,
    show_default=True,
    metavar="SECONDS",
    help="When harvesters may try again.",
)
@pass_context
def maintenance_command(context: Context, state: str, retry_after: int) -> None:
    """Answer everybody with 503 and when to come back, or serve again. Nothing is restarted; no database is needed.

    Example: repo-harvest maintenance on --retry-after 1800
    """
    file = context.settings.server.maintenance_file
    try:
        if state == "on":
            Maintenance(file).begin(retry_after)
            say(f"under maintenance, until: repo-harvest maintenance off ({file})")
        else:
            say("serving again" if Maintenance(file).end() else "there was no maintenance")
    except OSError as error:
        raise UsageError(f"server.maintenance_file: {file}: {error.strerror}") from None


def fit(settings: Settings) -> Settings:
    """The settings, if they may be shown to harvesters; raises `SettingsError` where examples would go out to the world.

    An identifier is for ever, so the example of one must never reach a harvester. On this machine alone it does no harm.
    """
    if settings.is_public and settings.examples:
        raise SettingsError("\n".join(settings.examples))
    for example in settings.examples:
        say(f"repo-harvest: {example}", err=True)
    return settings

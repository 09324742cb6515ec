"""Arguments in, one of the commands run, an exit status out; every failure is one line on stderr that says what to do."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from pathlib import Path

import click

from repo_harvest import __version__
from repo_harvest.cli.context import DEFAULT_CONFIG, Context
from repo_harvest.cli.say import say
from repo_harvest.errors import HarvestError
from repo_harvest.logs import begin

__all__ = ["main", "repo_harvest"]

_INTERRUPTED = 130  # what a shell says of a program that Ctrl+C ended


_COMMANDS = {
    "up": "service",
    "init": "service",
    "ingest": "service",
    "inspect": "inspect",
    "serve": "serving",
    "schedule": "service",
    "pause": "steering",
    "resume": "steering",
    "runs": "steering",
    "validate": "look",
    "check": "check",
    "formats": "formats",
    "schemas": "schemas",
    "show": "look",
    "status": "look",
    "duplicates": "duplicates",
    "import": "lines",
    "export": "lines",
    "backup": "backup",
    "restamp": "backup",
    "harvesters": "harvesters",
    "maintenance": "serving",
    "password": "keys",
    "rotate-key": "keys",
    "move": "move",
}
"""Each command and the module of this room that holds it: a run loads the one it needs, which saves most of a start."""


class _Commands(click.Group):
    """The commands, each loaded when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        if cmd_name not in _COMMANDS:
            return None
        module = import_module(f"repo_harvest.cli.{_COMMANDS[cmd_name]}")
        command = getattr(module, f"{cmd_name.replace('-', '_')}_command")
        assert isinstance(command, click.Command)
        return command


@click.group(name="repo-harvest", cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--config",
    "config",
    type=click.Path(path_type=Path, dir_okay=False),
    help=f"The config file. Without it: $REPO_HARVEST_CONFIG, else {DEFAULT_CONFIG} if there is one.",
)
@click.option("-v", "--verbose", is_flag=True, help="Say more of what is done.")
@click.version_option(__version__, prog_name="repo-harvest", message="%(prog)s %(version)s")
@click.pass_context
def repo_harvest(context: click.Context, config: Path | None, verbose: bool) -> None:
    """Read web pages of publications and serve them to library systems through OAI-PMH 2.0.

    Example: repo-harvest --config config/demo.toml up
    """
    begin(form="text", level="info" if verbose else "error")
    context.obj = Context(config=config, environ=dict(os.environ))
    context.call_on_close(context.obj.close)


def main() -> None:
    """Run the command line and exit with its status."""
    sys.exit(_status())


def _status() -> int:
    try:
        outcome = repo_harvest.main(standalone_mode=False)
    except click.exceptions.Exit as leave:
        return leave.exit_code
    except click.ClickException as wrong:
        wrong.show()
        return wrong.exit_code
    except HarvestError as error:
        for line in str(error).splitlines():
            say(f"repo-harvest: {line}", err=True)
        return error.exit_status
    except (KeyboardInterrupt, click.Abort):
        return _INTERRUPTED
    except BrokenPipeError:
        sys.stderr.close()  # whoever read us has left; there is nobody to tell
        return 1
    return outcome if isinstance(outcome, int) else 0

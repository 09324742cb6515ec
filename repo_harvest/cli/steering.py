"""The commands that steer the schedulers and show what they did: pause, resume, runs."""

from __future__ import annotations

import getpass
import time

import click

from repo_harvest.cli.context import Context, pass_context
from repo_harvest.cli.output import print_json, print_table, run_json, when
from repo_harvest.cli.say import say
from repo_harvest.errors import UsageError
from repo_harvest.model import Run
from repo_harvest.store import ledger, steering

__all__ = ["pause_command", "resume_command", "runs_command"]


@click.command("pause")
@click.argument("source")
@pass_context
def pause_command(context: Context, source: str) -> None:
    """Leave a source alone until it is resumed: no scheduler reads it. What it gave stays; `ingest` reads it all the same.

    Example: repo-harvest pause criminal-justice-and-peer-mentoring
    """
    source_id = _source_id(context, source)
    if steering.pause(context.engine, source_id, at=int(time.time()), by=_person()):
        say(f"{source}: paused, until: repo-harvest resume {source}")
    else:
        held = steering.steered(context.engine).get(source, steering.Steered())
        say(f"{source}: paused already, since {when(held.paused_at)} by {held.paused_by}")


@click.command("resume")
@click.argument("source")
@pass_context
def resume_command(context: Context, source: str) -> None:
    """Read a paused source on schedule again; if it came due meanwhile, once at the next look.

    Example: repo-harvest resume criminal-justice-and-peer-mentoring
    """
    done = steering.resume(context.engine, _source_id(context, source))
    say(f"{source}: {'read on schedule again' if done else 'was not paused'}")


@click.command("runs")
@click.argument("source", required=False)
@click.option(
    "--limit", type=click.IntRange(1, 100_000), default=20, show_default=True, help="So many runs, the last ones."
)
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
@pass_context
def runs_command(context: Context, source: str | None, limit: int, as_json: bool) -> None:
    """Show the last runs, of one source or of all, newest first: new, changed, same, merged and refused make up the entries read.

    Example: repo-harvest runs criminal-justice-and-peer-mentoring --limit 5
    """
    if source is not None and ledger.find_source(context.engine, source) is None:
        raise UsageError(f"{source}: no source of this name was ever run; `repo-harvest status` lists them")
    found = ledger.history(context.engine, source, limit)
    if as_json:
        print_json([run_json(run) for run in found])
        return
    rows = [[str(run.id), run.source, when(run.started), _took(run), run.came_of] for run in found]
    print_table("", ["run", "source", "started", "took", "what came of it"], rows)


def _took(run: Run) -> str:
    return "" if run.ended is None else f"{run.ended - run.started} s"


def _source_id(context: Context, name: str) -> int:
    """The id of a source that is configured or was run; raises `UsageError` for another."""
    url = next((one.url for one in context.workshop.sources() if one.name == name), None)
    if url is not None:
        return ledger.source_state(context.engine, name, url).id
    state = ledger.find_source(context.engine, name)
    if state is None:
        names = ", ".join(one.name for one in context.workshop.sources()) or "none"
        raise UsageError(f"{name}: no source has this name; configured sources: {names}")
    return state.id


def _person() -> str:
    """Who types."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "the command line"  # a user id without a name, as in containers

"""The commands on the XML schemas that records and answers are judged by: list, verify. No config, no database."""

from __future__ import annotations

from pathlib import Path

import click

from repo_harvest.cli.output import print_json, print_table, progress
from repo_harvest.cli.say import say
from repo_harvest.errors import UsageError
from repo_harvest.verify import SETS, Verdict, hold, listed
from repo_harvest.verify.copies import Copies

__all__ = ["schemas_command"]

_MOST_SHOWN = 10


@click.group("schemas")
def schemas_command() -> None:
    """Tell which XML schemas records and answers are judged by, and hold them against the official ones.

    Example: repo-harvest schemas list
    """


@schemas_command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def list_command(as_json: bool) -> None:
    """List each schema: the formats judged by it, its namespace, the official one that it stands for, and its version.

    Example: repo-harvest schemas list
    """
    found: list[dict[str, str | list[str]]] = [
        {
            "file": one.file,
            "formats": list(one.formats),
            "namespace": one.namespace,
            "version": one.official.version,
            "official": one.official.address,
        }
        for one in listed()
    ]
    if as_json:
        print_json(found)
        return
    columns = ["file", "formats", "namespace", "version", "official"]
    rows = [[value if isinstance(value, str) else "\n".join(value) for value in one.values()] for one in found]
    print_table("", columns, rows)


@schemas_command.command("verify")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--set", "names", multiple=True, type=click.Choice([these.name for these in SETS]), help="Only these.")
@click.option(
    "--mutants", type=click.IntRange(min=0), default=1000, show_default=True, help="About how many documents to make."
)
@click.option("--seed", type=int, default=1, show_default=True, help="Of what is made at random.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def verify_command(folder: Path, names: tuple[str, ...], mutants: int, seed: int, as_json: bool) -> int:
    """Hold the schemas against official copies in DIR: both have to say the same of samples, and of samples with changes.

    DIR and the folders below it hold the files under the names that they are published by. Nothing else is read, and nothing
    is downloaded. Example: repo-harvest schemas verify official
    """
    copies = Copies(folder)
    chosen = [these for these in SETS if these.name in (names or [these.name])]
    known = [these for these in chosen if copies.known(these)]
    if not known:
        raise UsageError(f"{folder}: no official schemas are there; `repo-harvest schemas list` says where to get them")
    with progress("comparing", len(known)) as advance:
        verdicts = []
        for these in known:
            verdicts.append(hold(these, copies, seed=seed, mutants=mutants))
            advance(1)
    absent = {these.name: copies.lacking(these) for these in chosen if these not in known}
    if as_json:
        print_json({"compared": [_as_json(verdict) for verdict in verdicts], "absent": absent})
    else:
        _print(verdicts, absent)
    return 0 if all(verdict.same for verdict in verdicts) else 1


def _as_json(verdict: Verdict) -> dict[str, object]:
    return {
        "set": verdict.name,
        "formats": verdict.formats,
        "ours_on_both_sides": verdict.ours_twice,
        "corrected": verdict.corrected,
        "valid": verdict.valid,
        "invalid": verdict.invalid,
        "names_on_one_side": verdict.one_sided,
        "differences": [
            {"accepted_by": one.accepted_by, "refused_by": one.refused_by, "why": one.why, "document": one.document}
            for one in verdict.differences
        ],
        "fault": verdict.fault,
    }


def _print(verdicts: list[Verdict], absent: dict[str, tuple[str, ...]]) -> None:
    """Counts on stdout; what differs, or could not be compared, on stderr."""
    for verdict in verdicts:
        about = f"{verdict.name} ({', '.join(verdict.formats)})"
        if verdict.fault:
            say(f"{about}: not compared: {verdict.fault}", err=True)
            continue
        total = verdict.valid + verdict.invalid + len(verdict.differences)
        said = f"{about}: {total} documents, {verdict.valid} valid by both, {verdict.invalid} invalid by both"
        say(f"{said}, {len(verdict.differences)} judged differently")
        if verdict.ours_twice:
            say(f"  without an official copy, so that both sides read ours: {', '.join(verdict.ours_twice)}")
        if verdict.corrected:
            say("  the official files contradict their own profile; they are read with the corrections that ours lists")
        for name in verdict.one_sided:
            say(f"  {verdict.name}: only one side declares {name}", err=True)
        for one in verdict.differences[:_MOST_SHOWN]:
            say(f"  {one.refused_by} refuses what {one.accepted_by} accepts: {one.why}\n    {one.document}", err=True)
        if len(verdict.differences) > _MOST_SHOWN:
            say(f"  and {len(verdict.differences) - _MOST_SHOWN} more", err=True)
    for name, files in absent.items():
        say(f"{name}: not compared: {', '.join(files)} not in the folder")

"""The commands for many records at once: import and export."""

from __future__ import annotations

from pathlib import Path

import click

from repo_harvest.cli.context import Context, pass_context
from repo_harvest.cli.output import print_json, print_report, progress, report_json
from repo_harvest.cli.say import say
from repo_harvest.ingest.lines import export_lines, import_file, migrate_file
from repo_harvest.store.browse import count_feed

__all__ = ["export_command", "import_command"]


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--migrate",
    is_flag=True,
    help="Into an empty feed: keep identifiers, datestamps, sets and deletions; match nothing.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
@pass_context
def import_command(context: Context, file: Path, migrate: bool, as_json: bool) -> int:
    """Load records from a file of JSON lines; the documentation says what a line holds.

    Example: repo-harvest import records.jsonl
    """
    context.begin()
    with progress(f"reading {file.name}", file.stat().st_size) as told:
        load = migrate_file if migrate else import_file
        report = load(file, context.workshop.press(), told=told)
    context.workshop.settle()
    if as_json:
        print_json(report_json(report))
    else:
        print_report(report)
    return 1 if report.run.refused else 0


@click.command("export")
@click.option("--format", "form", type=click.Choice(["jsonl"]), default="jsonl", help="The form of the export.")
@click.option("--output", type=click.Path(path_type=Path, dir_okay=False), help="Write to this file instead of stdout.")
@pass_context
def export_command(context: Context, form: str, output: Path | None) -> None:
    """Write every item, deleted ones too, as JSON lines that `import --migrate` reads back to the same feed.

    Example: repo-harvest export --output records.jsonl
    """
    del form  # there is one so far
    counts = count_feed(context.engine, now=0)
    with progress("writing", counts.live + counts.deleted) as advance:
        if output is None:
            for line in export_lines(context.workshop.press()):
                say(line, nl=False)
                advance(1)
            return
        with output.open("w", encoding="utf-8") as file:
            for line in export_lines(context.workshop.press()):
                file.write(line)
                advance(1)

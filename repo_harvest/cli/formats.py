"""The command that tells where each field of a record goes in each metadata format: no config, no database."""

from __future__ import annotations

import click

from repo_harvest.cli.output import print_json, print_table
from repo_harvest.cli.say import say
from repo_harvest.errors import UsageError
from repo_harvest.formats import FORMATS
from repo_harvest.formats.crosswalk import crosswalk

__all__ = ["formats_command"]

_NOWHERE = "left out"


@click.command("formats")
@click.option("--format", "prefix", metavar="PREFIX", help="Only this metadata format, such as oai_dc.")
@click.option("--markdown", is_flag=True, help="Print one table in Markdown, a column a format.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def formats_command(prefix: str | None, markdown: bool, as_json: bool) -> None:
    """Tell where each field of a record goes in each metadata format, as rendering shows it.

    Example: repo-harvest formats --format marcxml
    """
    if prefix is not None and prefix not in FORMATS:
        raise UsageError(f"--format: no metadata format is called {prefix!r}; there are: {', '.join(FORMATS)}")
    if markdown and as_json:
        raise UsageError("--markdown and --json: give one of them")
    wanted = [prefix] if prefix else list(FORMATS)
    table = {field: {name: by_format[name] for name in wanted} for field, by_format in crosswalk().items()}
    if as_json:
        print_json(table)
    elif markdown:
        say(_markdown(table, wanted))
    else:
        rows = [
            [field, name, ", ".join(paths) or _NOWHERE]
            for name in wanted
            for field, paths in ((field, by_format[name]) for field, by_format in table.items())
        ]
        print_table("", ["field", "format", "where"], rows)


def _markdown(table: dict[str, dict[str, tuple[str, ...]]], wanted: list[str]) -> str:
    rows = [["field", *wanted], ["---"] * (len(wanted) + 1)]
    for field, by_format in table.items():
        cells = ["<br>".join(f"`{path}`" for path in by_format[name]) or _NOWHERE for name in wanted]
        rows.append([f"`{field}`", *cells])
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)

"""The command line out as a page: every command and its options, as the program reads them."""

from __future__ import annotations

from collections.abc import Iterator

import click

from docs.reference.markdown import code, paragraphs, table
from repo_harvest.cli.group import repo_harvest

__all__ = ["every", "page"]

_TOP = """# Commands

`repo-harvest [--config FILE] [--verbose] COMMAND` takes options before and after the name of the command. What prints a table
prints JSON with `--json`. [How a command ends](statuses.md) is said by its exit status.
"""


def every(command: click.Command, name: str = "") -> Iterator[tuple[str, click.Command]]:
    """A command and all that are below it, each with the words that call it."""
    yield name, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for word in command.list_commands(context):
            below = command.get_command(context, word)
            assert below is not None, word
            yield from every(below, f"{name} {word}".strip())


def page() -> str:
    """The page, in Markdown."""
    (_, whole), *commands = every(repo_harvest)
    listed = [[f"[`{name}`](#{name.replace(' ', '-')})", _first(command)] for name, command in commands]
    told = "\n".join(_section(name, command) for name, command in commands)
    return f"{_TOP}\n{_options(whole)}\n{table(['command', 'what it does'], listed)}\n{told}"


def _first(command: click.Command) -> str:
    return paragraphs(command.help)[0].partition(" Example: ")[0]


def _section(name: str, command: click.Command) -> str:
    context = click.Context(command, info_name=f"repo-harvest {name}")
    usage = " ".join(["repo-harvest", name, *command.collect_usage_pieces(context)])
    said, example = [], ""
    for paragraph in paragraphs(command.help):
        before, _, after = paragraph.partition("Example: ")
        example = example or after
        said += [before.strip()] if before.strip() else []
    shown = f"```console\n$ {example}\n```\n" if example else ""
    anchor = name.replace(" ", "-")
    return f"## `{name}` {{ #{anchor} }}\n\n{code(usage)}\n\n" + "\n\n".join([*said, shown, _options(command)])


def _options(command: click.Command) -> str:
    context = click.Context(command)
    rows = [found for one in command.get_params(context) if (found := one.get_help_record(context)) is not None]
    told = [[code(form), meaning] for form, meaning in rows if "--help" not in form]
    return table(["option", "meaning"], told) if told else ""

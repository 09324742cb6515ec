"""A page of the documentation in, what it has people do out: files to write, edits to make, commands to type and what they print."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from repo_harvest.cli.group import repo_harvest

__all__ = ["DOCS", "PAGES", "ROOT", "Edit", "Step", "Written", "called", "doings", "named", "parse"]

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs" / "pages"
PAGES = sorted(DOCS.rglob("*.md"))

_FENCE = re.compile(r'^( *)```(\w+)(?: title="([^"]+)")?\n(.*?)^\1```$', re.MULTILINE | re.DOTALL)
_PROMPT = re.compile(r"[$#] ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A whole file."""

    name: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Lines of a file that are to become others."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A command, and the lines that the page shows below it."""

    command: str
    shown: tuple[str, ...]

    @property
    def is_to_fail(self) -> bool:
        """Whether the page shows a complaint: a command that fails says why at the start of a line."""
        return any(line.startswith(("refused: ", "repo-harvest: ")) for line in self.shown)


def doings(page: Path) -> Iterator[Written | Edit | Step]:
    """Everything that a page has people do, in its order."""
    for indent, kind, name, body in _FENCE.findall(page.read_text(encoding="utf-8")):
        text = "".join(line.removeprefix(indent) for line in body.splitlines(keepends=True))
        if kind == "console":
            yield from _steps(text)
        elif kind == "diff":
            yield Edit(name=name, old=_side(text, "-"), new=_side(text, "+"))
        elif name:
            yield Written(name=name, text=text)


def _side(diff: str, sign: str) -> str:
    return "".join(line[1:] for line in diff.splitlines(keepends=True) if line[0] in {sign, " "})


def _steps(text: str) -> Iterator[Step]:
    lines = text.splitlines()
    while lines:
        assert _PROMPT.match(lines[0]), f"not a command: {lines[0]}"
        command = lines.pop(0)[2:]
        while command.endswith("\\"):
            command = f"{command[:-1].rstrip()} {lines.pop(0).strip()}"
        shown = []
        while lines and not _PROMPT.match(lines[0]):
            shown.append(lines.pop(0))
        yield Step(command=command, shown=tuple(shown))


def called(command: str) -> list[list[str]]:
    """The arguments of each call of the program in a command line.

    >>> called("repo-harvest status --json | jq . && repo-harvest init")
    [['status', '--json'], ['init']]
    """
    lexer = shlex.shlex(command, posix=True, punctuation_chars="|&;()<>")
    lexer.whitespace_split = True
    calls: list[list[str]] = []
    call: list[str] | None = None
    for word in lexer:
        if set(word) <= set("|&;()<>"):
            call = None
        elif call is not None:
            call.append(word)
        elif word.rsplit("/", 1)[-1] == "repo-harvest":
            calls.append(call := [])
    return calls


def parse(arguments: list[str]) -> None:
    """Have the program's own parser read the arguments, and run nothing; raises `click.UsageError` if it refuses them."""
    command: click.Command = repo_harvest
    context: click.Context | None = None
    while True:
        try:
            context = command.make_context(command.name, list(arguments), parent=context)
        except click.exceptions.Exit:  # of --help and --version
            return
        if not isinstance(command, click.Group):
            return
        name, below, arguments = command.resolve_command(context, [*context._protected_args, *context.args])
        assert below is not None, name
        command = below


def named(page: Path) -> str:
    return str(page.relative_to(DOCS))

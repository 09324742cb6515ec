"""Words and rows in, Markdown out that shows them as they are."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Sequence

__all__ = ["code", "paragraphs", "summary", "table"]

_BY_ITSELF = re.compile(r"([|<>*_\[\]])")


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; its cells are Markdown already, on one line each.

    >>> print(table(["a", "b"], [["1", "2"]]), end="")
    | a | b |
    |---|---|
    | 1 | 2 |
    """
    lines = [heads, *rows]
    told = ["| " + " | ".join(cell.replace("\n", " ") for cell in line) + " |\n" for line in lines]
    return "".join([told[0], "|" + "---|" * len(heads) + "\n", *told[1:]])


def code(text: str) -> str:
    r"""A piece of code, in a sentence or a cell; nothing for nothing.

    >>> code("a|b"), code("")
    ('`a\\|b`', '')
    """
    return f"`{text.replace('|', chr(92) + '|')}`" if text else ""


def paragraphs(text: str | None) -> list[str]:
    r"""The paragraphs of a docstring, each on one line, with nothing in them but code that Markdown would take for its own.

    >>> paragraphs("One *star*\n    more.\n\n    Two, `as *it* is`.")
    ['One \\*star\\* more.', 'Two, `as *it* is`.']
    """
    clean = inspect.cleandoc(text or "")
    return [_plain(" ".join(part.split())) for part in re.split(r"\n\s*\n", clean) if part.strip()]


def summary(text: str | None) -> str:
    """The first paragraph of a docstring; nothing where there is none."""
    return next(iter(paragraphs(text)), "")


def _plain(text: str) -> str:
    parts = re.split(r"(`[^`]*`)", text)
    return "".join(part if part.startswith("`") else _BY_ITSELF.sub(r"\\\1", part) for part in parts)

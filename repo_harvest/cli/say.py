r"""Words in, the same on the terminal out: only words, whatever a page has put into them.

Rule: a terminal obeys control characters (ECMA-48), and shows text after a bidirectional control out of its order (Unicode
Standard Annex #9). Both are written out as \u001b, which is also how JSON writes them. Line breaks and tabs stay.
"""

from __future__ import annotations

import re

import click
from rich.text import Text

__all__ = ["say", "shown", "styled"]

_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def say(text: str, *, err: bool = False, nl: bool = True) -> None:
    """Print the text on stdout, or with `err` on stderr; without `nl` its line goes on."""
    click.echo(shown(text), err=err, nl=nl)


def shown(text: str) -> str:
    r"""The text as a terminal may get it.

    >>> print(shown("Mentoring\x1b[2J\N{RIGHT-TO-LEFT OVERRIDE}gnirotnem"))
    Mentoring\u001b[2J\u202egnirotnem
    """
    return text if text.isprintable() else _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def styled(text: str, style: str = "") -> Text:
    """The text for a table or a styled line; nothing in it is markup."""
    return Text(shown(text), style=style)

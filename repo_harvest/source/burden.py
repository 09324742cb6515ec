"""A page's text in, the reason out why it must not be made into a tree: too many tags or lines, most of them empty.

Rule: what reading costs is counted before it is paid. A tag or a line of one letter costs as much memory as one of a
hundred, a few kilobytes, so a page of a few megabytes can ask for gigabytes. Twenty thousand works in one list have some
three hundred thousand tags and lines, with 40 characters to each; tables with a cell for each word have 12. The
alternative that lost: a limit of size alone, which refuses long lists before it refuses these.
"""

from __future__ import annotations

import re

__all__ = ["burden"]

_MOST = 400_000  # tags, or lines that hold something
_MANY, _LEAST = 80_000, 10  # so many must hold so many characters each, their own included
_MOST_BREAKS = 2_000_000  # ends of lines, whether or not something stands between them
_BREAKS = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"  # what ends a line for `str.splitlines`
_END_OF_LINE = re.compile(rf"[^\s][^\S{_BREAKS}]*[{_BREAKS}]")


def burden(text: str) -> str | None:
    """Why the text is too much to be read, as a clause; `None` if it is not.

    >>> burden("<li>x" * 1_000_000)
    'it has 1,000,000 tags'
    >>> burden("<li>x" * 100_000)
    'it has 100,000 tags and almost nothing between them'
    >>> burden("<li>Okafor, A. (2020). Mentoring after prison. Bristol: Policy Press.</li>" * 100_000) is None
    True
    """
    breaks = sum(map(text.count, _BREAKS))
    lines = sum(1 for _ in _END_OF_LINE.finditer(text)) if _MANY < breaks <= _MOST_BREAKS else breaks
    for count, name, most in (
        (text.count("<"), "tags", _MOST),
        (breaks, "lines", _MOST_BREAKS),
        (lines, "lines", _MOST),
    ):
        if count > most:
            return f"it has {count:,} {name}"
    for count, what in (
        (text.count("<"), "tags and almost nothing between them"),
        (lines, "lines with almost nothing in them"),
    ):
        if count > _MANY and len(text) < count * _LEAST:
            return f"it has {count:,} {what}"
    return None

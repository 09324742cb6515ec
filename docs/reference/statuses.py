"""How a command can end, out as a page: exit statuses, and every failure with the status that it gives."""

from __future__ import annotations

from collections.abc import Iterator

from docs.reference.markdown import code, summary, table
from repo_harvest.errors import HarvestError

__all__ = ["page"]

_TOP = """# Exit statuses

| status | means |
|---|---|
| `0` | done |
| `1` | something was refused or failed; what was served before is served still, and stderr says what to do |
| `2` | wrong usage or configuration; nothing was begun |
| `130` | ended with Ctrl+C |

`ingest` ends with 1 also when an entry was refused for itself, and is kept in quarantine, though the others were published: a script that
calls it should look at stderr, or at `--json`.

## What can fail

Each failure is one line on stderr that begins with `repo-harvest:`. Inside the program they have the names below; one that stands
further in is a kind of the one above it.

"""


def page() -> str:
    """The page, in Markdown."""
    rows = [
        [f"{'&emsp;' * depth}{code(kind.__name__)}", code(str(kind.exit_status)), summary(kind.__doc__)]
        for depth, kind in _tree(HarvestError)
    ]
    return _TOP + table(["failure", "status", "means"], rows)


def _tree(kind: type[HarvestError], depth: int = 0) -> Iterator[tuple[int, type[HarvestError]]]:
    yield depth, kind
    for below in kind.__subclasses__():
        yield from _tree(below, depth + 1)

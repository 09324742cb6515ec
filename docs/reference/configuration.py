"""The keys of the config file out as a page: name, environment variable, values, default and meaning of each."""

from __future__ import annotations

from itertools import groupby

from docs.reference.markdown import code, table
from repo_harvest.settings import KEYS
from repo_harvest.settings.keys import CONFIG_VARIABLE, PREFIX, Key

__all__ = ["page"]

_TOP = f"""# Configuration

One file in TOML; `config/repo-harvest.toml` explains each key where it stands. `--config FILE` names it, else `{CONFIG_VARIABLE}`, else
`config/repo-harvest.toml` is taken if it is there. Every key is also an environment variable, which wins over the file: `{PREFIX}`, the
section, `_` and the key, in capitals. Lists and tables are written there as JSON. A key that does not exist stops the start, and
the message names the nearest one that does.

`[[source]]` and `[sets]` are given as a whole, as JSON, in `{PREFIX}SOURCE` and `{PREFIX}SETS`.
"""


def page() -> str:
    """The page, in Markdown."""
    sections = [(name, list(keys)) for name, keys in groupby(KEYS, key=_section)]
    return _TOP + "".join(f"\n## {_heading(name)}\n\n{_table(keys)}" for name, keys in sections)


def _section(key: Key) -> str:
    return key.name.partition(".")[0]


def _heading(section: str) -> str:
    return f"`[[{section[:-2]}]]`" if section.endswith("[]") else f"`[{section}]`"


def _table(keys: list[Key]) -> str:
    rows = [
        [
            code(key.name.partition(".")[2].removeprefix("*.")),
            key.type.replace("|", "\\|"),
            code(key.default) or ("" if key.name.startswith(("source", "sets")) else "none"),
            key.description,
            code(key.variable),
        ]
        for key in keys
    ]
    if all(row[4] == rows[0][4] for row in rows):
        return table(["key", "is", "default", "meaning"], [row[:4] for row in rows])
    return table(["key", "is", "default", "meaning", "in the environment"], rows)

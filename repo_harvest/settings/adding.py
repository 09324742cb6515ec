"""A new source in, its table in the config file out: checked as every start checks it, and nothing else in the file touched.

The table is put at the end, so that comments, order and whatever people wrote stay as they are, byte for byte; a config file
that cannot hold it there (one with `source = […]` on a line) is refused by its own check. The file is replaced as a whole, or not.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from repo_harvest.errors import SettingsError
from repo_harvest.settings.faults import sentences
from repo_harvest.settings.load import load
from repo_harvest.settings.model import Source

__all__ = ["add_source", "faults_of", "source_table"]

Values = Mapping[str, str | Sequence[str]]


def source_table(values: Values) -> str:
    r"""The table of a source in TOML; keys without a value are left out.

    >>> print(source_table({"name": "peer", "url": "https://example.org/", "schedule": "", "sets": ["a:b"]}), end="")
    [[source]]
    name = "peer"
    url = "https://example.org/"
    sets = ["a:b"]
    """
    lines = [f"{key} = {_toml(value)}" for key, value in values.items() if value]
    return "\n".join(["[[source]]", *lines, ""])


def faults_of(values: Values) -> dict[str, str]:
    """Key -> what is wrong with its value, of a source by itself; empty when nothing is."""
    try:
        Source.model_validate({key: value for key, value in values.items() if value})
    except ValidationError as error:
        found = [(section, sentence.partition(": ")[2]) for section, _, sentence in sentences(error)]
        return dict(reversed(found))
    return {}


def add_source(file: Path, environ: Mapping[str, str], values: Values) -> None:
    """Put a source at the end of the config file; raises `SettingsError` with nothing written, `OSError` where it cannot be."""
    there = file.resolve()
    with _alone(there.parent):
        before = there.read_bytes()
        more = ("\n" if not before or before.endswith(b"\n") else "\n\n") + source_table(values)
        made = load(there, environ, more=more)
        if values["name"] not in {source.name for source in made.sources}:
            raise SettingsError("the sources are set by an environment variable, which wins over the config file")
        new = there.with_name(f".{there.name}.{os.getpid()}")
        try:
            with new.open("xb") as writing:
                writing.write(before + more.encode())
                writing.flush()
                os.fsync(writing.fileno())
            new.chmod(there.stat().st_mode & 0o777)
            new.replace(there)
        finally:
            new.unlink(missing_ok=True)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Two managers who add at once take turns."""
    held = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


def _toml(value: str | Sequence[str]) -> str:
    """A TOML string or list of strings (TOML 1.0, Basic strings): as in JSON, and DEL escaped too."""
    return json.dumps(value if isinstance(value, str) else list(value), ensure_ascii=False).replace("\x7f", "\\u007f")

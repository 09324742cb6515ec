"""A config file and environment variables in, one frozen `Settings` out, or a `SettingsError` that lists every fault.

The environment wins over the file, the file over the defaults. Nothing is ignored: an unknown key or an unknown
`REPO_HARVEST_…` variable stops the start. The alternative that lost was pydantic-settings: it reads the environment
of the process rather than the one it is given, passes over unknown variables, and stops at the first bad one.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from repo_harvest.errors import SettingsError
from repo_harvest.settings.faults import dotted, nearest, sentences, syntax_fault
from repo_harvest.settings.forms import printable
from repo_harvest.settings.keys import CONFIG_VARIABLE, PREFIX, READERS
from repo_harvest.settings.model import Settings

__all__ = ["load"]


def load(path: Path | None, environ: Mapping[str, str], *, more: str = "") -> Settings:
    """The settings of one config file (without `path`, the one that REPO_HARVEST_CONFIG names, if any) and `environ`.

    With `more`, which is TOML, as they would be if that stood at the end of the file. File names in `[[source]]` are relative to the folder of the config file. Raises `SettingsError`, whose text has
    one line for each fault, when the file cannot be read, a key is unknown or a value is wrong.
    """
    named = environ.get(CONFIG_VARIABLE)
    file = path or (Path(named) if named else None)
    values: dict[str, object] = {} if file is None else _read(file, more)
    given, faults = _from_environment(environ)
    _overlay(values, given)
    try:
        settings = Settings.model_validate(values, context=file.parent if file else None)
    except ValidationError as error:
        origins = {key: variable for variable, (key, _) in READERS.items() if key in given}
        for section, key, sentence in sentences(error):
            origin = origins.get((section,)) or origins.get((section, key)) or file
            faults.append(f"{origin}: {sentence}")
        raise SettingsError("\n".join(faults)) from None
    if faults:
        raise SettingsError("\n".join(faults))
    return settings


def _read(file: Path, more: str) -> dict[str, object]:
    """The file and `more` as TOML; a byte order mark, as some editors write it, is passed over."""
    try:
        text = file.read_bytes().decode("utf-8-sig") + more
    except FileNotFoundError:
        raise SettingsError(f"{file}: no such config file; name yours with --config or {CONFIG_VARIABLE}") from None
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise SettingsError(f"{file}: line {line} is not UTF-8; save the file as UTF-8") from None
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise SettingsError(syntax_fault(file, text, str(error))) from None


def _from_environment(environ: Mapping[str, str]) -> tuple[dict[tuple[str, ...], object], list[str]]:
    """The keys that variables set, and a fault for each variable that is unknown or cannot be read."""
    given: dict[tuple[str, ...], object] = {}
    faults = []
    for variable in sorted(name for name in environ if name.startswith(PREFIX) and name != CONFIG_VARIABLE):
        if variable not in READERS:
            known = nearest(variable, [*READERS, CONFIG_VARIABLE])
            faults.append(f"{printable(variable)}: is not a known environment variable; the nearest is {known}")
            continue
        key, read = READERS[variable]
        try:
            given[key] = read(environ[variable])
        except ValueError as error:
            faults.append(f"{variable}: {dotted(key)}: {error}")
    return given, faults


def _overlay(values: dict[str, object], given: Mapping[tuple[str, ...], object]) -> None:
    """Put what the environment gives over what the file holds; a section that is no table is left for its fault."""
    for (section, *rest), value in given.items():
        if not rest:
            values[section] = value
        elif isinstance(table := values.setdefault(section, {}), dict):
            table[rest[0]] = value

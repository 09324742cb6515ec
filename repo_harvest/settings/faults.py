"""What pydantic found wrong in, one line for each fault out: where it was written, which key, what is right.

The order is: origin (the file, or the environment variable), dotted key, sentence. No value of `database.url` is ever
repeated, because it may hold a password.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

from pydantic import ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz import fuzz, process

from repo_harvest.settings.forms import printable
from repo_harvest.settings.keys import KEYS

__all__ = ["dotted", "nearest", "sentences", "syntax_fault"]

_SENTENCES = {
    "model_type": "is not a table",
    "model_attributes_type": "is not a table",
    "dict_type": "is not a table",
    "tuple_type": "is not a list; write it in square brackets",
}
_SECTIONS = tuple(dict.fromkeys(re.split(r"[.\[]", key.name, maxsplit=1)[0] for key in KEYS))


def dotted(path: Iterable[str | int]) -> str:
    """The path to a key as a person writes it.

    >>> dotted(("source", 0, "defaults", "language"))
    'source[0].defaults.language'
    >>> dotted(("sets", "social-work:peers"))
    'sets."social-work:peers"'
    """
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            bare = part if re.fullmatch("[A-Za-z0-9_-]+", part) else printable(json.dumps(part, ensure_ascii=False))
            text += f".{bare}" if text else bare
    return text


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name most like a wrong one, by the whole of it or by its last part.

    >>> nearest("feed.pagesize", ["feed.page_size", "server.port"])
    'feed.page_size'
    """

    def likeness(wrong: str, right: str, **_options: object) -> float:
        return max(fuzz.ratio(wrong, right), fuzz.ratio(wrong.rpartition(".")[2], right.rpartition(".")[2]) - 1)

    return str(process.extractOne(name, list(known), scorer=likeness)[0])


def sentences(error: ValidationError) -> list[tuple[str, str, str]]:
    """Each fault as the section it is in, the section's key (empty for a whole section), and `key: sentence`."""
    faults = []
    for detail in error.errors(include_url=False):
        path = tuple(part for part in detail["loc"] if part != "[key]")
        section, key = str(path[0]), str(path[1]) if len(path) > 1 else ""
        faults.append((section, key, f"{dotted(path)}: {_sentence(detail, path)}"))
    return faults


def _sentence(detail: ErrorDetails, path: tuple[str | int, ...]) -> str:
    kind = detail["type"]
    if kind == "extra_forbidden":
        return f"is not a known key; the nearest is {_nearest_key(path)}"
    if kind == "value_error":
        return str(detail["ctx"]["error"])
    if kind == "missing":
        return f"is missing; give {_form_of(path)}"
    if path[0] == "sets" and len(path) == 2 and kind == "model_type":  # noqa: PLR2004  # a set itself
        return "is neither the name of the set nor a table that holds it"
    if path == ("source",):
        return "is not a list of tables; write [[source]] in double brackets above the keys of each source"
    return _SENTENCES.get(kind, detail["msg"])


def _general(path: Iterable[str | int]) -> str:
    """The path as `KEYS` names it: any source, any set.

    >>> _general(("source", 1, "url")), _general(("sets", "a:b", "name"))
    ('source[].url', 'sets.*.name')
    """
    first, *rest = path
    if first == "sets" and rest:
        return ".*.".join(("sets", dotted(rest[1:]))).rstrip(".")
    return re.sub(r"\[[0-9]+\]", "[]", dotted(path))


def _nearest_key(path: tuple[str | int, ...]) -> str:
    """The nearest known key; where the wrong one is in a source or a set, written with the name of that one."""
    found = nearest(_general(path), [*_SECTIONS, *(key.name for key in KEYS)])
    if path[0] == "sets":
        return found.replace("sets.*", dotted(path[:2]))
    index = next((part for part in path if isinstance(part, int)), None)
    return found if index is None else found.replace("[]", f"[{index}]")


def _form_of(path: tuple[str | int, ...]) -> str:
    return next((key.type for key in KEYS if key.name == _general(path)), "a value")


def syntax_fault(file: Path, text: str, message: str) -> str:
    """One line for a TOML mistake, with the number of its line, and a hint for the commonest one."""
    lines = text.splitlines()
    message = message.replace("at end of document", f"at line {max(len(lines), 1)}, the last one")
    found = re.search(r"at line ([0-9]+)", message)
    line = lines[int(found[1]) - 1] if found and int(found[1]) <= len(lines) else ""
    hint = "; a key with a colon in it stands in quotes" if re.match(r"\s*[A-Za-z0-9_.-]+:[^=]*=", line) else ""
    return f"{file}: is not TOML: {message}{hint}"

"""The models in, a table of every key out: name, environment variable, type, default and meaning.

Derived from the field declarations, so that it cannot miss a key; documentation and tests list it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from repo_harvest.settings.forms import Form, read_json
from repo_harvest.settings.model import Settings

__all__ = ["CONFIG_VARIABLE", "KEYS", "PREFIX", "READERS", "Key"]

PREFIX = "REPO_HARVEST_"
CONFIG_VARIABLE = f"{PREFIX}CONFIG"


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One key: `name` is dotted (`feed.page_size`, `source[].url`, `sets.*.name`), `default` is TOML, empty where there is none.

    `variable` is the environment variable that sets it; the keys of a source or set share the one that sets all of these.
    """

    name: str
    variable: str
    type: str
    default: str
    description: str


def _fields(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, FieldInfo]]:
    """Every key of a model and of the tables inside it, in the order of declaration."""
    for attribute, field in model.model_fields.items():
        name = prefix + (field.alias or attribute)
        if (table := _model(field.annotation)) is not None:
            yield from _fields(table, f"{name}.")
        elif (item := next(filter(None, map(_model, get_args(field.annotation))), None)) is not None:
            yield from _fields(item, f"{name}.*." if get_origin(field.annotation) is Mapping else f"{name}[].")
        else:
            yield name, field


def _model(annotation: object) -> type[BaseModel] | None:
    return annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None


def _form(annotations: Iterable[object]) -> Form | None:
    return next((part for part in annotations if isinstance(part, Form)), None)


def _type(field: FieldInfo) -> str:
    if (form := _form(field.metadata)) is not None:
        return form.text
    inner = [form.text for form in map(_form, map(get_args, get_args(field.annotation))) if form is not None]
    return f"a list; each item is {inner[0]}"


def _default(field: FieldInfo) -> str:
    value = None if field.is_required() else field.get_default(call_default_factory=True, validated_data={})
    return "" if value is None else json.dumps(value, default=str)


def _variable(name: str) -> str:
    return PREFIX + _collection(name).replace(".", "_").upper()


def _collection(name: str) -> str:
    """The list or table of tables that a key is in; else the key itself.

    >>> _collection("source[].defaults.type"), _collection("sets.*.name"), _collection("feed.page_size")
    ('source', 'sets', 'feed.page_size')
    """
    return name.partition("[")[0].partition(".*")[0]


def _reader(field: FieldInfo) -> Callable[[str], object]:
    form = _form(field.metadata)
    return read_json if form is None else form.read


_ALL = tuple(_fields(Settings))

KEYS: tuple[Key, ...] = tuple(
    Key(
        name=name,
        variable=_variable(name),
        type=_type(field),
        default=_default(field),
        description=field.description or "",
    )
    for name, field in _ALL
)

READERS: dict[str, tuple[tuple[str, ...], Callable[[str], object]]] = {
    _variable(name): (tuple(name.split(".")), _reader(field))
    if _collection(name) == name
    else ((_collection(name),), read_json)
    for name, field in _ALL
}
"""Each environment variable: the key it sets, and how its text is read."""

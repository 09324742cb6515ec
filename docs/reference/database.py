"""The tables and migrations out as a page: columns as SQLAlchemy has them, what they mean as the comments beside them say."""

from __future__ import annotations

import ast
import inspect
import io
import tokenize
from collections.abc import Iterator, Mapping
from types import ModuleType

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Table

from docs.reference.markdown import code, paragraphs, summary, table
from repo_harvest.store import admission, migrations, tables, visits
from repo_harvest.store.schema import HEAD
from repo_harvest.store.search import tables as search

__all__ = ["DECLARING", "page", "said"]

DECLARING = (tables, admission, visits, search)
"""The modules that declare tables."""


def page() -> str:
    """The page, in Markdown."""
    words = {name: told for module in DECLARING for name, told in said(module).items()}
    about = "\n\n".join(paragraphs(tables.__doc__)[1:])
    sections = "\n".join(_section(one, words) for one in sorted(tables.metadata.tables.values(), key=lambda t: t.name))
    return f"""# Database

SQLite and PostgreSQL have the same tables. This version works with revision `{HEAD}`: `repo-harvest init` brings an older database there.
Change nothing in them by hand: what harvesters hold depends on it.

{about}

## Migrations

{table(["revision", "what it did"], _migrations())}
{sections}"""


def _migrations() -> Iterator[list[str]]:
    config = Config()
    config.set_main_option("script_location", next(iter(migrations.__path__)))
    for one in ScriptDirectory.from_config(config).walk_revisions():
        yield [code(one.revision), summary(one.doc)]


def _section(one: Table, words: Mapping[str, str]) -> str:
    rows = [[code(column.name), _kind(column), words.get(f"{one.name}.{column.name}", "")] for column in one.columns]
    told = words.get(one.name, "")
    return f"## `{one.name}` {{ #{one.name} }}\n\n{told}\n\n{table(['column', 'is', 'meaning'], rows)}"


def _kind(column: Column[object]) -> str:
    parts = [str(column.type).lower()]
    parts += ["key"] if column.primary_key else []
    parts += [f"of [`{key.column.table.name}`](#{key.column.table.name})" for key in column.foreign_keys]
    parts += ["or null"] if column.nullable else []
    return ", ".join(parts)


def said(module: ModuleType) -> dict[str, str]:
    """What the comments of a module say of its tables (`items`) and of their columns (`items.deleted`).

    Of a table speaks what stands right above it or on its last line; of a column, what stands on its lines. The columns that a
    function makes are those of all tables that it is called for.
    """
    source = inspect.getsource(module)
    above, beside = _comments(source)
    top = ast.parse(source).body
    makers = {node.name: node for node in top if isinstance(node, ast.FunctionDef)}
    words: dict[str, str] = {}
    for node in top:
        if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and node.value.args):
            continue
        maker, name = node.value.func, node.value.args[0]
        if not (isinstance(maker, ast.Name) and isinstance(name, ast.Constant) and maker.id in {"Table", *makers}):
            continue
        words[str(name.value)] = _closing(above.get(node.lineno - 1) or beside.get(node.end_lineno or 0, ""))
        for column, told in _columns(makers.get(maker.id, node), beside):
            words[f"{name.value!s}.{column}"] = told
    return words


def _columns(node: ast.AST, beside: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == "Column":
            (name,) = (one.value for one in call.args[:1] if isinstance(one, ast.Constant))
            lines = range(call.lineno, (call.end_lineno or call.lineno) + 1)
            yield str(name), " ".join(beside[line] for line in lines if line in beside)


def _comments(source: str) -> tuple[dict[int, str], dict[int, str]]:
    """Comments on lines of their own, joined, by the last of their lines; and those beside code, by line."""
    above: dict[int, str] = {}
    beside: dict[int, str] = {}
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            line, text = token.start[0], summary(token.string.lstrip("# "))
            if token.line.lstrip().startswith("#"):
                above[line] = f"{above.pop(line - 1, '')} {text}".strip()
            else:
                beside[line] = text
    return above, beside


def _closing(text: str) -> str:
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}." if text else ""

"""A folder of XML Schema files comes in, a compiled schema comes out; nothing is ever downloaded.

The files are read from `schemas/` beside the package in a source checkout, or inside the package once installed.
Whatever address a schema imports, only its file name counts, and only that folder is looked into:
libxml2 itself would open any address, so every request it makes is answered here or refused.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from lxml import etree

from repo_harvest.errors import UsageError
from repo_harvest.formats.xml import escape

__all__ = ["Read", "compile_schema", "directory", "reader"]

Read = Callable[[str], bytes]
"""Gives a schema file's bytes by its location as the importing schema writes it; raises `OSError` to refuse."""

_PACKAGE = Path(__file__).resolve().parents[1]
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*\.xsd")
_BASE = "schemas:/"


def directory(package: Path = _PACKAGE) -> Path:
    """The folder of schemas that belongs to the package folder; raises `UsageError` if there is none."""
    places = (package / "schemas", package.parent / "schemas")
    for place in places:
        if (place / "OAI-PMH.xsd").is_file():
            return place
    raise UsageError(f"the XML schemas are in neither {places[0]} nor {places[1]}: install repo-harvest again")


def reader(folder: Path) -> Read:
    """Reads from one folder by file name, and from nowhere else."""

    def read(location: str) -> bytes:
        name = location.rpartition("/")[2]
        if not _FILE_NAME.fullmatch(name):
            raise FileNotFoundError(f"{location}: not the name of a schema file")
        return (folder / name).read_bytes()

    return read


def compile_schema(imports: Mapping[str, str], read: Read) -> etree.XMLSchema:
    """One schema that knows every namespace of `imports` (namespace -> location), and what those import.

    Raises `UsageError`, naming the file, if one is missing, is not a schema, or imports what `read` refuses.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    parser.resolvers.add(_Only(read))
    rows = "".join(
        f'<xs:import namespace="{escape(namespace)}" schemaLocation="{_BASE}{escape(location)}"/>'
        for namespace, location in imports.items()
    )
    source = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">{rows}</xs:schema>'
    try:
        return etree.XMLSchema(etree.fromstring(source, parser, base_url=_BASE))
    except etree.XMLSchemaParseError as error:
        first = error.error_log[0]
        where = f"{first.filename.removeprefix(_BASE)}, line {first.line}"
        raise UsageError(
            f"the XML schemas do not compile: {where}: {first.message}; install repo-harvest again"
        ) from error


class _Only(etree.Resolver):
    """Answers every request of libxml2 for a document from `read`; what that refuses is an error, never a download."""

    def __init__(self, read: Read) -> None:
        self._read = read

    def resolve(self, system_url: str, public_id: str, context: object = None) -> object:
        del public_id
        return self.resolve_string(self._read(system_url), context, base_url=system_url)

"""An item in, what programs may take of it out: its citation in three formats, and each metadata format that is stored.

All are at the address of the item's page with a query, `?format=bibtex` or `?format=oai_dc`: an identifier may hold slashes
and dots, and a longer path could be that of another item.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import parse_qsl, urlencode

from repo_harvest.exports import bibtex, csl, ris
from repo_harvest.formats.registry import FORMATS
from repo_harvest.model import Record, Rendition

__all__ = ["LINKSET", "LINKSET_TYPE", "Download", "downloads", "file_name", "metadata", "query", "wanted"]

LINKSET = "linkset"
LINKSET_TYPE = "application/linkset+json"
_XML = "application/xml"
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'
_UNSAFE = re.compile(r"[^A-Za-z0-9]+")
_LONGEST_NAME = 80  # characters, without the extension


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """A file of an item: `name` is the value of `format`, `label` what people call it, `profile` the namespace of XML."""

    name: str
    label: str
    media_type: str
    extension: str
    body: Callable[[], bytes]
    profile: str = ""

    @property
    def query(self) -> str:
        """Its address, relative to the page of the item."""
        return query(self.name)


_EXPORTS: Mapping[str, tuple[str, str, str, Callable[[Record], str]]] = MappingProxyType(
    {
        "bibtex": (bibtex.LABEL, bibtex.MEDIA_TYPE, bibtex.EXTENSION, bibtex.export),
        "ris": (ris.LABEL, ris.MEDIA_TYPE, ris.EXTENSION, ris.export),
        "csl": (csl.LABEL, csl.MEDIA_TYPE, csl.EXTENSION, csl.export),
    }
)


def downloads(record: Record, renditions: Iterable[Rendition]) -> dict[str, Download]:
    """What there is of an item, by the value of `format`: citations first, then metadata as it is stored."""
    found = [_export(name, record) for name in _EXPORTS]
    found += map(metadata, renditions)
    return {one.name: one for one in found}


def metadata(rendition: Rendition) -> Download:
    """A metadata format of an item, as it is stored."""
    known = FORMATS.get(rendition.prefix)
    return Download(
        name=rendition.prefix,
        label=rendition.prefix,
        media_type=_XML,
        extension="xml",
        body=lambda: _DECLARATION + rendition.metadata,
        profile=known.namespace if known else "",
    )


def wanted(query_string: str) -> str | None:
    """The `format` of a query; `None` if there is none, and empty, which no download is called, if there are several.

    >>> wanted("format=ris"), wanted("a=b"), wanted("format=ris&format=csl")
    ('ris', None, '')
    """
    stated = [value for name, value in parse_qsl(query_string, keep_blank_values=True) if name == "format"]
    if not stated:
        return None
    return stated[0] if len(stated) == 1 else ""


def query(name: str) -> str:
    """The address of a download, relative to the page of the item."""
    return "?" + urlencode({"format": name})


def file_name(identifier: str, download: Download) -> str:
    """A name for the file of a download, of letters, figures and hyphens, and its extension.

    >>> file_name("oai:example.org:10034/620", downloads(Record(), [])["bibtex"])
    'oai-example-org-10034-620.bib'
    """
    stem = _UNSAFE.sub("-", identifier)[:_LONGEST_NAME].strip("-") or "item"
    ending = f"{download.name}.{download.extension}" if download.media_type == _XML else download.extension
    return f"{stem}.{ending}"


def _export(name: str, record: Record) -> Download:
    label, media_type, extension, export = _EXPORTS[name]
    return Download(
        name=name, label=label, media_type=media_type, extension=extension, body=lambda: export(record).encode()
    )

"""The metadata formats out as a page, in the order in which ListMetadataFormats names them."""

from __future__ import annotations

from dataclasses import fields, replace
from importlib import import_module

from docs.reference.markdown import code, paragraphs, table
from repo_harvest.formats import FORMATS
from repo_harvest.formats.crosswalk import crosswalk
from repo_harvest.formats.registry import Format
from repo_harvest.model import Record

__all__ = ["asked", "page"]

_TOP = """# Metadata formats

A record is rendered and checked once, when it is published, in each format that it says enough for; ListMetadataFormats names those.
Nothing is made up to fill a format. The schemas in `schemas/` are our own; `repo-harvest schemas verify` holds them against official copies.
When a new version has a new format, `repo-harvest init` renders all records anew, and each that changes moves once.

A type is known if it is a term of the COAR Resource Types or one of their usual words (`article`, `book chapter`, `doctoral thesis`); an access
right, if `rights` says it in the words or addresses of COAR, or names a licence of Creative Commons. Both can be given in the `defaults` of a
`[[source]]`.

The table of each format says where the fields of a record go in it, by elements and attributes below the root: it is found by rendering,
and `repo-harvest formats` prints it. What a field says may decide which of its places is used.

"""

_LANDING = "https://example.org/item/oai:example.org:1"
_THESIS = Record(
    title=("On Trust",),
    creators=("Surname, Given",),
    date=("2021",),
    publisher=("A University",),
    description=("What it is about.",),
    identifiers=("https://doi.org/10.1000/1",),
    type=("doctoral thesis",),
    language=("en",),
    subjects=("Trust",),
    rights=("https://creativecommons.org/licenses/by/4.0/",),
)


def page() -> str:
    """The page, in Markdown."""
    rows = [[f"[`{one.prefix}`](#{one.prefix})", asked(one), code(one.namespace)] for one in FORMATS.values()]
    heads = ["metadataPrefix", "asks of a record", "namespace"]
    return _TOP + table(heads, rows) + "".join(map(_section, FORMATS.values()))


def asked(one: Format) -> str:
    """The fields without which the format is not filled, found by leaving them out of a record that fills all formats."""
    assert one.render(_THESIS, _LANDING) is not None, one.prefix
    told = [field.name for field in fields(Record) if getattr(_THESIS, field.name)]
    empty = Record()
    needed = [name for name in told if one.render(replace(_THESIS, **{name: getattr(empty, name)}), _LANDING) is None]
    if one.render(replace(_THESIS, type=("article",)), _LANDING) is None:
        needed = ["type (a thesis)" if name == "type" else name for name in needed]
    return ", ".join(needed) or "anything at all"


def _section(one: Format) -> str:
    said = "\n\n".join(paragraphs(import_module(f"repo_harvest.formats.{one.prefix}").__doc__))
    rules = "its schema, and rules that no schema can state" if one.rules else "its schema"
    facts = table(
        ["", ""],
        [
            ["namespace", code(one.namespace)],
            ["schema", code(one.schema)],
            ["checked against", f"{rules} (`schemas/{one.file}`)"],
        ],
    )
    places = table(["field of a record", "where it goes"], [[code(field), where] for field, where in _places(one)])
    return f"\n## `{one.prefix}` {{ #{one.prefix} }}\n\n{said}\n\n{facts}\n{places}"


def _places(one: Format) -> list[tuple[str, str]]:
    """Each field of a record with the places that its values have in the format, found by rendering."""
    return [
        (field, ", ".join(map(code, by_format[one.prefix])) or "left out") for field, by_format in crosswalk().items()
    ]

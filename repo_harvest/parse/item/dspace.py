"""The full record that DSpace shows of an item in, the work out: a table of `dc.element.qualifier` and values.

Metadata of DSpace is qualified Dublin Core (DSpace documentation, "Metadata and Bitstream Format Registries"). Its full
page lists every field as a row, in older themes with `dc.` in words, whatever its head leaves out.
"""

from __future__ import annotations

import re

from lxml import etree

from repo_harvest.model import Entry
from repo_harvest.parse.embedded.draft import Draft, plain
from repo_harvest.parse.embedded.tree import Tree, inner_text

__all__ = ["full_address", "read_full"]

_FIELD = re.compile(r"dc(?:terms)?\.[a-z]{1,40}(?:\.[a-z]{1,40})?", re.IGNORECASE)
_TEXTS = {
    "dc.title": "title",
    "dc.publisher": "publisher",
    "dc.description.abstract": "abstract",
    "dc.identifier.journal": "container",
    "dc.title.journal": "container",
    "dc.relation.ispartof": "container",
    "dc.source": "container",
}
_CREATORS = frozenset({"dc.contributor.author", "dc.creator"})
_MOST_ROWS = 5_000
_ITEM = re.compile(r"(https?://[^/?#]+(?:/[^/?#]+){0,6}/handle/[0-9][0-9.]*/[^/?#]+)/?", re.IGNORECASE)


def full_address(location: str) -> str | None:
    """Where DSpace shows the full record of the item at this address; `None` for what is no such address.

    >>> full_address("https://repository.example/xmlui/handle/10034/1"), full_address("https://repository.example/1")
    ('https://repository.example/xmlui/handle/10034/1?show=full', None)
    """
    match = _ITEM.fullmatch(location)
    return f"{match[1]}?show=full" if match else None


def read_full(tree: Tree) -> Entry | None:
    """The work of a page's table of metadata; `None` where there is no such table, or it states no title."""
    draft = Draft(form="table", place="table")
    for count, row in enumerate(tree.root.iter("tr")):
        if count == _MOST_ROWS:
            break
        _row(draft, row)
    return draft.entry()


def _row(draft: Draft, row: etree._Element) -> None:
    cells = [cell for cell in row if cell.tag in {"td", "th"}]
    field = inner_text(cells[0]).lower() if len(cells) > 1 else ""
    if not _FIELD.fullmatch(field):
        return
    value = plain(inner_text(cells[1]))
    if field in _CREATORS:
        draft.creator(value, field)
    elif field == "dc.date.issued":
        draft.date(value, field)
    elif field == "dc.identifier.doi":
        draft.doi(value, field)
    elif field == "dc.identifier.isbn":
        draft.isbn(value, field)
    elif field == "dc.identifier.uri":
        draft.identifier(value, field)
    elif field in _TEXTS:
        draft.text(_TEXTS[field], value, field)

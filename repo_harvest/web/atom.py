"""The newest changes in, a page of an Atom feed of them out (RFC 4287, paged by RFC 5005 section 3).

A deleted item is a tombstone (RFC 6721), so that whoever follows the feed drops it. The id of an entry is the OAI identifier,
which is a URI and belongs to the item for ever: the alternative that lost, the address of its page, would make every entry a new
one when the service moves. Links are whole addresses where the base URL tells them, and else relative to the feed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from repo_harvest.formats.landing import home, item_path
from repo_harvest.formats.xml import branch, leaf
from repo_harvest.model import Position, Record, utc_text
from repo_harvest.oai import Repository
from repo_harvest.store.changes import Current

__all__ = ["MEDIA_TYPE", "PER_PAGE", "Page", "feed"]

MEDIA_TYPE = "application/atom+xml"
PER_PAGE = 50
_NAMESPACES = {"xmlns": "http://www.w3.org/2005/Atom", "xmlns:at": "http://purl.org/atompub/tombstones/1.0"}
_PATH = "atom.xml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """So many changes, the newest first: `before` is where the page begins, `following` where the next one does.

    `newest` is the datestamp of the newest change of all.
    """

    entries: Sequence[Current]
    newest: int
    before: Position | None = None
    following: Position | None = None


def feed(page: Page, repository: Repository) -> bytes:
    """A page of the feed of a repository, as XML."""
    first = home(repository.base_url) or "./"
    told = [
        leaf("id", f"tag:{repository.identifier},2026:changes"),
        leaf("title", repository.name),
        leaf("updated", utc_text(page.newest)),
        branch("author", [leaf("name", repository.name)]),  # of every entry that names none (section 4.1.2)
        _link("self", first + _address(page.before), MEDIA_TYPE),
        _link("first", first + _PATH, MEDIA_TYPE),
        _link("alternate", first, "text/html"),
    ]
    if page.following is not None:
        told.append(_link("next", first + _address(page.following), MEDIA_TYPE))
    told += (_tombstone(one) if one.is_deleted else _entry(one, first) for one in page.entries)
    text = branch("feed", (f"\n{one}" for one in told), _NAMESPACES)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'.encode()


def _address(before: Position | None) -> str:
    """A page of the feed, relative to the first page of all."""
    return _PATH if before is None else f"{_PATH}?before={before.datestamp}.{before.id}"


def _entry(item: Current, first: str) -> str:
    record = item.record
    return branch(
        "entry",
        [
            leaf("id", item.identifier),
            leaf("title", _title(record) or item.identifier),
            leaf("updated", utc_text(item.position.datestamp)),
            *(branch("author", [leaf("name", name)]) for name in record.creators if name.strip()),
            *(branch("contributor", [leaf("name", name)]) for name in record.contributors if name.strip()),
            _link("alternate", first + item_path(item.identifier), "text/html"),
            *(leaf("summary", text) for text in record.description[:1]),
            *(leaf("category", "", {"term": subject}) for subject in record.subjects if subject.strip()),
        ],
    )


def _title(record: Record) -> str:
    return next((title for title in record.title if title.strip()), "")


def _tombstone(item: Current) -> str:
    """That an item was deleted. What it said is told no more: it may have been taken down for a reason."""
    return leaf("at:deleted-entry", "", {"ref": item.identifier, "when": utc_text(item.position.datestamp)})


def _link(relation: str, address: str, media_type: str) -> str:
    return leaf("link", "", {"rel": relation, "type": media_type, "href": address})

"""What the collection holds and what changed in, the documents of ResourceSync out (ANSI/NISO Z39.99-2017), which are sitemaps.

The resources are the oai_dc documents of live items, each at the address of its item with `?format=oai_dc`, so that whoever
follows these lists holds what a harvester of oai_dc holds. A change list is in the order of the feed and names each resource
once, with its last change: the alternative that lost, every change there was, would send those who follow it to the same
document several times over. So a list between two positions never gains an entry: one may leave it, for the end of the order.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from hashlib import sha256
from itertools import pairwise
from types import MappingProxyType

from repo_harvest.formats.landing import item_path
from repo_harvest.formats.xml import leaf
from repo_harvest.model import Position, Rendition, utc_text
from repo_harvest.store.changes import BEGINNING, Block, Document
from repo_harvest.web.downloads import metadata, query
from repo_harvest.web.sitemap import Location, sitemap, sitemap_index

__all__ = [
    "CAPABILITY_LIST",
    "CHANGE_LIST",
    "RESOURCE_LIST",
    "SOURCE_DESCRIPTION",
    "capability_list",
    "change_list",
    "change_list_index",
    "positions",
    "resource_list",
    "resource_list_index",
    "source_description",
]

SOURCE_DESCRIPTION = ".well-known/resourcesync"
CAPABILITY_LIST = "capabilitylist.xml"
RESOURCE_LIST = "resourcelist.xml"
CHANGE_LIST = "changelist.xml"

_DECLARED = MappingProxyType({"xmlns:rs": "http://www.openarchives.org/rs/terms/"})
_PREFIX = "oai_dc"
_POSITION = re.compile(r"([0-9]{12})\.([0-9]{12})")


def source_description(home: str) -> bytes:
    """That there is one set of resources (section 8); `home` is the address of the first page, here and below."""
    return sitemap([_listed(home + CAPABILITY_LIST, "capabilitylist")], more=_md("description"), declared=_DECLARED)


def capability_list(home: str) -> bytes:
    """How the resources can be synchronized with (section 9)."""
    lists = [_listed(home + RESOURCE_LIST, "resourcelist"), _listed(home + CHANGE_LIST, "changelist")]
    return sitemap(lists, more=_ln("up", home + SOURCE_DESCRIPTION) + _md("capabilitylist"), declared=_DECLARED)


def resource_list(home: str, documents: Iterable[Document], at: int, *, is_part: bool) -> bytes:
    """What there is at a second (section 10.1): the documents that are live, as a list alone or a part of one."""
    locations = (_location(home, one, {}) for one in documents if one.metadata is not None)
    more = _head(home, RESOURCE_LIST if is_part else None) + _md("resourcelist", at=utc_text(at))
    return sitemap(locations, more=more, declared=_DECLARED)


def resource_list_index(home: str, blocks: Iterable[Block], at: int) -> bytes:
    """The parts of the resource list at a second (section 10.2): one for each block of items."""
    parts = (Location(address=home + _part(block.number), changed=block.newest) for block in blocks)
    return sitemap_index(parts, more=_head(home) + _md("resourcelist", at=utc_text(at)), declared=_DECLARED)


def change_list(
    home: str, documents: Iterable[Document], after: Position, until: Position | None, *, is_part: bool
) -> bytes:
    """The changes between two positions, or up to now (section 12.1), in the order of the feed."""
    locations = (_location(home, one, _change(one)) for one in documents)
    more = _head(home, CHANGE_LIST if is_part else None) + _md("changelist", **_interval(after, until))
    return sitemap(locations, more=more, declared=_DECLARED)


def change_list_index(home: str, cuts: Iterable[Position]) -> bytes:
    """The parts of the change list (section 12.2): one up to each cut, and one from the last of these up to now."""
    parts = (
        Location(address=home + _between(after, until), more=leaf("rs:md", "", _interval(after, until)))
        for after, until in pairwise([BEGINNING, *cuts, None])
        if after is not None
    )
    more = _head(home) + _md("changelist", **_interval(BEGINNING, None))
    return sitemap_index(parts, more=more, declared=_DECLARED)


def positions(text: str) -> tuple[Position, Position | None] | None:
    """The positions that the address of a part of the change list is between; `None` if that is no such address.

    >>> positions("000001800000000.000000000012")
    >>> positions("001800000000.000000000012")
    (Position(datestamp=1800000000, id=12), None)
    """
    after, dash, until = text.partition("-")
    found = [_POSITION.fullmatch(one) for one in ([after, until] if dash else [after])]
    places = [Position(int(one[1]), int(one[2])) for one in found if one is not None]
    if len(places) < len(found):
        return None
    return places[0], (places[1] if dash else None)


def _change(document: Document) -> dict[str, str]:
    what = "deleted" if document.metadata is None else "created" if document.is_new else "updated"
    return {"change": what, "datetime": utc_text(document.position.datestamp)}


def _location(home: str, document: Document, change: dict[str, str]) -> Location:
    page = home + item_path(document.identifier)
    said = leaf("rs:md", "", change) if document.metadata is None else _about(document.metadata, page, change)
    return Location(address=page + query(_PREFIX), changed=document.position.datestamp, more=said)


def _about(body: bytes, page: str, change: dict[str, str]) -> str:
    """What is said of a live resource: type, length and hash of what its address gives, its profile, and the page that it describes."""
    file = metadata(Rendition(prefix=_PREFIX, metadata=body))
    sent = file.body()
    said = {"hash": f"sha-256:{sha256(sent).hexdigest()}", "length": str(len(sent)), "type": file.media_type}
    return leaf("rs:md", "", {**change, **said}) + _ln("describes", page) + _ln("profile", file.profile)


def _listed(address: str, capability: str) -> Location:
    return Location(address=address, more=_md(capability))


def _head(home: str, index: str | None = None) -> str:
    up = _ln("up", home + CAPABILITY_LIST)
    return up if index is None else up + _ln("index", home + index)


def _part(number: int) -> str:
    return f"resourcelist-{number}.xml"


def _between(after: Position, until: Position | None) -> str:
    """The address of a part, relative to the first page; the order of these as text is that of the parts."""
    return f"changelist-{'-'.join(f'{one.datestamp:012d}.{one.id:012d}' for one in (after, until) if one)}.xml"


def _interval(after: Position, until: Position | None) -> dict[str, str]:
    told = {"from": utc_text(after.datestamp)}
    return told if until is None else {**told, "until": utc_text(until.datestamp)}


def _md(capability: str, **more: str) -> str:
    return leaf("rs:md", "", {"capability": capability, **more})


def _ln(relation: str, address: str) -> str:
    return leaf("rs:ln", "", {"rel": relation, "href": address})

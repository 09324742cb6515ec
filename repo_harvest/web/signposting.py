"""A record and its downloads in, the typed links of its page out: as `Link` headers, and as a linkset in JSON.

FAIR Signposting Profile (signposting.org/FAIR), levels 1 and 2; RFC 8288 has the header, RFC 9264 the linkset. Links to our
own pages are relative to the page itself, so that they hold behind a proxy. A target is percent-encoded here and nowhere
else: no character that could end a link or a header is left in one, whatever a record says.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from repo_harvest.exports import schema_type
from repo_harvest.formats.agents import name_identifiers
from repo_harvest.formats.landing import item_path
from repo_harvest.formats.parts import doi, handle
from repo_harvest.formats.terms import licence_of
from repo_harvest.model import Record
from repo_harvest.web.downloads import LINKSET, LINKSET_TYPE, Download, query

__all__ = ["TypedLink", "describes", "header", "linkset", "typed_links"]

_IN_ADDRESSES = "%:/?#[]@!$&'()*+,;=~"
_MOST_AUTHORS = 20  # proxies refuse headers of more than some kilobytes
_IN_TYPES = "/.+- ;=:#"  # media types, and the profiles of formats: constants of ours


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedLink:
    """A link of a page: its relation (a name of the IANA registry), its target, and what to expect there."""

    relation: str
    target: str
    media_type: str = ""
    profile: str = ""

    def __str__(self) -> str:
        """The link as an element of the `Link` header (RFC 8288 section 3)."""
        more = (("type", self.media_type), ("profile", self.profile))
        told = "".join(f'; {name}="{quote(value, safe=_IN_TYPES)}"' for name, value in more if value)
        return f'<{self.address}>; rel="{self.relation}"{told}'

    @property
    def address(self) -> str:
        """Its target, percent-encoded."""
        return quote(self.target, safe=_IN_ADDRESSES)


def typed_links(record: Record, downloads: Iterable[Download]) -> list[TypedLink]:
    """The links of the page of a record, but for that to its linkset."""
    found, persistent, licence = doi(record), handle(record), licence_of(record)
    links = [
        TypedLink(relation="type", target=f"https://schema.org/{schema_type(record)}"),
        TypedLink(relation="type", target="https://schema.org/AboutPage"),
    ]
    if found or persistent:
        target = f"https://doi.org/{found}" if found else f"https://hdl.handle.net/{persistent}"
        links.insert(0, TypedLink(relation="cite-as", target=target))
    known = name_identifiers(record)
    links += (TypedLink(relation="author", target=known[name].address) for name in record.creators if name in known)
    if licence:
        links.append(TypedLink(relation="license", target=licence))
    links += (
        TypedLink(relation="describedby", target=one.query, media_type=one.media_type, profile=one.profile)
        for one in downloads
    )
    return links


def header(links: Sequence[TypedLink]) -> str:
    """The value of the page's `Link` header: its links, and where they are all told as a linkset.

    It has room for some authors; the linkset has all of them.
    """
    authors = [number for number, link in enumerate(links) if link.relation == "author"]
    over = set(authors[_MOST_AUTHORS:])
    told = TypedLink(relation="linkset", target=query(LINKSET), media_type=LINKSET_TYPE)
    return ", ".join([*(str(link) for number, link in enumerate(links) if number not in over), str(told)])


def describes(identifier: str, page: str | None = None) -> str:
    """The `Link` header of a download: the page of the item that it describes, `page` or relative to the download.

    >>> describes("oai:example.org:10034/620")
    '<./620>; rel="describes"; type="text/html"'
    """
    return str(TypedLink(relation="describes", target=page or _page(identifier), media_type="text/html"))


def linkset(links: Iterable[TypedLink], identifier: str, page: str | None) -> str:
    """The linkset in JSON (RFC 9264 section 4.2): from the page of an item, and from each download back to it.

    `page` is the address of the page; without it, everything of ours is relative to the linkset, which is beside it.
    """
    anchor = page or _page(identifier)
    there: dict[str, object] = {"anchor": anchor}
    back: list[dict[str, object]] = []
    for link in links:
        is_ours = link.target.startswith("?")
        target = {"href": (page or "") + link.address if is_ours else link.address}
        if link.media_type:
            target["type"] = link.media_type
        # The value of an attribute that RFC 8288 does not define is a list (RFC 9264 section 4.2.4.3).
        described: dict[str, object] = {**target, **({"profile": [link.profile]} if link.profile else {})}
        listed = there.setdefault(link.relation, [])
        assert isinstance(listed, list)
        listed.append(described)
        if is_ours:
            back.append({"anchor": target["href"], "describes": [{"href": anchor, "type": "text/html"}]})
    return json.dumps({"linkset": [there, *back]}, indent=2) + "\n"


def _page(identifier: str) -> str:
    return "./" + item_path(identifier).rpartition("/")[2]

"""Whoever keeps a copy by ResourceSync: reads documents as ANSI/NISO Z39.99-2017 has them, and knows nothing else of the service.

And what a harvester of the same service holds, to compare the copy with.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import TYPE_CHECKING

from flask import Flask, Response
from lxml import etree
from sqlalchemy import Engine

from repo_harvest.formats.landing import item_path
from repo_harvest.store.feed import SqlFeed
from repo_harvest.web.app import make_app
from repo_harvest.web.oai_app import oai_app
from repo_harvest.web.safe import safe
from repo_harvest.web.synchronization import Synchronization
from tests.oai.library import Library
from tests.store.kit import Clock
from tests.web.reader import Reader
from tests.web.shelf import REPOSITORY

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

__all__ = ["HOME", "Copier", "Entry", "Listing", "canonical", "harvested", "listing", "service"]

HOME = "https://example.org/"
_MAPS = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
_OAI = "{http://www.openarchives.org/OAI/2.0/}"
_RS = "{http://www.openarchives.org/rs/terms/}"
_LISTS = re.compile(r"/(?:resource|change)list[^/]*\.xml")
_DATETIME = re.compile(r"[0-9]{4}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]Z")
_DATED = frozenset({"at", "completed", "from", "until", "datetime"})
_KNOWN = _DATED | {"capability", "change", "hash", "length", "type"}
_HEADS = {
    "description": set[str](),
    "capabilitylist": set[str](),
    "resourcelist": {"at"},
    "changelist": {"from"},
}
"""What the head of each must say (sections 8 to 12), apart from its capability."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is said of one address."""

    address: str
    changed: str | None
    said: Mapping[str, str]
    links: Mapping[str, str]

    @property
    def until(self) -> str:
        """Where what is listed there ends: a text later than any datetime if it goes on."""
        return self.said.get("until", "~")


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A document of ResourceSync that is sound."""

    is_index: bool
    said: Mapping[str, str]
    links: Mapping[str, str]
    entries: tuple[Entry, ...]

    @property
    def addresses(self) -> list[str]:
        return [entry.address for entry in self.entries]


def listing(body: bytes, capability: str) -> Listing:
    """The document, once its structure is what the standard says of that capability."""
    root = etree.fromstring(body)
    is_index = root.tag == f"{_MAPS}sitemapindex"
    assert is_index or root.tag == f"{_MAPS}urlset"
    each = f"{_MAPS}sitemap" if is_index else f"{_MAPS}url"
    tags = [str(child.tag) for child in root]
    head = [tag for tag in tags if tag != each]
    assert tags == head + [each] * (len(tags) - len(head)), "the head comes first"
    assert head.count(f"{_RS}md") == 1
    assert set(head) <= {f"{_RS}md", f"{_RS}ln"}
    found = Listing(
        is_index=is_index,
        said=_said(root),
        links=_links(root),
        entries=tuple(_entry(child) for child in root.iterchildren(each)),
    )
    assert found.said["capability"] == capability
    assert _HEADS[capability] <= found.said.keys()
    assert ("up" in found.links) == (capability != "description")
    assert len(set(found.addresses)) == len(found.addresses)
    for entry in found.entries:
        _judge_entry(entry, capability, is_index=is_index)
    return found


def _judge_entry(entry: Entry, capability: str, *, is_index: bool) -> None:
    assert entry.address.startswith(HOME)
    if is_index:
        assert capability != "changelist" or "from" in entry.said
    elif capability in {"description", "capabilitylist"}:
        assert entry.said["capability"] in {"capabilitylist", "resourcelist", "changelist"}
    else:
        assert entry.changed is not None
        assert (entry.said.get("change") in {"created", "updated", "deleted"}) == (capability == "changelist")
        assert entry.said.get("datetime") == (entry.changed if capability == "changelist" else None)
        is_deleted = entry.said.get("change") == "deleted"
        assert {"hash", "length", "type"} & entry.said.keys() == (set() if is_deleted else {"hash", "length", "type"})
        assert set(entry.links) == (set() if is_deleted else {"describes", "profile"})


def _entry(element: etree._Element) -> Entry:
    names = [etree.QName(child).localname for child in element]
    assert names == sorted(names, key=["loc", "lastmod", "md", "ln"].index), "in the order of the standard's schema"
    assert [names.count(one) <= 1 for one in ("loc", "lastmod", "md")] == [True] * 3
    changed = element.findtext(f"{_MAPS}lastmod")
    assert changed is None or _DATETIME.fullmatch(changed)
    return Entry(
        address=str(element.findtext(f"{_MAPS}loc")), changed=changed, said=_said(element), links=_links(element)
    )


def _said(element: etree._Element) -> dict[str, str]:
    found = element.find(f"{_RS}md")
    said = {} if found is None else {str(name): str(value) for name, value in found.attrib.items()}
    assert said.keys() <= _KNOWN
    assert all(_DATETIME.fullmatch(said[name]) for name in _DATED & said.keys())
    return said


def _links(element: etree._Element) -> dict[str, str]:
    links = [(str(one.get("rel")), str(one.get("href"))) for one in element.iterchildren(f"{_RS}ln")]
    assert len(dict(links)) == len(links)
    return dict(links)


class Copier:
    """Keeps a copy: all resources once, then changes later than the last datetime it knows; one request at each step.

    Between any two steps anything may happen. `is_backward` reads the parts of an index from the last to the first.
    """

    def __init__(self, reader: Reader, *, is_backward: bool = False) -> None:
        self._reader, self._is_backward = reader, is_backward
        self.copy: dict[str, bytes] = {}
        self.since: str | None = None
        self.mismatches = 0

    def synchronize(self) -> Iterator[None]:
        """One synchronization, to be stepped through."""
        yield from self._begin() if self.since is None else self._follow(self.since)

    def _begin(self) -> Iterator[None]:
        whole = self.get("resourcelist.xml", "resourcelist")
        yield
        for address in self._parts(whole.addresses) if whole.is_index else [None]:
            part = whole if address is None else self.get(address.removeprefix(HOME), "resourcelist")
            yield
            for entry in part.entries:
                self._fetch(entry)
                yield
        self.since = whole.said["at"]

    def _follow(self, since: str) -> Iterator[None]:
        whole, met = self.get("changelist.xml", "changelist"), [since]
        assert whole.said["from"] <= since
        assert "until" not in whole.said
        yield
        later = [entry.address for entry in whole.entries if entry.until > since]
        for address in self._parts(later) if whole.is_index else [None]:
            part = whole if address is None else self.get(address.removeprefix(HOME), "changelist")
            yield
            for entry in part.entries:
                if entry.said["datetime"] <= since:
                    continue
                met.append(entry.said["datetime"])
                if entry.said["change"] == "deleted":
                    self.copy.pop(entry.address, None)
                else:
                    self._fetch(entry)
                    yield
        self.since = max(met)

    def _parts(self, addresses: list[str]) -> list[str | None]:
        return [*(reversed(addresses) if self._is_backward else addresses)]

    def _fetch(self, entry: Entry) -> None:
        """Keep what is there; what is gone meanwhile will be listed as a deletion."""
        page = self._reader.get(entry.address.removeprefix(HOME))
        if page.status == 410:
            self.mismatches += 1
            self.copy.pop(entry.address, None)
            return
        body = page.response.data
        assert (page.status, page.response.mimetype) == (200, entry.said["type"])
        is_that = (f"sha-256:{sha256(body).hexdigest()}", str(len(body))) == (entry.said["hash"], entry.said["length"])
        self.mismatches += not is_that
        self.copy[entry.address] = body

    def get(self, path: str, capability: str) -> Listing:
        """The document at a path."""
        page = self._reader.get(path)
        assert (page.status, page.response.mimetype) == (200, "application/xml"), path
        return listing(page.response.data, capability)


def service(
    engine: Engine, *, size: int, clock: Clock | None = None, base_url: str = REPOSITORY.base_url, largest: int = 50_000
) -> WSGIApplication:
    """The whole service, with lists that are split sooner."""
    repository, lists, now = replace(REPOSITORY, base_url=base_url), Flask("repo_harvest.web"), clock or Clock()
    Synchronization(engine, repository, size=size, largest=largest).add_to(lists)
    lists.after_request(_safe)
    oai = oai_app(SqlFeed(engine), repository, now=now)
    rest = make_app(engine=engine, oai=oai, repository=repository, clock=now)

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        is_list = _LISTS.fullmatch(environ["PATH_INFO"])
        return (lists if is_list else rest)(environ, start_response)

    return app


def _safe(response: Response) -> Response:
    response.headers.update(safe(REPOSITORY.base_url))
    return response


def harvested(engine: Engine, home: str = HOME) -> dict[str, bytes]:
    """Address -> metadata in its canonical form, of all that a harvester of oai_dc holds in the end."""
    found = {}
    for page in Library(engine).pages("ListRecords", metadataPrefix="oai_dc"):
        for record in page.root.iter(f"{_OAI}record"):
            metadata = record.find(f"{_OAI}metadata")
            if metadata is not None:
                identifier = str(record.findtext(f"{_OAI}header/{_OAI}identifier"))
                found[f"{home}{item_path(identifier)}?format=oai_dc"] = canonical(metadata[0])
    return found


def canonical(element: etree._Element) -> bytes:
    """The element as it is wherever it stands."""
    return etree.tostring(element, method="c14n", exclusive=True)

"""Where programs begin: robots.txt, the sitemaps and the Atom feed, each made anew from the store for each who asks.

Answers are named by their bytes, given once to those who keep them (RFC 9110 section 13), and compressed as the feed's are.
What needs whole addresses is not found where the base URL does not tell the address of the first page.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from http import HTTPStatus
from urllib.parse import parse_qsl

from flask import Flask, Response, abort, request
from sqlalchemy import Engine

from repo_harvest.formats.landing import home, item_path
from repo_harvest.model import Position
from repo_harvest.oai import Repository
from repo_harvest.store.changes import changes
from repo_harvest.web.atom import MEDIA_TYPE, PER_PAGE, Page, feed
from repo_harvest.web.coding import ENCODER, accepts_gzip, gzip
from repo_harvest.web.conditional import ANY, entity_tag, of_coding, presented
from repo_harvest.web.robots import robots
from repo_harvest.web.sitemap import LARGEST, Location, sitemap, sitemap_index

__all__ = ["XML", "Discovery", "answer", "first_page"]

XML = "application/xml"
_PART = re.compile(r"[1-9][0-9]{0,8}")
_PLACE = re.compile(r"(-?[0-9]{1,15})\.([0-9]{1,18})")


def answer(body: bytes, content_type: str) -> Response:
    """The answer that has this body; 304 to whoever holds it."""
    encoder = ENCODER if accepts_gzip(request.headers.get("Accept-Encoding")) else None
    tag = blake2b(body, digest_size=16).hexdigest()
    tags = presented(request.headers.get("If-None-Match"))
    headers = {"ETag": entity_tag(tag, encoder), "Vary": "Accept-Encoding"}
    if tags == ANY or tag in of_coding(tags, encoder):
        return Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    if encoder is not None:
        headers["Content-Encoding"] = "gzip"
    return Response(body if encoder is None else gzip(body), headers=headers, content_type=content_type)


def first_page(repository: Repository) -> str:
    """The address of the first page; 404 where it is not known."""
    return home(repository.base_url) or abort(HTTPStatus.NOT_FOUND)


class Discovery:
    """What one repository tells programs that look for it; a sitemap is of `sitemap_size` items, and one has the first page too."""

    def __init__(self, engine: Engine, repository: Repository, *, sitemap_size: int = LARGEST - 1) -> None:
        self._engine, self._repository, self._size = engine, repository, sitemap_size

    def add_to(self, app: Flask) -> None:
        """Answer at the addresses that robots know."""
        app.add_url_rule("/robots.txt", view_func=self.robots)
        app.add_url_rule("/atom.xml", view_func=self.atom)
        app.add_url_rule("/sitemap.xml", view_func=self.sitemap)
        app.add_url_rule("/sitemap-<number>.xml", view_func=self.sitemap_part)

    def robots(self) -> Response:
        """What robots may read. It works only at the root of a host (RFC 9309 section 2.3)."""
        text = robots(self._repository.folder or "/", home(self._repository.base_url))
        return answer(text.encode(), "text/plain; charset=utf-8")

    def atom(self) -> Response:
        """One page of the newest changes; a page is not found by what is no place in them."""
        before = _place(request.environ.get("QUERY_STRING", ""))
        with changes(self._engine) as snapshot:
            newest, found = snapshot.newest(), snapshot.latest(before, PER_PAGE + 1)
        following = found[PER_PAGE - 1].position if len(found) > PER_PAGE else None
        page = Page(entries=found[:PER_PAGE], newest=newest, before=before, following=following)
        return answer(feed(page, self._repository), MEDIA_TYPE)

    def sitemap(self) -> Response:
        """The index of the sitemaps; the first of them has the first page, and so is always there."""
        first = first_page(self._repository)
        with changes(self._engine) as snapshot:
            blocks = {block.number: block.newest for block in snapshot.blocks(self._size)}
            blocks[1] = snapshot.newest()  # with which the first page changes
        parts = (
            Location(address=f"{first}sitemap-{number}.xml", changed=newest)
            for number, newest in sorted(blocks.items())
        )
        return answer(sitemap_index(parts), XML)

    def sitemap_part(self, number: str) -> Response:
        """The pages of the live items of one block of ids, and the first page before those of the first block."""
        first = first_page(self._repository)
        if not _PART.fullmatch(number):
            abort(HTTPStatus.NOT_FOUND)
        with changes(self._engine) as snapshot:
            found = snapshot.addresses(int(number), self._size)
            locations = [Location(address=first, changed=snapshot.newest())] if int(number) == 1 else []
        locations += (Location(address=first + item_path(identifier), changed=at) for identifier, at in found)
        if not locations:
            abort(HTTPStatus.NOT_FOUND)
        return answer(sitemap(locations), XML)


def _place(query: str) -> Position | None:
    """The `before` of a query, `None` if there is none; 404 for what is no position."""
    stated = [value for name, value in parse_qsl(query, keep_blank_values=True) if name == "before"]
    if not stated:
        return None
    found = _PLACE.fullmatch(stated[0])
    if len(stated) > 1 or found is None:
        abort(HTTPStatus.NOT_FOUND)
    return Position(int(found[1]), int(found[2]))

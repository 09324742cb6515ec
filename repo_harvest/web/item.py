"""A live item in, the answer to who asks for it out: its page, with all that programs read there, or one of its downloads."""

from __future__ import annotations

from http import HTTPStatus

from flask import Response, abort, render_template, request

from repo_harvest.exports import citation_tags, schema_org
from repo_harvest.store.browse import Detail
from repo_harvest.web import pages, signposting
from repo_harvest.web.downloads import LINKSET, LINKSET_TYPE, Download, downloads, file_name, query, wanted

__all__ = ["answer"]

_LONGEST = 100_000  # bytes of a page that shows metadata in every format; a longer one links to them only


def answer(found: Detail, page: str | None) -> Response:
    """The page of an item, or what `format` asks for: 404 where there is no such format of it.

    `page` is the public address of the page, where that is known.
    """
    listed = downloads(found.item.record, found.renditions)
    name = wanted(request.environ.get("QUERY_STRING", ""))
    if name is None:
        return _page(found, list(listed.values()), page)
    identifier = found.item.header.identifier
    if name == LINKSET:
        links = signposting.typed_links(found.item.record, listed.values())
        return _file(signposting.linkset(links, identifier, page).encode(), LINKSET_TYPE)
    if name not in listed:
        abort(HTTPStatus.NOT_FOUND)
    return _download(listed[name], identifier, page)


def _page(found: Detail, listed: list[Download], page: str | None) -> Response:
    record, identifier = found.item.record, found.item.header.identifier
    told = pages.item_page(found)
    said = {
        "item": told,
        "queries": [(prefix, pages.record_query(identifier, prefix)) for prefix in told.formats],
        "downloads": listed,
        "linkset": query(LINKSET),
        "tags": citation_tags(record, page),
        "thing": schema_org(record, page),
    }
    short = sum(len(one.metadata) for one in found.renditions) < _LONGEST
    text = render_template("item.html", **said, documents=pages.documents(found) if short else ())
    if short and len(text.encode()) > _LONGEST:
        text = render_template("item.html", **said, documents=())
    response = Response(text, mimetype="text/html")
    response.headers["Link"] = signposting.header(signposting.typed_links(record, listed))
    return response


def _download(download: Download, identifier: str, page: str | None) -> Response:
    response = _file(download.body(), download.media_type)
    response.headers["Content-Disposition"] = f'attachment; filename="{file_name(identifier, download)}"'
    response.headers["Link"] = signposting.describes(identifier, page)
    return response


def _file(body: bytes, media_type: str) -> Response:
    """The bytes with their entity tag; 304 to whoever holds them (RFC 9110 section 13)."""
    states_its_own = media_type.endswith(("xml", "json"))
    response = Response(body, content_type=media_type if states_its_own else f"{media_type}; charset=utf-8")
    response.add_etag()
    response.make_conditional(request.environ)
    return response

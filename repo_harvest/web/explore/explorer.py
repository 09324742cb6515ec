"""A request of OAI-PMH in a page's address in, its answer as a page out: for people who want to see what harvesters get.

The answer is made here as it is for a harvester, and no request goes over HTTP. It counts to the client's budget like one
of a harvester, and leaves no receipt: nobody has harvested anything.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from http import HTTPStatus

from flask import Flask, render_template, request

from repo_harvest.model import Feed
from repo_harvest.oai import Repository, Response, respond
from repo_harvest.oai.answer import Headers, Records
from repo_harvest.oai.request import VERBS, GetRecord, ListMetadataFormats, decode
from repo_harvest.web.client import Clients
from repo_harvest.web.explore.answers import Told, told
from repo_harvest.web.explore.forms import Form, Known, form, forms, known
from repo_harvest.web.explore.query import filled, written
from repo_harvest.web.limits import Limits
from repo_harvest.web.octets import octets

__all__ = ["Explorer"]

_LONGEST = 1000  # characters of a request as it is shown; the link to its XML has them all


class Explorer:
    """The explorer of one repository; `clock` gives UTC seconds since 1970."""

    def __init__(
        self,
        feed: Feed,
        repository: Repository,
        *,
        clock: Callable[[], float] = time.time,
        clients: Clients | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._feed, self._repository, self._clock = feed, repository, clock
        self._clients, self._limits = clients or Clients(), limits or Limits()

    def add_to(self, app: Flask) -> None:
        """Answer at the explorer's address."""
        app.add_url_rule("/explore", view_func=self.explore)

    def explore(self) -> str | tuple[str, HTTPStatus, dict[str, str]]:
        """The six requests of OAI-PMH as forms or, with the arguments of one, its answer for people to read."""
        if wait := self._limits.wait(self._clients.address(request.environ)):
            return _too_fast(wait)
        now = self._clock()
        with self._feed.snapshot(now, reach=0) as snapshot:
            has = known(snapshot)
        query = filled(octets(request.environ.get("QUERY_STRING", "")))
        if not query:
            return render_template("explore.html", forms=forms(has), is_empty=has.identifier is None)
        response = respond(query, feed=self._feed, repository=self._repository, now=now)
        line = f"{self._repository.base_url}?{written(query)}"
        return render_template(
            "explore_answer.html",
            told=_told(response),
            form=_form(query, has),
            query=written(query),
            line=line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…",
        )


def _told(response: Response) -> Told:
    """What is said, with the links that its request gives it."""
    answer, asked = response.answer, response.request
    prefix, identifier = "oai_dc", None
    if isinstance(answer, Headers | Records) and answer.part is not None:
        prefix = answer.part.window.prefix
    elif isinstance(asked, GetRecord):
        prefix = asked.metadata_prefix
    elif isinstance(asked, ListMetadataFormats):
        identifier = asked.identifier
    return told(response.body or b"", prefix=prefix, identifier=identifier)


def _form(query: bytes, has: Known) -> Form | None:
    """The form of the verb that was asked, filled with what was sent; `None` if it is no verb."""
    given = dict(reversed(decode(query)))
    verb = given.get("verb", "")
    return form(verb, has, given) if verb in VERBS else None


def _too_fast(wait: int) -> tuple[str, HTTPStatus, dict[str, str]]:
    sentence = f"It counts to the number of requests that one client may send. Please try again in {wait} seconds."
    page = render_template(
        "fault.html", heading="You are asking faster than this repository answers", sentence=sentence
    )
    return page, HTTPStatus.SERVICE_UNAVAILABLE, {"Retry-After": str(wait)}

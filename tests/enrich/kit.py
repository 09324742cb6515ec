"""A server that is a resolver of DOIs and a repository in one, a time that passes only in sleep, and entries to look up."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pytest_httpserver import HTTPServer
from sqlalchemy import Engine
from werkzeug import Response

from repo_harvest.enrich import Enquirer, Enriched, Mode, enrich
from repo_harvest.model import Entry, Link, PartialDate
from repo_harvest.store.lookups import Lookups
from tests.store.kit import Clock

__all__ = ["CSL", "DOI", "LISTING", "TITLE", "Time", "Web", "entry", "head"]

CSL = "application/vnd.citationstyles.csl+json"
DOI = "10.5555/gate"
TITLE = "Listening at the gate: mentors on the first day out"
LISTING = "https://partnership.example/research/"


@dataclass
class Time:
    """A clock that only sleep moves."""

    now: float = 1_000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.slept.append(round(seconds, 3))
        self.now += seconds


class Web:
    """What is asked for on the web, all of it at one server."""

    def __init__(self, server: HTTPServer) -> None:
        self.server = server
        self.time = Time()
        self.clock = Clock()

    def url(self, path: str) -> str:
        return self.server.url_for(path)

    @property
    def at(self) -> str:
        return f"{self.server.host}:{self.server.port}"

    def serve(
        self, path: str, content: str | bytes = "", *, kind: str = "text/html", status: int = 200,
        headers: Mapping[str, str] | None = None,
    ) -> str:  # fmt: skip
        """Answer so at this path from now on; returns its address."""
        self.drop(path)
        response = Response(content, status=status, content_type=kind, headers=dict(headers or {}))
        self.server.expect_request(path).respond_with_response(response)
        return self.url(path)

    def drop(self, path: str) -> None:
        handlers = self.server.handlers
        handlers[:] = [one for one in handlers if one.matcher.uri != path]

    def doi(self, doi: str = DOI, **fields: object) -> str:
        """The resolver tells these fields of a DOI, beside its title."""
        return self.serve(f"/doi/{doi}", json.dumps({"DOI": doi, "title": TITLE, **fields}), kind=CSL)

    def robots(self, text: str = "") -> None:
        self.serve("/robots.txt", text, kind="text/plain")

    @property
    def asked(self) -> list[str]:
        """The paths that were asked for, in order."""
        return [request.full_path.removesuffix("?") for request, _ in self.server.log]

    def enquirer(self, *, most: int = 50, delay: float = 1.0, days: int = 30) -> Enquirer:
        return Enquirer(
            delay=delay,
            most=most,
            days=days,
            contact="mailto:us@partnership.example",
            resolver=self.url("/doi/"),
            sleep=self.time.sleep,
            monotonic=self.time,
        )

    def enrich(
        self, engine: Engine, *entries: Entry, mode: Mode = Mode.FULL, enquirer: Enquirer | None = None, ask: bool = True,
        allow: Sequence[str] = (),
    ) -> Enriched:  # fmt: skip
        """Look these entries up, a minute after the last time."""
        self.clock.now += 60
        return enrich(
            entries,
            page=LISTING,
            mode=mode,
            memory=Lookups(engine),
            now=self.clock,
            enquirer=enquirer or self.enquirer(),
            allow_private=[self.at, *allow],
            ask=ask,
        )


def entry(
    *identifiers: str, title: str = TITLE, creators: Sequence[str] = (), date: str = "", abstract: str = "",
    publisher: str = "", link: str = "",
) -> Entry:  # fmt: skip
    """An entry that a page states."""
    return Entry(
        title=title,
        place="main/p[1]",
        creators=tuple(creators),
        date=PartialDate.parse(date) if date else None,
        abstract=abstract or None,
        publisher=publisher or None,
        identifiers=identifiers,
        links=(Link(url=link, text=title),) if link else (),
    )


def head(*tags: str, title: str = TITLE, body: str = "") -> str:
    """The page of an item, with these tags in its head beside its title as Highwire Press writes it."""
    return f'<!DOCTYPE html><html><head><title>Item</title><meta name="citation_title" content="{title}">{"".join(tags)}</head><body>{body}</body></html>'

"""Pages of ours in the manner of a partnership's list, made from a few facts; and what a run needs to read them."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine

from repo_harvest.enrich import Enquirer
from repo_harvest.ingest import Press, Report, Source, ingest
from repo_harvest.model import Page, Validators
from repo_harvest.source import Limits, fetch
from repo_harvest.store.slots import Errand
from tests.store.kit import Clock

__all__ = ["WORKS", "Site", "Work", "page_html", "page_text"]


@dataclass(frozen=True)
class Work:
    """A publication as a page would list it."""

    title: str
    byline: str
    abstract: str
    link: str | None = None

    def but(self, **fields: str) -> Work:
        """The same work with some fields changed."""
        return replace(self, **fields)


WORKS = (
    Work(
        "The core conditions of peer mentoring",
        "Buck, Gillian (SAGE, 2017-03-21)",
        "What makes mentoring work when mentor and mentee share a past? Interviews and observation in four projects point to "
        "patience, attention & small steps, and to what these cost the people who give them (see Rogers, 1961).",
        "https://doi.org/10.1177/1748895817699659",
    ),
    Work(
        "Mentoring: crossing boundaries with care?",
        "Gosling, Helena, Buck, Gillian (2015)",
        "A short conversation about the line between professional and personal in mentoring, written by two researchers who "
        "met it in their own fieldwork and found that nobody had told them where it runs.",
    ),
    Work(
        "Politicisation or professionalisation? Divergent aims in voluntary sector peer mentoring",
        "Buck, Gillian (Wiley, 2019-09-04)",
        "Volunteers want to change the system; funders want the system's targets met. The article follows the tension through "
        "one city and asks who gives way, and when. It costs more than £3 to find out – “for free” is a manner of speaking.",
    ),
    Work(
        "Employing with conviction",
        "Atherton, Peter; Buck, Gillian (2021)",
        "Twelve employers say why they hire people with convictions, what it took, and what they would tell the next one. Most "
        "began by accident; few would now go back to asking the question on the form.",
    ),
    Work(
        "Mentoring and Peer Mentoring",
        "Buck, Gillian (2021) justiceinspectorates.example",
        "A paper for inspectors: what mentoring is, what it is not, and which questions to ask a service that says it offers it. "
        "Each section ends with the evidence for its claims and the gaps in it.",
    ),
)


def page_html(works: Sequence[Work], *, title: str = "Criminal Justice and Peer Mentoring") -> str:
    """A page as a content system makes it: navigation, heading, then heading, paragraph, paragraph for each work."""
    body = "".join(_entry(work) for work in works)
    return (
        f'<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>{html.escape(title)}</title></head><body>'
        '<nav><ul><li><a href="/">Home</a></li><li><a href="/about">About us</a></li></ul></nav>'
        f"<main><h1>{html.escape(title)}</h1>{body}</main><footer><p>© 2021 The Partnership</p></footer></body></html>"
    )


def _entry(work: Work) -> str:
    title = html.escape(work.title)
    linked = f'<a href="{html.escape(work.link)}">{title}</a>' if work.link else title
    return f"<h4>{linked}</h4>\n<p>{html.escape(work.byline)}</p>\n<p>{html.escape(work.abstract)}</p>\n<p>&nbsp;</p>\n"


def page_text(works: Sequence[Work]) -> str:
    """The same list as plain text."""
    return "\n\n".join(f"{work.title}\n\n{work.byline}\n\n{work.abstract}" for work in works) + "\n"


class Site:
    """One page on disk and the database it is read into; `seen` is where on the web it says it is."""

    def __init__(
        self,
        engine: Engine,
        folder: Path,
        *,
        name: str = "page",
        sets: tuple[str, ...] = ("work:mentoring",),
        seen: str | None = None,
    ) -> None:
        self.path = folder / f"{name}.html"
        self.engine = engine
        self.clock = Clock()
        self.source = Source(name=name, url=str(self.path), sets=sets)
        self.press = Press(engine=engine, clock=self.clock, repository="x.org")
        self.seen = seen
        self.enquirer = Enquirer()

    def write(self, works: Sequence[Work]) -> None:
        """Put these works on the page."""
        self.path.write_text(page_html(works), encoding="utf-8")

    def run(self, works: Sequence[Work] | None = None, *, dry_run: bool = False, accept_drift: bool = False) -> Report:
        """Read the page, with these works on it if given, a minute after the last run."""
        if works is not None:
            self.write(works)
        self.clock.now += 60
        return self.run_for(None, dry_run=dry_run, accept_drift=accept_drift)

    def run_for(self, errand: Errand | None, *, dry_run: bool = False, accept_drift: bool = False) -> Report:
        """Read the page as it is, for a scheduler's errand if there is one."""
        return ingest(
            self.source,
            fetch=self.fetch,
            press=self.press,
            dry_run=dry_run,
            accept_drift=accept_drift,
            enquirer=self.enquirer,
            errand=errand,
        )

    def fetch(self, source: Source, validators: Validators) -> Page:
        """Fetch a page as of the clock."""
        page = fetch(
            source.url,
            now=lambda: datetime.fromtimestamp(self.clock.now, UTC),
            validators=validators,
            allow_private=source.allow_private,
            limits=Limits(seconds=source.seconds, requests=source.requests),
        )
        return page if self.seen is None else replace(page, location=self.seen)

"""A repository on a real database, asked as a harvester asks it; every answer is judged before it is looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from sqlalchemy import Engine

from repo_harvest.oai import Repository, respond
from repo_harvest.store.feed import SqlFeed
from tests.oai.wire import Response, judged
from tests.store.kit import Clock, Wanted, publish_state

REPOSITORY = Repository(
    name="Research on Peer Mentoring",
    base_url="https://example.org/oai",
    identifier="example.org",
    admin_emails=("feed@example.org",),
    token_key=b"a key of sixteen bytes or more",
    page_size=3,
)


def oai(number: int) -> str:
    return f"oai:example.org:{number}"


def fill(library: Library) -> None:
    """Ten items, published at five moments 100 seconds apart.

    1-3 at 1800000000 · 4-6 (crime) at 100 · 7-8 (crime:mentoring) at 200 · 9, and 10, deleted and never in any format,
    at 300 · 3 deleted and 5 out of crime at 400.
    """
    crime, mentoring = ("crime",), ("crime:mentoring",)
    library.put({number: Wanted(f"Title {number}") for number in (1, 2, 3)})
    library.put({number: Wanted(f"Title {number}", crime) for number in (4, 5, 6)}, after=100)
    library.put({number: Wanted(f"Title {number}", mentoring) for number in (7, 8)}, after=100)
    library.put({9: Wanted("Title 9"), 10: Wanted("Title 10", deleted=True)}, after=100)
    library.put({3: Wanted("Title 3", deleted=True), 5: Wanted("Title 5")}, after=100)
    library.clock.now += 100


@dataclass
class Library:
    """A feed, a clock that the test sets, and the answers that a harvester gets."""

    engine: Engine
    clock: Clock = field(default_factory=Clock)
    repository: Repository = REPOSITORY

    def __post_init__(self) -> None:
        self.feed = SqlFeed(self.engine)

    def put(self, wanted: Mapping[int, Wanted], *, after: float = 0) -> int:
        """Publish items by number, some seconds later; returns their datestamp."""
        self.clock.now += after
        datestamp = publish_state(self.engine, {oai(number): want for number, want in wanted.items()}, self.clock)
        assert datestamp is not None
        return datestamp

    def ask(self, verb: str, **arguments: str | int) -> Response:
        """The answer; `from_` stands for `from`."""
        pairs = {"verb": verb, **{name.rstrip("_"): value for name, value in arguments.items()}}
        return self.send(urlencode(pairs))

    def send(self, query: bytes | str) -> Response:
        body = respond(query, feed=self.feed, repository=self.repository, now=self.clock.now).body
        assert body is not None
        return judged(body)

    def pages(self, verb: str, **arguments: str | int) -> Iterator[Response]:
        """A whole list, page after page; stops at the first page without a token."""
        yield from self._rest(self.ask(verb, **arguments))

    def pages_of(self, query: str) -> Iterator[Response]:
        """The same of whatever is asked; what is no list is one page."""
        yield from self._rest(self.send(query))

    def _rest(self, page: Response) -> Iterator[Response]:
        yield page
        while page.kind.startswith("List") and page.resumption is not None and page.resumption.token:
            page = self.ask(page.kind, resumptionToken=page.resumption.token)
            yield page

    def split(self, page_size: int) -> Library:
        """The same library in pages of another size."""
        return Library(self.engine, self.clock, replace(self.repository, page_size=page_size))

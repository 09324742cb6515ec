"""A site of lists on several pages, behind a real server."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from tests.pages_kit import Work, page_html

__all__ = ["MANY", "Web", "linked", "path", "serving"]

SUBJECTS = (
    ("Allotments as a way home", "Digging beside strangers, men out of prison found a week that had days in it."),
    ("Who bakes the bread? Night shifts and trust", "Two bakeries hire at the gate; the ovens set the hours, and the hours did the rest."),
    ("Canal boats, curfews and second chances", "A crew of six kept a tag's timetable while moving two miles an hour."),
    ("Listening on the ferry: a field diary", "Forty crossings with volunteers who talk best when nobody can leave."),
    ("Against the hostel corridor", "How long passages with closed doors undo what key workers build."),
    ("Reading aloud in libraries for the released", "Shared stories gave a room its manners before anyone set rules."),
    ("Market traders who vouch for others", "A stall needs a licence, a licence needs a reference: fourteen who gave one."),
    ("Orchard keepers: seasons of probation", "Pruning taught patience to officers first, apprentices later."),
    ("Playground fathers", "Contact visits moved outdoors, where children decide what happens next."),
    ("Railway stations and the first hour outside", "What happens between gate and platform, told by those who waited there."),
    ("Night schools revisited", "Evening classes from 1974 seen again through the letters of their pupils."),
    ("Swimming lessons for magistrates", "Judges learned to float from former defendants; both describe the water."),
)  # fmt: skip  # a table of titles and abstracts
MANY = tuple(
    Work(title, f"Atherton, Peter ({2005 + number})", f"{abstract} Notes on method close the article.")
    for number, (title, abstract) in enumerate(SUBJECTS)
)


class Web:
    """A site that gives each path its page: HTML, or another status. A page has its validator, and may answer 304."""

    def __init__(self) -> None:
        self.pages: dict[str, str | bytes | int] = {}
        self.content_type = "text/html; charset=utf-8"
        self.moved: dict[str, str] = {}
        self.asked: list[str] = []
        handler = partial(_Handler, self)
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.at = f"127.0.0.1:{self.server.server_address[1]}"

    def lists(self, *pages: Sequence[Work], following: str | None = None) -> None:
        """Put these works on so many pages at /list, each linked from the one before; `following` from the last."""
        self.pages.clear()
        for number, works in enumerate(pages, start=1):
            there = f"/list?page={number + 1}" if number < len(pages) else following
            self.pages[path(number)] = linked(works, there)


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, web: Web, *args: object) -> None:
        self.web = web
        super().__init__(*args)  # type: ignore[arg-type]  # the three that a server gives

    def do_GET(self) -> None:
        self.web.asked.append(self.path)
        if self.path in self.web.moved:
            self.send_response(302)
            self.send_header("Location", self.web.moved[self.path])
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        page = self.web.pages.get(self.path, 404)
        body = page.encode() if isinstance(page, str) else page if isinstance(page, bytes) else b""
        tag = f'"{hash(page)}"'
        status = page if isinstance(page, int) else 304 if self.headers.get("If-None-Match") == tag else 200
        self.send_response(status)
        self.send_header("Content-Type", self.web.content_type)
        self.send_header("ETag", tag)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if status != 304:
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- named by the library
        """Nothing: tests are quiet."""


def path(number: int) -> str:
    return "/list" if number == 1 else f"/list?page={number}"


def linked(works: Sequence[Work], href: str | None) -> str:
    link = f'<p><a rel="next" href="{href}">Next</a></p></main>' if href else "</main>"
    return page_html(works).replace("</main>", link)


@contextmanager
def serving() -> Iterator[Web]:
    """A site while the block runs."""
    web = Web()
    thread = threading.Thread(target=web.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield web
    finally:
        web.server.shutdown()
        thread.join()
        web.server.server_close()

"""What hostile web servers say, one `Case` each, for the tests and for `python -m bench.hostile_sources`.

Every case follows a good run of the page `GOOD`. Where a page has publications, they are those of it, so that a run that
gets through finds nothing new; only the cases that are `served` add entries. What the pages of items say is in `items`.
"""

from __future__ import annotations

import gzip
import socket
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tests.source.servers import HTML, Say, Server, answer, chunked, dripping, endless, head, page, redirect, reset

__all__ = ["CASES", "EVIL", "GOOD", "NAME", "Case", "bomb"]

Answers = Callable[[Server], Sequence[bytes | Say]]

NAME = "rebind.example"  # its addresses change from one look-up to the next: see `arena`
EVIL = "Mentoring <script>alert(1)</script> \u202etxet desrever\u202c \u2066and\u2069 \x07bells\x0b"
_ENTRY = '<li>Okafor, A. ({year}). <a href="/item/{part}"><i>Mentoring after prison, part {part}</i></a>. Bristol: Policy Press.</li>'
_MORE = "<li>Okafor, A. ({year}). <i>Mentoring after prison, part {part}</i>. Bristol: Policy Press.</li>"
_ENTRIES = "".join(_ENTRY.format(year=2010 + part, part=part) for part in range(1, 8))
_PAGE = "<!DOCTYPE html><html><head><title>Publications</title>{head}</head><body>{before}<h1>Publications</h1><ul>{entries}</ul>{after}</body></html>"
_BLOCK = b"a" * 65536
_MANY = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One hostile source. `url` is where it is asked for, if not at the server's own; `says` a part of what is said of it.

    `status` is the exit status that is due; a run that is `served` adds entries, and no other moves the feed. `enrich` is
    the source's; with it, `requests` may be made. `slow` cases take seconds by design.
    """

    name: str
    answers: Answers
    url: str | None = None
    says: str = ""
    status: int = 1
    served: bool = False
    slow: bool = False
    enrich: str = "off"
    requests: int = 12


def _page(*, head: str = "", before: str = "", more: str = "", after: str = "") -> bytes:
    return page(
        _PAGE.format(head=head, before=before, entries=_ENTRIES + more, after=after),
        "Content-Type: text/html; charset=utf-8",
    )


GOOD = _page()


def _says(*answers: bytes | Say) -> Answers:
    return lambda _: answers


def _refused(name: str, *answers: bytes | Say, says: str, slow: bool = False) -> Case:
    return Case(name=name, answers=_says(*answers), says=says, slow=slow)


def _read(name: str, answer: bytes | Say, *, slow: bool = False) -> Case:
    return Case(name=name, answers=_says(answer), says="0 new, 0 changed, 7 same", status=0, slow=slow)


def _leads(location: str) -> Case:
    return Case(name=f"redirect to {location}", answers=_says(redirect(location)), says="redirected to")


def _maze(server: Server) -> Sequence[bytes | Say]:
    def say(client: socket.socket) -> None:
        number = len(server.requests)
        client.sendall(redirect(f"/maze/{number}?at={number}", f"Set-Cookie: step{number}={'x' * 4000}"))

    return [say]


def _pages_for_ever(server: Server) -> Sequence[bytes | Say]:
    def say(client: socket.socket) -> None:
        number = len(server.requests)
        entry = _MORE.format(year=1900 + number, part=f"{number} of the endless one")
        client.sendall(_page(more=entry, after=f'<a rel="next" href="/list?page={number + 1}">Next</a>'))

    return [say]


def _redirects_at_each_page(server: Server) -> Sequence[bytes | Say]:
    def say(client: socket.socket) -> None:
        page, step = divmod(len(server.requests) - 1, 5)
        if step < 4:
            client.sendall(redirect(f"/list?page={page + 1}&step={step + 1}"))
            return
        entry = _MORE.format(year=1900 + page, part=f"{page} of the one that moves")
        client.sendall(_page(more=entry, after=f'<a rel="next" href="/list?page={page + 2}">Next</a>'))

    return [say]


def _failures_at_each_page(server: Server) -> Sequence[bytes | Say]:
    def say(client: socket.socket) -> None:
        page, attempt = divmod(len(server.requests) - 1, 2)
        if attempt == 0:
            client.sendall(answer(b"", "Retry-After: 0", status="503 Busy"))
            return
        entry = _MORE.format(year=1900 + page, part=f"{page} of the busy one")
        client.sendall(_page(more=entry, after=f'<a rel="next" href="/list?page={page + 2}">Next</a>'))

    return [say]


def _slow_pages_for_ever(server: Server) -> Sequence[bytes | Say]:
    def say(client: socket.socket) -> None:
        number = len(server.requests)
        entry = _MORE.format(year=1900 + number, part=f"{number} of the slow one")
        said = _page(more=entry, after=f'<a rel="next" href="/list?page={number + 1}">Next</a>')
        dripping(said, times=60 if number > 1 else 1, pause=0.2)(client)

    return [say]


def bomb(size: int, times: int = 1) -> Say:
    """Says a body that gzip has packed so often; it is packed when it is asked for, which takes a while."""

    def say(client: socket.socket) -> None:
        packed = bytes(size)
        for _ in range(times):
            packed = gzip.compress(packed, mtime=0)
        client.sendall(answer(packed, HTML, "Content-Encoding: gzip"))

    return say


_LAUGHS = (
    "<!DOCTYPE html [<!ENTITY a0 'ha'>"
    + "".join(f"<!ENTITY a{level} '{f'&a{level - 1};' * 10}'>" for level in range(1, 10))
    + "]>"
)
_OUTSIDE = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY % y SYSTEM "http://169.254.169.254/"> %y;]>'


def _xhtml(doctype: str, entity: str) -> bytes:
    body = f"{doctype}<html xmlns='http://www.w3.org/1999/xhtml'><body><h1>Publications</h1><p>{entity}</p><ul>{_ENTRIES}</ul></body></html>"
    return answer(body, "Content-Type: application/xhtml+xml")


_DEEP = 10_000
_LD = '<script type="application/ld+json">{{"@type": "Book", "datePublished": "2020", {}}}</script>'
_NETWORK = (
    *(_leads("file:///etc/passwd"), _leads("ftp://example.org/list"), _leads("gopher://127.0.0.1:70/")),
    *(_leads("http://10.0.0.1/"), _leads("http://192.168.1.1/"), _leads("http://[::1]/"), _leads("http://[fe80::1]/")),
    *(_leads("http://169.254.169.254/latest/meta-data/"), _leads("http://2852039166/"), _leads("http://0xa9fea9fe/")),
    *(
        _leads("http://0251.0376.0251.0376/"),
        _leads("http://[::ffff:169.254.169.254]/"),
        _leads("http://[fd00:ec2::254]/"),
    ),
    *(_leads("http://169.254.43518/"), _leads("http://[64:ff9b::a9fe:a9fe]/"), _leads("http://user:word@127.0.0.1/")),
    _refused("redirect loop", redirect("/list"), says="redirected more than 5 times"),
    Case(name="cookie maze", answers=_maze, says="redirected more than 5 times"),
    Case(
        name="name moves on a second attempt",
        answers=_says(answer(status="503 Busy")),
        url=f"http://{NAME}:{{port}}/list",
        says="127.0.0.2",
    ),
    Case(
        name="name moves behind a redirect",
        answers=_says(redirect("/secret"), GOOD),
        url=f"http://{NAME}:{{port}}/list",
        says="127.0.0.2",
    ),
    _refused(
        "headers that drip",
        dripping(head(HTML) + b"a" * 2000, times=2000),
        says="did not arrive within 30 seconds",
        slow=True,
    ),
    _refused(
        "body that drips",
        dripping(head(HTML) + b"a" * 2000, times=2000),
        says="did not arrive within 30 seconds",
        slow=True,
    ),
    Case(
        name="pages for ever",
        answers=_pages_for_ever,
        status=0,
        served=True,
        says="after 12 pages, read with 12 requests",
    ),
    Case(name="redirects at each page", answers=_redirects_at_each_page, status=0, served=True, says="after 2 pages"),
    Case(
        name="failures at each page",
        answers=_failures_at_each_page,
        status=0,
        served=True,
        says="after 6 pages",
        slow=True,
    ),
    Case(name="slow pages for ever", answers=_slow_pages_for_ever, says="took more than 30 seconds", slow=True),
)
_FRAMING = (
    _refused("endless body", endless(head(HTML), _BLOCK), says="larger than"),
    _refused("endless headers", endless(b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 9000), says="broke before"),
    _refused("one endless header", endless(b"HTTP/1.1 200 OK\r\nX: ", _BLOCK), says="broke before"),
    _refused("gzip bomb", bomb(300_000_000), says="larger than"),
    _refused("gzip bomb in gzip", bomb(300_000_000, 2), says="but application/gzip"),
    _refused(
        "deflate bomb",
        answer(zlib.compress(bytes(50_000_000)), HTML, "Content-Encoding: deflate"),
        says="packed the page",
    ),
    _refused("body cut off", head(HTML, "Content-Length: 90000") + b"<ul><li>Okafor", says="broke before"),
    _refused("connection reset", reset(head(HTML, "Content-Length: 90000") + b"<ul><li>"), says="broke before"),
    _refused("length too short", head(HTML, "Content-Length: 40") + GOOD.partition(b"\r\n\r\n")[2], says="longer than"),
    _refused("length of no number", head(HTML, "Content-Length: ten") + b"<ul>", says="where the page ends"),
    _refused(
        "broken chunks", head(HTML, "Transfer-Encoding: chunked") + b"zz\r\nabc\r\n0\r\n\r\n", says="broke before"
    ),
    _refused(
        "chunks without an end", head(HTML, "Transfer-Encoding: chunked") + chunked(b"<ul>")[:-5], says="broke before"
    ),
    _refused("HTTP/0.9", b"<ul><li>Okafor</li></ul>\n" * 50, says="broke before"),
    _refused("empty body", answer(b"", HTML), says="empty"),
    *(
        _refused(f"a page called {kind}", answer(_PAGE, f"Content-Type: {kind}"), says=kind)
        for kind in ("image/png", "application/pdf", "application/zip")
    ),
    _refused("a PDF called a page", page(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(9999)), says="application/pdf"),
    _refused("an image called a page", page(b"\x89PNG\r\n\x1a\n" + bytes(9999)), says="but image/png"),
    _refused(
        "429, Retry-After of a day", answer(b"", "Retry-After: 86400", status="429 Slow Down"), says="left alone until"
    ),
    _refused(
        "503, Retry-After in 2099",
        answer(b"", "Retry-After: Sun, 06 Nov 2099 08:49:37 GMT", status="503 Busy"),
        says="2099-11-06",
    ),
    _refused("503, Retry-After of nonsense", answer(b"", "Retry-After: soon, -1, \xb2", status="503 Busy"), says="503"),
    _refused("503, Retry-After beyond time", answer(b"", "Retry-After: 999999999", status="503 Busy"), says="503"),
)
_MARKUP = (
    _read("wrong charset", answer(GOOD.partition(b"\r\n\r\n")[2], "Content-Type: text/html; charset=utf-16")),
    _read("entity bomb", _xhtml(_LAUGHS, "&a9;")),
    _read("outside entity", _xhtml(_OUTSIDE, "&x;")),
    _read("a line of 10 MB", _page(before=f"<p>{'word ' * 2_000_000}</p>"), slow=True),
    _read("a word of 10 MB", _page(before=f"<p>{'a' * 10_000_000}</p>"), slow=True),
    _read("an entry of 10 MB", _page(more=f"<li>Okafor, A. (2020). {'word ' * 2_000_000}</li>"), slow=True),
    *(
        _read(f"{_DEEP:,} deep {tag}", _page(after=f"<{tag}>" * _DEEP + "x"))
        for tag in ("div", "b", "ul><li", "table><tr><td", "font", "a href=x")
    ),
    _refused("NULs", _page(before="<p>" + "\0" * 100_000 + "</p>"), says="not a page but application/octet-stream"),
    *(
        _refused(f"a million {what}", _page(**{where: words * (_MANY // words.count("<"))}), says=" tags: more than is read")
        for what, where, words in (
            *(("links", "after", "<a href=x>1</a>"), ("items", "more", "<li>x"), ("breaks", "after", "a<br>")),
            *(("cells", "after", "<td>x"), ("boxes", "after", "<div>x</div>"), ("words in bold", "before", "<b>a word of it</b> ")),
            *(("metas", "head", "<meta name=author>"), ("scripts", "head", "<script></script>")),
        )
    ),
    _refused("a hundred thousand items", _page(more="<li>x" * 100_000), says="tags and almost nothing between"),
    _refused("a million lines", answer("a\n" * _MANY, "Content-Type: text/plain"), says=" lines: more than is read"),
    _refused("blank lines", answer("\n" * 9 * _MANY + "a", "Content-Type: text/plain"), says=" lines: more than is read"),
    Case(
        name="items that are almost a list",
        answers=_says(_page(more="<li>Mentoring (2020), by A" * 399_000)),
        says="it was given up, because reading it took more than",
        slow=True,
    ),
    _read("a title of 10 MB for programs", _page(head=_LD.format('"name": "' + "Mentoring " * 1_000_000 + '"')), slow=True),
    _read("a million authors for programs", _page(head=_LD.format('"name": "Mentoring", "author": [' + '"A B",' * 999_999 + '"C D"]')), slow=True),
    _read("a million objects for programs", _page(head=_LD.format('"hasPart": [' + "{}," * 999_999 + "{}]")), slow=True),
    _read("an attribute of 10 MB", _page(after=f'<p class="{"a " * 5_000_000}" title="{"b" * 5_000_000}">x</p>'), slow=True),
    _read("a tag of 500,000 attributes", _page(after="<p " + "".join(f"a{n} " for n in range(500_000)) + ">x</p>"), slow=True),
    *(
        _read(f"a citation of {what}", _page(more=f"<li>Okafor, A. (2020). {run * (200_000 // len(run))}</li>"))
        for what, run in (
            *(("digits", "1"), ("commas", ", "), ("round brackets", "("), ("closed brackets", "()")),
            *(("square brackets", "[]"), ("full stops", ". "), ("initials", "A. "), ("names", "Okafor, A., "), ("ands", " and ")),
            *(("hyphens", "-"), ("quotes", "“"), ("colons", ": "), ("years", "(2020) "), ("DOIs", "10.1000/"), ("slashes", "http://")),
        )
    ),
    Case(
        name="a citation of spaces",
        answers=_says(_page(more=f"<li>Okafor, A. (2020). {'&nbsp;' * 33_000}</li>")),
        says="1 new, 0 changed, 7 same",
        status=0,
        served=True,
    ),
    *(
        _read(f"{what} in {kind}", _page(head=f'<script type="{kind}">{text}</script>'))
        for kind, what, text in (
            *(("application/ld+json", "100,000 brackets", "[" * 100_000), ("application/ld+json", "100,000 digits", "1" * 100_000)),
            *(("application/ld+json", "spaces", " " * 1_000_000 + "x"), ("application/ld+json", "quotes", '{"a": "' + '\\"' * 500_000)),
            ("application/ld+json", "deep objects", '{"a":' * 50_000 + "1" + "}" * 50_000),
            ("application/ld+json", "a graph of itself", '{"@type":"Book","hasPart":' * 900 + "1" + "}" * 900),
        )
    ),
    _read("deep braces in BibTeX", _page(before="<pre>@book{a, title = " + "{" * 100_000 + "</pre>")),
    _refused("100,000 entries of BibTeX", _page(before="<pre>" + "@book{a,\n" * 100_000 + "</pre>"), says="lines with almost nothing"),
    _refused("RIS without an end", _page(before="<pre>TY  - BOOK\n" + "AU  - A\n" * 200_000 + "</pre>"), says="lines with almost nothing"),
    _read("10,000 entries of BibTeX", _page(before="<pre>" + "@book{a,\n" * 10_000 + "</pre>")),
    _read("COinS of 1 MB", _page(before=f'<span class="Z3988" title="{"rft.au=a&amp;" * 100_000}"></span>')),
    _read("200,000 metas", _page(head='<meta name="citation_author" content="A B">' * 200_000), slow=True),
    Case(
        name="scripts and overrides in a title",
        answers=_says(
            _page(more=f"<li>Okafor, A. (2020). <i>{EVIL.replace('<', '&lt;')}</i>. Bristol: Policy Press.</li>")
        ),
        status=0,
        served=True,
    ),
)  # fmt: skip  # lines of one kind each
CASES = (*_NETWORK, *_FRAMING, *_MARKUP)

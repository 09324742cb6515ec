"""A feed behind its WSGI application, asked over HTTP without a socket; every answer is judged, as HTTP and as XML."""

from __future__ import annotations

import gzip
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

from repo_harvest.web.limits import Limits
from repo_harvest.web.oai_app import oai_app
from tests.oai.library import Library
from tests.oai.wire import Response, judged

__all__ = ["FORM", "Away", "Http", "Reply", "judge_reply"]

FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def content(self) -> bytes:
        """The body as it was before it was compressed."""
        return gzip.decompress(self.body) if self.headers.get("Content-Encoding") == "gzip" else self.body

    @property
    def answer(self) -> Response:
        """The body, if this is an answer of the protocol."""
        assert self.status == 200
        assert self.headers["Content-Type"] == "text/xml; charset=utf-8"
        return judged(self.content)

    @property
    def tag(self) -> str:
        return self.headers["ETag"]


class Away(io.RawIOBase):
    """The body of a client that went away."""

    def read(self, size: int = -1) -> bytes:
        raise ConnectionResetError(size)


@dataclass(frozen=True)
class Http:
    """A feed behind its WSGI application, which is held to PEP 3333 on each call; `parts` go to `oai_app`."""

    library: Library
    max_body: int = 1000
    parts: dict[str, Any] = field(default_factory=dict)

    def send(self, method: str, query: str = "", body: bytes | io.RawIOBase = b"", **environ: str | bool) -> Reply:
        parts = {"limits": Limits(max_body=self.max_body), **self.parts}
        app = oai_app(self.library.feed, self.library.repository, now=self.library.clock, **parts)
        sent: dict[str, object] = {"REQUEST_METHOD": method, "QUERY_STRING": query}
        setup_testing_defaults(sent)
        sent["wsgi.input"] = io.BytesIO(body) if isinstance(body, bytes) else body
        said: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], *_: object) -> Callable[[bytes], object]:
            said.append((status, headers))
            return said.append  # type: ignore[return-value]  # never called: nobody writes that way

        parts_of_body = validator(app)({**sent, **environ}, start_response)
        try:
            content = b"".join(parts_of_body)
        finally:
            parts_of_body.close()  # type: ignore[attr-defined]  # the validator's iterator has it
        ((status, headers),) = said
        assert len(dict(headers)) == len(headers)
        reply = Reply(int(status.split()[0]), dict(headers), content)
        judge_reply(reply, method)
        return reply

    def get(self, query: str, **environ: str) -> Reply:
        return self.send("GET", query, b"", **environ)

    def post(self, body: bytes, query: str = "", **environ: str | bool) -> Reply:
        return self.send("POST", query, body, **{"CONTENT_TYPE": FORM, "CONTENT_LENGTH": str(len(body)), **environ})


def judge_reply(reply: Reply, method: str) -> None:
    """What holds of every reply."""
    headers = reply.headers
    assert headers["Vary"] == "Accept-Encoding"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == ("no-store" if reply.status >= 500 else "no-cache")
    if reply.status == 304:
        assert reply.body == b""
        assert not {"Content-Length", "Content-Encoding", "Content-Type"} & headers.keys()
    elif method != "HEAD":
        assert int(headers["Content-Length"]) == len(reply.body)
    if reply.status == 503:
        assert 1 <= int(headers["Retry-After"]) <= 3600
        assert headers["Content-Type"] == "text/plain; charset=utf-8"

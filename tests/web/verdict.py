"""A hostile request and its reply in; raises AssertionError unless the reply is one that is promised for it.

What is legal in a request is worked out here anew, with the standard library's own reader of query strings.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote_to_bytes

from tests.web.hostile import Attack
from tests.web.http import FORM, Reply, judge_reply
from tests.web.reader import judge_page

__all__ = ["judge"]

FEED = {b"/oai", b"/oai/"}
_OF_A_FORM = {400, 413, 415}  # what is wrong with a body
_OF_PAGES = {200, 206, 304, 400, 404, 405, 410, 412, 416}
_UNECHOED = {"badArgument", "badVerb"}


def judge(sent: Attack, reply: Reply, base_url: str) -> None:
    """Both the feed's replies and those of the pages for people."""
    assert reply.status < 500
    _judge_http(sent, reply)
    if unquote_to_bytes(sent.path) in FEED:
        _judge_feed(sent, reply, base_url)
    else:
        _judge_people(sent, reply)


def _judge_http(sent: Attack, reply: Reply) -> None:
    """Nothing that was sent comes back in a header; a body is as long as is said, and really gzip where that is said."""
    if reply.status != 304 and sent.method != "HEAD":
        assert int(reply.headers["Content-Length"]) == len(reply.body)
    else:
        assert reply.body == b""
    for name, value in reply.headers.items():
        assert re.fullmatch(r"[\x20-\x7e]*", name + value)
        assert "evil" not in value
    if "Content-Encoding" in reply.headers:
        assert dict(sent.headers)["Accept-Encoding"] not in {b"", b"br", b"gzip;q=0", b"gzip;q=0,gzip", b"identity"}


def _judge_feed(sent: Attack, reply: Reply, base_url: str) -> None:
    judge_reply(reply, sent.method)
    conditional = sent.method in {"GET", "HEAD"} and "If-None-Match" in dict(sent.headers)
    if sent.method not in {"GET", "HEAD", "POST"}:
        assert (reply.status, reply.headers["Allow"]) == (405, "GET, HEAD, POST")
    elif reply.status == 304:
        assert conditional
        assert reply.tag.strip('"').split("-")[0].isdecimal()
    elif reply.status == 200:
        assert sent.method == "HEAD" or _is_right(sent, reply, base_url)
    else:
        assert sent.method == "POST"
        assert reply.status in _OF_A_FORM
    if reply.status not in {200, 304}:
        assert reply.headers["Content-Type"] == "text/plain; charset=utf-8"
        assert re.fullmatch(rb"([ -~]+\n)?", reply.body)


def _is_right(sent: Attack, reply: Reply, base_url: str) -> bool:
    """The request element has no attributes, or exactly what was sent; no error repeats anything that could do harm."""
    answer = reply.answer
    assert re.fullmatch(r"[ -~\n]*", answer.messages)
    assert answer.request.text == base_url
    if _UNECHOED.intersection(answer.codes):
        assert answer.echo == []
    else:
        escaped = re.sub(
            rb"[^ -~]", lambda octet: b"%%%02X" % octet[0][0], _arguments(sent)
        )  # some octets came as they are
        given = parse_qsl(escaped.decode(), keep_blank_values=True, errors="strict")
        assert answer.echo == given
        assert len(given) == len(dict(given))
        assert answer.codes or answer.kind == dict(given)["verb"]
    return True


def _arguments(sent: Attack) -> bytes:
    if sent.method != "POST":
        return sent.query
    assert dict(sent.headers)["Content-Type"].partition(b";")[0].strip().decode().lower() == FORM
    return sent.query + b"&" + (sent.body if sent.length is None else sent.body[: int(sent.length or b"0")])


def _judge_people(sent: Attack, reply: Reply) -> None:
    assert reply.status in _OF_PAGES
    if reply.body and reply.headers["Content-Type"].startswith("text/html"):
        judge_page(reply.content.decode())
    if sent.method in {"GET", "HEAD"}:
        assert reply.status != 405
    if reply.status == 400:
        assert "Host" in dict(sent.headers)

"""How answers travel: methods, status, types, compression (OAI-PMH 2.0 section 3.1)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from repo_harvest.check.case import Case, fault
from repo_harvest.check.client import Asked
from repo_harvest.check.groups.kit import named
from repo_harvest.check.outcome import CouldNot, Fault, Level, NotApplicable
from repo_harvest.check.reading import Answer
from repo_harvest.check.rule import Check

__all__ = ["CHECKS", "LATE"]

_OK = 200
_NOT_MODIFIED = 304
_SERVER_ERROR = 500
_SLOW = 15.0  # seconds for one answer
_GZIP = ("gzip", "x-gzip")
_IDENTIFY = (("verb", "Identify"),)


def _get(case: Case) -> Iterator[Fault]:
    answer = case.ask("Identify")
    if answer.status != _OK or answer.fault or answer.kind != "Identify":
        yield fault("Identify by GET was not answered with an Identify document and status 200", answer)


def _post(case: Case) -> Iterator[Fault]:
    for pairs in (_IDENTIFY, (("verb", "ListIdentifiers"), ("metadataPrefix", case.prefix))):
        by_get, by_post = case.get(pairs), case.send(Asked.post(case.base_url, pairs))
        same = (by_get.kind, by_get.codes, by_get.heads) == (by_post.kind, by_post.codes, by_post.heads)
        if by_get.fault or same:
            continue
        yield fault(f"by GET it was {by_get.said}; by POST it is something else", by_post)


def _post_type(case: Case) -> Iterator[Fault]:
    answer = case.send(Asked.post(case.base_url, _IDENTIFY, content_type="text/plain"))
    if answer.status == _OK and not answer.errors and not answer.fault:
        yield fault("a POST whose Content-Type is text/plain was answered as if it were a form", answer)


def _head(case: Case) -> Iterator[Fault]:
    expected = case.ask("Identify")
    answer = case.send(Asked.get(case.base_url, _IDENTIFY, method="HEAD"))
    if (answer.status, answer.content_type) != (expected.status, expected.content_type):
        heading = f"HTTP {answer.status}, {answer.content_type or 'no Content-Type'}"
        yield Fault(what="HEAD and GET do not agree", request=answer.asked.shown, answer=heading)


def _method(case: Case) -> Iterator[Fault]:
    answer = case.send(replace(Asked.get(case.base_url, _IDENTIFY), method="PROPFIND"))
    if answer.status == _OK:
        yield fault("PROPFIND, which is neither GET nor POST, was answered as if it were one", answer)
    elif answer.status >= _SERVER_ERROR and answer.status != 501:  # noqa: PLR2004 - Not Implemented is a right answer
        yield fault("PROPFIND, which is neither GET nor POST, is a fault of the server", answer)


def _redirect(case: Case) -> Iterator[Fault]:
    for hop in case.led:
        yield Fault(what=f"the address redirects: {hop}")


def _status(case: Case) -> Iterator[Fault]:
    for answer in case.heard:
        if answer.status != _OK and not answer.fault and answer.asked.method in {"GET", "POST"}:
            yield fault("an answer of OAI-PMH has the status 200, errors of the protocol too", answer)


def _content_type(case: Case) -> Iterator[Fault]:
    for answer in case.heard:
        if not answer.fault and answer.content_type != "text/xml":
            yield fault(f"the Content-Type is {answer.http.get('content-type', 'missing')}, not text/xml", answer)


def _charset(case: Case) -> Iterator[Fault]:
    for answer in case.heard:
        _, found, charset = answer.http.get("content-type", "").lower().partition("charset=")
        if not answer.fault and found and charset.strip(" \"'") not in {"utf-8", "utf8"}:
            yield fault(f"the Content-Type states the charset {charset}, and answers are in UTF-8", answer)


def _slash(case: Case) -> Iterator[Fault]:
    other = case.base_url[:-1] if case.base_url.endswith("/") else f"{case.base_url}/"
    answer = case.send(Asked.get(other, _IDENTIFY))
    if answer.fault or answer.kind != "Identify":
        yield fault("with a slash more or less at its end, the address does not answer", answer)


def _zipped(case: Case, accept: str) -> Answer:
    pairs = (("verb", "ListRecords"), ("metadataPrefix", case.prefix))
    return case.send(Asked.get(case.base_url, pairs, headers=(("Accept-Encoding", accept),)))


def _coding(answer: Answer) -> str:
    return answer.http.get("content-encoding", "").strip().lower()


def _advertised(case: Case) -> tuple[str, ...]:
    return tuple(value.strip().lower() for value in case.identify.fields.get("compression", ()))


def _gzip(case: Case) -> Iterator[Fault]:
    if not set(_advertised(case)) & set(_GZIP):
        raise NotApplicable("Identify does not list gzip under compression")
    for accept in ("gzip", "identity;q=0.5, gzip;q=1.0"):
        answer = _zipped(case, accept)
        if _coding(answer) not in _GZIP:
            yield fault(f"Identify lists gzip, and Accept-Encoding: {accept} gets it uncompressed", answer)


def _gzip_unasked(case: Case) -> Iterator[Fault]:
    for accept in ("identity", "gzip;q=0", "gzip;q=0, identity;q=1"):
        answer = _zipped(case, accept)
        if _coding(answer) not in {"", "identity"}:
            yield fault(f"Accept-Encoding: {accept} gets {_coding(answer)}", answer)


def _gzip_told(case: Case) -> Iterator[Fault]:
    answer = _zipped(case, "gzip")
    if _coding(answer) in _GZIP and not set(_advertised(case)) & set(_GZIP):
        yield fault("answers are compressed for those who ask, and Identify does not say so", answer)


def _vary(case: Case) -> Iterator[Fault]:
    answer = _zipped(case, "gzip")
    if _coding(answer) not in _GZIP:
        raise NotApplicable("answers are not compressed")
    if not {"accept-encoding", "*"} & {word.strip().lower() for word in answer.http.get("vary", "").split(",")}:
        yield fault("compressed answers lack Vary: Accept-Encoding, so caches mix them up", answer)


def _conditional(case: Case) -> Iterator[Fault]:
    etag = case.ask("Identify").http.get("etag")
    if etag is None:
        raise NotApplicable("answers have no ETag")
    answer = case.send(Asked.get(case.base_url, _IDENTIFY, headers=(("If-None-Match", etag),)))
    if answer.status != _NOT_MODIFIED and answer.http.get("etag") == etag:
        yield fault(f"If-None-Match with the ETag {etag} is not answered with 304", answer)


def _complete(case: Case) -> Iterator[Fault]:
    for request, why in case.client.broken:
        yield Fault(what="no whole answer came", request=request, answer=why)


def _speed(case: Case) -> Iterator[Fault]:
    slow = [answer for answer in case.heard if answer.seconds > _SLOW]
    if slow:
        worst = max(slow, key=lambda answer: answer.seconds)
        yield fault(f"{len(slow)} answers took longer than {_SLOW:g} seconds, the slowest {worst.seconds:.0f}", worst)


def _flow(case: Case) -> Iterator[Fault]:
    if not case.client.waits:
        raise NotApplicable("the endpoint never asked to wait")
    odd = [(request, after) for request, after in case.client.waits if not after.isdecimal()]
    for request, after in odd:
        yield Fault(what=f"Retry-After is {named([after])}, which some harvesters cannot read", request=request)


def _broken(case: Case) -> Iterator[Fault]:
    for answer in case.heard:
        if answer.status >= _SERVER_ERROR and answer.asked.method in {"GET", "POST"} and answer.status != 503:  # noqa: PLR2004 - flow control
            yield fault("the server failed", answer)


def _judged(case: Case) -> Iterator[Fault]:
    if case.client.stopped:
        raise CouldNot(case.client.stopped)
    return iter(())


_ROOM = "Check the web server in front of the repository: what it adds, packs or cuts."

_METHODS = (
    Check(
        id="http.get",
        title="Identify is answered",
        level=Level.MUST,
        section="3.1.1.1",
        advice="Check the address: it is the base URL that harvesters are given, without ?verb=….",
        rule=_get,
    ),
    Check(
        id="http.redirect",
        title="The address answers itself",
        level=Level.SHOULD,
        section="3.1.2.2",
        advice="Give harvesters the address that it leads to: many lose their arguments over a redirect.",
        rule=_redirect,
    ),
    Check(
        id="http.post",
        title="POST is answered like GET",
        level=Level.MUST,
        section="3.1.1",
        advice="Read the arguments of a POST from its body, application/x-www-form-urlencoded.",
        rule=_post,
    ),
    Check(
        id="http.post-type",
        title="A POST that is no form is refused",
        level=Level.SHOULD,
        section="3.1.1.2",
        advice="Answer any other Content-Type with 415, or as a request without arguments.",
        rule=_post_type,
    ),
    Check(
        id="http.head",
        title="HEAD is answered like GET",
        level=Level.SHOULD,
        section="RFC 9110 9.3.2",
        advice="Answer HEAD with the headers of the GET; monitors use it.",
        rule=_head,
    ),
    Check(
        id="http.method",
        title="Other methods are refused",
        level=Level.SHOULD,
        section="3.1.1",
        advice="Answer 405 with Allow: GET, POST.",
        rule=_method,
    ),
)

# These look back at the whole run, and are therefore carried out after all others.
LATE = (
    Check(
        id="http.complete",
        title="Every answer arrived whole",
        level=Level.MUST,
        section="RFC 9112 6.3",
        advice=_ROOM,
        rule=_complete,
    ),
    Check(
        id="http.fault",
        title="The server never failed",
        level=Level.MUST,
        section="3.1.2",
        advice="See the server's log for these requests: no request may make it fail.",
        rule=_broken,
    ),
    Check(
        id="http.status",
        title="Errors of the protocol have the status 200",
        level=Level.MUST,
        section="3.1.2",
        advice="Leave the status at 200: harvesters take another for a failure of the web server.",
        rule=_status,
    ),
    Check(
        id="http.content-type",
        title="Every answer is text/xml",
        level=Level.MUST,
        section="3.1.2.1",
        advice="Send Content-Type: text/xml; charset=UTF-8, whatever the request says it accepts.",
        rule=_content_type,
    ),
    Check(
        id="http.charset",
        title="The charset of Content-Type is UTF-8",
        level=Level.MUST,
        section="3.2",
        advice="Send Content-Type: text/xml; charset=UTF-8.",
        rule=_charset,
    ),
    Check(
        id="http.speed",
        title="Answers come within seconds",
        level=Level.SHOULD,
        section="3.5",
        advice="Make pages smaller, and see that a page costs the same however deep in the list it lies.",
        rule=_speed,
    ),
    Check(
        id="http.flow",
        title="Retry-After is a number of seconds",
        level=Level.SHOULD,
        section="3.1.2.2",
        advice="Send whole seconds.",
        rule=_flow,
    ),
    Check(
        id="http.enough",
        title="The run could ask all it wanted",
        level=Level.INFO,
        section="3.1.2.2",
        advice="Raise the limit that the reason names, or run the check at a quieter hour.",
        rule=_judged,
    ),
)

_PACKED = (
    Check(
        id="http.gzip",
        title="gzip is done where it is advertised",
        level=Level.MUST,
        section="3.1.3",
        advice="Compress for those who ask for it, or take gzip out of Identify.",
        rule=_gzip,
    ),
    Check(
        id="http.gzip-unasked",
        title="Nothing is compressed for those who did not ask",
        level=Level.MUST,
        section="3.1.3",
        advice="Honour Accept-Encoding, q-values included: q=0 means never.",
        rule=_gzip_unasked,
    ),
    Check(
        id="http.gzip-told",
        title="Compression is advertised where it is done",
        level=Level.SHOULD,
        section="3.1.3",
        advice="List gzip under compression in Identify.",
        rule=_gzip_told,
    ),
    Check(
        id="http.vary",
        title="Compressed answers say what they vary with",
        level=Level.SHOULD,
        section="RFC 9110 12.5.5",
        advice="Send Vary: Accept-Encoding.",
        rule=_vary,
    ),
    Check(
        id="http.conditional",
        title="If-None-Match is answered with 304",
        level=Level.INFO,
        section="RFC 9110 13.1.2",
        advice="Compare If-None-Match with the ETag that is sent.",
        rule=_conditional,
    ),
    Check(
        id="http.slash",
        title="The address answers with and without a slash at its end",
        level=Level.INFO,
        section="3.1.1",
        advice="Answer at both, without a redirect.",
        rule=_slash,
    ),
)
CHECKS = (*_METHODS, *_PACKED)

"""A URL or a path goes in, the page there comes out; but for `exchange`, the only outbound connections are made here.

Rule: one fetch is bounded in everything (`Limits`), sends a person's address or password nowhere, follows redirects by
hand so that every hop is checked like the first, and gives a whole page or none. Of the answers of RFC 9110, 200 and
203 are a page, 304 is "the last reading still holds", 301, 302, 303, 307 and 308 lead on; every other is a failure, in
one line for a person, and those that may pass by themselves are tried again.

A validator is kept only for a page found at the very URL that was asked for. Behind a redirect, what it was compared
with next time could be another page, and "unchanged" would be wrong for as long as nobody noticed.
"""

from __future__ import annotations

import logging
import re
import socket
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import urldefrag, urljoin, urlsplit

import requests

from repo_harvest import __version__
from repo_harvest.model import Page, Relation, Validators
from repo_harvest.source.address import allowed
from repo_harvest.source.failure import NO_ADDRESS, Failure, plain, shown
from repo_harvest.source.inflate import inflate
from repo_harvest.source.local import is_local, read_local
from repo_harvest.source.sniff import PAGE_TYPES, accept, media_type
from repo_harvest.source.transport import Session, body
from repo_harvest.source.wire import Allowance, Resolve, Wire

__all__ = ["Limits", "fetch"]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one fetch may cost at most.

    `seconds` for everything together: looking up names, redirects, waits, retries and a server that drips; `size` in
    bytes of a page, unpacked; `redirects`; `attempts` for one address; `requests` for the whole fetch; and `wait`, the
    longest Retry-After in seconds that is waited for.
    """

    seconds: float = 30.0
    size: int = 20_000_000
    redirects: int = 5
    attempts: int = 3
    requests: int = 12
    wait: float = 10.0


_LIMITS = Limits()
_NO_VALIDATORS = Validators()
_ACCEPTED = "text/html, application/xhtml+xml, text/plain;q=0.9, */*;q=0.1"
_LONGEST_LINK = 20_000  # characters of a Link header that anybody reads

_UNDECLARED = frozenset({"", "unknown/unknown", "application/unknown", "*/*"})  # WHATWG MIME Sniffing section 7
_PAGE_STATUS = frozenset({200, 203})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504})
_PAUSE = 0.5  # seconds before the second attempt, then twice that, and so on
_ADVICE = {
    401: "The page is not open to everyone; ask its owner for one that is.",
    403: "The page is not open to everyone, or not to programs; ask its owner.",
    404: "Check the address of the page.",
    410: "The page was removed; find out where its list is now.",
    429: "Fetch it less often.",
    451: "The page is withheld for legal reasons; ask its owner.",
}
_THEIR_FAULT = "The fault is on their side; the next run tries again."
_OTHER = "Open the address in a browser to see what became of the page."

_TYPE = re.compile(r"\s*([!#$%&'*+.^_`|~0-9A-Za-z-]+/[!#$%&'*+.^_`|~0-9A-Za-z-]+)")
_CHARSET = re.compile(r""";\s*charset\s*=\s*["']?([^\s"';,]+)""", re.IGNORECASE)
_VALIDATOR = re.compile(r"(?! )[\x20-\x7e\x80-\xff]{1,500}(?<! )")  # what may stand in a header as it came out of one
_SECONDS = re.compile(r"[0-9]{1,9}")


def fetch(
    url: str,
    *,
    now: Callable[[], datetime],
    validators: Validators = _NO_VALIDATORS,
    allow_private: Sequence[str] = (),
    limits: Limits = _LIMITS,
    resolve: Resolve = socket.getaddrinfo,
    sleep: Callable[[float], None] = time.sleep,
    contact: str = "",
    accepted: str = _ACCEPTED,
    permit: Callable[[str], None] = lambda _: None,
) -> Page:
    """The page at `url`: an http or https URL, a `file:` URL or a path.

    `now` gives aware UTC times; `validators` are those of the last page that was read with success, and make the
    answer `unchanged` if it still holds. `allow_private` lists what may be dialled besides public addresses, each as
    HOST:PORT. `contact`, a URL or mail address, is sent in User-Agent, so that a server's owner knows whom to write to.
    `accepted` is what to ask for, as the header Accept has it; what it names is taken as well as HTML and plain text. `permit` is told
    each address before it is asked, where redirects lead too; it may take its time, or raise `Refused`.

    Raises `FetchError` if the page did not arrive, `NotAPage` if something else than HTML, XHTML or plain text did
    (both with one line that names the URL and says what to do), and `SettingsError` for a wrong `allow_private`.
    """
    endpoints = allowed(allow_private)
    begun = time.monotonic()
    try:
        if is_local(url):
            page = read_local(url, now=now, validators=validators, limit=limits.size)
        else:
            wire = Wire(
                allowance=Allowance(seconds=limits.seconds, size=limits.size), resolve=resolve, allowed=endpoints
            )
            with Session(wire) as session:
                session.headers.update(_headers(contact, accepted))
                trip = _Trip(
                    session=session,
                    wire=wire,
                    limits=limits,
                    now=now,
                    sleep=sleep,
                    types=_types(accepted),
                    permit=permit,
                )
                page = trip.page(url, validators)
    except Failure as failure:
        message = f"{shown(url)}: {failure.what}"
        log.warning("not fetched: %s", message)
        raise failure.told(message) from failure
    what = "unchanged" if page.unchanged else f"{page.content_type}, {len(page.content)} bytes"
    log.info("fetched %s: %s, %.2f s", shown(url), what, time.monotonic() - begun)
    return page


def _types(accepted: str) -> frozenset[str]:
    """The media types that an Accept header names, and those of any page."""
    named = (part.partition(";")[0].strip().lower() for part in accepted.split(","))
    return PAGE_TYPES.union(name for name in named if "*" not in name)


def _headers(contact: str, accepted: str) -> dict[str, str]:
    clean = re.sub(r"[^\x21-\x27\x2a-\x7e]", "", contact)  # a comment of RFC 9110 section 5.6.5 without what ends it
    return {
        "User-Agent": f"repo-harvest/{__version__}" + (f" (+{clean})" if clean else ""),
        "Accept": accepted,
        "Accept-Encoding": "gzip",
        "Connection": "close",
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """What a server said: a place to go on to, or its headers with the content, which is `None` for a 304."""

    headers: Mapping[str, str]
    content: bytes | None = None
    leads_to: str | None = None


class _Trip:
    """One fetch over the network, from the first request to the page."""

    def __init__(
        self,
        *,
        session: Session,
        wire: Wire,
        limits: Limits,
        now: Callable[[], datetime],
        sleep: Callable[[float], None],
        types: frozenset[str],
        permit: Callable[[str], None],
    ) -> None:
        self._session = session
        self._wire = wire
        self._limits = limits
        self._now = now
        self._sleep = sleep
        self._types = types
        self._permit = permit
        self._requests = 0

    def page(self, url: str, validators: Validators) -> Page:
        location = url.strip()
        for hop in range(self._limits.redirects + 1):
            try:
                answer = self._persist(_checked(location), _NO_VALIDATORS if hop else validators)
            except Failure as failure:
                if hop:
                    failure.what = f"redirected to {shown(location)}: {failure.what}"
                raise
            if answer.leads_to is None:
                kept = _NO_VALIDATORS if hop else validators if answer.content is None else _validators(answer.headers)
                return _page(url, location, answer, kept, self._now(), self._requests)
            location = answer.leads_to
        raise Failure(f"redirected more than {self._limits.redirects} times. Check the address in a browser.")

    def _persist(self, location: str, validators: Validators) -> _Answer:
        """The answer of the first attempt that has one; raises the `Failure` of the last."""
        for attempt in range(1, self._limits.attempts + 1):
            try:
                return self._ask(location, validators)
            except Failure as failure:
                pause = _PAUSE * 2 ** (attempt - 1) if failure.wait is None else failure.wait
                over = attempt == self._limits.attempts or self._requests >= self._limits.requests
                if over or not failure.passing or pause > min(self._limits.wait, self._wire.allowance.left()):
                    raise
            self._sleep(pause)
        raise AssertionError("the last attempt returned or raised")

    def _ask(self, location: str, validators: Validators) -> _Answer:
        if self._requests >= self._limits.requests:
            what = f"the page took more than {self._limits.requests} requests. Check the address in a browser."
            raise Failure(what, costly=True)
        self._requests += 1
        self._permit(location)
        conditions = _conditions(validators)
        with self._session.ask(location, conditions, timeout=self._wire.allowance.left()) as response:
            return self._read(response, location, conditional=bool(conditions))

    def _read(self, response: requests.Response, location: str, *, conditional: bool) -> _Answer:
        status, headers = response.status_code, response.headers
        if status == HTTPStatus.NOT_MODIFIED and conditional:
            return _Answer(headers=headers)
        if status in _REDIRECTS and headers.get("Location"):
            return _Answer(headers=headers, leads_to=_target(location, headers["Location"]))
        if status not in _PAGE_STATUS:
            raise self._status(status, headers)
        declared = _media_type(headers)
        if declared not in _UNDECLARED:
            accept(declared, self._types)  # before its body is read
        chunks = body(response, self._wire.allowance)
        content = inflate(chunks, coding=headers.get("Content-Encoding", ""), limit=self._limits.size)
        return _Answer(headers=headers, content=content)

    def _status(self, status: int, headers: Mapping[str, str]) -> Failure:
        words = f"{status} {HTTPStatus(status).phrase}" if status in list(HTTPStatus) else str(status)
        passing = status in _PASSING
        again = _retry_after(headers.get("Retry-After", ""), self._now()) if passing else None
        advice = _ADVICE.get(status, _THEIR_FAULT if status >= HTTPStatus.INTERNAL_SERVER_ERROR else _OTHER)
        if again is not None:
            advice = f"It asks to be left alone until {again:%Y-%m-%d %H:%M:%S} UTC; try again then."
        wait = None if again is None else max(0.0, (again - self._now()).total_seconds())
        return Failure(f"the server answered {words}. {advice}", passing=passing, wait=wait, status=status)


def _checked(location: str) -> str:
    """The URL without its fragment, if it is one that may be requested; raises `Failure`."""
    try:
        parts = urlsplit(location)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise Failure(NO_ADDRESS) from error
    if parts.scheme.lower() not in {"http", "https"}:
        raise Failure(f"addresses of the kind {plain(parts.scheme)}: are not fetched, only http: and https:.")
    if "@" in parts.netloc:
        raise Failure("a user name or password in an address is not sent. Remove what stands before the @.")
    if not host or port == 0 or "\\" in parts.netloc or not location.isprintable():
        raise Failure(NO_ADDRESS)
    return urldefrag(location).url


def _target(location: str, reference: str) -> str:
    """Where a Location header leads: http.client reads it as latin-1; beyond ASCII it is UTF-8, or bytes as they are."""
    sent = reference.strip().encode("latin-1")
    try:
        target = sent.decode("utf-8")
    except UnicodeDecodeError:
        target = "".join(chr(byte) if byte < 0x80 else f"%{byte:02X}" for byte in sent)  # noqa: PLR2004 - not ASCII
    try:
        return urljoin(location, target)
    except ValueError as error:
        raise Failure(f'it redirects to "{plain(reference)}", which is not a web address. Tell its owner.') from error


def _conditions(validators: Validators) -> dict[str, str]:
    """The conditional headers of RFC 9110 section 13.1."""
    headers = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in headers.items() if value and _VALIDATOR.fullmatch(value)}


def _validators(headers: Mapping[str, str]) -> Validators:
    """What to ask with next time.

    A Last-Modified counts only if the server's own clock was past that second (RFC 9110 section 8.8.2.2): the page may
    have changed again within it, and would be called unchanged.
    """
    etag = headers.get("ETag", "").strip()
    modified = headers.get("Last-Modified", "").strip()
    changed, sent = _http_date(modified), _http_date(headers.get("Date", ""))
    strong = changed is not None and sent is not None and sent - changed >= timedelta(seconds=1)
    return Validators(etag=etag if _VALIDATOR.fullmatch(etag) else None, last_modified=modified if strong else None)


def _http_date(text: str) -> datetime | None:
    """An HTTP-date (RFC 9110 section 5.6.7) as an aware time; `None` if it is not one."""
    try:
        found = parsedate_to_datetime(text)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, IndexError, OverflowError):
        return None


def _retry_after(text: str, now: datetime) -> datetime | None:
    """The time that a Retry-After names (RFC 9110 section 10.2.3): seconds from now, or a date."""
    value = text.strip()
    if not _SECONDS.fullmatch(value):
        return _http_date(value)
    return now.astimezone(UTC) + timedelta(seconds=int(value))


def _media_type(headers: Mapping[str, str]) -> str:
    """The bare media type that Content-Type declares, in lower case; empty if it declares none."""
    match = _TYPE.match(headers.get("Content-Type", ""))
    return match[1].lower() if match else ""


def _page(
    url: str, location: str, answer: _Answer, validators: Validators, fetched: datetime, requests_made: int
) -> Page:
    content = answer.content or b""
    name = _media_type(answer.headers)
    if answer.content is not None and name in _UNDECLARED:
        name = media_type(content)
        accept(name)
    charset = _CHARSET.search(answer.headers.get("Content-Type", ""))
    return Page(
        url=url,
        location=urldefrag(location).url,
        fetched=fetched,
        content=content,
        content_type=name,
        charset=charset[1].lower() if charset else None,
        validators=validators,
        unchanged=answer.content is None,
        relations=_relations(location, answer.headers.get("Link", "")),
        requests=requests_made,
    )


def _relations(location: str, header: str) -> tuple[Relation, ...]:
    """The links of a Link header (RFC 8288 section 3), those that lead to the web; none of a header that is too long."""
    found = requests.utils.parse_header_links(header) if 0 < len(header) <= _LONGEST_LINK else []
    relations = []
    for link in found:
        try:
            url = urljoin(location, link["url"].strip())
        except ValueError:  # a malformed host
            continue
        if url.lower().startswith(("http://", "https://")) and link.get("rel"):
            relations.append(Relation(url=url, rel=link["rel"].lower(), type=link.get("type", "").lower()))
    return tuple(relations)

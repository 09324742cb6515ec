"""Faults, each planted into our own endpoint: a request comes in, and something goes wrong on the way to or from it.

A row says what is wrong and which checks name it. `ask` is the honest endpoint; a planted fault asks it what it likes,
and gives back what it likes.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from repo_harvest.check.client import Ask, Asked, Pairs
from repo_harvest.source.exchange import Reply
from tests.check.endpoint import BASE_URL

__all__ = ["FAULTS", "Planted", "as_asked", "refusal"]

Plant = Callable[[Ask], Ask]


@dataclass(frozen=True)
class Planted:
    """A fault, in words; what makes it; the checks that have to name it."""

    name: str
    plant: Plant
    named_by: frozenset[str]


def _query(change: Callable[[dict[str, str]], dict[str, str]]) -> Plant:
    """The arguments are misread."""

    def plant(ask: Ask) -> Ask:
        def asking(asked: Asked) -> Reply:
            given = dict(asked.pairs)
            changed = change(dict(given))
            if changed == given or len(asked.pairs) != len(given):
                return ask(asked)
            return as_asked(ask(_get(tuple(changed.items()))), asked)

        return asking

    return plant


def _body(pattern: str, new: str, *, only: str = "", count: int = 0) -> Plant:
    """What is answered is altered, in answers that hold `only`."""

    def plant(ask: Ask) -> Ask:
        def asking(asked: Asked) -> Reply:
            reply = ask(asked)
            text = reply.content.decode()
            if only not in text:
                return reply
            return replace(reply, content=re.sub(pattern, new, text, count=count, flags=re.DOTALL).encode())

        return asking

    return plant


def _header(name: str, value: str, *, when: Callable[[Asked, Reply], bool] = lambda _asked, _reply: True) -> Plant:
    def plant(ask: Ask) -> Ask:
        def asking(asked: Asked) -> Reply:
            reply = ask(asked)
            if not when(asked, reply):
                return reply
            kept = tuple(pair for pair in reply.headers if pair[0] != name)
            return replace(reply, headers=(*kept, (name, value)))

        return asking

    return plant


def _get(pairs: Pairs) -> Asked:
    return Asked.get(BASE_URL, pairs)


def as_asked(reply: Reply, asked: Asked) -> Reply:
    """The request element as if the arguments had been understood: the fault is to show in the list alone."""
    names = "".join(f' {name}="{value}"' for name, value in asked.pairs)
    text = reply.content.decode()
    if 'code="badArgument' in text or 'code="badVerb' in text:
        return reply
    return replace(reply, content=re.sub(r"<request[^>]*>", lambda _: f"<request{names}>", text, count=1).encode())


def refusal(asked: Asked, ask: Ask, code: str) -> Reply:
    """An error of this code, in an envelope of the endpoint's own."""
    reply = ask(_get((("verb", "GetRecord"), ("identifier", "oai:x.org:none"), ("metadataPrefix", "oai_dc"))))
    text = re.sub(r'<error code="\w+">[^<]*', f'<error code="{code}">planted', reply.content.decode())
    if code == "badArgument":
        text = re.sub(r"<request[^>]*>", "<request>", text)
    return as_asked(replace(reply, content=text.encode()), asked)


def _moved(text: str, seconds: int) -> str:
    return (datetime.fromisoformat(text) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _shift(argument: str, seconds: int) -> Callable[[dict[str, str]], dict[str, str]]:
    def change(given: dict[str, str]) -> dict[str, str]:
        if re.fullmatch(r"[0-9-]{10}T[0-9:]{8}Z", given.get(argument, "")) and given[argument] > "2001":
            given[argument] = _moved(given[argument], seconds)
        return given

    return change


def _midnight(given: dict[str, str]) -> dict[str, str]:
    days = {name for name in ("from", "until") if re.fullmatch(r"2[0-9]{3}-[0-9]{2}-[0-9]{2}", given.get(name, ""))}
    mixed = "from" in given and "until" in given and len(days) == 1
    if given.get("from", "") > given.get("until", "9") or mixed or given.get("until", "").startswith("2023-"):
        return given
    return given | {name: f"{given[name]}T00:00:00Z" for name in days}


def _any_order(given: dict[str, str]) -> dict[str, str]:
    if given.get("until") and given.get("from", "") > given["until"]:
        del given["until"]
    return given


def _first_only(given: dict[str, str]) -> dict[str, str]:
    return {
        name: value
        for name, value in given.items()
        if "resumptionToken" not in given or name in {"verb", "resumptionToken"}
    }


def _without(name: str) -> Callable[[dict[str, str]], dict[str, str]]:
    return lambda given: {key: value for key, value in given.items() if key != name or "verb" not in given}


def _flat(ask: Ask) -> Ask:
    """The set of a header has to be the very one that is asked for."""

    def asking(asked: Asked) -> Reply:
        reply = ask(asked)
        wanted = dict(asked.pairs).get("set")
        if wanted is None:
            return reply
        pieces = re.findall(r"<header.*?</header>", reply.content.decode(), flags=re.DOTALL)
        text = reply.content.decode()
        for piece in pieces:
            if f"<setSpec>{wanted}</setSpec>" not in piece and 'status="deleted"' not in piece:
                text = text.replace(piece, "")
        return replace(reply, content=text.encode()) if "<header" in text else refusal(asked, ask, "noRecordsMatch")

    return asking


_PAD = "abcdefghijklmnopqrstuvwxyz" * 8


def _unsigned(ask: Ask) -> Ask:
    """Most of a token is not looked at."""

    def asking(asked: Asked) -> Reply:
        pairs = tuple((n, v[: -len(_PAD)] if n == "resumptionToken" else v) for n, v in asked.pairs)
        reply = ask(_get(pairs) if pairs != asked.pairs else asked)
        if pairs != asked.pairs:
            reply = as_asked(reply, asked)
        text = re.sub(r"(<resumptionToken[^>]*>)([^<]+)", rf"\1\2{_PAD}", reply.content.decode())
        return replace(reply, content=text.encode())

    return asking


def _overlapping(ask: Ask) -> Ask:
    """Each further page begins with the last header of the page before."""
    last: dict[str, str] = {}

    def asking(asked: Asked) -> Reply:
        reply = ask(asked)
        text = reply.content.decode()
        rows = re.findall(r"<header.*?</header>", text, flags=re.DOTALL)
        token = re.search(r"<resumptionToken[^>]*>([^<]+)<", text)
        before = last.get(dict(asked.pairs).get("resumptionToken", ""))
        if "<ListIdentifiers>" not in text:
            return reply
        if token:
            last[token[1]] = rows[-1]
        return replace(reply, content=text.replace("<ListIdentifiers>", f"<ListIdentifiers>{before or ''}").encode())

    return asking


def _used_up(ask: Ask) -> Ask:
    used: set[str] = set()

    def asking(asked: Asked) -> Reply:
        token = dict(asked.pairs).get("resumptionToken", "")
        if token in used:
            return refusal(asked, ask, "badResumptionToken")
        reply = ask(asked)
        if token and b"<error" not in reply.content:
            used.add(token)
        return reply

    return asking


def _circling(ask: Ask) -> Ask:
    """Whatever page it is, the token leads to the second."""
    first: list[str] = []

    def asking(asked: Asked) -> Reply:
        text = ask(asked).content.decode()
        token = re.search(r"<resumptionToken[^>]*>([^<]+)<", text)
        if token and not first and "<ListIdentifiers>" in text:
            first.append(token[1])
        if token and first and "<ListIdentifiers>" in text:
            text = text.replace(token[1], first[0])
        return replace(ask(asked), content=text.encode())

    return asking


def _status(ask: Ask) -> Ask:
    def asking(asked: Asked) -> Reply:
        reply = ask(asked)
        return replace(reply, status=404) if b"<error" in reply.content else reply

    return asking


def _gone(ask: Ask) -> Ask:
    """GetRecord knows nothing of deleted records."""

    def asking(asked: Asked) -> Reply:
        reply = ask(asked)
        lost = b"<GetRecord>" in reply.content and b'status="deleted"' in reply.content
        return refusal(asked, ask, "idDoesNotExist") if lost else reply

    return asking


def _dictionary(ask: Ask) -> Ask:
    """Arguments become a dictionary: what was repeated is forgotten."""

    def asking(asked: Asked) -> Reply:
        given = tuple(dict(asked.pairs).items())
        return ask(asked) if given == asked.pairs else ask(_get(given))

    return asking


def _no_post(ask: Ask) -> Ask:
    return lambda asked: ask(_get(())) if asked.method == "POST" else ask(asked)


def _no_records(ask: Ask) -> Ask:
    return lambda asked: refusal(asked, ask, "badVerb") if "ListRecords" in asked.url else ask(asked)


def _breaking(ask: Ask) -> Ask:
    """NUL in an argument breaks it."""
    page = Reply(status=500, headers=(("Content-Type", "text/html"),), content=b"<html>Oops</html>", seconds=0.0)
    return lambda asked: page if "%00" in asked.url else ask(asked)


def _packed(ask: Ask) -> Ask:
    """Compressed, whatever is accepted."""
    return _header("Content-Encoding", "gzip", when=lambda _asked, reply: bool(gzip.compress(reply.content, mtime=0)))(
        ask
    )


def _only_said(ask: Ask) -> Ask:
    """gzip is advertised, and Accept-Encoding is not looked at."""

    def asking(asked: Asked) -> Reply:
        plain = tuple(pair for pair in asked.headers if pair[0] != "Accept-Encoding")
        reply = ask(replace(asked, headers=plain))
        text = re.sub(rb"</granularity>(\s*<compression>[^<]*</compression>)*", _COMPRESSION, reply.content)
        return replace(reply, content=text)

    return asking


def _unfinished(ask: Ask) -> Ask:
    """ListRecords drops the first record of every further page."""

    def asking(asked: Asked) -> Reply:
        reply = ask(asked)
        if dict(asked.pairs).get("verb") != "ListRecords" or "resumptionToken" not in dict(asked.pairs):
            return reply
        return replace(reply, content=re.sub(rb"<record>.*?</record>\n", b"", reply.content, count=1, flags=re.DOTALL))

    return asking


_COMPRESSION = b"</granularity><compression>gzip</compression>"
_DELETED = r'<record><header status="deleted">.*?</header></record>\n?'
_DC = (
    r'<metadata><oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/"'
    r' xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Still here</dc:title></oai_dc:dc></metadata>'
)


def _row(name: str, plant: Plant, *named_by: str) -> Planted:
    return Planted(name, plant, frozenset(named_by))


FAULTS = (
    _row("overlapping page", _overlapping, "list.once", "list.cursor"),
    _row("repeated record", _body(r"(<header.*?</header>)", r"\1\1", only="<ListIdentifiers>", count=1), "list.once"),
    _row("lost record at the edge of a page", _unfinished, "list.agree", "list.cursor"),
    _row("list without an end", _circling, "list.ends"),
    _row("no ListRecords", _no_records, "list.answered"),
    _row("exclusive from", _query(_shift("from", 1)), "window.from-inclusive", "window.exact"),
    _row("exclusive until", _query(_shift("until", -1)), "window.until-inclusive", "window.exact"),
    _row("from that reaches back", _query(_shift("from", -1)), "window.from-after"),
    _row("until of a day is its first second", _query(_midnight), "window.until-day", "window.day"),
    _row("from ignored", _query(_without("from")), "window.from-after", "window.exact", "follow.largest"),
    _row("until ignored", _query(_without("until")), "window.until-before", "window.exact"),
    _row("from after until accepted", _query(_any_order), "errors.date-reversed"),
    _row("flat sets", _flat, "sets.hierarchy"),
    _row("set ignored", _query(_without("set")), "sets.members", "sets.unknown"),
    _row("set of headers not listed", _body(r"<set>\n<setSpec>crime:mentoring<.*?</set>\n", "", only="<ListSets>"), "sets.used"),
    _row("unsigned token", _unsigned, "token.altered"),
    _row("token that works once", _used_up, "token.again"),
    _row("token beside other arguments", _query(_first_only), "token.exclusive"),
    _row("wrong cursor", _body(r'cursor="(\d+)"', r'cursor="1\1"'), "list.cursor"),
    _row("wrong completeListSize", _body(r'completeListSize="\d+"', 'completeListSize="4"'), "list.size"),
    _row("no empty token at the end", _body(r"<resumptionToken[^>]*></resumptionToken>\n", ""), "list.last-token"),
    _row("invalid payload", _body("dc:title>", "dc:titel>"), "xml.payload"),
    _row("foreign root of known namespace", _body(r"oai_dc:dc\b", "oai_dc:qdc"), "xml.payload"),
    _row("missing tombstone", _body(_DELETED, "", only="<ListRecords>"), "deleted.listed", "list.agree"),
    _row("idDoesNotExist for a deleted record", _gone, "deleted.get"),
    _row(
        "deleted record with metadata",
        _body(r'(<record><header status="deleted">.*?</header>)</record>', rf"\1{_DC}</record>"),
        "deleted.bare",
    ),
    _row("deletions denied", _body("persistent</deletedRecord>", "no</deletedRecord>"), "deleted.policy", "deleted.kept"),
    _row("attributes after badArgument", _body("<request>", '<request verb="Identify">', only='"badArgument"'), "envelope.request-bare"),
    _row("no attributes", _body(r"<request [^>]*>", "<request>"), "envelope.request-attributes"),
    _row("another base URL in request", _body("oai</request>", "oai/</request>"), "envelope.request-url"),
    _row("responseDate with fractions", _body("Z</responseDate>", ".000Z</responseDate>"), "envelope.response-date"),
    _row("responseDate of local time", _body(r"T\d\d(:[\d:]+Z</responseDate>)", r"T23\1"), "envelope.clock"),
    _row("errors with HTTP 404", _status, "http.status"),
    _row("answers as text/html", _header("Content-Type", "text/html; charset=utf-8"), "http.content-type"),
    _row("answers as Latin-1", _body('encoding="UTF-8"', 'encoding="ISO-8859-1"', count=1), "xml.utf-8"),
    _row("gzip advertised", _only_said, "http.gzip"),
    _row("compressed unasked", _packed, "http.gzip-unasked"),
    _row("POST not read", _no_post, "http.post", "errors.post-same"),
    _row(
        "empty list instead of noRecordsMatch",
        _body(r'<error code="noRecordsMatch">[^<]*</error>', "<ListIdentifiers></ListIdentifiers>"),
        *("errors.identifiers-future", "errors.past", "xml.schema"),
    ),
    _row("arguments as a dictionary", _dictionary, "errors.repeated-argument", "errors.repeated-verb", "errors.repeated-from"),
    _row("NUL breaks it", _breaking, "hostile.nul", "http.fault"),
    _row("control character in a title", _body("Title 1<", "Title \x011<"), "xml.well-formed"),
    _row("markup repeated raw", _body(r'<error code="badArgument">', "<error><script>"), "xml.well-formed"),
    _row("later earliestDatestamp", _body(r"(?<=earliestDatestamp>)2027-01-15", "2027-01-16"), "identify.earliest"),
    _row("earliestDatestamp as a day", _body(r"T[\d:]*Z</earliestD", "</earliestD"), "identify.earliest-form"),
    _row("version 1.1", _body("2.0</protocolVersion>", "1.1</protocolVersion>"), "identify.version", "xml.schema"),
    _row("another repositoryIdentifier", _body("example.org</repositoryI", "example.com</repositoryI"), "identify.oai-identifier-used"),
    _row("header of GetRecord differs", _body(r"(\d)Z</datestamp>", "9Z</datestamp>", only="<GetRecord>"), "items.header"),
    _row("metadata of GetRecord differs", _body("<dc:title>", "<dc:title>The ", only="<GetRecord>"), "items.metadata"),
    _row("day as datestamp", _body(r"T[\d:]+Z</datestamp>", "</datestamp>"), "items.datestamp"),
    _row("datestamps ahead", _body(r"<datestamp>2027", "<datestamp>2028"), "items.future"),
    _row("format that cannot be had", _body(r"<metadataPrefix>oai_dc<", "<metadataPrefix>dublin<"), "formats.oai-dc", "formats.usable"),
    _row("no schemaLocation", _body(r' xsi:schemaLocation="[^"]*OAI-PMH.xsd"', "", count=1), "envelope.schema-location"),
)  # fmt: skip  # a table

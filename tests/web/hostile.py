"""A seed and a number in, one hostile HTTP request out: always the same, so that any of them can be sent again.

Most are legal requests that were spoiled in one place or a few, because what is nearly right gets furthest in. The rest is
what no harvester sends: bytes without order, bodies that lie about their length, odd methods, paths and headers. What they
are put together from is in hostile.txt.
"""

from __future__ import annotations

import base64
import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import quote, quote_from_bytes

from repo_harvest.model import Position, Window
from repo_harvest.oai.request import SYNTAX, VERBS
from repo_harvest.oai.token import RowsToken, SetsToken, seal
from tests.web.http import FORM, Reply

__all__ = ["Ammunition", "Attack", "attack", "collect"]

Pairs = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attack:
    """A request as it is before any server reads it: path and query percent-encoded, or not even that.

    `length` is the Content-Length that is stated, right or wrong; `None` states none, and a body is then chunked.
    """

    kind: str
    method: str = "GET"
    path: bytes = b"/oai"
    query: bytes = b""
    headers: tuple[tuple[str, bytes], ...] = ()
    body: bytes = b""
    length: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ammunition:
    """What a feed gave away: identifiers, sets and tokens, and the entity tags of some queries."""

    identifiers: Sequence[str]
    sets: Sequence[str]
    tokens: Sequence[str]
    tags: Sequence[tuple[bytes, bytes]]


def collect(ask: Callable[[bytes], Reply], pages: int = 4) -> Ammunition:
    """Ask as a harvester does, at most so many pages of a list, and keep what can be turned against the feed."""
    identifiers: dict[str, None] = {}
    sets: dict[str, None] = {}
    tokens, tags = [*_FOREIGN], []
    for start in _LISTS:
        query = start
        for _ in range(pages):
            reply = ask(query)
            answer = reply.answer
            identifiers |= dict.fromkeys(answer.identifiers)
            sets |= dict.fromkeys(answer.texts("setSpec"))
            tags += [(query, reply.tag.encode())] if "ETag" in reply.headers else []
            if start == b"verb=Identify" or answer.resumption is None or not answer.resumption.token:
                break
            tokens.append(answer.resumption.token)
            query = start.partition(b"&")[0] + b"&resumptionToken=" + answer.resumption.token.encode()
    return Ammunition(identifiers=tuple(identifiers), sets=tuple(sets), tokens=tuple(tokens), tags=tuple(tags))


def attack(seed: str, number: int, held: Ammunition) -> Attack:
    """The request of this number in the series of this seed."""
    dice = random.Random(f"{seed} {number}")
    (make,) = dice.choices(tuple(_KINDS), weights=tuple(_KINDS.values()))
    return make(dice, held)


_LISTS = (
    b"verb=ListRecords&metadataPrefix=oai_dc",
    b"verb=ListIdentifiers&metadataPrefix=oai_dc",
    b"verb=ListRecords&metadataPrefix=oai_dc&from=2001-01-01",
    b"verb=ListSets",
    b"verb=Identify",
)
_PLACE = Window(prefix="oai_dc")
_FOREIGN = tuple(
    seal(token, key)
    for key in (b"the key of another repository", bytes(16))
    for token in (
        RowsToken(verb="ListRecords", window=_PLACE, after=Position(0, 0), cursor=3, size=9, started=0, sealed=0),
        RowsToken(
            verb="ListIdentifiers",
            window=_PLACE,
            after=Position(0, 2**80),
            cursor=-1,
            size=0,
            started=2**70,
            sealed=2**70,
        ),
        SetsToken(after="", cursor=1, size=2),
    )
)
_A_FORM = ("Content-Type", FORM.encode())


# --- what they are put together from ---


def _tables(text: str) -> Mapping[str, Sequence[bytes]]:
    tables: dict[str, list[bytes]] = {}
    name = ""
    for line in text.splitlines():
        if line.startswith("[") and line.endswith("]"):
            name = line[1:-1]
            tables[name] = []
        elif line and not line.startswith(("# ", "----")):
            tables[name] += [_item(written) for written in line.split("  ")]
    return tables


def _item(written: str) -> bytes:
    long = re.sub(r"\{(.+) x([0-9]+)\}", lambda match: match[1] * int(match[2]), written.replace("(nothing)", ""))
    return long.encode("latin-1").decode("unicode_escape").encode("latin-1")


_TEXT = Path(__file__).with_suffix(".txt").read_text(encoding="latin-1")
_BASICS, _HEADERS = map(_tables, _TEXT.split("----"))


def _nasty(dice: random.Random) -> bytes:
    match dice.randrange(12):
        case 0:
            return dice.randbytes(dice.choice((1, 2, 3, 8, 40)))
        case 1:
            return b"%%%02X" % dice.randrange(256)
        case 2:
            text = "".join(
                map(chr, dice.choices((*range(0x20), 0x7F, 0x85, 0xA0, 0xD800, 0xDFFF, 0xFFFE, 0x10FFFF), k=3))
            )
            return quote_from_bytes(text.encode("utf-8", "surrogatepass")).encode()
        case _:
            return dice.choice(_BASICS["values"])


# --- legal requests, and how they are spoiled ---


def _legal(dice: random.Random, held: Ammunition) -> Pairs:
    """The arguments of a legal request; its token may be of another verb."""
    verb = dice.choice(tuple(VERBS))
    rule = VERBS[verb]
    if rule.exclusive and dice.random() < 0.3:
        names: tuple[str, ...] = (rule.exclusive,)
    else:
        names = (*rule.required, *(name for name in rule.optional if dice.random() < 0.4))
    time = dice.choice(("", "T08:01:40Z", "T23:59:59Z"))
    since, until = sorted(f"20{dice.randrange(25, 30)}-01-{dice.randrange(10, 20)}" for _ in range(2))
    values = {
        "from": since + time,
        "until": until + time,
        "identifier": dice.choice(held.identifiers),
        "metadataPrefix": dice.choice(("oai_dc", "oai_dc", "oai_dc", "marc21")),
        "resumptionToken": dice.choice(held.tokens),
        "set": dice.choice(held.sets or ("none",)),
    }
    safe = dice.choice(("", ":/"))
    return [(b"verb", verb.encode()), *((name.encode(), quote(values[name], safe=safe).encode()) for name in names)]


def _spoiled(dice: random.Random, pairs: Pairs) -> Pairs:
    """One thing is wrong now, or only another than before."""
    at = max(dice.choices(range(len(pairs)), k=2)) if pairs else 0  # with a wrong verb the rest is not even looked at
    name, value = pairs[at] if pairs else (b"x", b"")
    other = dice.choice((*_BASICS["names"], *(known.encode() for known in SYNTAX)))
    instead: Pairs = dice.choice(
        (
            [],
            [(name, value), (name, value)],
            [(name, value), (name, _nasty(dice))],
            [(name, value), (other, _nasty(dice))],
            [(other, value)],
            [(name, value + _nasty(dice))],
            [(name, _nasty(dice) + value)],
            [(name, value.swapcase())],
            [(name, _nasty(dice))],
        )
    )
    spoiled = pairs[:at] + instead + pairs[at + 1 :]
    return dice.sample(spoiled, k=len(spoiled)) if dice.random() < 0.2 else spoiled


def _written(pairs: Pairs) -> bytes:
    return b"&".join(name + b"=" + value for name, value in pairs)


def _noise(dice: random.Random, text: bytes) -> bytes:
    """The same bytes with a few of them changed, lost, doubled or put in."""
    noisy = text
    for _ in range(dice.randrange(1, 5)):
        at = dice.randrange(len(noisy) + 1)
        bit = bytes([noisy[at] ^ 1 << dice.randrange(8)]) if at < len(noisy) else b"&"
        separator = dice.choice((b";", b"&", b"=", b"%", b"?", b"#", b"+", b"&&", b" ", b"\0", b"\r\n"))
        noisy = dice.choice(
            (
                noisy[:at] + dice.randbytes(dice.randrange(1, 4)) + noisy[at:],
                noisy[:at] + noisy[at + dice.randrange(1, 9) :],
                noisy[: at + 20] + noisy[at:],
                noisy[:at] + separator + noisy[at + 1 :],
                noisy[:at] + bit + noisy[at + 1 :],
            )
        )
    return noisy


# --- the kinds ---


def _arguments(dice: random.Random, held: Ammunition) -> Attack:
    pairs = _legal(dice, held)
    for _ in range(dice.choice((0, 1, 1, 1, 2, 3))):
        pairs = _spoiled(dice, pairs)
    return Attack(kind="arguments", query=_written(pairs), method=dice.choice(("GET", "GET", "GET", "HEAD")))


def _dates(dice: random.Random, _held: Ammunition) -> Attack:
    pairs = [(b"verb", dice.choice((b"ListRecords", b"ListIdentifiers"))), (b"metadataPrefix", b"oai_dc")]
    for name in dice.choice(((b"from",), (b"until",), (b"from", b"until"))):
        stated = dice.choice(_BASICS["dates"])
        pairs.append((name, _noise(dice, stated) if dice.random() < 0.1 else stated))
    return Attack(kind="dates", query=_written(pairs))


def _tokens(dice: random.Random, held: Ammunition) -> Attack:
    verb = dice.choice((b"ListRecords", b"ListRecords", b"ListIdentifiers", b"ListSets", b"GetRecord", b"Identify"))
    token = quote(_forged(dice, dice.choice(held.tokens), held), safe="").encode()
    pairs = [(b"verb", verb), (b"resumptionToken", token)]
    return Attack(kind="tokens", query=_written(_spoiled(dice, pairs) if dice.random() < 0.2 else pairs))


def _forged(dice: random.Random, token: str, held: Ammunition) -> str:
    raw = bytearray(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    raw[dice.randrange(len(raw))] ^= 1 << dice.randrange(8)
    at = dice.randrange(len(token))
    return dice.choice(
        (
            token,
            token[:at],
            token[at:],
            token[:at] + token[at + 1 :],
            token[:at] + dice.choice("AZaz09-_+/=. \n\0é") + token[at + 1 :],
            token + dice.choice(held.tokens),
            token + dice.choice(("=", "==", "A", "\n", " ", "\0", ".", "%00")),
            token * 40,
            token.swapcase(),
            f" {token}",
            base64.urlsafe_b64encode(raw).rstrip(b"=").decode(),
            base64.b64encode(raw).decode(),
        )
    )


def _bytes(dice: random.Random, held: Ammunition) -> Attack:
    legal = _written(_legal(dice, held))
    every = bytes(range(256))
    query = dice.choice((dice.randbytes(dice.randrange(300)), every, _noise(dice, legal), legal + _nasty(dice)))
    if dice.random() < 0.6:
        return Attack(kind="bytes", query=query)
    at = dice.choice((0, dice.randrange(len(query) + 1)))
    body = query[at:]
    length = dice.choice((str(len(body)).encode(), None))
    return Attack(kind="bytes", method="POST", query=query[:at], headers=(_A_FORM,), body=body, length=length)


def _posts(dice: random.Random, held: Ammunition) -> Attack:
    pairs = _legal(dice, held)
    other = _spoiled(dice, pairs)
    body = _written(dice.choice((pairs, other)))
    right = str(len(body)).encode()
    post = Attack(kind="posts", method="POST", headers=(_A_FORM,), body=body, length=dice.choice((right, None)))
    match dice.randrange(6):
        case 0:
            return replace(post, headers=(("Content-Type", dice.choice(_BASICS["types"])),))
        case 1:
            return replace(post, length=dice.choice((*_BASICS["lengths"], right + b"0", b"0" + right)))
        case 2:
            huge = body + b"&x=" + b"a" * dice.choice((60_000, 65_536, 70_000, 200_000))
            return replace(post, body=huge, length=dice.choice((None, str(len(huge)).encode())))
        case 3:
            return replace(post, query=_written(dice.choice((pairs, other))))
        case 4:
            return replace(post, headers=(_A_FORM, ("Content-Encoding", b"gzip")), body=_noise(dice, body), length=None)
        case _:
            return post


def _methods(dice: random.Random, held: Ammunition) -> Attack:
    method = dice.choice(_BASICS["methods"]).decode()
    path = dice.choice(_BASICS["paths"][:6])
    return Attack(kind="methods", method=method, path=path, query=_written(_legal(dice, held)))


def _paths(dice: random.Random, held: Ammunition) -> Attack:
    items = (_nasty(dice), quote(dice.choice(held.identifiers)).encode() + _nasty(dice))
    path = dice.choice(_BASICS["paths"]) if dice.random() < 0.7 else b"/item/" + dice.choice(items)
    query = dice.choice((b"", _nasty(dice), _written(_legal(dice, held)), dice.choice(_BASICS["pages"])))
    return Attack(kind="paths", method=dice.choice(("GET", "GET", "GET", "HEAD", "POST")), path=path, query=query)


def _headers(dice: random.Random, held: Ammunition) -> Attack:
    headers = {name: dice.choice(_HEADERS[name]) for name in dice.sample(tuple(_HEADERS), k=dice.randrange(1, 5))}
    if dice.random() < 0.2:
        headers[dice.choice(tuple(headers))] = _one_line(dice.randbytes(dice.randrange(1, 30)))
    query, path = _written(_legal(dice, held)), dice.choice((b"/oai", b"/oai", b"/oai", *_BASICS["paths"][1:6]))
    if dice.random() < 0.3:
        query, tag = dice.choice(held.tags)
        spoiled = (
            tag,
            b"W/" + tag,
            b'"x", ' + tag,
            tag[:-1],
            tag.replace(b"-", b"-1", 1),
            tag + b"," * 9,
            _noise(dice, tag),
        )
        headers["If-None-Match"] = _one_line(dice.choice(spoiled))
    method = dice.choice(("GET", "GET", "HEAD"))
    return Attack(kind="headers", method=method, path=path, query=query, headers=tuple(headers.items()))


def _one_line(value: bytes) -> bytes:
    return value.translate(None, b"\0\r\n").strip(b" \t")


_KINDS: Mapping[Callable[[random.Random, Ammunition], Attack], int] = {
    _arguments: 33,
    _dates: 10,
    _tokens: 12,
    _bytes: 12,
    _posts: 12,
    _methods: 4,
    _paths: 7,
    _headers: 10,
}

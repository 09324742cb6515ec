"""A place in a list in, a resumptionToken out, and back: all the state there is between two pages (section 3.5).

The token carries what was asked, where the last page ended and how much was delivered, sealed with a keyed digest.
Nothing is kept on this side, so a token can be used any number of times and never expires. It is base64url without
padding, in the one spelling that `seal` writes: whatever else comes back, even by one bit, is refused.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import re
from dataclasses import dataclass
from typing import Any, Literal

from repo_harvest.model import Position, Window

__all__ = ["BadToken", "RowsToken", "RowsVerb", "SetsToken", "Token", "seal", "unseal"]

RowsVerb = Literal["ListIdentifiers", "ListRecords"]

_MAC_SIZE = 16  # bytes of HMAC-SHA256
_BASE64URL = re.compile(r"[A-Za-z0-9_-]+")
_ROWS, _SETS = (
    "3",
    "1s",
)  # the layouts that `_pack` writes: change the number with the layout, and old tokens are refused


class BadToken(Exception):
    """The text is no token that was sealed with this key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RowsToken:
    """A place in a list of headers or records: behind `after`, with `cursor` rows delivered before it.

    `size` is the completeListSize that was announced last, `started` the watermark of the list's first page, `sealed` that
    of the page before: no answer from an older state goes on where that one ended.
    """

    verb: RowsVerb
    window: Window
    after: Position
    cursor: int
    size: int
    started: int
    sealed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SetsToken:
    """A place in the list of sets: behind the setSpec `after`, with `cursor` sets delivered before it."""

    after: str
    cursor: int
    size: int


Token = RowsToken | SetsToken


def seal(token: Token, key: bytes) -> str:
    """The token as text of `[A-Za-z0-9_-]`; the same token and key always make the same text.

    >>> text = seal(SetsToken(after="a:b", cursor=100, size=250), b"0123456789abcdef")
    >>> unseal(text, b"0123456789abcdef")
    SetsToken(after='a:b', cursor=100, size=250)
    """
    payload = json.dumps(_pack(token), separators=(",", ":")).encode()
    return _spell(_mac(payload, key) + payload)


def unseal(text: str, key: bytes) -> Token:
    """The token that `seal` made this text from with this key; raises `BadToken` for any other text."""
    if _BASE64URL.fullmatch(text) is None:
        raise BadToken("not base64url")
    try:
        sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except binascii.Error:
        raise BadToken("not base64url") from None
    if _spell(sealed) != text:
        raise BadToken("not as it was written")  # the last character can hold bits that decode to nothing
    mac, payload = sealed[:_MAC_SIZE], sealed[_MAC_SIZE:]
    if not hmac.compare_digest(mac, _mac(payload, key)):
        raise BadToken("not sealed with this key")
    return _unpack(json.loads(payload))


def _spell(sealed: bytes) -> str:
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()


def _mac(payload: bytes, key: bytes) -> bytes:
    return hmac.digest(key, payload, "sha256")[:_MAC_SIZE]


def _pack(token: Token) -> list[Any]:
    if isinstance(token, SetsToken):
        return [_SETS, token.after, token.cursor, token.size]
    window = token.window
    bounds = (window.set_spec, window.since, window.until)
    counts = (token.cursor, token.size, token.started, token.sealed - token.started)
    return [_ROWS, token.verb, window.prefix, *bounds, *token.after, *counts]


def _unpack(fields: list[Any]) -> Token:
    match fields:
        case [layout, verb, prefix, set_spec, since, until, stamp, item_id, *counts] if layout == _ROWS:
            window, after = Window(prefix=prefix, set_spec=set_spec, since=since, until=until), Position(stamp, item_id)
            cursor, size, started, passed = counts
            return RowsToken(
                verb=verb,
                window=window,
                after=after,
                cursor=cursor,
                size=size,
                started=started,
                sealed=started + passed,
            )
        case [layout, after, cursor, size] if layout == _SETS:
            return SetsToken(after=after, cursor=cursor, size=size)
        case _:
            raise BadToken("sealed by another version")

"""The bytes of an answer as they come off the wire go in, the content comes out, whole and within a size.

Rule: RFC 9110 section 8.4 (content codings) and RFC 1952 (gzip). We ask for gzip and for nothing else. urllib3 could
unpack as well, but gives a stream that ends too early as if it were complete, and half a page is not a page.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable

from repo_harvest.source.failure import Failure, plain

__all__ = ["inflate", "too_big"]

_NONE = frozenset({"", "identity", "none", "utf-8"})  # the last two are mistakes that servers make and browsers ignore
_GZIP = frozenset({"gzip", "x-gzip"})
_MOST_MEMBERS = 1000  # an endless row of empty members is work without bytes
_MAGIC = 0x1F


def inflate(chunks: Iterable[bytes], *, coding: str, limit: int) -> bytes:
    """The content behind `coding`, the value of Content-Encoding, at most `limit` bytes of it.

    Raises `Failure` when it is longer, broken, incomplete, or in a coding that nobody asked for. No more than `limit`
    bytes are ever held, whatever the stream promises to unpack to.

    >>> inflate([b"a list ", b"of books"], coding="", limit=100)
    b'a list of books'
    """
    name = coding.strip().lower()
    if name in _NONE:
        return _join(chunks, limit)
    if name in _GZIP:
        return _gunzip(chunks, limit)
    raise Failure(
        f'the server packed the page as "{plain(name)}", though it was asked for gzip or nothing. Tell its owner.'
    )


def _join(chunks: Iterable[bytes], limit: int) -> bytes:
    content = bytearray()
    for chunk in chunks:
        content += chunk
        if len(content) > limit:
            raise too_big(limit)
    return bytes(content)


def _gunzip(chunks: Iterable[bytes], limit: int) -> bytes:
    stream = _Gzip(limit)
    for chunk in chunks:
        stream.feed(chunk)
    return stream.content()


class _Gzip:
    """A gzip stream being unpacked: members one after another, then perhaps padding, which everyone ignores."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._content = bytearray()
        self._member = zlib.decompressobj(wbits=31)
        self._inside = False  # the current member has begun and not ended
        self._ended = 0
        self._padding = False

    def feed(self, data: bytes) -> None:
        while data and not self._padding:
            if self._ended and not self._inside and data[0] != _MAGIC:
                self._padding = True
            else:
                data = self._unpack(data)

    def _unpack(self, data: bytes) -> bytes:
        self._inside = True
        try:
            self._content += self._member.decompress(data, self._limit + 1 - len(self._content))
        except zlib.error as error:
            raise _broken() from error
        if len(self._content) > self._limit:
            raise too_big(self._limit)
        rest = self._member.unconsumed_tail or self._member.unused_data
        if self._member.eof:
            self._member, self._inside = zlib.decompressobj(wbits=31), False
            self._ended += 1
            if self._ended > _MOST_MEMBERS:
                raise _broken()
        return rest

    def content(self) -> bytes:
        if self._inside:
            raise _broken()
        return bytes(self._content)


def too_big(limit: int) -> Failure:
    """The failure of an answer of more than `limit` bytes."""
    return Failure(f"the page is larger than {limit:,} bytes. A list of publications is not; check the address.")


def _broken() -> Failure:
    return Failure("the page arrived damaged or incomplete (its gzip data is broken). Try again later.", passing=True)

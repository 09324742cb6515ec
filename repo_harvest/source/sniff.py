"""The first bytes of a page go in, its media type comes out: for pages that nobody declared, and to find out liars.

Rule: the signatures of the WHATWG MIME Sniffing Standard (sections 6 and 7) that a page could be mistaken for, and
those of office files. We only need to know a page from everything else, so text that opens like markup is HTML.
"""

from __future__ import annotations

import re

from repo_harvest.errors import NotAPage
from repo_harvest.source.failure import Failure, plain

__all__ = ["MARKS", "PAGE_TYPES", "accept", "binary", "media_type", "no_page", "utf_16"]

MARKS: tuple[tuple[bytes, str], ...] = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),  # before UTF-16, whose mark it begins with
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
"""The byte order marks, and the codecs of what follows them."""

PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain"})
"""The media types of what people read."""

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"%!PS-Adobe-", "application/postscript"),
    (b"{\\rtf", "application/rtf"),
    (b"PK\x03\x04", "application/zip"),  # Word, Excel, OpenDocument and EPUB files too
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword"),
    (b"\x1f\x8b\x08", "application/gzip"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\x00\x00\x01\x00", "image/x-icon"),
    (b"RIFF", "application/x-riff"),
    (b"OggS\x00", "application/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"\x7fELF", "application/x-executable"),
)
_TEXTUAL = frozenset({b"RIFF", b"ID3"})  # letters that a text may begin with: only together with control bytes
_CONTROLS = bytes(c for c in range(0x20) if c not in b"\t\n\f\r\x1b")  # ESC switches alphabets in ISO-2022-JP
_MOST_CONTROLS = 20  # one byte in so many is more than any text has; packed or compiled data has one in ten
_HEAD = 4096
_MARKUP = re.compile(rb"\s*<(?:[a-z]|!doctype\b|!--|\?xml\b)", re.IGNORECASE)


def accept(name: str, types: frozenset[str] = PAGE_TYPES) -> None:
    """Raises `Failure` (with `NotAPage`) for a media type that is not one of `types`."""
    if name not in types:
        raise Failure(no_page(plain(name)), error=NotAPage)


def no_page(name: str) -> str:
    """What is to be said of something of another media type."""
    return f"it is not a page but {name}. Give the address of the page that lists the publications."


def media_type(content: bytes) -> str:
    """The media type that the bytes themselves speak for: text/plain when they are text and open like no markup.

    >>> media_type(b"<!DOCTYPE html><title>Our books</title>"), media_type(b"%PDF-1.7"), media_type(b"Our books")
    ('text/html', 'application/pdf', 'text/plain')
    """
    found = binary(content)
    if found is not None:
        return found
    head = content[:_HEAD].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe").lower()  # UTF-16 reads as ASCII so
    if _MARKUP.match(head) is None:
        return "text/plain"
    if not head.lstrip().startswith(b"<?xml"):
        return "text/html"
    return "application/xhtml+xml" if b"<html" in head else "application/xml"


def binary(content: bytes) -> str | None:
    r"""The media type of what is no text at all; `None` for text, UTF-16 and UTF-32 included.

    >>> binary(bytes(range(256))), binary(b"caf\xe9") is None
    ('application/octet-stream', True)
    """
    if any(content.startswith(mark) for mark, _ in MARKS):
        return None
    controls = len(content) - len(content.translate(None, _CONTROLS))
    for signature, name in _SIGNATURES:
        if content.startswith(signature) and (controls or signature not in _TEXTUAL):
            return name
    if utf_16(content):
        return None
    return "application/octet-stream" if controls * _MOST_CONTROLS > len(content) else None


def utf_16(content: bytes) -> str | None:
    """The codec of UTF-16 without a mark, known by a zero in every other byte, which markup has; else `None`.

    >>> utf_16("<p>Our books</p>".encode("utf-16-be")), utf_16(b"<p>Our books</p>")
    ('utf-16-be', None)
    """
    head = content[:_HEAD]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if max(even, odd) * 4 < len(head) or min(even, odd) * 20 > max(even, odd) or not head:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"

"""A page's bytes go in, its text comes out, before any parser of HTML sees it: lxml given bytes misreads some pages.

Rule: what can be known comes before what is said, and that before what is guessed. In this order:

    a byte order mark               it is part of the encoding and not of the text
    a zero in every other byte      UTF-16 without its mark
    ISO-2022-JP with its escapes    which are ASCII, so that the next step would take them for text
    valid UTF-8                     nothing else looks like it by accident
    almost valid UTF-8              with a few bytes broken, in a page that would be gibberish as anything else
    the declared character set      of the transport, then of the page; read as browsers read it (`charset`)
    charset-normalizer              among the encodings of the web, windows-1252 when nothing speaks against it

As in a browser, a byte that the encoding cannot read becomes U+FFFD, where everyone can see it, and a zero byte is left
out: libxml2 would take it for the end of the text. A page that no encoding reads without losing much is not a page.
"""

from __future__ import annotations

import re

from charset_normalizer import from_bytes

from repo_harvest.errors import NotAPage
from repo_harvest.model import Page
from repo_harvest.source.burden import burden
from repo_harvest.source.charset import codec, stated
from repo_harvest.source.failure import plain, shown
from repo_harvest.source.sniff import MARKS, binary, no_page, utf_16

__all__ = ["decode"]

_GUESSES = [
    *("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874"),
    *("iso8859_2", "iso8859_5", "iso8859_7", "koi8_r", "koi8_u", "mac_roman"),
    *("cp932", "euc_jp", "gb18030", "big5hkscs", "cp949"),
]
_SAMPLE = 65_536
_TELLING = re.compile(rb"[^\n\r]*[\x80-\xff][^\n\r]*")
_ESCAPE = b"\x1b"
_SHORTER = "Give the address of the list itself, or of one that is split over several pages."
_INVISIBLE = "\ufeff\u200b\u2060"


def decode(page: Page) -> str:
    """The text of a page as it stands there, newlines included; only zero bytes are left out.

    An `unchanged` page has no content and is not to be decoded: its last reading still holds.

    Raises `NotAPage` for a page that is empty or white, that is no text at all (a PDF file, an image, whatever its
    server called it), whose character set cannot be told, or that has more tags or lines than can be read (`burden`).
    """
    content = page.content
    kind = binary(content)
    if kind is not None:
        raise _not_a_page(page, no_page(kind))
    text = _text(page, content).replace("\0", "")
    if all(character.isspace() or character in _INVISIBLE for character in text):
        raise _not_a_page(page, "the page is empty. Open it in a browser to see what became of it.")
    if (much := burden(text)) is not None:
        raise _not_a_page(page, f"{much}: more than is read of one page. {_SHORTER}")
    return text


def _text(page: Page, content: bytes) -> str:
    for mark, name in MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(name, "replace")
    wide = utf_16(content)
    if wide is not None:
        return content.decode(wide, "replace")
    declared = _declared(page)
    if declared == "iso2022_jp" and _ESCAPE in content:
        return content.decode(declared, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return _legacy(page, content, declared)


def _declared(page: Page) -> str | None:
    """What the transport says, else what the page says; a transport cannot mean UTF-16 here, where it was looked for."""
    said = codec(page.charset) if page.charset else None
    if said in {"utf-16-le", "utf-16-be"}:
        said = None
    return said or (None if page.content_type == "text/plain" else stated(page.content))


def _legacy(page: Page, content: bytes, declared: str | None) -> str:
    text = content.decode("utf-8", "replace")
    other = None if declared == "utf-8" else declared
    if _reads(text, 9 if other else 1):
        return text
    if other and _reads(said := content.decode(other, "replace"), 9):
        return said
    guess = _guess(content)
    if guess is not None:
        return content.decode(guess, "replace")
    if _reads(text, 1):
        return text
    stated = f'"{plain(page.charset)}"' if page.charset else "nothing"
    raise _not_a_page(page, f"its character set cannot be told (declared: {stated}). Tell its owner.")


def _reads(text: str, share: int) -> bool:
    """Whether at least `share` characters beyond ASCII were read for each that was not."""
    broken = text.count("\ufffd")
    beyond = len(text) - len(text.encode("ascii", "ignore"))
    return beyond - broken >= share * broken


def _guess(content: bytes) -> str | None:
    """The codec that makes the most sense of those lines that have something to tell."""
    lines, size = [], 0
    for match in _TELLING.finditer(content):
        lines.append(match[0][:_SAMPLE])
        size += len(lines[-1])
        if size > _SAMPLE:
            break
    found = from_bytes(b"\n".join(lines), cp_isolation=_GUESSES, preemptive_behaviour=False)
    best = found.best()
    if best is None:
        return None
    western = [match for match in found if "cp1252" in match.could_be_from_charset]
    return "cp1252" if western and western[0].chaos <= best.chaos else best.encoding


def _not_a_page(page: Page, what: str) -> NotAPage:
    return NotAPage(f"{shown(page.url)}: {what}")

"""A page of a list that is split over several in, the address of the next one out.

What says so for programs comes first (`rel=next`); then a link whose words, title or class say "next" in one of some
languages; then the number after the one that is shown as where we are. Whatever it is, it stays on the same host and
path, or below it: a list does not go on elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, urlsplit

from lxml import etree

from repo_harvest.parse.links import base_of, resolve
from repo_harvest.parse.text import collapse, table

__all__ = ["next_page"]

_NEXT = table(
    "next next› next» next> next→ older nächste nächste› weiter weiter› vor suivant suivante suivant› siguiente siguientes",
    "próximo próxima seguinte successivo successiva avanti volgende nästa neste næste następna dalej 次へ 次 次のページ",
    "次頁 下一页 下一頁 다음 следующая далее التالي › » > → >> ›› »»",
)
_NEXT_PHRASES = table(
    "next-page nächste-seite page-suivante página-siguiente pagina-siguiente próxima-página pagina-successiva"
)
_NEXT_CLASSES = table("next next-page pagination-next pager-next page-next nextpostslink next-link nextlink")
_HERE_CLASSES = table("current active selected")
_LONGEST_NUMBER = 3  # figures; more are a year
_LONGEST_WORDS = 80  # characters


def next_page(root: etree._Element, *, location: str) -> str | None:
    """The absolute address of the next page of the list, or `None` if this is the last one as far as can be seen."""
    base = base_of(location, next((found.get("href") for found in root.iter("base") if found.get("href")), None))
    for href in (*_declared(root), *_worded(root), *_numbered(root)):
        url = resolve(href, base=base, location=location)
        if url is not None and _goes_on(location, url):
            return url
    return None


def _declared(root: etree._Element) -> Iterator[str]:
    for element in root.iter("link", "a"):
        if "next" in (element.get("rel") or "").lower().split() and element.get("href"):
            yield element.get("href") or ""


def _worded(root: etree._Element) -> Iterator[str]:
    for link in root.iter("a"):
        href = link.get("href")
        if not href:
            continue
        words = _words(link).lower()
        said = {
            words,
            words.rstrip(" ›»>→").strip(),
            collapse(link.get("title") or link.get("aria-label") or "").lower(),
        }
        classes = {
            name
            for one in (link, link.getparent())
            if one is not None
            for name in (one.get("class") or "").lower().split()
        }
        if said & _NEXT or {phrase.replace(" ", "-") for phrase in said} & _NEXT_PHRASES or classes & _NEXT_CLASSES:
            yield href


def _numbered(root: etree._Element) -> Iterator[str]:
    """The link to the number after the one that is marked as this page's, among links to other numbers."""
    links = {
        number: link.get("href") or ""
        for link in root.iter("a")
        if (number := _number(link)) is not None and link.get("href")
    }
    for element in root.iter("span", "strong", "b", "em", "li", "a"):
        number = _number(element)
        is_here = element.get("aria-current") == "page" or not _HERE_CLASSES.isdisjoint(
            (element.get("class") or "").lower().split()
        )
        if (
            number is not None
            and number + 1 in links
            and (is_here or (element.tag in {"strong", "b"} and number not in links))
        ):
            yield links[number + 1]


def _number(element: etree._Element) -> int | None:
    words = _words(element)
    return int(words) if re.fullmatch(f"[1-9][0-9]{{0,{_LONGEST_NUMBER - 1}}}", words) else None


def _words(element: etree._Element) -> str:
    """Its words; of long ones, which say no such thing, no more than shows that they are long."""
    found = ""
    for text in element.itertext():
        found += str(text)[:_LONGEST_WORDS]
        if len(found.strip()) >= _LONGEST_WORDS:
            break
    return collapse(found)


def _goes_on(location: str, url: str) -> bool:
    """Whether it is another page of the same list: the same host, the same path or one that goes on from it."""
    here, there = urlsplit(location), urlsplit(url)
    if (here.scheme, here.netloc) != (there.scheme, there.netloc) or url.partition("#")[0] == location.partition("#")[
        0
    ]:
        return False
    if here.path == there.path:
        return parse_qsl(here.query) != parse_qsl(there.query)
    return _stem(here.path) == _stem(there.path)


def _stem(path: str) -> str:
    """The path without the number of a page at its end.

    >>> _stem("/list/"), _stem("/list/page/2/"), _stem("/list-2.html"), _stem("/list.html")
    ('/list', '/list', '/list', '/list')
    """
    return re.sub(r"(?:[-_/]?(?:page|seite|p|pagina)?[-_/]?[0-9]{1,4})?(?:\.[a-z]{3,5})?/*$", "", path)

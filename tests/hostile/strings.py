"""Long strings that mean harm to regular expressions, and every way in by which text of a source is read."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from datetime import UTC, datetime

from repo_harvest.catalogue import Defaults, clean, crosswalk
from repo_harvest.catalogue.identifiers import kept_as
from repo_harvest.enrich.addresses import addresses
from repo_harvest.errors import Refused
from repo_harvest.match import compare, features
from repo_harvest.match.continuity import likeness
from repo_harvest.match.keys import keys
from repo_harvest.model import Entry, Page
from repo_harvest.parse import byline, dates, identifiers, names, read
from repo_harvest.parse.bounds import bounded
from repo_harvest.parse.following import next_page
from repo_harvest.parse.item import read_answer, same_work
from repo_harvest.parse.tree import parse_html
from repo_harvest.source import decode, labels_of, signs_of

__all__ = ["READERS", "UNITS", "repeated"]

AT = "https://example.org/list"

UNITS = (
    *("(", ")", "()", "[", "[]", "{", "{}", "<", "<a ", "<a href=", "<!--", "&", "&&&&", "&amp;", "&#", '"', "'", "“", "”", "„“", "«"),
    *("a", "A", "a ", "a a a ", "Aa ", "A. ", "A.", "a.", "a-", "-", "- ", "–", ",", ", ", ";", "; ", ":", ": ", ".", ". ", "...", "/", "//", "\\"),
    *("1", "1 ", "1-", "12, ", "1(2)", "2020", "2020 ", "(2020) ", "2020-01-01 ", "1 January 2020, ", "Jan. ", "10.", "10.1000/", "10.1000/a ", "doi:"),
    *("https://", "http://a.b/", "https://doi.org/10.1000/", "www.", "@", "@a{", "=", "|", " | ", "·", "#", "%", "$", "*", "_", "~", "?", "!"),
    *(" ", "\t", "\n", " \n", "\n\n", "\xa0", "\u200b", "\u202e", "\0", "é", "e\u0301", "ß", "中", "。", "、", "「」", "А", "א", "\U0001f600", "\ufffd"),
    *('\\"', "\\\\", '",', '{"', '":', '"}', '","', "[1,", "-->", "]]>", "//", "/*", "*/", ";\n", "%41", "%", "+", "x=y&", "#a", "?a=", " \t", ", \n", "} ", "{ "),
    *("\xad", "\u200f", "\ufeff", "\x0b", "\x1c", "\u3000", "\u2028", "\r", "\r\n", "<br>", "</p>", "<p>", "<b>", "</b>", "<li>", "<td>", "<!", "<?", "</"),
    *("and ", " and ", " & ", "et al. ", "In: ", " in ", "Ed. ", "(Eds.)", "vol. ", "pp. 1-2", "no. ", "ISBN 978-", "University of ", "Abstract "),
    *("Okafor, A., ", "Okafor, Ada; ", "Okafor A, ", "Okafor, A. (2020). ", "Ministry of ", "AU  - A\n", "TY  - BOOK\n", "title = {a}, ", "\\'{e}", "{\\"),
)  # fmt: skip  # lists of kinds


def repeated(unit: str, size: int) -> str:
    """So many characters of the unit again and again."""
    return (unit * (size // len(unit) + 1))[:size]


def _page(text: str, kind: str = "text/html") -> Page:
    content = text.encode("utf-8", "replace")
    return Page(url=AT, location=AT, fetched=datetime(2026, 1, 1, tzinfo=UTC), content=content, content_type=kind)


def _html(before: str, after: str = "") -> Callable[[str], object]:
    """Reads a page of a few entries in which the escaped string stands between these."""

    def reader(text: str) -> object:
        entry = "<li>Okafor, A. ({}). <i>Mentoring after prison, part {}</i>. Bristol: Policy Press.</li>"
        entries = "".join(entry.format(2010 + part, part) for part in range(1, 8))
        page = f"<html><body><h1>Publications</h1><ul>{entries}</ul>{before}{html.escape(text)}{after}</body></html>"
        signs_of(page)
        labels_of(page)
        return read(page, location=AT, content_type="text/html")

    return reader


def _decoded(text: str) -> object:
    try:
        return decode(_page(text))
    except Refused as refusal:
        return refusal


def _record(text: str) -> object:
    """What becomes of an entry whose every field is the string, as far as any may be so long."""
    one, other = (
        Entry(
            title=text[:2_000] + end,
            place="p",
            creators=(text[:300],) * 20,
            container=text[:1_000],
            volume=text[:100],
            issue=text[:100],
            pages=text[:200],
            publisher=text[:1_000],
            abstract=text[:20_000] + end,
            identifiers=(text[:1_000],) * 20,
        )
        for end in ("", "b")
    )
    before, after = (crosswalk(entry, defaults=Defaults())[0] for entry in (one, other))
    addresses([one, other], page=AT)
    likeness(before, after)
    return compare(features(before), features(after)), keys(before), same_work(one, other)


def _bounded(text: str) -> object:
    entry = Entry(
        title=text, place="p", creators=(text,), identifiers=(text,), byline=text, abstract=text, container=text
    )
    return bounded([entry])


def _following(text: str) -> object:
    quoted = html.escape(text)
    root, _ = parse_html(f'<a rel="next" href="/{quoted}x">{quoted}</a><a class=next href="?{quoted}">1</a>')
    assert root is not None
    return next_page(root, location=f"https://example.org/list{text}x".split("\n")[0])


def _answer(kind: str, before: str, after: str) -> Callable[[str], object]:
    return lambda text: read_answer(f"{before}{text}{after}", content_type=kind, location=AT)


def _json(kind: str) -> Callable[[str], object]:
    def reader(text: str) -> object:
        said = {
            "@context": "https://schema.org",
            "@type": "Book",
            "title": text,
            "name": text,
            "author": text,
            "datePublished": text,
            "identifier": text,
            "DOI": text,
            "URL": text,
            "abstract": text,
            "description": text,
        }
        return read_answer(json.dumps(said), content_type=kind, location=AT)

    return reader


def _metas(text: str) -> object:
    quoted = html.escape(text)
    names = (
        "title",
        "author",
        "doi",
        "publication_date",
        "journal_title",
        "abstract",
        "isbn",
        "firstpage",
        "volume",
        "pdf_url",
    )
    metas = "".join(f'<meta name="citation_{name}" content="{quoted}">' for name in names)
    return read_answer(f"<html><head>{metas}</head></html>", content_type="text/html", location=AT)


READERS: dict[str, Callable[[str], object]] = {
    "decode": _decoded,
    "text": lambda text: read(text, location=AT, content_type="text/plain"),
    "text of lines": lambda text: read(f"Mentoring after prison\n\n{text} (2020)\n\n{text}\n", location=AT, content_type="text/plain"),
    "markup": lambda text: read(f"<ul><li>Okafor, A. (2020). {text}", location=AT, content_type="text/html"),
    "signs of markup": lambda text: (signs_of(f"<h1>{text}"), labels_of(text)),
    "item of a list": _html("<li>Okafor, A. (2020). ", "</li>"),
    "title of a list": _html("<li>Okafor, A. (2020). <i>", "</i>. Bristol: Policy Press.</li>"),
    "names of a list": _html("<li>", " (2020). <i>Mentoring after prison</i>. Bristol: Policy Press.</li>"),
    "paragraph": _html("<p>", "</p>"),
    "heading": _html("<h2>", "</h2><p>Okafor, A. (2020). <i>Mentoring after prison</i></p>"),
    "cell": _html("<table><tr><td>2020<td>", "<td>Okafor</table>"),
    "class": _html('<p class="', '">x</p>'),
    "style": _html('<p style="', '">x</p>'),
    "link": _html('<li>Okafor, A. (2020). <a href="', '">Mentoring after prison</a>. Bristol.</li>'),
    "base": _html('<base href="', '">'),
    "preformatted": _html("<pre>@book{a, title={A}}\nTY  - BOOK\n", "</pre>"),
    "COinS": _html('<span class="Z3988" title="ctx_ver=Z39.88-2004&amp;rft.btitle=A&amp;rft.au=', '"></span>'),
    "microdata": _html('<div itemscope itemtype="https://schema.org/Book"><span itemprop="name">', "</span></div>"),
    "byline": byline.read,
    "byline of the longest": lambda text: byline.read(f"{text[: byline.LONGEST - 6]}(2020)"),
    "names": names.read,
    "date": dates.read,
    "identifiers": lambda text: (identifiers.in_words(text), identifiers.in_text(text), identifiers.from_link(f"https://example.org/{text}"), identifiers.of_link(text), identifiers.isbn(text), identifiers.is_resolvable(text), kept_as(text)),
    "clean": clean,
    "record": _record,
    "bounds": _bounded,
    "next page": _following,
    "JSON-LD": _json("application/ld+json"),
    "CSL-JSON": _json("application/vnd.citationstyles.csl+json"),
    "JSON broken": _answer("application/ld+json", '{"@type":"Book","name":"', ""),
    "BibTeX": _answer("application/x-bibtex", "@book{a, title = {A}, author = {", "}, year = 2020}"),
    "BibTeX broken": _answer("application/x-bibtex", "@book{a, title = {A}, author = ", ""),
    "RIS": _answer("application/x-research-info-systems", "TY  - BOOK\nTI  - A\nAU  - ", "\nER  - \n"),
    "metas": _metas,
    "HTML answer": _answer("text/html", "<html><body>", ""),
}  # fmt: skip  # one a line

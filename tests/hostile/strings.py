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
from repo_harvest.parse import byline, citation, dates, identifiers, names, read
from repo_harvest.parse.bounds import bounded
from repo_harvest.parse.document import Block, Line, Run
from repo_harvest.parse.following import next_page
from repo_harvest.parse.item import read_answer, same_work
from repo_harvest.parse.tree import parse_html
from repo_harvest.parse.unit import Unit
from repo_harvest.source import decode, labels_of, signs_of

__all__ = ["READERS", "SHAPES", "UNITS", "repeated"]

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


def _raw(before: str, after: str = "") -> Callable[[str], object]:
    """Reads markup in which the string stands as it is between these."""

    def reader(text: str) -> object:
        page = f"{before}{text}{after}"
        signs_of(page)
        labels_of(page)
        return read(page, location=AT, content_type="text/html")

    return reader


def _citation(text: str) -> object:
    run, block = Run(" ".join(text.split())), Block(name="p[1]", tag="p")
    return citation.read([Unit(lines=(Line(text=run.text, block=block, place="p[1]", runs=(run,)),))])


def _ring(text: str) -> object:
    """JSON-LD in which each thing is part of the next, and the last of the first: one for each hundred characters."""
    count = max(1, len(text) // 100)
    things = [
        {"@id": f"#{at}", "@type": "Book", "name": f"T{at}", "isPartOf": {"@id": f"#{(at + 1) % count}"}, "author": [{"@id": "#0"}]}
        for at in range(count)
    ]  # fmt: skip  # a table
    return read_answer(json.dumps({"@graph": things}), content_type="application/ld+json", location=AT)


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

_ABSTRACT = (
    "Little is known about how trust grows between people. This article asks both sides about it, and at length. "
)
_ENTRY = f"<h4><a href='/1'>A title of the list</a></h4><p>Buck, Gillian; Lee, Ann (Wiley, 2019-09-04)</p><p>{_ABSTRACT * 4}</p>"
_MARKED = (
    "<p>x", "<br>x", "<b>x", "<div>x", "<table>", "<h4>t</h4>", "<h1>Error ", "<input ", "<title ", "<p a=1 ", "<div><p>", _ENTRY, "<div>x</div>", "<p>x (1)</p>",
    "<h2>t</h2><p>x</p>", "<h4><a href=x>t</a></h4><p>Buck, Gillian (2020)</p>", "<li><b>Buck, Gillian (2020)</b>", "<p>Roe, J. (2019). What volunteers count",
    "<div>Some title 2019", "<b>Some title</b><br>Roe, J. (2019)<br><br>", "<table><tr><td>2019<td>What volunteers count<td>Roe, J.</table>", "<a href=x.bib>x</a>",
    "<ul><li>Some title 2019", "<dl><dt>[1]<dd>Roe, J. (2019). What volunteers count</dl>", "<p>@article{k, title = {A title}, author = {Lee, Ann}, year = {2020}}</p>",
    "<pre>@article{k,</pre>", "<p>TY  - JOUR\nTI  - x\n</p>", "<p>%0 Book\n%T x\n</p>", "<div itemscope itemtype='https://schema.org/Book'><b itemprop=name>T</b>",
    "<div itemscope itemtype='https://schema.org/Book'><b itemprop=name>T</b></div>", "<b itemprop=name>T", "<p typeof=Book property=name>x",
    "<p typeof=Book><b property=name>T</b></p>", "<i><span class=Z3988 title='rft.atitle=A+title&rft.au=Lee'></span></i>", "<meta name=citation_author content=Lee>",
    "<meta name=dc.identifier content='https://example.org/1'>", "<script type='application/ld+json'>{\"@type\": \"Book\", \"name\": \"T\"}</script>",
    "<script type='application/ld+json'>{</script>",
)  # fmt: skip  # a list of kinds
_JSON = (
    "{",
    "[",
    '{"',
    '{"a":',
    '{"a":[',
    '{"@id":"a","b":',
    '"',
    "\\",
    '\\"',
    ",",
    "{}",
    '{"@type":"Book","name":"T"},',
    ",]",
    '{"a" \n',
    ": ",
    " ",
)
_BIBTEX = (
    "@", "@a{", "@article{a,", "@article{a, title = {", "\n@article{a, title = {", "@a{b,c={d}}", "@string{a = a # a}\n", "a = {b},\n", " @misc{k, title={x}, crossref={k}}",
    "@article{k, title = {x}, year = 2020}\n", "@comment{", "\\emph{", "{", "}", '"', "#", "$", " and ",
)  # fmt: skip  # a list of kinds
_CITED = (
    "a, ",
    "Abc, ",
    "(",
    "(2020) ",
    " and ",
    "A.",
    "Buck, Gillian; ",
    "“a",
    "12(3), ",
    "In: ",
    "1.",
    "Ab. ",
    "Title. ",
    "Abc & Abc, Abc; ",
)
_LINED = (
    "a\n",
    "Buck, Gillian (2020)\n",
    "Title\nBuck, Gillian (2020)\n",
    "x (1)\n",
    f"Title\nBuck, Gillian (2020)\n{_ABSTRACT}\n",
)

SHAPES: dict[str, tuple[Callable[[str], object], tuple[str, ...]]] = {
    "lines": (lambda text: read(text, location=AT, content_type="text/plain"), _LINED),
    "page": (_raw(""), _MARKED),
    "page of metas": (_raw("<html><head><meta name=citation_title content=T></head><body itemscope itemtype='https://schema.org/WebPage'>@x{ "), _MARKED),
    "between two entries": (_raw(f"<div>{_ENTRY}</div>", f"<div>{_ENTRY}</div>"), _MARKED),
    "citation": (_citation, _CITED),
    "JSON of parts": (_answer("application/ld+json", "", ""), _JSON),
    "JSON of a list": (_answer("application/ld+json", "[", ""), _JSON),
    "JSON of a graph": (_answer("application/ld+json", '{"@graph": [1, x ', ""), _JSON),
    "JSON of a script": (_raw("<script type='application/ld+json'>{\"a\": 1} ]]>", "x</script>"), _JSON),
    "JSON of a ring": (_ring, ("x",)),
    "BibTeX of parts": (_answer("application/x-bibtex", "", ""), _BIBTEX),
    "BibTeX of a title": (_answer("application/x-bibtex", "@article{k, title = {", ""), _BIBTEX),
}  # fmt: skip  # one a line
"""Ways in, each with strings of its own form."""

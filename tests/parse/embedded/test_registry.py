"""The forms of one page together: what is shown, hidden and linked, and where it stands."""

from __future__ import annotations

import pytest

from repo_harvest.parse.embedded import linked
from repo_harvest.parse.embedded.registry import FORMS
from repo_harvest.parse.embedded.tree import Tree
from repo_harvest.parse.markup import read_html
from repo_harvest.parse.tree import parse_html
from tests.parse.embedded.kit import LOCATION, lists_of, only

RECORD = "@article{buck, title = {Trust}, author = {Buck, Gillian}, year = {2021}}"
OTHER = "@book{lee, title = {Shame}, author = {Lee, Ann}, year = {2019}}"


@pytest.mark.parametrize(
    "page",
    [
        f"<pre>{RECORD}\n{OTHER}</pre>",
        f"<ul><li>Trust<div style='display:none'>{RECORD}</div></li><li>Shame<pre hidden>{OTHER}</pre></li></ul>",
        f"<p><a>BibTeX</a><span class=bib>{RECORD}</span> <a>BibTeX</a><span class=bib>{OTHER}</span>",
        f"<textarea>{RECORD}</textarea><textarea>{OTHER}</textarea>",
        f"<script type='text/x-bibtex'>{RECORD}\n\n{OTHER}</script>",
        f"<p>{RECORD.replace(', ', ',<br>&nbsp; ')}</p><p>{OTHER.replace(', title', ',<p>title')}</p>",
        f"<pre><code><span class=nc>@article</span><span>{{</span>{RECORD[9:]}</code></pre><template><p>{OTHER}</template>",
        f"<p><button data-clipboard-text='{RECORD}'>Copy</button></p><p><a data-x=y data-bib='{OTHER}'>BibTeX</a></p>",
        f"<pre>{RECORD[:-1]}</pre><p>Copyright {{c}}</p><pre>{OTHER}</pre>",
    ],
)
def test_bibtex_is_found_wherever_a_page_keeps_it(page: str) -> None:
    found = only(f"<html><body><h1>Ours</h1>{page}<p>Mail ann@example.org</p></body></html>", "BibTeX")
    assert [(entry.title, entry.creators, str(entry.date)) for entry in found.entries] == [
        ("Trust", ("Buck, Gillian",), "2021"),
        ("Shame", ("Lee, Ann",), "2019"),
    ]


def test_scripts_mail_addresses_and_styles_hold_no_records() -> None:
    page = f"<style>@media {{a: b}} @font-face{{}}</style><script>var x = '{RECORD}'</script><p>ann@example.org {{at}} @lee (us)"
    assert lists_of(page) == ()


def test_a_place_is_named_as_the_lines_of_the_page_are() -> None:
    page = f"""<body><div><p>a</p><div id=list><b><div><p>x</p></div></b><section><p>y</p><p>{RECORD}</p></section></div></div>
    <nav><ul><li>z</ul></nav><table><tr><td><span><p>{OTHER}</p></span></table>"""
    places = {line.text: line.place for line in read_html(page, location=LOCATION).lines}
    assert [entry.place for entry in only(page, "BibTeX").entries] == [places[RECORD], places[OTHER]]
    root, _ = parse_html(page)
    assert root is not None
    seen = Tree(root, location=LOCATION)
    blocks = {seen.place(element) for element in root.iter("p", "li", "td")}
    assert {line.block.place for line in read_html(page, location=LOCATION).lines} <= blocks


def test_an_address_of_many_works_identifies_none_of_them() -> None:
    page = "<pre>" + "".join(
        f"@misc{{k{at}, title = {{Title {at}}}, url = {{https://example.org/conference}}, doi = {{10.1177/{at}}}}}\n"
        for at in range(3)
    )
    found = only(page, "BibTeX")
    assert [entry.identifiers for entry in found.entries] == [(f"doi:10.1177/{at}",) for at in range(3)]
    assert found.problems[0].where == "page"


def test_every_form_of_a_page_has_its_list_in_the_order_of_trust() -> None:
    page = (
        '<head><meta name=citation_title content=T><script type=\'application/ld+json\'>{"@type": "Book", "name": "T"}</script>'
        '<script type=\'application/vnd.citationstyles.csl+json\'>{"title": "T"}</script></head>'
        "<p itemscope itemtype='https://schema.org/Book'><b itemprop=name>T</b><p typeof=Book><b property=name>T</b>"
        f"<span class=Z3988 title='rft.btitle=T'></span><pre>{RECORD}\nTY  - BOOK\nTI  - T\nER  - </pre>"
    )
    assert [found.name for found in lists_of(page)] == list(FORMS)
    assert all(len(found.entries) == 1 and found.problems == () for found in lists_of(page))


def test_linked_files_are_named_and_not_read() -> None:
    page = """<base href="https://example.org/a/"><a href="all.bib">BibTeX</a> <a href="all.bib">again</a> <a href="x.html">no</a>
    <link rel=alternate type="application/x-research-info-systems" href="/cite"><a href="/e?id=1&format=RIS">RIS</a>
    <a href="#" data-filename="/p/cite.bib">Cite</a> <a href="mailto:a.bib">no</a> <a href="https://[/x.bib">no</a> <a href="">no</a>"""
    root, _ = parse_html(page)
    assert root is not None
    assert [(link.url, link.text) for link in linked(root, location=LOCATION)] == [
        ("https://example.org/a/all.bib", "BibTeX"), ("https://example.org/cite", ""), ("https://example.org/e?id=1&format=RIS", "RIS"),
        ("https://example.org/p/cite.bib", "Cite"),
    ]  # fmt: skip  # a list

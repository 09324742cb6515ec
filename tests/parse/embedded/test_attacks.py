"""Whatever a page holds is read without failing."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from repo_harvest.parse.embedded import csl, jsonld, linked, read, ris
from repo_harvest.parse.embedded.bibtex.syntax import records
from repo_harvest.parse.tree import parse_html
from tests.parse.embedded.kit import lists_of

MARKS = (
    "<div>", "</div>", "<p itemscope itemtype=x/Book>", "<b itemprop=name>", "<i property='name a'>", "<p typeof='Book Book'>", "<pre>", "<span class=Z3988 title='rft.atitle=%%%&rft.au=&;'>",
    "<script type='application/ld+json'>", "</script>", "{", "}", "[", "]", '"@type": "Book"', '"@id"', '"name"', ":", ",", '"', "\\", "\\u", "null", "1e999",
    "<meta name=citation_title content='x'>", "<meta name=citation_date content='0000-99-99'>", "<meta name=dc.identifier content='http://[::'>", "&amp;", "&#0;", "&#x110000;",
    "@article{", "title={", "TY  - JOUR\n", "TI  - x\n", "ER  - \n", "%0 Book\n", "%T x\n", "<a href='http://[/a.bib'>", "<base href='http://['>", "\ud800", "\0", "\f", "é",
)  # fmt: skip  # a list


@given(st.lists(st.sampled_from(MARKS) | st.text(max_size=8), max_size=40).map("".join))
def test_any_page_is_read_without_failing(page: str) -> None:
    root, _ = parse_html(page)
    if root is not None:
        for found in read(root, location="https://example.org/"):
            assert all(entry.title and entry.place for entry in found.entries)
        assert all(link.url for link in linked(root, location=""))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(
        ["@type", "@id", "@graph", "@list", "@value", "name", "headline", "author", "datePublished", "isPartOf", "publisher", "identifier",
         "isbn", "item", "familyName", "title", "DOI", "issued", "date-parts", "family", "container-title"]), inner | st.just("Book"), max_size=6),
)  # fmt: skip  # a list of names


@given(json_values)
def test_any_json_is_read_without_failing(value: object) -> None:
    text = json.dumps(value)
    for found in lists_of(f"<script type='application/ld+json'>{text}</script><p>x"):
        assert all(entry.title for entry in found.entries)
    csl.read(text)


@given(st.text(alphabet=st.characters() | st.sampled_from('TYAUERI  -\n%0 @\f\r{}[]":,')))
def test_any_text_is_read_without_failing(text: str) -> None:
    for said in (text, f"TY  - {text}\nTI  - {text}\nPY  - {text}\nDO  - {text}\nUR  - {text}\nER  - "):
        assert all(entry.title for entry in ris.read(said)[0])
    jsonld.loads(text)
    csl.read(text)


def test_entities_of_a_page_open_no_files_and_grow_nothing() -> None:
    declared = '<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;"><!ENTITY file SYSTEM "file:///etc/passwd">'
    page = f"<!DOCTYPE html [{declared}]><meta name=citation_title content='Trust &b; &file; &amp;amp; &amp;lt;i&amp;gt;time'>"
    (found,) = lists_of(page)
    assert found.entries[0].title == "Trust &b; &file; & time"


def test_what_stands_deep_inside_is_read_and_has_a_place() -> None:
    page = "<div><i>" * 700 + "<pre>@misc{k, title = {Trust}}</pre><span class=Z3988 title='rft.btitle=Shame'>"
    bibtex, coins = sorted((found.entries[0].place for found in lists_of(page)), key=len)
    assert coins.startswith("…/div[1]")
    assert bibtex.startswith("…/div[1]")


def test_json_that_is_all_references_in_a_ring_is_read() -> None:
    nodes = [{"@id": f"#{at}", "@type": "Book", "name": f"T{at}", "isPartOf": {"@id": f"#{(at + 1) % 100}"}, "author": [{"@id": "#0"}]} for at in range(100)]  # fmt: skip
    (found,) = lists_of(f"<script type='application/ld+json'>{json.dumps({'@graph': nodes})}</script><p>x")
    assert len(found.entries) == 100


def test_macros_that_multiply_are_written_out_as_far_as_the_text_is_long() -> None:
    levels = "".join(f"@string{{a{level} = {' # '.join([f'a{level - 1}'] * 10)}}}\n" for level in range(1, 12))
    text = f'@string{{jj = "Probation Journal"}}\n@string{{a0 = "ha"}}\n{levels}' + "@book{x, title = a11}\n" * 50
    found = [raw for raw in records(text) if raw.type == "book"]
    assert len(found) == 50
    assert sum(len(raw.fields["title"]) for raw in found) < 2 * len(text) + 10_000
    (after,) = records('@string{jj = "Probation Journal"} @article{x, journal = JJ, note = unknown}')
    assert after.fields == {"journal": "Probation Journal", "note": "unknown"}

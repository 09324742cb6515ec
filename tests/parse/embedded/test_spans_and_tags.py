"""COinS, RIS, EndNote and CSL-JSON: what is written in each is read back."""

from __future__ import annotations

import json
from html import escape
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repo_harvest.model import Entry
from repo_harvest.parse.embedded import csl, ris
from tests.parse.embedded.kit import date, entries, facts, one, only, work


def span(*pairs: tuple[str, str]) -> str:
    return f'<span class="Z3988 x" title="{escape(urlencode(pairs))}"></span>'


@given(entries())
def test_works_written_as_coins_are_read_back(works: list[Entry]) -> None:
    page = "<ul>" + "".join(f"<li>{coins(entry)} {escape(entry.title)}</li>" for entry in works) + "</ul>"
    found = only(page, "COinS")
    assert [facts(entry) for entry in found.entries] == [facts(entry) for entry in works]
    assert [entry.place for entry in found.entries] == [f"body/ul[1]/li[{at}]" for at, _ in enumerate(works, 1)]


def coins(entry: Entry) -> str:
    pairs = [("ctx_ver", "Z39.88-2004"), ("rft_val_fmt", "info:ofi/fmt:kev:mtx:journal"), ("rft.atitle", entry.title)]
    pairs += [("rft.jtitle", entry.container or ""), ("rft.pub", entry.publisher or "")]
    pairs += [("rft.date", str(entry.date) if entry.date else ""), ("rft.description", entry.abstract or "")]
    surname, comma, given_name = (entry.creators[0] if entry.creators else "").partition(", ")
    pairs += [("rft.aulast", surname), ("rft.aufirst", given_name)] if comma else []
    pairs += [("rft.au", name) for name in entry.creators]
    pairs += [("rft_id", value.replace("doi:", "info:doi/")) for value in entry.identifiers]
    return span(*pairs)


def test_coins_of_other_kinds() -> None:
    book = one(
        span(
            ("rft.btitle", "Trust"),
            ("rft.isbn", "978-0-306-40615-7"),
            ("rft.aulast", "Buck"),
            ("rft.au", "Gillian Buck"),
            ("rft.aufirst", "Gillian"),
        ),
        "COinS",
    )
    assert (book.title, book.creators, book.identifiers) == ("Trust", ("Buck, Gillian",), ("urn:isbn:9780306406157",))
    chapter = one(span(("rft.atitle", "Trust"), ("rft.btitle", "Whole"), ("rft.isbn", "978-0-306-40615-7")), "COinS")
    assert (chapter.container, chapter.identifiers) == ("Whole", ())
    dc = one(
        span(
            ("rft.title", "Trust"), ("rft.creator", "Lee, Ann"), ("rft.source", "Journal"), ("rft_id", "info:pmid/12")
        ),
        "COinS",
    )
    assert (dc.container, dc.creators, dc.identifiers) == (
        "Journal",
        ("Lee, Ann",),
        ("https://pubmed.ncbi.nlm.nih.gov/12/",),
    )


def test_ampersands_that_were_escaped_twice_are_one() -> None:
    page = '<span class="Z3988" title="ctx_ver=Z39.88-2004&amp;amp;rft.atitle=A%20%26%20B&amp;amp;rft.jtitle=C"></span>'
    assert (one(page, "COinS").title, one(page, "COinS").container) == ("A & B", "C")


def test_a_span_without_title_is_a_problem_at_its_place() -> None:
    found = only('<p id="x"><span class="Z3988" title="rft.date=2020"></span>', "COinS")
    assert [problem.where for problem in found.problems] == ["#x.title"]


def tagged(entry: Entry) -> str:
    lines = ["TY  - JOUR", f"TI  - {entry.title}", *(f"AU  - {name}" for name in entry.creators)]
    lines += [f"PY  - {str(entry.date).replace('-', '/')}"] if entry.date else []
    lines += [f"JO  - {entry.container or ''}", f"PB  - {entry.publisher or ''}", f"AB  - {entry.abstract or ''}"]
    lines += [f"DO  - {value[4:]}" if value.startswith("doi:") else f"UR  - {value}" for value in entry.identifiers]
    return "\n".join([*lines, "ER  - ", ""])


@given(entries(), st.sampled_from(["\n", "\r\n"]))
def test_works_written_as_ris_are_read_back(works: list[Entry], end: str) -> None:
    found, problems = ris.read("\n".join(map(tagged, works)).replace("\n", end))
    assert problems == ()
    assert [facts(entry) for entry in found] == [facts(entry) for entry in works]


def test_ris_shown_on_a_page_is_read_where_it_stands() -> None:
    text = "TY&nbsp; - CHAP<br>T1  - Trust<br>A1  - Buck, Gillian<br>T2  - Whole<br>Y1  - 2020/05//<br>SN  - 0306406152<br>ER  -"
    entry = one(f"<p>Our work</p><div>{text}</div>", "RIS")
    assert (entry.title, entry.container, entry.date, entry.identifiers) == ("Trust", "Whole", date("2020-05"), ())
    assert entry.place == "body/div[1]"


def test_a_line_without_tag_goes_on_and_a_record_without_end_ends_at_the_next() -> None:
    found, problems = ris.read(
        "TY  - BOOK\nTI  - Trust\n  and time\nTY  - BOOK\nAU  - Lee, Ann\nTY  - BOOK\nBT  - Shame\nSN  - 0-306-40615-2"
    )
    assert [(entry.title, entry.container, entry.place) for entry in found] == [
        ("Trust and time", None, "line 1"),
        ("Shame", None, "line 6"),
    ]
    assert found[1].identifiers == ("urn:isbn:0306406152",)
    assert [problem.where for problem in problems] == ["line 4.title"]


def test_endnote_records_are_read() -> None:
    text = "%0 Journal Article\n%T Trust\n%A Buck, Gillian\n%A Lee, Ann\n%D 2021\n%J Probation Journal\n%R 10.1177/1\n\n%0 Book\n%T Shame\n%I SAGE"
    (first, second), problems = ris.read(text)
    assert (first.creators, first.container, first.identifiers) == (
        ("Buck, Gillian", "Lee, Ann"),
        "Probation Journal",
        ("doi:10.1177/1",),
    )
    assert (second.title, second.publisher, problems) == ("Shame", "SAGE", ())
    assert first.origins[0] == ("title", "EndNote %T")


@given(work)
def test_a_work_written_as_csl_json_is_read_back(entry: Entry) -> None:
    item = {
        "type": "article-journal",
        "title": entry.title,
        "author": [person(name) for name in entry.creators],
        "issued": {"date-parts": [[int(part) for part in str(entry.date).split("-")]]} if entry.date else None,
        "container-title": [entry.container] if entry.container else [],
        "publisher": entry.publisher,
        "abstract": f"<jats:p>{entry.abstract}</jats:p>" if entry.abstract else None,
    }
    item |= {"DOI" if value.startswith("doi:") else "URL": value.removeprefix("doi:") for value in entry.identifiers}
    (found,), problems = csl.read(json.dumps(item))
    assert (facts(found), problems) == (facts(entry), ())
    page = f'<script type="application/vnd.citationstyles.csl+json">{json.dumps([item])}</script>'.replace(
        "</jats", "<\\/jats"
    )
    assert facts(one(page, "CSL-JSON")) == facts(entry)


def person(name: str) -> dict[str, str]:
    surname, comma, given_name = name.partition(", ")
    if not comma or name.startswith("Centre"):
        return {"literal": name}
    particle, blank, rest = surname.rpartition(" ")
    if blank and particle.islower():
        return {"non-dropping-particle": particle, "family": rest, "given": given_name}
    return {"family": surname, "given": given_name}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[1, [], {}]",
        '{"title": 3}',
        "{",
        '{"title": "T", "author": [3, {"x": 1}], "issued": {"date-parts": [[null]]}}',
    ],
)
def test_csl_json_of_other_shapes_does_not_fail(text: str) -> None:
    found, _ = csl.read(text)
    assert [entry.title for entry in found] in ([], ["T"], ["3"])

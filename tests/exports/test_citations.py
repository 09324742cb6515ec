"""Citations are read back, by libraries that others keep and by our own readers, as what the record says."""

from __future__ import annotations

import json
from unicodedata import normalize
from urllib.parse import unquote

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import SeparateCoAuthors
from hypothesis import example, given, settings

from repo_harvest.exports import bibtex, csl, ris
from repo_harvest.exports.work import cite_key, date_parts, link, one_line, with_contributions
from repo_harvest.formats.parts import doi, name_of, page_range
from repo_harvest.model import Record
from repo_harvest.parse.embedded import bibtex as bibtex_in
from repo_harvest.parse.embedded.bibtex.latex import to_text
from repo_harvest.parse.text import collapse
from tests.exports.works import works
from tests.laws import tries
from tests.strategies import records, unhurried

HARD = Record(
    title=("On {braces, \\backslashes, \"quotes\" & 100% of $_#~^ – `` '' -- {",),
    creators=("Salt and Pepper, Ann", "Ministry of Justice and Peace", "de la Cruz, José", "} and {, x", "A, B, C"),
    publisher=("Line\nbreak\r\n@article{x,",),
    container=("ER  - \nTY  - BOOK",),
    description=("犯罪 العدالة צדק 👩‍⚖️\u2028TI  - no",),
    identifiers=("https://doi.org/10.1000/a{b_c%7D",),
    date=("2021-03-04",),
    volume=("{12} \\%",),
    issue=("3\nER  - ",),
    pages=("4-20",),
    subjects=("100%, {trust}", "العدالة"),
    type=("article",),
)


# --- BibTeX ---


@unhurried
@given(record=works)
@example(record=HARD)
def test_bibtex_is_one_record_that_bibtexparser_reads_field_by_field(record: Record) -> None:
    library = parse_string(bibtex.export(record), parse_stack=[])
    assert library.failed_blocks == []
    assert [entry.key for entry in library.entries] == [cite_key(record)]
    assert len(library.blocks) == 1
    fields = {name: field.value for name, field in library.entries[0].fields_dict.items()}
    assert fields["title"].startswith("{")
    for name, value in (("title", record.title[0]), ("publisher", record.publisher[0])):
        stated = fields.get(name) or fields.get("school") or fields["institution"]
        assert _words(stated) == collapse(one_line(value)), name
    assert fields["year"] == f"{{{record.date[0][:4]}}}"
    assert fields["doi"][1:-1].replace("%7B", "{") == doi(record)
    ends = page_range(record.pages[0])
    assert ends is not None
    assert fields["pages"] == f"{{{ends[0]}--{ends[1]}}}"


@unhurried
@given(record=records)
def test_bibtex_of_any_record_is_one_whole_record(record: Record) -> None:
    library = parse_string(bibtex.export(record), parse_stack=[])
    assert library.failed_blocks == []
    assert len(library.entries) == len(library.blocks) == 1


def test_names_stay_apart_and_whole() -> None:
    library = parse_string(bibtex.export(HARD), append_middleware=[SeparateCoAuthors()])
    assert len(library.entries[0]["author"]) == len(HARD.creators)
    entries, _ = bibtex_in.read(bibtex.export(HARD))
    assert len(entries[0].creators) == len(HARD.creators)
    assert entries[0].creators[0] == HARD.creators[0]
    assert entries[0].creators[2] == HARD.creators[2]


def test_words_with_capitals_are_protected_and_ranges_have_their_dash() -> None:
    text = bibtex.export(Record(title=("Peer mentoring in the UK",), pages=("4-20",), type=("article",)))
    assert "title = {Peer mentoring in the {UK}}" in text
    assert "pages = {4--20}" in text


@pytest.mark.parametrize(
    ("said", "kind", "more"),
    [
        ("article", "article", ""),
        ("book", "book", ""),
        ("chapter", "incollection", ""),
        ("phd thesis", "phdthesis", ""),
        ("master thesis", "mastersthesis", ""),
        ("thesis", "phdthesis", "type = {Thesis}"),
        ("report", "techreport", ""),
        ("leaflet", "misc", ""),
    ],
)
def test_kinds_of_work_have_their_type(said: str, kind: str, more: str) -> None:
    text = bibtex.export(Record(title=("T",), type=(said,), publisher=("P",)))
    assert text.startswith(f"@{kind}{{")
    assert more in text
    field = {"phdthesis": "school", "mastersthesis": "school", "techreport": "institution"}.get(kind, "publisher")
    assert f"{field} = {{P}}" in text


@settings(unhurried, max_examples=tries(6))  # the library takes a second for a work
@given(record=works)
@example(record=HARD)
def test_bibtex_gives_back_everything_that_the_record_says(record: Record) -> None:
    (entry,) = parse_string(bibtex.export(record), parse_stack=[]).entries
    fields = {name: field.value for name, field in entry.fields_dict.items()}
    said = {
        "abstract": " ".join(record.description),
        "keywords": ", ".join(record.subjects),
        "volume": next(iter(record.volume), ""),
        "number": next(iter(record.issue), ""),
        "note": with_contributions(record) or "",
    }
    for name, value in said.items():
        assert _words(fields.get(name, "")) == collapse(one_line(value)), name
    (container,) = (fields[name] for name in ("journal", "booktitle", "series") if name in fields)
    assert _words(container) == collapse(one_line(record.container[0]))
    assert unquote(fields["url"][1:-1]) == unquote(link(record) or "")
    (read,) = bibtex_in.read(bibtex.export(record))[0]
    stated = [normalize("NFC", collapse(one_line(name))) for name in record.creators if name_of(name).family]
    assert [name for name in stated if name in read.creators] == stated


# --- RIS ---


@unhurried
@given(record=works)
@example(record=HARD)
def test_ris_is_one_record_that_rispy_reads_field_by_field(record: Record) -> None:
    found = rispy.loads(ris.export(record))
    assert len(found) == 1
    told = found[0]
    assert told["title"] == one_line(record.title[0]).strip()
    assert told.get("authors", []) == [one_line(name).strip() for name in record.creators]
    assert told["doi"] == doi(record)
    assert told["year"] == record.date[0][:4]
    assert (told["start_page"], told["end_page"]) == page_range(record.pages[0])
    assert told["publisher"] == one_line(record.publisher[0]).strip()


@unhurried
@given(record=works)
@example(record=HARD)
def test_ris_gives_back_everything_that_the_record_says(record: Record) -> None:
    (told,) = rispy.loads(ris.export(record))
    for name, value in (
        ("secondary_title", record.container[0]),
        ("volume", next(iter(record.volume), "")),
        ("number", next(iter(record.issue), "")),
        ("abstract", " ".join(record.description)),
    ):
        assert told.get(name, "") == one_line(value).strip(), name
    assert told.get("keywords", []) == [one_line(subject).strip() for subject in record.subjects]
    assert told["urls"] == [link(record)]
    assert told.get("notes", []) == [one_line(text).strip() for text in (with_contributions(record),) if text]


@unhurried
@given(record=records)
def test_a_line_of_ris_is_a_tag_and_its_value_whatever_the_record_holds(record: Record) -> None:
    lines = ris.export(record).split("\r\n")
    assert lines[0].startswith("TY  - ")
    assert lines[-2:] == ["ER  - ", ""]
    assert all(line[2:6] == "  - " and len(line.splitlines()) == 1 for line in lines[:-1])


# --- CSL-JSON ---


@unhurried
@given(record=works)
@example(record=HARD)
def test_csl_json_says_what_the_record_says(record: Record) -> None:
    (item,) = json.loads(csl.export(record))
    assert item["title"] == record.title[0]
    assert item["container-title"] == record.container[0]
    assert item["DOI"] == doi(record)
    assert item["page"] == record.pages[0]
    assert item["issued"] == {"date-parts": [[int(part) for part in date_parts(record)]]}
    assert len(item.get("author", [])) == len(record.creators)
    for name, stated in zip(item.get("author", []), record.creators, strict=True):
        assert set(name) in ({"literal"}, {"family", "given"})
        assert name.get("literal", stated) == stated


@unhurried
@given(record=records)
def test_csl_json_of_any_record_has_what_the_schema_demands(record: Record) -> None:
    (item,) = json.loads(csl.export(record))
    assert {"id", "type"} <= set(item)
    assert all(item.values())


def _words(value: str) -> str:
    return collapse(to_text(value))

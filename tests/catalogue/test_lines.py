"""Import lines: what is written reads back the same, and what is wrong is named."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import cast

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from repo_harvest.catalogue import Imported, clean, from_line, to_line
from repo_harvest.catalogue.lines import _IDENTIFIER, ELEMENTS
from repo_harvest.catalogue.text import says_something
from repo_harvest.errors import BadImport
from repo_harvest.formats import header, validate_response
from repo_harvest.model import Header, Record
from repo_harvest.oai.request import SYNTAX
from tests.strategies import affiliations, funding, name_identifiers

WHERE = "a.jsonl line 7"
FIELDS = [field.name for field in fields(Record)]

words = st.text(min_size=1, max_size=20).map(lambda text: clean(text)[0]).filter(says_something)
values = st.lists(words, max_size=3).map(tuple)
agents = {"name_identifiers": name_identifiers(), "affiliations": affiliations(), "funding": funding}
filled = st.builds(
    Record,
    **{name: st.lists(agents[name], max_size=3).map(tuple) if name in agents else values for name in FIELDS[1:]},
    title=words.map(lambda word: (word,)),
)
lines = st.builds(
    Imported,
    record=filled,
    id=words | st.none(),
    identifier=st.sampled_from(["oai:example.org:1", "oai:example.org:a/b?c=%20", "urn:uuid:1"]) | st.none(),
    datestamp=st.integers(-30610224000, 253402300799) | st.none(),
    deleted=st.booleans(),
    sets=st.lists(
        st.from_regex(r"[A-Za-z0-9._!~*'()-]+(:[A-Za-z0-9._-]+){0,2}", fullmatch=True), max_size=3, unique=True
    ).map(tuple),
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from([*FIELDS, *ELEMENTS, "dc", "sets", "x\ny"]), inner)
    ),
    max_leaves=6,
)


def read(values: object) -> Imported:
    return from_line(values, where=WHERE)


@given(lines)
def test_what_is_written_reads_back_the_same_through_json(imported: Imported) -> None:
    assert read(json.loads(json.dumps(to_line(imported)))) == imported


@given(json_values)
def test_any_json_is_a_record_or_an_error_that_says_where(value: object) -> None:
    said = ""
    try:
        imported = read(value)
    except BadImport as error:
        said = str(error)
    else:
        assert imported.deleted or imported.record != Record()
        return
    assert said.startswith(f"{WHERE}: ")
    assert len(said.splitlines()) == 1


@given(st.dictionaries(st.sampled_from(sorted(ELEMENTS)), words | st.lists(words, min_size=1, max_size=3), min_size=1))
def test_the_fifteen_elements_are_the_flat_fields_by_another_name(elements: dict[str, object]) -> None:
    flat = {ELEMENTS[name]: value for name, value in elements.items()}
    assert read({"dc": elements}) == read(flat)


def test_there_are_fifteen_elements_and_each_is_a_field() -> None:
    assert len(ELEMENTS) == len(set(ELEMENTS.values())) == 15
    assert set(ELEMENTS.values()) <= set(FIELDS)


def test_strings_lists_numbers_nulls_and_empty_strings() -> None:
    imported = read(
        {
            "id": 7, "title": "A", "creators": ["Lee, Ann", "", None, " "], "date": 2015, "volume": [3, "4"], "pages": "",
            "publisher": None, "sets": "a:b", "datestamp": "", "identifier": None, "deleted": None,
        },
    )  # fmt: skip  # one line of a file
    assert imported == Imported(
        record=Record(title=("A",), creators=("Lee, Ann",), date=("2015",), volume=("3", "4")),
        id="7",
        sets=("a:b",),
    )


def test_addresses_of_names_and_funders_are_written_alike() -> None:
    imported = read(
        {
            "title": "A",
            "name_identifiers": ["Lee, Ann|orcid.org/0000-0002-1694-233x", "An Archive | ror.org/03YRM5C26"],
            "affiliations": "Lee, Ann | An Archive",
            "funding": ["Council | 10.13039/501100000269 | ES/1", "Trust | https://doi.org/10.5555/award.1"],
        },
    )
    assert imported.record.name_identifiers == (
        "Lee, Ann | https://orcid.org/0000-0002-1694-233X",
        "An Archive | https://ror.org/03yrm5c26",
    )
    assert imported.record.affiliations == ("Lee, Ann | An Archive",)
    assert imported.record.funding == (
        "Council | https://doi.org/10.13039/501100000269 | ES/1",
        "Trust | https://doi.org/10.5555/award.1",
    )


def test_text_is_cleaned_and_counted_and_dates_are_kept_word_for_word() -> None:
    imported = read({"title": "A\x00\n B\x0bC", "date": ["ca.  2015?", "Spring"], "language": "eng", "dc": None})
    assert imported.record == Record(title=("A B C",), date=("ca. 2015?", "Spring"), language=("eng",))
    assert imported.cleaned == 2


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1970-01-01T00:00:01Z", 1),
        ("1970-01-02", 86_400),
        ("2021-03-04T05:06:07Z", 1_614_834_367),
        ("2024-02-29", 1_709_164_800),
    ],
)
def test_a_datestamp_is_a_second_or_a_day(text: str, seconds: int) -> None:
    assert read({"title": "A", "datestamp": text}).datestamp == seconds


@given(identifier=st.from_regex(_IDENTIFIER, fullmatch=True))
@example("oai:x:#")
@example("http://x.org:80?a#b")
def test_an_identifier_that_is_imported_can_be_asked_for_and_served(identifier: str) -> None:
    assert SYNTAX["identifier"].pattern.fullmatch(identifier)
    listed = header(Header(identifier=identifier, datestamp=0, sets=(), deleted=False)).decode()
    answer = (
        '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>2021-03-04T05:06:07Z</responseDate>'
        f"<request>http://x.org/oai</request><ListIdentifiers>{listed}</ListIdentifiers></OAI-PMH>"
    )
    assert validate_response(answer.encode()) == ()


def test_a_deleted_line_needs_no_record() -> None:
    imported = read({"identifier": "oai:example.org:1", "deleted": True, "datestamp": "2021-03-04"})
    assert (imported.deleted, imported.record) == (True, Record())


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([], 'a line is a JSON object such as {"title": "…"}, not a list'),
        ("x", 'a line is a JSON object such as {"title": "…"}, not a string'),
        ({}, 'the line states nothing; give it a title, or "deleted": true'),
        ({"title": " "}, 'the line states nothing; give it a title, or "deleted": true'),
        ({"titel": "A"}, "unknown field 'titel'; did you mean 'title'?"),
        ({"creator": "A"}, "unknown field 'creator'; did you mean 'creators'?"),
        ({"abstract": "A"}, "unknown field 'abstract'; did you mean 'description'?"),
        ({"dc": {"creators": "A"}}, "dc: unknown element 'creators'; did you mean 'creator'?"),
        ({"dc": {"title": "A"}, "title": "A"}, "state the record in 'dc' or in flat fields such as 'title', not in both"),
        ({"dc": ["A"]}, 'dc: the elements are an object such as {"title": ["…"]}, not a list'),
        ({"dc": {"title": ["A", {}]}}, "dc.title[1]: expected a string or a list of strings, not an object"),
        ({"title": 7}, "title: expected a string or a list of strings, not a number"),
        ({"title": {"en": "A"}}, "title: expected a string or a list of strings, not an object"),
        ({"title": "A", "creators": ["B", ["C"]]}, "creators[1]: expected a string or a list of strings, not a list"),
        ({"title": "A", "volume": True}, "volume: expected a string or a list of strings, or a whole number, not true or false"),
        ({"title": "A", "date": 2015.5}, "date: expected a string or a list of strings, or a whole number, not a number"),
        ({"title": "A", "deleted": "yes"}, "deleted: expected true or false, not a string"),
        ({"title": "A", "id": ["1"]}, "id: expected a string, not a list"),
        ({"title": "A", "sets": "a b"}, "sets: 'a b' is no setSpec; use letters, figures and -_.!~*'() between colons"),
        ({"title": "A", "sets": ["a", "b:"]}, "sets: 'b:' is no setSpec; use letters, figures and -_.!~*'() between colons"),
        ({"title": "A", "sets": ["a" * 1001]}, "sets: a setSpec is longer than 1000 characters"),
        ({"title": "A", "identifier": "1"}, "identifier: '1' is no URI such as oai:repository.example:1"),
        ({"title": "A", "identifier": "oai:x:é"}, "identifier: 'oai:x:é' is no URI such as oai:repository.example:1"),
        ({"title": "A", "identifier": "oai:x:[1]"}, "identifier: 'oai:x:[1]' is no URI such as oai:repository.example:1"),
        ({"title": "A", "identifier": "oai:x:100%"}, "identifier: 'oai:x:100%' is no URI such as oai:repository.example:1"),
        ({"title": "A", "identifier": "oai:x:1#2#3"}, "identifier: 'oai:x:1#2#3' is no URI such as oai:repository.example:1"),
        ({"title": "A", "identifier": "oai:x:" + "1" * 1995}, "identifier: is longer than 2000 characters"),
        ({"title": "A", "name_identifiers": ["B | 0000-0002-1825-0097", "B | https://orcid.org/0000-0002-1825-0098"]},
         "name_identifiers[1]: 'https://orcid.org/0000-0002-1825-0098' is no ORCID iD and no ROR ID, or its check digit is wrong"),
        ({"title": "A", "name_identifiers": "https://orcid.org/0000-0002-1825-0097"},
         "name_identifiers[0]: 'https://orcid.org/0000-0002-1825-0097' is no name and its address, such as 'Surname, Given | https://orcid.org/…'"),
        ({"title": "A", "affiliations": "B | https://ror.org/03yrm5c26"},
         "affiliations[0]: 'B | https://ror.org/03yrm5c26' is no name and body, such as 'Surname, Given | University | https://ror.org/…'"),
        ({"title": "A", "affiliations": "B | C | https://ror.org/03yrm5c27"},
         "affiliations[0]: 'https://ror.org/03yrm5c27' is no ROR ID, or its check digits are wrong"),
        ({"title": "A", "funding": "B | "}, "funding[0]: 'B |' has nothing before or after a bar"),
        ({"title": "A", "funding": "B | 1 | 2"},
         "funding[0]: 'B | 1 | 2' is no funder, its address and one award, such as 'Research Council | https://ror.org/… | ES/1'"),
        ({"title": "A", "funding": "B | https://example.org/fund"},
         "funding[0]: 'https://example.org/fund' is no ROR ID or DOI of a funder or an award, or its check digits are wrong"),
        ({"title": "A", "datestamp": "2021-02-30"}, "datestamp: '2021-02-30' is no date that exists"),
        ({"title": "A", "datestamp": "2021-03-04T05:06:07"},
         "datestamp: '2021-03-04T05:06:07' is not UTC such as 2021-03-04T05:06:07Z or 2021-03-04"),
        ({"title": "A", "datestamp": "٢٠٢١-03-04"}, "datestamp: '٢٠٢١-03-04' is not UTC such as 2021-03-04T05:06:07Z or 2021-03-04"),
    ],
)  # fmt: skip  # a table
def test_an_error_says_where_what_and_what_to_do(values: object, message: str) -> None:
    with pytest.raises(BadImport) as error:
        read(values)
    assert str(error.value) == f"{WHERE}: {message}"


def test_an_unknown_key_that_is_like_nothing_is_told_what_there_is() -> None:
    with pytest.raises(BadImport, match="unknown field 'qqq'; known are title, creators, "):
        read({"title": "A", "qqq": 1})


def test_a_line_leaves_out_what_is_empty() -> None:
    line = to_line(Imported(record=Record(title=("A",)), sets=("a",), deleted=True))
    assert line == {"deleted": True, "sets": ["a"], "title": ["A"]}
    assert cast("list[str]", line["sets"]) is not cast("list[str]", line["title"])

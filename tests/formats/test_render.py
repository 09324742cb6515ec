"""Records and headers as XML: always valid, always the same, and nothing gets lost on the way."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import example, given
from lxml import etree

from repo_harvest.formats import FORMATS, disseminate, header, render, validate, validate_response
from repo_harvest.formats.oai_dc import ELEMENTS, elements
from repo_harvest.formats.oai_dc import render as render_oai_dc
from repo_harvest.model import Header, Problem, Record, Rendition, Severity, utc_text
from tests.formats.documents import answer
from tests.strategies import clean_text, headers, illegal_characters, records, unhurried

DC = "{http://purl.org/dc/elements/1.1/}"
OAI = "{http://www.openarchives.org/OAI/2.0/}"


def read_back(metadata: bytes) -> list[tuple[str, str]]:
    return [(str(node.tag).removeprefix(DC), node.text or "") for node in etree.fromstring(metadata)]


@unhurried
@given(records)
@example(Record())
def test_any_record_renders_to_a_valid_document_that_reads_back_as_its_elements(record: Record) -> None:
    metadata = render_oai_dc(record)
    assert validate(Rendition(prefix="oai_dc", metadata=metadata)) == ()
    assert read_back(metadata) == elements(record)


@unhurried
@given(records)
def test_elements_stand_in_the_order_of_the_table_none_blank_and_none_twice(record: Record) -> None:
    found = elements(record)
    order = [name for name, _ in ELEMENTS]
    assert len(order) == 15
    assert found == sorted(found, key=lambda pair: order.index(pair[0]))
    assert len(set(found)) == len(found)
    assert all(value.strip() for _, value in found)


@unhurried
@given(records)
def test_every_word_of_a_record_is_disseminated(record: Record) -> None:
    values = [value for _, value in elements(record)]
    for field in fields(record):
        if field.name in {"name_identifiers", "affiliations", "funding"}:  # Dublin Core has no place for them
            continue
        for said in getattr(record, field.name):
            assert any(said in value for value in values)


@unhurried
@given(records)
def test_equal_records_are_equal_bytes(record: Record) -> None:
    assert render(Record.from_dict(record.as_dict())) == render(record)


@unhurried
@given(records)
def test_addresses_come_first_among_identifiers_and_keep_their_order(record: Record) -> None:
    found = [value for name, value in elements(record) if name == "identifier"]
    addresses = [value for value in found if value.lower().startswith(("http://", "https://"))]
    others = [value for value in found if value not in addresses]
    assert found == addresses + others
    assert addresses == [value for value in dict.fromkeys(record.identifiers) if value in addresses]


@pytest.mark.parametrize(
    ("record", "sources"),
    [
        (Record(container=("Probation Journal",)), ["Probation Journal"]),
        (Record(container=("Probation Journal",), volume=("12",)), ["Probation Journal, 12"]),
        (Record(container=("Probation Journal",), volume=("12",), issue=("3",)), ["Probation Journal, 12(3)"]),
        (
            Record(container=("Probation Journal",), volume=("12",), issue=("3",), pages=("45-67",)),
            ["Probation Journal, 12(3), 45-67"],
        ),
        (Record(container=("Probation Journal",), issue=("3",)), ["Probation Journal, (3)"]),
        (Record(container=("A Handbook",), pages=("45-67",)), ["A Handbook, 45-67"]),
        (Record(volume=("12",), pages=("45",)), ["12, 45"]),
        (Record(container=("A", "B"), volume=("1", "2"), pages=("7",)), ["A, 1, 7", "B, 2"]),
        (Record(container=("A",), source_ref=("issn:1234-5679", "A")), ["A", "issn:1234-5679"]),
        (Record(source_ref=("issn:1234-5679",)), ["issn:1234-5679"]),
        (Record(container=("",), source_ref=(" ",)), []),
    ],
)
def test_where_it_appeared_is_one_citation_before_other_sources(record: Record, sources: list[str]) -> None:
    assert elements(record) == [("source", value) for value in sources]


def test_a_document_declares_its_namespaces_and_where_its_schema_is() -> None:
    root = etree.fromstring(render_oai_dc(Record(title=("On Trust",))))
    location = root.get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation")
    assert root.tag == "{http://www.openarchives.org/OAI/2.0/oai_dc/}dc"
    assert location == ("http://www.openarchives.org/OAI/2.0/oai_dc/ http://www.openarchives.org/OAI/2.0/oai_dc.xsd")


@unhurried
@given(records)
def test_disseminate_gives_each_format_once_without_problems_or_says_that_there_is_nothing(record: Record) -> None:
    renditions, problems = disseminate(record)
    if record.as_dict():
        assert (renditions, problems) == (render(record), ())
        found = [rendition.prefix for rendition in renditions]
        assert found == [prefix for prefix in FORMATS if prefix in found]
        assert found[0] == "oai_dc"
    else:
        assert renditions == ()
        assert [problem.severity for problem in problems] == [Severity.ERROR]


@pytest.mark.parametrize("record", [Record(), Record(title=("", " \u00a0"), container=("",), volume=("",))])
def test_a_record_that_says_nothing_is_a_problem_and_has_no_rendition(record: Record) -> None:
    assert render(record) == ()
    assert disseminate(record) == (
        (),
        (
            Problem(
                where="record",
                what="it says nothing that could be disseminated; give it at least a title",
                severity=Severity.ERROR,
            ),
        ),
    )


@unhurried
@given(clean_text, illegal_characters)
def test_a_record_with_a_character_that_xml_cannot_hold_is_refused(text: str, illegal: str) -> None:
    record = Record(title=(text,), description=(text + illegal,))
    with pytest.raises(ValueError, match="cannot stand in XML"):
        render(record)
    renditions, (problem,) = disseminate(record)
    assert renditions == ()
    assert f"U+{ord(illegal):04X}" in problem.what


@unhurried
@given(headers)
def test_a_header_reads_back_as_it_was(given_header: Header) -> None:
    node = etree.fromstring(header(given_header))
    assert node.get("status") == ("deleted" if given_header.deleted else None)
    assert [(child.tag, child.text) for child in node] == [
        ("identifier", given_header.identifier),
        ("datestamp", utc_text(given_header.datestamp)),
        *(("setSpec", spec) for spec in given_header.sets),
    ]


@unhurried
@given(headers, records)
def test_a_header_and_a_rendition_spliced_into_an_answer_are_valid_there(given_header: Header, record: Record) -> None:
    metadata = b"<metadata>" + render_oai_dc(record) + b"</metadata>"
    parts = b"<record>" + header(given_header) + metadata + b"</record>"
    body = answer(f"<GetRecord>{parts.decode()}</GetRecord>").encode()
    assert validate_response(body) == ()
    (dc,) = etree.fromstring(body).iter("{http://www.openarchives.org/OAI/2.0/oai_dc/}dc")
    assert [(str(node.tag).removeprefix(DC), node.text or "") for node in dc] == elements(record)
    assert etree.fromstring(body).findtext(f".//{OAI}identifier") == given_header.identifier

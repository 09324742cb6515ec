"""What the schema of RIOXX 3.0 cannot say is said by its rules."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from repo_harvest import verify
from repo_harvest.formats.rioxx_rules import broken_rules
from repo_harvest.formats.schemas import compile_schema, directory, reader

SAMPLES = Path(verify.__file__).parent / "samples" / "rioxx.xml"
SCHEMA = compile_schema({"http://www.rioxx.net/schema/v3.0/rioxx/": "rioxx-3.xsd"}, reader(directory()))


def least(old: str = "", new: str = "") -> etree._Element:
    """A record with only what is mandatory, and one thing in it changed."""
    record = """<rioxx xmlns="http://www.rioxx.net/schema/v3.0/rioxx/" xmlns:dc="http://purl.org/dc/elements/1.1/"
      xmlns:dcterms="http://purl.org/dc/terms/" xmlns:terms="http://www.rioxx.net/schema/v3.0/rioxxterms/">
      <dc:identifier>https://example.org/1</dc:identifier>
      <dc:language>en</dc:language>
      <dc:title>On Trust</dc:title>
      <dc:type>http://purl.org/coar/resource_type/c_6501</dc:type>
      <dcterms:dateAccepted>2021-03</dcterms:dateAccepted>
      <terms:creator><terms:name>Buck, Gillian</terms:name></terms:creator>
    </rioxx>"""
    assert old in record
    return etree.fromstring(record.replace(old, new, 1))


def told(record: etree._Element) -> list[str]:
    return [str(problem) for problem in broken_rules(record)]


def test_samples_break_no_rule() -> None:
    records = [*etree.parse(SAMPLES).getroot().iterchildren(etree.Element)]
    assert len(records) >= 4
    assert [told(record) for record in records] == [[]] * len(records)


def test_a_record_with_no_more_than_what_is_mandatory_breaks_no_rule() -> None:
    assert told(least()) == []


@pytest.mark.parametrize(
    ("element", "name"),
    [
        ("<dc:identifier>https://example.org/1</dc:identifier>", "dc:identifier"),
        ("<dc:title>On Trust</dc:title>", "dc:title"),
    ],
)
def test_what_must_be_there_exactly_once(element: str, name: str) -> None:
    assert told(least(element)) == [f"rioxx: {name} is there 0 times; it must be there exactly once"]
    assert told(least(element, element * 2)) == [f"rioxx: {name} is there 2 times; it must be there exactly once"]


@pytest.mark.parametrize(
    ("element", "name"),
    [
        ("<dc:language>en</dc:language>", "dc:language"),
        ("<dc:type>http://purl.org/coar/resource_type/c_6501</dc:type>", "dc:type"),
        ("<terms:creator><terms:name>Buck, Gillian</terms:name></terms:creator>", "rioxxterms:creator"),
    ],
)
def test_what_must_be_there_and_may_be_repeated(element: str, name: str) -> None:
    assert told(least(element)) == [f"rioxx: {name} is there 0 times; it must be there at least once"]
    assert told(least(element, element * 3)) == []


@pytest.mark.parametrize("name", ["dc:source", "terms:publication_date", "terms:record_public_release_date"])
def test_what_may_be_there_once(name: str) -> None:
    element = f"<{name}>2021</{name}></rioxx>"
    assert told(least("</rioxx>", element)) == []
    (problem,) = told(least("</rioxx>", f"<{name}>2021</{name}>{element}"))
    assert problem.endswith("is there 2 times; it must be there at most once")


@pytest.mark.parametrize("value", ["true", " 1 "])
def test_one_creator_can_be_the_first_named_author(value: str) -> None:
    others = '<terms:creator first-named-author="false"/><terms:creator first-named-author="0"/>'
    first = f'<terms:creator first-named-author="{value}"/>'
    assert told(least("</rioxx>", f"{others}{first}</rioxx>")) == []
    assert told(least("</rioxx>", f"{first}{others}\n{first}</rioxx>")) == [
        "line 10, rioxx/creator: another creator is the first named author already; only one can be"
    ]


@pytest.mark.parametrize(
    ("attributes", "good"),
    [
        ("", False),
        ('funder_name=" "', False),
        ('funder_name="" funder_id=""', False),
        ('funder_name="The Allotment Fund"', True),
        ('funder_id="https://ror.org/00example5"', True),
    ],
)
def test_a_grant_says_who_gave_it(attributes: str, *, good: bool) -> None:
    problems = told(least("</rioxx>", f"<terms:grant {attributes}>G 12</terms:grant></rioxx>"))
    assert problems == (
        []
        if good
        else [
            "line 9, rioxx/grant: it says nothing of the funder; give it funder_name, funder_id, or both",
        ]
    )


@pytest.mark.parametrize(
    ("rel", "target", "good"),
    [
        ("item", "\n https://example.org/1.pdf\n", True),
        ("item", "HTTP://example.org", True),
        ("item", "urn:x:1", False),
        ("item", "https://", False),
        ("item", "https://example.org/a b", False),
        ("item", "", False),
        ("cite-as", "urn:x:1", True),
    ],
)
def test_an_item_is_where_it_can_be_had(rel: str, target: str, *, good: bool) -> None:
    problems = broken_rules(least("</rioxx>", f'<dc:relation rel="{rel}">{target}</dc:relation></rioxx>'))
    assert [problem.where for problem in problems] == ([] if good else ["line 9, rioxx/relation"])


@pytest.mark.parametrize("day", ["2021-02-29", "0000-01-01"])
def test_the_day_of_a_moment_to_the_minute_is_in_the_calendar(day: str) -> None:
    moment = f"{day}T10:00Z"
    inside = least("2021-03<", f" {moment}\n<")
    beside = least("</rioxx>", f'<dc:relation resource_exposed_date="{moment}">urn:x:1</dc:relation></rioxx>')
    assert SCHEMA.validate(inside), "the schema lets it be, or the rule would not be needed"
    assert SCHEMA.validate(beside)
    assert told(inside) == [f"line 7, rioxx/dateAccepted: there is no day {day}"]
    assert told(beside) == [f"line 9, rioxx/relation: there is no day {day}"]


def test_days_that_exist_and_dates_that_the_schema_knows_are_no_matter_of_rules() -> None:
    for value in ("2020-02-29T10:00Z", "2021-02-29", "soon"):
        assert told(least("2021-03<", f"{value}<")) == []

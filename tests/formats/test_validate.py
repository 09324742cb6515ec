"""What is valid, what is not, and that a document can do nothing to its judge."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer

from repo_harvest.formats import FORMATS, render, validate, validate_response
from repo_harvest.model import Problem, Record, Rendition, Severity
from tests.formats.documents import ANSWERS, INVALID, STILL_VALID, Edit, edited

METADATA = render(Record(title=("On Trust",), creators=("Buck, Gillian",)))[0].metadata


def judged(metadata: bytes) -> tuple[Problem, ...]:
    return validate(Rendition(prefix="oai_dc", metadata=metadata))


# --- the table of documents ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_of_each_kind_is_valid(name: str) -> None:
    assert validate_response(ANSWERS[name].encode()) == ()


@pytest.mark.parametrize("edit", STILL_VALID, ids=str)
def test_what_the_protocol_allows_is_valid(edit: Edit) -> None:
    assert validate_response(edited(edit)) == ()


@pytest.mark.parametrize(("edit", "place"), INVALID, ids=str)
def test_what_the_protocol_forbids_is_a_problem_that_says_where(edit: Edit, place: str) -> None:
    problem = validate_response(edited(edit))[0]
    assert problem.severity is Severity.ERROR
    assert problem.where.startswith("line ")
    assert problem.where.endswith(place)
    assert problem.what.startswith("Element '")


@settings(deadline=None)
@given(st.sampled_from(sorted(ANSWERS)), st.data())
def test_an_answer_that_breaks_off_is_one_problem(name: str, data: st.DataObject) -> None:
    body = ANSWERS[name].encode()
    (problem,) = validate_response(body[: data.draw(st.integers(0, len(body) - 1))])
    assert problem.what.startswith("not well-formed XML: ")


def test_a_problem_speaks_of_elements_as_people_write_them() -> None:
    body = edited(("GetRecord", "<dc:title xml", "<dc:titel/><dc:title xml"))
    assert str(*validate_response(body)) == (
        "line 6, OAI-PMH/GetRecord/record/metadata/dc/titel: Element 'dc:titel': This element is not expected. "
        "Expected is one of ( dc:contributor, dc:coverage, dc:creator, dc:date, dc:description, dc:format, "
        "dc:identifier, dc:language, dc:publisher, dc:relation )."
    )


def test_every_wrong_place_is_told_once_with_all_that_is_wrong_there() -> None:
    body = ANSWERS["ListIdentifiers"].replace("05:06:07Z<", "05:06:07<").replace('cursor="0"', 'cursor="x" page="1"')
    problems = validate_response(body.encode())
    assert [problem.where.rpartition("/")[2] for problem in problems] == ["datestamp", "datestamp", "resumptionToken"]
    assert "page" in problems[2].what
    assert "cursor" in problems[2].what


def test_a_long_wrong_value_is_not_repeated_whole() -> None:
    (problem,) = validate_response(edited(("ListSets", ">crime<", f">{'crime ' * 9999}<")))
    assert len(problem.what) < 500


# --- what is not a document of its kind ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"", "not well-formed XML: "),
        (b"\x00", "not well-formed XML: "),
        (b"<html></html>", "the root element is html; it must be in the namespace http://www.openarchives.org/OAI/2.0/"),
        (b"<OAI-PMH/>", "the root element is OAI-PMH; it must be in the namespace http://www.openarchives.org/OAI/2.0/"),
        (METADATA, "the root element is oai_dc:dc; it must be in the namespace http://www.openarchives.org/OAI/2.0/"),
        (ANSWERS["error"].replace("UTF-8", "ISO-8859-1").encode("latin-1"), "it declares the encoding ISO-8859-1; it must be UTF-8"),
        (ANSWERS["error"].encode("utf-16"), "not well-formed XML: "),
        (ANSWERS["error"].replace("such", "s\xfcch").encode("latin-1"), "not well-formed XML: "),
        (ANSWERS["error"].replace("such", "&such;").encode(), "not well-formed XML: Entity 'such' not defined"),
        (ANSWERS["error"].replace("such", "&#0;").encode(), "not well-formed XML: "),
        (ANSWERS["error"].encode() + b"<more/>", "not well-formed XML: "),
    ],
)  # fmt: skip  # a table
def test_what_is_no_answer_in_utf_8_is_a_problem(body: bytes, what: str) -> None:
    (problem,) = validate_response(body)
    assert problem.what.startswith(what)
    assert problem.severity is Severity.ERROR


@pytest.mark.parametrize("before", ["\ufeff", "<!-- <!DOCTYPE a> -->", "<?say <!DOCTYPE a> ?>"])
def test_a_byte_order_mark_comments_and_instructions_may_come_first(before: str) -> None:
    bare = ANSWERS["error"].partition("\n")[2]
    assert validate_response(f"{before}{bare}".encode()) == ()


@pytest.mark.parametrize(
    ("metadata", "what"),
    [
        (b'<?xml version="1.0"?>' + METADATA, "metadata starts with its root element"),
        (b"\xef\xbb\xbf" + METADATA, "metadata starts with its root element"),
        (b"\n" + METADATA, "metadata starts with its root element"),
        (b"", "metadata starts with its root element"),
        (ANSWERS["error"].partition("\n")[2].encode(), "the root element is OAI-PMH; it must be in the namespace"),
        (b'<title xmlns="http://purl.org/dc/elements/1.1/"/>', "the root element is dc:title; it must be in"),
        (METADATA.replace(b"/oai_dc/", b"/oai_dc"), "the root element is {http://www.openarchives.org/OAI/2.0/oai_dc}dc"),
        (METADATA.replace(b"dc:title", b"dc:Title"), "Element 'dc:Title': This element is not expected."),
    ],
)  # fmt: skip  # a table
def test_metadata_that_cannot_be_spliced_is_a_problem(metadata: bytes, what: str) -> None:
    problem = judged(metadata)[0]
    assert problem.what.startswith(what)


def test_an_unknown_prefix_is_a_problem_that_names_the_known_ones() -> None:
    (problem,) = validate(Rendition(prefix="marc21", metadata=METADATA))
    assert str(problem) == f"marc21: no metadata format has this prefix; there are {', '.join(FORMATS)}"


# --- attacks -------------------------------------------------------------------------------------------------------

LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12))


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    file = tmp_path / "secret.txt"
    file.write_text("a secret", encoding="utf-8")
    return file


@pytest.fixture
def listening(httpserver: HTTPServer) -> Iterator[HTTPServer]:
    """A server that no test may reach."""
    yield httpserver
    assert httpserver.log == []


@pytest.mark.parametrize(
    "before", ["", "\ufeff", "<!-- a -- >b-->", "<!--\n--><?a b?>\n", " \t\n", "<?xml version='1.0'?>"]
)
@pytest.mark.parametrize(
    "doctype",
    [
        "<!DOCTYPE a>",
        "<!DOCTYPE a[<!ENTITY a0 'ha'>]>",
        f"<!DOCTYPE a[<!ENTITY a0 'ha'>{LAUGHS}]>",
        "<!DOCTYPE a SYSTEM '{url}'>",
        "<!DOCTYPE a PUBLIC 'x' '{url}'>",
        "<!DOCTYPE a[<!ENTITY a11 SYSTEM '{url}'>]>",
        "<!DOCTYPE a[<!ENTITY a11 SYSTEM 'file://{file}'>]>",
        "<!DOCTYPE a[<!ENTITY % p SYSTEM '{url}'>%p;]>",
        "<!DOCTYPE a[<!ATTLIST a b CDATA 'c'>]>",
    ],
)
@pytest.mark.parametrize("root", ["<a>&a11;</a>", "<a b='&a11;'/>"])
def test_a_doctype_is_refused_unread(before: str, doctype: str, root: str, listening: HTTPServer, secret: Path) -> None:
    doctype = doctype.replace("{url}", listening.url_for("/x")).replace("{file}", str(secret))
    for problems in (validate_response(f"{before}{doctype}{root}".encode()), judged(f"{doctype}{root}".encode())):
        assert [problem.what for problem in problems] == ["it has a DOCTYPE, which is not read; leave it out"]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32", "utf-7", "cp037"])
def test_a_doctype_hidden_by_an_encoding_is_not_read_either(encoding: str) -> None:
    body = f"<?xml version='1.0' encoding='{encoding}'?><!DOCTYPE a[<!ENTITY a0 'ha'>{LAUGHS}]><a b='&a11;'/>"
    (problem,) = validate_response(body.encode(encoding))
    assert problem.where == "line 1"


def test_the_schemas_that_a_document_names_are_not_opened(listening: HTTPServer) -> None:
    hint = (
        f'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="urn:x {listening.url_for("/x.xsd")}" '
        f'xsi:noNamespaceSchemaLocation="{listening.url_for("/y.xsd")}"'
    )
    for namespace, what in (("urn:x", "No matching global element declaration"), ("", "This element is not expected")):
        element = f'<x xmlns="{namespace}" {hint}/>'
        assert what in validate_response(edited(("GetRecord", "<metadata>", f"<metadata>{element}")))[0].what
    assert validate_response(edited(("GetRecord", "<metadata>", f"<metadata {hint}>"))) == ()


def test_a_document_of_enormous_depth_is_a_problem_and_no_crash() -> None:
    for depth in (1_000, 1_000_000):
        deep = "<a>" * depth + "</a>" * depth
        assert validate_response(edited(("GetRecord", "<about>", f"<about>{deep}"))) != ()


def test_a_text_of_many_megabytes_is_as_good_as_a_short_one() -> None:
    assert judged(METADATA.replace(b"On Trust", b"On Trust " * 2_000_000)) == ()


def test_what_is_wrong_in_very_many_places_is_told_once() -> None:
    wrong = METADATA.replace(b"<dc:title>", b"<dc:title b='c'/>" * 100_000 + b"<dc:title>")
    assert [str(problem) for problem in judged(wrong)] == [
        "document: Element 'dc:title', attribute 'b': The attribute 'b' is not allowed. (100000 times)"
    ]


def test_threads_are_told_their_own_problems() -> None:
    def told(number: int) -> bool:
        if number % 3 == 0:
            return judged(METADATA) == ()
        (problem,) = judged(METADATA.replace(b"<dc:title>", f'<dc:title n{number}="">'.encode()))
        return f"'n{number}'" in problem.what

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(told, range(2_000)))

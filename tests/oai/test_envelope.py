"""Every kind of answer as bytes: valid by the schemas, and saying what it was given."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from lxml import etree

from repo_harvest.errors import SettingsError
from repo_harvest.formats import FORMATS, about, header, render
from repo_harvest.model import Header, Listed, SetInfo, utc_text
from repo_harvest.model import Record as Bibliographic
from repo_harvest.oai import Repository
from repo_harvest.oai.answer import (
    Answer,
    Code,
    Errors,
    Formats,
    Headers,
    Identity,
    ProtocolError,
    Record,
    Records,
    Resumption,
    Sets,
)
from repo_harvest.oai.envelope import render as envelop
from repo_harvest.oai.request import Arguments, parse
from tests.laws import tries
from tests.oai.strategies import identifiers, legal_arguments, printable, set_specs, unhurried
from tests.oai.wire import Response, judged

BASE = "https://example.org/oai"
REPOSITORY = Repository(
    name="Prison & Probation <Research>",
    base_url=BASE,
    identifier="example.org",
    admin_emails=("feed@example.org", "o'hara&co@example.org"),
    token_key=b"sixteen bytes...",
)


def said(answer: Answer, arguments: Arguments = (), *, at: int = 1_700_000_000) -> Response:
    return judged(envelop(answer, arguments=arguments, base_url=BASE, response_date=at))


def error(code: Code, message: str = "why") -> Errors:
    return Errors(errors=(ProtocolError(code=code, message=message),))


@st.composite
def rows(draw: st.DrawFn, *, deleted: bool | None = None) -> Listed:
    gone = draw(st.booleans()) if deleted is None else deleted
    stamp = draw(st.integers(min_value=0, max_value=2**33))
    sets = tuple(draw(st.lists(set_specs, max_size=2)))
    head = Header(identifier=draw(identifiers), datestamp=stamp, sets=sets, deleted=gone)
    (rendition, *_) = render(Bibliographic(title=("On " + draw(printable),), creators=tuple(draw(st.lists(printable)))))
    around = about([], draw(st.none() | printable)) or None
    return Listed(stamp, 1, header(head), None if gone else rendition.metadata, None if gone else around)


resumptions = st.none() | st.builds(
    Resumption,
    token=st.text("abcXYZ019-_", max_size=100),
    complete_list_size=st.integers(min_value=1, max_value=10**9),
    cursor=st.integers(min_value=0, max_value=10**9),
)


def told(resumption: Resumption | None) -> tuple[str, int, int] | None:
    return None if resumption is None else (resumption.token, resumption.complete_list_size, resumption.cursor)


def seen(response: Response) -> tuple[str, int, int] | None:
    found = response.resumption
    return None if found is None else (found.token, found.size, found.cursor)


@unhurried
@given(st.lists(rows(), min_size=1, max_size=5), resumptions)
def test_records_are_spliced_as_they_were_stored(listed: list[Listed], resumption: Resumption | None) -> None:
    response = said(Records(rows=listed, resumption=resumption))
    assert response.kind == "ListRecords"
    assert seen(response) == told(resumption)
    at = 0
    for row in listed:
        metadata = b"" if row.metadata is None else b"<metadata>" + row.metadata + b"</metadata>"
        at = response.body.index(b"<record>" + row.header + metadata + (row.about or b"") + b"</record>", at) + 1
    assert response.body.count(b"<record>") == len(listed)


@unhurried
@given(st.lists(rows(), min_size=1, max_size=5), resumptions)
def test_headers_are_spliced_as_they_were_stored(listed: list[Listed], resumption: Resumption | None) -> None:
    response = said(Headers(rows=listed, resumption=resumption))
    assert response.kind == "ListIdentifiers"
    assert seen(response) == told(resumption)
    assert b"\n".join(row.header for row in listed) in response.body
    assert len(response.heads) == len(listed)
    assert b"<metadata>" not in response.body


@unhurried
@given(rows())
def test_one_record_is_spliced_as_it_was_stored(row: Listed) -> None:
    response = said(Record(row=row))
    assert response.kind == "GetRecord"
    assert row.header in response.body
    assert (b"<metadata>" in response.body) is (row.metadata is not None)
    assert row.metadata is None or row.metadata in response.body
    assert (b"<about>" in response.body) is (row.metadata is not None and row.about is not None)
    assert row.metadata is None or (row.about or b"") in response.body


@unhurried
@given(
    st.lists(
        st.builds(SetInfo, spec=set_specs, name=printable, description=st.none() | printable), min_size=1, max_size=5
    ),
    resumptions,
)
def test_sets_are_told_by_spec_and_name(sets: list[SetInfo], resumption: Resumption | None) -> None:
    response = said(Sets(sets=sets, resumption=resumption))
    assert response.kind == "ListSets"
    assert seen(response) == told(resumption)
    assert response.texts("setSpec") == [info.spec for info in sets]
    assert response.texts("setName") == [info.name for info in sets]
    described = [found.findtext(".//{*}description") for found in response.root.iter("{*}setDescription")]
    assert described == [info.description for info in sets if info.description and info.description.strip()]


@pytest.mark.parametrize("description", [None, "", " ", "\t\n", "\u3000"])
def test_a_set_of_which_nothing_is_said_has_no_description(description: str | None) -> None:
    response = said(Sets(sets=[SetInfo(spec="a", name="A", description=description)]))
    assert not list(response.root.iter("{*}setDescription"))


def test_formats_are_told_in_the_order_of_the_registry() -> None:
    response = said(Formats(formats=tuple(FORMATS.values())))
    assert response.kind == "ListMetadataFormats"
    assert response.texts("metadataPrefix") == list(FORMATS)
    assert response.texts("schema") == [format_.schema for format_ in FORMATS.values()]
    assert response.texts("metadataNamespace") == [format_.namespace for format_ in FORMATS.values()]


def test_identify_says_everything_the_protocol_asks_for() -> None:
    response = said(Identity(repository=REPOSITORY, earliest=86_400))
    fields = [(str(child.tag).rpartition("}")[2], child.text) for child in response.payload]
    assert fields[:-1] == [
        ("repositoryName", "Prison & Probation <Research>"),
        ("baseURL", BASE),
        ("protocolVersion", "2.0"),
        ("adminEmail", "feed@example.org"),
        ("adminEmail", "o'hara&co@example.org"),
        ("earliestDatestamp", "1970-01-02T00:00:00Z"),
        ("deletedRecord", "persistent"),
        ("granularity", "YYYY-MM-DDThh:mm:ssZ"),
    ]
    described = response.payload[-1][0]
    assert [child.text for child in described] == ["oai", "example.org", ":", "oai:example.org:1"]


def test_identify_names_friends_and_rights_where_there_are_any() -> None:
    for rights, said_so in (("https://x.org/l?a&b", "ref"), ("Take <them> & cite", None)):
        repository = replace(REPOSITORY, friends=("https://x.org/oai", "http://y.org/a&b"), metadata_rights=rights)
        identifier, friends, manifest = list(said(Identity(repository=repository, earliest=0)).payload)[-3:]
        assert etree.QName(identifier[0]).localname == "oai-identifier"
        assert [child.text for child in friends[0]] == list(repository.friends)
        (stated,) = manifest[0].iter("{*}rightsReference", "{*}rightsDefinition")
        assert (stated.get(said_so) if said_so else stated.findtext(".//{*}description")) == rights


@unhurried
@given(st.lists(st.sampled_from(get_args(Code)), min_size=1, max_size=3), printable)
def test_errors_are_told_by_code_and_message(codes: list[Code], message: str) -> None:
    response = said(Errors(errors=tuple(ProtocolError(code=code, message=message) for code in codes)))
    assert response.codes == codes
    assert response.messages == "\n".join([message] * len(codes))


@unhurried
@given(legal_arguments())
def test_legal_arguments_are_echoed_exactly_as_they_were_sent(arguments: Arguments) -> None:
    response = said(error("noRecordsMatch"), arguments)
    assert response.echo == list(arguments)
    assert response.request.text == BASE


@given(
    st.sampled_from(["identifier", "metadataPrefix", "resumptionToken", "set"]),
    st.text("a1:/?#%2F[]@.-+'é\"", max_size=9),
)
@settings(max_examples=tries(150), deadline=None)
def test_an_argument_is_either_illegal_or_echoed_in_a_valid_answer(name: str, value: str) -> None:
    verb = {"identifier": "ListMetadataFormats", "resumptionToken": "ListSets"}.get(name, "ListRecords")
    arguments = (("verb", verb), *[("metadataPrefix", "x")] * (name == "set"), (name, value))
    request = parse(arguments)
    response = said(request if isinstance(request, Errors) else error("noRecordsMatch"), arguments)
    assert response.echo == ([] if isinstance(request, Errors) else list(arguments))


@unhurried
@given(legal_arguments(), st.sampled_from(["badVerb", "badArgument"]))
def test_illegal_arguments_are_never_echoed(arguments: Arguments, code: Code) -> None:
    response = said(
        replace(error("noRecordsMatch"), errors=error("idDoesNotExist").errors + error(code).errors), arguments
    )
    assert response.echo == []
    assert response.request.text == BASE


@unhurried
@given(st.integers(min_value=0, max_value=2**33))
def test_the_response_date_is_the_one_given(at: int) -> None:
    assert said(error("badVerb"), at=at).date == utc_text(at)


@unhurried
@given(
    printable.filter(lambda name: bool(name.strip())),
    st.from_regex(r"https?://[a-z]{1,9}(\.[a-z]{2,9}){0,2}(:[0-9]{1,5})?(/[a-z~._;=%2F-]{0,9})*", fullmatch=True),
    st.from_regex(r"[a-z][a-z0-9-]{0,5}(\.[a-z][a-z0-9-]{0,5}){1,3}", fullmatch=True),
    st.lists(st.from_regex(r"[a-zé.&'+-]{1,9}@[a-z]{1,9}(\.[a-z]{1,9}){1,2}", fullmatch=True), min_size=1, max_size=2),
)
def test_whatever_a_repository_accepts_it_can_say(name: str, url: str, identifier: str, emails: list[str]) -> None:
    try:
        repository = replace(REPOSITORY, name=name, base_url=url, identifier=identifier, admin_emails=tuple(emails))
    except SettingsError:
        reject()
    response = said(Identity(repository=repository, earliest=0))
    assert response.text("repositoryName") == name
    assert response.texts("adminEmail") == emails


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"name": " "}, "repository.name"),
        ({"name": "bell\x07"}, "repository.name"),
        ({"base_url": ""}, "repository.base_url"),
        ({"base_url": "example.org/oai"}, "repository.base_url"),
        ({"base_url": "ftp://example.org/oai"}, "repository.base_url"),
        ({"base_url": "https://example.org/oai?a=b"}, "repository.base_url"),
        ({"base_url": "https://example.org/oai#a"}, "repository.base_url"),
        ({"base_url": "https://example.org/oai\n"}, "repository.base_url"),
        ({"base_url": "https://example.org/a b"}, "repository.base_url"),
        ({"base_url": "https://example.org/%zz"}, "repository.base_url"),
        ({"identifier": "localhost"}, "repository.identifier"),
        ({"identifier": "example.org:1"}, "repository.identifier"),
        ({"identifier": "127.0.0.1"}, "repository.identifier"),
        ({"identifier": "example.org\n"}, "repository.identifier"),
        ({"admin_emails": ()}, "repository.admin_email"),
        ({"admin_emails": ("feed@example.org", "nobody")}, "repository.admin_email"),
        ({"admin_emails": ("nobody@localhost",)}, "repository.admin_email"),
        ({"admin_emails": ("a b@example.org",)}, "repository.admin_email"),
        ({"admin_emails": ("bell\x07@example.org",)}, "repository.admin_email"),
        ({"page_size": 0}, "feed.page_size"),
        ({"token_key": b"short"}, "token key"),
    ],
)
def test_a_repository_that_could_not_be_served_names_the_key_that_is_wrong(wrong: dict[str, str], named: str) -> None:
    with pytest.raises(SettingsError, match=named):
        replace(REPOSITORY, **wrong)  # type: ignore[arg-type]  # wrong on purpose


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000/oai", "http://[::1]:8000/oai", "https://example.org", "https://example.org/~x/oai/"]
)
def test_a_base_url_is_told_to_the_letter(url: str) -> None:
    repository = replace(REPOSITORY, base_url=url)
    assert said(Identity(repository=repository, earliest=0)).text("baseURL") == url

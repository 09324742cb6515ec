"""Arguments against requests: a table to read beside the protocol, and laws for everything that no table holds."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from repo_harvest.formats import escape
from repo_harvest.model import Window
from repo_harvest.oai.answer import Errors
from repo_harvest.oai.request import SYNTAX, VERBS, Arguments, ListRecords, decode, parse
from tests.oai.strategies import anything, day_text, legal_arguments, moments, printable, second_text, unhurried
from tests.oai.table import read_table

_ROWS = read_table("requests.txt")


def codes(arguments: Arguments) -> list[str]:
    request = parse(arguments)
    return [error.code for error in request.errors] if isinstance(request, Errors) else []


@pytest.mark.parametrize(("query", "expected"), _ROWS, ids=[row[0][:80] or "nothing" for row in _ROWS])
def test_the_table_of_requests(query: str, expected: str) -> None:
    request = parse(decode(query))
    said = " ".join(codes(decode(query))) if isinstance(request, Errors) else repr(request)
    assert said == expected
    assert parse(decode(query.encode())) == request


def test_the_table_has_every_verb_of_the_protocol() -> None:
    verbs = {"GetRecord", "Identify", "ListIdentifiers", "ListMetadataFormats", "ListRecords", "ListSets"}
    assert set(VERBS) == verbs == {said.partition("(")[0] for _, said in _ROWS if "(" in said}


@unhurried
@given(legal_arguments())
def test_legal_arguments_make_the_request_of_their_verb(arguments: Arguments) -> None:
    assert type(parse(arguments)).__name__ == dict(arguments)["verb"]


@unhurried
@given(legal_arguments(), st.data())
def test_a_repeated_argument_is_illegal_even_with_the_same_value(arguments: Arguments, data: st.DataObject) -> None:
    name, value = data.draw(st.sampled_from(arguments))
    repeated = data.draw(st.permutations([*arguments, (name, value)]))
    assert codes(tuple(repeated)) == ["badVerb" if name == "verb" else "badArgument"]


@unhurried
@given(legal_arguments(), st.text(), st.text(), st.data())
def test_an_argument_of_no_or_another_verb_is_illegal(
    arguments: Arguments, name: str, value: str, data: st.DataObject
) -> None:
    verb = dict(arguments)["verb"]
    rule = VERBS[verb]
    others = {*SYNTAX} - {*rule.required, *rule.optional, rule.exclusive}
    name = data.draw(st.sampled_from([*sorted(others), name]))
    if name in {"verb", *(known for known, _ in arguments)} or (name in SYNTAX and name not in others):
        name += "x"
    assert "badArgument" in codes((*arguments, (name, value)))


@unhurried
@given(legal_arguments(), st.data())
def test_a_missing_required_argument_is_an_error(arguments: Arguments, data: st.DataObject) -> None:
    given_names = dict(arguments)
    required = [name for name in ("verb", *VERBS[given_names["verb"]].required) if name in given_names]
    missing = data.draw(st.sampled_from(required))
    left = tuple((name, value) for name, value in arguments if name != missing)
    assert codes(left) == ["badVerb" if missing == "verb" else "badArgument"]


@unhurried
@given(legal_arguments(), st.sampled_from(["", "\n", "\x00", "\ud800", "\ufffe", "\x85", "a" * 5000]), st.data())
def test_an_empty_unprintable_or_endless_value_is_illegal(
    arguments: Arguments, worse: str, data: st.DataObject
) -> None:
    name, value = data.draw(st.sampled_from(arguments))
    bad = worse and value + worse
    spoiled = tuple((known, bad if known == name else kept) for known, kept in arguments)
    assert codes(spoiled) == ["badVerb" if name == "verb" else "badArgument"]


@unhurried
@given(legal_arguments(), printable)
def test_a_resumption_token_comes_with_no_other_argument(arguments: Arguments, token: str) -> None:
    others = [pair for pair in arguments if pair[0] not in {"verb", "resumptionToken"}]
    resumed = (("verb", dict(arguments)["verb"]), ("resumptionToken", token))
    assert ("badArgument" in codes((*resumed, *others))) == (bool(others) or not VERBS[resumed[0][1]].exclusive)


@unhurried
@given(st.lists(st.tuples(st.text(), st.text()), max_size=6))
def test_whatever_is_encoded_is_decoded_pair_by_pair(pairs: list[tuple[str, str]]) -> None:
    legible = [
        (name.encode("utf-8", "replace").decode(), value.encode("utf-8", "replace").decode()) for name, value in pairs
    ]
    assert decode(urlencode(legible)) == tuple(legible)
    assert decode(urlencode(legible, quote_via=quote).encode()) == tuple(legible)


@unhurried
@given(anything)
def test_nothing_that_can_be_sent_breaks_the_parser(query: bytes | str) -> None:
    arguments = decode(query)
    octets = query.encode("utf-8", "surrogatepass") if isinstance(query, str) else query
    assert len(arguments) == sum(1 for piece in octets.split(b"&") if piece)
    request = parse(arguments)
    if isinstance(request, Errors):
        assert request.errors
        assert all(re.fullmatch(r"[ -~]+", error.message) for error in request.errors)
    else:
        assert all(etree.fromstring(f'<a b="{escape(value)}"/>').get("b") == value for _, value in arguments)


@unhurried
@given(moments, moments)
def test_both_bounds_include_what_they_name(one: datetime, other: datetime) -> None:
    since, until = sorted((one, other))

    def window(write: object) -> Window:
        assert callable(write)
        pairs = (("from", write(since)), ("until", write(until)))
        request = parse((("verb", "ListRecords"), ("metadataPrefix", "x"), *pairs))
        assert isinstance(request, ListRecords)
        assert isinstance(request.start, Window)
        return request.start

    seconds, days = window(second_text), window(day_text)
    assert (seconds.since, seconds.until) == (since.timestamp(), until.timestamp())
    midnight = {"hour": 0, "minute": 0, "second": 0}
    last = until.replace(**midnight).timestamp() + timedelta(days=1).total_seconds() - 1  # type: ignore[arg-type]  # midnight is integers
    assert (days.since, days.until) == (since.replace(**midnight).timestamp(), last)  # type: ignore[arg-type]  # the same


@unhurried
@given(st.text("0123456789-:TZ+ ٣\n", max_size=22))
def test_a_date_that_is_accepted_is_one_that_python_knows(text: str) -> None:
    request = parse((("verb", "ListRecords"), ("metadataPrefix", "x"), ("from", text)))
    if isinstance(request, ListRecords):
        assert datetime.fromisoformat(text).year == int(text[:4])


def test_names_are_told_only_if_they_can_be_read() -> None:
    request = parse(decode(f"verb=Identify&fr%3Com=1&%00=2&{'x' * 41}=3&from=4"))
    assert isinstance(request, Errors)
    (error,) = request.errors
    assert error.message == f"Identify takes no argument {'with an unusable name, ' * 3}from"


@pytest.mark.parametrize("code_point", [0xD800, 0xDC80, 0xDFFF])
def test_half_a_character_is_illegal_in_text_as_it_is_in_bytes(code_point: int) -> None:
    query = f"verb=ListSets&resumptionToken=a{chr(code_point)}"
    assert codes(decode(query)) == ["badArgument"]
    assert codes(decode(query.encode("utf-8", "surrogatepass"))) == ["badArgument"]

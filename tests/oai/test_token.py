"""A resumptionToken is either the one that was sealed, or none at all."""

from __future__ import annotations

import re
import string

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from repo_harvest.model import Position, Window
from repo_harvest.oai.token import BadToken, RowsToken, SetsToken, Token, seal, unseal
from tests.oai.strategies import unhurried

KEY = b"a key of at least sixteen bytes"
_ALPHABET = string.ascii_letters + string.digits + "-_"

counts = st.integers(min_value=0, max_value=2**63)
bounds = st.none() | st.integers(min_value=-(2**40), max_value=2**40)
windows = st.builds(Window, prefix=st.text(), set_spec=st.none() | st.text(), since=bounds, until=bounds)
positions = st.builds(Position, st.integers(), counts)
rows_tokens = st.builds(
    RowsToken,
    verb=st.sampled_from(["ListIdentifiers", "ListRecords"]),
    window=windows,
    after=positions,
    cursor=counts,
    size=counts,
    started=counts,
    sealed=counts,
)
sets_tokens = st.builds(SetsToken, after=st.text(), cursor=counts, size=counts)
tokens = rows_tokens | sets_tokens
TYPICAL = RowsToken(
    verb="ListRecords",
    window=Window(prefix="oai_dc", set_spec="crime:desistance", since=1_600_000_000, until=1_700_000_000),
    after=Position(1_650_000_000, 123_456),
    cursor=100_000,
    size=1_000_000,
    started=1_700_000_000,
    sealed=1_700_000_100,
)


@unhurried
@given(tokens, st.binary(min_size=16, max_size=80))
def test_what_is_sealed_comes_back_again_and_again(token: Token, key: bytes) -> None:
    text = seal(token, key)
    assert re.fullmatch("[A-Za-z0-9_-]+", text)
    assert unseal(text, key) == token
    assert unseal(text, key) == token
    assert seal(unseal(text, key), key) == text


@unhurried
@given(tokens, tokens)
def test_two_places_never_have_one_token(one: Token, other: Token) -> None:
    assert (seal(one, KEY) == seal(other, KEY)) == (one == other)


@unhurried
@given(tokens, st.data())
def test_every_altered_character_is_noticed(token: Token, data: st.DataObject) -> None:
    text = seal(token, KEY)
    at = data.draw(st.integers(min_value=0, max_value=len(text) - 1))
    other = data.draw(st.sampled_from(_ALPHABET) | st.characters())
    assume(other != text[at])
    with pytest.raises(BadToken):
        unseal(text[:at] + other + text[at + 1 :], KEY)


@pytest.mark.parametrize(
    "token",
    [
        TYPICAL,
        SetsToken(after="a", cursor=1, size=2),
        SetsToken(after="ab", cursor=1, size=2),
        SetsToken(after="abc", cursor=1, size=2),
    ],
)
def test_each_character_of_a_token_counts(token: Token) -> None:
    text = seal(token, KEY)
    for at, was in enumerate(text):
        for other in _ALPHABET:
            if other != was:
                with pytest.raises(BadToken):
                    unseal(text[:at] + other + text[at + 1 :], KEY)


@unhurried
@given(tokens, st.data())
def test_a_token_cut_short_or_drawn_out_is_none(token: Token, data: st.DataObject) -> None:
    text = seal(token, KEY)
    end = data.draw(st.integers(min_value=0, max_value=len(text) - 1))
    more = data.draw(st.text(_ALPHABET + "=\n .", min_size=1, max_size=4))
    for wrong in (text[:end], text[end + 1 :], text + more, more + text, text * 2, text.swapcase() + "a"):
        with pytest.raises(BadToken):
            unseal(wrong, KEY)


@unhurried
@given(tokens, st.binary(min_size=16, max_size=40))
def test_a_token_of_another_key_is_none(token: Token, key: bytes) -> None:
    assume(key.rstrip(b"\0") != KEY)  # HMAC fills a short key with zeros
    with pytest.raises(BadToken):
        unseal(seal(token, key), KEY)


@unhurried
@given(st.text() | st.text(_ALPHABET, max_size=200))
def test_whatever_else_comes_is_none(text: str) -> None:
    with pytest.raises(BadToken):
        unseal(text, KEY)


def test_a_token_is_short_enough_for_any_url() -> None:
    assert len(seal(TYPICAL, KEY)) < 180

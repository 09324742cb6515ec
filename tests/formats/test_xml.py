"""What `escape` lets into a document, an XML parser reads back as it was; what XML cannot hold is not let in."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given, settings
from lxml import etree

from repo_harvest.formats import escape, legal
from tests.strategies import ILLEGAL, illegal_characters, legal_text


@settings(deadline=None)
@given(legal_text)
def test_a_parser_reads_back_the_text_of_an_element(text: str) -> None:
    assert (etree.fromstring(f"<a>{escape(text)}</a>").text or "") == text


@settings(deadline=None)
@given(legal_text)
def test_a_parser_reads_back_the_value_of_an_attribute(text: str) -> None:
    assert etree.fromstring(f'<a b="{escape(text)}"/>').get("b") == text


@settings(deadline=None)
@given(legal_text)
def test_nothing_that_markup_needs_is_left(text: str) -> None:
    assert not set(escape(text)) & set('<>"\t\n\r')


@settings(deadline=None)
@given(legal_text, illegal_characters, legal_text)
def test_what_xml_cannot_hold_is_refused_and_named(before: str, illegal: str, after: str) -> None:
    for function in (escape, legal):
        with pytest.raises(ValueError, match=f"U\\+{ord(illegal):04X}, character {len(before) + 1} of "):
            function(before + illegal + after)


@settings(deadline=None)
@given(legal_text)
def test_legal_returns_the_text_itself(text: str) -> None:
    assert legal(text) is text


def test_every_character_is_judged_as_the_standard_does() -> None:
    ranges = ((0x9, 0xA), (0xD, 0xD), (0x20, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10FFFF))  # production Char
    char = {code for first, last in ranges for code in range(first, last + 1)}
    refused = set()
    for code in range(sys.maxunicode + 1):
        try:
            legal(chr(code))
        except ValueError:
            refused.add(code)
    assert refused == set(range(sys.maxunicode + 1)) - char


@pytest.mark.parametrize("character", ILLEGAL)
def test_the_parser_refuses_the_same_characters(character: str) -> None:
    with pytest.raises(etree.XMLSyntaxError):
        etree.fromstring(f"<a>{character}</a>".encode())

"""Clean text: NFC, legal in XML, white space collapsed, and what was lost is counted."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from repo_harvest.catalogue import Defaults, clean, crosswalk, from_line
from repo_harvest.catalogue.text import says_something
from repo_harvest.model import Entry

# everything that a str can hold, and often what XML forbids
anything = st.text(
    alphabet=st.characters(codec=None)
    | st.sampled_from(
        "\u200e\u200d\u202a\u202e\u2066\u2069\x9b\x00\x0b\x1c\x7f\x85\ud800\udfff\ufffe\uffff\u2028 \n\u0301é"
    )
)


def is_legal(char: str) -> bool:
    """XML 1.0 section 2.2, Char."""
    code = ord(char)
    return char in "\t\n\r" or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000


def stays(char: str) -> bool:
    """Whether it is legal, and more than a command; what is white space is not lost but becomes a blank."""
    commands = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
    return is_legal(char) and char not in commands and (char in "\t\n\r" or unicodedata.category(char) != "Cc")


@given(anything)
def test_clean_text_is_legal_normal_collapsed_and_stays_so(text: str) -> None:
    cleaned, _ = clean(text)
    assert all(map(stays, cleaned))
    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned == " ".join(cleaned.split())
    assert clean(cleaned) == (cleaned, 0)


@given(anything)
def test_exactly_what_is_forbidden_or_commands_is_counted(text: str) -> None:
    assert clean(text)[1] == sum(not stays(char) for char in text)


@given(anything)
def test_nothing_else_is_lost(text: str) -> None:
    legal = "".join(char for char in text if stays(char))
    kept = clean(text)[0]
    assert unicodedata.normalize("NFD", "".join(kept.split())) == unicodedata.normalize("NFD", "".join(legal.split()))


@given(anything)
def test_lxml_writes_it_and_reads_it_back(text: str) -> None:
    cleaned, _ = clean(text)
    element = etree.Element("title")
    element.text = cleaned
    assert (etree.fromstring(etree.tostring(element, encoding="utf-8")).text or "") == cleaned


@pytest.mark.parametrize(
    ("text", "cleaned", "lost"),
    [
        ("", "", 0),
        (" \u00a0\u2003 ", "", 0),
        ("a\x0bb", "a b", 1),
        ("a\x00b\x7f", "ab", 2),
        ("a\x85b\x9b31mc", "a b31mc", 2),
        ("Trust \u202etsurt\u202c \u2066in\u2069 \x1b[31mred\x1b[0m", "Trust tsurt in [31mred[0m", 6),
        (
            "\u200fأمل\u200e and \u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            "\u200fأمل\u200e and \u0646\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
            0,
        ),
        ("\u0915\u094d\u200d\u0937", "\u0915\u094d\u200d\u0937", 0),
        ("a\ud83d\ude00b", "ab", 2),
        ("a\U0001f600b", "a\U0001f600b", 0),
        ("e\x00\u0301", "é", 1),
        ("con\u00adﬁ\u200bdence", "con\u00adﬁ\u200bdence", 0),
        ("a  b", "a b", 0),
        (" a", "a", 0),
        ("a\r\nb\u2028c", "a b c", 0),
    ],
)
def test_what_becomes_of_some_texts(text: str, cleaned: str, lost: int) -> None:
    assert clean(text) == (cleaned, lost)


@pytest.mark.parametrize("unseen", ["", "\ufeff", "\u200b \u00ad", "\u200e\u2060"])
def test_what_nobody_sees_is_no_value(unseen: str) -> None:
    assert not says_something(clean(unseen)[0])
    record, problems = crosswalk(Entry(title=unseen, creators=(unseen, "Lee, Ann"), place="p"), defaults=Defaults())
    assert (record.title, record.creators) == ((), ("Lee, Ann",))
    assert "the entry has no title" in [problem.what for problem in problems]
    line = from_line({"title": ["A", unseen], "publisher": unseen}, where="line 1")
    assert (line.record.title, line.record.publisher) == (("A",), ())


@pytest.mark.parametrize("seen", ["a\u00ad", "\ue000", "犯\u200b", "\u0301", "👩\u200d⚖"])
def test_what_has_a_shape_is_one(seen: str) -> None:
    assert crosswalk(Entry(title=seen, place="p"), defaults=Defaults())[0].title == (clean(seen)[0],)

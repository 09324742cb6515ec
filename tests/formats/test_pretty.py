"""A document that people read: the same as the one that is served, an element a line."""

from __future__ import annotations

import pytest
from hypothesis import given
from lxml import etree

from repo_harvest.formats import render
from repo_harvest.formats.pretty import pretty
from repo_harvest.model import Record
from tests.strategies import records, unhurried


def _leaves(document: bytes) -> list[tuple[str, str, dict[str, str]]]:
    """Each element's name, attributes, and text, save where it holds elements."""
    return [
        (str(node.tag), "" if len(node) else node.text or "", {str(k): str(v) for k, v in node.attrib.items()})
        for node in etree.fromstring(document).iter()
    ]


@unhurried
@given(record=records)
def test_what_is_shown_says_the_same_as_what_is_stored(record: Record) -> None:
    for rendition in render(record):
        shown = pretty(rendition.metadata)
        assert _leaves(shown.encode()) == _leaves(rendition.metadata)
        assert not set(shown) & set("\u202e\u2066\u2028\x85")


def test_nothing_that_is_no_document_is_shown() -> None:
    with pytest.raises(ValueError, match="not well-formed XML"):
        pretty(b"<a>")


def test_no_entity_is_opened() -> None:
    told = pretty(b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>')
    assert "&x;" in told

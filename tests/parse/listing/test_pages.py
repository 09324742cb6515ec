"""Pages of many layouts, each with the words that its entries begin with, in order: nothing else is an entry."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from repo_harvest.parse.listing import best, propose
from repo_harvest.parse.markup import read_html

PAGES = sorted((Path(__file__).parent / "pages").glob("*.html"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_the_entries_of_a_page_are_found(page: Path) -> None:
    document = read_html(page.read_text(encoding="utf-8"), location="https://example.org/")
    found = best(propose(document))
    assert found
    expected = json.loads(page.with_suffix(".json").read_text(encoding="utf-8"))
    begins = [unit.text[: len(start)] for unit, start in zip(found.units, expected, strict=False)]
    assert begins == expected, found.name
    assert [unit.text for unit in found.units[len(expected) :]] == []

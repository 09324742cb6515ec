"""Records that say all that an export can tell, with text of every script and every special character."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from repo_harvest.formats.terms import KINDS
from repo_harvest.model import Record
from tests.strategies import clean_text

__all__ = ["works"]

_plain_words = st.text(st.characters(categories=["Lu", "Ll", "Lo"]), min_size=2, max_size=12)
_names = st.one_of(clean_text, st.builds("{}, {}".format, _plain_words, _plain_words))
_dates = st.one_of(
    st.integers(1900, 2099).map(str),
    st.dates(date(1900, 1, 1), date(2099, 12, 31)).map(lambda day: f"{day.year}-{day.month:02d}"),
    st.dates(date(1900, 1, 1), date(2099, 12, 31)).map(lambda day: day.isoformat()),
)
_dois = st.builds(
    "https://doi.org/10.{}/{}".format, st.integers(1000, 99999), st.from_regex(r"[a-z0-9.()_-]{1,9}z", fullmatch=True)
)
_pages = st.builds("{}-{}".format, st.integers(1, 99), st.integers(100, 999))


def _one(values: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return values.map(lambda value: (value,))


works = st.builds(
    Record,
    title=_one(clean_text),
    creators=st.lists(_names, max_size=4).map(tuple),
    contributors=st.lists(clean_text, max_size=2).map(tuple),
    date=_one(_dates),
    publisher=_one(clean_text),
    container=_one(clean_text),
    volume=_one(clean_text),
    issue=_one(clean_text),
    pages=_one(_pages),
    description=st.lists(clean_text, max_size=2).map(tuple),
    identifiers=_one(_dois),
    type=_one(st.sampled_from(sorted(KINDS))),
    language=_one(st.sampled_from(["en", "de", "cy"])),
    subjects=st.lists(clean_text, max_size=3).map(tuple),
    rights=_one(st.sampled_from(["https://creativecommons.org/licenses/by/4.0/", "All rights reserved"])),
)
"""Works with everything that is told of them."""

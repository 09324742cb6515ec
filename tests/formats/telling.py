"""Records that say enough for every format, in words that the vocabularies know and in words that they do not."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from repo_harvest.formats.terms import KINDS
from repo_harvest.model import Record
from repo_harvest.model.languages import BIBLIOGRAPHIC
from tests.strategies import affiliations, clean_text, funding, name_identifiers

__all__ = ["telling_records"]

_letters = st.text("abcdefghijklmnopqrstuvwxyzéłßñö", min_size=2, max_size=9).map(str.title)
_names = st.one_of(st.builds("{}, {}".format, _letters, _letters), st.builds("{} Group".format, _letters), clean_text)
_days = st.dates().map(str)
_dates = st.one_of(_days, _days.map(lambda day: day[:7]), _days.map(lambda day: day[:4]), clean_text)
_numbers = st.integers(1, 2000)
_identifiers = st.one_of(
    st.builds(
        "https://doi.org/10.{}/{}".format, st.integers(1000, 99999), st.text("abc019.()-_;/", min_size=1, max_size=12)
    ),
    st.builds("https://hdl.handle.net/{}/{}".format, _numbers, _numbers),
    st.builds("https://example.org/{}".format, _numbers),
    st.sampled_from(["urn:isbn:9780367228736", "urn:issn:0264-5505", "local 17"]),
)
_kinds = st.one_of(st.sampled_from(sorted(KINDS)), clean_text)
_languages = st.one_of(st.sampled_from(sorted(BIBLIOGRAPHIC)), st.sampled_from(["en-GB", "pt-BR", "Klingon"]))
_rights = st.one_of(
    st.sampled_from(
        [
            "CC BY 4.0",
            "https://creativecommons.org/licenses/by-nc-nd/4.0/",
            "info:eu-repo/semantics/openAccess",
            "http://purl.org/coar/access_right/c_16ec",
            "embargoed access",
            "Copyright the authors",
        ]
    ),
    clean_text,
)
_pages = st.one_of(st.builds("{}-{}".format, _numbers, _numbers), st.builds("p. {}".format, _numbers), clean_text)


def _some(values: st.SearchStrategy[str], least: int = 0) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(values, min_size=least, max_size=3).map(tuple)


def _with_agents(record: Record) -> st.SearchStrategy[Record]:
    """The record with something said of its names, and of others."""
    named = [name for name in (*record.creators, *record.contributors, *record.publisher) if "|" not in name]
    names = st.sampled_from([*named, "Nobody, Else"])
    return st.builds(
        replace,
        st.just(record),
        name_identifiers=_some(name_identifiers(names)),
        affiliations=_some(affiliations(names)),
        funding=_some(funding),
    )


telling_records = st.builds(
    Record,
    title=_some(clean_text, 1),
    creators=_some(_names),
    contributors=_some(_names),
    date=_some(_dates),
    publisher=_some(clean_text),
    container=_some(clean_text),
    volume=_some(_numbers.map(str)),
    issue=_some(_numbers.map(str)),
    pages=_some(_pages),
    description=_some(clean_text),
    identifiers=_some(_identifiers),
    type=_some(_kinds),
    language=_some(_languages),
    subjects=_some(clean_text),
    rights=_some(_rights),
    relation=_some(st.one_of(_identifiers, clean_text)),
    source_ref=_some(clean_text),
    coverage=_some(clean_text),
    format=_some(st.one_of(st.just("application/pdf"), clean_text)),
).flatmap(_with_agents)
"""Records with a title, most of whose values mean something to programs."""

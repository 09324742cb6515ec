"""One work stated twice: gaps are filled, what the page states stays, disagreements are told with both sources."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repo_harvest.model import Entry, Severity
from repo_harvest.parse.embedded import agree, fill
from tests.parse.embedded.kit import date, facts, work

FIELDS = ("creators", "date", "container", "publisher", "identifiers", "abstract")
ORIGINS = tuple((field, f"meta {field}") for field in FIELDS)


def emptied(entry: Entry, fields: set[str]) -> Entry:
    """The entry without some of its fields."""
    kept = {field: () if field in {"creators", "identifiers"} else None for field in fields}
    origins = tuple((field, "page") for field in FIELDS if getattr(entry, field) and field not in fields)
    return replace(entry, origins=origins, **kept)  # type: ignore[arg-type]  # the fields are drawn by name


@given(work, st.sets(st.sampled_from(FIELDS)))
def test_what_is_missing_is_filled_and_says_from_where(entry: Entry, fields: set[str]) -> None:
    filled, notes = fill(emptied(entry, fields), replace(entry, origins=ORIGINS))
    assert (facts(filled), notes) == (facts(entry), ())
    meant = {field: "meta " + field if field in fields else "page" for field in FIELDS if getattr(entry, field)}
    assert dict(filled.origins) == meant


@given(work, work)
def test_what_the_page_states_stays(entry: Entry, other: Entry) -> None:
    filled, notes = fill(entry, other)
    for field in ("title", "creators", "container", "publisher", "abstract"):
        assert not getattr(entry, field) or getattr(filled, field) == getattr(entry, field)
    assert set(entry.identifiers) <= set(filled.identifiers)
    assert entry.date is None or str(filled.date).startswith(str(entry.date))
    assert all(note.severity is Severity.NOTE and "is kept" in note.what for note in notes)


@given(work, work)
def test_filling_twice_changes_nothing_more(entry: Entry, other: Entry) -> None:
    filled, notes = fill(entry, other)
    assert fill(filled, other) == (filled, notes)


@given(work, st.data())
def test_a_work_agrees_with_itself_and_agreeing_goes_both_ways(entry: Entry, data: st.DataObject) -> None:
    other = data.draw(work)
    assert agree(entry, replace(entry, title=entry.title.upper() + "!")) or not any(map(str.isalnum, entry.title))
    assert agree(entry, other) == agree(other, entry)


def entry(title: str = "Trust", **fields: object) -> Entry:
    return replace(Entry(title=title, place="line 1"), **fields)  # type: ignore[arg-type]  # a few fields by name


@pytest.mark.parametrize(
    ("one", "other", "meant"),
    [
        (entry("Trust", identifiers=("doi:10.1/A",)), entry("Time", identifiers=("https://doi.org/10.1/a",)), False),
        (
            entry("Trust", identifiers=("doi:10.1177/A",)),
            entry("Time", identifiers=("https://doi.org/10.1177/a",)),
            True,
        ),
        (entry("Trust", identifiers=("doi:10.1177/a",)), entry("Trust", identifiers=("doi:10.1177/b",)), False),
        (entry("Trust", identifiers=("doi:10.1177/a",)), entry("Trust."), True),
        (entry("Trust", creators=("Buck, G.",)), entry("Trust", creators=("Ann Lee",)), False),
        (entry("Trust", creators=("Buck, G.", "Lee, A.")), entry("Trust", creators=("Ann Lee",)), True),
        (entry("Trust"), entry("Trust and time"), False),
        (entry("…"), entry("!"), False),
        (entry("Müller’s straße"), entry("MULLER S STRASSE"), True),
    ],
)
def test_works_are_the_same_by_doi_or_by_title(one: Entry, other: Entry, meant: bool) -> None:
    assert agree(one, other) is meant


@pytest.mark.parametrize(
    ("mine", "theirs", "kept", "notes"),
    [
        (None, "2021-03-01", "2021-03-01", 0),
        ("2021", "2021-03-04", "2021-03-04", 0),
        ("2021", "2021-03", "2021-03", 0),
        ("2021", "2021-03-01", "2021", 0),
        ("2021-03-04", "2021", "2021-03-04", 0),
        ("2021-03", "2021-04", "2021-03", 1),
        ("2021", "2020-03", "2021", 1),
    ],
)
def test_a_date_is_made_more_exact_only_from_inside(mine: str | None, theirs: str, kept: str, notes: int) -> None:
    filled, said = fill(entry(date=date(mine) if mine else None), entry(date=date(theirs)))
    assert (str(filled.date), len(said)) == (kept, notes)


def test_a_disagreement_names_both_values_and_both_sources() -> None:
    mine = entry(creators=("Buck, G.",), identifiers=("doi:10.1177/a",), origins=(("creators", "byline"),))
    theirs = entry(
        creators=("Buck, Gillian", "Lee, Ann"),
        identifiers=("doi:10.1177/b", "https://example.org/1"),
        origins=(("creators", "BibTeX author"), ("identifiers", "BibTeX doi")),
    )
    filled, notes = fill(mine, theirs)
    assert [str(note) for note in notes] == [
        "line 1.creators: 'Buck, G.' (byline) is kept; 'Buck, Gillian; Lee, Ann' (BibTeX author) says otherwise",
        "line 1.identifiers: '10.1177/a' (the page) is kept; '10.1177/b' (BibTeX doi) says otherwise",
    ]
    assert filled.identifiers == ("doi:10.1177/a", "https://example.org/1")


def test_the_same_said_otherwise_is_no_disagreement() -> None:
    mine = entry(creators=("G. Buck",), container="Probation Journal", date=date("2021"))
    theirs = entry("TRUST!", creators=("Buck, Gillian",), container="The Probation Journal", date=date("2021"))
    assert fill(mine, theirs) == (mine, ())

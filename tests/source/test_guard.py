"""A page that lost, emptied or reworded most of what it listed is not believed; one that grew, or was edited, is."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repo_harvest.model import Entry, PartialDate, Shape, Signs
from repo_harvest.source import Overlap, judge, measure

MOST = 30
WORDS = st.text(alphabet="abcdefgh ", min_size=1, max_size=40)
PAIRS = st.lists(WORDS, max_size=30).map(lambda texts: tuple((text, text) for text in texts))


def page(entries: int, *, title: int = 50, signs: Signs = Signs(), **filled: int) -> Shape:  # noqa: B008 -- frozen
    return Shape(entries=entries, filled=filled, title=title, abstract=300, signs=signs)


def same(known: int, kept: int | None = None, *, deleted: int = 0) -> Overlap:
    """So many known entries, of which some are kept."""
    return Overlap(known=known, kept=known if kept is None else kept, live=known, deleted=deleted)


@given(st.integers(0, 500), st.integers(0, 100))
def test_a_first_page_is_believed(entries: int, most: int) -> None:
    assert judge(None, page(entries, signs=Signs(password=True, headings=("Log in",))), same(0), most=most) == ()


@given(st.integers(1, 60), st.integers(0, 200), st.integers(0, 60), st.integers(0, 100))
def test_a_page_may_grow_by_anything_that_is_filled_half_as_well(known: int, more: int, had: int, most: int) -> None:
    had = min(had, known)
    before = page(known, creators=known, identifiers=had)
    assert judge(before, page(known + more, creators=known + more, identifiers=had), same(known), most=most) == ()


@given(st.integers(1, 200), st.data())
def test_half_of_the_known_entries_are_never_lost_at_once(known: int, data: st.DataObject) -> None:
    kept = data.draw(st.integers(0, known // 2))
    (reason,) = judge(page(known), page(kept + 5), same(known, kept), most=MOST)
    assert reason.startswith(f"known entries: {known} in the last good run, ")


@given(st.integers(0, 200), st.integers(0, 100), st.data())
def test_the_share_that_may_go_is_the_configured_one(known: int, most: int, data: st.DataObject) -> None:
    lost = data.draw(st.integers(0, known))
    allowed = lost * 100 <= known * most or (lost == 1 and known >= 3 and most > 0)
    assert (judge(page(known), page(known), same(known, known - lost), most=most) == ()) == allowed
    assert (judge(page(known), page(known), same(known, deleted=lost), most=most) == ()) == allowed


@given(st.integers(1, 60), st.integers(0, 2), st.integers(0, 60))
def test_one_entry_that_lost_a_field_and_two_new_ones_are_no_drift(known: int, added: int, had: int) -> None:
    had = min(had, known)
    now = page(known + added, date=max(had - 1, 0) + added)
    assert judge(page(known, date=had), now, same(known), most=MOST) == ()


@given(st.integers(2, 200), st.data())
def test_a_field_that_most_entries_had_and_few_have_is_drift(known: int, data: st.DataObject) -> None:
    had = data.draw(st.integers((known + 1) // 2, known))
    has = data.draw(st.integers(0, max(0, had // 2 - 2) if known > 2 else 0))
    reasons = judge(page(known, creators=had), page(known, creators=has), same(known), most=MOST)
    if had - has >= min(3, known):
        assert reasons == (
            f"creators: filled in {had} of {known} entries in the last good run, in {has} of {known} now",
        )
    else:
        assert reasons == ()


@pytest.mark.parametrize("entries", [4, 10])
def test_a_field_that_only_two_of_several_entries_had_may_go(entries: int) -> None:
    before, now = page(4, creators=4, publisher=2), page(entries, creators=entries)
    assert judge(before, now, same(4), most=MOST) == ()


@given(PAIRS, st.data())
def test_most_titles_in_other_words_are_drift_and_one_is_not(
    pairs: tuple[tuple[str, str], ...], data: st.DataObject
) -> None:
    chosen = data.draw(st.sets(st.integers(0, len(pairs) - 1)) if pairs else st.just(set()))
    said = tuple((old, "xyz" if at in chosen and old.strip() else new) for at, (old, new) in enumerate(pairs))
    other = sum(old != new for old, new in said)
    reasons = judge(page(9), page(9), replace(same(9), said={"titles": said}), most=MOST)
    assert (reasons == ()) == (other < 2 or other * 2 <= len(pairs))
    assert all(reason.startswith(f"titles: other words than in the last good run in {other} of ") for reason in reasons)


@pytest.mark.parametrize(
    ("before", "now", "other"),
    [
        ("The core conditions of peer mentoring", "The core conditions of peer mentoring in prison", False),
        ("Mentoring: with care?", "MENTORING – WITH CARE", False),
        ("The core conditions of peer mentoring", "Die Grundlagen der Begleitung durch Gleichgestellte", True),
        ("The core conditions", "The core conditions. Buck, Gillian (SAGE, 2017-03-21). Journal of Things 12(3), 4-5", True),
        ("同輩支援の基本条件", "同輩支援の基本的な条件", False),
        ("同輩支援の基本条件", "メンタリングにおける警察の役割", True),
        ("Buck, G.", "Buck, Gillian", False),
        ("Buck, Gillian", "Buck, Gillian (SAGE, 2017-03-21) Journal of Things 12(3)", True),
        ("2017", "2017-03-21", False),
        ("2017", "2021", True),
        ("???", "!!!", False),
    ],
)  # fmt: skip  # a table of pairs
def test_words_tell_an_edited_text_from_another(before: str, now: str, *, other: bool) -> None:
    overlap = replace(same(3), said={"titles": [(before, now)] * 3})
    assert bool(judge(page(3), page(3), overlap, most=MOST)) == other


def test_a_menu_taken_for_a_list_is_drift() -> None:
    assert judge(page(10, title=60), page(21, title=12), same(10), most=MOST) == (
        "median title length: 60 characters among 10 entries in the last good run, 12 among 21 now",
    )
    assert judge(page(10, title=60), page(20, title=12), same(10), most=MOST) == ()
    before, now = page(10, creators=10, date=8), page(40, creators=12, date=8)
    assert judge(before, now, same(10), most=MOST) == (
        "filled fields an entry: 1.8 among 10 entries in the last good run, 0.5 among 40 now",
    )


@pytest.mark.parametrize(
    "signs", [Signs(password=True), Signs(title=("Access denied",)), Signs(headings=("Anmelden",))]
)
def test_a_login_or_an_error_is_believed_only_while_nothing_is_lost(signs: Signs) -> None:
    before, now = page(10), page(10, signs=signs)
    assert judge(before, now, same(10), most=MOST) == ()
    (reason,) = judge(before, now, same(10, 9), most=MOST)
    assert reason.startswith("signs of an error or a login: none in the last good run, and now the page ")
    assert reason.endswith("; 1 of 10 known entries are not there")
    assert judge(now, now, same(10, 9), most=MOST) == (), "a page that always says so says nothing by it"


def test_a_first_page_whose_own_title_is_an_error_is_not_believed() -> None:
    (reason,) = judge(None, page(4, signs=Signs(title=("Page not found",))), same(0), most=MOST)
    assert reason == "signs of an error or a login: the page was never read before, and its title says 'Page not found'"


def test_every_limit_that_is_passed_is_named_with_its_figures() -> None:
    last, now = page(9, creators=9), page(9, creators=0)
    assert judge(last, now, same(9, 4, deleted=5), most=MOST) == (
        "known entries: 9 in the last good run, only 4 of them now, of 9 on the page (at least 7 must be there)",
        "creators: filled in 9 of 9 entries in the last good run, in 0 of 9 now",
    )
    last = page(6, creators=6)
    assert judge(last, last, same(6, deleted=2), most=MOST) == (
        "deletions: 2 of 6 entries in this run (at most 1 may be)",
    )
    assert judge(last, page(1, creators=1), same(6, 0), most=MOST) == (
        "known entries: 6 in the last good run, none of them now, of 1 on the page (at least 5 must be there)",
    )


def test_a_reason_shows_what_was_said_and_what_is() -> None:
    pairs = [("Mentoring", "Menu"), ("Care", "Home " * 20), ("", "new"), ("old", "")]
    (reason,) = judge(page(4), page(4), replace(same(4), said={"titles": pairs}), most=MOST)
    assert reason == (
        "titles: other words than in the last good run in 2 of 2 known entries "
        "(median length 6 characters then, 52 now; such as 'Mentoring', now 'Menu')"
    )


def test_a_shape_counts_what_is_filled_and_how_long_it_is() -> None:
    entries = (
        Entry(title="abcd", place="1", creators=("A, B",), date=PartialDate(year=2020), abstract="x" * 100),
        Entry(title="ab", place="2", identifiers=("u",), publisher="P", abstract=""),
        Entry(title="abcdefgh", place="3", container="C", creators=("A", "B")),
    )
    shape = measure(entries, Signs(password=True))
    assert shape == Shape(
        entries=3,
        filled={"creators": 2, "date": 1, "identifiers": 1, "publisher": 1, "container": 1, "abstract": 1},
        title=4,
        abstract=100,
        signs=Signs(password=True),
    )
    assert measure((), Signs()).entries == 0

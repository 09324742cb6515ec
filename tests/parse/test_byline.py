"""Bylines: the whole line fits the grammar, or it is none."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repo_harvest.model import PartialDate, Severity
from repo_harvest.parse.byline import Strength, read
from tests.parse.strategies import ABSTRACTS, PUBLISHERS, TITLES, dates, people


@given(st.lists(people, min_size=1, max_size=5), dates(), st.sampled_from(PUBLISHERS) | st.none(), st.booleans())
def test_names_date_and_publisher_come_back_out(
    names: list[str], date: PartialDate, publisher: str | None, date_first: bool
) -> None:
    imprint = ", ".join(filter(None, [str(date), publisher] if date_first else [publisher, str(date)]))
    byline = read(f"{'; '.join(names)} ({imprint})")
    assert byline is not None
    assert (byline.creators, byline.date, byline.publisher) == (tuple(names), date, publisher)
    assert byline.strength is Strength.CERTAIN
    assert byline.problems == ()


@given(
    st.lists(people, min_size=1, max_size=3), dates(), st.sampled_from(["publisher.example", "Policy Press", "Wiley"])
)
def test_a_publisher_may_follow(names: list[str], date: PartialDate, publisher: str) -> None:
    byline = read(f"{'; '.join(names)} ({date}) {publisher}")
    assert byline is not None
    assert (byline.creators, byline.date, byline.publisher) == (tuple(names), date, publisher)


@given(people, st.sampled_from("\u200b\u00ad\u2060\ufeff\u200e"), st.data())
def test_what_cannot_be_seen_changes_nothing(name: str, invisible: str, data: st.DataObject) -> None:
    text = f"{name} (Wiley, 2019-09-04)"
    at = data.draw(st.integers(0, len(text)))
    assert read(text[:at] + invisible + text[at:]) == read(text)


@given(st.text(alphabet=st.characters() | st.sampled_from("(),;. A2")))
def test_no_text_breaks_it(text: str) -> None:
    byline = read(text)
    assert byline is None or byline.strength in Strength


@pytest.mark.parametrize(
    "text",
    [
        *ABSTRACTS,
        *TITLES,
        "Her Majesty’s Inspectorate of Prisons (2019) found that nobody had asked the visitors.",
        "Some walk, some cook and some only sit with people for an afternoon (Buck, 2020).",
        "Buck, Gillian (2020) argues that mentors are changed by mentoring",
        "Buck (2020) argues that mentors are changed by mentoring, and so do others.",
        "Buck, G. (2020) Peer mentoring in criminal justice. London: Routledge.",
        "Annual conference (2021)",
        "© 2022 Teaching Partnership",
        "Tel: (01244) 511000",
        "Home / Criminal Justice",
        "((((((((((2021",
        f"Buck, Gillian ({'Wiley ' * 50}, 2020)",
        f"{'Buck, Gillian; ' * 2_000}(2020)",
    ],
)
def test_a_sentence_that_cites_and_a_line_of_the_site_are_no_bylines(text: str) -> None:
    assert read(text) is None


@pytest.mark.parametrize(
    ("text", "strength"),
    [
        ("Buck, Gillian (2020)", Strength.CERTAIN),
        ("Buck, Gillian（2020）", Strength.CERTAIN),
        ("Buck, Gillian (2020-13-45)", Strength.CERTAIN),
        ("Buck, Gillian (c. 2015)", Strength.CERTAIN),
        ("Ministry of Justice (2014)", Strength.LIKELY),
        ("Gillian Buck (2014)", Strength.LIKELY),
        ("(Wiley, 2019)", Strength.LIKELY),
        ("Crime, Punishment and Justice (2014)", Strength.LIKELY),
        ("Buck, Gillian (20x1)", Strength.UNDATED),
        ("Buck, Gillian (Wiley)", Strength.UNDATED),
        ("Buck, Gillian", Strength.NAMED),
    ],
)
def test_how_far_a_line_proves_itself(text: str, strength: Strength) -> None:
    byline = read(text)
    assert byline is not None
    assert byline.strength is strength


@pytest.mark.parametrize(
    ("text", "field", "severity"),
    [
        ("Buck, Gillian (in press)", "date", Severity.NOTE),
        ("Buck, Gillian (Wiley, n.d.)", "date", Severity.NOTE),
        ("Buck, Gillian (2021-02-30)", "date", Severity.WARNING),
        ("Buck, Gillian (2020-2021)", "date", Severity.WARNING),
        ("Buck, Gillian (٢٠٢١)", "date", Severity.WARNING),
        ("Buck, Gillian, Atherton (2014)", "creators", Severity.WARNING),
        ("Buck, Gillian, et al. (2014)", "creators", Severity.NOTE),
        ("Buck, Gillian (Ed.) (2014)", "creators", Severity.NOTE),
        ("(2014)", "creators", Severity.NOTE),
        ("Buck, Gillian (Wiley, 2014) wiley.example", "publisher", Severity.NOTE),
        ("Buck, Gillian (2014) [Book]", "byline", Severity.NOTE),
    ],
)
def test_what_a_byline_does_not_say_for_certain_is_a_problem(text: str, field: str, severity: Severity) -> None:
    byline = read(text)
    assert byline is not None
    assert [(problem.where, problem.severity) for problem in byline.problems] == [(field, severity)]


def test_an_unreadable_date_leaves_the_publisher_and_the_names() -> None:
    byline = read("Buck, Gillian; Lee, Ann (Taylor & Francis, 2019-0x-04)")
    assert byline is not None
    assert (byline.creators, byline.publisher, byline.date) == (("Buck, Gillian", "Lee, Ann"), "Taylor & Francis", None)


def test_a_thousand_names_are_a_byline() -> None:
    byline = read("; ".join(f"Buck{letter}, Gillian" for letter in "abcdefghij" * 100) + " (2020)")
    assert byline is not None
    assert len(byline.creators) == 1000

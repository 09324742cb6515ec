"""Names: each comes out as the page states it, and two people never become one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repo_harvest.parse.names import Order, read
from tests.parse.strategies import people, plain_people


def names(text: str, order: Order = Order.UNKNOWN) -> tuple[str, ...] | None:
    found = read(text, order=order)
    return found.names if found else None


@given(st.lists(people, min_size=1, max_size=6), st.sampled_from(["; ", ";", " ; ", "；"]))
def test_people_parted_by_semicolons_come_out_one_by_one(stated: list[str], separator: str) -> None:
    assert names(separator.join(stated)) == tuple(stated)


@given(st.lists(plain_people, min_size=2, max_size=6))
def test_inverted_names_parted_by_commas_are_paired(stated: list[str]) -> None:
    assert names(", ".join(stated)) == tuple(stated)


@given(st.lists(people, min_size=2, max_size=4), st.sampled_from([" and ", " & ", ", and ", "; "]))
def test_and_before_the_last_name_parts_like_a_semicolon(stated: list[str], last: str) -> None:
    assert names("; ".join([*stated[:-2], stated[-2] + last + stated[-1]])) == tuple(stated)


@given(st.text(alphabet=st.characters() | st.sampled_from(",;. ()A a&")) | st.lists(people).map(", ".join))
def test_a_name_is_always_a_slice_of_the_text(text: str) -> None:
    found = read(text)
    if found is not None:
        collapsed = " ".join(text.split())
        assert all(name in collapsed and name == name.strip() and name for name in found.names)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("King, Martin Luther, Jr.", ("King, Martin Luther, Jr.",)),
        ("King, Jr., Martin Luther", ("King, Jr., Martin Luther",)),
        ("King, Martin Luther, Jr., Buck, Gillian", ("King, Martin Luther, Jr.", "Buck, Gillian")),
        ("Atherton, P., & Buck, G.", ("Atherton, P.", "Buck, G.")),
        ("van der Berg, Anna Maria, de la Cruz, Juan", ("van der Berg, Anna Maria", "de la Cruz, Juan")),
        ("d'Artagnan, Charles", ("d'Artagnan, Charles",)),
        ("St. John, Henry", ("St. John, Henry",)),
        ("Beethoven, Ludwig van", ("Beethoven, Ludwig van",)),
        ("hooks, bell", ("hooks, bell",)),
        ("Balls, Ed", ("Balls, Ed",)),
        ("House, Allan", ("House, Allan",)),
        ("Buck, Gillian (Gill)", ("Buck, Gillian (Gill)",)),
        ("By Gillian Buck", ("Gillian Buck",)),
        ("Gillian Buck, Peter Atherton and Ann Lee", ("Gillian Buck", "Peter Atherton", "Ann Lee")),
        ("Buck GA, Atherton P", ("Buck GA", "Atherton P")),
        ("山田太郎、佐藤花子", ("山田太郎", "佐藤花子")),
        ("محمد، أحمد؛ علي، سارة", ("محمد، أحمد", "علي، سارة")),
        ("Plato", ("Plato",)),
        ("G4S", ("G4S",)),
    ],
)
def test_people_of_many_kinds(text: str, expected: tuple[str, ...]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Ministry of Justice",
        "Her Majesty’s Prison and Probation Service",
        "Department for Digital, Culture, Media and Sport",
        "Ministère de la justice",
        "House of Commons, Justice Committee",
        "University of Chester",
    ],
)
def test_a_body_of_people_is_one_name(text: str) -> None:
    assert names(text) == (text,)


def test_a_body_stands_beside_people() -> None:
    assert names("Ministry of Justice; Buck, Gillian") == ("Ministry of Justice", "Buck, Gillian")
    assert names("Ministry of Justice and Buck, Gillian") == ("Ministry of Justice", "Buck, Gillian")
    assert names("Gosling, Helena, Ministry of Justice") == ("Gosling, Helena", "Ministry of Justice")


@pytest.mark.parametrize("text", ["Buck, Gillian, Atherton", "Ministry of Justice, Buck, Gillian", "Smith & Jones"])
def test_people_that_cannot_be_told_apart_are_not_guessed(text: str) -> None:
    found = read(text)
    assert found is not None
    assert (found.names, found.certain) == ((), False)


@pytest.mark.parametrize(
    ("text", "more", "editors"),
    [
        ("Buck, Gillian, et al.", True, False),
        ("Buck, Gillian et al", True, False),
        ("Buck, Gillian and others", True, False),
        ("Buck, Gillian (Ed.)", False, True),
        ("Buck, Gillian (Eds)", False, True),
        ("Buck, Gillian, eds.", False, True),
    ],
)
def test_others_and_editors_are_noticed_and_are_no_names(text: str, more: bool, editors: bool) -> None:
    found = read(text)
    assert found is not None
    assert (found.names, found.more, found.editors) == (("Buck, Gillian",), more, editors)


def test_what_can_be_read_both_ways_is_read_as_the_page_writes_people() -> None:
    text = "García Márquez, Gabriel José"
    assert names(text) == names(text, Order.INVERTED) == (text,)
    assert names(text, Order.DIRECT) == ("García Márquez", "Gabriel José")
    assert names("Martin Luther King, Jr., Ann Lee", Order.DIRECT) == ("Martin Luther King, Jr.", "Ann Lee")
    assert names("Buck, Gillian", Order.DIRECT) == ("Buck, Gillian",)


@pytest.mark.parametrize(
    "text",
    [
        "",
        ";",
        "In Chester and Wrexham, the buses stop at six",
        "Employing with conviction: The experiences of employers",
        "Home / About us",
        "© Partnership",
        "12, 13",
        "(Nellis, 2004)",
        "a" * 5_000,
    ],
)
def test_other_words_are_no_names(text: str) -> None:
    assert read(text) is None

"""Bylines, dates and entries as pages write them, for laws."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from repo_harvest.model import PartialDate

SURNAMES = (
    "Buck",
    "O’Neill",
    "van der Berg",
    "Smith-Jones",
    "Ó Briain",
    "Nguyễn",
    "Иванов",
    "山田",
    "de la Cruz",
    "Lee",
)
GIVENS = ("Gillian", "Siân", "A. B.", "J.-P.", "Jean-Luc", "Иван Иванович", "太郎", "Mary Ann", "G.", "Ngozi")
ONE_WORD_SURNAMES = tuple(name for name in SURNAMES if " " not in name)
PUBLISHERS = ("Wiley", "SAGE", "Taylor & Francis", "Policy Press", "Éditions du Seuil", "岩波書店")
TITLES = (
    "Listening at the gate", "What volunteers count: Trust and time", "Does support work?", "“Someone was waiting” Accounts",
    "Crime, shame and repair (2001–2011)", "Letters from inside and outside", "On being expected somewhere",
)  # fmt: skip
ABSTRACTS = (
    "Nobody meets most people who leave prison (Nellis, 2004). We stood at one gate for forty mornings and took notes.",
    "The Ministry of Justice (2014) counts meetings; the volunteers whom we met counted the times a phone was answered.",
    "Three towns opened a hub in the same year. This article asks why only one of them is open today (Buck, 2020).",
    "Prisoners wrote to one another long before anybody called that support. Four hundred letters show what about.",
)

people = st.builds("{}, {}".format, st.sampled_from(SURNAMES), st.sampled_from(GIVENS))
plain_people = st.builds("{}, {}".format, st.sampled_from(ONE_WORD_SURNAMES), st.sampled_from(GIVENS))


@st.composite
def dates(draw: st.DrawFn) -> PartialDate:
    """A date of any precision that a byline may state."""
    day = draw(st.dates(min_value=date(1000, 1, 1), max_value=date(2999, 12, 31)))
    precision = draw(st.integers(1, 3))
    return PartialDate(
        year=day.year,
        month=day.month if precision > 1 else None,
        day=day.day if precision > 2 else None,
    )


@st.composite
def entries(draw: st.DrawFn) -> list[tuple[str, str, str]]:
    """A list of title, byline and abstract, the titles all different."""
    titles = draw(st.lists(st.sampled_from(TITLES), min_size=1, unique=True))
    found = []
    for title in titles:
        names = "; ".join(draw(st.lists(people, min_size=1, max_size=3)))
        publisher = draw(st.sampled_from(["", *(f"{name}, " for name in PUBLISHERS)]))
        found.append((title, f"{names} ({publisher}{draw(dates())})", draw(st.sampled_from(ABSTRACTS))))
    return found

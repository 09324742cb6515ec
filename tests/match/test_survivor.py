"""What is said of names and funders survives a merge: each value says whom it is about, whoever gave the names."""

from __future__ import annotations

from repo_harvest.formats.agents import affiliations, funding, name_identifiers
from repo_harvest.match.survivor import combine, survive
from repo_harvest.model import Record

ORCID = "https://orcid.org/0000-0002-1825-0097"
OTHER = "https://orcid.org/0000-0002-1694-233X"
BARE = Record(title=("Trust",), creators=("Buck, G.", "Doe, Jane"))
TELLING = Record(
    title=("Trust and time",),
    creators=("Jane Doe", "Gillian Buck"),
    name_identifiers=(f"Gillian Buck | {ORCID}", f"Jane Doe | {OTHER}"),
    affiliations=("Gillian Buck | Northern University",),
    funding=("Council | ES/1",),
)


def test_the_names_of_one_entry_find_the_identifiers_of_another() -> None:
    for records in ([BARE, TELLING], [BARE, TELLING, TELLING]):
        together, giver = survive(records)
        assert together.creators == BARE.creators
        assert giver["name_identifiers"] == 1
        assert {name: one.address for name, one in name_identifiers(together).items()} == {
            "Buck, G.": ORCID,
            "Doe, Jane": OTHER,
        }
        assert [one.body for one in affiliations(together)["Buck, G."]] == ["Northern University"]
        assert [str(one) for one in funding(together)] == ["Council | ES/1"]


def test_entries_that_say_different_things_of_a_name_leave_it_without() -> None:
    otherwise = Record(name_identifiers=(f"Buck, Gillian | {OTHER}",))
    assert name_identifiers(combine([BARE, Record(name_identifiers=(f"Buck, G. | {ORCID}",)), otherwise])) == {}


def test_everybody_is_heard_of_funders() -> None:
    together = combine([Record(funding=("Council",)), Record(funding=("Trust", "Council | ES/1"))])
    assert together.funding == ("Council", "Trust", "Council | ES/1")
    assert [one.funder for one in funding(together)] == ["Trust", "Council"]

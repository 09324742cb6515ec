"""What a record says of its names and funders is found again in each format that has a place for it, and nothing else is."""

from __future__ import annotations

import json
from dataclasses import replace

import pymarc
import pytest
from hypothesis import example, given

from repo_harvest.exports import bibtex, csl, schema_org
from repo_harvest.formats import FORMATS
from repo_harvest.formats.agents import affiliations, funding, name_identifiers
from repo_harvest.model import Record
from tests.formats.test_read_back import FULL, GENERAL, LANDING, Reader, complete_records, marc, texts_at
from tests.strategies import unhurried

ORCID = "https://orcid.org/0000-0002-1825-0097"
OTHER = "https://orcid.org/0000-0002-1694-233X"
ROR = "https://ror.org/03yrm5c26"


def orcid_of(creators: tuple[str, ...], *stated: str) -> dict[str, str]:
    found = name_identifiers(Record(creators=creators, name_identifiers=stated))
    return {name: one.address for name, one in found.items()}


@pytest.mark.parametrize(
    "name", ["Buck, Gillian", "Gillian Buck", "Buck, G.", "BUCK, Gillian", "Buck, Gillian M.", "Buck,Gillian"]
)
@pytest.mark.parametrize("stated", ["Buck, Gillian", "Gillian Buck", "Buck, G."])
def test_a_name_finds_its_own_identifier_however_either_is_written(name: str, stated: str) -> None:
    if "," in name or "," in stated:
        assert orcid_of((name, "Doe, Jane"), f"{stated} | {ORCID}") == {name: ORCID}


@pytest.mark.parametrize(
    ("creators", "stated"),
    [
        (("Buck, Gillian",), ["Doe, Jane | " + ORCID]),
        (("Buck, Gillian",), ["Buck, George | " + ORCID]),
        (("Buck, Gillian", "Buck, Grace"), ["Buck, G. | " + ORCID]),
        (("Smith, J.", "Smith, J."), ["Smith, J. | " + ORCID]),
        (("Buck, Gillian",), ["Buck, Gillian | " + ORCID, "Buck, G. | " + OTHER]),
        (("Buck, Gillian", "Doe, Jane"), ["Buck, Gillian | " + ORCID, "Doe, Jane | " + ORCID]),
        (("Buck, Gillian",), ["Buck | " + ORCID]),
        (("Gillian Buck",), ["Grace Buck | " + ORCID]),
        (("Buck, Gillian",), ["Buck, Gillian | https://orcid.org/0000-0002-1825-0098"]),
    ],
    ids=[
        "another's",
        "another given name",
        "either of two",
        "the same name twice",
        "two identifiers",
        "one for two",
        "no given name",
        "no comma",
        "wrong check digit",
    ],
)
def test_a_name_that_is_not_sure_is_left_without(creators: tuple[str, ...], stated: list[str]) -> None:
    assert orcid_of(creators, *stated) == {}


def test_the_name_as_it_is_written_comes_before_names_that_are_like_it() -> None:
    assert orcid_of(("Buck, G.", "Buck, Gillian"), f"Buck, Gillian | {ORCID}") == {"Buck, Gillian": ORCID}


def test_what_says_less_is_left_out() -> None:
    record = Record(
        creators=("Doe, Jane",),
        affiliations=("Doe, Jane | Archive", f"Jane Doe | Archive | {ROR}", "Doe, J. | School"),
        funding=("Council", "council | ES/1", f"Council | {ROR}", f"Council | {ROR} | ES/1", "Trust", "Trust | T/1"),
    )
    (bodies,) = affiliations(record).values()
    assert [(one.body, one.address) for one in bodies] == [("Archive", ROR), ("School", None)]
    assert [str(one) for one in funding(record)] == [f"Council | {ROR} | ES/1", "Trust | T/1"]


def identifiers_read(found: Reader, agent: str, name: str, identifier: str) -> dict[str, str]:
    """The identifier at its path inside each agent, by the name there."""
    return {texts_at(node, name)[0]: value for node in found.nodes(agent) for value in texts_at(node, identifier)}


@unhurried
@given(complete_records)
@example(FULL)
@example(GENERAL)
def test_identifiers_of_names_are_found_again(record: Record) -> None:
    known = name_identifiers(record)
    creators = {name: known[name].address for name in record.creators if name in known}
    for prefix, agent, name, identifier in (
        ("rioxx", "r:creator", "r:name", "r:id"),
        ("oai_datacite", "d:creators/d:creator", "d:creatorName", "d:nameIdentifier"),
    ):
        assert identifiers_read(Reader(prefix, record), agent, name, identifier) == creators, prefix
    numbers = {name: known[name].number for name in creators}
    told = Reader("oai_openaire", record)
    assert identifiers_read(told, "d:creators/d:creator", "d:creatorName", "d:nameIdentifier") == numbers
    assert Reader("etdms", record).texts("e:creator/@resource") == list(creators.values())
    authors = [known[name].number for name in record.creators if name in known and known[name].scheme == "ORCID"]
    assert Reader("uketd_dc", record).texts("u:authoridentifier") == authors
    of_all = [known[name].address for name in (*record.creators, *record.contributors) if name in known]
    assert Reader("mods", record).texts("m:name/@valueURI") == of_all
    assert [field["1"] for field in agents(marc(record)) if "1" in field] == of_all


def test_a_name_that_is_known_to_be_a_bodys_is_a_bodys_everywhere() -> None:
    body, person = "Office of Peers, North", "Okafor, A."
    record = replace(
        FULL, creators=(person, body), contributors=(), name_identifiers=(f"{body} | {ROR}",), affiliations=()
    )
    fields = agents(marc(record))
    assert [(field.tag, field.indicator1, field["a"]) for field in fields] == [("100", "1", person), ("710", "2", body)]
    mods = Reader("mods", record)
    assert mods.texts("m:name/@type") == ["personal", "corporate"]
    assert mods.texts("m:name[2]/m:namePart") == [body]
    for prefix in ("oai_datacite", "oai_openaire"):
        told = Reader(prefix, replace(record, date=("2021",)))
        assert told.texts("//d:creatorName/@nameType") == ["Personal", "Organizational"]
        assert len(told.texts("//d:familyName")) == 1
    assert "Okafor, A. and {Office of Peers, North}" in bibtex.export(record)
    assert {"literal": body} in json.loads(csl.export(record))[0]["author"]
    authors = schema_org(record)["author"]
    assert isinstance(authors, list)
    assert authors[1] == {"@type": "Organization", "name": body, "@id": ROR}


def agents(found: pymarc.Record) -> list[pymarc.Field]:
    return found.get_fields("100", "110", "700", "710")


@unhurried
@given(complete_records)
@example(FULL)
@example(GENERAL)
def test_affiliations_are_found_again(record: Record) -> None:
    known = affiliations(record)
    bodies = [one for name in (*record.creators, *record.contributors) for one in known.get(name, ())]
    names = [one.body for one in bodies]
    assert Reader("oai_datacite", record).texts("//d:affiliation") == names
    assert Reader("oai_datacite", record).texts("//d:affiliation/@affiliationIdentifier") == [
        one.address for one in bodies if one.address
    ]
    assert Reader("oai_openaire", record).texts("//d:affiliation") == names
    assert Reader("mods", record).texts("m:name/m:affiliation") == names
    assert [text for field in agents(marc(record)) for text in field.get_subfields("u")] == names


@unhurried
@given(complete_records)
@example(FULL)
@example(GENERAL)
def test_funders_are_found_again(record: Record) -> None:
    paid = funding(record)
    awards = [one.award for one in paid if one.award]
    for prefix, space in (("oai_datacite", "d"), ("oai_openaire", "o")):
        found = Reader(prefix, record)
        path = f"{space}:fundingReferences/{space}:fundingReference/{space}:"
        assert found.texts(f"{path}funderName") == [one.funder for one in paid]
        assert found.texts(f"{path}funderIdentifier") == [one.address for one in paid if one.address]
        assert found.texts(f"{path}awardNumber") == awards
    grants = [one for one in paid if one.award]
    rioxx = Reader("rioxx", record)
    assert rioxx.texts("r:grant") == awards
    assert rioxx.texts("r:grant/@funder_name") == [one.funder for one in grants]
    assert rioxx.texts("r:grant/@funder_id") == [one.address for one in grants if one.address]
    uketd = Reader("uketd_dc", record)
    assert uketd.texts("u:grantnumber") == awards
    assert uketd.texts("u:sponsor") == list(dict.fromkeys(one.funder for one in paid))
    told = [(field["a"], field.get("c")) for field in marc(record).get_fields("536")]
    assert told == [(one.funder, one.award) for one in paid]
    notes = [f"{one.funder}, {one.award}" if one.award else one.funder for one in paid]
    assert Reader("mods", record).texts("m:note[@type='funding']") == notes


def test_a_record_without_any_of_it_is_written_as_before() -> None:
    bare = replace(FULL, name_identifiers=(), affiliations=(), funding=())
    assert (name_identifiers(bare), affiliations(bare), funding(bare)) == ({}, {}, ())
    for format_ in FORMATS.values():
        metadata = format_.render(bare, LANDING)
        assert metadata is not None
        assert b"orcid" not in metadata
        assert b"Trust" not in metadata

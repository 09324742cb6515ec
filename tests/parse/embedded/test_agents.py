"""What pages say for programs of their authors and funders: ORCID iDs, ROR IDs, affiliations, awards."""

from __future__ import annotations

import json

import pytest

from repo_harvest.parse.embedded import csl, fill
from tests.parse.embedded.kit import one

ORCID = "https://orcid.org/0000-0002-1825-0097"
ROR = "https://ror.org/03yrm5c26"
FUNDER = "https://doi.org/10.13039/501100000269"


def json_ld(**said: object) -> str:
    work = {"@type": "ScholarlyArticle", "name": "Trust", **said}
    return f'<script type="application/ld+json">{json.dumps(work)}</script><p>Words'


@pytest.mark.parametrize(
    "stated",
    [
        {"@id": ORCID},
        {"sameAs": ORCID},
        {"sameAs": ["https://example.org/lee", ORCID]},
        {"identifier": ORCID},
        {"identifier": {"@type": "PropertyValue", "propertyID": "ORCID", "value": ORCID}},
        {
            "identifier": [
                {"@type": "PropertyValue", "propertyID": "https://example.org/registry/orcid", "value": ORCID}
            ]
        },
        {"url": {"@id": ORCID}},
    ],
)
def test_the_orcid_of_an_author_is_read_wherever_it_stands(stated: dict[str, object]) -> None:
    people = [
        {"@type": "Person", "name": "Jane Doe"},
        {"@type": "Person", "familyName": "Lee", "givenName": "Ann", **stated},
    ]
    entry = one(json_ld(author=people), "JSON-LD")
    assert entry.creators == ("Jane Doe", "Lee, Ann")
    assert entry.name_identifiers == (f"Lee, Ann | {ORCID}",)
    assert ("name_identifiers", "JSON-LD author ORCID") in entry.origins


def test_bodies_have_their_ror_and_people_their_affiliations() -> None:
    body = {"@type": "Organization", "name": "Northern University", "@id": ROR}
    lee = {"@type": "Person", "name": "Ann Lee", "affiliation": [body, "An Archive", {"name": ""}]}
    entry = one(json_ld(author=[lee, body]), "JSON-LD")
    assert entry.name_identifiers == (f"Northern University | {ROR}",)
    assert entry.affiliations == (f"Ann Lee | Northern University | {ROR}", "Ann Lee | An Archive")


def test_funders_and_grants_are_read() -> None:
    council = {"@type": "Organization", "name": "Research Council", "identifier": FUNDER}
    grant = {"@type": "Grant", "identifier": "ES/1", "funder": {"@type": "Organization", "name": "Trust", "@id": ROR}}
    entry = one(json_ld(funder=[council, "Friends"], funding=grant), "JSON-LD")
    assert entry.funding == (f"Research Council | {FUNDER}", "Friends", f"Trust | {ROR} | ES/1")


def test_microdata_says_the_same() -> None:
    page = (
        '<div itemscope itemtype="https://schema.org/Article"><h2 itemprop="name">Trust</h2>'
        '<span itemprop="author" itemscope itemtype="https://schema.org/Person"><span itemprop="name">Ann Lee</span>'
        f'<a itemprop="sameAs" href="{ORCID}">iD</a></span></div>'
    )
    assert one(page, "microdata").name_identifiers == (f"Ann Lee | {ORCID}",)


def test_highwire_tags_belong_to_the_name_before_them() -> None:
    page = (
        "<meta name=citation_title content=Trust>"
        '<meta name=citation_author content="Doe, Jane"><meta name=citation_author_institution content="An Archive">'
        f'<meta name=citation_author content="Lee, Ann"><meta name=citation_author_orcid content="{ORCID}">'
        '<meta name=citation_funding_source content="citation_funder=Research Council;citation_funder_id=10.13039/1;citation_grant_number=ES/1">'
    )
    entry = one(page, "meta")
    assert entry.name_identifiers == (f"Lee, Ann | {ORCID}",)
    assert entry.affiliations == ("Doe, Jane | An Archive",)
    assert entry.funding == ("Research Council | 10.13039/1 | ES/1",)


def test_csl_json_of_a_registry_has_them_beside_names() -> None:
    item = {
        "title": "Trust",
        "author": [
            {
                "family": "Lee",
                "given": "Ann",
                "ORCID": "http://orcid.org/0000-0002-1825-0097",
                "authenticated-orcid": False,
            },
            {
                "family": "Doe",
                "given": "Jane",
                "affiliation": [
                    {"name": "Northern University", "id": [{"id": ROR, "id-type": "ROR", "asserted-by": "publisher"}]},
                    {"name": "An Archive"},
                ],
            },
        ],
        "funder": [
            {"DOI": "10.13039/501100000269", "name": "Research Council", "award": ["ES/1", "ES/2"]},
            {"name": "Friends", "award": []},
            "nonsense",
        ],
    }
    (entry,), problems = csl.read(json.dumps(item))
    assert not problems
    assert entry.name_identifiers == ("Lee, Ann | http://orcid.org/0000-0002-1825-0097",)
    assert entry.affiliations == (f"Doe, Jane | Northern University | {ROR}", "Doe, Jane | An Archive")
    council = "Research Council | 10.13039/501100000269"
    assert entry.funding == (f"{council} | ES/1", f"{council} | ES/2", "Friends")


def test_what_another_form_says_of_a_name_is_added() -> None:
    bare = one(json_ld(author={"name": "Ann Lee"}, funder="Friends"), "JSON-LD")
    told = one(json_ld(author={"name": "Lee, Ann", "@id": ORCID}, funder="Research Council"), "JSON-LD")
    filled, notes = fill(bare, told)
    assert (filled.creators, filled.name_identifiers) == (("Ann Lee",), (f"Lee, Ann | {ORCID}",))
    assert filled.funding == ("Friends", "Research Council")
    assert ("name_identifiers", "JSON-LD author ORCID") in filled.origins
    assert not notes

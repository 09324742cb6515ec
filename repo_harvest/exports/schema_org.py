"""A `Record` and the address of its page in, the work as a thing of schema.org out: objects, lists and text of JSON.

A name with a comma is a person's; of any other the record does not say whether it is one, and it has no type, unless its
identifier tells.
"""

from __future__ import annotations

from collections.abc import Mapping

from repo_harvest.exports.work import date_parts, general, issn
from repo_harvest.formats.agents import about, funding, name_identifiers
from repo_harvest.formats.parts import Appearance, Name, addresses, doi, first_appearance, urn
from repo_harvest.formats.terms import language_tag, licence_of
from repo_harvest.model import Funding, NameIdentifier, Record

__all__ = ["Thing", "schema_org", "schema_type"]

Thing = dict[str, object]
"""Property -> a text, a thing, or a list of them."""

_TYPES: Mapping[str, str] = {
    "JournalArticle": "ScholarlyArticle",
    "ConferencePaper": "ScholarlyArticle",
    "Preprint": "ScholarlyArticle",
    "Book": "Book",
    "BookChapter": "Chapter",
    "Dissertation": "Thesis",
    "Report": "Report",
    "Dataset": "Dataset",
}


def schema_type(record: Record) -> str:
    """The class of schema.org for its kind of work.

    >>> schema_type(Record(type=("book chapter",))), schema_type(Record(type=("leaflet",)))
    ('Chapter', 'CreativeWork')
    """
    return _TYPES.get(general(record), "CreativeWork")


def schema_org(record: Record, page: str | None = None) -> Thing:
    """The work as a thing, without what is not known; `page` is the address of the item's page.

    >>> schema_org(Record(title=("On Trust",), creators=("Buck, Gillian",)))["author"]
    [{'@type': 'Person', 'name': 'Gillian Buck', 'familyName': 'Buck', 'givenName': 'Gillian'}]
    """
    found = doi(record)
    place = first_appearance(record)
    stated: Thing = {
        "@context": "https://schema.org",
        "@type": schema_type(record),
        "name": next(iter(record.title), None),
        "alternateName": list(record.title[1:]),
        "author": [_agent(record, text) for text in record.creators],
        "contributor": [_agent(record, text) for text in record.contributors],
        "datePublished": "-".join(date_parts(record)),
        "isPartOf": _whole(place, record) if place.citation else None,
        **_pages(place),
        "publisher": [_organization(text, _address(name_identifiers(record).get(text))) for text in record.publisher],
        "funder": [_organization(*one) for one in dict.fromkeys((one.funder, one.address) for one in funding(record))],
        "funding": [_grant(one) for one in funding(record) if one.award],
        "abstract": "\n\n".join(record.description),
        "inLanguage": language_tag(record),
        "keywords": list(record.subjects),
        "license": licence_of(record),
        "identifier": {"@type": "PropertyValue", "propertyID": "doi", "value": found} if found else None,
        "isbn": urn(record, "isbn") if schema_type(record) != "Chapter" else None,
        "url": page,
        "sameAs": list(addresses(record)),
    }
    return {name: value for name, value in stated.items() if value}


def _agent(record: Record, text: str) -> Thing:
    """A person or a body, with its identifier and affiliations."""
    agent = about(record, text)
    known = agent.identifier
    stated: Thing = {
        **_named(agent.name),
        **({"@type": "Organization" if agent.is_body else "Person", "@id": known.address} if known else {}),
        "affiliation": [_organization(one.body, one.address) for one in agent.affiliations],
    }
    return {name: value for name, value in stated.items() if value}


def _address(known: NameIdentifier | None) -> str | None:
    return known.address if known else None


def _organization(name: str, address: str | None) -> Thing:
    return {"@type": "Organization", "name": name, **({"@id": address} if address else {})}


def _grant(one: Funding) -> Thing:
    return {"@type": "Grant", "identifier": one.award, "funder": _organization(one.funder, one.address)}


def _named(name: Name) -> Thing:
    if name.family is None or name.given is None:
        return {"name": name.full}
    full = f"{name.given} {name.family}"
    return {"@type": "Person", "name": full, "familyName": name.family, "givenName": name.given}


def _whole(place: Appearance, record: Record) -> Thing | None:
    """What it is part of: an issue of a volume of a periodical, as far as these are known; or a book or series."""
    number = issn(record)
    if general(record) != "JournalArticle":
        kind = "Book" if schema_type(record) == "Chapter" else "CreativeWork"
        book = urn(record, "isbn") if kind == "Book" else None
        fields = {"name": place.container, "volumeNumber": place.volume, "issueNumber": place.issue, "isbn": book}
        stated = {name: value for name, value in fields.items() if value}
        return {"@type": kind, **stated} if stated else None
    whole: Thing | None = None
    if place.container or number:
        named = {"name": place.container, "issn": number}
        whole = {"@type": "Periodical", **{name: value for name, value in named.items() if value}}
    for kind, name, value in (
        ("PublicationVolume", "volumeNumber", place.volume),
        ("PublicationIssue", "issueNumber", place.issue),
    ):
        if value:
            whole = {"@type": kind, name: value, **({"isPartOf": whole} if whole else {})}
    return whole


def _pages(place: Appearance) -> Thing:
    return {"pageStart": place.ends[0], "pageEnd": place.ends[1]} if place.ends else {"pagination": place.pages}

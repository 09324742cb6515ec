"""A `Record` in, its DataCite 4 document out: for works that have a DOI and all that DataCite asks of one.

DataCite Metadata Schema 4.6: identifier, creators, titles, publisher, publicationYear and resourceType are mandatory, so a
record that lacks one has no such document.
"""

from __future__ import annotations

from collections.abc import Iterator

from repo_harvest.formats.agents import about, funding, name_identifiers
from repo_harvest.formats.parts import Appearance, appearances, doi, iso_dates
from repo_harvest.formats.terms import access_of, kind_of, language_tag, licence_in
from repo_harvest.formats.xml import branch, leaf, root
from repo_harvest.model import Affiliation, Funding, Record

__all__ = ["NAMESPACE", "PREFIX", "SCHEMA", "render"]

PREFIX = "oai_datacite"
NAMESPACE = "http://datacite.org/schema/kernel-4"
SCHEMA = "http://schema.datacite.org/meta/kernel-4/metadata.xsd"


def render(record: Record, landing: str | None = None) -> bytes | None:
    """The document in UTF-8, `None` for a record that cannot fill it; raises `ValueError` for what XML cannot hold.

    `landing` is the address of our page of the item, an alternate identifier here.
    """
    identifier, kind = doi(record), kind_of(record)
    if not (identifier and kind and record.creators and record.title and record.publisher and record.year):
        return None
    children = (
        leaf("identifier", identifier, {"identifierType": "DOI"}),
        branch("creators", [branch("creator", _agent(record, "creatorName", name)) for name in record.creators]),
        branch("titles", _titles(record)),
        leaf("publisher", record.publisher[0], _publisher_identifier(record)),
        leaf("publicationYear", record.year),
        leaf("resourceType", kind.label, {"resourceTypeGeneral": kind.general}),
        branch("subjects", [leaf("subject", text) for text in record.subjects]),
        branch("contributors", [_contributor(record, name) for name in record.contributors]),
        branch("dates", [leaf("date", text, {"dateType": "Issued"}) for text in iso_dates(record)]),
        *([leaf("language", tag)] if (tag := language_tag(record)) else []),
        branch("alternateIdentifiers", _alternates(record, identifier, landing)),
        branch("formats", [leaf("format", text) for text in record.format]),
        branch("rightsList", _rights(record)),
        branch("descriptions", _descriptions(record)),
        branch("fundingReferences", map(_funding, funding(record))),
        branch("relatedItems", [_host(place) for place in appearances(record) if place.container]),
    )
    return root("resource", children, namespaces={"": NAMESPACE}, namespace=NAMESPACE, schema=SCHEMA)


def _titles(record: Record) -> Iterator[str]:
    for number, title in enumerate(record.title):
        yield leaf("title", title, {"titleType": "AlternativeTitle" if number else None})


def _contributor(record: Record, text: str) -> str:
    return branch("contributor", _agent(record, "contributorName", text), {"contributorType": "Other"})


def _agent(record: Record, element: str, text: str) -> Iterator[str]:
    agent = about(record, text)
    known = agent.identifier
    yield leaf(element, text, {"nameType": agent.name_type})
    if agent.name.family and agent.name.given:
        yield leaf("givenName", agent.name.given)
        yield leaf("familyName", agent.name.family)
    if known:
        scheme = {"nameIdentifierScheme": known.scheme, "schemeURI": known.address.removesuffix(known.number)}
        yield leaf("nameIdentifier", known.address, scheme)
    yield from map(_affiliation, agent.affiliations)


def _affiliation(one: Affiliation) -> str:
    scheme = ("ROR", "https://ror.org/") if one.address else (None, None)
    attributes = {
        "affiliationIdentifier": one.address,
        "affiliationIdentifierScheme": scheme[0],
        "schemeURI": scheme[1],
    }
    return leaf("affiliation", one.body, attributes)


def _publisher_identifier(record: Record) -> dict[str, str | None]:
    known = name_identifiers(record).get(record.publisher[0])
    if known is None:
        return {}
    scheme = {"publisherIdentifierScheme": known.scheme, "schemeURI": known.address.removesuffix(known.number)}
    return {"publisherIdentifier": known.address, **scheme}


def _funding(one: Funding) -> str:
    inside = [leaf("funderName", one.funder)]
    if one.address:
        inside.append(leaf("funderIdentifier", one.address, {"funderIdentifierType": one.scheme}))
    if one.award:
        inside.append(leaf("awardNumber", one.award))
    return branch("fundingReference", inside)


def _alternates(record: Record, identifier: str, landing: str | None) -> Iterator[str]:
    for value in dict.fromkeys([*record.identifiers, *([landing] if landing else [])]):
        if not value.endswith(identifier):
            scheme = "URN" if value.lower().startswith("urn:") else "URL" if "://" in value else "local"
            yield leaf("alternateIdentifier", value, {"alternateIdentifierType": scheme})


def _rights(record: Record) -> Iterator[str]:
    access = access_of(record)
    if access:
        yield leaf("rights", access.label, {"rightsURI": access.coar})
    for text in record.rights:
        yield leaf("rights", text, {"rightsURI": licence_in(text)})


def _descriptions(record: Record) -> Iterator[str]:
    for text in record.description:
        yield leaf("description", text, {"descriptionType": "Abstract"})
    for text in record.source_ref:
        yield leaf("description", text, {"descriptionType": "Other"})


def _host(place: Appearance) -> str:
    ends = place.ends
    told = (
        ("volume", place.volume),
        ("issue", place.issue),
        ("firstPage", ends[0] if ends else place.pages),
        ("lastPage", ends[1] if ends else ""),
    )
    inside = [branch("titles", [leaf("title", place.container)]), *(leaf(name, text) for name, text in told if text)]
    return branch("relatedItem", inside, {"relatedItemType": "Collection", "relationType": "IsPublishedIn"})

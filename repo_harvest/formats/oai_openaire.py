"""A `Record` in, its document by the OpenAIRE guidelines for literature repositories 4 out.

Mandatory there are a title, a creator, a date of publication, an identifier, and a resource type and an access right of the
COAR vocabularies: a record of which one is not known has no such document. What is mandatory if applicable is written where it is known.
"""

from __future__ import annotations

from collections.abc import Iterator

from repo_harvest.formats.agents import about, funding
from repo_harvest.formats.parts import addresses, doi, first_appearance, handle, iso_dates
from repo_harvest.formats.terms import Kind, access_of, kind_of, licence_of
from repo_harvest.formats.xml import branch, leaf, root
from repo_harvest.model import Funding, Record

__all__ = ["NAMESPACE", "PREFIX", "SCHEMA", "render"]

PREFIX = "oai_openaire"
NAMESPACE = "http://namespace.openaire.eu/schema/oaire/"
SCHEMA = "https://www.openaire.eu/schema/repo-lit/4.0/openaire.xsd"

_NAMESPACES = {
    "oaire": NAMESPACE,
    "datacite": "http://datacite.org/schema/kernel-4",
    "dc": "http://purl.org/dc/elements/1.1/",
}


def render(record: Record, landing: str | None = None) -> bytes | None:
    """The document in UTF-8, `None` for a record that cannot fill it; raises `ValueError` for what XML cannot hold.

    `landing` is the address of our page of the item, its identifier where it has no address of its own.
    """
    kind, access, dates = kind_of(record), access_of(record), iso_dates(record)
    if not (kind and access and dates and record.title and record.creators):
        return None
    identifiers = list(_identifiers(record, landing))
    if not identifiers:
        return None
    (identifier, scheme), *others = identifiers
    children = (
        branch("datacite:titles", _titles(record)),
        branch(
            "datacite:creators",
            [branch("datacite:creator", _agent(record, "creator", text)) for text in record.creators],
        ),
        branch("datacite:contributors", [_contributor(record, text) for text in record.contributors]),
        branch("oaire:fundingReferences", map(_funding, funding(record))),
        branch(
            "datacite:alternateIdentifiers",
            [
                leaf("datacite:alternateIdentifier", value, {"alternateIdentifierType": other})
                for value, other in others
            ],
        ),
        branch("datacite:dates", [leaf("datacite:date", dates[0], {"dateType": "Issued"})]),
        *(leaf("dc:language", text) for text in record.language),
        *(leaf("dc:publisher", text) for text in record.publisher),
        _type(kind),
        *(leaf("dc:description", text) for text in record.description),
        *(leaf("dc:format", text) for text in record.format),
        leaf("datacite:identifier", identifier, {"identifierType": scheme}),
        leaf("datacite:rights", access.label, {"rightsURI": access.coar}),
        *(leaf("dc:source", text) for text in record.source_ref),
        branch("datacite:subjects", [leaf("datacite:subject", text) for text in record.subjects]),
        *(leaf("dc:coverage", text) for text in record.coverage),
        *_citation(record),
        *_licence(record),
    )
    return root("oaire:resource", children, namespaces=_NAMESPACES, namespace=NAMESPACE, schema=SCHEMA)


def _identifiers(record: Record, landing: str | None) -> Iterator[tuple[str, str]]:
    """Each identifier with the scheme that the guidelines have for it, the most lasting first."""
    seen = set[str]()
    for value, scheme in ((doi(record), "DOI"), (handle(record), "HANDLE")):
        if value:
            seen.update(one for one in record.identifiers if one.endswith(value))
            yield value, scheme
    for value in addresses(record) or ([landing] if landing else []):
        if value not in seen:
            yield value, "URL"
    for value in record.identifiers:
        if value.lower().startswith("urn:"):
            yield value, "URN"


def _titles(record: Record) -> Iterator[str]:
    for number, title in enumerate(record.title):
        yield leaf("datacite:title", title, {"titleType": "AlternativeTitle" if number else None})


def _agent(record: Record, role: str, text: str) -> Iterator[str]:
    agent = about(record, text)
    known = agent.identifier
    yield leaf(f"datacite:{role}Name", text, {"nameType": agent.name_type})
    if agent.name.family and agent.name.given:
        yield leaf("datacite:givenName", agent.name.given)
        yield leaf("datacite:familyName", agent.name.family)
    if known:
        scheme = {"nameIdentifierScheme": known.scheme, "schemeURI": known.address.removesuffix(f"/{known.number}")}
        yield leaf("datacite:nameIdentifier", known.number, scheme)
    for body in agent.affiliations:
        yield leaf("datacite:affiliation", body.body)


def _contributor(record: Record, text: str) -> str:
    return branch("datacite:contributor", _agent(record, "contributor", text), {"contributorType": "Other"})


def _funding(one: Funding) -> str:
    inside = [leaf("oaire:funderName", one.funder)]
    if one.address:
        inside.append(leaf("oaire:funderIdentifier", one.address, {"funderIdentifierType": one.scheme}))
    if one.award:
        inside.append(leaf("oaire:awardNumber", one.award))
    return branch("oaire:fundingReference", inside)


def _type(kind: Kind) -> str:
    general = "literature"
    if not kind.literature:
        general = kind.general.lower() if kind.general in {"Dataset", "Software"} else "other research product"
    return leaf("oaire:resourceType", kind.label, {"resourceTypeGeneral": general, "uri": kind.coar})


def _citation(record: Record) -> Iterator[str]:
    """Where it appeared first: the guidelines have room for one place."""
    place = first_appearance(record)
    first, last = place.ends or ("", "")
    told = (
        ("Title", place.container),
        ("Volume", place.volume),
        ("Issue", place.issue),
        ("StartPage", first),
        ("EndPage", last),
    )
    for name, text in told:
        if text:
            yield leaf(f"oaire:citation{name}", text)


def _licence(record: Record) -> Iterator[str]:
    licence = licence_of(record)
    if licence:
        words = next((text for text in record.rights if text != licence), licence)
        yield leaf("oaire:licenseCondition", words, {"uri": licence})

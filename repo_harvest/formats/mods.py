"""A `Record` in, its MODS 3.4 document out, as library systems take it in (loc.gov/standards/mods).

The first title is the title and the others are alternative ones; a name with a comma is a person's, and `valueURI` is its
ORCID iD: `nameIdentifier` came with MODS 3.7. What MODS has no place for (where the work is about, what it was made from, who
paid for it) stands in notes that say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from repo_harvest.formats.agents import about, funding
from repo_harvest.formats.parts import (
    Appearance,
    addresses,
    appearances,
    doi,
    handle,
    iso_dates,
    urn,
)
from repo_harvest.formats.terms import Kind, iso_639_2, kind_of, licence_of
from repo_harvest.formats.xml import branch, leaf, root
from repo_harvest.model import Record

__all__ = ["NAMESPACE", "PREFIX", "SCHEMA", "render"]

PREFIX = "mods"
NAMESPACE = "http://www.loc.gov/mods/v3"
SCHEMA = "http://www.loc.gov/standards/mods/v3/mods-3-4.xsd"

_FUNDING = {"type": "funding"}
_RESOURCE = {
    "Dataset": "software, multimedia",
    "Software": "software, multimedia",
    "InteractiveResource": "software, multimedia",
    "Image": "still image",
    "Audiovisual": "moving image",
    "Sound": "sound recording",
}


def render(record: Record, landing: str | None = None) -> bytes | None:
    """The document in UTF-8, `None` for a record without a title; raises `ValueError` for what XML cannot hold.

    `landing` is the address of our page of the item, told where the record has no address of its own.
    """
    if not record.title:
        return None
    kind = kind_of(record)
    children = (
        *_titles(record),
        *(_name(record, text, "aut") for text in record.creators),
        *(_name(record, text, "ctb") for text in record.contributors),
        *_types(record, kind),
        _origin(record),
        *_languages(record),
        branch(
            "physicalDescription",
            [leaf("internetMediaType" if "/" in text else "form", text) for text in record.format],
        ),
        *(leaf("abstract", text) for text in record.description),
        *(leaf("note", text, {"type": "source"}) for text in record.source_ref),
        *(leaf("note", text, {"type": "coverage"}) for text in record.coverage),
        *(leaf("note", f"{one.funder}, {one.award}" if one.award else one.funder, _FUNDING) for one in funding(record)),
        *(branch("subject", [leaf("topic", text)]) for text in record.subjects),
        *(_host(place) for place in appearances(record)),
        *map(_related, record.relation),
        *_identifiers(record),
        *(branch("location", [leaf("url", text)]) for text in addresses(record) or ([landing] if landing else [])),
        *_conditions(record),
    )
    return root("mods", children, namespaces={"": NAMESPACE}, namespace=NAMESPACE, schema=SCHEMA, more=' version="3.4"')


def _titles(record: Record) -> Iterator[str]:
    for number, title in enumerate(record.title):
        yield branch("titleInfo", [leaf("title", title)], {"type": "alternative" if number else None})


def _name(record: Record, text: str, relator: str) -> str:
    agent = about(record, text)
    name, known = agent.name, agent.identifier
    if name.family is None or name.given is None:
        parts = [leaf("namePart", text)]
    else:
        parts = [leaf("namePart", name.family, {"type": "family"}), leaf("namePart", name.given, {"type": "given"})]
    role = branch("role", [leaf("roleTerm", relator, {"type": "code", "authority": "marcrelator"})])
    bodies = [leaf("affiliation", one.body) for one in agent.affiliations]
    attributes = {"type": agent.kind, "valueURI": known.address if known else None}
    return branch("name", [*parts, *bodies, role], attributes)


def _types(record: Record, kind: Kind | None) -> Iterator[str]:
    if kind is not None:
        yield leaf("typeOfResource", _RESOURCE.get(kind.general, "text"))
        yield leaf("genre", kind.label, {"authority": "coar", "valueURI": kind.coar})
    for text in record.type:
        if kind is None or text.casefold() != kind.label:
            yield leaf("genre", text)


def _origin(record: Record) -> str:
    exact = set(iso_dates(record))
    dates = [
        leaf(
            "dateIssued", text, {"encoding": "w3cdtf" if text in exact else None, "keyDate": None if number else "yes"}
        )
        for number, text in enumerate(record.date)
    ]
    return branch("originInfo", [*(leaf("publisher", text) for text in record.publisher), *dates])


def _languages(record: Record) -> Iterator[str]:
    for text in record.language:
        code = iso_639_2(text)
        attributes = {"type": "code", "authority": "iso639-2b"} if code else {"type": "text"}
        yield branch("language", [leaf("languageTerm", code or text, attributes)])


def _host(place: Appearance) -> str:
    part = [
        branch("detail", [leaf("number", number)], {"type": name})
        for name, number in (("volume", place.volume), ("issue", place.issue))
        if number
    ]
    if place.pages:
        ends = place.ends
        listed = [leaf("start", ends[0]), leaf("end", ends[1])] if ends else [leaf("list", place.pages)]
        part.append(branch("extent", listed, {"unit": "pages"}))
    title = branch("titleInfo", [leaf("title", place.container)] if place.container else [])
    return branch("relatedItem", [title, branch("part", part)], {"type": "host"})


def _related(text: str) -> str:
    is_address = text.lower().startswith(("http://", "https://"))
    inside = branch("location", [leaf("url", text)]) if is_address else branch("titleInfo", [leaf("title", text)])
    return branch("relatedItem", [inside])


def _identifiers(record: Record) -> Iterable[str]:
    typed = (
        ("doi", doi(record)),
        ("hdl", handle(record)),
        ("isbn", urn(record, "isbn")),
        ("issn", urn(record, "issn")),
    )
    for name, value in typed:
        if value is not None:
            yield leaf("identifier", value, {"type": name})
    for value in record.identifiers:
        yield leaf("identifier", value, {"type": "uri" if ":" in value and " " not in value else "local"})


def _conditions(record: Record) -> Iterator[str]:
    licence = licence_of(record)
    for text in dict.fromkeys([*record.rights, *([licence] if licence else [])]):
        yield leaf("accessCondition", text, {"type": "use and reproduction"})

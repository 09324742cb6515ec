"""Things of schema.org in (as JSON-LD, microdata or RDFa state them), drafts of the works among them out.

A thing is a mapping of property names to values, each a text, a thing, or a list of them; its type is under `@type`.
Works are looked for in lists, graphs and what a page is about, never in what another work cites or is part of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from repo_harvest.parse import names
from repo_harvest.parse.embedded.draft import Draft, plain
from repo_harvest.parse.text import table

__all__ = ["Thing", "fill", "is_work", "types", "works"]

Thing = Mapping[str, object]

WORKS = table(
    "ScholarlyArticle MedicalScholarlyArticle Article TechArticle Report Book Chapter Thesis Dataset CreativeWork",
    "PresentationDigitalDocument ConferencePaper Manuscript SoftwareSourceCode",
)
LEADING = ("@graph", "itemListElement", "item", "mainEntity", "hasPart", "dataset")  # what leads to a page's works
NO_CONTAINERS = table("WebSite WebPage CollectionPage Blog DataCatalog Organization Course ItemList")
NO_NAMES = table("PublicationIssue PublicationVolume")

_DEEPEST = 60  # steps from the top to a work
_MOST = 200  # values of one property that anybody reads, but for names
_MOST_NAMES = 5_000


def types(thing: Thing) -> frozenset[str]:
    """The names of a thing's types, without vocabulary or prefix.

    >>> sorted(types({"@type": ["schema:Book", "http://schema.org/CreativeWork"]}))
    ['Book', 'CreativeWork']
    """
    stated = thing.get("@type") or thing.get("type")
    return frozenset(
        text.rstrip("/#").rpartition("/")[2].rpartition("#")[2].rpartition(":")[2]
        for text in (stated if isinstance(stated, list) else [stated])
        if isinstance(text, str)
    )


def is_work(thing: Thing) -> bool:
    """Whether it is a work that a catalogue would have."""
    return not WORKS.isdisjoint(types(thing))


def works(value: object) -> Iterator[Thing]:
    """The works in a value, in its order, without recursion."""
    waiting: list[tuple[object, int]] = [(value, 0)]
    while waiting:
        value, depth = waiting.pop()
        if depth > _DEEPEST:
            continue
        if isinstance(value, list):
            waiting += [(part, depth + 1) for part in reversed(value)]
        elif isinstance(value, Mapping):
            if is_work(value):
                yield value
            waiting += [(value[name], depth + 1) for name in reversed(LEADING) if name in value]


def fill(draft: Draft, work: Thing, by_id: Mapping[str, Thing]) -> None:
    """State in a draft what a work says of itself; `by_id` holds the things that others only refer to."""
    for name in ("name", "headline", "title"):
        draft.text("title", _text(work.get(name)), name)
    for name in ("author", "creator", "editor"):
        if not draft.has_creators:
            for value in islice(_each(work.get(name)), _MOST_NAMES):
                for person in _people(value, by_id):
                    draft.creator(person, name)
                    _about(draft, person, _resolved(value, by_id), by_id, name)
    for name in ("datePublished", "dateIssued", "copyrightYear", "dateCreated"):
        draft.date(_text(work.get(name)), name)
    draft.text("container", _container(work, by_id), "isPartOf")
    for name in ("publisher", "sourceOrganization", "provider"):
        for value in islice(_each(work.get(name)), 1):
            draft.text("publisher", _name(value, by_id), name)
    for name in ("abstract", "description"):
        draft.text("abstract", _text(work.get(name)), name)
    _identifiers(draft, work)
    _funders(draft, work, by_id)


def _identifiers(draft: Draft, work: Thing) -> None:
    for value in islice(_each(work.get("doi")), _MOST):
        draft.doi(_text(value), "doi")
    for name in ("identifier", "sameAs", "url", "@id"):
        for value in islice(_each(work.get(name)), _MOST):
            if isinstance(value, Mapping):
                kind = _text(value.get("propertyID") or value.get("name")).casefold()
                text = _text(value.get("value") or value.get("@id") or value.get("url"))
                if kind.rpartition("/")[2] == "doi":
                    draft.doi(text, name)
                    continue
                value = f"isbn {text}" if kind == "isbn" else text  # noqa: PLW2901 - what the value states
            draft.identifier(_text(value), name)
    for value in islice(_each(work.get("isbn")), _MOST):
        draft.isbn(_text(value), "isbn")


def _about(draft: Draft, name: str, agent: object, by_id: Mapping[str, Thing], source: str) -> None:
    """The ORCID iD or ROR ID of an author, and its affiliations."""
    if not isinstance(agent, Mapping):
        return
    for address in _addresses(agent, "orcid"):
        draft.name_identifier(name, address, f"{source} ORCID")
    for address in _addresses(agent, "ror"):
        draft.name_identifier(name, address, f"{source} ROR")
    for value in islice(_each(agent.get("affiliation")), _MOST):
        body = _resolved(value, by_id)
        address = next(_addresses(body, "ror"), "") if isinstance(body, Mapping) else ""
        draft.affiliation(name, _name(body, by_id), address, f"{source} affiliation")


def _funders(draft: Draft, work: Thing, by_id: Mapping[str, Thing]) -> None:
    """Who paid for it: its funders, and the grants that they gave."""
    for value in islice(_each(work.get("funder")), _MOST):
        _funder(draft, value, "", by_id, "funder")
    for value in islice(_each(work.get("funding")), _MOST):
        grant = _resolved(value, by_id)
        if isinstance(grant, Mapping):
            number = _number(next(_each(grant.get("identifier")), None))
            for funder in islice(_each(grant.get("funder")), _MOST):
                _funder(draft, funder, number, by_id, "funding")


def _funder(draft: Draft, value: object, award: str, by_id: Mapping[str, Thing], source: str) -> None:
    funder = _resolved(value, by_id)
    found = (*_addresses(funder, "ror"), *_addresses(funder, "10.13039")) if isinstance(funder, Mapping) else ()
    draft.funding(_name(funder, by_id), next(iter(found), ""), award, source)


def _addresses(agent: Thing, scheme: str) -> Iterator[str]:
    """The identifiers of a person or body that are of a scheme, by its address or its name."""
    for name in ("@id", "identifier", "sameAs", "url"):
        for value in islice(_each(agent.get(name)), _MOST):
            kind = ""
            if isinstance(value, Mapping):
                kind = _text(value.get("propertyID") or value.get("name")).casefold().rpartition("/")[2]
            text = _number(value)
            if f"{scheme}.org/" in text or f"{scheme}/" in text or (text and kind == scheme):
                yield text


def _number(value: object) -> str:
    """The text of an identifier, which may be a thing of its own."""
    if isinstance(value, Mapping):
        value = value.get("value") or value.get("@id") or value.get("url")
    return _text(value)


def _each(value: object) -> Iterator[object]:
    """A value, or each of a list of them; `@list` and `@set` are lists."""
    if value is None:
        return
    if isinstance(value, Mapping) and ("@list" in value or "@set" in value):
        value = value.get("@list", value.get("@set"))
    if isinstance(value, list):
        yield from value
    elif value is not None:  # what `@list` or `@set` holds may be null
        yield value


def _text(value: object) -> str:
    """The words of a value: a text, the first of several, or one with its language; empty if it has none."""
    for _ in range(4):
        if isinstance(value, str):
            return plain(value)
        if isinstance(value, list):
            value = value[0] if value else None
        elif value is not None and isinstance(value, Mapping):
            value = value.get("@value", value.get("name"))
        else:
            return ""
    return ""


def _resolved(value: object, by_id: Mapping[str, Thing]) -> object:
    """The thing that a reference refers to."""
    if isinstance(value, Mapping) and len(value) <= 2 and isinstance(identity := value.get("@id"), str):  # noqa: PLR2004 - an id, perhaps a type
        return by_id.get(identity, value)
    return value


def _people(value: object, by_id: Mapping[str, Thing]) -> Iterable[str]:
    """The names in one value of an author."""
    value = _resolved(value, by_id)
    if isinstance(value, Mapping):
        surname, given = _text(value.get("familyName")), _text(value.get("givenName"))
        if surname:
            return [f"{surname}, {given}" if given else surname]
        return [_text(value.get("name"))]
    text = _text(value)
    found = names.read(text)
    return found.names if found is not None and found.certain and len(found.names) > 1 else [text]


def _name(value: object, by_id: Mapping[str, Thing]) -> str:
    value = _resolved(value, by_id)
    return _text(value.get("name") or value.get("legalName")) if isinstance(value, Mapping) else _text(value)


def _container(work: Thing, by_id: Mapping[str, Thing]) -> str:
    """What the work stands in: an issue's volume's journal is the journal."""
    part: object = work.get("isPartOf")
    for _ in range(5):
        part = _resolved(next(_each(part), None), by_id)
        if not isinstance(part, Mapping):
            return _text(part) if not str(part).startswith(("http:", "https:")) else ""
        kinds = types(part)
        if not NO_CONTAINERS.isdisjoint(kinds):
            return ""
        if NO_NAMES.isdisjoint(kinds) and (name := _name(part, by_id)):
            return name
        part = part.get("isPartOf")
    return ""

"""A `Record` in, its MARC 21 record out, in MARCXML (loc.gov/standards/marcxml).

What is not known is said to be unknown: fixed fields hold fill characters (MARC 21 Bibliographic, 008), the leader the
encoding level `u`. A name with a comma is entered under the surname (100 and 700, first indicator 1), any other as it stands;
an ORCID iD is the address of the person, not of a record about one ($1).
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from repo_harvest.formats.agents import about, funding
from repo_harvest.formats.parts import Appearance, addresses, appearances, doi, handle, urn
from repo_harvest.formats.terms import iso_639_2, kind_of, language_tag, licence_of
from repo_harvest.formats.xml import branch, leaf, root
from repo_harvest.model import Record

__all__ = ["NAMESPACE", "PREFIX", "SCHEMA", "render"]

PREFIX = "marcxml"
NAMESPACE = "http://www.loc.gov/MARC21/slim"
SCHEMA = "http://www.loc.gov/standards/marcxml/schema/MARC21slim.xsd"

_FILL = "|"
_YEAR = 4  # characters


def render(record: Record, landing: str | None = None) -> bytes | None:
    """The document in UTF-8, `None` for a record without a title; raises `ValueError` for what XML cannot hold.

    `landing` is the address of our page of the item, told where the record has no address of its own.
    """
    if not record.title:
        return None
    fields = (_numbers(record), _names_and_titles(record), _notes(record), _terms(record), _access(record, landing))
    return root(
        "record",
        [leaf("leader", _leader(record)), leaf("controlfield", _fixed(record), {"tag": "008"}), *chain(*fields)],
        namespaces={"": NAMESPACE},
        namespace=NAMESPACE,
        schema=SCHEMA,
    )


def _leader(record: Record) -> str:
    """What kind of record it is; lengths are 0, as no octets of ISO 2709 are counted."""
    kind = kind_of(record)
    form = kind.marc if kind else "ab" if record.container else "am"
    return f"00000n{form} a2200000uu 4500"


def _fixed(record: Record) -> str:
    """Field 008: date (06-14), place (15-17), language (35-37); the rest was not coded."""
    dates = f"s{record.year}    " if record.year else "nuuuu    "
    language = iso_639_2(language_tag(record) or "") or _FILL * 3
    return f"{_FILL * 6}{dates}xx {_FILL * 17}{language}{_FILL * 2}"


def _numbers(record: Record) -> Iterator[str]:
    if isbn := urn(record, "isbn"):
        yield _field("020", "  ", ("a", isbn))
    for value, scheme in ((doi(record), "doi"), (handle(record), "hdl")):
        if value:
            yield _field("024", "7 ", ("a", value), ("2", scheme))


def _names_and_titles(record: Record) -> Iterator[str]:
    for name in record.creators[:1]:
        yield _agent(record, "1", name, "aut")
    title, *others = record.title
    yield _field("245", "10" if record.creators else "00", ("a", title))
    for other in others:
        yield _field("246", "3 ", ("a", other))
    published = [*(("b", text) for text in record.publisher), *(("c", text) for text in record.date[:1])]
    if published:
        yield _field("264", " 1", *published)


def _notes(record: Record) -> Iterator[str]:
    for text in (*record.source_ref, *record.coverage, *record.format, *record.date[1:]):
        yield _field("500", "  ", ("a", text))
    for text in record.description:
        yield _field("520", "  ", ("a", text))
    for one in funding(record):
        yield _field("536", "  ", ("a", one.funder), *([("c", one.award)] if one.award else []))


def _terms(record: Record) -> Iterator[str]:
    licence = licence_of(record)
    for text in record.rights:
        yield _field("540", "  ", ("a", text), *([("u", licence)] if licence and text != licence else []))
    for text in record.language:
        if iso_639_2(text) is None:
            yield _field("546", "  ", ("a", text))
    for text in record.subjects:
        yield _field("653", "  ", ("a", text))
    kind = kind_of(record)
    if kind:
        yield _field("655", " 7", ("a", kind.label), ("0", kind.coar), ("2", "coar"))
    for text in record.type:
        if kind is None or text.casefold() != kind.label:
            yield _field("655", " 4", ("a", text))


def _access(record: Record, landing: str | None) -> Iterator[str]:
    for name in record.creators[1:]:
        yield _agent(record, "7", name, "aut")
    for name in record.contributors:
        yield _agent(record, "7", name, "ctb")
    for place in appearances(record):
        yield _field("773", "0 ", *_host(place))
    for text in record.relation:
        if not text.lower().startswith(("http://", "https://")):
            yield _field("787", "08", ("t", text))
    for address in addresses(record) or ([landing] if landing else []):
        yield _field("856", "40", ("u", address))
    for text in record.relation:
        if text.lower().startswith(("http://", "https://")):
            yield _field("856", "42", ("u", text))


def _agent(record: Record, place: str, name: str, relator: str) -> str:
    """The field of a person, 100 or 700, or of a body, 110 or 710."""
    agent = about(record, name)
    known, bodies = agent.identifier, [("u", one.body) for one in agent.affiliations]
    number, entered = ("10", "2 ") if agent.is_body else ("00", "1 " if agent.name.family else "0 ")
    return _field(
        f"{place}{number}", entered, ("a", name), *bodies, ("4", relator), *([("1", known.address)] if known else [])
    )


def _host(place: Appearance) -> Iterator[tuple[str, str]]:
    if place.container:
        yield "t", place.container
    told = (("vol. ", place.volume), ("no. ", place.issue), ("p. ", place.pages))
    if number := ", ".join(label + text for label, text in told if text):
        yield "g", number


def _field(tag: str, indicators: str, *subfields: tuple[str, str]) -> str:
    inside = [leaf("subfield", text, {"code": code}) for code, text in subfields]
    return branch("datafield", inside, {"tag": tag, "ind1": indicators[0], "ind2": indicators[1]})

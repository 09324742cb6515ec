"""What the store tells of items in, what a page says of them out: titles, dates in words, safe links, fields in reading order.

Every value here is text that the templates escape. One of a record's values becomes a link only if it is an address of
http or https as a whole; whatever else it may be, it stays words. Nothing is left out: each Dublin Core element of a
record has its place on the page (`TOLD` and `FIELDS`), and so has what is known of its names and funders.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import SplitResult, quote, unquote, urlencode, urlsplit

from repo_harvest.formats.agents import affiliations, funding, name_identifiers
from repo_harvest.formats.crosswalk import crosswalk
from repo_harvest.formats.landing import item_path
from repo_harvest.formats.oai_dc import elements
from repo_harvest.formats.pretty import pretty
from repo_harvest.model import Item, PartialDate, Record, utc_text
from repo_harvest.model.languages import language_name
from repo_harvest.store.browse import Detail, Origin

__all__ = [
    "FIELDS",
    "PER_PAGE",
    "TOLD",
    "Document",
    "Field",
    "ItemPage",
    "Listing",
    "Moment",
    "Name",
    "Place",
    "Row",
    "Shown",
    "address",
    "date_words",
    "documents",
    "item_page",
    "listing",
    "moment",
    "printable",
    "record_query",
    "removed",
    "row",
    "shown",
]

PER_PAGE = 50
_MOST_NAMES = 10  # on a row of the list; the page of an item names everyone

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip  # two halves of a year; strftime would speak the language of the machine

TOLD = ("title", "creator", "date", "publisher", "identifier", "description")
"""The elements that have a place of their own on the page of an item."""

FIELDS = (
    ("contributor", "With contributions by"),
    ("source", "Source"),
    ("type", "Type"),
    ("subject", "Subjects"),
    ("language", "Language"),
    ("coverage", "Covers"),
    ("relation", "Related"),
    ("format", "Format"),
    ("rights", "Rights"),
)
"""The other elements, in the order of the page, and what they are called for people."""

_SCHEMES = {"ORCID": "ORCID iD", "ROR": "ROR ID"}
_WEB = re.compile(r"https?://[^\s\x00-\x1f\x7f-\x9f\\/?#<>\"]+[^\s\x00-\x1f\x7f-\x9f\\<>\"]*", re.IGNORECASE)
_DOI = re.compile(r"(?:https?://(?:dx\.|www\.)?doi\.org/|doi:\s*)(10\.[0-9]{4,9}/\S+)", re.IGNORECASE)
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A second of time: as machines write it, and in words."""

    utc: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A value as it is shown: its text, and where it leads if it is an address."""

    text: str
    href: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A creator as it is shown: the name, and its identifier in words with where that leads."""

    text: str
    identifier: Shown | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A labelled list of values."""

    label: str
    values: tuple[Shown, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An item in the list of the collection; `path` is relative to the first page, `others` counts unnamed creators."""

    path: str
    title: str
    language: str | None
    creators: tuple[str, ...]
    others: int
    published: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """One page of the list: page `number` of `pages`, out of `total` live items."""

    rows: tuple[Row, ...]
    total: int
    number: int
    pages: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a record was read."""

    source: str
    page: Shown
    place: str
    byline: str
    fetched: Moment
    gone: bool
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPage:
    """What the page of a live item says; `published` is its dates in words and its publishers."""

    identifier: str
    title: str
    language: str | None
    other_titles: tuple[str, ...]
    creators: tuple[Name, ...]
    published: tuple[str, ...]
    abstracts: tuple[str, ...]
    identifiers: tuple[Shown, ...]
    fields: tuple[Field, ...]
    sets: tuple[str, ...]
    datestamp: Moment
    formats: tuple[str, ...]
    places: tuple[Place, ...]
    merged_here: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An item's metadata in one format, an element a line, and where in it each field of the record may stand."""

    prefix: str
    xml: str
    fields: tuple[tuple[str, tuple[str, ...]], ...]


def listing(items: Sequence[Item], *, total: int, number: int) -> Listing:
    """The items of page `number`, which is 1 for the first."""
    return Listing(rows=tuple(map(row, items)), total=total, number=number, pages=max(1, -(-total // PER_PAGE)))


def item_page(detail: Detail) -> ItemPage:
    """Everything the page of a live item says."""
    item, record = detail.item, detail.item.record
    said = _said(record)
    return ItemPage(
        identifier=item.header.identifier,
        title=_title(item),
        language=_language(record),
        other_titles=said["title"][1:],
        creators=_names(record, said["creator"]),
        published=_published(said),
        abstracts=said["description"],
        identifiers=tuple(map(shown, said["identifier"])),
        fields=(
            *(_field(name, label, said[name]) for name, label in FIELDS if said[name]),
            *_about_names(record),
        ),
        sets=item.header.sets,
        datestamp=moment(item.header.datestamp),
        formats=tuple(rendition.prefix for rendition in detail.renditions),
        places=tuple(map(_place, detail.origins)),
        merged_here=detail.merged_here,
    )


def documents(detail: Detail) -> tuple[Document, ...]:
    """The stored metadata of an item in each format, with the fields of the record that have a place in it."""
    filled = [field for field in crosswalk() if getattr(detail.item.record, field)]
    return tuple(
        Document(
            prefix=one.prefix,
            xml=pretty(one.metadata),
            fields=tuple((field, places) for field in filled if (places := crosswalk()[field].get(one.prefix, ()))),
        )
        for one in detail.renditions
    )


def removed(detail: Detail) -> Moment:
    """Since when a deleted item is deleted: the end of its last life, which a later datestamp does not move."""
    ends = [version.until for version in detail.versions if not version.deleted]
    return moment(max(ends, default=detail.item.header.datestamp))


def moment(seconds: float) -> Moment:
    """UTC seconds since 1970, to the minute in words.

    >>> moment(1788516900).words
    '4 September 2026, 10:15 UTC'
    """
    at = datetime.fromtimestamp(int(seconds), UTC)
    words = f"{at.day} {_MONTHS[at.month - 1]} {at.year}, {at.hour:02d}:{at.minute:02d} UTC"
    return Moment(utc=utc_text(int(seconds)), words=words)


def date_words(text: str) -> str:
    """A date in words at the precision it has; whatever is no such date stays as it is stated.

    >>> [date_words(text) for text in ("2021-03-04", "2021-03", "2021", "in press")]
    ['4 March 2021', 'March 2021', '2021', 'in press']
    """
    try:
        date = PartialDate.parse(text)
    except ValueError:
        return text
    if date.month is None:
        return text
    month = f"{_MONTHS[date.month - 1]} {text[:4]}"
    return month if date.day is None else f"{date.day} {month}"


def shown(value: str) -> Shown:
    """A value of a record: a link if all of it is an http or https address; a DOI as people quote it.

    >>> shown("https://doi.org/10.1177/1748895817699659")
    Shown(text='DOI 10.1177/1748895817699659', href='https://doi.org/10.1177/1748895817699659')
    >>> shown("javascript:alert(1)"), shown("doi:10.1177/1748895817699659")
    (Shown(text='javascript:alert(1)', href=None), Shown(text='DOI 10.1177/1748895817699659', href=None))
    """
    href = value if _web(value) else None
    doi = _DOI.fullmatch(value)
    if doi is None:
        return Shown(text=value, href=href)
    return Shown(text=f"DOI {unquote(doi[1]) if href else doi[1]}", href=href)


def address(url: str) -> Shown:
    """Where a page was fetched: a link without any password; of a file only its name, because its folder is ours.

    >>> address("https://ann:secret@example.org/list?p=1")
    Shown(text='https://example.org/list?p=1', href='https://example.org/list?p=1')
    >>> address("file:///srv/lists/peer%20mentoring.html")
    Shown(text='peer mentoring.html', href=None)
    """
    parts = _web(url)
    if parts is None:
        return Shown(text=unquote(url.replace("\\", "/").rpartition("/")[2]))
    public = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    return Shown(text=public, href=public)


def printable(text: str) -> str:
    r"""What somebody sent, as a page may repeat it: HTML cannot hold every character, and some turn their neighbours around.

    >>> printable("oai:é\0\u202e\ufffe")
    'oai:é���'
    """
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def record_query(identifier: str, prefix: str) -> str:
    """The arguments of the GetRecord request for an item (OAI-PMH 2.0 section 4.1).

    >>> record_query("oai:example.org:a&b", "oai_dc")
    'verb=GetRecord&metadataPrefix=oai_dc&identifier=oai%3Aexample.org%3Aa%26b'
    """
    arguments = {"verb": "GetRecord", "metadataPrefix": prefix, "identifier": identifier}
    return urlencode(arguments, safe="", quote_via=quote)


def _web(value: str) -> SplitResult | None:
    """The parts of an http or https address; `None` for anything else, and for what only begins like one."""
    if _WEB.fullmatch(value) is None:
        return None
    try:
        return urlsplit(value)
    except ValueError:  # brackets that hold no IPv6 address, letters that pass for a slash
        return None


# --- what records say ---


def _said(record: Record) -> dict[str, tuple[str, ...]]:
    """Element -> its values, for every element that a page shows."""
    said: dict[str, tuple[str, ...]] = dict.fromkeys((*TOLD, *(element for element, _ in FIELDS)), ())
    for name, value in elements(record):
        said[name] += (value,)
    return said


def row(item: Item) -> Row:
    """An item in a list."""
    said = _said(item.record)
    return Row(
        path=item_path(item.header.identifier),
        title=_title(item),
        language=_language(item.record),
        creators=said["creator"][:_MOST_NAMES],
        others=len(said["creator"][_MOST_NAMES:]),
        published=_published(said),
    )


def _title(item: Item) -> str:
    """A record brought from elsewhere may have no title; a link without words could not be followed."""
    return next((value for value in item.record.title if value.strip()), item.header.identifier)


def _names(record: Record, names: tuple[str, ...]) -> tuple[Name, ...]:
    known = name_identifiers(record)
    return tuple(
        Name(text=name, identifier=Shown(text=f"{_SCHEMES[one.scheme]} {one.number}", href=one.address))
        if (one := known.get(name))
        else Name(text=name)
        for name in names
    )


def _about_names(record: Record) -> Iterator[Field]:
    """Where its people belong, and who paid for it."""
    bodies = [(name, one) for name, told in affiliations(record).items() for one in told]
    paid = funding(record)
    if bodies:
        told = (Shown(text=f"{name}: {one.body}", href=one.address) for name, one in bodies)
        yield Field(label="Affiliations", values=tuple(told))
    if paid:
        words = (Shown(text=", ".join(filter(None, (one.funder, one.award))), href=one.address) for one in paid)
        yield Field(label="Funding", values=tuple(words))


def _field(name: str, label: str, values: tuple[str, ...]) -> Field:
    texts = map(language_name, values) if name == "language" else values
    return Field(label=label, values=tuple(map(shown, texts)))


def _published(said: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    return (*map(date_words, said["date"]), *said["publisher"])


def _language(record: Record) -> str | None:
    """The language of the record's words, if it states one; of several nobody knows which words are in which."""
    if len(record.language) == 1 and _LANGUAGE.fullmatch(record.language[0]):
        return record.language[0]
    return None


def _place(origin: Origin) -> Place:
    return Place(
        source=origin.source,
        page=address(origin.page_url),
        place=origin.place,
        byline=origin.byline,
        fetched=moment(origin.fetched),
        gone=origin.gone,
        fields=origin.fields,
    )

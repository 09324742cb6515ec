"""What a reader of each format finds in it is what the record says: no value lost or changed where the format has a place."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from dataclasses import replace
from io import BytesIO

import pymarc
from hypothesis import example, given, reject
from lxml import etree

from repo_harvest.formats import FORMATS
from repo_harvest.formats.parts import addresses, appearances, doi, handle, iso_dates, page_range, urn
from repo_harvest.formats.terms import access_of, iso_639_2, kind_of, language_tag, licence_of
from repo_harvest.model import Record
from tests.formats.telling import telling_records
from tests.strategies import unhurried

LANDING = "https://example.org/item/oai:example.org:1"
PREFIXES = {
    "m": "http://www.loc.gov/mods/v3",
    "d": "http://datacite.org/schema/kernel-4",
    "o": "http://namespace.openaire.eu/schema/oaire/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "r": "http://www.rioxx.net/schema/v3.0/rioxxterms/",
    "e": "http://www.ndltd.org/standards/metadata/etdms/1.0/",
    "u": "http://naca.central.cranfield.ac.uk/ethos-oai/terms/",
}
FULL = Record(
    title=("Walking alongside", "Mentors"),
    creators=("Okafor, Adaeze", "Northern Partnership"),
    contributors=("Ní Bhriain, Aoife",),
    date=("2021-03-04", "in press"),
    publisher=("University of the North", "Another"),
    container=("Journal",),
    volume=("64",),
    issue=("1",),
    pages=("4-20",),
    description=("Forty conversations.",),
    identifiers=("https://doi.org/10.5555/walking.1", "https://example.org/1", "urn:isbn:9780367228736"),
    type=("doctoral thesis",),
    language=("en",),
    subjects=("mentoring",),
    rights=("CC BY 4.0",),
    relation=("https://example.org/2", "Another work"),
    source_ref=("urn:issn:0264-5505",),
    coverage=("England",),
    format=("application/pdf",),
    name_identifiers=(
        "Adaeze Okafor | https://orcid.org/0000-0002-1825-0097",
        "Northern Partnership | https://ror.org/03yrm5c26",
        "Another | https://ror.org/05gq02987",
    ),
    affiliations=("Okafor, A. | University of the North | https://ror.org/02mhbdp94", "Ní Bhriain, Aoife | Archive"),
    funding=("Council | https://doi.org/10.13039/501100000269 | ES/1", "Council", "Trust"),
)
GENERAL = Record(title=("犯罪",), creators=("A, B, C",), volume=("12",), pages=("xii, 230",), date=("1999",))


def completed(record: Record) -> Record:
    """The record with what each format asks for, where it does not say so itself."""
    return replace(
        record,
        creators=record.creators or FULL.creators,
        publisher=record.publisher or FULL.publisher,
        date=(*record.date, *FULL.date),
        identifiers=(*record.identifiers, *FULL.identifiers),
        type=(*record.type, "doctoral thesis"),
        language=(*record.language, "en"),
        subjects=record.subjects or FULL.subjects,
        rights=(*record.rights, "CC BY 4.0"),
    )


complete_records = telling_records.map(completed)


class Reader:
    """A document of a format, asked by path; the record has to be able to fill it."""

    def __init__(self, prefix: str, record: Record) -> None:
        metadata = FORMATS[prefix].render(record, LANDING)
        if metadata is None:
            reject()
        self.root = etree.fromstring(metadata)

    def texts(self, path: str) -> list[str]:
        """The texts of the elements, or the attributes, that the path leads to."""
        return texts_at(self.root, path)

    def nodes(self, path: str) -> Iterator[etree._Element]:
        """The elements that the path leads to."""
        found = self.root.xpath(path, namespaces=PREFIXES)
        assert isinstance(found, list)
        yield from (one for one in found if etree.iselement(one))


def texts_at(node: etree._Element, path: str) -> list[str]:
    """The texts of the elements, or the attributes, that the path leads to from a node."""
    found = node.xpath(path, namespaces=PREFIXES)
    assert isinstance(found, list)
    return [str(one) if isinstance(one, str) else str(getattr(one, "text", "") or "") for one in found]


def without_repeats(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def said_once(values: Iterable[str]) -> list[str]:
    return [value for value in without_repeats(values) if value and not value.isspace()]


def marc(record: Record) -> pymarc.Record:
    metadata = FORMATS["marcxml"].render(record, LANDING)
    assert metadata is not None
    (found,) = pymarc.parse_xml_to_array(BytesIO(metadata), strict=True)  # type: ignore[no-untyped-call]  # pymarc's reader is untyped
    assert isinstance(found, pymarc.Record)
    return found


def fixed(found: pymarc.Record) -> str:
    data = found["008"].data
    assert data is not None
    return data


def subfields(found: pymarc.Record, code: str, *tags: str) -> list[str]:
    return [text for tag in tags for field in found.get_fields(tag) for text in field.get_subfields(code)]


@unhurried
@given(telling_records)
@example(FULL)
@example(GENERAL)
def test_pymarc_reads_titles_names_years_and_subjects_as_the_record_has_them(record: Record) -> None:
    found = marc(record)
    assert subfields(found, "a", "245", "246") == [*record.title]
    names = [
        (text, field["4"])
        for field in found.get_fields("100", "110", "700", "710")
        for text in field.get_subfields("a")
    ]
    assert names == [*((name, "aut") for name in record.creators), *((name, "ctb") for name in record.contributors)]
    assert fixed(found)[7:11] == (record.year or "uuuu")
    assert len(fixed(found)) == 40
    assert subfields(found, "c", "264") == [*record.date[:1]]
    assert subfields(found, "b", "264") == [*record.publisher]
    assert subfields(found, "a", "653") == [*record.subjects]
    assert subfields(found, "a", "520") == [*record.description]


@unhurried
@given(telling_records)
@example(FULL)
@example(GENERAL)
def test_pymarc_reads_links_numbers_places_and_notes_as_the_record_has_them(record: Record) -> None:
    found = marc(record)
    links = [(field.indicator2, field["u"]) for field in found.get_fields("856")]
    related = [text for text in record.relation if text.lower().startswith(("http://", "https://"))]
    assert [text for second, text in links if second == "0"] == list(addresses(record) or [LANDING])
    assert [text for second, text in links if second == "2"] == related
    assert subfields(found, "a", "020") == [value for value in [urn(record, "isbn")] if value]
    numbers = {field["2"]: field["a"] for field in found.get_fields("024")}
    assert (numbers.get("doi"), numbers.get("hdl")) == (doi(record), handle(record))
    places = list(appearances(record))
    assert subfields(found, "t", "773") == [place.container for place in places if place.container]
    told = [
        ", ".join(label + text for label, text in parts if text)
        for place in places
        for parts in [(("vol. ", place.volume), ("no. ", place.issue), ("p. ", place.pages))]
    ]
    assert subfields(found, "g", "773") == [text for text in told if text]
    assert subfields(found, "t", "787") == [text for text in record.relation if text not in related]
    notes = [*record.source_ref, *record.coverage, *record.format, *record.date[1:]]
    assert subfields(found, "a", "500") == notes
    assert subfields(found, "a", "540") == [*record.rights]
    assert fixed(found)[35:38] == (iso_639_2(language_tag(record) or "") or "|||")


@unhurried
@given(telling_records)
@example(FULL)
@example(GENERAL)
def test_mods_says_what_the_record_says(record: Record) -> None:
    found = Reader("mods", record)
    assert found.texts("m:titleInfo/m:title") == [*record.title]
    for role, names in (("aut", record.creators), ("ctb", record.contributors)):
        nodes = found.root.xpath(f"m:name[m:role/m:roleTerm='{role}']", namespaces=PREFIXES)
        assert isinstance(nodes, list)
        read = [[part.text or "" for part in node.iterfind("m:namePart", PREFIXES)] for node in nodes]  # type: ignore[union-attr]  # nodes only
        assert [", ".join(parts) for parts in read] == [
            ", ".join(part.strip() for part in name.split(",")) if len(parts) > 1 else name
            for name, parts in zip(names, read, strict=True)
        ]
    assert found.texts("m:originInfo/m:publisher") == [*record.publisher]
    assert found.texts("m:originInfo/m:dateIssued") == [*record.date]
    assert found.texts("m:abstract") == [*record.description]
    assert found.texts("m:subject/m:topic") == [*record.subjects]
    assert found.texts("m:location/m:url") == list(addresses(record) or [LANDING])
    assert set(found.texts("m:identifier")) >= set(record.identifiers)
    assert found.texts("m:relatedItem[@type='host']/m:titleInfo/m:title") == [*record.container]
    for kind, values in (("volume", record.volume), ("issue", record.issue)):
        assert found.texts(f"m:relatedItem/m:part/m:detail[@type='{kind}']/m:number") == [*values]
    pages = [page_range(text) or (text,) for text in record.pages]
    assert found.texts("m:relatedItem/m:part/m:extent/*") == [end for ends in pages for end in ends]
    assert found.texts("m:note[@type='source']") == [*record.source_ref]
    assert found.texts("m:note[@type='coverage']") == [*record.coverage]
    assert set(found.texts("m:accessCondition")) >= set(record.rights)


@unhurried
@given(complete_records)
@example(FULL)
def test_datacite_says_what_the_record_says(record: Record) -> None:
    found = Reader("oai_datacite", record)
    assert found.texts("d:identifier") == [doi(record)]
    assert found.texts("d:titles/d:title") == [*record.title]
    assert found.texts("d:creators/d:creator/d:creatorName") == [*record.creators]
    assert found.texts("d:contributors/d:contributor/d:contributorName") == [*record.contributors]
    assert found.texts("d:publicationYear") == [record.year]
    assert found.texts("d:dates/d:date") == list(iso_dates(record))
    assert found.texts("d:subjects/d:subject") == [*record.subjects]
    assert found.texts("d:descriptions/d:description") == [*record.description, *record.source_ref]
    told = [*found.texts("d:alternateIdentifiers/d:alternateIdentifier"), *found.texts("d:identifier")]
    assert all(any(value.endswith(one) for one in told) for value in record.identifiers)
    containers = [place.container for place in appearances(record) if place.container]
    assert found.texts("d:relatedItems/d:relatedItem/d:titles/d:title") == containers
    volumes = [place.volume for place in appearances(record) if place.container and place.volume]
    assert found.texts("d:relatedItems/d:relatedItem/d:volume") == volumes
    access = access_of(record)
    assert found.texts("d:rightsList/d:rights") == [*([access.label] if access else []), *record.rights]
    assert set(found.texts("d:formats/d:format")) == set(record.format)


@unhurried
@given(complete_records)
@example(FULL)
def test_openaire_says_what_the_record_says(record: Record) -> None:
    found = Reader("oai_openaire", record)
    assert found.texts("d:titles/d:title") == [*record.title]
    assert found.texts("d:creators/d:creator/d:creatorName") == [*record.creators]
    assert found.texts("d:contributors/d:contributor/d:contributorName") == [*record.contributors]
    assert found.texts("d:dates/d:date") == list(iso_dates(record)[:1])
    told = [*found.texts("d:identifier"), *found.texts("d:alternateIdentifiers/d:alternateIdentifier")]
    for value in (*addresses(record), *(one for one in record.identifiers if one.startswith("urn:"))):
        assert any(value.endswith(one) for one in told)
    assert found.texts("dc:publisher") == [*record.publisher]
    assert found.texts("dc:description") == [*record.description]
    assert found.texts("d:subjects/d:subject") == [*record.subjects]
    assert found.texts("dc:language") == [*record.language]
    assert found.texts("dc:source") == [*record.source_ref]
    assert found.texts("dc:coverage") == [*record.coverage]
    place = next(iter(appearances(record)), None)
    if place is not None:
        for element, value in (("Title", place.container), ("Volume", place.volume), ("Issue", place.issue)):
            assert found.texts(f"o:citation{element}") == [text for text in [value] if text]


@unhurried
@given(telling_records)
@example(FULL)
@example(GENERAL)
def test_qualified_dublin_core_says_what_the_record_says(record: Record) -> None:
    found = Reader("oai_qdc", record)
    assert found.texts("dc:title | dcterms:alternative") == [*record.title]
    for element, values in (
        ("dc:creator", record.creators),
        ("dc:contributor", record.contributors),
        ("dc:subject", record.subjects),
        ("dcterms:abstract", record.description),
        ("dc:publisher", record.publisher),
        ("dcterms:issued", record.date),
        ("dc:type", record.type),
        ("dc:format", record.format),
        ("dc:source", record.source_ref),
        ("dc:language", record.language),
        ("dc:relation", record.relation),
        ("dc:coverage", record.coverage),
        ("dcterms:bibliographicCitation", [place.citation for place in appearances(record)]),
        ("dcterms:isPartOf", record.container),
    ):
        assert found.texts(element) == [*values], element
    known = addresses(record)
    others = [value for value in record.identifiers if value not in known]
    assert found.texts("dc:identifier") == [*(known or [LANDING]), *others]
    licence = licence_of(record)
    assert found.texts("dc:rights") == without_repeats([*record.rights, *([licence] if licence else [])])


@unhurried
@given(complete_records)
@example(FULL)
def test_rioxx_says_what_the_record_says(record: Record) -> None:
    found = Reader("rioxx", record)
    kind = kind_of(record)
    assert kind is not None
    assert found.texts("dc:title") == [": ".join(record.title)]
    assert found.texts("dc:identifier") == [LANDING]
    assert found.texts("dc:type") == [kind.coar]
    for role, names in (
        ("creator", record.creators),
        ("contributor", record.contributors),
        ("publisher", record.publisher),
    ):
        assert found.texts(f"r:{role}/r:name") == [*names]
    assert found.texts("r:publication_date") == list(iso_dates(record)[:1])
    assert found.texts("r:ext_relation") == list(addresses(record))
    assert found.texts("dc:subject") == [*record.subjects]
    assert found.texts("dc:description") == [*record.description]
    assert found.texts("dc:source") == [*record.container[:1]]


@unhurried
@given(complete_records)
@example(FULL)
def test_etd_ms_says_what_the_record_says(record: Record) -> None:
    found = Reader("etdms", record)
    titles = said_once(record.title)
    assert found.texts("e:title") == titles[:1]
    assert found.texts("e:alternativeTitle") == titles[1:]
    for element, values in (
        ("creator", record.creators),
        ("contributor", record.contributors),
        ("subject", record.subjects),
        ("description", record.description),
        ("publisher", record.publisher),
    ):
        assert found.texts(f"e:{element}") == said_once(values), element
    assert found.texts("e:date") == list(iso_dates(record)[:1])
    assert set(found.texts("e:identifier")) >= set(record.identifiers)


@unhurried
@given(complete_records)
@example(FULL)
def test_uketd_dc_says_what_the_record_says(record: Record) -> None:
    found = Reader("uketd_dc", record)
    assert found.texts("dc:title | dcterms:alternative") == [*record.title]
    assert found.texts("dc:creator") == [*record.creators]
    assert found.texts("dc:contributor") == [*record.contributors]
    assert found.texts("dcterms:issued") == [*record.date]
    assert found.texts("u:institution") == [*record.publisher]
    assert found.texts("dcterms:abstract") == [*record.description]
    assert set(found.texts("dc:identifier")) >= set(record.identifiers)


def test_another_parser_reads_the_same_from_every_format() -> None:
    for prefix, format_ in FORMATS.items():
        metadata = format_.render(FULL, LANDING)
        assert metadata is not None
        theirs = [(node.tag, node.text, dict(node.attrib)) for node in ET.fromstring(metadata).iter()]
        ours = [(node.tag, node.text, dict(node.attrib)) for node in etree.fromstring(metadata).iter(etree.Element)]
        assert theirs == ours, prefix

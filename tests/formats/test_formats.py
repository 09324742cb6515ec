"""Every format: valid whatever the record says, there exactly where the record can fill it, and nothing said wrongly."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from lxml import etree

from repo_harvest.formats import FORMATS, disseminate, header, validate, validate_response
from repo_harvest.formats.parts import addresses, doi, iso_dates
from repo_harvest.formats.terms import access_of, kind_of, language_tag
from repo_harvest.model import Header, Record, Rendition
from tests.formats.documents import answer
from tests.formats.telling import telling_records
from tests.strategies import records, unhurried

LANDING = "https://example.org/item/oai:example.org:1"
FULL = Record(
    title=("Walking alongside: mentors after prison", "Mentors after prison"),
    creators=("Okafor, Adaeze", "Northern Mentoring Partnership"),
    contributors=("Ní Bhriain, Aoife",),
    date=("2021-03-04",),
    publisher=("University of the North",),
    container=("Journal of Made-up Criminology",),
    volume=("64",),
    issue=("1",),
    pages=("4-20",),
    description=("Forty conversations about trust & time.",),
    identifiers=("https://doi.org/10.5555/walking.1", "urn:isbn:9780367228736"),
    type=("Doctoral thesis",),
    language=("en",),
    subjects=("mentoring", "desistance"),
    rights=("CC BY 4.0",),
)


@pytest.mark.parametrize("prefix", FORMATS)
def test_a_record_that_says_all_fills_every_format(prefix: str) -> None:
    metadata = FORMATS[prefix].render(FULL, LANDING)
    assert metadata is not None
    assert validate(Rendition(prefix=prefix, metadata=metadata)) == ()
    root = etree.fromstring(metadata)
    assert (root.get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation") or "").split() == [
        FORMATS[prefix].namespace,
        FORMATS[prefix].schema,
    ]
    text = "".join(map(str, root.itertext()))
    assert FULL.title[0] in text
    assert "Okafor, Adaeze" in text or ("Okafor" in text and "Adaeze" in text)


@unhurried
@given(telling_records)
def test_whatever_a_record_says_its_formats_are_valid(record: Record) -> None:
    renditions, problems = disseminate(record, LANDING)
    assert problems == ()
    assert {rendition.prefix for rendition in renditions} == wanted(record)
    head = header(Header(identifier="oai:x.org:1", datestamp=0)).decode()
    for rendition in renditions:
        given_record = f"<record>{head}<metadata>{rendition.metadata.decode()}</metadata></record>"
        assert validate_response(answer(f"<GetRecord>{given_record}</GetRecord>").encode()) == ()


@unhurried
@given(records)
def test_what_means_nothing_to_programs_is_valid_too(record: Record) -> None:
    assert disseminate(record, LANDING)[1] == () or not record.as_dict()


def wanted(record: Record) -> set[str]:
    """What each standard asks for, said once more."""
    kind = kind_of(record)
    found = {"oai_dc", "oai_qdc", "mods", "marcxml"}
    if kind is not None:
        if doi(record) and record.creators and record.publisher and record.year:
            found.add("oai_datacite")
        if access_of(record) and record.creators and iso_dates(record):
            found.add("oai_openaire")
        if record.creators and language_tag(record):
            found.add("rioxx")
        if kind.of_thesis is not None:
            found.add("uketd_dc")
            if record.creators and record.subjects and iso_dates(record):
                found.add("etdms")
    return found & set(FORMATS)


@unhurried
@given(telling_records)
def test_the_page_here_is_told_where_there_is_no_address(record: Record) -> None:
    without = replace(record, identifiers=())
    for prefix, format_ in FORMATS.items():
        metadata = format_.render(without, LANDING)
        if metadata is not None:
            assert LANDING.encode() in metadata, prefix
    if addresses(record):
        assert LANDING.encode() not in (FORMATS["oai_dc"].render(record, LANDING) or b"")


@pytest.mark.parametrize("missing", ["type", "title"])
def test_what_is_mandatory_and_not_known_is_not_made_up(missing: str) -> None:
    without = FULL.as_dict()
    del without[missing]
    renditions, problems = disseminate(Record.from_dict(without), LANDING)
    assert problems == ()
    assert {"oai_datacite", "oai_openaire", "rioxx"}.isdisjoint(rendition.prefix for rendition in renditions)


def test_a_licence_is_told_by_its_address_and_only_where_it_is_meant() -> None:
    address = "https://creativecommons.org/licenses/by/4.0/"
    record = replace(FULL, rights=("Copyright the authors", "CC BY 4.0"))
    rendered = {one.prefix: etree.fromstring(one.metadata) for one in disseminate(record, LANDING)[0]}
    told = [node.text for node in rendered["oai_dc"].iter("{http://purl.org/dc/elements/1.1/}rights")]
    assert told == ["Copyright the authors", "CC BY 4.0", address]
    stated = rendered["oai_datacite"].iter("{http://datacite.org/schema/kernel-4}rights")
    assert {node.text: node.get("rightsURI") for node in stated if node.text != "open access"} == {
        "Copyright the authors": None,
        "CC BY 4.0": address,
    }

"""The schemas of the metadata formats judge by themselves: samples are valid, and one change makes them invalid."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from repo_harvest.formats.schemas import compile_schema, directory, reader

SAMPLES = Path(__file__).parent / "samples"
ROOTS = {  # the set of schemas that each file of samples is valid by: where its format starts
    "datacite": ("http://datacite.org/schema/kernel-4", "datacite-4.xsd"),
    "openaire": ("http://namespace.openaire.eu/schema/oaire/", "openaire-4.xsd"),
    "rioxx": ("http://www.rioxx.net/schema/v3.0/rioxx/", "rioxx-3.xsd"),
}


@cache
def schema_of(name: str) -> etree.XMLSchema:
    namespace, file = ROOTS[name]
    return compile_schema({namespace: file}, reader(directory()))


def samples(name: str) -> list[bytes]:
    return [etree.tostring(node) for node in etree.parse(SAMPLES / f"{name}.xml").getroot().iterchildren(etree.Element)]


@pytest.mark.parametrize("name", ROOTS)
def test_samples_are_valid(name: str) -> None:
    documents = samples(name)
    assert len(documents) >= 4
    for document in documents:
        schema_of(name).assertValid(etree.fromstring(document))


@pytest.mark.parametrize("name", ROOTS)
def test_samples_use_every_element_attribute_and_value_that_the_schemas_declare(name: str) -> None:
    nodes = [node for document in samples(name) for node in etree.fromstring(document).iter(etree.Element)]
    used = {etree.QName(node).localname for node in nodes}
    used |= {etree.QName(attribute).localname for node in nodes for attribute in node.attrib}
    used |= {str(value) for node in nodes for value in node.attrib.values()}
    declared: set[str] = set()
    for file in directory().glob(f"{name}*.xsd"):
        for kind, key in (("element", "name"), ("attribute", "name"), ("enumeration", "value")):
            found = etree.parse(file).iterfind(f".//{{http://www.w3.org/2001/XMLSchema}}{kind}[@{key}]")
            declared |= {str(node.get(key)) for node in found if node.get("abstract") != "true"}
    assert len(declared) > 50
    assert declared - used == set()


@pytest.mark.parametrize(
    ("name", "index", "old", "new"),
    [
        # what must be there, and how often
        ("datacite", 0, "<datacite:publicationYear>2021</datacite:publicationYear>", ""),
        ("datacite", 4, "<datacite:subjects/>", "<datacite:subjects/><datacite:subjects/>"),
        ("datacite", 4, "<datacite:title/>", ""),
        ("datacite", 4, ' relationType="IsPartOf"', ""),
        ("datacite", 0, "<datacite:funderName>Lantern Foundation</datacite:funderName>", ""),
        ("openaire", 5, "<datacite:creatorName>Adeyemi, Tola</datacite:creatorName>", ""),
        ("openaire", 0, ' uri="http://purl.org/coar/resource_type/c_6501"', ""),
        ("openaire", 1, ' rightsURI="http://purl.org/coar/access_right/c_abf2"', ""),
        ("rioxx", 1, "<rioxxterms:name>Northmoor Youth Panel</rioxxterms:name>", ""),
        ("rioxx", 0, ' coar_type="http://purl.org/coar/resource_type/63NG-B465"', ""),
        # in its order
        ("datacite", 3, "<datacite:volume>12</datacite:volume>", "<datacite:lastPage/><datacite:volume/>"),
        ("datacite", 0, "</datacite:familyName>", "</datacite:familyName><datacite:givenName/>"),
        ("openaire", 0, "</datacite:familyName>", "</datacite:familyName><datacite:givenName/>"),
        ("rioxx", 1, "</rioxxterms:name>", "</rioxxterms:name><rioxxterms:name>x</rioxxterms:name>"),
        # values
        ("datacite", 4, ">1998<", ">98<"),
        ("datacite", 4, 'resourceTypeGeneral="Image"', 'resourceTypeGeneral="image"'),
        ("datacite", 0, ">-2.9<", ">-180.5<"),
        ("datacite", 0, ">53.4<", ">90.1<"),
        ("datacite", 0, ">en-GB</datacite:language>", ">en_GB</datacite:language>"),
        ("datacite", 4, ">10.5555/least<", "><"),
        (
            "openaire",
            1,
            'uri="http://purl.org/coar/resource_type/c_5794"',
            'uri="http://purl.org/coar/resource_type/c_0"',
        ),
        ("openaire", 0, 'dateType="Issued"', 'dateType="Withdrawn"'),
        ("openaire", 0, 'resourceTypeGeneral="literature"', 'resourceTypeGeneral="Literature"'),
        ("openaire", 0, ">AM<", "><"),
        ("rioxx", 1, ">HTTP://panel.example.org?paper=3#top<", ">panel.example.org<"),
        ("rioxx", 1, ">en-GB<", ">english<"),
        ("rioxx", 1, ">https://purl.org/coar/resource_type/c_18cf<", ">text<"),
        ("rioxx", 1, ">2019<", ">2019-02-30<"),
        ("rioxx", 2, 'deposit_date="2017-12-24T09:30Z"', 'deposit_date="2017-12-24T09:30"'),
        ("rioxx", 0, 'rel="cite-as"', 'rel="cite"'),
        ("rioxx", 0, 'type="application/pdf"', 'type="pdf"'),
        ("rioxx", 0, "https://purl.org/coar/version/c_ab4af688f83e57aa", "AM"),
        ("rioxx", 0, "https://purl.org/coar/access_right/c_abf2", "open"),
        ("rioxx", 0, 'first-named-author="true"', 'first-named-author="yes"'),
        ("rioxx", 0, "AF/2018/31", ""),
        # names nobody knows
        ("datacite", 4, "<datacite:sizes/>", "<datacite:sises/>"),
        ("datacite", 4, "<datacite:sizes/>", '<datacite:sizes unit="kB"/>'),
        ("openaire", 1, "<datacite:titles>", "<datacite:version>1</datacite:version><datacite:titles>"),
        ("openaire", 0, "<dc:coverage>", "<dc:date>2019</dc:date><dc:coverage>"),
        ("openaire", 0, "<dcterms:audience>", "<dcterms:audience><dc:source/>"),
        ("rioxx", 0, "<dc:source>", "<rioxxterms:id>https://example.org/</rioxxterms:id><dc:source>"),
        ("rioxx", 0, "<dc:coverage>", "<dcterms:abstract>x</dcterms:abstract><dc:coverage>"),
    ],
)
def test_a_planted_change_makes_a_sample_invalid(name: str, index: int, old: str, new: str) -> None:
    document = samples(name)[index]
    assert old.encode() in document
    changed = document.replace(old.encode(), new.encode(), 1)
    assert not schema_of(name).validate(etree.fromstring(changed))

"""Each sample of a metadata format is valid by our schemas; one thing wrong in it, and it is not."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

import pytest
from lxml import etree

from repo_harvest.formats.schemas import directory, reader
from repo_harvest.verify import mutants
from repo_harvest.verify.changes import XML, Node
from repo_harvest.verify.compare import compiled, files_of, names_of
from repo_harvest.verify.sets import SETS, SchemaSet

OURS = reader(directory())
SAMPLED = {these.name: these for these in SETS if not these.made}
WRONG = [  # set, what is there once, what stands there instead
    ("marc21", ' id="c1"', ' id="l1"'),
    ("marc21", "cam a2200301 a 4500", "cam a2200301 a 4501"),
    ("marc21", '"Authority"', '"authority"'),
    ("marc21", 'tag="09x"', 'tag="00x"'),
    ("marc21", 'tag="9XZ"', 'tag="9Xz"'),
    ("marc21", 'code="!"', 'code="@"'),
    ("marc21", 'tag="00A"', 'tag="010"'),
    ("marc21", '<marc:subfield code="Z"/>', ""),
    ("marc21", "<marc:leader>     nq  a22     n      </marc:leader>", ""),
    ("mods", 'version="3.4"', 'version="3.5"'),
    ("mods", "<mods:total>18<", "<mods:total>0<"),
    ("mods", 'order="-3"', 'order="third"'),
    ("mods", '<mods:languageTerm type="code">eng</mods:languageTerm>', ""),
    ("mods", ">serial<", ">series<"),
    ("mods", 'xlink:type="simple"', 'xlink:type="extended"'),
    ("mods", 'xlink:show="embed"', 'xlink:show="shown"'),
    ("mods", "<mods:note/>", ""),
    ("mods", "<mods:scale>1:25000</mods:scale>", "<mods:scale/><mods:scale/>"),
    ("mods", "<mods:copyInformation/>", "<mods:copyInformation>lost</mods:copyInformation>"),
    ("mods", 'xml:lang="en-GB"', 'xml:lang="en_GB"'),
    ("mods", "https://repository.example.org/7/preview", "https://[7/"),
    ("qdc", 'Type">Text<', 'Type">text<'),
    ("qdc", 'W3CDTF">2021-03-04<', 'W3CDTF">4 March<'),
    ("qdc", '"dcterms:LCSH"', '"dcterms:LCSX"'),
    ("qdc", 'xsi:type="dcterms:DDC"', 'xsi:type="dcterms:DDC" xml:lang="en"'),
    ("qdc", "<dc:source>lecture notes", "<dc:source><dc:title/>lecture notes"),
    ("qdc", "<dcterms:medium>paper</dcterms:medium>", "<dc:any>paper</dc:any>"),
    ("qdc", 'RFC3066">en-GB<', 'RFC3066">en_GB<'),
    ("qdc", "<qdc:qualifieddc/>", "<qdc:qualifieddc>text</qdc:qualifieddc>"),
    ("etdms", "<etdms:subject>probation</etdms:subject>", ""),
    ("etdms", 'role="note"', 'role="remark"'),
    ("etdms", "<etdms:date>2019<", "<etdms:date>in 2019<"),
    ("etdms", "<etdms:degree/>", "<etdms:degree><etdms:title/></etdms:degree>"),
    ("etdms", "<etdms:type>text</etdms:type>", '<etdms:type translated="me">text</etdms:type>'),
    ("etdms", "https://people.example.org/lewis", "http://[::1"),
    ("uketd_dc", "0000-0002-1694-233X", "0000-0002-1694-233Y"),
    ("uketd_dc", "0000 0001 0000 012X", "0000 0001 0000"),
    ("uketd_dc", "0a1b2c3d4e5f60718293a4b5c6d7e8f9", "0a1b2c3d4e5f60718293a4b5c6d7e8fg"),
    ("uketd_dc", 'xsi:type="uketdterms:MD5"', 'xsi:type="uketdterms:SHA"'),
    ("uketd_dc", "<uketd_dc:uketddc/>", "<uketd_dc:uketddc><uketdterms:level/></uketd_dc:uketddc>"),
    ("uketd_dc", ">2023-01-31<", ">2023-02-31<"),
    ("datacite", "<datacite:publicationYear>2021</datacite:publicationYear>", ""),
    ("datacite", "<datacite:subjects/>", "<datacite:subjects/><datacite:subjects/>"),
    ("datacite", "<datacite:title/>", ""),
    ("datacite", 'relatedItemType="Event" relationType="IsPartOf"', 'relatedItemType="Event"'),
    ("datacite", "<datacite:funderName>Lantern Foundation</datacite:funderName>", ""),
    ("datacite", "<datacite:volume>12</datacite:volume>", "<datacite:lastPage/><datacite:volume/>"),
    ("datacite", ">1998<", ">98<"),
    ("datacite", 'resourceTypeGeneral="Image"/', 'resourceTypeGeneral="image"/'),
    ("datacite", ">-2.9<", ">-180.5<"),
    ("datacite", ">53.4<", ">90.1<"),
    ("datacite", ">en-GB</datacite:language>", ">en_GB</datacite:language>"),
    ("datacite", ">10.5555/least<", "><"),
    ("datacite", "<datacite:sizes/>", "<datacite:sises/>"),
    ("datacite", "<datacite:formats/>", '<datacite:formats unit="kB"/>'),
    ("openaire", ' uri="http://purl.org/coar/resource_type/c_6501"', ""),
    ("openaire", ' rightsURI="http://purl.org/coar/access_right/c_abf2"', ""),
    ("openaire", 'uri="http://purl.org/coar/resource_type/c_5794"', 'uri="http://purl.org/coar/resource_type/c_0"'),
    ("openaire", 'dateType="Issued"', 'dateType="Withdrawn"'),
    ("openaire", ">AM<", "><"),
    ("openaire", "<oaire:citationVolume>4<", "<datacite:version/><oaire:citationVolume>4<"),
    ("openaire", "<dc:coverage>", "<dc:date>2019</dc:date><dc:coverage>"),
    ("openaire", "<dcterms:audience>", "<dcterms:audience><dc:source/>"),
    ("rioxx", "<rioxxterms:name>Northmoor Youth Panel</rioxxterms:name>", ""),
    ("rioxx", ' coar_type="http://purl.org/coar/resource_type/63NG-B465"', ""),
    ("rioxx", ">HTTP://panel.example.org?paper=3#top<", ">panel.example.org<"),
    ("rioxx", ">en-GB<", ">english<"),
    ("rioxx", ">https://purl.org/coar/resource_type/c_18cf<", ">text<"),
    ("rioxx", ">2019<", ">2019-02-30<"),
    ("rioxx", 'deposit_date="2017-12-24T09:30Z"', 'deposit_date="2017-12-24T09:30"'),
    ("rioxx", 'rel="cite-as">', 'rel="cite">'),
    ("rioxx", 'type="application/pdf" coar_type', 'type="pdf" coar_type'),
    ("rioxx", "https://purl.org/coar/version/c_ab4af688f83e57aa", "AM"),
    ("rioxx", "https://purl.org/coar/access_right/c_abf2", "open"),
    ("rioxx", 'first-named-author="true"', 'first-named-author="yes"'),
    ("rioxx", "AF/2018/31", ""),
    ("rioxx", "<dc:source>", "<rioxxterms:id>https://example.org/</rioxxterms:id><dc:source>"),
    ("rioxx", "<dc:coverage>", "<dcterms:abstract>x</dcterms:abstract><dc:coverage>"),
]
EVERY = pytest.mark.parametrize("these", SAMPLED.values(), ids=SAMPLED)


def text_of(these: SchemaSet) -> str:
    return (mutants.FOLDER / f"{these.name}.xml").read_text(encoding="utf-8")


def samples(text: str) -> list[Node]:
    return [mutants.alone(node) for node in etree.fromstring(text.encode()).iterchildren(etree.Element)]


@EVERY
def test_each_sample_is_valid(these: SchemaSet) -> None:
    schema = compiled(these, OURS)
    for root in samples(text_of(these)):
        schema.assertValid(root)


def files_first_met_in(these: SchemaSet) -> list[tuple[str, str, Node]]:
    """The files of the set that no set before it has: the samples of that one use what those declare."""
    before = takewhile(lambda other: other is not these, SAMPLED.values())
    met = {etree.tostring(root) for other in before for _, _, root in files_of(OURS, other.ours)}
    found = files_of(OURS, these.ours)
    return [one for one in found if one[1] != XML and etree.tostring(one[2]) not in met]


@EVERY
def test_the_samples_use_every_element_attribute_and_value_that_the_schemas_enumerate(these: SchemaSet) -> None:
    files = files_first_met_in(these)
    names = names_of(these.prefixes(), files)
    nodes = [node for root in samples(text_of(these)) for node in root.iter(etree.Element)]
    attributes = [str(name) for node in nodes for name in node.attrib]
    written = {str(value) for node in nodes for value in (node.text or "", *node.attrib.values())}
    unwritten = {"bare", "x", *(node.get("name") for _, _, root in files for node in root.iterfind("*[@abstract]"))}
    assert {etree.QName(name).localname for name in names.elements} - {*tried(nodes)} == unwritten
    assert {etree.QName(name).localname for name in names.attributes} - {*tried(attributes)} == set()
    assert {*names.values} - written == set()


def tried(names: list[Node] | list[str]) -> Iterator[str]:
    return (etree.QName(name).localname for name in names)


@pytest.mark.parametrize(("name", "right", "wrong"), WRONG)
def test_a_sample_with_one_thing_wrong_is_not_valid(name: str, right: str, wrong: str) -> None:
    text, schema = text_of(SAMPLED[name]), compiled(SAMPLED[name], OURS)
    assert text.count(right) == 1
    verdicts = [schema.validate(root) for root in samples(text.replace(right, wrong))]
    assert verdicts.count(False) == 1


def test_every_set_has_a_sample_with_something_wrong() -> None:
    assert {name for name, _, _ in WRONG} == {*SAMPLED}

"""The corrections to the published schema of RIOXX change what they are to change, and its rules are ours in other words."""

from __future__ import annotations

import pytest
from lxml import etree

from repo_harvest.formats.schemas import directory, reader
from repo_harvest.verify import rioxx
from repo_harvest.verify.compare import compare, compiled, judge
from repo_harvest.verify.mutants import FOLDER, samples_of
from repo_harvest.verify.rioxx import corrected, our_rule, published_rule
from repo_harvest.verify.sets import SETS

OURS = reader(directory())
DC = "http://purl.org/dc/elements/1.1/"
XS = 'xmlns:xs="http://www.w3.org/2001/XMLSchema"'
EXACTLY_ONE = "dc:identifier dc:title dcterms:dateAccepted"
AT_LEAST_ONE = "dc:language dc:type rioxxterms:creator rioxxterms:project"
AT_MOST_ONE = "dc:source rioxxterms:publication_date rioxxterms:record_public_release_date"


def refs(names: str, rest: str) -> str:
    return "".join(f'<xs:element ref="{name}" {rest}/>' for name in names.split())


ALL = f"""<xs:schema {XS}><xs:element name="rioxx"><xs:complexType><xs:all>
{refs(EXACTLY_ONE, 'maxOccurs="1"')}{refs(AT_LEAST_ONE, 'minOccurs="1"')}
{refs(AT_MOST_ONE, 'minOccurs="0" maxOccurs="1"')}{refs("dc:subject", 'minOccurs="0"')}
</xs:all></xs:complexType></xs:element></xs:schema>"""  # as it is published, but for what it says nothing of
PUBLISHED = published_rule(lambda _: corrected("rioxx.xsd", ALL.encode()))


def names_in(root: etree._Element) -> set[str]:
    return {str(node.get("name")) for node in root.iterfind("*[@name]")}


def test_an_xs_all_becomes_a_choice_that_remembers_its_counts() -> None:
    root = etree.fromstring(corrected("rioxx.xsd", ALL.encode()))
    (choice,) = root.iter("{http://www.w3.org/2001/XMLSchema}choice")
    assert (choice.get("minOccurs"), choice.get("maxOccurs")) == ("0", "unbounded")
    counts = {str(element.get("ref")): (element.get(rioxx.LEAST), element.get(rioxx.MOST)) for element in choice}
    assert counts["dc:title"] == ("1", "1")
    assert counts["dc:language"] == ("1", "inf")
    assert counts["dc:source"] == counts["dcterms:dateAccepted"] == ("0", "1")
    assert counts["dc:subject"] == counts["rioxxterms:project"] == ("0", "inf")
    assert not any(element.get("minOccurs") or element.get("maxOccurs") for element in choice)


def test_declarations_are_replaced_kept_and_left_out() -> None:
    published = f"""<xs:schema {XS} targetNamespace="urn:dc">
      <xs:import namespace="urn:more" schemaLocation="more.xsd"/><xs:element name="title" substitutionGroup="any"/>
      <xs:element name="date"/><xs:element name="identifier" type="xs:string"/></xs:schema>"""
    root = etree.fromstring(corrected("dc.xsd", published.encode()))
    assert names_in(root) == {"title", "identifier", "type", "language", "relation"}
    assert [node.get("namespace") for node in root.iterfind("{*}import")] == [rioxx.TERMS]
    types = {node.get("name"): node.get("type") for node in root.iterfind("{*}element")}
    assert (types["title"], types["identifier"]) == ("SimpleLiteral", "rioxxterms:httpURI")
    assert root.find("{*}element[@substitutionGroup]") is None


def test_a_name_that_was_cut_short_is_whole_again_and_one_without_a_place_is_told() -> None:
    stems = sorted(name.replace(".", "-").partition("-")[0] for name in whole_names())
    listed = "".join(f'<xs:enumeration value="{name}"/>' for name in ["about", *stems])
    published = f"""<xs:schema {XS}><xs:attribute name="id"/><xs:simpleType name="ianaRelationList">
      <xs:restriction base="xs:string">{listed}</xs:restriction></xs:simpleType></xs:schema>"""
    root = etree.fromstring(corrected("rioxxterms.xsd", published.encode()))
    assert root.find("{*}attribute") is None
    values = [node.get("value") for node in root.iterfind("*[@name='ianaRelationList']/*/*")]
    assert values == ["about", *whole_names()]
    with pytest.raises(AssertionError, match="cite-as has no place left"):
        corrected("rioxxterms.xsd", published.replace('<xs:enumeration value="cite"/>', "").encode())


def whole_names() -> list[str]:
    return str(etree.parse(rioxx.CORRECTIONS).findtext(".//relations")).split()


def test_files_that_need_no_correction_stay() -> None:
    assert corrected("xml.xsd", b"<any/>") == b"<any/>"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<dc:source>2999-0140</dc:source>", "<dc:source/><dc:source/>"),
        ('<dc:title xml:lang="en">Keys on release: sixty tenancies after prison</dc:title>', ""),
        ('funder_name="Fellside Council"', 'funder_name=" "'),
        ('first-named-author="false"', 'first-named-author="1"'),
        ("https://repository.fellside.example.org/items/1207/paper.pdf", "urn:x:1"),
        ('deposit_date="2020-09-29"', 'deposit_date="2021-02-29T10:00Z"'),
        (">2020-08-14<", ">0000-02-28T10:00+01:00<"),
    ],
)
def test_both_rules_are_broken_by_the_same(old: str, new: str) -> None:
    record = samples_of(FOLDER / "rioxx.xml")[0]
    text = etree.tostring(record, encoding="unicode")
    assert our_rule(record)
    assert PUBLISHED(record)
    assert text.count(old) == 1
    broken = etree.fromstring(text.replace(old, new))
    assert not our_rule(broken)
    assert not PUBLISHED(broken)


def test_a_side_is_its_schema_and_its_rule() -> None:
    (one,) = (these for these in SETS if these.name == "rioxx")
    side, schema = judge(one, OURS), compiled(one, OURS)
    good, bad = (samples_of(FOLDER / "rioxx.xml")[0] for _ in range(2))
    bad.append(etree.Element(f"{{{DC}}}title"))
    assert [schema.validate(record) for record in (good, bad)] == [True, True]
    assert [side.validate(record) for record in (good, bad)] == [True, False]
    assert compare(side, schema, [etree.tostring(bad)]).disagreements
    assert side.why(bad) == "a rule that no schema can state is broken"


def test_rules_are_for_records_alone() -> None:
    root = etree.fromstring("<other/>")
    assert our_rule(root)
    assert PUBLISHED(root)

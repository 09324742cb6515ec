"""What holds our schemas against others finds a difference where there is one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from random import Random

import pytest
from lxml import etree

from repo_harvest.formats.schemas import Read, directory, reader
from repo_harvest.verify import protocol
from repo_harvest.verify.changes import Names
from repo_harvest.verify.compare import Counts, compare, compiled, declared, files_of, names_of
from repo_harvest.verify.sets import SETS, SchemaSet
from tests.formats.documents import Edit, edited

OURS = reader(directory())
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
SET = {these.name: these for these in SETS}
OAI = SET["oai"]


def judged(these: SchemaSet, left: Read, documents: Iterable[bytes]) -> Counts:
    """What our schemas as changed by `left` and ours as they are say of the documents."""
    return compare(compiled(these, left), compiled(these, OURS), documents)


def names(these: SchemaSet, *sides: Read) -> Names:
    return names_of(these.prefixes(), [file for read in sides for file in files_of(read, these.ours)])


def weakened(file: str, old: str, new: str) -> Read:
    """Our schemas with one thing changed in one file."""

    def read(location: str) -> bytes:
        content = OURS(location)
        if location.endswith(file):
            assert content.count(old.encode()) >= 1
            return content.replace(old.encode(), new.encode(), 1)
        return content

    return read


def sample(seed: int) -> Iterator[bytes]:
    """Made documents and mutants of them."""
    known, random = names(OAI, OURS), Random(seed)
    for _ in range(100):
        for root in protocol.made(random):
            yield etree.tostring(root)
            yield protocol.mutant(root, random, known)


@pytest.mark.parametrize(
    ("file", "old", "new", "edit"),
    [
        ("OAI-PMH.xsd", '"strict"', '"lax"', ("GetRecord", OAI_DC, "urn:x")),
        ("OAI-PMH.xsd", '<xs:enumeration value="transient"/>', "", ("Identify", "persistent", "transient")),
        ("OAI-PMH.xsd", r"\S+@\S+\.\S+", r"\S+@\S+", ("Identify", "a@example.org", "a@example")),
        ("OAI-PMH.xsd", "()]+(:", "()]*(:", ("ListSets", ">crime<", ">:crime<")),
        ("OAI-PMH.xsd", 'type="xs:positiveInteger"', 'type="xs:integer"', ("ListSets", '"9"', '"0"')),
        ("oai-identifier.xsd", 'fixed="oai"', "", ("Identify", ">oai<", ">iao<")),
        ("simpledc20021212.xsd", '<xs:element ref="dc:date"/>', "", ("GetRecord", "On Trust", "On Trust")),
        ("xml.xsd", '<xs:length value="0"/>', "", ("GetRecord", '"en-GB"', '"en_GB"')),
    ],
)
def test_one_document_is_enough_to_find_out_a_changed_schema(file: str, old: str, new: str, edit: Edit) -> None:
    document = edited(edit)
    counts = judged(OAI, weakened(file, old, new), [document, document])
    assert [found for _, found in counts.disagreements] == [document]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("OAI-PMH.xsd", '<xs:enumeration value="persistent"/>', ""),
        ("OAI-PMH.xsd", '<xs:attribute name="status" type="statusType"/>', ""),
        ("simpledc20021212.xsd", '<xs:element ref="dc:rights"/>', ""),
    ],
)
def test_what_it_makes_up_finds_out_a_changed_schema(file: str, old: str, new: str) -> None:
    assert judged(OAI, weakened(file, old, new), sample(seed=1)).disagreements


def test_schemas_agree_with_themselves_on_documents_of_both_kinds() -> None:
    counts = judged(OAI, OURS, sample(seed=2))
    assert counts.disagreements == []
    assert min(counts.valid, counts.invalid) > 500
    assert str(counts).endswith("disagreements 0")


def test_every_name_and_value_of_the_schemas_is_tried_as_a_type() -> None:
    known = names(OAI, OURS)
    for type_name, value in (
        ("oai:emailType", "a@b..c"),
        ("id:sampleIdentifierType", "oai:a.b:("),
        ("dc:elementType", "badVerb"),
    ):
        few = Names(types=[type_name], elements=[], values=known.values)
        found = [root for root in map(etree.fromstring, protocol.every_type(few)) if root.text == value]
        assert [root.get("{http://www.w3.org/2001/XMLSchema-instance}type") for root in found] == [type_name]
        assert type_name in known.types


def test_what_is_made_to_be_valid_is_valid() -> None:
    random = Random(3)
    made = [etree.tostring(root) for _ in range(50) for root in protocol.made(random)]
    counts = judged(OAI, OURS, made)
    assert counts.invalid == 0
    assert counts.valid > 400


def test_each_part_of_a_document_is_changed_in_turn() -> None:
    root = next(protocol.made(Random(4)))
    few = Names(types=["oai:setType"], elements=["renamed"], values=[])
    changed = [*protocol.one_change_each(root, few)]
    for mark in (b"<renamed", b'xsi:type="oai:setType"', b'xsi:nil="true"'):
        assert len({document for document in changed if mark in document}) >= len([*root.iter()])


def test_names_that_only_one_side_declares_are_found() -> None:
    extra = weakened("OAI-PMH.xsd", '<xs:element name="OAI-PMH"', '<xs:element name="more"/><xs:element name="OAI-PMH"')
    ours, others = (declared(files_of(read, OAI.ours), "xs:element") for read in (OURS, extra))
    difference = ours ^ others
    assert difference == {("element", "{http://www.openarchives.org/OAI/2.0/}more")}
    assert "{http://www.openarchives.org/OAI/2.0/}more" in names(OAI, OURS, extra).elements


def test_files_that_are_imported_or_included_belong_to_the_set_in_the_namespace_they_are_in() -> None:
    xs = 'xmlns:xs="http://www.w3.org/2001/XMLSchema"'
    files = {
        "start.xsd": f'<xs:schema {xs} targetNamespace="urn:a"><xs:include schemaLocation="http://x/include/part.xsd"/>'
        '<xs:import namespace="urn:b" schemaLocation="other.xsd"/></xs:schema>',
        "part.xsd": f'<xs:schema {xs}><xs:include schemaLocation="part.xsd"/><xs:include schemaLocation="both.xsd"/>'
        '<xs:element name="p"/></xs:schema>',
        "other.xsd": f'<xs:schema {xs} targetNamespace="urn:b"><xs:include schemaLocation="both.xsd"/></xs:schema>',
        "both.xsd": f'<xs:schema {xs}><xs:element name="q"/></xs:schema>',
    }
    found = files_of(lambda location: files[location.rpartition("/")[2]].encode(), {"urn:a": "start.xsd"})
    assert declared(found, "xs:element") == {("element", f"{{urn:{name}") for name in ("a}p", "a}q", "b}q")}


@pytest.mark.parametrize(
    ("name", "file", "old", "new"),
    [
        ("marc21", "MARC21slim.xsd", "00[1-9A-Za-z]", "00[1-9A-Z]"),
        ("marc21", "MARC21slim.xsd", '<xs:enumeration value="Community"/>', ""),
        ("marc21", "MARC21slim.xsd", 'type="dataFieldType" minOccurs="0"', 'type="dataFieldType"'),
        ("datacite", "datacite-4.xsd", '<xs:enumeration value="IsCitedBy"/>', ""),
        ("openaire", "openaire-datacite.xsd", '<xs:attribute name="schemeType"/>', ""),
        ("rioxx", "rioxxterms-3.xsd", '<xs:enumeration value="cite-as"/>', ""),
        ("rioxx", "rioxxterms-3.xsd", "-02-(0[1-9]|[12][0-9])T", "-02-(0[1-9]|1[0-9]|2[0-8])T"),
        ("rioxx", "rioxxterms-3.xsd", '<xs:attribute name="rel" type="ianaRelationList" use="required"/>', ""),
        ("rioxx", "rioxx-3.xsd", '<xs:element ref="dc:source"/>', ""),
    ],
)
def test_what_is_made_of_samples_finds_out_a_changed_schema(name: str, file: str, old: str, new: str) -> None:
    made = SET[name].documents(1, 300, names(SET[name], OURS))
    changed, unchanged = compiled(SET[name], weakened(file, old, new)), compiled(SET[name], OURS)
    assert any(compare(changed, unchanged, [document]).disagreements for document in made)

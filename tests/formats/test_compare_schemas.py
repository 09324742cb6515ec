"""The command that holds our schemas against the official ones: it finds a difference where there is one."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from random import Random
from types import ModuleType

import pytest
from lxml import etree

from repo_harvest.formats.schemas import Read, directory, reader
from tests.formats.documents import Edit, edited

BENCH = Path(__file__).parents[2] / "bench"
OURS = reader(directory())
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(BENCH)  # as when it is run
    return import_module("compare_schemas")


@pytest.fixture
def documents(command: ModuleType) -> ModuleType:
    return sys.modules[command.documents.__module__]


def weakened(file: str, old: str, new: str) -> Read:
    """Our schemas with one thing changed in one file."""

    def read(location: str) -> bytes:
        content = OURS(location)
        if location.endswith(file):
            assert content.count(old.encode()) >= 1
            return content.replace(old.encode(), new.encode(), 1)
        return content

    return read


def sample(command: ModuleType, documents: ModuleType, seed: int) -> Iterator[bytes]:
    """Made documents and mutants of them."""
    names, random = command.names_of(OURS), Random(seed)
    for _ in range(100):
        for root in documents.made(random):
            yield etree.tostring(root)
            yield documents.mutant(root, random, names)


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
def test_one_document_is_enough_to_find_out_a_changed_schema(
    file: str, old: str, new: str, edit: Edit, command: ModuleType
) -> None:
    document = edited(edit)
    counts = command.compare(weakened(file, old, new), OURS, [document, document])
    assert [found for _, found in counts.disagreements] == [document]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("OAI-PMH.xsd", '<xs:enumeration value="persistent"/>', ""),
        ("OAI-PMH.xsd", '<xs:attribute name="status" type="statusType"/>', ""),
        ("simpledc20021212.xsd", '<xs:element ref="dc:rights"/>', ""),
    ],
)
def test_what_it_makes_up_finds_out_a_changed_schema(
    file: str, old: str, new: str, command: ModuleType, documents: ModuleType
) -> None:
    assert command.compare(weakened(file, old, new), OURS, sample(command, documents, seed=1)).disagreements


def test_schemas_agree_with_themselves_on_documents_of_both_kinds(command: ModuleType, documents: ModuleType) -> None:
    counts = command.compare(OURS, OURS, sample(command, documents, seed=2))
    assert counts.disagreements == []
    assert min(counts.valid, counts.invalid) > 500
    assert str(counts).endswith("disagreements 0")


def test_every_name_and_value_of_the_schemas_is_tried_as_a_type(command: ModuleType, documents: ModuleType) -> None:
    names = command.names_of(OURS)
    for type_name, value in (
        ("oai:emailType", "a@b..c"),
        ("id:sampleIdentifierType", "oai:a.b:("),
        ("dc:elementType", "badVerb"),
    ):
        few = documents.Names(types=[type_name], elements=[], values=names.values)
        found = [root for root in map(etree.fromstring, documents.every_type(few)) if root.text == value]
        assert [root.get("{http://www.w3.org/2001/XMLSchema-instance}type") for root in found] == [type_name]
        assert type_name in names.types


def test_what_is_made_to_be_valid_is_valid(command: ModuleType, documents: ModuleType) -> None:
    random = Random(3)
    made = [etree.tostring(root) for _ in range(50) for root in documents.made(random)]
    counts = command.compare(OURS, OURS, made)
    assert counts.invalid == 0
    assert counts.valid > 400


def test_each_part_of_a_document_is_changed_in_turn(documents: ModuleType) -> None:
    root = next(documents.made(Random(4)))
    few = documents.Names(types=["oai:setType"], elements=["renamed"], values=[])
    changed = [*documents.one_change_each(root, few)]
    for mark in (b"<renamed", b'xsi:type="oai:setType"', b'xsi:nil="true"'):
        assert len({document for document in changed if mark in document}) >= len([*root.iter()])


def test_names_that_only_one_side_declares_are_found(command: ModuleType) -> None:
    extra = weakened("OAI-PMH.xsd", '<xs:element name="OAI-PMH"', '<xs:element name="more"/><xs:element name="OAI-PMH"')
    difference = command.declared(OURS, "xs:element") ^ command.declared(extra, "xs:element")
    assert difference == {("element", "{http://www.openarchives.org/OAI/2.0/}more")}
    assert "{http://www.openarchives.org/OAI/2.0/}more" in command.names_of(OURS, extra).elements


def test_the_official_files_are_read_by_name_from_two_folders(command: ModuleType, tmp_path: Path) -> None:
    for name, folder in command.FOLDERS.items():
        (tmp_path / "xsd" / folder).mkdir(parents=True, exist_ok=True)
        shutil.copy(directory() / name, tmp_path / "xsd" / folder)
    read = command.official_reader(tmp_path)
    for name in command.FOLDERS:
        assert read(f"http://example.org/somewhere/{name}") == OURS(name)
    with pytest.raises(FileNotFoundError):
        read("http://example.org/other.xsd")


def test_without_the_official_schemas_it_says_so_and_exits_with_2(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, BENCH / "compare_schemas.py", "--shared", tmp_path],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert done.stderr.startswith(f"the official schemas are not in {tmp_path}/xsd: no oai/OAI-PMH.xsd, ")
    assert done.stderr.count("\n") == 1

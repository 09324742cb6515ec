"""`schemas list` tells of every schema, and `schemas verify` finds what a folder of other copies says differently."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from repo_harvest.cli.schemas import schemas_command
from repo_harvest.errors import UsageError
from repo_harvest.formats import FORMATS
from repo_harvest.formats.schemas import directory, reader
from repo_harvest.verify import PUBLISHED, SETS, hold, listed
from repo_harvest.verify.compare import starts
from repo_harvest.verify.copies import Copies

SET = {these.name: these for these in SETS}
MARC = "MARC21slim.xsd"


def verify(*arguments: str | Path) -> Result:
    return CliRunner().invoke(schemas_command, ["verify", *map(str, arguments)], standalone_mode=False)


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    """A folder with copies for the set marc21, which nothing imports."""
    (tmp_path / "loc").mkdir()
    shutil.copy(directory() / MARC, tmp_path / "loc" / MARC)
    return tmp_path


def change(folder: Path, old: str, new: str) -> None:
    file = folder / "loc" / MARC
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_every_schema_is_listed_with_the_formats_that_it_judges() -> None:
    found = {one.file: one for one in listed()}
    assert {*found} == {*PUBLISHED} == {file.name for file in directory().glob("*.xsd")}
    for one in FORMATS.values():
        assert one.prefix in found[one.file].formats
        assert (found[one.file].namespace, found[one.file].official.address) == (one.namespace, one.schema)
    assert found["xml.xsd"].formats == tuple(name for name in FORMATS if name != "marcxml")
    printed = CliRunner().invoke(schemas_command, ["list", "--json"]).stdout
    assert [one["file"] for one in json.loads(printed)] == [*PUBLISHED]
    assert MARC in CliRunner().invoke(schemas_command, ["list"]).stdout


def test_the_same_schema_says_the_same(copies: Path) -> None:
    done = verify(copies, "--mutants", "10", "--set", "marc21", "--set", "mods")
    assert done.return_value == 0, done.stderr
    assert done.stdout.startswith("marc21 (marcxml): ")
    assert ", 0 judged differently\n" in done.stdout
    assert "mods: not compared: mods-3-4.xsd, xlink.xsd not in the folder\n" in done.stdout
    (told,) = json.loads(verify(copies, "--mutants", "10", "--json").stdout)["compared"]
    assert min(told["valid"], told["invalid"]) > 500
    assert (told["set"], told["differences"], told["fault"]) == ("marc21", [], "")


def test_a_stricter_copy_is_told_with_its_file_the_reason_and_a_document(copies: Path) -> None:
    change(copies, '<xs:enumeration value="Community"/>', "")
    done = verify(copies, "--mutants", "10")
    assert done.return_value == 1
    assert f"the official {MARC} refuses what our {MARC} accepts: " in done.stderr
    assert "'Community'" in done.stderr
    assert 'type="Community"' in done.stderr
    assert " more\n" in done.stderr


def test_a_looser_copy_and_another_name_are_told(copies: Path) -> None:
    change(
        copies, '<xs:enumeration value="Community"/>', '<xs:enumeration value="Community"/><xs:enumeration value="x"/>'
    )
    change(copies, "</xs:schema>", '<xs:element name="more"/></xs:schema>')
    verdict = hold(SET["marc21"], Copies(copies), seed=1, mutants=10)
    assert verdict.one_sided == ("{http://www.loc.gov/MARC21/slim}more",)
    assert {one.refused_by for one in verdict.differences} == {f"our {MARC}"}
    assert "only one side declares {http://www.loc.gov/MARC21/slim}more" in verify(copies, "--mutants", "10").stderr


def test_what_cannot_be_compiled_or_lacks_an_import_is_told_and_fails(copies: Path) -> None:
    change(copies, "<xs:element", '<xs:import namespace="urn:x" schemaLocation="http://x.example/x.xsd"/><xs:element')
    done = verify(copies)
    assert (done.return_value, done.stdout.startswith("oai: not compared")) == (1, True)
    assert done.stderr == "marc21 (marcxml): not compared: x.xsd is missing, which the others import\n"
    (copies / "x.xsd").write_text("<no schema")
    assert "marc21 (marcxml): not compared: they do not compile" in verify(copies).stderr


def test_a_folder_without_official_schemas_is_wrong_usage(tmp_path: Path) -> None:
    done = verify(tmp_path)
    assert isinstance(done.exception, UsageError)
    assert "`repo-harvest schemas list` says where to get them" in str(done.exception)


def test_files_are_read_by_name_the_nearest_first_and_never_from_outside(tmp_path: Path) -> None:
    folder = tmp_path / "official"
    for place, namespace in (
        ("one/openaire.xsd", "http://namespace.openaire.eu/schema/oaire/"),
        ("one/dc.xsd", "http://purl.org/dc/elements/1.1/"),
        ("one/datacite-v4.xsd", "http://datacite.org/schema/kernel-4"),
        ("one/dcterms.xsd", "http://purl.org/dc/terms/"),
        ("two/dcterms.xsd", "http://purl.org/dc/terms/"),
        ("old/metadata.xsd", "http://datacite.org/schema/kernel-3"),
        ("z/metadata.xsd", "http://datacite.org/schema/kernel-4"),
        ("z/include/part.xsd", ""),
        ("a/part.xsd", ""),
    ):
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        text = f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{namespace}" id="{place}"/>'
        (folder / place).write_text(text)
    (tmp_path / "xlink.xsd").write_text("<outside/>")
    (folder / "xlink.xsd").symlink_to(tmp_path / "xlink.xsd")
    copies = Copies(folder)
    assert b"one/dc.xsd" in copies.reader(SET["openaire"])("http://x.example/dc.xsd")
    assert b"two/dcterms.xsd" in copies.reader(SET["qdc"])("dcterms.xsd")
    assert b"z/metadata.xsd" in copies.reader(SET["datacite"])("metadata.xsd")
    assert b"z/include/part.xsd" in copies.reader(SET["datacite"])("include/part.xsd")
    assert copies.reader(SET["uketd_dc"])("uketd_dc.xsd") == reader(directory())("uketd_dc.xsd")
    assert copies.lacking(SET["qdc"]) == ("qdc-1.0.xsd", "dc.xsd")
    assert [these.name for these in SETS if copies.known(these)] == ["datacite", "openaire"]
    assert "xlink.xsd" in copies.lacking(SET["mods"])
    for name in ("../xlink.xsd", "xlink.xsd", "/etc/passwd"):
        with pytest.raises(FileNotFoundError):
            copies.reader(SET["mods"])(name)


def test_every_set_starts_with_a_file_that_tells_where_the_others_are() -> None:
    for these in SETS:
        first = next(iter(starts(these, official=True).values()))
        assert these.rare or first == next(PUBLISHED[file].address.rpartition("/")[2] for file in these.ours.values())

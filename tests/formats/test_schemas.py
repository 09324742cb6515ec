"""Where the schemas are found, and that nothing but them is ever opened."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from lxml import etree
from pytest_httpserver import HTTPServer

from repo_harvest.errors import UsageError
from repo_harvest.formats import FORMATS
from repo_harvest.formats.schemas import compile_schema, directory, reader

XS = "{http://www.w3.org/2001/XMLSchema}"
FILES = sorted(directory().glob("*.xsd"))


def namespace_of(file: Path) -> str:
    return str(etree.parse(file).getroot().get("targetNamespace"))


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "lib" / "repo_harvest"
    folder.mkdir(parents=True)
    return folder


def test_the_schemas_of_an_installed_package_are_inside_it(package: Path) -> None:
    shutil.copytree(directory(), package / "schemas")
    assert directory(package) == package / "schemas"


def test_the_schemas_of_a_source_checkout_are_beside_the_package(package: Path) -> None:
    shutil.copytree(directory(), package.parent / "schemas")
    assert directory(package) == package.parent / "schemas"


def test_a_folder_beside_an_installed_package_is_not_taken_for_its_own(package: Path) -> None:
    shutil.copytree(directory(), package / "schemas")
    shutil.copytree(directory(), package.parent / "schemas")
    assert directory(package) == package / "schemas"


def test_a_folder_of_something_else_is_no_folder_of_schemas(package: Path) -> None:
    (package.parent / "schemas").mkdir()
    with pytest.raises(
        UsageError, match=r"neither .*repo_harvest/schemas nor .*lib/schemas: install repo-harvest again"
    ):
        directory(package)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_each_schema_compiles_by_itself_from_its_own_folder(file: Path) -> None:
    compile_schema({namespace_of(file): file.name}, reader(file.parent))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_each_schema_refers_to_files_beside_it_only(file: Path) -> None:
    locations = [node.get("schemaLocation") for node in etree.parse(file).iter(f"{XS}import", f"{XS}include")]
    assert all(location in {other.name for other in FILES} for location in locations)


def test_each_format_has_its_schema_and_says_its_namespace() -> None:
    for format_ in FORMATS.values():
        assert namespace_of(directory() / format_.file) == format_.namespace


def importing(folder: Path, location: str) -> None:
    (folder / "start.xsd").write_text(
        f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:a">'
        f'<xs:import namespace="urn:b" schemaLocation="{location}"/></xs:schema>',
        encoding="utf-8",
    )


def test_a_schema_that_imports_from_the_network_is_refused_and_nothing_is_fetched(
    tmp_path: Path, httpserver: HTTPServer
) -> None:
    schema = '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:b"/>'
    httpserver.expect_request("/other.xsd").respond_with_data(schema)
    importing(tmp_path, httpserver.url_for("/other.xsd"))
    with pytest.raises(UsageError, match=r"start\.xsd, line 1: .*other\.xsd"):
        compile_schema({"urn:a": "start.xsd"}, reader(tmp_path))
    assert httpserver.log == []


@pytest.mark.parametrize(
    "location", ["missing.xsd", "../outside.xsd", "file:///etc/passwd", "/etc/passwd", "sub/../.xsd"]
)
def test_a_schema_that_imports_what_is_not_in_its_folder_is_refused(tmp_path: Path, location: str) -> None:
    folder = tmp_path / "schemas"
    folder.mkdir()
    (tmp_path / "outside.xsd").write_bytes(FILES[0].read_bytes())
    importing(folder, location)
    with pytest.raises(UsageError, match=r"the XML schemas do not compile: start\.xsd, line 1"):
        compile_schema({"urn:a": "start.xsd"}, reader(folder))


def test_a_missing_or_broken_schema_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"gone\.xsd"):
        compile_schema({"urn:a": "gone.xsd"}, reader(tmp_path))
    (tmp_path / "broken.xsd").write_text("<xs:schema", encoding="utf-8")
    with pytest.raises(UsageError, match=r"broken\.xsd"):
        compile_schema({"urn:a": "broken.xsd"}, reader(tmp_path))


BORROWER = """
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:a">
  <xs:import namespace="http://www.w3.org/XML/1998/namespace" schemaLocation="xml.xsd"/>
  <xs:element name="a"><xs:complexType><xs:attributeGroup ref="xml:specialAttrs"/></xs:complexType></xs:element>
</xs:schema>"""


@pytest.mark.parametrize(
    ("attributes", "valid"),
    [
        ("", True),
        ('xml:lang="zh-Hant-TW" xml:space="preserve" xml:base="http://example.org/" xml:id="a"', True),
        ('xml:lang="" xml:space="default" xml:base=""', True),
        ('xml:lang=" "', False),
        ('xml:lang="en_GB"', False),
        ('xml:lang="abcdefghi"', False),
        ('xml:space="collapse"', False),
        ('xml:space=""', False),
        ('xml:other="a"', False),
        ('lang="en"', False),
    ],
)
def test_a_schema_can_borrow_the_attributes_of_xml(attributes: str, valid: bool, tmp_path: Path) -> None:
    (tmp_path / "borrower.xsd").write_text(BORROWER, encoding="utf-8")
    shutil.copy(directory() / "xml.xsd", tmp_path)
    schema = compile_schema({"urn:a": "borrower.xsd"}, reader(tmp_path))
    assert schema.validate(etree.fromstring(f'<a xmlns="urn:a" {attributes}/>')) is valid

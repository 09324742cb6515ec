"""The site of the documentation builds without a warning, holds a page for all that it must, and takes nothing from another host."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from docs.reference import PAGES as MADE
from docs.reference.commands import every
from docs.reference.database import DECLARING, said
from docs.reference.metrics import collected
from repo_harvest.cli.group import repo_harvest
from repo_harvest.formats import FORMATS
from repo_harvest.formats.crosswalk import crosswalk
from repo_harvest.settings import KEYS
from repo_harvest.store import tables
from tests.docs.pages import ROOT

LOADING = ("//script/@src", "//link[not(@rel='canonical')]/@href", "//img/@src", "//iframe/@src", "//source/@src")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the site, built as `make docs` builds it."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "--quiet", "build", "--strict", "--config-file", "docs/mkdocs.yml"]
    done = subprocess.run(
        [*command, "--site-dir", folder],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert (done.returncode, done.stdout + done.stderr) == (0, "")
    return folder


def tree_of(page: Path) -> Any:  # noqa: ANN401 -- what XPath finds in it is of many types
    return html.fromstring(page.read_bytes())


def test_nothing_is_taken_from_another_host(site: Path) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 30
    for page in pages:
        tree = tree_of(page)
        taken = [str(address) for path in LOADING for address in tree.xpath(path)]
        assert taken
        for address in taken:
            assert re.match(r"(?:https?:)?//", address) is None, f"{page.name}: {address}"
            assert (
                address.startswith(("#", "data:", "."))
                or (page.parent / address.partition("?")[0]).exists()
                or page.name == "404.html"
            ), address
    for sheet in site.rglob("*.css"):
        assert not re.findall(r"url\(['\"]?(?:https?:)?//|@import", sheet.read_text("utf-8")), sheet.name


def test_every_page_can_be_found_from_the_first(site: Path) -> None:
    tree = tree_of(site / "index.html")
    listed = {str(address) for address in tree.xpath("//nav[contains(@class, 'md-nav')]//a/@href")}
    made = {str(page.relative_to(site)) for page in site.rglob("*.html")} - {"404.html"}
    assert made <= listed | {"index.html"}


@pytest.mark.parametrize("name", sorted(MADE))
def test_a_page_of_reference_is_made_and_has_no_empty_part(name: str, site: Path) -> None:
    tree = tree_of(site / "reference" / f"{name}.html")
    (article,) = tree.xpath("//article")
    assert article.xpath(".//table")
    assert not [cell for cell in article.xpath(".//tbody/tr/td[1]") if not cell.text_content().strip()]


def test_the_reference_has_every_command_key_format_metric_and_table() -> None:
    for _, command in every(repo_harvest):
        for option in (
            word for one in command.params for word in one.opts if word.startswith("--") and one.name != "help"
        ):
            assert option in MADE["commands"]()
    for key in KEYS:
        assert key.description in MADE["configuration"]()
    sections = MADE["formats"]().split("\n## ")[1:]
    for prefix, section in zip(FORMATS, sections, strict=True):
        assert section.startswith(f"`{prefix}`")
        for field, by_format in crosswalk().items():
            where = ", ".join(f"`{place}`" for place in by_format[prefix]) or "left out"
            assert f"| `{field}` | {where} |\n" in section
    for metric in collected():
        assert metric.name in MADE["metrics"]()
    words = {name: told for module in DECLARING for name, told in said(module).items()}
    for table in tables.metadata.tables.values():
        assert re.fullmatch(r"[A-Z].*\.", words[table.name]), table.name
        assert {f"{table.name}.{column.name}" for column in table.columns} <= set(words)

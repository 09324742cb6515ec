"""What the pages of the documentation have people do is done: as far as it can be here, and otherwise read by the program's parser."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import fields
from pathlib import Path

import pytest

from docs.reference.commands import page as commands_page
from repo_harvest.catalogue import from_line
from repo_harvest.model import Record
from repo_harvest.settings.keys import CONFIG_VARIABLE, READERS
from tests.deploy.files import settings_of
from tests.docs.pages import DOCS, PAGES, ROOT, Edit, Step, Written, called, doings, named, parse
from tests.docs.terminal import opened

# What needs another machine, another program or the internet: it is read, and not done. Other tests do it: those of moving to
# PostgreSQL, of Spark, of the fronts, of passwords, and of installing.
ELSEWHERE = re.compile(
    r"postgresql|spark|https://|pip install|python3 -m venv|activate$|systemctl|nginx|caddy|pg_dump|createdb|^php |^harvest/|"
    r"repo-harvest password"
)
MISTYPED = "REPO_HARVEST_FEED_PAGE_SISE"  # to show what is said of it
HOW_TOS = [page for page in PAGES if page.parent.name == "how-to"]
TUTORIAL = DOCS / "tutorial.md"
BEGUN = ("cp -r docs/example tutorial", "cd tutorial", "repo-harvest init", "repo-harvest ingest")


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of somebody who has come as far as the tutorial's fourth step."""
    folder = tmp_path_factory.mktemp("begun")
    with opened(folder) as terminal:
        for command in BEGUN:
            terminal.do(Step(command=command, shown=()))
    return folder


def test_the_tutorial_is_walked_from_its_beginning_to_its_end(tmp_path: Path) -> None:
    walk(TUTORIAL, tmp_path)


@pytest.mark.parametrize("page", HOW_TOS, ids=named)
def test_a_how_to_is_walked_from_where_the_tutorial_has_filled_the_feed(
    page: Path, begun: Path, tmp_path: Path
) -> None:
    folder = shutil.copytree(begun, tmp_path / "begun")
    walk(page, folder / "tutorial")


def walk(page: Path, folder: Path) -> None:
    with opened(folder) as terminal:
        for doing in doings(page):
            if not isinstance(doing, Step) or not ELSEWHERE.search(doing.command):
                terminal.do(doing)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_command_of_a_page_is_one_that_the_program_reads(page: Path, folder: Path) -> None:
    for doing in doings(page):
        for arguments in called(doing.command) if isinstance(doing, Step) else ():
            parse_among_files(arguments, folder)


def test_every_example_of_the_reference_is_one_that_the_program_reads(folder: Path) -> None:
    page = folder / "commands.md"
    page.write_text(commands_page(), encoding="utf-8")
    steps = [doing for doing in doings(page) if isinstance(doing, Step)]
    assert len(steps) > 20
    for step in steps:
        (arguments,) = called(step.command)
        parse_among_files(arguments, folder)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def parse_among_files(arguments: list[str], folder: Path) -> None:
    """Parse them in a folder that has the files they name: the parser looks whether they are there."""
    for word in arguments:
        if re.fullmatch(r"[\w/-]+\.(?:jsonl|toml|html)", word):
            (folder / word).parent.mkdir(parents=True, exist_ok=True)
            (folder / word).touch()
        elif word == "official":  # a folder that somebody filled
            (folder / word).mkdir(exist_ok=True)
    parse(arguments)


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_variable_and_file_that_a_page_names_exists(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    made = [
        doing.name if isinstance(doing, Written) else doing.command
        for doing in doings(page)
        if not isinstance(doing, Edit)
    ]
    assert set(re.findall(r"\bREPO_HARVEST_[A-Z_]*[A-Z]", text)) <= {*READERS, CONFIG_VARIABLE, MISTYPED}
    for file in set(re.findall(r"\b(?:deploy|config|requirements|schemas|bench|docs)/[\w./-]*\w", text)):
        assert (ROOT / file).exists() or any(file in one for one in made), file


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_piece_of_a_config_file_is_accepted(page: Path, tmp_path: Path) -> None:
    base = '[repository]\nname = "Test"\nidentifier = "x.org"\nadmin_email = "a@x.org"\n'
    for number, piece in enumerate(
        re.findall(r"^ *```toml\n(.*?)^ *```", page.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    ):
        config = tmp_path / f"{number}.toml"
        whole = piece if "[repository]" in piece else base + piece
        named_ = re.search(r"^\[repository\]\n(?!.*^name)", piece, re.MULTILINE | re.DOTALL)
        config.write_text(whole.replace("[repository]\n", base, 1) if named_ else whole, encoding="utf-8")
        settings_of({}, config)


def test_the_lines_to_import_are_read_and_every_field_is_named() -> None:
    page = DOCS / "how-to" / "import.md"
    (file,) = [doing for doing in doings(page) if isinstance(doing, Written)]
    for line in file.text.splitlines():
        assert from_line(json.loads(line), where="import.md").record.title
    for field in fields(Record):
        assert re.search(rf"\b{field.name}\b", page.read_text(encoding="utf-8")), field.name

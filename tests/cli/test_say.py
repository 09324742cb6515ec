"""What a terminal is sent holds nothing that it would obey, whatever a page, a file or a server said."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import repo_harvest.cli
from repo_harvest.cli.say import shown
from tests.cli.shell import Outcome, Shell
from tests.pages_kit import Work, page_html
from tests.web_kit import MANY

OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
HARM = "\x1b[2J\x1b]0;owned\x07 \x9b31m \u202edesrever\u202c \u2066and\u2069 \x7f <script>alert(1)</script>"


@given(st.text(alphabet=st.characters(codec=None) | st.sampled_from("\x1b\x9b\u202e\u2069\n\t\r\u200e")))
def test_what_is_shown_holds_words_alone_and_tells_what_was_there(text: str) -> None:
    assume("\\u" not in text)
    assert not OBEYED.search(shown(text))
    assert re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), shown(text)) == text


@given(st.text())
def test_json_says_the_same_when_it_is_shown(text: str) -> None:
    assert json.loads(shown(json.dumps(text, ensure_ascii=False))) == text


@pytest.fixture
def shell(new_database_url: Callable[[str], str], tmp_path: Path) -> Shell:
    shell = Shell(tmp_path, new_database_url("sqlite"))
    harm = HARM.replace("<", "&lt;")
    works = [Work(f"{one.title} {harm}", one.byline, f"{harm} {one.abstract}") for one in MANY[:5]]
    (tmp_path / "page.html").write_text(page_html(works), encoding="utf-8")
    shell.configure('[[source]]\nname = "page"\npath = "page.html"\n')
    return shell


def is_harmless(said: Outcome) -> Outcome:
    assert not OBEYED.search(said.out), said.out
    assert not OBEYED.search(said.err), said.err
    return said


def test_no_command_sends_a_terminal_what_a_page_says(shell: Shell) -> None:
    assert "\\u202edesrever" in is_harmless(shell.run("inspect", "page.html", "--all")).out
    told = json.loads(is_harmless(shell.run("inspect", "page.html", "--json")).out)
    assert "\u202edesrever" in told[0]["title"]
    shell.run("init")
    done = is_harmless(shell.run("ingest"))
    assert "5 new" in done.out
    assert "controls, or directions of text" in done.out + done.err
    for arguments in (["status"], ["runs"], ["runs", "--json"], ["export"], ["duplicates", "list"], ["-v", "ingest"]):
        assert is_harmless(shell.run(*arguments)).status == 0
    identifier = re.search(r"oai:x\.org:\w+", done.out)
    assert identifier is not None
    assert "desrever" in is_harmless(shell.run("show", identifier[0])).out
    is_harmless(shell.run("ingest", f"missing{HARM}.html".replace("\x00", "").replace("/", "")))


def test_everything_is_said_in_one_place() -> None:
    folder = Path(repo_harvest.cli.__file__).parent
    speaking = [
        file.name
        for file in folder.glob("*.py")
        if re.search(r"click\.echo\(|(?<![\w.])print\(|rich\.text", file.read_text("utf-8"))
    ]
    assert sorted(speaking) == ["check.py", "say.py"]

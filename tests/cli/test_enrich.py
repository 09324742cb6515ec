"""Enrichment as its user meets it: what `ingest` and `inspect --enrich` print, what `show` keeps, and nothing where it is off."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pytest_httpserver import HTTPServer

from tests.cli.shell import Shell
from tests.enrich.kit import Web
from tests.pages_kit import WORKS, page_html

ITEM = '<meta name="citation_title" content="{title}"><meta name="citation_publisher" content="Gate Press"><meta name="citation_date" content="2001">'
SOURCE = '[enrichment]\ndelay = 0\n[[source]]\nname = "page"\npath = "page.html"\nallow_private = ["{at}"]\n'


@pytest.fixture
def web(httpserver: HTTPServer) -> Web:
    found = Web(httpserver)
    found.serve("/robots.txt", status=404)
    for number, work in enumerate(WORKS):
        found.serve(f"/item/{number}", ITEM.format(title=work.title))
    return found


@pytest.fixture
def shell(tmp_path: Path, web: Web, sqlite_template: Path) -> Shell:
    (tmp_path / "feed.db").write_bytes(sqlite_template.read_bytes())
    works = [work.but(link=web.url(f"/item/{number}")) for number, work in enumerate(WORKS)]
    (tmp_path / "page.html").write_text(page_html(works), encoding="utf-8")
    return Shell(tmp_path, f"sqlite:///{tmp_path}/feed.db")


def test_a_source_that_asks_elsewhere_says_what_it_was_told(shell: Shell, web: Web) -> None:
    shell.configure(SOURCE.format(at=web.at) + 'enrich = "full"\n')
    done = shell.run("ingest")
    assert done.status == 0, done.err
    said = f"'2017-03-21' ({(shell.folder / 'page.html').as_uri()}, byline) is kept; '2001' ({web.url('/item/0')}, meta citation_date) says otherwise"
    assert f"  note: entries[0].date: {said}\n" in done.out
    first = next(line.split()[1] for line in done.out.splitlines() if WORKS[0].title in line)
    shown = json.loads(shell.run("show", first, "--json").out)
    assert f"date: {said}" in shown["origins"][0]["disputes"]
    assert "Said otherwise elsewhere" in shell.run("show", first).out
    asked = len(web.asked)
    assert shell.run("ingest").out.startswith("page: 0 new, 0 changed, 5 same")
    assert len(web.asked) == asked == 6


def test_without_the_key_nobody_is_asked(shell: Shell, web: Web) -> None:
    shell.configure(SOURCE.format(at=web.at))
    assert shell.run("ingest").out.startswith("page: 5 new")
    assert shell.run("inspect", "page.html").status == 0
    assert web.asked == []


def test_inspect_asks_only_when_it_is_told_to_and_for_what_it_shows(shell: Shell, web: Web) -> None:
    shell.configure(SOURCE.format(at=web.at))
    plain = json.loads(shell.run("inspect", "page.html", "--json").out)
    done = shell.run("inspect", "page.html", "--enrich")
    assert f"Gate Press   [{web.url('/item/1')}, meta citation_publisher]" in done.out
    assert web.asked == ["/robots.txt", "/item/0", "/item/1", "/item/2"]
    assert "note: entries[0].publisher: 'SAGE'" in done.err
    found = json.loads(shell.run("inspect", "page.html", "--enrich", "--json").out)
    assert [entry["publisher"] for entry in found] == [entry["publisher"] or "Gate Press" for entry in plain]
    assert [entry["date"] for entry in found] == [entry["date"] for entry in plain]

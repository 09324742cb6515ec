"""While a file is there, everybody is told when to come back, without a restart and without a database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine

from repo_harvest.web.app import make_app
from repo_harvest.web.maintenance import Maintenance
from repo_harvest.web.oai_app import oai_app
from tests.oai.library import REPOSITORY, Library
from tests.web.http import Http
from tests.web.reader import Reader


@pytest.mark.parametrize(
    ("content", "seconds"),
    [
        (b"", 300),
        (b"1", 1),
        (b"77\n", 77),
        (b"3600", 3600),
        (b"9999", 3600),
        (b"0", 300),
        (b"-5", 300),
        (b"soon", 300),
        (b"\xff", 300),
        ("٣".encode(), 300),
    ],
)
def test_the_file_says_how_long(tmp_path: Path, content: bytes, seconds: int) -> None:
    (tmp_path / "closed").write_bytes(content)
    assert Maintenance(tmp_path / "closed").wait() == seconds


def test_it_begins_and_ends_and_twice_is_as_good_as_once(tmp_path: Path) -> None:
    maintenance = Maintenance(tmp_path / "var" / "closed")
    assert maintenance.wait() is None
    maintenance.begin(60)
    maintenance.begin(90)
    assert maintenance.wait() == 90
    assert [maintenance.end(), maintenance.end()] == [True, False]
    assert maintenance.wait() is None


def test_a_folder_that_is_none_is_no_maintenance(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert Maintenance(tmp_path / "file" / "closed").wait() is None


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT"])
def test_the_feed_answers_nothing_until_it_is_over(http: Http, tmp_path: Path, method: str) -> None:
    maintenance = Maintenance(tmp_path / "closed")
    kept = replace(http, parts={"maintenance": maintenance})
    before = kept.get("verb=Identify")
    maintenance.begin(1234)
    closed = kept.send(method, "verb=Identify", b"", HTTP_IF_NONE_MATCH=before.tag, HTTP_ACCEPT_ENCODING="gzip")
    assert (closed.status, closed.headers["Retry-After"]) == (503, "1234")
    assert method == "HEAD" or b"under maintenance" in closed.body
    maintenance.end()
    assert kept.get("verb=Identify").body == before.body


def test_pages_say_so_in_plain_words_and_the_process_is_alive(
    engine: Engine, tmp_path: Path, break_database: Callable[[], None]
) -> None:
    maintenance = Maintenance(tmp_path / "closed")
    library = Library(engine)
    oai = oai_app(library.feed, REPOSITORY, maintenance=maintenance)
    reader = Reader(make_app(engine=engine, oai=oai, repository=REPOSITORY, maintenance=maintenance))
    maintenance.begin(120)
    break_database()
    for path in ("", "item/oai:example.org:1", "no/such/page"):
        page = reader.get(path)
        assert (page.status, page.response.headers["Retry-After"]) == (503, "120")
        assert page.heading == "This collection is being looked after"
    assert reader.get("oai?verb=Identify").status == 503
    assert reader.get("healthz").status == 200
    ready = reader.get("readyz")
    assert (ready.status, ready.response.text) == (503, "not ready: maintenance")
    assert reader.get("static/style.css").status == 200

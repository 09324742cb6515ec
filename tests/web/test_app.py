"""Every request has its answer: the feed's goes to the feed, a fault is never an empty list, and nothing is believed."""

from __future__ import annotations

import gc
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from warnings import catch_warnings, simplefilter

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree
from sqlalchemy import Engine, text
from werkzeug.test import Client, create_environ, run_wsgi_app
from werkzeug.wrappers import Response

import repo_harvest.web
from repo_harvest.formats import render
from repo_harvest.model import Record
from repo_harvest.store.engine import open_engine, writing
from repo_harvest.web.app import make_app
from tests.laws import tries
from tests.web.reader import Reader, crawl
from tests.web.shelf import ARTICLE, REPOSITORY, Shelf, oai, sqlite_alone

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

STATIC = Path(repo_harvest.web.__file__).parent / "static"
MOVING = {"Date": "", "Content-Length": ""}
SHOWN = ("", f"item/{oai(1)}", "item/nothing", "no/such/page", "?page=77", "static/style.css", "healthz", "readyz")


@pytest.fixture
def filled(shelf: Shelf) -> Shelf:
    """Sixty items, of which one is deleted and one merged into another; some identifiers hold slashes."""
    locals_ = {7: "10034/7", 14: "10034/more/14", 21: "a/../21", 28: "28//;?#%2F"}
    shelf.put_all((oai(locals_.get(n, n)), Record(title=(f"Title {n}",))) for n in range(1, 61))
    shelf.remove(oai(2))
    shelf.remove(oai(3), into=oai("10034/7"))
    return shelf


# --- which request goes where ---


def test_the_feed_answers_at_its_path_with_and_without_a_slash_and_by_post(reader: Reader) -> None:
    client = Client(reader.app)
    for path in ("/oai", "/oai/"):
        for response in (client.get(f"{path}?verb=Identify"), client.post(path, data={"verb": "Identify"})):
            assert response.status_code == 200
            assert etree.fromstring(response.data).findtext(".//{*}baseURL") == REPOSITORY.base_url


def test_any_other_path_is_not_the_feed(reader: Reader) -> None:
    for path in ("oai/x", "OAI", "oai//", "oai%20", "oai.xml", "item/oai", "%2Foai"):
        assert reader.get(path).status == 404, path


def test_the_feed_is_handed_the_request_as_it_came(engine: Engine) -> None:
    handed: list[object] = []

    def oai_of_another(environ: dict[str, object], start_response: Callable[..., object]) -> list[bytes]:
        handed.append(environ)
        start_response("299 Told", [("X-Of", "the feed")])
        return [b"as it is"]

    app = make_app(engine=engine, oai=oai_of_another, repository=REPOSITORY)
    environ = {"PATH_INFO": "/oai", "REQUEST_METHOD": "BREW", "QUERY_STRING": "%"}
    body, status, headers = run_wsgi_app(app, environ)
    assert (handed[0], b"".join(body), status, dict(headers)) == (
        environ,
        b"as it is",
        "299 Told",
        {"X-Of": "the feed"},
    )


# --- links ---


@sqlite_alone
@pytest.mark.parametrize("seen", ["http://localhost/", "https://example.org/research/feed/"])
def test_every_link_of_every_page_holds_under_whatever_address_a_proxy_shows_us(
    filled: Shelf, app_at: Callable[[str], WSGIApplication], seen: str
) -> None:
    filled.clock.now += 1
    pages = list(crawl(Reader(app_at(f"{seen}oai"), seen=seen)))
    assert {page.url: page.status for page in pages if page.status != 200} == {}
    items = {page.heading for page in pages if page.tree is not None and "/item/" in page.url}
    assert items == {f"Title {n}" for n in range(1, 61) if n not in {2, 3}}
    records = sum("verb=GetRecord" in page.url for page in pages)
    downloads = sum("?format=" in page.url for page in pages)
    formats = len(render(Record(title=("Title",))))
    assert (records, downloads) == (
        len(items) * formats,
        len(items) * (formats + len(("bibtex", "ris", "csl", "linkset"))),
    )


@sqlite_alone
@pytest.mark.usefixtures("filled")
def test_the_links_of_a_page_that_is_gone_or_never_was_lead_home_too(app_at: Callable[[str], WSGIApplication]) -> None:
    reader = Reader(app_at("https://example.org/research/oai"), seen="https://example.org/research/")
    for path in (f"item/{oai(2)}", f"item/{oai(3)}", "item/a/b/c", "no/such/page"):
        page = reader.get(path)
        assert page.status in {404, 410}
        assert {reader.follow(url).status for url in page.loads()} == {200}
        assert page.links()[REPOSITORY.name] == reader.seen


@pytest.mark.usefixtures("filled")
def test_a_feed_with_a_public_address_of_its_own_is_linked_by_it(app_at: Callable[[str], WSGIApplication]) -> None:
    reader = Reader(app_at("https://feeds.example/mentoring"))
    assert reader.get().links()["Identify"] == "https://feeds.example/mentoring?verb=Identify"
    page = reader.get(f"item/{oai(1)}")
    assert page.links()["GetRecord oai_dc"].startswith("https://feeds.example/mentoring?verb=GetRecord&")


@pytest.mark.usefixtures("filled")
def test_what_a_request_says_about_proxies_changes_nothing(reader: Reader) -> None:
    names = ("Host", "Proto", "Prefix", "For", "Port", "Server")
    forged = {f"X-Forwarded-{name}": "evil.example" for name in names} | {
        "Forwarded": "host=evil.example;proto=https",
        "X-Original-Url": "/healthz",
        "X-Script-Name": "/evil",
        "Host": "evil.example",
    }
    for path in SHOWN:
        believed = Reader(reader.app, headers=forged).get(path).response.data
        assert believed == reader.get(path).response.data


# --- HTTP ---


@pytest.mark.usefixtures("filled")
def test_head_says_what_get_says_without_the_body(reader: Reader) -> None:
    for path in SHOWN:
        got, head = reader.get(path).response, reader.get(path, method="HEAD").response
        assert head.data == b""
        assert (head.status_code, dict(head.headers) | MOVING) == (got.status_code, dict(got.headers) | MOVING)


def test_pages_can_only_be_read(reader: Reader) -> None:
    for path in ("", f"item/{oai(1)}", "healthz", "static/style.css"):
        for method in ("POST", "PUT", "DELETE", "PATCH", "PROPFIND"):
            page = reader.get(path, method=method)
            assert page.status == 405
            assert "GET" in page.response.headers["Allow"]
            assert page.heading == "This page can only be read"


def test_the_stylesheet_and_the_icon_are_there_and_are_asked_for_again_only_when_they_changed(reader: Reader) -> None:
    wanted = [url for url in reader.get().loads() if "/static/" in url]
    feed = "http://localhost/static/oai.css"  # which answers of the feed are shown with
    wanted.append(feed)
    assert sorted(url.rpartition("/")[2] for url in wanted) == sorted(file.name for file in STATIC.iterdir())
    for url in wanted:
        first = reader.follow(url).response
        assert first.status_code == 200
        again = Reader(reader.app, headers={"If-None-Match": first.headers["ETag"]}).follow(url).response
        assert again.status_code == 304


@pytest.mark.usefixtures("filled")
def test_a_client_that_goes_away_before_it_has_its_answer_leaves_nothing_open(reader: Reader) -> None:
    with catch_warnings(record=True) as unclosed:
        simplefilter("always", ResourceWarning)
        for path in (*SHOWN, "static/icon.svg", "static/oai.css", "favicon.ico", "robots.txt", "oai?verb=Identify"):
            run_wsgi_app(reader.app, create_environ(f"/{path}"))  # what it returns is neither read nor closed
        gc.collect()
    assert [str(warning.message) for warning in unclosed] == []


def test_nothing_else_is_served_from_the_disk(reader: Reader) -> None:
    for path in ("", "../app.py", "..%2Fapp.py", "%2E%2E/pages.py", "x", "%00"):
        response = Client(reader.app).get(f"/static/{path}")
        assert response.status_code == 404, path
        assert b"import" not in response.data


PATHS = st.text(st.characters(codec="latin-1"), max_size=40)


@given(path=PATHS, query=PATHS, host=st.text(st.characters(codec="latin-1", exclude_categories=["Cc"]), max_size=20))
@example(path="/item/\0", query="", host="localhost")
@example(path="/item/\xff\xfe", query="page=%FF", host="")
@example(path="/item/" + "x" * 5000, query="page=" + "9" * 5000, host="[::1")
@example(path="/", query="page=1&page=2", host="a b<script>")
@example(path="", query="", host="evil.example:99999")
@example(path="//", query="?", host="evil.example")
@settings(max_examples=tries(30), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_request_makes_us_fail_or_speak_with_anothers_voice(
    reader: Reader, path: str, query: str, host: str
) -> None:
    environ = {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": host,
        "wsgi.url_scheme": "http",
    }
    body, status, headers = run_wsgi_app(reader.app, environ)
    told = b"".join(body)
    assert status[:3] in {"200", "400", "404", "405"}
    assert "Location" not in headers
    assert b"<script" not in told
    assert b"evil.example" not in told


# --- the database ---


@pytest.mark.usefixtures("filled")
def test_a_fault_of_the_store_is_503_and_never_an_empty_list(
    reader: Reader, break_database: Callable[[], None]
) -> None:
    break_database()
    for path in ("", "?page=2", f"item/{oai(1)}", "item/nothing"):
        page = reader.get(path)
        assert page.status == 503
        assert page.heading == "The records cannot be read at the moment"
        assert "There are no records" not in page.text


def test_a_process_without_a_database_is_alive_and_not_ready_and_tells_nothing_about_it(
    reader: Reader, break_database: Callable[[], None]
) -> None:
    assert (reader.get("healthz").response.text, reader.get("readyz").response.text) == ("ok", "ready")
    assert {reader.get(path).response.mimetype for path in ("healthz", "readyz")} == {"text/plain"}
    break_database()
    assert reader.get("healthz").status == 200
    page = reader.get("readyz")
    assert (page.status, page.response.text) == (503, "not ready: the database does not answer")


def test_a_database_of_another_version_is_not_ready(engine: Engine, reader: Reader) -> None:
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    page = reader.get("readyz")
    assert page.status == 503
    assert "newer" in page.response.text


def test_a_database_that_was_never_initialised_is_not_ready_and_says_what_to_do(tmp_path: Path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/new.db")
    page = Reader(make_app(engine=engine, oai=Response("unused"), repository=REPOSITORY)).get("readyz")
    assert page.status == 503
    assert "repo-harvest init" in page.response.text
    engine.dispose()


def test_a_fault_of_ours_is_a_page_too_and_is_written_down(
    filled: Shelf, reader: Reader, caplog: pytest.LogCaptureFixture
) -> None:
    with writing(filled.engine) as connection:
        connection.execute(text("UPDATE items SET record = 'not JSON'"))
    for path in ("", f"item/{oai(1)}"):
        caplog.clear()
        page = reader.get(path)
        assert page.status == 500
        assert page.heading == "Something went wrong here"
        assert "JSON" not in page.text
        (noted,) = caplog.records
        assert noted.exc_info is not None
        assert f"/{path}" in noted.getMessage()


# --- the look ---


def test_every_pair_of_colours_has_the_contrast_that_aa_asks_for_in_light_and_in_dark() -> None:
    inks = {"style.css": ("ink", "quiet", "mark", "link", "fault"), "oai.css": ("ink", "quiet", "mark", "warn")}
    behind = {"style.css": ("found", "new", "old"), "oai.css": ()}  # words that stand out, in the colour of all words
    for name, written in inks.items():
        light, dark = re.findall(r":root \{([^}]*)\}", (STATIC / name).read_text(encoding="utf-8"))
        for scheme in (light, dark):
            colour = dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", scheme))
            assert set(colour) == {"paper", "panel", "line", *written, *behind[name]}
            assert_readable(colour, written)
            for place in behind[name]:
                assert contrast(colour["ink"], colour[place]) >= 4.5, (name, place)


def assert_readable(colour: dict[str, str], inks: tuple[str, ...]) -> None:
    for ink in inks:
        for paper in ("paper", "panel"):
            assert contrast(colour[ink], colour[paper]) >= 4.5, (ink, paper)


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, contrast ratio."""
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_stylesheets_load_nothing() -> None:
    for name in ("style.css", "oai.css"):
        assert not re.search(r"url\(|@import|@font-face", (STATIC / name).read_text(encoding="utf-8"))


def test_the_stylesheet_lets_focus_be_seen() -> None:
    style = (STATIC / "style.css").read_text(encoding="utf-8")
    assert re.search(r":focus-visible \{\s*outline: 3px solid", style)


def test_an_article_page_names_its_record_in_the_title_of_the_window(shelf: Shelf, reader: Reader) -> None:
    shelf.put(oai(1), ARTICLE)
    assert reader.get(f"item/{oai(1)}").texts("//title") == [f"{ARTICLE.title[0]} – {REPOSITORY.name}"]

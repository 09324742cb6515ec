"""Every way in, under attack: what a page holds, what a request says, every route with whatever can be sent to it."""

from __future__ import annotations

import base64
import io
import json
import logging
import re
import socketserver
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING
from wsgiref.util import setup_testing_defaults

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from werkzeug.test import Client

import repo_harvest.web
from repo_harvest.alerts.change import Alert
from repo_harvest.alerts.channel import Email, Sender
from repo_harvest.errors import DeliveryError, SettingsError
from repo_harvest.settings import load
from repo_harvest.store import schema
from repo_harvest.store.browse import list_items
from repo_harvest.store.engine import open_engine
from repo_harvest.web.app import make_pages
from repo_harvest.web.client import Clients
from repo_harvest.web.desk.office import Desk
from repo_harvest.web.door import Access, Door
from repo_harvest.web.safe import safe
from tests.laws import tries
from tests.oai.wire import judged
from tests.pages_kit import WORKS, Site, Work
from tests.store.kit import Clock
from tests.web.desk import SOURCE, Browser, service
from tests.web.http import Reply
from tests.web.reader import CSP, Reader, crawl, judge_page
from tests.web.test_manage import OPEN, PLAIN, PROXIED

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

ATTACKS = (
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' onmouseover='alert(1)", "]]><script>alert(1)</script>",
    "{{ 1234 * 5678 }}{% raw %}", "<svg/onload=alert(1)>", "&lt;script&gt;alert(1)&lt;/script&gt;", "<!--<iframe src=//evil.example>",
    "\u202eevil\u2066", "<metadata><dc:title>x</dc:title>", "]]>&evil;<!ENTITY evil SYSTEM 'file:///etc/passwd'>", "%3Cscript%3E",
)  # fmt: skip  # a list of attacks


def attacked(attack: str) -> list[Work]:
    """A page with the attack in every field that pages have; around it, what makes the rest of the page one of works."""
    hostile = [
        Work(f"{attack} What mentors learn {attack}", f"Buck, Gill{attack}ian (2019)", f"Abstract {attack} about learning.", None),
        Work(f"Of doors and keys {attack}", f"Atherton{attack}, Peter ({attack}, 2020)", f"{attack} Twelve keys.", "javascript:alert(1)"),
        Work("Hinges", f"Gosling, Helena (SAGE{attack}, 2021-01-02)", f"Hinges {attack}", f"https://doi.org/10.1000/{attack}"),
        Work("Locks and bolts", "Gosling, Helena (2018)", "Bolts.", "data:text/html,<script>alert(1)</script>"),
    ]  # fmt: skip  # a table
    return [*WORKS, *hostile]


@pytest.mark.parametrize("attack", ATTACKS)
def test_what_a_page_holds_is_text_in_every_page_and_every_answer(
    attack: str, new_database_url: Callable[[str], str], tmp_path: Path
) -> None:
    engine = open_engine(new_database_url("sqlite"))
    site = Site(engine, tmp_path)
    assert site.run(attacked(attack)).run.new >= len(WORKS) + 2
    site.clock.now += 60
    app = service(engine, PLAIN, site.clock, OPEN)
    pages = [page for page in crawl(Reader(app), most_choices=1) if page.tree is not None]
    assert len(pages) > len(WORKS)
    for page in pages:
        assert all(url.startswith(("http://localhost/", "http", "#")) for url in page.loads())
        assert not [url for url in page.loads() if url.lower().startswith(("javascript:", "data:", "//"))]
        assert not page.found(
            "//main//img | //svg | //iframe | //metadata | //script[not(@type='application/ld+json')]"
        )
        for data in page.found("//script"):
            assert json.loads(str(data.text))["@context"] == "https://schema.org"
    for verb in ("ListRecords&metadataPrefix=oai_dc", "ListIdentifiers&metadataPrefix=oai_dc", "ListSets", "Identify"):
        answer = judged(Client(app).get(f"/oai?verb={verb}").data)
        assert not [str(found.tag) for found in answer.root.iter() if not str(found.tag).startswith("{http://")]
        assert not answer.root.xpath("//*[local-name() = 'script' or local-name() = 'img' or local-name() = 'svg']")
    shown = " ".join(page.text for page in pages)
    assert "7006652" not in shown, "nothing on a page is carried out"
    engine.dispose()


DATA = '<script type="application/ld+json">{{ thing|tojson }}</script>'  # no browser carries it out


def test_no_template_shows_anything_as_html() -> None:
    """Everything is escaped text: there is no markup from outside that would have to be cleaned."""
    templates = Path(repo_harvest.web.__file__).parent / "templates"
    for template in templates.glob("*"):
        text = template.read_text(encoding="utf-8").replace(DATA, "")
        assert template.suffix == ".html", "Flask escapes what it puts into files of this name"
        assert re.search(r"\|\s*safe|autoescape|Markup|<script|<style|\son\w+=|style=", text) is None, template.name
    for module in Path(repo_harvest.web.__file__).parent.glob("*.py"):
        assert "Markup" not in module.read_text(encoding="utf-8"), module.name


# --- what a request says ---


@pytest.fixture
def engine_here(new_database_url: Callable[[str], str]) -> Iterator[Engine]:
    engine = open_engine(new_database_url("sqlite"))
    yield engine
    engine.dispose()


UP = (
    "..",
    "%2e%2e",
    "%252e%252e",
    ".%2e",
    "..%5c..",
    "..%255c",
    "..%00",
    "%c0%ae%c0%ae",
    "....//..",
    "..;",
    "%2fetc",
    "C:",
)


@pytest.mark.parametrize("up", UP)
@pytest.mark.parametrize("folder", ["static", "admin", "item", "admin/runs", ""])
def test_no_path_leads_out_of_the_pages(engine_here: Engine, up: str, folder: str) -> None:
    browser = Browser(service(engine_here, PLAIN, Clock(), OPEN))
    for slash in ("/", "%2f", "%5c", "%252f"):
        for target in ("app.py", "templates/base.html", "../../pyproject.toml", "../../../../../../etc/passwd"):
            answer = browser.get("/".join(filter(None, (folder, f"{up}{slash}{target}"))))
            assert answer.status_code in {303, 404}
            assert not re.search("import |block content|root:|hatchling", answer.text)


@pytest.mark.parametrize(
    "name",
    [
        "Host",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "X-Forwarded-Prefix",
        "Forwarded",
        "X-Original-URL",
        "X-Rewrite-URL",
    ],
)
def test_no_address_comes_from_what_a_request_says_of_itself(engine_here: Engine, name: str) -> None:
    app = service(engine_here, PLAIN, Clock(), OPEN)
    for value in (
        "evil.example",
        "evil.example:80@localhost",
        'evil.example"><script>',
        "/admin/",
        "host=evil.example",
    ):
        for path in (
            "/",
            "/item/nothing",
            "/admin/",
            "/admin/sign-in",
            "/oai?verb=Identify",
            "/oai?verb=ListSets",
            "/nothing",
        ):
            answer = Client(app).get(path, headers={name: value})
            assert "evil" not in answer.text
            assert "evil" not in str(answer.headers)


def test_a_line_break_in_any_argument_reaches_no_header_and_no_line_of_the_log(
    engine_here: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    browser = Browser(service(engine_here, PLAIN, Clock(), OPEN))
    browser.sign_in()
    token, split = browser.token(), "x%0d%0aSet-Cookie:%20a=b%0d%0a2026-01-01%20INFO%20forged"
    paths = [
        f"item/{split}",
        f"?page={split}",
        f"admin/runs/{split}",
        f"admin/?{split}",
        f"static/{split}",
        split,
        f"readyz?{split}",
    ]
    paths += [
        f"oai?verb={split}",
        f"oai?verb=GetRecord&metadataPrefix=oai_dc&identifier={split}",
        f"oai?verb=ListRecords&resumptionToken={split}",
    ]
    answers = [browser.get(path) for path in paths]
    answers += [
        browser.post(f"admin/source/{split}/run", token=token),
        browser.post("admin/sign-in", name="a\r\nb: c", token=token),
    ]
    for answer in answers:
        assert not [name for name, value in answer.headers if "\n" in name + value or value == "a=b"]
        assert "forged" not in str(answer.headers)
    assert not [line for line in caplog.text.splitlines() if line.startswith(("2026-01-01", "b: c"))]


# --- secrets ---


def test_no_password_of_the_database_is_in_what_is_said_of_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    password = "pw-of-the-database"
    for url in (
        f"postgresql+psycopg://u:{password}@h:abc/d", f"postgresql+psycopg://u:{password}@h:1 x/d", f"mysql://u:{password}@h/d",
        f"{password}", f"postgresql+psycopg:/u:{password}@h/d",
    ):  # fmt: skip  # a list of addresses
        with pytest.raises(SettingsError) as wrong:
            open_engine(url)
        assert password not in str(wrong.value)
    engine = open_engine(f"postgresql+psycopg://u:{password}@127.0.0.1:1/d")
    app = service(engine, PLAIN, Clock(), OPEN)
    for path in ("/", "/readyz", "/admin/", "/oai?verb=ListSets"):
        answer = Client(app).get(path, headers={"Cookie": "a=b"})
        assert password not in answer.text
    assert "503" in caplog.text
    assert password not in caplog.text
    assert password not in repr(engine)


class _Refusing(socketserver.StreamRequestHandler):
    """A mail server that lets nobody in, and repeats what it was told."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        for line in self.rfile:
            greeted = line.upper().startswith(b"EHLO")
            self.wfile.write(b"250-here\r\n250 AUTH PLAIN\r\n" if greeted else b"535 wrong: " + line.strip() + b"\r\n")


def test_no_password_of_the_mail_server_is_in_what_is_said_of_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    password = "pw-of-the-mail-server"
    shown = [password, base64.b64encode(b"\0feed\0" + password.encode()).decode()]
    variables = {"REPO_HARVEST_ALERTS_SMTP_USER": "feed", "REPO_HARVEST_ALERTS_SMTP_PASSWORD": password}
    said = [repr(load(None, variables))]
    with pytest.raises(SettingsError) as wrong:
        load(None, {"REPO_HARVEST_ALERTS_SMTP_PASSWORD": f"{password}\n\0"})
    said.append(str(wrong.value))
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Refusing) as server:
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        email = Email(
            to=("a@x.org",), sent_from="b@x.org", host="127.0.0.1", port=server.server_address[1], user="feed",
            password=password, security="none",
        )  # fmt: skip  # as the configuration would have it
        with pytest.raises(DeliveryError) as refused:
            email.send(
                Alert(subject="run:page", told=None, title="A run was refused", text="It was.", source="page"),
                sender=Sender(repository="X", base_url=PLAIN.base_url),
                at=0,
            )
        server.shutdown()
    said += [str(refused.value), repr(email), caplog.text]
    assert "535" in str(refused.value)
    assert not [text for text in said if any(secret in text for secret in shown)]


# --- every route, with whatever can be sent to it ---


class Everything:
    """The whole service in its three manners, and the routes that there are, walked from the map that serves them."""

    def __init__(self, engine: Engine, clock: Clock) -> None:
        ways: dict[str, Access | None] = {"sign-in": OPEN, "proxy": PROXIED, "shut": None}
        self.apps = {name: service(engine, PLAIN, clock, access) for name, access in ways.items()}
        desk = Desk(door=Door(OPEN, engine, Clients()), sources=lambda: [(*SOURCE, None)])
        rules = make_pages(engine=engine, repository=PLAIN, clock=clock, desk=desk).url_map.iter_rules()
        self.rules = sorted(
            {re.sub("<[^>]*>", "<>", str(rule)) for rule in rules} | {"/oai", "/oai/", "/nothing/<>", "<>"}
        )
        self.anna = Browser(self.apps["sign-in"])
        self.anna.sign_in()
        self.token = self.anna.token()
        items, _ = list_items(engine, offset=0, limit=1)
        self.good = [SOURCE[0], items[0].header.identifier, "style.css", "run", "pause", "resume"]

    def send(self, manner: str, said: dict[str, object]) -> Reply:
        environ = dict(said)
        setup_testing_defaults(environ)
        heard: list[tuple[str, list[tuple[str, str]]]] = []

        def start_response(status: str, headers: list[tuple[str, str]], *_: object) -> Callable[[bytes], object]:
            heard.append((status, headers))
            return heard.append  # type: ignore[return-value]  # never called: nobody writes that way

        parts = self.apps[manner](environ, start_response)
        body = b"".join(parts)
        getattr(parts, "close", lambda: None)()
        ((status, headers),) = heard
        return Reply(int(status.split()[0]), dict(headers), body)


_EVERYTHING: list[Everything] = []


@pytest.fixture(scope="module", autouse=True)
def _everything(
    new_database_url_for_module: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    engine = open_engine(new_database_url_for_module("sqlite"))
    site = Site(engine, tmp_path_factory.mktemp("site"))
    site.run(WORKS)
    site.clock.now += 60
    _EVERYTHING.append(Everything(engine, site.clock))
    yield
    engine.dispose()


latin = st.text(st.characters(max_codepoint=255), max_size=40)
words = (
    st.sampled_from(
        ["", "..", "%2e", "\\", "\0", "x" * 9000, "'", "<b>", "é", "\xff\xfe", "{{7*7}}", "%", "/", "//", "\r\n"]
    )
    | latin
)
methods = st.sampled_from(
    ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "get", "BREW", ""]
)
queries = (
    st.sampled_from(
        ["", "page=2", "page=x", "verb=ListRecords&metadataPrefix=oai_dc", "verb=Identify", "token=x", "a" * 70_000]
    )
    | latin
)
bodies = st.binary(max_size=60) | st.sampled_from(
    [b"name=anna&password=x&token=y", b"name=%ff&password=%00", b"a=b&" * 9000, b"{}", b"\0" * 20_000]
)
types = (
    st.sampled_from(
        [
            "",
            "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=b",
            "multipart/form-data",
            "application/json",
            "text/\xff",
        ]
    )
    | latin
)
named = st.sampled_from(
    [
        "HOST",
        "COOKIE",
        "REMOTEUSER",
        "X_FORWARDED_FOR",
        "IF_NONE_MATCH",
        "IF_MODIFIED_SINCE",
        "RANGE",
        "ACCEPT",
        "SEC_FETCH_SITE",
        "USER_AGENT",
        "ACCEPT_ENCODING",
        "X_HTTP_METHOD_OVERRIDE",
        "EXPECT",
        "AUTHORIZATION",
    ]
)
lengths = st.sampled_from([None, "", "-1", "x", "0", "5", "99999999999999999999", "1e3", "\xb2"])


@settings(max_examples=tries(500))
@given(data=st.data())
def test_no_route_answers_anything_with_a_server_error_and_all_keep_browsers_back(data: st.DataObject) -> None:
    (everything,) = _EVERYTHING
    manner = data.draw(st.sampled_from(sorted(everything.apps)))
    path = data.draw(st.sampled_from(everything.rules))
    while "<>" in path:
        path = path.replace("<>", data.draw(st.sampled_from(everything.good) | words).replace("<>", ""), 1)
    body, length = data.draw(bodies), data.draw(lengths)
    said: dict[str, object] = {
        f"HTTP_{name}": data.draw(latin | words) for name in data.draw(st.sets(named, max_size=4))
    }
    if data.draw(st.booleans()):  # somebody signed in, whose forms are good but for what else they say
        said["HTTP_COOKIE"] = "; ".join(f"{name}={value}" for name, value in everything.anna.jar.items())
        said.pop("HTTP_SEC_FETCH_SITE", None)
        body = data.draw(st.sampled_from([b"", b"token=" + everything.token.encode() + b"&name=x&password=y"]))
    method = data.draw(methods)
    said |= {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": data.draw(queries), "SCRIPT_NAME": ""}
    said |= {
        "CONTENT_TYPE": data.draw(types),
        "REMOTE_ADDR": data.draw(st.sampled_from(["203.0.113.5", "::1", "", "x"])),
    }
    said |= {"CONTENT_LENGTH": str(len(body)) if length is None else length, "wsgi.input": io.BytesIO(body)}
    reply = everything.send(manner, said)
    assert reply.status < 500
    for name, value in safe(PLAIN.base_url).items():
        assert reply.headers[name] == value
    assert all(re.fullmatch(r"[\x20-\x7e]*", name + value) for name, value in reply.headers.items())
    if reply.body and reply.headers["Content-Type"].startswith("text/html"):
        judge_page(reply.body.decode())
    if reply.status == 303:
        assert re.fullmatch(r"(?:\.\./|\./)*admin/(?:sign-in)?", reply.headers["Location"])
    if manner == "shut" and path.startswith("/admin"):
        assert reply.status in {400, 404, 405}
        assert "Set-Cookie" not in reply.headers


def test_every_route_is_walked_and_the_pages_that_are_judged_are_there() -> None:
    (everything,) = _EVERYTHING
    assert {"/", "/item/<>", "/healthz", "/readyz", "/static/<>", "/oai"} <= set(everything.rules)
    assert {
        "/admin/",
        "/admin/runs",
        "/admin/runs/<>",
        "/admin/source/<>/<>",
        "/admin/sign-in",
        "/admin/sign-out",
    } <= set(everything.rules)
    assert dict(safe(PLAIN.base_url))["Content-Security-Policy"] == CSP


def _app(engine: Engine, clock: Clock) -> WSGIApplication:
    """The service as it is at its start: with the key that the database has then."""
    repository = replace(PLAIN, page_size=2, token_key=schema.token_key(engine))
    return service(engine, repository, clock, None)


def test_after_a_rotation_a_token_of_before_is_bad_and_a_list_starts_again(engine: Engine, tmp_path: Path) -> None:
    site = Site(engine, tmp_path)
    site.run(WORKS)
    site.clock.now += 60

    first = judged(Client(_app(engine, site.clock)).get("/oai?verb=ListRecords&metadataPrefix=oai_dc").data)
    assert first.resumption is not None
    token = first.resumption.token
    assert (
        judged(Client(_app(engine, site.clock)).get(f"/oai?verb=ListRecords&resumptionToken={token}").data).codes == []
    )
    schema.rotate_keys(engine)
    refused = judged(Client(_app(engine, site.clock)).get(f"/oai?verb=ListRecords&resumptionToken={token}").data)
    assert refused.codes == ["badResumptionToken"]
    assert judged(Client(_app(engine, site.clock)).get("/oai?verb=ListRecords&metadataPrefix=oai_dc").data).codes == []

"""Alerts as people get them: over real webhooks and a real mail server, from real runs."""

from __future__ import annotations

import json
import logging
import ssl
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from pytest_httpserver import HTTPServer
from sqlalchemy import Engine
from werkzeug import Request, Response

from repo_harvest.alerts import Email, Webhook
from repo_harvest.model import Outcome
from repo_harvest.store.engine import open_engine
from tests.alerts.kit import Feed
from tests.cli.shell import Shell, free_port
from tests.pages_kit import WORKS, page_html

PEMS = Path(__file__).parents[1] / "source" / "tls"
SECRET = "s3cr3t-p4th"


class Hook:
    """A webhook, and what it was sent."""

    def __init__(self, server: HTTPServer) -> None:
        self.got: list[dict[str, object]] = []
        self.answer = Response(status=204)
        self.url = server.url_for(f"/hooks/{SECRET}")
        server.expect_request(f"/hooks/{SECRET}", method="POST").respond_with_handler(self._take)
        self._taking = threading.Lock()

    def _take(self, request: Request) -> Response:
        with self._taking:
            if self.answer.status_code == 204:
                self.got.append(json.loads(request.data))
            return self.answer

    def said(self) -> list[str]:
        """What was said since the last time: states and titles."""
        said = [f"{one['state']} {one['title']}" for one in self.got]
        self.got.clear()
        return said


@pytest.fixture
def hook(httpserver: HTTPServer) -> Hook:
    return Hook(httpserver)


@pytest.fixture
def feed(engine: Engine, hook: Hook) -> Feed:
    return Feed(engine, Webhook(url=hook.url))


# --- when something is told ------------------------------------------------------------------------------------------


def test_a_refused_source_is_told_once_and_once_that_it_is_well(feed: Feed, hook: Hook) -> None:
    feed.run(Outcome.DONE)
    assert hook.said() == []
    feed.run(Outcome.REFUSED, "page: only 5 of 10 entries")
    (payload,) = hook.got
    assert payload == {
        "version": 1,
        "repository": "Test",
        "base_url": "https://x.org/oai",
        "subject": "run:page",
        "state": "bad",
        "title": "page: a run was refused",
        "text": "Test: page: a run was refused\n2027-01-15T08:00:00Z, run 2 of the source page: refused.\npage: only 5 of 10 entries\n"
        "What was served stays served. Look at the page, then: repo-harvest ingest page",
        "source": "page",
        "run": 2,
        "at": "2027-01-15T08:00:00Z",
    }
    hook.got.clear()
    feed.run(Outcome.REFUSED, "page: only 4 of 10 entries")
    assert hook.said() == []
    feed.run(Outcome.FAILED, "the database does not answer")
    assert hook.said() == ["bad page: a run failed"]
    feed.run(Outcome.DONE, source="other")
    assert hook.said() == []
    feed.run(Outcome.DONE)
    assert hook.said() == ["good page: read well again"]
    feed.run(Outcome.DONE)
    assert hook.said() == []


def test_a_run_that_died_is_told_when_the_next_one_finds_out(feed: Feed, hook: Hook) -> None:
    feed.run(Outcome.DIED)
    feed.run(Outcome.DONE)
    assert hook.said() == ["bad page: a run died"]
    feed.run(Outcome.DONE)
    assert hook.said() == ["good page: read well again"]


def test_quarantine_is_told_as_it_grows_and_when_it_is_empty(feed: Feed, hook: Hook) -> None:
    for held in (1, 1, 3, 2, 3, 0):
        feed.run(Outcome.DONE, held=held)
    assert hook.said() == [
        "bad page: 1 in quarantine",
        "bad page: 3 in quarantine",
        "bad page: 3 in quarantine",
        "good page: nothing is in quarantine any more",
    ]


def test_a_feed_clock_that_runs_ahead_is_told_once(feed: Feed, hook: Hook) -> None:
    for seconds in (60, 3600, 3000, 0):
        feed.lead(seconds)
    assert hook.said() == ["bad the clock of the feed runs 3600 s ahead", "good the clock of the feed is right again"]


def test_processes_that_tell_at_once_tell_it_once(feed: Feed, hook: Hook, database_url: str) -> None:
    channels, feed.channels = feed.channels, ()
    feed.run(Outcome.REFUSED, "no page")
    engines = [open_engine(database_url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda one: Feed(one, *channels).tell(), engines))
    assert hook.said() == ["bad page: a run was refused"]
    for one in engines:
        one.dispose()


def logged(caplog: pytest.LogCaptureFixture) -> str:
    """What we wrote to the log, and not the servers that are the other side here."""
    return "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("repo_harvest"))


# --- when it does not arrive -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    [Response(status=500), Response(status=302, headers={"Location": "/elsewhere"}), Response(status=404)],
    ids=["error", "redirect", "gone"],
)
def test_what_a_channel_did_not_take_is_told_after_the_next_run(
    feed: Feed, hook: Hook, httpserver: HTTPServer, caplog: pytest.LogCaptureFixture, answer: Response
) -> None:
    hook.answer = answer
    with caplog.at_level(logging.DEBUG, logger="repo_harvest"):
        feed.run(Outcome.REFUSED, "no page")
    assert f"answered {answer.status_code}" in logged(caplog)
    assert SECRET not in logged(caplog)
    assert len(httpserver.log) == 1
    hook.answer = Response(status=204)
    feed.run(Outcome.DONE, source="other")
    assert hook.said() == ["bad page: a run was refused"]


def test_one_channel_that_is_down_keeps_no_other_from_telling(
    feed: Feed, hook: Hook, caplog: pytest.LogCaptureFixture
) -> None:
    nobody = Webhook(url=f"http://127.0.0.1:{free_port()}/{SECRET}", name="other")
    feed.channels = [nobody, *feed.channels]
    feed.run(Outcome.REFUSED, "no page")
    assert hook.said() == ["bad page: a run was refused"]
    assert "127.0.0.1: ConnectionError" in logged(caplog)
    assert SECRET not in logged(caplog) + repr(nobody)


# --- e-mail ----------------------------------------------------------------------------------------------------------


class Mailbox:
    """What a mail server took."""

    def __init__(self) -> None:
        self.got: list[EmailMessage] = []
        self.logins: list[tuple[bytes, bytes]] = []
        self.recipients: list[str] = []
        self.refuses = False

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 -- aiosmtpd's name
        if self.refuses:
            return "451 not now"
        assert isinstance(envelope.content, bytes)
        self.got.append(message_from_bytes(envelope.content, policy=policy.default))
        self.recipients += envelope.rcpt_tos
        return "250 taken"

    def admit(self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, login: object) -> AuthResult:
        assert isinstance(login, LoginPassword)
        self.logins.append((login.login, login.password))
        return AuthResult(success=login.password == SECRET.encode(), handled=False)


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def mail(mailbox: Mailbox) -> Iterator[Email]:
    """A channel to a server that wants TLS and a log-in."""
    server_side = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server_side.load_cert_chain(PEMS / "list.example.pem")
    trust = ssl.create_default_context(cafile=str(PEMS / "root.pem"))
    trust.check_hostname = False  # the certificate is of a name that this machine does not have
    controller = Controller(
        mailbox,
        hostname="127.0.0.1",
        port=free_port(),
        tls_context=server_side,
        require_starttls=True,
        authenticator=mailbox.admit,
        auth_required=True,
    )
    controller.start()
    yield Email(
        to=("ann@x.org", "bob@x.org"),
        sent_from="feed@x.org",
        host="127.0.0.1",
        port=controller.port,
        user="feed",
        password=SECRET,
        trust=trust,
    )
    controller.stop()


@pytest.mark.parametrize("kind", ["sqlite"])
def test_an_email_says_what_where_and_what_to_do(
    new_database_url: Callable[[str], str], kind: str, mail: Email, mailbox: Mailbox
) -> None:
    engine = open_engine(new_database_url(kind))
    feed = Feed(engine, mail)
    feed.run(Outcome.REFUSED, "no page at\r\nBcc: eve@x.org – „Ünser“")
    feed.run(Outcome.DONE)
    first, second = mailbox.got
    assert (first["From"], first["To"]) == ("feed@x.org", "ann@x.org, bob@x.org")
    assert first["Subject"] == "[Test] page: a run was refused"
    assert first["Auto-Submitted"] == "auto-generated"
    assert first["Bcc"] is None
    text = first.get_content()
    assert first.get_content_type() == "text/plain"
    assert "run 1 of the source page: refused." in text
    assert "„Ünser“" in text
    assert "repo-harvest ingest page" in text
    assert second["Subject"] == "[Test] page: read well again"
    assert mailbox.logins == [(b"feed", SECRET.encode())] * 2
    assert mailbox.recipients == ["ann@x.org", "bob@x.org"] * 2
    engine.dispose()


@pytest.mark.parametrize("kind", ["sqlite"])
def test_a_mail_server_that_takes_nothing_is_tried_again(
    new_database_url: Callable[[str], str],
    kind: str,
    mail: Email,
    mailbox: Mailbox,
    caplog: pytest.LogCaptureFixture,
) -> None:
    engine = open_engine(new_database_url(kind))
    untrusting = replace(mail, trust=ssl.create_default_context())
    wrong = replace(mail, password="wr0ng")
    Feed(engine, untrusting).run(Outcome.REFUSED, "no page")
    assert "SSLCertVerificationError" in logged(caplog)
    Feed(engine, wrong).tell()
    assert "answered 535" in logged(caplog)
    mailbox.refuses = True
    Feed(engine, mail).tell()
    assert "answered 451" in logged(caplog)
    assert mailbox.got == []
    mailbox.refuses = False
    Feed(engine, mail).tell()
    Feed(engine, mail).tell()
    assert len(mailbox.got) == 1
    assert "wr0ng" not in logged(caplog)
    assert SECRET not in logged(caplog) + repr(mail)
    engine.dispose()


# --- the commands ----------------------------------------------------------------------------------------------------


def test_a_run_tells_and_is_not_broken_by_a_channel_that_is_down(tmp_path: Path, database_url: str, hook: Hook) -> None:
    shell = Shell(tmp_path, database_url)
    shell.configure('[[source]]\nname = "page"\npath = "page.html"\n')
    page = tmp_path / "page.html"
    page.write_text("<p>Nothing here.</p>", encoding="utf-8")
    nobody = {"REPO_HARVEST_ALERTS_WEBHOOK": f"http://127.0.0.1:{free_port()}/{SECRET}"}
    refused = shell.run("ingest", environment=nobody)
    assert refused.status == 1
    assert "not told, 127.0.0.1: ConnectionError" in refused.err
    assert SECRET not in refused.err
    page.write_text(page_html(WORKS), encoding="utf-8")
    assert shell.run("ingest", environment=nobody).status == 0
    page.write_text("<p>Nothing here.</p>", encoding="utf-8")
    assert shell.run("ingest", environment={"REPO_HARVEST_ALERTS_WEBHOOK": hook.url}).status == 1
    assert hook.said() == ["bad page: a run was refused"]

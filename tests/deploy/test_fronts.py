"""nginx and Caddy in front: their own checkers, and a real one of each before the real service."""

from __future__ import annotations

import gzip
import json
import os
import re
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import quote

import pytest

from repo_harvest.settings import load
from tests.cli.shell import Shell, free_port
from tests.deploy.files import CONFIG, DEPLOY, checked, planted
from tests.oai.wire import judged

NGINX, CADDY = DEPLOY / "nginx" / "repo-harvest.conf", DEPLOY / "caddy" / "Caddyfile"
_LINE = '{{"identifier": "oai:x.org:{0}", "datestamp": "2026-01-02T08:00:00Z", "title": "Record {0}"}}\n'
_PATIENCE = 30  # seconds that a front may take to begin
_AROUND = """
daemon off;
error_log stderr;
pid {folder}/nginx.pid;
{user}
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {site};
}}
"""


@dataclass(frozen=True)
class Front:
    """Where one listens, and the certificate that it shows."""

    port: int
    pem: Path

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, Message, bytes]:
        """Status, headers and body of what repository.example answers."""
        context = ssl.create_default_context(cafile=self.pem)
        connection = HTTPConnection("repository.example", timeout=60)
        plain = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        connection.sock = context.wrap_socket(plain, server_hostname="repository.example")
        with closing(connection):
            sent = {name.replace("_", "-"): value for name, value in headers.items()}
            connection.request(method, path, body, sent)
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of our own for repository.example, and its key."""
    pem, key = folder / "site.pem", folder / "site.key"
    made = checked(
        "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        "-subj", "/CN=repository.example", "-addext", "subjectAltName=DNS:repository.example", "-keyout", key, "-out", pem,
    )  # fmt: skip  # a command line
    assert made[0] == 0, made[1]
    return pem, key


def nginx(folder: Path, site: Path) -> list[str | Path]:
    """A command that runs nginx with this site, as the account that runs the tests."""
    user = "user root;" if os.geteuid() == 0 else ""
    config = folder / "nginx.conf"
    config.write_text(_AROUND.format(folder=folder, site=site, user=user), "utf-8")
    return ["nginx", "-p", folder, "-c", config]


def nginx_site(folder: Path, port: int, upstream: int) -> Path:
    """The site as an operator would have it: with a certificate of its own; and on ports that are free here."""
    pem, key = certificate(folder)
    text = NGINX.read_text("utf-8")
    for right, ours in (
        ("/etc/ssl/certs/repository.example.pem", str(pem)),
        ("/etc/ssl/private/repository.example.key", str(key)),
        ("server 127.0.0.1:8080;", f"server 127.0.0.1:{upstream};"),
        ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
        ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
    ):
        assert right in text
        text = text.replace(right, ours)
    site = folder / NGINX.name
    site.write_text(re.sub(r"(?m)^ +listen \[::\].*\n", "", text), "utf-8")
    return site


def caddy(folder: Path, *words: str | Path) -> list[str | Path]:
    """A command of Caddy, which keeps what it keeps in the folder."""
    return [
        "env",
        f"XDG_DATA_HOME={folder}",
        f"XDG_CONFIG_HOME={folder}",
        "caddy",
        *words,
        "--adapter",
        "caddyfile",
        "--config",
    ]


def caddy_site(folder: Path, port: int, upstream: int) -> Path:
    pem, key = certificate(folder)
    text = CADDY.read_text("utf-8")
    for right, ours in (
        ("repository.example {", f"repository.example:{port} {{\n\ttls {pem} {key}"),
        ("reverse_proxy 127.0.0.1:8080", f"reverse_proxy 127.0.0.1:{upstream}"),
    ):
        assert right in text
        text = text.replace(right, ours)
    site = folder / CADDY.name
    site.write_text("{\n\tadmin off\n\tauto_https disable_redirects\n}\n" + text, "utf-8")
    return site


@contextmanager
def standing(command: list[str | Path], front: Front) -> Iterator[Front]:
    """The front while the block runs."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        until = time.monotonic() + _PATIENCE
        while not answers(front.port):
            assert process.poll() is None, process.communicate()[0]
            assert time.monotonic() < until, "it does not listen"
            time.sleep(0.05)
        yield front
    finally:
        process.terminate()
        process.communicate(timeout=_PATIENCE)


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    """The program with what the fronts ask to be put into its config file."""
    folder = tmp_path_factory.mktemp("behind")
    shell = Shell(folder, f"sqlite:///{folder}/feed.db")
    shell.configure(
        "[feed]\npage_size = 3\n"
        '[server]\nproxies = ["127.0.0.1"]\n'
        '[admin]\ntrusted_header = "RemoteUser"\ntrusted_proxies = ["127.0.0.1"]\n'
        '[log]\nformat = "json"\nrequests = true\n'
    )
    (folder / "records.jsonl").write_text("".join(map(_LINE.format, range(1, 9))), "utf-8")
    assert shell.run("init").status == 0
    assert shell.run("import", "--migrate", "records.jsonl").status == 0
    with shell.running("serve", "--workers", "1"):
        assert shell.get("/readyz")[0] == 200
        yield shell


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def front(request: pytest.FixtureRequest, service: Shell, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Front]:
    folder, port = tmp_path_factory.mktemp("front"), free_port()
    if request.param == "nginx":
        command = nginx(folder, nginx_site(folder, port, service.port))
    else:
        command = [*caddy(folder, "run"), caddy_site(folder, port, service.port)]
    with standing(command, Front(port, folder / "site.pem")) as front:
        yield front


def test_nginx_finds_nothing_in_its_site(tmp_path: Path) -> None:
    status, said = checked(*nginx(tmp_path, nginx_site(tmp_path, free_port(), 8080)), "-t")
    assert status == 0, said


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("proxy_pass http://repo_harvest;", "proxy_pass http://repo_harvest"),
        ("proxy_set_header Host", "proxy_add_header Host"),
        ("keepalive 32;", "keepalive many;"),
        ("proxy_pass http://repo_harvest", "proxy_pass http://nobody.invalid"),
    ],
)
def test_nginx_finds_an_error_planted_in_its_site(tmp_path: Path, right: str, wrong: str) -> None:
    site = nginx_site(tmp_path, free_port(), 8080)
    status, said = checked(*nginx(tmp_path, planted(site, tmp_path, right, wrong)), "-t")
    assert status != 0, said


def test_caddy_finds_nothing_in_its_site(tmp_path: Path) -> None:
    status, said = checked(*caddy(tmp_path, "validate"), CADDY)
    assert status == 0, said


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("reverse_proxy", "reverse_proxies"),
        ("max_size 64KB", "max_size much"),
        ("respond @inside 404", "respond @outside 404"),
    ],
)
def test_caddy_finds_an_error_planted_in_its_site(tmp_path: Path, right: str, wrong: str) -> None:
    status, said = checked(*caddy(tmp_path, "validate"), planted(CADDY, tmp_path, right, wrong))
    assert status != 0, said


@pytest.mark.parametrize("file", [NGINX, CADDY], ids=["nginx", "caddy"])
def test_a_front_asks_where_the_program_listens(file: Path) -> None:
    server = load(CONFIG, {}).server
    assert f" {server.host}:{server.port}" in re.sub(r"(?m)^\s*#.*", "", file.read_text("utf-8"))


@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_a_harvest_through_a_front_is_whole_and_valid(front: Front, coding: str) -> None:
    query, seen = "verb=ListRecords&metadataPrefix=oai_dc", 0
    for method in ("GET", "POST", "GET"):
        path, body = (f"/oai?{query}", None) if method == "GET" else ("/oai", query.encode())
        form = {"Content_Type": "application/x-www-form-urlencoded"} if body else {}
        status, headers, content = front.ask(method, path, body, Accept_Encoding=coding, **form)
        assert status == 200
        assert headers["Content-Type"] == "text/xml; charset=utf-8"
        assert headers.get("Content-Encoding", "identity") == coding
        answer = judged(gzip.decompress(content) if coding == "gzip" else content)
        seen += len(answer.heads)
        if answer.resumption is not None:
            query = f"verb=ListRecords&resumptionToken={quote(answer.resumption.token)}"
    assert seen == 8


def test_a_client_cannot_say_who_it_is_or_who_signed_in(front: Front, service: Shell) -> None:
    direct = HTTPConnection("127.0.0.1", service.port, timeout=60)
    with closing(direct):
        direct.request("GET", "/admin/", headers={"RemoteUser": "somebody"})
        assert direct.getresponse().status == 200, "the program itself believes the header: a front has to take it away"
    assert front.ask("GET", "/admin/", RemoteUser="somebody")[0] == 403
    assert front.ask("GET", "/admin/", remoteuser="somebody", RemoteUser="somebody")[0] == 403


def test_metrics_stay_inside(front: Front, service: Shell) -> None:
    assert service.get("/metrics")[0] == 200
    for path in ("/metrics", "/metrics?a=b", "//metrics", "/./metrics", "/%6detrics"):
        status, _, content = front.ask("GET", path)
        assert status in {308, 403, 404}, path
        assert b"repo_harvest_" not in content


def test_who_asked_is_told_by_the_front_and_a_request_has_one_number(
    front: Front, service: Shell, request: pytest.FixtureRequest
) -> None:
    agent = f"harvester {request.node.callspec.id}"
    status, headers, content = front.ask(
        "GET",
        "/oai?verb=ListRecords&metadataPrefix=oai_dc",
        User_Agent=agent,
        X_Forwarded_For="203.0.113.9",
        Forwarded="for=203.0.113.9",
        X_Request_ID="forged",
    )
    assert status == 200
    judged(content)
    assert headers["X-Request-ID"] not in {None, "forged"}
    assert headers["Strict-Transport-Security"]
    until = time.monotonic() + _PATIENCE
    while not (known := [one for one in json.loads(service.run("harvesters", "--json").out) if one["agent"] == agent]):
        assert time.monotonic() < until, "its harvest is not remembered"
    assert [one["address"] for one in known] == ["127.0.0.1"]


def test_503_and_when_to_come_back_are_handed_on(front: Front, service: Shell) -> None:
    assert service.run("maintenance", "on").status == 0
    try:
        until = time.monotonic() + _PATIENCE
        while (answer := front.ask("GET", "/oai?verb=Identify"))[0] != 503:
            assert time.monotonic() < until
            time.sleep(0.1)
        assert int(answer[1]["Retry-After"]) > 0
    finally:
        assert service.run("maintenance", "off").status == 0

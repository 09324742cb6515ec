"""Nothing private is reached: not by its address, not by a name, not by a redirect, not by a name that changes."""

from __future__ import annotations

import socket
import ssl
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repo_harvest.errors import FetchError
from repo_harvest.source import Limits, fetch
from repo_harvest.source.address import allowed, special
from tests.source.servers import Names, answer, noon, page, redirect, reset, serving

PRIVATE = [
    *("0.0.0.0", "10.1.2.3", "100.64.0.1", "100.100.100.200", "127.0.0.1", "127.255.255.254", "168.63.129.16"),
    *("169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.1.1"),
    *("198.18.0.1", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255"),
    *("::", "::1", "::127.0.0.1", "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:0:127.0.0.1", "100::1"),
    *("64:ff9b::10.0.0.1", "64:ff9b::169.254.169.254", "64:ff9b:1::1", "2001::1", "2001:db8::1", "2002:7f00:1::1"),
    *("2002:808:808::1", "3fff::1", "4000::1", "5f00::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1"),
]
PUBLIC = [
    *(
        "1.1.1.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.0",
    ),
    *("172.15.255.255", "172.32.0.0", "192.0.1.0", "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0"),
    *("223.255.255.255", "2000::", "2001:200::1", "2606:4700::1111", "2a00:1450:4009:81f::200e", "3ffe:ffff::1"),
    *("::ffff:8.8.8.8", "64:ff9b::8.8.8.8"),
]


@pytest.mark.parametrize("address", PRIVATE)
def test_an_address_apart_is_refused_unless_it_is_allowed_with_its_port(address: str) -> None:
    assert special(ip_address(address)) is not None
    names = Names(address)
    with pytest.raises(FetchError) as caught:
        fetch("http://list.example:8080/", now=noon, resolve=names)
    assert names.asked == ["list.example"]  # a refusal is not tried again
    assert f"list.example is at {address}, " in str(caught.value)
    assert 'add "list.example:8080" to allow_private' in str(caught.value)


@pytest.mark.parametrize("address", PUBLIC)
def test_an_address_for_everyone_is_dialled(address: str) -> None:
    assert special(ip_address(address)) is None


@given(st.ip_addresses(v=4))
def test_an_embedded_address_is_as_private_as_the_one_it_embeds(address: IPv4Address) -> None:
    for prefix in ("::ffff:0:0", "64:ff9b::"):
        assert special(IPv6Address(int(IPv6Address(prefix)) | int(address))) == special(address)


@given(st.ip_addresses())
def test_what_is_dialled_python_calls_global_too(address: IPv4Address | IPv6Address) -> None:
    embedded = getattr(address, "ipv4_mapped", None) or address
    assert special(address) is not None or (embedded.is_global and not embedded.is_multicast)


@given(st.ip_addresses(), st.integers(1, 65535))
def test_every_address_can_be_allowed_as_people_write_it(address: IPv4Address | IPv6Address, port: int) -> None:
    text = f"[{address}]" if isinstance(address, IPv6Address) else str(address)
    assert allowed([f"{text}:{port}"]) == {(str(address), port)}


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "[::ffff:7f00:1]", "[::]"])
def test_every_spelling_of_an_address_is_seen_through(host: str) -> None:
    with serving(page("secret")) as server:
        with pytest.raises(FetchError, match="only public ones are dialled"):
            fetch(f"http://{host}:{server.port}/", now=noon)
        assert server.requests == []


def test_an_allowed_port_opens_no_other_port() -> None:
    with serving(page("secret")) as server, pytest.raises(FetchError, match="a loopback address"):
        fetch(server.url, now=noon, allow_private=[f"127.0.0.1:{server.port + 1}", f"localhost:{server.port}"])
    assert server.requests == []


@pytest.mark.parametrize("entry", ["list.example:{port}", "LIST.Example.:{port}", "127.0.0.1:{port}"])
def test_a_name_is_allowed_by_its_name_or_by_where_it_leads(entry: str) -> None:
    with serving(page("a list")) as server:
        found = fetch(
            f"http://List.Example:{server.port}/",
            now=noon,
            allow_private=[entry.format(port=server.port)],
            resolve=Names("127.0.0.1"),
        )
    assert found.content == b"a list"
    assert f"\r\nHost: list.example:{server.port}\r\n" in server.requests[0]


def test_a_name_beyond_ascii_is_asked_for_and_allowed_as_it_is_dialled() -> None:
    names = Names("127.0.0.1")
    with serving(page("a list")) as server:
        at = f"Müller.example:{server.port}"
        assert fetch(f"http://{at}/", now=noon, allow_private=[at], resolve=names).content == b"a list"
    assert names.asked == ["xn--mller-kva.example"]


def test_an_ipv6_address_in_brackets_is_allowed_and_named_as_the_host() -> None:
    names = Names("127.0.0.1")
    with serving(page("a list")) as server:
        fetch(f"http://[0::1]:{server.port}/", now=noon, allow_private=[f"[::1]:{server.port}"], resolve=names)
    assert names.asked == ["0::1"]
    assert f"\r\nHost: [0::1]:{server.port}\r\n" in server.requests[0]


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    with pytest.raises(FetchError, match=r"list\.example is at 10\.0\.0\.1, a private address"):
        fetch("http://list.example/", now=noon, resolve=Names(["8.8.8.8", "10.0.0.1"]))


def test_what_was_judged_is_what_is_dialled() -> None:
    """A name server that answers differently the second time is not asked a second time."""
    with serving(page("harmless")) as server, serving(page("secret"), host="127.0.0.2", port=server.port) as secret:
        names = Names("127.0.0.1", "127.0.0.2")
        url = f"http://list.example:{server.port}/"
        found = fetch(url, now=noon, allow_private=[server.at], resolve=names)
    assert found.content == b"harmless"
    assert names.asked == ["list.example"]
    assert secret.requests == []


@pytest.mark.parametrize("first", [redirect("/again"), answer(status="503 Busy"), reset(b"HTTP/1.1 200 OK\r\n")])
def test_every_redirect_and_every_attempt_is_judged_anew(first: bytes) -> None:
    with serving(first) as server, serving(page("secret"), host="127.0.0.2", port=server.port) as secret:
        names = Names("127.0.0.1", "127.0.0.2")
        with pytest.raises(FetchError, match=r"list\.example is at 127\.0\.0\.2, a loopback address"):
            fetch(
                f"http://list.example:{server.port}/",
                now=noon,
                allow_private=[server.at],
                resolve=names,
                sleep=lambda _: None,
            )
    assert names.asked == ["list.example", "list.example"]
    assert secret.requests == []


def test_a_dead_address_is_passed_over_for_a_living_one() -> None:
    with serving(page("a list")) as server:
        found = fetch(
            f"http://list.example:{server.port}/",
            now=noon,
            allow_private=[f"list.example:{server.port}"],
            resolve=Names(["127.0.0.3", "127.0.0.1"]),
        )
    assert found.content == b"a list"


def test_when_no_address_lives_it_is_said() -> None:
    with serving() as server:
        gone = server.port
    with pytest.raises(FetchError, match=rf"no connection to 127\.0\.0\.1, port {gone} \(Connection refused\)"):
        fetch(f"http://127.0.0.1:{gone}/", now=noon, allow_private=[f"127.0.0.1:{gone}"], sleep=lambda _: None)


def test_a_host_without_any_address_is_said() -> None:
    with pytest.raises(FetchError, match=r"no connection to list\.example"):
        fetch("http://list.example/", now=noon, resolve=Names([]), sleep=lambda _: None)


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("http://127.0.0.1:1/secret", "127.0.0.1 is a loopback address"),
        ("http://169.254.169.254/latest/meta-data/", "a link-local address"),
        ("//[::ffff:10.0.0.1]/", "a private address"),
        ("file:///etc/passwd", "addresses of the kind file: are not fetched"),
        ("FILE:/etc/passwd", "addresses of the kind file: are not fetched"),
        ("/etc/passwd", "404"),
        ("ftp://127.0.0.1/", "addresses of the kind ftp:"),
        ("gopher://127.0.0.1:25/_HELO", "addresses of the kind gopher:"),
        ("javascript:alert(1)", "addresses of the kind javascript:"),
        ("data:text/html,x", "addresses of the kind data:"),
        ("http://user:secret@127.0.0.1/", "user name or password"),
        ("http://[", "not a web address"),
        ("http://x:y/", "not a web address"),
        ("https://", "not a web address"),
    ],
)
def test_a_redirect_leads_nowhere_else(location: str, reason: str) -> None:
    with serving(redirect(location), answer(status="404 x")) as server, pytest.raises(FetchError) as caught:
        fetch(server.url, now=noon, allow_private=[server.at])
    assert reason in str(caught.value)
    assert "secret@" not in str(caught.value)


# --- TLS -------------------------------------------------------------------------------------------------------------

PEMS = Path(__file__).parent / "tls"


@pytest.fixture
def tls() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(PEMS / "list.example.pem")
    return context


def secure(host: str, port: int) -> bytes:
    return fetch(
        f"https://{host}:{port}/",
        now=noon,
        allow_private=[f"127.0.0.1:{port}"],
        limits=Limits(seconds=20, attempts=1),
        resolve=Names("127.0.0.1"),
    ).content


def test_over_tls_the_name_is_asked_for_and_the_roots_of_the_system_are_trusted(
    tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str | None] = []
    tls.sni_callback = lambda _socket, name, _context: asked.append(name)
    monkeypatch.setenv("SSL_CERT_FILE", str(PEMS / "root.pem"))
    with serving(page("a list"), tls=tls) as server:
        assert secure("list.example", server.port) == b"a list"
    assert asked == ["list.example"]


def test_a_certificate_nobody_vouches_for_is_refused(tls: ssl.SSLContext) -> None:
    with serving(page("a list"), tls=tls) as server:
        with pytest.raises(
            FetchError, match=r"the certificate of list\.example is not valid \(unable to get local issuer"
        ):
            secure("list.example", server.port)
        assert server.requests == []


def test_a_certificate_of_another_name_is_refused(tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(PEMS / "root.pem"))
    with serving(page("a list"), tls=tls) as server:
        with pytest.raises(FetchError, match=r"other\.example is not valid \(Hostname mismatch"):
            secure("other.example", server.port)
        assert server.requests == []


def test_an_answer_cut_off_under_tls_is_no_page(tls: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where only the end of the connection ends the page, anyone between could end it early: RFC 9112 section 9.8."""

    def say(client: socket.socket) -> None:
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>half a li")
        assert isinstance(client, ssl.SSLSocket)
        client.shutdown(socket.SHUT_RDWR)  # of TCP: without the alert that ends TLS

    monkeypatch.setenv("SSL_CERT_FILE", str(PEMS / "root.pem"))
    with serving(say, tls=tls) as server, pytest.raises(FetchError, match="unexpected eof"):
        secure("list.example", server.port)


def test_a_server_without_tls_is_said() -> None:
    with serving(page("a list")) as server, pytest.raises(FetchError, match=r"no secure connection to list\.example"):
        secure("list.example", server.port)

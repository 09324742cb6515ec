"""Who is asking: the one who connects, or the one whom a proxy of ours names; never whom a client claims to be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repo_harvest.web.client import Clients, share_of

OURS = ["10.0.0.0/8", "::1", "2001:db8:1::/48"]

SEEN = [
    # connects from, X-Forwarded-For, is
    ("192.0.2.1", None, "192.0.2.1"),
    ("192.0.2.1", "198.51.100.9", "192.0.2.1"),
    ("10.0.0.1", None, "10.0.0.1"),
    ("10.0.0.1", "", "10.0.0.1"),
    ("10.0.0.1", "198.51.100.9", "198.51.100.9"),
    ("10.0.0.1", "203.0.113.5, 198.51.100.9", "198.51.100.9"),
    ("10.0.0.1", "203.0.113.5, 198.51.100.9, 10.2.2.2", "198.51.100.9"),
    ("10.0.0.1", "198.51.100.9, 10.2.2.2,10.3.3.3", "198.51.100.9"),
    ("10.0.0.1", "10.3.3.3, 10.2.2.2", "10.3.3.3"),
    ("10.0.0.1", "198.51.100.9, someone", "10.0.0.1"),
    ("10.0.0.1", "198.51.100.9, someone, 10.2.2.2", "10.2.2.2"),
    ("10.0.0.1", "198.51.100.9:4711", "198.51.100.9"),
    ("10.0.0.1", "[2001:db8:9::7]:4711", "2001:db8:9::7"),
    ("10.0.0.1", "2001:DB8:9:0::7", "2001:db8:9::7"),
    ("2001:db8:1::5", "198.51.100.9", "198.51.100.9"),
    ("::1", "198.51.100.9", "198.51.100.9"),
    ("::ffff:10.0.0.1", "198.51.100.9", "198.51.100.9"),
    ("::ffff:192.0.2.1", None, "192.0.2.1"),
    ("", "198.51.100.9", "unknown"),
    ("/run/socket", "198.51.100.9", "unknown"),
]


@pytest.mark.parametrize(("connects_from", "forwarded", "client"), SEEN)
def test_the_table_of_who_is_asking(connects_from: str, forwarded: str | None, client: str) -> None:
    environ = {"REMOTE_ADDR": connects_from} | ({} if forwarded is None else {"HTTP_X_FORWARDED_FOR": forwarded})
    assert Clients(OURS).address(environ) == client


@given(claimed=st.text(st.characters(codec="latin-1")))
def test_whatever_a_client_claims_the_proxy_that_it_came_through_decides(claimed: str) -> None:
    environ = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": f"{claimed}, 198.51.100.9"}
    assert Clients(OURS).address(environ) == "198.51.100.9"
    assert Clients([]).address(environ) == "10.0.0.1"
    share_of(Clients(OURS).address({"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": claimed}))


def test_a_household_of_ipv6_shares_one_budget() -> None:
    assert share_of("2001:db8:0:1::5")[0] == share_of("2001:db8:0:1:ffff::9")[0]
    assert share_of("2001:db8:0:1::5")[0] != share_of("2001:db8:0:2::5")[0]
    assert [share_of(address)[1] for address in ("127.0.0.1", "127.9.9.9", "::1", "10.0.0.1", "unknown")] == [
        True,
        True,
        True,
        False,
        False,
    ]

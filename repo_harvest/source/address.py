"""An IP address goes in, and what is wrong with dialling it comes out, in words; nothing when it is a public one.

Rule: a web page that people may read is at a globally reachable unicast address. Whatever the special-purpose
registries of IANA (RFC 6890; www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry) set
apart is refused, and of IPv6 everything outside 2000::/3, unless the source allows that host and port by name.
The tables stand here rather than in `ipaddress.is_global`, whose answers change between releases of Python.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from repo_harvest.errors import SettingsError

__all__ = ["Endpoint", "allowed", "endpoint", "special"]

Endpoint = tuple[str, int]
"""A host in the one spelling that `endpoint` gives it, and a port."""

_SPECIAL_4: tuple[tuple[IPv4Network, str], ...] = tuple(
    (IPv4Network(network), words)
    for network, words in (
        ("0.0.0.0/8", "an unspecified address"),
        ("10.0.0.0/8", "a private address"),
        ("100.64.0.0/10", "a carrier's shared address"),
        ("127.0.0.0/8", "a loopback address"),
        ("168.63.129.16/32", "the metadata address of a cloud"),  # Azure's, public by number only
        ("169.254.0.0/16", "a link-local address"),  # where most clouds answer for metadata and credentials
        ("172.16.0.0/12", "a private address"),
        ("192.0.0.0/24", "a reserved address"),  # IETF protocol assignments; a cloud's metadata too
        ("192.0.2.0/24", "an address for documentation"),
        ("192.88.99.0/24", "a reserved address"),  # 6to4 relays, withdrawn by RFC 7526
        ("192.168.0.0/16", "a private address"),
        ("198.18.0.0/15", "an address for benchmarks"),
        ("198.51.100.0/24", "an address for documentation"),
        ("203.0.113.0/24", "an address for documentation"),
        ("224.0.0.0/4", "a multicast address"),
        ("240.0.0.0/4", "a reserved address"),
    )
)
_SPECIAL_6: tuple[tuple[IPv6Network, str], ...] = tuple(
    (IPv6Network(network), words)
    for network, words in (
        ("::/128", "an unspecified address"),
        ("::1/128", "a loopback address"),
        ("64:ff9b:1::/48", "a private address"),  # NAT64 of one's own network, RFC 8215
        ("2001::/23", "a reserved address"),  # IETF protocol assignments; Teredo embeds IPv4 here
        ("2001:db8::/32", "an address for documentation"),
        ("2002::/16", "a 6to4 address"),  # embeds IPv4; its relays are withdrawn
        ("3fff::/20", "an address for documentation"),
        ("fc00::/7", "a private address"),
        ("fe80::/10", "a link-local address"),
        ("fec0::/10", "a private address"),
        ("ff00::/8", "a multicast address"),
    )
)
_UNICAST_6 = IPv6Network("2000::/3")
_EMBEDS_4 = (IPv6Network("::ffff:0:0/96"), IPv6Network("64:ff9b::/96"))  # IPv4-mapped; NAT64 (RFC 6052)
_HOST_PORT = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[^\s:/@\[\]]+):([0-9]{1,5})")


def special(address: IPv4Address | IPv6Address) -> str | None:
    """What sort of address it is when it is not a public one; `None` when it is.

    An IPv4 address inside an IPv6 one is judged for itself, where the network would deliver it there.

    >>> special(ip_address("169.254.169.254"))
    'a link-local address'
    >>> special(ip_address("::ffff:10.0.0.1"))
    'a private address'
    >>> special(ip_address("2a00:1450:4009::1")) is None
    True
    """
    if isinstance(address, IPv4Address):
        return next((words for network, words in _SPECIAL_4 if address in network), None)
    if any(address in network for network in _EMBEDS_4):
        return special(IPv4Address(int(address) & 0xFFFFFFFF))
    otherwise = None if address in _UNICAST_6 else "not a public address"
    return next((words for network, words in _SPECIAL_6 if address in network), otherwise)


def endpoint(host: str, port: int) -> Endpoint:
    """A host (a name, or an IP address, with or without brackets) and a port in the spelling they are compared in.

    >>> endpoint("LocalHost.", 80), endpoint("[0::1]", 80)
    (('localhost', 80), ('::1', 80))
    """
    bare = host.strip("[]")
    try:
        return str(ip_address(bare)), port
    except ValueError:
        pass
    try:
        name = bare if bare.isascii() else bare.encode("idna").decode("ascii")
    except UnicodeError:
        name = bare
    return name.lower().rstrip("."), port


def allowed(entries: Iterable[str]) -> frozenset[Endpoint]:
    """The value of the key `allow_private`, read: each entry is HOST:PORT or [IPV6]:PORT.

    Raises `SettingsError` for any other entry: an address without a port would open every service of that machine.

    >>> sorted(allowed(["127.0.0.1:8123", "[::1]:80"]))
    [('127.0.0.1', 8123), ('::1', 80)]
    """
    return frozenset(_entry(entry) for entry in entries)


def _entry(entry: str) -> Endpoint:
    match = _HOST_PORT.fullmatch(entry)
    if match is None or not 0 < int(match[2]) < 65536:  # noqa: PLR2004 - the ports there are
        raise SettingsError(f'allow_private: "{entry}" is not HOST:PORT; write it like "127.0.0.1:8123" or "[::1]:80"')
    return endpoint(match[1], int(match[2]))

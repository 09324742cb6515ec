"""A WSGI request in, the address of the client it came from out.

Whoever connects to us has that address; nothing that a request says of it is believed, but for what one of the proxies
that the configuration names says in X-Forwarded-For. Each proxy adds on the right whom it was asked by, so the right-most
address that is none of ours is the client's; what stands before it, the client may have made up.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

__all__ = ["Clients", "address_of", "share_of"]

_UNKNOWN = "unknown"
_SHARE_BITS = 64  # of IPv6: what one household or office gets, and one machine may use all of


class Clients:
    """Tells clients apart; `proxies` are addresses or networks, such as `10.0.0.0/8`."""

    def __init__(self, proxies: Iterable[str] = ()) -> None:
        self._proxies = tuple(ip_network(proxy, strict=False) for proxy in proxies)
        self.is_proxy = lru_cache(maxsize=4096)(self._find_proxy)  # whether an address is one of them

    def address(self, environ: WSGIEnvironment) -> str:
        """The client's address as text, `unknown` where the server does not tell."""
        address = address_of(environ.get("REMOTE_ADDR", "")) or _UNKNOWN
        if not self._proxies or not self.is_proxy(address):
            return address
        for said in reversed(environ.get("HTTP_X_FORWARDED_FOR", "").split(",")):
            found = address_of(said)
            if found is None:  # no address: the proxy is all we know of
                return address
            address = found
            if not self.is_proxy(address):
                return address
        return address

    def _find_proxy(self, address: str) -> bool:
        if address == _UNKNOWN:
            return False
        found = ip_address(address)
        return any(found.version == proxy.version and found in proxy for proxy in self._proxies)


@lru_cache(maxsize=4096)
def address_of(text: str) -> str | None:
    """An IP address as it is written in X-Forwarded-For, perhaps with a port, in its one canonical spelling.

    >>> [address_of(text) for text in ("192.0.2.1", " 192.0.2.1:80", "[2001:DB8::1]:80", "::ffff:192.0.2.1", "someone")]
    ['192.0.2.1', '192.0.2.1', '2001:db8::1', '192.0.2.1', None]
    """
    host = text.strip(" \t")
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address: IPv4Address | IPv6Address = ip_address(host.partition("%")[0])
    except ValueError:
        return None
    return str(getattr(address, "ipv4_mapped", None) or address)


@lru_cache(maxsize=4096)
def share_of(address: str) -> tuple[str, bool]:
    """Whose budget a request of this address counts to, and whether it comes from this very machine.

    >>> share_of("192.0.2.1"), share_of("2001:db8::a:b:c:d"), share_of("::1")
    (('192.0.2.1', False), ('2001:db8::/64', False), ('::/64', True))
    """
    if address == _UNKNOWN:
        return _UNKNOWN, False
    found = ip_address(address)
    share = str(IPv6Network((found, _SHARE_BITS), strict=False)) if isinstance(found, IPv6Address) else address
    return share, found.is_loopback

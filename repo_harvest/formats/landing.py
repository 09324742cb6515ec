"""An OAI identifier in, the address of the page of its item out: where somebody who follows a record arrives; and of the first page."""

from __future__ import annotations

from urllib.parse import quote

__all__ = ["home", "item_path", "landing"]


def item_path(identifier: str) -> str:
    """The path of an item's page, relative to the first page.

    A slash stays a slash, because some proxies refuse an encoded one; but a segment that is empty or made of dots would
    be taken out by browsers and proxies, and then every slash is encoded.

    >>> item_path("oai:example.org:10034/620"), item_path("oai:example.org:a/../b?c;d")
    ('item/oai:example.org:10034/620', 'item/oai:example.org:a%2F..%2Fb%3Fc%3Bd')
    """
    dotted = any(segment in {"", ".", ".."} for segment in identifier.split("/"))
    return "item/" + quote(identifier, safe=":@" if dotted else ":@/")


def landing(base_url: str, identifier: str) -> str | None:
    """The address of an item's page, of the service whose OAI-PMH answers at `base_url`; `None` where that tells no place.

    >>> landing("https://example.org/research/oai", "oai:example.org:1")
    'https://example.org/research/item/oai:example.org:1'
    >>> landing("https://example.org/feed", "oai:example.org:1")
    """
    first = home(base_url)
    return None if first is None else first + item_path(identifier)


def home(base_url: str) -> str | None:
    """The address of the first page of that service, which ends in a slash; `None` where the base URL tells no place.

    >>> home("https://example.org/research/oai"), home("https://example.org/feed")
    ('https://example.org/research/', None)
    """
    stem = base_url.rstrip("/")
    return stem.removesuffix("oai") if stem.endswith("/oai") else None

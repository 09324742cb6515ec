"""What stands around metadata comes in as values, the elements of the optional containers come out as bytes.

`about` of a record (OAI-PMH 2.0 section 2.5): where its metadata came from (guidelines for provenance), and what may
be done with it (guidelines for rights expressions, which are about the metadata, never about the publication: that is
dc:rights). `description` of a repository (section 4.2): its friends and its rights. Each element declares its own
namespaces, because it is spliced into answers as it is; each was judged by its schema before it is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from repo_harvest.formats import oai_dc
from repo_harvest.formats.xml import escape
from repo_harvest.model import Provenance, Record, utc_text

__all__ = ["CONTAINERS", "about", "described", "friends", "provenance", "rights", "rights_manifest"]

PROVENANCE = "http://www.openarchives.org/OAI/2.0/provenance"
RIGHTS = "http://www.openarchives.org/OAI/2.0/rights/"
FRIENDS = "http://www.openarchives.org/OAI/2.0/friends/"

CONTAINERS = {PROVENANCE: "provenance.xsd", RIGHTS: "rightsManifest.xsd", FRIENDS: "friends.xsd"}
"""The namespace of each container and the file in `schemas/` that judges it."""

_XHTML = "http://www.w3.org/1999/xhtml"  # the format of what was harvested: a web page
_METADATA = "http://www.openarchives.org/OAI/2.0/entity#metadata"
_XSI = "http://www.w3.org/2001/XMLSchema-instance"


def about(origins: Iterable[Provenance], metadata_rights: str | None) -> bytes:
    """The `about` elements of a record, one after the other; nothing where there is nothing to say.

    >>> about([], None)
    b''
    """
    inside = [provenance(origin) for origin in origins]
    if metadata_rights is not None:
        inside.append(rights(metadata_rights))
    return b"".join(b"<about>%b</about>" % container for container in inside)


def provenance(origin: Provenance) -> bytes:
    """The `provenance` element for a record that was read from a web page.

    A page states no datestamp of its own: the moment of the fetch stands for it. It was altered, from a page into a
    record.

    >>> origin = Provenance(page_url="https://x.org/", identifier="https://x.org/1", fetched=0)
    >>> provenance(origin).partition(b"<baseURL>")[2][:22]
    b'https://x.org/</baseUR'
    """
    when = utc_text(origin.fetched)
    return (
        f'<provenance {_declared(PROVENANCE, "provenance.xsd")}><originDescription harvestDate="{when}" altered="true">'
        f"<baseURL>{escape(origin.page_url)}</baseURL><identifier>{escape(origin.identifier)}</identifier>"
        f"<datestamp>{when}</datestamp><metadataNamespace>{_XHTML}</metadataNamespace>"
        "</originDescription></provenance>"
    ).encode()


def rights(statement: str) -> bytes:
    """The `rights` element for a licence given by its address, or for a statement in words."""
    return f"<rights {_declared(RIGHTS, 'rights.xsd')}>{_expression(statement)}</rights>".encode()


def rights_manifest(statements: Sequence[str]) -> bytes:
    """The `rightsManifest` element: every statement that a record of the repository may carry."""
    inside = "".join(f"<rights>{_expression(statement)}</rights>" for statement in statements)
    declared = _declared(RIGHTS, "rightsManifest.xsd")
    return f'<rightsManifest {declared} appliesTo="{_METADATA}">{inside}</rightsManifest>'.encode()


def friends(base_urls: Iterable[str]) -> bytes:
    """The `friends` element: the base URLs of other repositories."""
    inside = "".join(f"<baseURL>{escape(url)}</baseURL>" for url in base_urls)
    return f"<friends {_declared(FRIENDS, 'friends.xsd')}>{inside}</friends>".encode()


def described(text: str) -> bytes:
    """Some sentences as the oai_dc document that setDescription holds (guidelines for repository implementers, section 4.1)."""
    return oai_dc.render(Record(description=(text,)))


def _declared(namespace: str, schema: str) -> str:
    return (
        f'xmlns="{namespace}" xmlns:xsi="{_XSI}" '
        f'xsi:schemaLocation="{namespace} http://www.openarchives.org/OAI/2.0/{schema}"'
    )


def _expression(statement: str) -> str:
    if statement.startswith(("http://", "https://")):
        return f'<rightsReference ref="{escape(statement)}"/>'
    return f"<rightsDefinition>{described(statement).decode()}</rightsDefinition>"

"""A `Header` comes in, the bytes of its `header` element come out.

OAI-PMH 2.0 section 2.5: identifier, datestamp, setSpecs, in that order; section 2.5.1: `status="deleted"`.
The element has no namespace of its own: it is spliced into an answer, whose default namespace is the protocol's.
"""

from __future__ import annotations

from repo_harvest.formats.xml import escape
from repo_harvest.model import Header, utc_text

__all__ = ["header"]


def header(header: Header) -> bytes:
    """The element in UTF-8, sets in the order given; raises `ValueError` for characters that XML cannot hold.

    >>> header(Header(identifier="oai:example.org:1", datestamp=0, sets=("crime",), deleted=True)).decode()
    '<header status="deleted"><identifier>oai:example.org:1</identifier><datestamp>1970-01-01T00:00:00Z</datestamp><setSpec>crime</setSpec></header>'
    """
    status = ' status="deleted"' if header.deleted else ""
    sets = "".join(f"<setSpec>{escape(spec)}</setSpec>" for spec in header.sets)
    return (
        f"<header{status}><identifier>{escape(header.identifier)}</identifier>"
        f"<datestamp>{utc_text(header.datestamp)}</datestamp>{sets}</header>"
    ).encode()

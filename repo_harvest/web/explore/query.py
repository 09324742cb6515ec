"""The arguments of a page's address in, the request that a harvester would send out (OAI-PMH 2.0 section 3.1.1)."""

from __future__ import annotations

from urllib.parse import quote, quote_from_bytes, urlencode

__all__ = ["filled", "query_of", "written"]

_AS_IT_IS = "!$%&'()*+,-./:;=?@_~"  # what may stand in a query, with the sign of what is encoded already


def filled(query: bytes) -> bytes:
    """The query without the arguments that are empty: a form sends every field, and no argument of the protocol is empty.

    >>> filled(b"verb=ListRecords&metadataPrefix=oai_dc&from=&set")
    b'verb=ListRecords&metadataPrefix=oai_dc'
    """
    return b"&".join(piece for piece in query.split(b"&") if piece.partition(b"=")[2])


def written(query: bytes) -> str:
    r"""The query as it can stand in a URL; it means the same.

    >>> written(b'verb=GetRecord&identifier=oai%3Aa:"\xc3\xa9"')
    'verb=GetRecord&identifier=oai%3Aa:%22%C3%A9%22'
    """
    return quote_from_bytes(query, safe=_AS_IT_IS)


def query_of(verb: str, **arguments: str) -> str:
    """The query of a request.

    >>> query_of("GetRecord", metadataPrefix="oai_dc", identifier="oai:example.org:a&b")
    'verb=GetRecord&metadataPrefix=oai_dc&identifier=oai%3Aexample.org%3Aa%26b'
    """
    return urlencode({"verb": verb, **arguments}, safe="", quote_via=quote)

"""The arguments of a URL, as a WSGI server hands them over, in; the bytes that were sent out (PEP 3333)."""

from __future__ import annotations

__all__ = ["octets"]


def octets(text: str) -> bytes:
    r"""The bytes that a WSGI string stands for; some servers hand over text that stands for none.

    >>> octets("set=\xc3\xa9"), octets("set=\u0142")
    (b'set=\xc3\xa9', b'set=\xc5\x82')
    """
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")

r"""A stored document comes in, the same with an element a line comes out, for people to read.

What stands in an element stays: only elements that hold elements and no text of their own get line breaks. Characters that
turn their neighbours around (Unicode Standard Annex #9) or break lines are written as references (XML 1.0 section 4.1), so
that the text stands in the order in which it is kept.
"""

from __future__ import annotations

import re

from lxml import etree

__all__ = ["pretty"]

_TURNING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


def pretty(document: bytes) -> str:
    r"""The document, indented by two spaces; raises `ValueError` if it is not well-formed.

    >>> print(pretty(b"<a><b>one</b><b> two\xe2\x80\xae</b></a>"))
    <a>
      <b>one</b>
      <b> two&#x202E;</b>
    </a>
    """
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        root = etree.fromstring(document, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"not well-formed XML: {error.msg}") from error
    etree.indent(root)
    written = etree.tostring(root, encoding="unicode")
    return _TURNING.sub(lambda found: f"&#x{ord(found[0]):04X};", written)

"""Text comes in, text that can stand in an XML document comes out: the one function that escapes.

XML 1.0 section 2.2 lists the characters a document may hold (`legal`), section 2.4 the ones that markup needs
for itself, section 2.11 turns a carriage return into a line feed and section 3.3.3 does worse to attributes,
so those controls are written as references. What comes out is right between tags and inside double quotes alike:
one rule for both places cannot be applied in the wrong one.
"""

from __future__ import annotations

import re

__all__ = ["escape", "legal"]

_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SPECIAL = re.compile(r'[&<>"\x00-\x1f\ud800-\udfff\ufffe\uffff]')
_REFERENCES = (
    ("&", "&amp;"),  # first, or it would escape the others again
    ("<", "&lt;"),
    (">", "&gt;"),  # for "]]>", which must not stand in text (section 2.4)
    ('"', "&quot;"),
    ("\t", "&#9;"),
    ("\n", "&#10;"),
    ("\r", "&#13;"),
)


def escape(text: str) -> str:
    """`text` as it is written in element content or in a double-quoted attribute; any XML parser reads back `text`.

    Presumes text that was cleaned when it came in; raises `ValueError` rather than write a character that XML
    cannot hold (see `legal`). Plain text is returned as it is.

    >>> escape('Crime & "Desistance" <2021>')
    'Crime &amp; &quot;Desistance&quot; &lt;2021&gt;'
    """
    if _SPECIAL.search(text) is None:
        return text
    legal(text)
    for character, reference in _REFERENCES:
        text = text.replace(character, reference)
    return text


def legal(text: str) -> str:
    r"""`text` itself, if XML 1.0 can hold every character of it (section 2.2); else `ValueError` says which and where.

    >>> legal("Łódź")
    'Łódź'
    >>> legal("form\x0cfeed")
    Traceback (most recent call last):
    ValueError: U+000C, character 5 of 'form\x0cfeed', cannot stand in XML: clean the text before it is rendered
    """
    if found := _ILLEGAL.search(text):
        near = text[max(0, found.start() - 20) : found.start() + 20]
        raise ValueError(
            f"U+{ord(found[0]):04X}, character {found.start() + 1} of {near!r}, cannot stand in XML: "
            "clean the text before it is rendered"
        )
    return text

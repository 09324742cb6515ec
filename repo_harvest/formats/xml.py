"""Text comes in, text that can stand in an XML document comes out, or elements of it: the one function that escapes.

XML 1.0 section 2.2 lists the characters a document may hold (`legal`), section 2.4 the ones that markup needs
for itself, section 2.11 turns a carriage return into a line feed and section 3.3.3 does worse to attributes,
so those controls are written as references. What comes out is right between tags and inside double quotes alike:
one rule for both places cannot be applied in the wrong one.

The same values and the same attributes are written in one format after the other: what was written last is remembered.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType

__all__ = ["branch", "escape", "leaf", "legal", "root"]

_NONE: Mapping[str, str | None] = MappingProxyType({})
_XSI = "http://www.w3.org/2001/XMLSchema-instance"

_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_SPECIAL = re.compile(r'[&<>"\x00-\x1f\ud800-\udfff\ufffe\uffff]')
_SHORT = 4_000  # characters: a longer text is not remembered, so that memory is bounded
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
    return _escaped(text) if len(text) <= _SHORT else _escape(text)


def _escape(text: str) -> str:
    if _SPECIAL.search(text) is None:
        return text
    legal(text)
    for character, reference in _REFERENCES:
        text = text.replace(character, reference)
    return text


_escaped = lru_cache(maxsize=512)(_escape)


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


def leaf(name: str, text: str, attributes: Mapping[str, str | None] = _NONE) -> str:
    """An element that holds text; an attribute that is `None` is left out.

    >>> leaf("title", "Crime & care", {"xml:lang": "en", "type": None})
    '<title xml:lang="en">Crime &amp; care</title>'
    """
    written = _written(tuple(attributes.items())) if attributes else ""
    return f"<{name}{written}>{escape(text)}</{name}>"


def branch(name: str, children: Iterable[str], attributes: Mapping[str, str | None] = _NONE) -> str:
    """An element that holds elements; nothing at all if it would hold none.

    >>> branch("titles", [leaf("title", "Crime"), ""]), branch("titles", [""])
    ('<titles><title>Crime</title></titles>', '')
    """
    inside = "".join(children)
    if not inside:
        return ""
    written = _written(tuple(attributes.items())) if attributes else ""
    return f"<{name}{written}>{inside}</{name}>"


def root(
    name: str, children: Iterable[str], *, namespaces: Mapping[str, str], namespace: str, schema: str, more: str = ""
) -> bytes:
    """A document that stands alone: it declares its namespaces (prefix, "" for none, to address) and names its schema.

    `more` is what else its root says, as attributes that are written already.
    """
    declared = _declared(tuple(namespaces.items()), namespace, schema)
    return f"<{name}{declared}{more}>{''.join(children)}</{name}>".encode()


@lru_cache(maxsize=32)
def _declared(namespaces: tuple[tuple[str, str], ...], namespace: str, schema: str) -> str:
    declared = "".join(f' xmlns{":" * bool(prefix)}{prefix}="{escape(address)}"' for prefix, address in namespaces)
    return f'{declared} xmlns:xsi="{_XSI}" xsi:schemaLocation="{escape(namespace)} {escape(schema)}"'


@lru_cache(maxsize=512)
def _written(attributes: tuple[tuple[str, str | None], ...]) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in attributes if value is not None)

"""A record of RIOXX 3.0 comes in as a tree, what is wrong with it comes out: the rules that its schema cannot say.

The schema, `rioxx-3.xsd`, is of XSD 1.0, which cannot count what may stand in any order, nor make one value depend on
another. The rules are those of the profile, https://www.rioxx.net/profiles/v3-0-final/; a record is good when it has
no problem here and is valid by the schema. One rule is not kept: the profile wants the day on which a work was accepted for
publication, which nobody but its publisher knows. We had to make it up, or to serve hardly any record.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from math import inf
from typing import TypeAlias

from lxml import etree

from repo_harvest.model import Problem, Severity

__all__ = ["broken_rules"]

_PREFIXES = {
    "{http://purl.org/dc/elements/1.1/": "dc:",
    "{http://purl.org/dc/terms/": "dcterms:",
    "{http://www.rioxx.net/schema/v3.0/rioxxterms/": "rioxxterms:",
}
_Properties: TypeAlias = "Mapping[str, Sequence[etree._Element]]"  # noqa: SLF001 -- lxml gives elements no other name
_COUNTS = (  # the least and the most of each property that must be there, or may not be repeated
    ("dc:identifier", 1, 1),
    ("dc:title", 1, 1),
    ("dc:language", 1, inf),
    ("dc:type", 1, inf),
    ("dcterms:dateAccepted", 0, 1),
    ("rioxxterms:creator", 1, inf),
    ("dc:source", 0, 1),
    ("rioxxterms:publication_date", 0, 1),
    ("rioxxterms:record_public_release_date", 0, 1),
)
_DATES = ("dcterms:dateAccepted", "rioxxterms:publication_date", "rioxxterms:record_public_release_date")
_DATE_ATTRIBUTES = ("deposit_date", "resource_exposed_date")
_HTTP = re.compile(r"https?://[^/?#\s]+(?:[/?#]\S*)?", re.IGNORECASE)
_MINUTE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})T[0-9]{2}:[0-9]{2}(?:Z|[+-][0-9]{2}:[0-9]{2})")
_TRUE = {"true", "1"}  # XML Schema, part 2, section 3.2.2
_SPACE = " \t\r\n"  # what XML calls so


def broken_rules(record: etree._Element) -> tuple[Problem, ...]:
    """What breaks a rule in the element `rioxx`; `()` if nothing does.

    >>> title = etree.fromstring('<rioxx xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>On Trust</dc:title></rioxx>')
    >>> print(broken_rules(title)[0])
    rioxx: dc:identifier is there 0 times; it must be there exactly once
    """
    properties = _by_name(record)
    rules = (_first_named_authors, _funders, _downloads, _moments)
    return (*_counts(record, properties), *(problem for rule in rules for problem in rule(properties)))


def _by_name(record: etree._Element) -> _Properties:
    named: dict[str, list[etree._Element]] = {}
    for node in record.iterchildren(etree.Element):
        namespace, _, name = node.tag.rpartition("}")
        named.setdefault(_PREFIXES.get(namespace, "") + name, []).append(node)
    return named


def _counts(record: etree._Element, properties: _Properties) -> Iterator[Problem]:
    """How often each property is there: the heading of its part of the profile."""
    for name, least, most in _COUNTS:
        count = len(properties.get(name, ()))
        if not least <= count <= most:
            wanted = "exactly once" if least == most else "at least once" if least else "at most once"
            yield _problem(record, f"{name} is there {count} times; it must be there {wanted}")


def _first_named_authors(properties: _Properties) -> Iterator[Problem]:
    """rioxxterms:creator: its attribute first-named-author points out one of them."""
    creators = properties.get("rioxxterms:creator", ())
    first = [creator for creator in creators if _stripped(creator.get("first-named-author")) in _TRUE]
    for creator in first[1:]:
        yield _problem(creator, "another creator is the first named author already; only one can be")


def _funders(properties: _Properties) -> Iterator[Problem]:
    """rioxxterms:grant: the name of the funder, its address, or both."""
    for grant in properties.get("rioxxterms:grant", ()):
        if not _stripped(grant.get("funder_name")) and not _stripped(grant.get("funder_id")):
            yield _problem(grant, "it says nothing of the funder; give it funder_name, funder_id, or both")


def _downloads(properties: _Properties) -> Iterator[Problem]:
    """dc:relation: with rel="item", it is where the file can be had."""
    for relation in properties.get("dc:relation", ()):
        if relation.get("rel") == "item" and not _HTTP.fullmatch(_stripped(relation.text)):
            yield _problem(relation, 'with rel="item" it must be an address that starts with http:// or https://')


def _moments(properties: _Properties) -> Iterator[Problem]:
    """All dates: the day of a moment given to the minute, which no type of XML Schema covers, is in the calendar."""
    places = [(node, node.text) for name in _DATES for node in properties.get(name, ())]
    places += [(node, node.get(name)) for node in properties.get("dc:relation", ()) for name in _DATE_ATTRIBUTES]
    for node, text in places:
        moment = _MINUTE.fullmatch(_stripped(text))
        if moment and not _exists(moment[1]):
            yield _problem(node, f"there is no day {moment[1]}")


def _stripped(text: str | None) -> str:
    return (text or "").strip(_SPACE)


def _exists(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


def _problem(node: etree._Element, what: str) -> Problem:
    """In the words of `validate`: the line, and the local names from the root on."""
    path = "/".join(etree.QName(element).localname for element in (*reversed([*node.iterancestors()]), node))
    line = "" if node.getparent() is None else f"line {node.sourceline}, "
    return Problem(where=line + path, what=what, severity=Severity.ERROR)

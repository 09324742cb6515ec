"""Where each field of a `Record` goes in each metadata format, found by rendering and not by description.

A record that fills every format is rendered, and again with one field saying something else: what differs between the two
documents is where that field goes. So the table cannot say what the code does not do. Each field has several such pairs,
because some values are told in other places than others: a licence, a word for an access right, a type that is no thesis.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cache
from types import MappingProxyType

from lxml import etree

from repo_harvest.formats.registry import FORMATS
from repo_harvest.model import Record

__all__ = ["crosswalk"]

_LANDING = "https://repository.example/item/1"
_BASE = Record(
    title=("First title", "Second title"),
    creators=("Abel, Ann", "First Group", "Adler, Amy"),
    contributors=("Baker, Ben", "Second Group"),
    date=("2021-03-04", "first printing"),
    publisher=("First Publisher", "Second Publisher"),
    container=("First Journal", "Second Journal"),
    volume=("11", "12"),
    issue=("21", "22"),
    pages=("31-32", "xii, 33"),
    description=("First abstract",),
    identifiers=(
        "https://doi.org/10.5555/first",
        "https://hdl.handle.net/10034/1",
        "https://example.org/first",
        "urn:isbn:9780367228736",
        "urn:issn:0264-5505",
        "shelf 1",
    ),
    type=("doctoral thesis", "first kind"),
    language=("en", "First Language"),
    subjects=("first subject",),
    rights=("CC BY 4.0", "First rights"),
    relation=("https://example.org/first-related", "First related work"),
    source_ref=("first source",),
    coverage=("First town",),
    format=("application/pdf", "first leaves"),
)
_ABOUT_OTHERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "name_identifiers": (
            "Abel, Ann | https://orcid.org/0000-0002-1825-0097",
            "Adler, Amy | https://orcid.org/0000-0002-1694-233X",
            "Second Group | https://ror.org/03yrm5c26",
            "First Publisher | https://ror.org/01cwqze88",
        ),
        "affiliations": (
            "Abel, Ann | First University | https://ror.org/03yrm5c26",
            "Adler, Amy | First School",
            "Baker, Ben | First Body",
        ),
        "funding": (
            "First Council | https://ror.org/03yrm5c26 | first award",
            "First Fund | https://doi.org/10.13039/1 | award 1",
        ),
    }
)
"""Fields whose values name what another field says: they would go with it if it said something else."""
_OTHERS: Mapping[str, tuple[tuple[str, ...], ...]] = MappingProxyType(
    {
        "title": (("Third title", "Fourth title"),),
        "creators": (("Clark, Cat", "Third Group", "Cole, Cy"),),
        "contributors": (("Dunn, Dan", "Fourth Group"),),
        "date": (("1999-12-31", "second printing"),),
        "publisher": (("Third Publisher", "Fourth Publisher"),),
        "container": (("Third Journal", "Fourth Journal"),),
        "volume": (("13", "14"),),
        "issue": (("23", "24"),),
        "pages": (("34-35", "xi, 36"), ("xi, 34", "37-38")),
        "description": (("Second abstract",),),
        "identifiers": (
            (
                "https://doi.org/10.5555/second",
                "https://hdl.handle.net/10034/2",
                "https://example.org/second",
                "urn:isbn:9781403900005",
                "urn:issn:1741-3079",
                "shelf 2",
            ),
        ),
        "type": (("master thesis", "second kind"), ("journal article", "second kind"), ("dataset", "second kind")),
        "language": (("de", "Second Language"),),
        "subjects": (("second subject",),),
        "rights": (
            ("https://creativecommons.org/licenses/by-nc/4.0/", "Second rights"),
            ("restricted access", "Second rights"),
        ),
        "relation": (("https://example.org/second-related", "Second related work"),),
        "source_ref": (("second source",),),
        "coverage": (("Second town",),),
        "format": (("text/html", "second leaves"),),
        "name_identifiers": (
            (
                "Abel, Ann | https://orcid.org/0000-0000-0000-001X",
                "Adler, Amy | https://orcid.org/0000-0000-0000-0028",
                "Second Group | https://ror.org/05gq02987",
                "First Publisher | https://ror.org/02mhbdp94",
            ),
        ),
        "affiliations": (
            (
                "Abel, Ann | Second University | https://ror.org/05gq02987",
                "Adler, Amy | Second School",
                "Baker, Ben | Second Body",
            ),
        ),
        "funding": (
            (
                "Second Council | https://ror.org/05gq02987 | second award",
                "Second Fund | https://doi.org/10.13039/2 | award 2",
            ),
        ),
    }
)
"""What each field says instead, once or more often: as many values as before, of the same forms."""
_PREFIXES = MappingProxyType(
    {
        "http://purl.org/dc/elements/1.1/": "dc:",
        "http://purl.org/dc/terms/": "dcterms:",
        "http://datacite.org/schema/kernel-4": "datacite:",
    }
)
_DISTINGUISHING = ("tag", "code", "type")
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


@cache
def crosswalk() -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """The paths of elements and attributes by field of a `Record` and metadataPrefix; `()` where a format leaves a field out.

    A path starts below the root, and names the attributes `tag`, `code` and `type`, which tell like elements apart.

    >>> crosswalk()["title"]["oai_dc"], crosswalk()["title"]["marcxml"]
    (('dc:title',), ('245 $a', '246 $a'))
    """
    return MappingProxyType(
        {
            field: MappingProxyType({prefix: _destinations(prefix, field) for prefix in FORMATS})
            for field in Record.__dataclass_fields__
        }
    )


def _destinations(prefix: str, field: str) -> tuple[str, ...]:
    base = replace(_BASE, **{field: _ABOUT_OTHERS[field]}) if field in _ABOUT_OTHERS else _BASE
    before = _said(prefix, base)
    found: dict[str, None] = {}
    for values in _OTHERS[field]:
        after = _said(prefix, replace(base, **{field: values}))
        if after:
            found.update({path: None for path, _ in ((before - after) + (after - before))})
    return tuple(sorted(found))


def _said(prefix: str, record: Record) -> Counter[tuple[str, str]]:
    """How often each value stands at each path of the record's document; nothing where it has none in this format."""
    metadata = FORMATS[prefix].render(record, _LANDING)
    return Counter() if metadata is None else Counter(_values(etree.fromstring(metadata), ""))


def _values(parent: etree._Element, above: str) -> Iterator[tuple[str, str]]:
    for node in parent.iterchildren(etree.Element):
        step = _step(node)
        path = f"{above} {step}" if step.startswith("$") else f"{above}/{step}" if above else step
        if node.text:
            yield path, node.text
        for name, value in node.attrib.items():
            if name not in _DISTINGUISHING and not str(name).startswith(_XSI):
                yield f"{path}/@{etree.QName(name).localname}", str(value)
        yield from _values(node, path)


def _step(node: etree._Element) -> str:
    """An element's name: in MARC its tag or its code, as librarians write them."""
    if tag := node.get("tag"):
        return tag
    if code := node.get("code"):
        return f"${code}"
    name = etree.QName(node)
    kind = node.get("type")
    prefix = f"{node.prefix}:" if node.prefix else _PREFIXES.get(str(name.namespace), "")
    return f"{prefix}{name.localname}" + (f"[@type='{kind}']" if kind else "")

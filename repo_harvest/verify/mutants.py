"""Documents to judge a metadata format's schemas by: valid samples and the schemas' names come in, documents come out.

First the samples; then each of their parts changed in turn, in some of the many ways there are; then values as content
of every type; then samples with one to four random changes. A share of the changes keeps a document valid, because
names, values and whole elements are taken from the samples as often as from anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from lxml import etree

from repo_harvest.verify.changes import (
    PROBE,
    TYPE,
    UNKNOWN,
    XML,
    XS,
    XSI,
    Change,
    Names,
    Node,
    delete,
    delete_alike,
    drop_attribute,
    duplicate,
    empty,
    graft,
    insert,
    nest,
    nil,
    rename,
    rename_attribute,
    set_attribute,
    set_text,
    spaced,
    stray,
    swap,
    unwrap,
)

FOLDER = Path(__file__).with_name("samples")

VALUES = """0 1 -1 +1 00 1.0 1.5 -0.5 1e3 .5 5. 180 180.1 -180 90.0001 INF NaN ٣ 0x1F 1,000 99999999999999999999 true false
TRUE 2021 02021 -2021 2021Z 2021-03 2021-13 2021-3 2021-03-04 2020-02-29 2021-02-29 2021-03-04Z 2021-03-04+14:01
2021-03-04T05:06:07 2021-03-04T05:06:07Z 2021-03-04T05:06:07.5+01:00 2021-03-04T24:00:01Z 20210304 2021/2022
2021-03-04/2021-03-05 --03-04 en en-GB eng EN en_GB x-klingon zh-Hant-TW abcdefghi e1 a a:b _x 1a a.b a-b é Łódź １
http://example.org/a https://example.org/ http://[::1 % %zz # a#b#c urn:x:y mailto:a@b.c //x :// 10.1234/abc a/b?c&d
http://creativecommons.org/licenses/by/4.0 http://orcid.org/0000-0002-1825-0097 0000-0002-1825-009X 978-1-4039-0000-1
text Text yes no other Other primary unknown"""
SPACED = ["", " ", "\n", "\t\r\n ", "\u00a0", "a b", " a", "a ", "a\nb", "a  b", "𝄞 e\u0301", "]]>", "x" * 300, " 1 "]
CHARACTERS = [chr(code) for code in (*range(0x20, 0x7F), 0x9, 0xA0, 0xE9, 0x663, 0x2028, 0x1D11E)]
XML_ATTRIBUTES = {"lang": ["en", "en-GB", "", "en_GB"], "space": ["preserve", "x"], "base": ["a"], "id": ["a", "1"]}
XSI_ATTRIBUTES = {"nil": ["true", "false", "x"], "type": ["", "x"], "schemaLocation": ["a b", "a"], "other": ["x"]}
SHORT = 40  # characters of a value that are each changed in turn
CHANGES = (6, 6, 4, 6, 3, 2, 4, 4, 2, 1, 2)  # how often a mutant is changed in each of the ways of `any_change`

STRUCTURAL: list[Change] = [delete, delete_alike, duplicate, swap, unwrap, nest, empty, nil, stray, spaced]
STRUCTURAL += [partial(set_text, "stray")]
STRUCTURAL += [partial(insert, name, at) for name in ("comment", "instruction", f"{{{UNKNOWN}}}x") for at in (0, 99)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What changes are made of: `exemplars` has an element of each name and size; `used` the values of each name."""

    names: Names
    roots: list[Node]
    exemplars: list[Node]
    used: Mapping[str, list[str]]
    values: list[str]
    attributes: list[tuple[str, str]]


def documents(samples: Path, seed: int, most: int, names: Names) -> Iterator[bytes]:
    """All that are compared; of the changes to each part, about as many as make `most` documents in all."""
    random = Random(seed)
    material = gathered(samples_of(samples), names)
    yield from map(etree.tostring, material.roots)
    yield from changed_in_turn(material, random, most)
    yield from every_type(material, random, most)
    for index in range(most):
        yield mutant(material.roots[index % len(material.roots)], random, material)


def samples_of(file: Path) -> list[Node]:
    """The documents that the file's root element holds, each with the prefixes that the root declares."""
    return [alone(node) for node in etree.parse(file).getroot().iterchildren(etree.Element)]


def prefixes_of(node: Node) -> dict[str, str]:
    """The prefixes that the element knows, and what they stand for."""
    return {str(prefix): str(namespace) for prefix, namespace in node.nsmap.items() if prefix}


def alone(node: Node) -> Node:
    """The element as the root of a document of its own, in which the prefixes that it knows are declared."""
    prefixes = {**prefixes_of(node), "xsi": XSI, "xs": XS, "probe": PROBE}
    root = etree.Element(node.tag, {str(name): str(value) for name, value in node.attrib.items()}, prefixes)
    root.text = node.text
    root.extend(deepcopy(child) for child in node)
    return root


def gathered(roots: list[Node], names: Names) -> Material:
    """The samples' own elements, names and values beside those that the schemas declare."""
    exemplars: dict[tuple[object, ...], Node] = {}
    used: dict[str, list[str]] = {}
    for node in (node for root in roots for node in root.iter(etree.Element)):
        exemplars.setdefault((node.tag, len(node), len(node.attrib)), node)
        if not len(node):
            used.setdefault(str(node.tag), []).append(node.text or "")
        for name, value in node.attrib.items():
            used.setdefault(str(name), []).append(str(value))
    used = {name: [*dict.fromkeys(values)] for name, values in used.items()}
    values = [*dict.fromkeys([*SPACED, *VALUES.split(), *names.values])]
    declared = {name: [*used.get(name, []), "", "1", "a"] for name in [*names.attributes, "other", f"{{{UNKNOWN}}}x"]}
    declared |= {f"{{{XML}}}{name}": some for name, some in XML_ATTRIBUTES.items()}
    declared |= {f"{{{XSI}}}{name}": some for name, some in XSI_ATTRIBUTES.items()}
    return Material(
        names=names,
        roots=roots,
        exemplars=[*exemplars.values()],
        used=used,
        values=values,
        attributes=[(name, value) for name, some in declared.items() for value in dict.fromkeys(some)],
    )


# --- one change, everywhere ----------------------------------------------------------------------------------------


def changed_in_turn(material: Material, random: Random, most: int) -> Iterator[bytes]:
    """Each element of each sample changed in every structural way, and in some of the others: as many of each kind."""
    each = [(root, index) for root in material.roots for index, _ in enumerate(root.iter(etree.Element))]
    kinds = sum(len(ways(element(*place), material)) for place in each)
    share = max(10, most // kinds)
    for root, index in each:
        some = [
            change
            for way in ways(element(root, index), material)
            for change in (way if way is STRUCTURAL or len(way) <= share else random.sample(way, share))
        ]
        for change in some:
            copy = deepcopy(root)
            change(element(copy, index))
            yield etree.tostring(copy)


def element(root: Node, index: int) -> Node:
    """The element of that number, in document order."""
    return [*root.iter(etree.Element)][index]


def ways(node: Node, material: Material) -> list[list[Change]]:
    """All changes to an element that are of the same kind, kind by kind."""
    names = material.names
    other_names = [*names.elements, *elsewhere(str(node.tag), names)]
    found: list[list[Change]] = [
        STRUCTURAL,
        [partial(rename, name) for name in other_names],
        [partial(graft, other, at) for other in material.exemplars for at in {0, len(node)}],
        [partial(set_attribute, TYPE, name) for name in names.types],
        [partial(set_attribute, name, value) for name, value in material.attributes],
    ]
    if not len(node):
        found += [
            [partial(set_text, other) for other in kind]
            for kind in values_for(node.text or "", str(node.tag), material)
        ]
    for name, value in [(str(name), str(value)) for name, value in node.attrib.items()]:
        found += [[partial(set_attribute, name, other) for other in kind] for kind in values_for(value, name, material)]
        renamed: list[Change] = [partial(rename_attribute, name, other) for other in elsewhere(name, names)]
        found.append([partial(drop_attribute, name), *renamed])
    return found


def values_for(value: str, name: str, material: Material) -> list[list[str]]:
    """Other values, by kind: as samples have them there, as tables have them, in other spacing and case, and near."""
    return [material.used.get(name, []), material.values, respelt(value), near(value)]


def elsewhere(name: str, names: Names) -> list[str]:
    """The same local name in every namespace that is known, in none, and in one that is not; and a name unlike any."""
    local = etree.QName(name).localname
    known = {etree.QName(other).namespace for other in names.elements}
    spaces = sorted(str(space) for space in {*known, UNKNOWN} if space)
    return [local, f"{local}x", local.swapcase(), *(f"{{{space}}}{local}" for space in spaces)]


def respelt(value: str) -> list[str]:
    """The value in other spacing and case."""
    return [f" {value}", f"{value} ", f"\t{value}\n", value.swapcase(), value.lower(), value.upper(), value * 2]


def near(value: str) -> list[str]:
    """The value with each of its characters left out, doubled, and changed to each other, and with one more."""
    found = [value + other for other in CHARACTERS]
    for index in range(min(len(value), SHORT)):
        before, after = value[:index], value[index + 1 :]
        found += [before + after, before + value[index] * 2 + after]
        found += [before + other + after for other in CHARACTERS]
    return found


# --- every type, and chance ----------------------------------------------------------------------------------------


def every_type(material: Material, random: Random, most: int) -> Iterator[bytes]:
    """Values as content of every type, which xsi:type may ask for; all those of tables, and some near to those in use."""
    used = [*dict.fromkeys(value for values in material.used.values() for value in values if len(value) <= SHORT)]
    close = [*dict.fromkeys(other for value in used for other in near(value))]
    always = [*material.values, *(other for value in material.names.values for other in respelt(value))]
    share = max(10, most // len(material.names.types))
    for name in material.names.types:
        for value in dict.fromkeys([*always, *random.sample(close, min(len(close), share))]):
            root = etree.Element(f"{{{PROBE}}}anything", {TYPE: name}, prefixes_of(material.roots[0]))
            root.text = value
            yield etree.tostring(root)


def mutant(sample: Node, random: Random, material: Material) -> bytes:
    """The sample after one to four random changes; many new values and elements are such as some sample has there."""
    root = deepcopy(sample)
    for _ in range(random.randint(1, 4)):
        node = random.choice([*root.iter(etree.Element)])
        any_change(node, random, material)(node)
    return etree.tostring(root)


def any_change(node: Node, random: Random, material: Material) -> Change:
    """One change of any kind, picked at random."""
    names = material.names
    attribute = random.choice([*map(str, node.attrib)] or ["other"])
    alike = [other for other in material.exemplars if other.tag == node.tag] or material.exemplars
    away = random.choice([*node.getroottree().getroot().iter(etree.Element)])
    changes: list[Change] = [
        partial(set_text, value_for(str(node.tag), node.text or "", random, material)) if not len(node) else spaced,
        partial(set_attribute, attribute, value_for(attribute, node.get(attribute, ""), random, material)),
        random.choice(STRUCTURAL),
        duplicate,
        partial(graft, random.choice(alike), random.randint(0, len(node))),
        partial(graft, random.choice(material.exemplars), random.randint(0, len(node))),
        partial(set_attribute, *random.choice(material.attributes)),
        partial(graft, away, random.randint(0, len(node))),
        partial(rename, random.choice([*names.elements, *elsewhere(str(node.tag), names)])),
        partial(set_attribute, TYPE, random.choice(names.types)),
        delete,
    ]
    return random.choices(changes, CHANGES)[0]


def value_for(name: str, value: str, random: Random, material: Material) -> str:
    """Another value: often one that a sample has there."""
    known = material.used.get(name, SPACED)
    other = random.choice(random.choice([kind for kind in values_for(value, name, material) if kind]))
    return random.choice([random.choice(known), random.choice(known), other])

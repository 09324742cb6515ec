"""Documents to judge the schemas of OAI-PMH by: tables of values and names come in, documents come out, many of them valid.

First documents made to be valid, and each of their parts given every value, type and name of the tables; then
documents made anew and mutants of them, with one to four random changes.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from functools import partial
from random import Random

from lxml import etree

from repo_harvest.verify.changes import (
    PROBE,
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
    insert,
    nest,
    nil,
    rename,
    set_attribute,
    set_text,
    spaced,
    stray,
    swap,
    unwrap,
)

OAI = "http://www.openarchives.org/OAI/2.0/"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
OAI_ID = "http://www.openarchives.org/OAI/2.0/oai-identifier"
DC = "http://purl.org/dc/elements/1.1/"
PREFIXES = {"oai": OAI, "oai_dc": OAI_DC, "id": OAI_ID, "dc": DC, "xsi": XSI, "xs": XS, "probe": PROBE, "xml": XML}

# --- values, right and wrong ---------------------------------------------------------------------------------------

DAYS = """2021-03-04 2020-02-29 2021-02-29 2021-13-01 2021-00-10 2021-04-31 2021-1-1 20210304 2021 2021-03 --03-04
0000-01-01 0001-01-01 -0044-03-15 12021-01-01 +2021-01-01 ２０２１-01-01 2021-03-04Z 2021-03-04z 2021-03-04+00:00
2021-03-04-14:00 2021-03-04+14:01 Z T00:00:00Z 2021-03-04t00:00:00Z 2021-02-30T00:00:00Z 12021-01-01T00:00:00Z"""
TIMES = """00:00:00Z 23:59:59Z 23:59:60Z 24:00:00Z 24:00:01Z 25:00:00Z 00:60:00Z 0:00:00Z 00:00Z 00:00:00.5Z 00:00:00.Z
00:00:00,5Z 00:00:00.123456789012Z 00:00:00 00:00:00z 00:00:00+00:00 00:00:00-00:00 00:00:00+01:00 00:00:00-14:00
00:00:00+14:00 00:00:00+14:01 00:00:00+0100 00:00:00ZZ 24:00:00-01:00"""
EMAILS = """a@b.c a@b @b.c a@.c a@..c a@b. a@b..c a@b... a@@b.c a@b@c.d a@b.c@d ..@... @@@.@ é@ü.ñ mailto:a@b.c @.@.
a@b.ca@b.ca@b.c"""
NAMES = r"""a a:b a:b:c :a a: a::b -_.!~*'() -_.!~*'():0 é a/b a%20b a+b a,b a;b [a] a^b a\b a|b a? a# a&b a=b @ $ １ _x 1a"""
URIS = """http://example.org/oai urn:x:y http://[::1 % %zz // # ## a#b#c http://é.org/ł <> http://x/{}|^` ? http://x:y :
http://x:99999/ mailto:a http:// :// [ a]b \""""
OAI_IDENTIFIERS = """oai:x.y:1 oai:x:1 oai:1x.y:1 oai:x.1y:z oai:x.y: OAI:x.y:1 oai:x.y.z-a:a/b?c&d=+$,%;@: oai:x.y:é
oai:x.y:a#b oai:x-.y-:1 oai:-x.y:1 oai:x..y:1 oai:x.y:[ oai:x.y:!~*'() oai:x.y:{ x.y x.y.z p.lodz.pl x..y .x.y x.y. x_y.z
x.y- oai :: x"""
NUMBERS = "0 1 -1 +1 01 1.0 1e3 99999999999999999999999999 -0 +0 ٣ 0x1 1,000 --1 NaN"
LANGUAGES = "en en-GB x-a-b zh-Hant-TW i-klingon en_GB abcdefgh abcdefghi e1 en- -en en-1 en--x"
VERBS = "Identify ListMetadataFormats ListSets GetRecord ListIdentifiers ListRecords"
CODES = """cannotDisseminateFormat idDoesNotExist badArgument badVerb noMetadataFormats noRecordsMatch badResumptionToken
noSetHierarchy"""
ENUMERATED = """identify 2.0 2.00 deleted Deleted no persistent transient YYYY-MM-DD YYYY-MM-DDThh:mm:ssZ default preserve
true false 1.1"""
SPACED = ["", " ", "\n", "\t\r\n ", "\u00a0", "a b", "𝄞 e\u0301", "]]>", "a@b .c", "a@\u00a0.b", "a\u200b", "x" * 300]
WORDS = [DAYS, EMAILS, NAMES, URIS, OAI_IDENTIFIERS, NUMBERS, LANGUAGES, VERBS, CODES, ENUMERATED]
PLAIN = [*" ".join(WORDS).split(), *(f"2021-03-04T{time}" for time in TIMES.split())]
PADDED = [f"{before}{value}{after}" for value in PLAIN[::2] for before, after in ((" ", ""), ("", "\n"), ("\t", " "))]
VALUES = [*dict.fromkeys([*SPACED, *PLAIN, *PADDED])]
AROUND = """{0} {0}a a{0} a{0}b a:{0} a:{0}a a{0}:b {0}@b.c a@{0}.b a@b.{0} {0}.b a{0}.b a.{0} a.b{0} a.b{0}.c
oai:{0}.b:c oai:a{0}.b:c oai:a{0}b:c oai:a.{0}:c oai:a.b{0}:c oai:a.b{0}.c:d oai:a.b:{0}"""
EACH = [place.format(chr(code)) for place in AROUND.split() for code in (*range(0x20, 0x7F), 0xA0, 0xE9, 0x663, 0x2028)]

RIGHT = {  # what keeps a document valid, by the local name of an element or attribute
    "responseDate": ["2021-03-04T05:06:07Z", "2021-03-04T05:06:07", "2021-03-04T05:06:07.5+01:00"],
    "request": ["http://example.org/oai", "", "http://example.org/é"],
    "verb": VERBS.split(),
    "identifier": ["oai:example.org:1", "urn:x:1", "http://example.org/a%20b", "x"],
    "metadataPrefix": ["oai_dc", "-_.!~*'()", "marc21"],
    "schema": ["http://www.openarchives.org/OAI/2.0/oai_dc.xsd", "x.xsd"],
    "resumptionToken": ["", "abc", "a|b c", " "],
    "error": ["", "no such verb", "é\n"],
    "repositoryName": ["Repository", "", "Łódź \U0001d11e"],
    "protocolVersion": ["2.0"],
    "adminEmail": ["a@b.c", "first.last@mail.example.org", "é@ü.ñ"],
    "deletedRecord": ["no", "persistent", "transient"],
    "granularity": ["YYYY-MM-DD", "YYYY-MM-DDThh:mm:ssZ"],
    "compression": ["gzip", "deflate", ""],
    "set": ["a", "a:b", "-_.!~*'():x:0"],
    "status": ["deleted"],
    "cursor": ["0", "100", "+1", "00"],
    "completeListSize": ["1", "99999999999999999999", "+7"],
    "scheme": ["oai", ""],
    "delimiter": [":", ""],
    "repositoryIdentifier": ["example.org", "p.lodz.pl", "x-.y-"],
    "sampleIdentifier": ["oai:example.org:1", "oai:x.y:a/b?c&d=+$,%;@:", "oai:x.y:-_.!~*'()"],
    "datestamp": ["2021-03-04", "2021-03-04T05:06:07Z", "2020-02-29T00:00:00.25Z", "2021-03-04+01:00"],
    "code": CODES.split(),
    "lang": ["en", "en-GB", "", "x-private"],
    "space": ["default", "preserve"],
}
RIGHT |= dict.fromkeys(("from", "until", "earliestDatestamp"), RIGHT["datestamp"])
RIGHT |= dict.fromkeys(("baseURL", "metadataNamespace", "base"), RIGHT["request"])
RIGHT |= {"setSpec": RIGHT["set"], "setName": RIGHT["error"], "expirationDate": RIGHT["responseDate"]}

# --- documents made to be valid ------------------------------------------------------------------------------------

ELEMENTS = """title* creator* subject? description? publisher? contributor? date* type? format? identifier* source?
language? relation? coverage? rights?"""
CONTENT = {  # ? at most one, * up to three, + at least one; what is not named here is a leaf
    "OAI-PMH": "responseDate request",
    "Identify": "repositoryName baseURL protocolVersion adminEmail+ earliestDatestamp deletedRecord granularity "
    "compression* description*",
    "ListMetadataFormats": "metadataFormat+",
    "metadataFormat": "metadataPrefix schema metadataNamespace",
    "ListSets": "set+ resumptionToken?",
    "set": "setSpec setName setDescription*",
    "GetRecord": "record",
    "ListRecords": "record+ resumptionToken?",
    "record": "header metadata? about*",
    "ListIdentifiers": "header+ resumptionToken?",
    "header": "identifier datestamp setSpec*",
    "dc": ELEMENTS,
    "oai-identifier": "scheme repositoryIdentifier delimiter sampleIdentifier",
    "borrower": ELEMENTS,
}
ATTRIBUTES = {
    "request": "verb identifier metadataPrefix from until set resumptionToken",
    "header": "status",
    "resumptionToken": "expirationDate completeListSize cursor",
    "borrower": "xml:lang xml:space xml:base",
}
FOREIGN = ("metadata", "about", "description", "setDescription")
ROOTS = [(OAI, "OAI-PMH", verb) for verb in ["error", *RIGHT["verb"]]]
ROOTS += [(OAI_DC, "dc", ""), (OAI_ID, "oai-identifier", ""), (PROBE, "borrower", "")]
OCCURS = {"?": (0, 1), "*": (0, 3), "+": (1, 3)}
MANY = 0.6  # the share of optional attributes that are there


def made(random: Random) -> Iterator[Node]:
    """One valid document of each kind, different each time."""
    declarations = {prefix: namespace for prefix, namespace in PREFIXES.items() if namespace != XML}
    for namespace, name, verb in ROOTS:
        root = etree.Element(f"{{{namespace}}}{name}", nsmap=declarations)
        if random.random() < MANY:
            root.set(qualified("xsi:schemaLocation"), f"{OAI} http://127.0.0.1:9/never-fetched.xsd")
        fill(root, random)
        if verb == "error":
            for _ in range(random.randint(1, 3)):
                add(root, "oai:error", random).set("code", random.choice(RIGHT["code"]))
        elif verb:
            add(root, f"oai:{verb}", random)
        yield root


def add(parent: Node, name: str, random: Random) -> Node:
    """One more element, filled, at the end of its parent."""
    node = etree.SubElement(parent, qualified(name))
    fill(node, random)
    return node


def fill(node: Node, random: Random) -> None:
    """Gives an element the attributes and the content that its name asks for."""
    name = etree.QName(node)
    for attribute in ATTRIBUTES.get(name.localname, "").split():
        if random.random() < MANY:
            node.set(qualified(attribute), random.choice(RIGHT[attribute.rpartition(":")[2]]))
    if name.namespace == DC:
        node.text = random.choice(VALUES)
        node.attrib.update({qualified("xml:lang"): random.choice(RIGHT["lang"])} if random.random() < MANY else {})
    elif name.localname in FOREIGN:
        add(node, random.choice(["oai_dc:dc", "id:oai-identifier", "dc:title", "probe:borrower"]), random)
    elif content := CONTENT.get(name.localname):
        prefix = (
            "dc" if content is ELEMENTS else next(key for key, value in PREFIXES.items() if value == name.namespace)
        )
        for child in content.split():
            for _ in range(random.randint(*OCCURS.get(child[-1], (1, 1)))):
                add(node, f"{prefix}:{child.rstrip('?*+')}", random)
    else:
        node.text = random.choice(RIGHT.get(name.localname, [""]))


def qualified(name: str) -> str:
    """`dc:title` as lxml writes it; a name without a prefix stays."""
    prefix, _, local = name.rpartition(":")
    return f"{{{PREFIXES[prefix]}}}{local}" if prefix else local


# --- changes -------------------------------------------------------------------------------------------------------

ADDED = """verb identifier metadataPrefix from until set resumptionToken code status cursor completeListSize
expirationDate other oai:status dc:lang xml:lang xml:space xml:base xml:id xsi:nil xsi:noNamespaceSchemaLocation"""
KNOWN = "oai_dc:dc dc:title oai:OAI-PMH probe:anything oai_dc:unknown bare"
INSERTED = ["comment", "instruction", *map(qualified, KNOWN.split()), f"{{{UNKNOWN}}}x"]

STRUCTURAL: list[Change] = [delete, delete_alike, duplicate, swap, unwrap, nest, nil, stray, spaced]
STRUCTURAL += [partial(set_text, "stray")]
STRUCTURAL += [partial(insert, name, at) for name in INSERTED for at in (0, 99)]
for added in ADDED.split():
    STRUCTURAL += [
        partial(set_attribute, qualified(added), value) for value in RIGHT.get(added, ["", "1", "true", "a"])
    ]


def one_change_each(root: Node, names: Names) -> Iterator[bytes]:
    """The document with each of its parts changed in every way that the tables know."""
    for index, node in enumerate(root.iter(etree.Element)):
        changes: list[Change] = [*STRUCTURAL, *(partial(rename, name) for name in names.elements)]
        changes += [partial(set_attribute, qualified("xsi:type"), name) for name in names.types]
        changes += [partial(set_text, value) for value in VALUES if not len(node)]
        for name in map(str, node.attrib):
            changes += [partial(drop_attribute, name), *(partial(set_attribute, name, value) for value in VALUES)]
        for change in changes:
            copy = deepcopy(root)
            change([*copy.iter(etree.Element)][index])
            yield etree.tostring(copy)


def every_type(names: Names) -> Iterator[bytes]:
    """Every value, and every character in every place of one, as content of every type: xsi:type can ask for any."""
    for name in names.types:
        for value in dict.fromkeys([*VALUES, *names.values, *EACH]):
            root = etree.Element(
                qualified("probe:anything"), {qualified("xsi:type"): name}, {"oai": OAI, "dc": DC, "id": OAI_ID}
            )
            root.text = value
            yield etree.tostring(root)


def mutant(root: Node, random: Random, names: Names) -> bytes:
    """The document after one to four random changes; half of the new values are right ones."""
    for _ in range(random.randint(1, 4)):
        node = random.choice([*root.iter(etree.Element)])
        attribute = random.choice([*map(str, node.attrib), qualified(random.choice(ADDED.split()))])
        local = [etree.QName(name).localname for name in (str(node.tag), attribute)]
        values = [random.choice([random.choice(RIGHT.get(name, SPACED)), random.choice(VALUES)]) for name in local]
        changes: list[Change] = [partial(set_text, values[0]), partial(set_attribute, attribute, values[1])]
        changes += [random.choice(STRUCTURAL), duplicate, spaced, partial(rename, random.choice(names.elements))]
        changes += [partial(set_attribute, qualified("xsi:type"), random.choice(names.types))]
        change: Change = random.choices(changes, (6, 6, 6, 3, 3, 1, 1))[0]
        change(node)
    return etree.tostring(root)


def documents(seed: int, mutants: int, names: Names) -> Iterator[bytes]:
    """All that are compared: made ones and their systematic changes, then made ones and their mutants."""
    random = Random(seed)
    for root in made(random):
        yield from one_change_each(root, names)
    yield from every_type(names)
    for _ in range(-(-mutants // len(ROOTS))):
        for root in made(random):
            yield etree.tostring(root)
            yield mutant(root, random, names)

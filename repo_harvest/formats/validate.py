"""A document comes in as bytes, what is wrong with it comes out: the judge of all that is kept and served.

The schemas are OAI-PMH 2.0's (section 3.2.1) and each format's (section 3.4), ours, from `schemas/`. What a document
names itself, in a DOCTYPE or an xsi:schemaLocation, is never opened; a DOCTYPE is refused unread, which leaves
nothing for entities to expand. Documents are UTF-8 (section 3.2), whatever they declare.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from io import BytesIO
from threading import Lock

from lxml import etree

from repo_harvest.formats.containers import CONTAINERS
from repo_harvest.formats.registry import FORMATS, Rules, render
from repo_harvest.formats.schemas import Read, compile_schema, directory, reader
from repo_harvest.model import Problem, Record, Rendition, Severity

__all__ = ["Validator", "disseminate", "validate", "validate_about", "validate_response"]

_PROTOCOL = "http://www.openarchives.org/OAI/2.0/"
_METADATA = f"{{{_PROTOCOL}}}metadata"
_ALWAYS = "oai_dc"  # OAI-PMH 2.0 section 5
_DESCRIPTIONS = {"http://www.openarchives.org/OAI/2.0/oai-identifier": "oai-identifier.xsd", **CONTAINERS}
_AROUND = (  # the least answer that a record can stand in
    b'<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/"><responseDate>1970-01-01T00:00:00Z</responseDate>'
    b"<request>http://localhost/oai</request><GetRecord><record><header><identifier>oai:x.org:1</identifier>"
    b"<datestamp>1970-01-01T00:00:00Z</datestamp></header>%b</record></GetRecord></OAI-PMH>"
)
_NAMES = {
    f"{{{_PROTOCOL}}}": "",
    **{f"{{{format_.namespace}}}": f"{format_.prefix}:" for format_ in FORMATS.values()},
    "{http://purl.org/dc/elements/1.1/}": "dc:",
    "{http://www.w3.org/XML/1998/namespace}": "xml:",
    "{http://www.w3.org/2001/XMLSchema-instance}": "xsi:",
}
_MISC = (
    rb"(?:\xef\xbb\xbf)?(?:[ \t\r\n]++|<\?.*?\?>|<!--.*?-->)*+"  # what may come before a DOCTYPE: XML 1.0 section 2.8
)
_DOCTYPE = re.compile(_MISC + rb"<!DOCTYPE", re.DOTALL)
_ENCODING = re.compile(rb"(?:\xef\xbb\xbf)?<\?xml[^>]*?\bencoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_STEP = re.compile(r"([^\[\]]+)(?:\[([0-9]+)\])?")
_LONGEST = 400  # of a sentence: libxml2 quotes a wrong value whole
_MOST = 100  # problems that are told with their places


def disseminate(record: Record, landing: str | None = None) -> tuple[tuple[Rendition, ...], tuple[Problem, ...]]:
    """The record in every format it can fill, each checked; with any problem, nothing of it can be served.

    `landing` is the address of our page of the item.

    >>> renditions, problems = disseminate(Record())
    >>> print(*problems)
    record: it says nothing that could be disseminated; give it at least a title
    """
    try:
        renditions = render(record, landing)
    except ValueError as error:
        return (), (_problem("record", str(error)),)
    if not renditions:
        return (), (_problem("record", "it says nothing that could be disseminated; give it at least a title"),)
    return renditions, tuple(problem for rendition in renditions for problem in validate(rendition))


def validate(rendition: Rendition) -> tuple[Problem, ...]:
    """What keeps this document from being spliced into an answer as its format's metadata; `()` if nothing does.

    It must be valid by the format's schema, its root in the format's namespace, and start with that root.
    """
    if rendition.prefix not in FORMATS:
        return (_problem(rendition.prefix, f"no metadata format has this prefix; there are {', '.join(FORMATS)}"),)
    if not rendition.metadata.startswith(b"<") or rendition.metadata.startswith(b"<?"):
        return (_problem("line 1", "metadata starts with its root element: no declaration, byte order mark or space"),)
    return _OF_FORMAT[rendition.prefix].problems(rendition.metadata)


def validate_about(about: bytes) -> tuple[Problem, ...]:
    """What keeps these `about` elements from being spliced into a record; `()` if nothing does, or there are none."""
    return validate_response(_AROUND % about) if about else ()


def validate_response(body: bytes) -> tuple[Problem, ...]:
    """What is wrong with a whole OAI-PMH answer, contents of metadata, about and descriptions included.

    The metadata have to be of one known format: another namespace is a problem, as the protocol's schema is strict about it.
    More than a hundred are told by kind, without their places.
    """
    return _OF_RESPONSE[_prefix_within(body)].problems(body)


def _prefix_within(body: bytes) -> str:
    """The metadataPrefix of what an answer holds; oai_dc where that cannot be told, which is said by the schema then."""
    namespaces = {format_.namespace: format_.prefix for format_ in FORMATS.values()}
    with suppress(etree.XMLSyntaxError):
        started = etree.iterparse(
            BytesIO(body), events=("start",), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
        )
        for _, node in started:
            parent = node.getparent()
            if parent is not None and parent.tag == _METADATA:
                return namespaces.get(etree.QName(node).namespace or "", _ALWAYS)
    return _ALWAYS


class Validator:
    """A compiled schema, the namespace that a root has to be in, and rules for what no schema can say.

    The rules are given each root of metadata inside an answer, or the root itself. One serves any number of threads.

    The lock is there because lxml keeps one error log a schema, and one parser state a parser: without it, two
    threads would read each other's errors. A record takes some twenty microseconds, so that nobody waits.
    """

    def __init__(self, namespace: str, imports: Mapping[str, str], read: Read, rules: Rules | None = None) -> None:
        self._root = f"{{{namespace}}}"
        self._rules = rules
        self._schema = compile_schema(imports, read)
        self._judging, self._reading = (
            etree.XMLParser(
                encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True, schema=schema
            )
            for schema in (self._schema, None)
        )
        self._lock = Lock()

    def problems(self, document: bytes) -> tuple[Problem, ...]:
        """Everything wrong with the document; `()` if nothing is."""
        if b"<!DOCTYPE" in document and _DOCTYPE.match(document):
            return (_problem("line 1", "it has a DOCTYPE, which is not read; leave it out"),)
        if (declared := _ENCODING.match(document)) and declared[1].lower() != b"utf-8":
            return (_problem("line 1", f"it declares the encoding {declared[1].decode()}; it must be UTF-8"),)
        with self._lock:
            try:
                root = etree.fromstring(document, self._judging)
            except etree.XMLSyntaxError:
                return self._explained(document)
            return self._misplaced(root) or self._against_rules(root)

    def problems_of(self, element: etree._Element) -> tuple[Problem, ...]:
        """Everything wrong with an element inside a document that was read elsewhere; places are those in the document."""
        with self._lock:
            if not self._schema.validate(element):
                above = "/".join(map(_numbered, reversed(list(element.iterancestors()))))
                return tuple(_located(element, _entries(self._schema.error_log), above))
            return self._misplaced(element) or self._against_rules(element)

    def _against_rules(self, root: etree._Element) -> tuple[Problem, ...]:
        if self._rules is None:
            return ()
        inside = [child for parent in root.iter(_METADATA) for child in parent.iterchildren(etree.Element)]
        judged = inside if root.tag.startswith(f"{{{_PROTOCOL}}}") else [root]
        return tuple(problem for one in judged for problem in self._rules(one))

    def _misplaced(self, root: etree._Element) -> tuple[Problem, ...]:
        if root.tag.startswith(self._root):
            return ()
        what = f"the root element is {_plain(root.tag)}; it must be in the namespace {self._root[1:-1]}"
        return (_problem(f"line {root.sourceline}", what),)

    def _explained(self, document: bytes) -> tuple[Problem, ...]:
        """Why the judging parser refused the document.

        That parser does not know places, and finding one is work that grows with the document: where there are very
        many problems, it is told what is wrong and how often, so that no document can keep its judge busy.
        """
        messages = Counter(entry.message for entry in _entries(self._judging.error_log))
        try:
            root = etree.fromstring(document, self._reading)
        except etree.XMLSyntaxError as error:
            return (_problem(f"line {error.lineno or 1}", f"not well-formed XML: {error.msg}"),)
        if misplaced := self._misplaced(root):
            return misplaced
        if messages.total() <= _MOST and not self._schema.validate(root):
            return tuple(_located(root, _entries(self._schema.error_log)))
        return tuple(
            _problem("document", f"{_plain(message)} ({count} times)") for message, count in messages.most_common(_MOST)
        )


def _problem(where: str, what: str) -> Problem:
    return Problem(where=where, what=what, severity=Severity.ERROR)


def _entries(log: etree._ErrorLog) -> list[etree._LogEntry]:
    return list(log)  # type: ignore[call-overload, no-any-return]  # the stubs forget that a log is iterable


def _located(root: etree._Element, entries: Iterable[etree._LogEntry], above: str = "") -> list[Problem]:
    """One problem for each place: libxml2 may say two things of it, the rule that failed and the type it is of.

    `above` is the place of what the root stands in.
    """
    said: dict[str, list[str]] = {}
    for entry in entries:
        place = f"{above}/{_place(root, entry.path or '')}".removeprefix("/")
        said.setdefault(f"line {entry.line}, {place}", []).append(_plain(entry.message))
    return [_problem(where, " ".join(dict.fromkeys(sentences))) for where, sentences in said.items()]


def _place(root: etree._Element, path: str) -> str:
    """libxml2's path, which has `*` for names without a prefix, as local names: `OAI-PMH/ListRecords/record[2]`."""
    node, names = root, [etree.QName(root).localname]
    for step in path.split("/")[2:]:
        found = _STEP.fullmatch(step)
        alike = [
            child
            for child in node.iterchildren(etree.Element)
            if found and found[1] in {"*", child.tag, _prefixed(child)}
        ]
        index = int(found[2] or 1) - 1 if found else 0
        if index >= len(alike):  # an attribute
            return "/".join([*names, step])
        node = alike[index]
        names.append(_numbered(node))
    return "/".join(names)


def _prefixed(node: etree._Element) -> str:
    return f"{node.prefix}:{etree.QName(node).localname}"


def _numbered(node: etree._Element) -> str:
    """The local name, with its number if brothers bear it too."""
    before = sum(1 for _ in node.itersiblings(node.tag, preceding=True))
    alone = before == 0 and next(node.itersiblings(node.tag), None) is None
    return etree.QName(node).localname + ("" if alone else f"[{before + 1}]")


def _plain(message: str) -> str:
    """libxml2's sentence with the prefixes that people know instead of namespaces, and not too long."""
    for namespace, prefix in _NAMES.items():
        message = message.replace(namespace, prefix)
    return message if len(message) <= _LONGEST else f"{message[:_LONGEST]}…"


# Compiled when this module is imported, a millisecond each, and never later: while libxml2 compiles a schema, another
# thread that parses anything takes its resolver away, which fails or crashes the process. Validating is safe (see above).
_READ = reader(directory())
_OF_FORMAT: Mapping[str, Validator] = {
    format_.prefix: Validator(format_.namespace, {format_.namespace: format_.file}, _READ, format_.rules)
    for format_ in FORMATS.values()
}
_OF_RESPONSE: Mapping[str, Validator] = {
    format_.prefix: Validator(
        _PROTOCOL,
        {_PROTOCOL: "OAI-PMH.xsd", **_DESCRIPTIONS, format_.namespace: format_.file},
        _READ,
        format_.rules,
    )
    for format_ in FORMATS.values()
}
"""By metadataPrefix: an answer holds one format, and two formats may give one namespace two meanings."""

"""A reply goes in, an `Answer` comes out: everything that checks look at, as values.

Rule: whatever came, there is an answer; what keeps it from being one of OAI-PMH (section 3.2) is its `fault`. Entities
are not resolved, a DOCTYPE is not read, and nesting and text are bounded, so that no document keeps its reader busy.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from repo_harvest.check.client import Asked
from repo_harvest.check.schema import PROTOCOL, judge
from repo_harvest.model import Problem
from repo_harvest.source.exchange import Reply

__all__ = ["DC", "Answer", "Described", "Format", "Head", "Record", "Resumption", "SetSeen", "read"]

DC = "http://purl.org/dc/elements/1.1/"
_OAI = f"{{{PROTOCOL}}}"
_XSI = "{http://www.w3.org/2001/XMLSchema-instance}"
_VERBS = ("GetRecord", "Identify", "ListIdentifiers", "ListMetadataFormats", "ListRecords", "ListSets")
_DECLARATION = re.compile(rb"""(?:\xef\xbb\xbf)?<\?xml\s[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["'][^>]*\?>""")
_HEAD = 1000  # bytes in which a declaration ends
_DOCTYPE = re.compile(rb"(?:\xef\xbb\xbf)?(?:[ \t\r\n]++|<\?.*?\?>|<!--.*?-->)*+<!DOCTYPE", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """A header (section 2.5); `sets` in the order of the document."""

    identifier: str
    datestamp: str
    sets: tuple[str, ...]
    deleted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """A record (section 2.5); `root` is the name of its metadata's root, `{namespace}name`, `None` without metadata.

    `digest` stands for the metadata, however it is written down; `elements` are its Dublin Core values by name.
    """

    head: Head
    root: str | None
    located: bool
    digest: str
    abouts: int
    elements: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumption:
    """A resumptionToken element (section 3.5), its attributes as they were written."""

    token: str
    size: str | None
    cursor: str | None
    expires: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetSeen:
    """A set (section 4.6)."""

    spec: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A metadata format (section 4.4)."""

    prefix: str
    schema: str
    namespace: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A description of the repository (section 4.2): its root, `{namespace}name`, and its children's texts by name."""

    root: str
    texts: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What was answered to one request. What could not be read is empty, and `fault` says why."""

    asked: Asked
    status: int
    http: Mapping[str, str]
    size: int
    seconds: float
    fault: str = ""
    utf8: bool = True
    encoding: str | None = None
    located: bool = False
    date: str = ""
    base: str = ""
    echo: tuple[tuple[str, str], ...] = ()
    kind: str = ""
    errors: tuple[tuple[str, str], ...] = ()
    heads: tuple[Head, ...] = ()
    records: tuple[Record, ...] = ()
    resumption: Resumption | None = None
    sets: tuple[SetSeen, ...] = ()
    formats: tuple[Format, ...] = ()
    fields: Mapping[str, tuple[str, ...]]
    descriptions: tuple[Described, ...] = ()
    envelope: tuple[Problem, ...] = ()
    payload: tuple[Problem, ...] = ()
    unknown: tuple[str, ...] = ()

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of its errors (section 3.6)."""
        return tuple(code for code, _ in self.errors)

    @property
    def content_type(self) -> str:
        """The Content-Type, without parameters, in lower case."""
        return self.http.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def token(self) -> str:
        """The resumptionToken with which the list goes on; empty if it does not."""
        return self.resumption.token if self.resumption else ""

    @property
    def said(self) -> str:
        """What came back, in a few words."""
        status = f"HTTP {self.status}, " if self.status != 200 else ""  # noqa: PLR2004 - HTTP's OK goes without saying
        if self.fault:
            return f"{status}{self.content_type or 'no Content-Type'}: {self.fault}"
        if self.errors:
            return status + "; ".join(f"error {code}" + (f" ({text})" if text else "") for code, text in self.errors)
        many = f" with {len(self.heads)} headers" if self.kind == "ListIdentifiers" else ""
        many = f" with {len(self.heads)} records" if self.kind == "ListRecords" else many
        many = f" with {len(self.sets)} sets" if self.kind == "ListSets" else many
        return f"{status}{self.kind or 'an OAI-PMH document without content'}{many}"


def read(asked: Asked, reply: Reply) -> Answer:
    """The reply, read."""
    content = reply.content
    http = {name.lower(): value for name, value in reply.headers}
    plain: dict[str, Any] = {
        "asked": asked,
        "status": reply.status,
        "http": http,
        "size": len(content),
        "seconds": reply.seconds,
    }
    declared = _DECLARATION.match(content[:_HEAD])
    encoding = declared[1].decode() if declared else None
    utf8 = _is_utf8(content)
    root, fault = _parsed(content)
    if root is None:
        return Answer(**plain, fault=fault, utf8=utf8, encoding=encoding, fields={})
    judged = judge(content, root)
    payload = _payload(root)
    return Answer(
        **plain,
        utf8=utf8,
        encoding=encoding,
        located=PROTOCOL in (root.get(f"{_XSI}schemaLocation") or "").split(),
        **_said_first(root),
        **(_contents(payload) if payload is not None else {"fields": {}}),
        errors=tuple((error.get("code", ""), _text(error)) for error in root.findall(f"{_OAI}error")),
        envelope=judged.envelope,
        payload=judged.payload,
        unknown=judged.unknown,
    )


def _parsed(content: bytes) -> tuple[etree._Element | None, str]:
    """The root of an OAI-PMH document, or why there is none."""
    if not content.strip():
        return None, "an empty answer"
    if b"<!DOCTYPE" in content and _DOCTYPE.match(content):
        what = "an HTML page" if re.search(rb"<!DOCTYPE\s+html", content, re.IGNORECASE) else "a DOCTYPE, unread"
        return None, f"{what}, not OAI-PMH"
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        return None, f"not well-formed XML: {error.msg}"
    except ValueError as error:  # lxml's own refusals
        return None, f"not readable as XML: {error}"
    if root.tag != f"{_OAI}OAI-PMH":
        return None, f"the root element is {root.tag[:200]}, not OAI-PMH in its namespace"
    return root, ""


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _said_first(root: etree._Element) -> dict[str, Any]:
    """What every answer begins with (section 3.2)."""
    request = root.find(f"{_OAI}request")
    echo = () if request is None else tuple((str(name), str(value)) for name, value in request.attrib.items())
    return {"date": _text(root.find(f"{_OAI}responseDate")), "base": _text(request), "echo": echo}


def _payload(root: etree._Element) -> etree._Element | None:
    return next((child for child in root.iterchildren(*(f"{_OAI}{verb}" for verb in _VERBS))), None)


def _contents(payload: etree._Element) -> dict[str, Any]:
    records = tuple(_record(element) for element in payload.iterchildren(f"{_OAI}record"))
    heads = tuple(_head(element) for element in payload.iterchildren(f"{_OAI}header"))
    sets = (
        SetSeen(spec=_child(element, "setSpec"), name=_child(element, "setName"))
        for element in payload.iterchildren(f"{_OAI}set")
    )
    formats = (
        Format(
            prefix=_child(element, "metadataPrefix"),
            schema=_child(element, "schema"),
            namespace=_child(element, "metadataNamespace"),
        )
        for element in payload.iterchildren(f"{_OAI}metadataFormat")
    )
    return {
        "kind": etree.QName(payload).localname,
        "records": records,
        "heads": tuple(record.head for record in records) or heads,
        "resumption": _resumption(payload.find(f"{_OAI}resumptionToken")),
        "sets": tuple(sets),
        "formats": tuple(formats),
        "fields": _texts(payload),
        "descriptions": tuple(_described(element) for element in payload.iterchildren(f"{_OAI}description")),
    }


def _record(element: etree._Element) -> Record:
    header = element.find(f"{_OAI}header")
    metadata = element.find(f"{_OAI}metadata")
    root = None if metadata is None else next(metadata.iterchildren(etree.Element), None)
    located = root is not None and bool((root.get(f"{_XSI}schemaLocation") or "").strip())
    return Record(
        head=_head(header) if header is not None else Head(identifier="", datestamp="", sets=(), deleted=False),
        root=None if metadata is None else "" if root is None else str(root.tag),
        located=located,
        digest="" if root is None else hashlib.sha256(etree.tostring(root, method="c14n", exclusive=True)).hexdigest(),
        abouts=len(element.findall(f"{_OAI}about")),
        elements={} if root is None else _texts(root, f"{{{DC}}}"),
    )


def _head(element: etree._Element) -> Head:
    return Head(
        identifier=_child(element, "identifier"),
        datestamp=_child(element, "datestamp"),
        sets=tuple(_text(child) for child in element.iterchildren(f"{_OAI}setSpec")),
        deleted=element.get("status") == "deleted",
    )


def _resumption(element: etree._Element | None) -> Resumption | None:
    if element is None:
        return None
    return Resumption(
        token=_text(element),
        size=element.get("completeListSize"),
        cursor=element.get("cursor"),
        expires=element.get("expirationDate"),
    )


def _described(element: etree._Element) -> Described:
    root = next(element.iterchildren(etree.Element), None)
    if root is None:
        return Described(root="", texts={})
    return Described(root=str(root.tag), texts=_texts(root, f"{{{etree.QName(root).namespace}}}"))


def _texts(parent: etree._Element, namespace: str = _OAI) -> Mapping[str, tuple[str, ...]]:
    """The texts of the children in a namespace, by local name."""
    found: dict[str, tuple[str, ...]] = {}
    for child in parent.iterchildren(f"{namespace}*"):
        name = etree.QName(child).localname
        found[name] = (*found.get(name, ()), _text(child))
    return found


def _child(parent: etree._Element, name: str) -> str:
    return _text(parent.find(f"{_OAI}{name}"))


def _text(element: etree._Element | None) -> str:
    return "" if element is None or element.text is None else element.text

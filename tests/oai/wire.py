"""Reads an answer as a harvester would, after every schema has had its say: no test looks at an answer another way."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lxml import etree

from repo_harvest.formats import validate_response

_BEGINS = re.compile(
    rb'<\?xml version="1.0" encoding="UTF-8"\?>\n(?:<\?xml-stylesheet type="text/css" href="/[^"<>]*"\?>\n)?<OAI-PMH '
)
_OAI = "{http://www.openarchives.org/OAI/2.0/}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    identifier: str
    datestamp: str
    sets: tuple[str, ...]
    deleted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumption:
    token: str
    size: int
    cursor: int


@dataclass(frozen=True, slots=True)
class Response:
    """A valid OAI-PMH response; `payload` is the element after the request, the first error where there are errors."""

    body: bytes
    root: etree._Element

    @property
    def date(self) -> str:
        return self.text("responseDate")

    @property
    def request(self) -> etree._Element:
        return self.root[1]

    @property
    def echo(self) -> list[tuple[str, str]]:
        return [(str(name), str(value)) for name, value in self.request.attrib.items()]

    @property
    def payload(self) -> etree._Element:
        return self.root[2]

    @property
    def kind(self) -> str:
        return etree.QName(self.payload).localname

    @property
    def codes(self) -> list[str]:
        return [str(error.get("code")) for error in self.root.iter(f"{_OAI}error")]

    @property
    def messages(self) -> str:
        return "\n".join(error.text or "" for error in self.root.iter(f"{_OAI}error"))

    @property
    def heads(self) -> list[Head]:
        return [_head(element) for element in self.root.iter(f"{_OAI}header")]

    @property
    def identifiers(self) -> list[str]:
        return [head.identifier for head in self.heads]

    @property
    def resumption(self) -> Resumption | None:
        element = self.payload.find(f"{_OAI}resumptionToken")
        if element is None:
            return None
        size, cursor = element.get("completeListSize"), element.get("cursor")
        assert size is not None
        assert cursor is not None
        return Resumption(token=element.text or "", size=int(size), cursor=int(cursor))

    def text(self, name: str) -> str:
        (found,) = self.texts(name)
        return found

    def texts(self, name: str) -> list[str]:
        return [element.text or "" for element in self.root.iter(f"{_OAI}{name}")]


def judged(body: bytes) -> Response:
    """The answer, once it is known to be valid by the protocol's schema and by those of what it contains."""
    assert validate_response(body) == ()
    assert _BEGINS.match(body)
    return Response(body, etree.fromstring(body))


def _head(element: etree._Element) -> Head:
    children = [(etree.QName(child).localname, child.text or "") for child in element]
    named = dict(children)
    return Head(
        identifier=named["identifier"],
        datestamp=named["datestamp"],
        sets=tuple(text for name, text in children if name == "setSpec"),
        deleted=element.get("status") == "deleted",
    )

"""An `Answer` in, the bytes of a whole OAI-PMH response out (OAI-PMH 2.0 section 3.2).

Headers and metadata are spliced as they were stored, never parsed and never changed: this is the path that machines
pound, so constants are bytes already and a page is one join. Everything else that is written here goes through the one
function that escapes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

from repo_harvest.formats.containers import described, friends, rights_manifest
from repo_harvest.formats.registry import Format
from repo_harvest.formats.xml import escape
from repo_harvest.model import Listed, SetInfo, utc_text
from repo_harvest.oai.answer import (
    Answer,
    Errors,
    Formats,
    Headers,
    Identity,
    Record,
    Records,
    Resumption,
    Sets,
)
from repo_harvest.oai.request import Arguments

__all__ = ["render"]

_PROTOCOL = "http://www.openarchives.org/OAI/2.0/"
_OAI_IDENTIFIER = "http://www.openarchives.org/OAI/2.0/oai-identifier"
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
_HEAD = (
    f'<OAI-PMH xmlns="{_PROTOCOL}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    f' xsi:schemaLocation="{_PROTOCOL} {_PROTOCOL}OAI-PMH.xsd">\n'
    "<responseDate>"
)
_TAIL = b"\n</OAI-PMH>\n"
_UNECHOED = frozenset({"badVerb", "badArgument"})  # section 3.2: the request element then has no attributes


def render(
    answer: Answer, *, arguments: Arguments, base_url: str, response_date: int, stylesheet: str | None = None
) -> bytes:
    """The response, in UTF-8; `response_date` is in UTC seconds since 1970.

    `stylesheet` is the path of a CSS file that shows the answer to a person (xml-stylesheet, W3C 2010); programs do not
    look at it. Browsers are giving up XSLT, which would do more. The request element repeats the arguments exactly as they were sent, unless they were not legal; `arguments` are
    those that `parse` made the answered `Request` of.
    """
    echo = "" if _is_unreadable(answer) else "".join(f' {name}="{escape(value)}"' for name, value in arguments)
    head = f"{_head(stylesheet)}{utc_text(response_date)}</responseDate>\n<request{echo}>{escape(base_url)}</request>\n"
    return b"".join([head.encode(), *_PAYLOADS[type(answer)](answer), _TAIL])


@lru_cache(maxsize=8)
def _head(stylesheet: str | None) -> str:
    look = "" if stylesheet is None else f'<?xml-stylesheet type="text/css" href="{escape(stylesheet)}"?>\n'
    return f"{_DECLARATION}{look}{_HEAD}"


def _is_unreadable(answer: Answer) -> bool:
    return isinstance(answer, Errors) and any(error.code in _UNECHOED for error in answer.errors)


# --- section 4.1, 4.3 and 4.5: stored bytes ---


def _records(answer: Records) -> list[bytes]:
    parts = [b"<ListRecords>\n"]
    for row in answer.rows:
        parts += _record(row)
    parts += (_resumption(answer.resumption), b"</ListRecords>")
    return parts


def _get_record(answer: Record) -> list[bytes]:
    return [b"<GetRecord>\n", *_record(answer.row), b"</GetRecord>"]


def _record(row: Listed) -> tuple[bytes, ...]:
    """A deleted record has neither metadata nor anything about it (section 2.5.1)."""
    _, _, header, metadata, about = row
    if metadata is None:
        return b"<record>", header, b"</record>\n"
    return b"<record>", header, b"<metadata>", metadata, b"</metadata>", about or b"", b"</record>\n"


def _headers(answer: Headers) -> list[bytes]:
    headers = b"\n".join([row[2] for row in answer.rows])
    return [b"<ListIdentifiers>\n", headers, b"\n", _resumption(answer.resumption), b"</ListIdentifiers>"]


def _resumption(resumption: Resumption | None) -> bytes:
    """Section 3.5: on the last page of a split list the element is empty; an unsplit list has none."""
    if resumption is None:
        return b""
    size, cursor = resumption.complete_list_size, resumption.cursor
    attributes = f'completeListSize="{size}" cursor="{cursor}"'
    return f"<resumptionToken {attributes}>{escape(resumption.token)}</resumptionToken>\n".encode()


# --- the other answers ---


def _errors(answer: Errors) -> list[bytes]:
    """Section 3.6."""
    lines = (f'<error code="{error.code}">{escape(error.message)}</error>' for error in answer.errors)
    return ["\n".join(lines).encode()]


def _identify(answer: Identity) -> list[bytes]:
    """Section 4.2, with the descriptions that the guidelines for oai-identifier, friends and rights ask for."""
    repository = answer.repository
    fields = [
        ("repositoryName", repository.name),
        ("baseURL", repository.base_url),
        ("protocolVersion", "2.0"),
        *(("adminEmail", email) for email in repository.admin_emails),
        ("earliestDatestamp", utc_text(answer.earliest)),
        ("deletedRecord", "persistent"),
        ("granularity", "YYYY-MM-DDThh:mm:ssZ"),
        *(("compression", coding) for coding in repository.compression),
    ]
    scheme = [
        ("scheme", "oai"),
        ("repositoryIdentifier", repository.identifier),
        ("delimiter", ":"),
        ("sampleIdentifier", repository.sample_identifier),
    ]
    text = (
        f"<Identify>\n{_elements(fields)}<description>\n"
        f'<oai-identifier xmlns="{_OAI_IDENTIFIER}" xsi:schemaLocation="{_OAI_IDENTIFIER} {_OAI_IDENTIFIER}.xsd">\n'
        f"{_elements(scheme)}</oai-identifier>\n</description>\n"
    )
    more = [friends(repository.friends)] if repository.friends else []
    if repository.metadata_rights is not None:
        more.append(rights_manifest([repository.metadata_rights]))
    return [text.encode(), *(b"<description>\n%b\n</description>\n" % one for one in more), b"</Identify>"]


def _formats(answer: Formats) -> list[bytes]:
    """Section 4.4."""
    return [b"<ListMetadataFormats>\n", *map(_format, answer.formats), b"</ListMetadataFormats>"]


def _format(format_: Format) -> bytes:
    fields = [("metadataPrefix", format_.prefix), ("schema", format_.schema), ("metadataNamespace", format_.namespace)]
    return f"<metadataFormat>\n{_elements(fields)}</metadataFormat>\n".encode()


def _sets(answer: Sets) -> list[bytes]:
    """Section 4.6."""
    return [b"<ListSets>\n", *map(_set, answer.sets), _resumption(answer.resumption), b"</ListSets>"]


def _set(info: SetInfo) -> bytes:
    told = _elements([("setSpec", info.spec), ("setName", info.name)]).encode()
    if info.description and not info.description.isspace():
        told += b"<setDescription>%b</setDescription>\n" % described(info.description)
    return b"<set>\n%b</set>\n" % told


def _elements(fields: Iterable[tuple[str, str]]) -> str:
    return "".join(f"<{name}>{escape(text)}</{name}>\n" for name, text in fields)


_PAYLOADS: Mapping[type[Answer], Callable[[Any], list[bytes]]] = {
    Errors: _errors,
    Formats: _formats,
    Headers: _headers,
    Identity: _identify,
    Record: _get_record,
    Records: _records,
    Sets: _sets,
}

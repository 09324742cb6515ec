"""What will be said, before it is XML: one frozen class per kind of answer, and the protocol's errors among them.

An error of OAI-PMH is an answer, not an exception: the provider returns it like any other (OAI-PMH 2.0 section 3.6).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from repo_harvest.formats import Format
from repo_harvest.model import Listed, SetInfo, Window
from repo_harvest.oai.repository import Repository

__all__ = [
    "NO_SUCH_SET",
    "Answer",
    "Code",
    "Errors",
    "Formats",
    "Headers",
    "Identity",
    "Part",
    "ProtocolError",
    "Record",
    "Records",
    "Resumption",
    "Sets",
]

Code = Literal[
    "badArgument",
    "badResumptionToken",
    "badVerb",
    "cannotDisseminateFormat",
    "idDoesNotExist",
    "noMetadataFormats",
    "noRecordsMatch",
    "noSetHierarchy",
]

NO_SUCH_SET = "there is no such set; ListSets lists them"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtocolError:
    """One error of section 3.6; the message is ours alone, and never repeats what could not be read."""

    code: Code
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Errors:
    """The answer to a request that cannot be met: one error or more."""

    errors: tuple[ProtocolError, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The answer to Identify (section 4.2); `earliest` is in UTC seconds since 1970."""

    repository: Repository
    earliest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Formats:
    """The answer to ListMetadataFormats (section 4.4): one format or more."""

    formats: tuple[Format, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """The answer to GetRecord (section 4.1): one row."""

    row: Listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumption:
    """The resumptionToken element of one page of a split list; `token` is empty on the last page (section 3.5)."""

    token: str
    complete_list_size: int
    cursor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Which page of which list rows are: `started` is the watermark of the list's first page, in UTC seconds since 1970.

    It is never written, and the same for every page of a list.
    """

    window: Window
    started: int
    cursor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sets:
    """The answer to ListSets (section 4.6): one set or more."""

    sets: Sequence[SetInfo]
    resumption: Resumption | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Headers:
    """The answer to ListIdentifiers (section 4.3): one row or more."""

    rows: Sequence[Listed]
    resumption: Resumption | None = None
    part: Part | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """The answer to ListRecords (section 4.5): one row or more."""

    rows: Sequence[Listed]
    resumption: Resumption | None = None
    part: Part | None = None


Answer = Identity | Formats | Sets | Record | Headers | Records | Errors

"""The nouns that rooms exchange: frozen values.

A page is fetched (`Page`), read into entries (`Entry`), each entry becomes a record (`Record`), matching decides
whose record it is (`Change`), formats render it (`Rendition`), and the store keeps it as an item (`Item`).
"""

from repo_harvest.model.agents import (
    Affiliation,
    Funding,
    NameIdentifier,
    body_address,
    funder_address,
    orcid_address,
)
from repo_harvest.model.known import Known, KnownEntry, KnownItem
from repo_harvest.model.page import Entry, Link, Page, PartialDate, Problem, Relation, Severity, Validators
from repo_harvest.model.preview import Foreseen, Found, Understood
from repo_harvest.model.record import Record
from repo_harvest.model.run import Change, Kind, Outcome, Run
from repo_harvest.model.served import (
    Feed,
    Header,
    Item,
    Listed,
    Position,
    Provenance,
    Rendition,
    SetInfo,
    Snapshot,
    Window,
    utc_text,
)
from repo_harvest.model.shape import Shape, Signs

__all__ = [
    "Affiliation",
    "Change",
    "Entry",
    "Feed",
    "Foreseen",
    "Found",
    "Funding",
    "Header",
    "Item",
    "Kind",
    "Known",
    "KnownEntry",
    "KnownItem",
    "Link",
    "Listed",
    "NameIdentifier",
    "Outcome",
    "Page",
    "PartialDate",
    "Position",
    "Problem",
    "Provenance",
    "Record",
    "Relation",
    "Rendition",
    "Run",
    "SetInfo",
    "Severity",
    "Shape",
    "Signs",
    "Snapshot",
    "Understood",
    "Validators",
    "Window",
    "body_address",
    "funder_address",
    "orcid_address",
    "utc_text",
]

"""The protocol's names in, what they mean to a person out (OAI-PMH 2.0 sections 3.6 and 4)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

__all__ = ["ARGUMENTS", "DELETIONS", "FAULTS", "IDENTITY", "VERBS", "Argument", "Meaning"]


class Meaning(NamedTuple):
    """What an error says, and what to do about it."""

    meaning: str
    advice: str


class Argument(NamedTuple):
    """What an argument is called, and how it is written."""

    label: str
    hint: str


VERBS: Mapping[str, str] = {
    "Identify": "Whose repository this is, and how it works.",
    "ListMetadataFormats": "The formats that records can be had in.",
    "ListSets": "The sets that records are sorted into.",
    "ListIdentifiers": "The identifiers of records, without what the records say.",
    "ListRecords": "Whole records, a page at a time. This is what harvesters ask for.",
    "GetRecord": "One record.",
}

ARGUMENTS: Mapping[str, Argument] = {
    "metadataPrefix": Argument("Format", "The metadataPrefix of the records."),
    "identifier": Argument("Identifier", "The OAI identifier of one item."),
    "set": Argument("Set", "Only what is in this set, and in the sets within it."),
    "from": Argument("Changed from", "A day as 2026-09-04, or a second as 2026-09-04T10:15:00Z, in UTC."),
    "until": Argument("Changed until", "The same way. Empty: until now."),
    "resumptionToken": Argument("Resumption token", "Where a list goes on, as the page before gave it."),
}

IDENTITY: Mapping[str, str] = {
    "repositoryName": "Name",
    "baseURL": "Base URL",
    "protocolVersion": "Version of OAI-PMH",
    "adminEmail": "Contact",
    "earliestDatestamp": "Earliest change",
    "deletedRecord": "Deleted records",
    "granularity": "Dates are written as",
    "compression": "Compression",
}

DELETIONS: Mapping[str, str] = {
    "no": "are not told",
    "transient": "are told for some time",
    "persistent": "are told for ever",
}

FAULTS: Mapping[str, Meaning] = {
    "badArgument": Meaning(
        "An argument is missing, not known, repeated, or not written as it has to be.",
        "Compare the request with what its verb takes, and send it again.",
    ),
    "badResumptionToken": Meaning(
        "The resumption token is none of this repository's, or of another verb.",
        "Take the token of the page before, whole and unchanged, or begin the list again.",
    ),
    "badVerb": Meaning(
        "The request has no verb, more than one, or one that OAI-PMH does not know.", "Ask for one of the six verbs."
    ),
    "cannotDisseminateFormat": Meaning(
        "This repository, or this item, has no metadata in the format that was asked for.",
        "Choose one of the formats that ListMetadataFormats names.",
    ),
    "idDoesNotExist": Meaning(
        "No item has this identifier, and none ever had.",
        "Compare the identifier with those of ListIdentifiers, to the letter.",
    ),
    "noMetadataFormats": Meaning(
        "This item has no metadata in any format.", "It can be left out. Other items have some."
    ),
    "noRecordsMatch": Meaning(
        "No record is in this format, this set and this span of time. To a harvester that asks for what is new, it says that nothing is.",
        "Widen the dates, or take away the set.",
    ),
    "noSetHierarchy": Meaning("This repository has no sets.", "Ask without a set: that is for every record."),
}

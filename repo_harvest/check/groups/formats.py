"""The metadata formats: that there is Dublin Core, and that what is listed is served (OAI-PMH 2.0 sections 3.4, 4.4)."""

from __future__ import annotations

from collections.abc import Iterator

from repo_harvest.check.case import Case, fault
from repo_harvest.check.groups.kit import named
from repo_harvest.check.outcome import CouldNot, Fault, Level
from repo_harvest.check.rule import Check

__all__ = ["CHECKS"]

_OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
_OAI_DC_SCHEMA = "http://www.openarchives.org/OAI/2.0/oai_dc.xsd"
_TRIED = 8  # formats of which a page is asked for


def _offered(case: Case) -> Iterator[Fault]:
    if "oai_dc" not in [format_.prefix for format_ in case.formats]:
        yield fault("ListMetadataFormats does not list oai_dc", case.ask("ListMetadataFormats"))


def _standard(case: Case) -> Iterator[Fault]:
    for format_ in case.formats:
        if format_.prefix != "oai_dc":
            continue
        if format_.namespace.strip() != _OAI_DC:
            yield fault(f"the namespace of oai_dc is {format_.namespace!r}", case.ask("ListMetadataFormats"))
        if format_.schema.strip().replace("https:", "http:") != _OAI_DC_SCHEMA:
            yield fault(f"the schema of oai_dc is {format_.schema!r}", case.ask("ListMetadataFormats"))


def _unique(case: Case) -> Iterator[Fault]:
    prefixes = [format_.prefix for format_ in case.formats]
    twice = sorted({prefix for prefix in prefixes if prefixes.count(prefix) > 1})
    if twice:
        yield fault(f"listed more than once: {named(twice)}", case.ask("ListMetadataFormats"))


def _usable(case: Case) -> Iterator[Fault]:
    for format_ in case.formats[:_TRIED]:
        for verb in ("ListIdentifiers", "ListRecords"):
            answer = case.ask(verb, metadataPrefix=format_.prefix)
            if answer.fault or (answer.errors and "noRecordsMatch" not in answer.codes):
                yield fault(f"{format_.prefix} is listed, and cannot be had", answer)


def _root(case: Case) -> Iterator[Fault]:
    for format_ in case.formats[:_TRIED]:
        answer = case.ask("ListRecords", metadataPrefix=format_.prefix)
        wanted = f"{{{format_.namespace.strip()}}}"
        strange = [r.head.identifier for r in answer.records if r.root is not None and not r.root.startswith(wanted)]
        if strange:
            yield fault(f"metadata in {format_.prefix} is not in its namespace: {named(strange)}", answer)


def _located(case: Case) -> Iterator[Fault]:
    bare = [record.head.identifier for record in case.records.sample if record.root and not record.located]
    if bare:
        yield fault(f"metadata without xsi:schemaLocation on its root: {named(bare)}", case.records.first)


def _of_item(case: Case) -> Iterator[Fault]:
    live = next((head for head in case.some if not head.deleted), None)
    if live is None:
        raise CouldNot("no record was seen that is not deleted")
    answer = case.ask("ListMetadataFormats", identifier=live.identifier)
    if case.prefix not in [format_.prefix for format_ in answer.formats]:
        yield fault(f"{live.identifier} is listed in {case.prefix}, and its formats do not show it", answer)


CHECKS = (
    Check(
        id="formats.oai-dc",
        title="Dublin Core is offered",
        level=Level.MUST,
        section="5",
        advice="Offer every record in oai_dc; other formats come on top of it.",
        rule=_offered,
    ),
    Check(
        id="formats.standard",
        title="oai_dc is the format everybody knows",
        level=Level.MUST,
        section="5",
        advice=f"State the namespace {_OAI_DC} and the schema {_OAI_DC_SCHEMA}.",
        rule=_standard,
    ),
    Check(
        id="formats.unique",
        title="No prefix is listed twice",
        level=Level.MUST,
        section="3.4",
        advice="Give each format a prefix of its own.",
        rule=_unique,
    ),
    Check(
        id="formats.usable",
        title="Every listed format can be had",
        level=Level.MUST,
        section="4.4",
        advice="List only formats that ListIdentifiers and ListRecords answer in.",
        rule=_usable,
    ),
    Check(
        id="formats.root",
        title="Metadata is in the namespace of its format",
        level=Level.MUST,
        section="3.4",
        advice="Write the root in the metadataNamespace that ListMetadataFormats states.",
        rule=_root,
    ),
    Check(
        id="formats.schema-location",
        title="Metadata names its schema",
        level=Level.SHOULD,
        section="3.4",
        advice="Put xsi:schemaLocation on the root of the metadata.",
        rule=_located,
    ),
    Check(
        id="formats.of-item",
        title="The formats of an item include the one it is listed in",
        level=Level.MUST,
        section="4.4",
        advice="Answer ListMetadataFormats with an identifier from the same data as the lists.",
        rule=_of_item,
    ),
)

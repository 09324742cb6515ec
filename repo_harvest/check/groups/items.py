"""Records one by one: identifiers, headers, deletions (OAI-PMH 2.0 sections 2.4, 2.5, 4.1)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from repo_harvest.check import stamps
from repo_harvest.check.case import Case, fault
from repo_harvest.check.groups.kit import compared, named
from repo_harvest.check.outcome import CouldNot, Fault, Level, NotApplicable
from repo_harvest.check.reading import Head
from repo_harvest.check.rule import Check

__all__ = ["CHECKS"]

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9\-._~:/?#\[\]@!$&'()*+,;=\u00a0-\U0010fffd]|%[0-9A-Fa-f]{2})+")
_OAI = re.compile(r"oai:[A-Za-z][A-Za-z0-9-]*(?:\.[A-Za-z][A-Za-z0-9-]*)*:\S+")


def _samples(case: Case) -> list[Head]:
    """The first record, one in the middle and the last, one in sets, one deleted, one that ListRecords lacks."""
    heads = case.some
    chosen = [heads[0], heads[len(heads) // 2], heads[-1]]
    chosen += [head for head in heads if head.sets][:1] + [head for head in heads if head.deleted][:1]
    if case.records.complete:
        chosen += [head for head in heads if head.identifier not in case.records.identifiers][:1]
    return list(dict.fromkeys(chosen))


def _header(case: Case) -> Iterator[Fault]:
    for head in _samples(case):
        if head.deleted:
            continue
        answer = case.ask("GetRecord", identifier=head.identifier, metadataPrefix=case.prefix)
        if answer.fault or not answer.heads:
            yield fault(f"{head.identifier} is listed, and GetRecord does not have it", answer)
            continue
        found = answer.heads[0]
        if (found.identifier, found.datestamp, set(found.sets)) != (head.identifier, head.datestamp, set(head.sets)):
            said = f"the list {head.datestamp} {named(head.sets)}, GetRecord {found.datestamp} {named(found.sets)}"
            yield fault(f"the header of {head.identifier} is another in the list: {said}", answer)


def _metadata(case: Case) -> Iterator[Fault]:
    listed = [record for record in case.records.sample if not record.head.deleted]
    if not listed:
        raise NotApplicable("no record with metadata was seen")
    for record in (listed[0], listed[len(listed) // 2], listed[-1]):
        answer = case.ask("GetRecord", identifier=record.head.identifier, metadataPrefix=case.prefix)
        if answer.records and answer.records[0].digest != record.digest:
            yield fault(f"GetRecord gives other metadata of {record.head.identifier} than ListRecords", answer)


def _present(case: Case) -> Iterator[Fault]:
    bare = [r.head.identifier for r in case.records.sample if not r.head.deleted and not r.root]
    if bare:
        yield fault(f"records that are not deleted, without metadata: {named(bare)}", case.records.first)


def _uri(case: Case) -> Iterator[Fault]:
    odd = [head.identifier for head in case.some if not _URI.fullmatch(head.identifier)]
    if odd:
        yield fault(f"these identifiers are no URIs: {named(odd)}", case.headers.first)


def _oai(case: Case) -> Iterator[Fault]:
    claimed = [head.identifier for head in case.some if head.identifier.startswith("oai:")]
    if not claimed:
        raise NotApplicable("identifiers are not of the scheme oai")
    odd = [identifier for identifier in claimed if not _OAI.fullmatch(identifier)]
    if odd:
        yield fault(f"not of the form oai:DOMAIN:LOCAL: {named(odd)}", case.headers.first)


def _datestamp(case: Case) -> Iterator[Fault]:
    for seen in (case.headers, case.records):
        odd = [
            f"{head.identifier} ({head.datestamp})"
            for head in seen.heads
            if (stamp := stamps.parse(head.datestamp)) is None or stamp.fine is not case.fine
        ]
        if odd:
            yield fault(f"datestamps that are not of the stated granularity: {named(odd)}", seen.first)


def _future(case: Case) -> Iterator[Fault]:
    for page, seen in ((case.headers.pages[-1:], case.headers), (case.records.pages[-1:], case.records)):
        now = stamps.parse(page[0].date) if page else None
        if now is None:
            continue
        odd = [
            f"{head.identifier} ({head.datestamp})"
            for head in seen.heads
            if (stamp := stamps.parse(head.datestamp)) is not None and stamp.seconds > now.seconds
        ]
        if odd:
            yield fault(f"datestamps after the responseDate: {named(odd)}", seen.first)


def _stable(case: Case) -> Iterator[Fault]:
    first = case.headers.first
    again = case.get(first.asked.pairs, again=True)
    lacking = [head.identifier for head in first.heads if head.identifier not in {h.identifier for h in again.heads}]
    changed = again.date != first.date and any((again.fault, again.errors))
    if lacking and not changed and len(lacking) == len(first.heads):
        yield fault(f"asked again, the same list has other identifiers: {named(lacking)} are gone", again)


def _deleted(case: Case) -> list[Head]:
    found = {h.identifier: h for seen in (case.headers, case.records) for h in seen.heads if h.deleted}
    if not found:
        raise NotApplicable("no deleted record was seen")
    return list(found.values())


def _policy(case: Case) -> str:
    return case.identify.fields.get("deletedRecord", ("",))[0].strip()


def _no_policy(case: Case) -> Iterator[Fault]:
    deleted = _deleted(case)
    if _policy(case) == "no":
        what = f"Identify says that deletions are not kept, and these are: {named(head.identifier for head in deleted)}"
        yield fault(what, case.headers.first)


def _kept(case: Case) -> Iterator[Fault]:
    if _policy(case) != "persistent":
        yield fault(f"deletedRecord is {_policy(case)}: harvesters keep for ever what you delete", case.identify)


def _deleted_bare(case: Case) -> Iterator[Fault]:
    _deleted(case)
    full = [r.head.identifier for r in case.records.sample if r.head.deleted and (r.root is not None or r.abouts)]
    if full:
        yield fault(f"deleted records with metadata or about: {named(full)}", case.records.first)


def _deleted_get(case: Case) -> Iterator[Fault]:
    for head in _deleted(case)[:3]:
        answer = case.ask("GetRecord", identifier=head.identifier, metadataPrefix=case.prefix)
        left = bool(case.options.set_spec and answer.heads and not answer.heads[0].deleted)  # the set, not the world
        if left:
            continue
        if answer.fault or not answer.heads or not answer.heads[0].deleted:
            yield fault(f"{head.identifier} is listed as deleted, and GetRecord does not say so", answer)
        elif answer.heads[0].datestamp != head.datestamp:
            what = f"the list has the datestamp {head.datestamp}, GetRecord {answer.heads[0].datestamp}"
            yield fault(f"the deleted header of {head.identifier} is another in the list: {what}", answer)


def _deleted_listed(case: Case) -> Iterator[Fault]:
    """In the pages that both lists were read to, each deleted record is in both, as deleted."""
    _deleted(case)
    if not (case.headers.complete and case.records.complete):
        raise CouldNot("the lists were not read to their end, and their pages differ; --full reads all of them")
    for here, there, verb in (
        (case.headers, case.records, "ListRecords"),
        (case.records, case.headers, "ListIdentifiers"),
    ):
        gone = {head.identifier for head in there.heads if head.deleted}
        lacking = [head.identifier for head in here.heads if head.deleted and head.identifier not in gone]
        if lacking:
            yield fault(f"{verb} does not list as deleted: {named(lacking)}", there.first)


def _deleted_sets(case: Case) -> Iterator[Fault]:
    inside = [head for head in _deleted(case) if head.sets]
    if not inside:
        raise NotApplicable("no deleted record that was seen names a set")
    head = inside[0]
    found = case.heads(pages=8, set_=head.sets[0], from_=head.datestamp, until=head.datestamp).whole()
    yield from compared(case, [head], found, f"the list of the set {head.sets[0]} lacks the deleted record")


_ROWS = (
    ("items.uri", "Identifiers are URIs", Level.MUST, "2.4", "Use the scheme oai, or addresses.", _uri),
    ("items.oai", "oai identifiers have the form of the guideline", Level.SHOULD, "guideline oai-identifier", "Write oai:DOMAIN:LOCAL; the domain is one of yours.", _oai),
    ("items.datestamp", "Datestamps have the stated granularity", Level.MUST, "2.7.1", "Write them in the form that granularity shows.", _datestamp),
    ("items.future", "No datestamp lies in the future", Level.SHOULD, "2.7.1", "Stamp a change with the time at which it can be harvested, in UTC.", _future),
    ("items.stable", "Asked again, a list has the same identifiers", Level.MUST, "2.4", "An item keeps its identifier for ever.", _stable),
    ("items.header", "GetRecord has the header of the list", Level.MUST, "4.1", "Make both from the same data.", _header),
    ("items.metadata", "GetRecord has the metadata of the list", Level.MUST, "4.1", "Make both from the same data.", _metadata),
    ("items.present", "Records that are not deleted have metadata", Level.MUST, "2.5", "Leave out of a list what is not in its format.", _present),
    ("deleted.policy", "What Identify says of deletions is so", Level.MUST, "2.5.1", "State persistent or transient in deletedRecord.", _no_policy),
    ("deleted.kept", "Deletions are kept for ever", Level.SHOULD, "2.5.1", "Keep a header for each deleted record, and state persistent.", _kept),
    ("deleted.bare", "A deleted record is its header alone", Level.MUST, "2.5.1", "Leave out metadata and about.", _deleted_bare),
    ("deleted.get", "GetRecord of a deleted record says deleted", Level.MUST, "2.5.1", "Answer with its header, status deleted, as in the lists.", _deleted_get),
    ("deleted.listed", "Both lists hold the deleted records", Level.MUST, "2.5.1", "Harvesters use either list: what is missing from one stays with them for ever.", _deleted_listed),
    ("deleted.sets", "The list of a set holds its deleted records", Level.MUST, "2.5.1", "Keep the sets of a deleted record.", _deleted_sets),
)  # fmt: skip  # a table

CHECKS = tuple(
    Check(id=name, title=title, level=level, section=section, advice=advice, rule=rule)
    for name, title, level, section, advice, rule in _ROWS
)

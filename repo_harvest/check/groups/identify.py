"""What the repository says of itself: Identify (OAI-PMH 2.0 section 4.2, and the oai-identifier guideline)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from repo_harvest.check import stamps
from repo_harvest.check.case import Case, fault
from repo_harvest.check.groups.kit import named
from repo_harvest.check.outcome import Fault, Level, NotApplicable
from repo_harvest.check.rule import Check

__all__ = ["CHECKS", "OAI_IDENTIFIER", "described"]

OAI_IDENTIFIER = "{http://www.openarchives.org/OAI/2.0/oai-identifier}oai-identifier"
_EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>.]+(?:\.[^\s@<>.]+)+")
_DOMAIN = re.compile(r"[A-Za-z][A-Za-z0-9-]*(?:\.[A-Za-z][A-Za-z0-9-]*)+")
_GRANULARITIES = ("YYYY-MM-DD", "YYYY-MM-DDThh:mm:ssZ")
_POLICIES = ("no", "transient", "persistent")
_CODINGS = frozenset({"gzip", "x-gzip", "compress", "x-compress", "deflate", "br", "zstd"})


def described(case: Case) -> dict[str, str]:
    """The oai-identifier description (guideline of that name), its first values; raises `NotApplicable`."""
    for description in case.identify.descriptions:
        if description.root == OAI_IDENTIFIER:
            return {name: texts[0].strip() for name, texts in description.texts.items()}
    raise NotApplicable("Identify holds no oai-identifier description")


def _value(case: Case, name: str) -> str:
    return case.identify.fields.get(name, ("",))[0].strip()


def _one_of(name: str, allowed: tuple[str, ...]) -> Callable[[Case], Iterator[Fault]]:
    def rule(case: Case) -> Iterator[Fault]:
        if _value(case, name) not in allowed:
            yield fault(f"{name} is {_value(case, name)!r}, not {' or '.join(allowed)}", case.identify)

    return rule


def _base_url(case: Case) -> Iterator[Fault]:
    if _value(case, "baseURL") != case.base_url:
        yield fault(f"baseURL is {_value(case, 'baseURL')!r}, and {case.base_url} was asked", case.identify)


def _name(case: Case) -> Iterator[Fault]:
    if not _value(case, "repositoryName"):
        yield fault("repositoryName is empty", case.identify)


def _email(case: Case) -> Iterator[Fault]:
    emails = [email.strip() for email in case.identify.fields.get("adminEmail", ())]
    wrong = [email for email in emails if not _EMAIL.fullmatch(email)]
    if wrong or not emails:
        yield fault(f"adminEmail is no mail address: {named(wrong) or 'there is none'}", case.identify)


def _earliest_form(case: Case) -> Iterator[Fault]:
    stated = _value(case, "earliestDatestamp")
    stamp = stamps.parse(stated)
    if stamp is None or stamp.fine is not case.fine:
        yield fault(f"earliestDatestamp is {stated!r}, and granularity {_value(case, 'granularity')!r}", case.identify)


def _earliest(case: Case) -> Iterator[Fault]:
    stated = stamps.parse(_value(case, "earliestDatestamp"))
    if stated is None:
        raise NotApplicable("earliestDatestamp is not a date")
    found = [(stamp.seconds, head) for head in case.some if (stamp := stamps.parse(head.datestamp))]
    before = [head for seconds, head in sorted(found, key=lambda pair: pair[0]) if seconds < stated.seconds]
    if before:
        what = f"{before[0].identifier} has the datestamp {before[0].datestamp}"
        yield fault(f"earliestDatestamp is {_value(case, 'earliestDatestamp')}, and {what}", case.identify)


def _compression(case: Case) -> Iterator[Fault]:
    odd = [value for value in case.identify.fields.get("compression", ()) if value.strip().lower() not in _CODINGS]
    if odd:
        yield fault(f"compression lists {named(odd)}, which is no way of compressing", case.identify)


def _identifier(case: Case) -> Iterator[Fault]:
    stated = described(case)
    if (stated.get("scheme"), stated.get("delimiter")) != ("oai", ":"):
        yield fault("the oai-identifier description must state the scheme oai and the delimiter :", case.identify)
    space = stated.get("repositoryIdentifier", "")
    if not _DOMAIN.fullmatch(space):
        yield fault(f"repositoryIdentifier is {space!r}, which is no domain name", case.identify)
    if not stated.get("sampleIdentifier", "").startswith(f"oai:{space}:"):
        yield fault(f"sampleIdentifier is not of this repository: {stated.get('sampleIdentifier')!r}", case.identify)


def _identifier_used(case: Case) -> Iterator[Fault]:
    start = f"oai:{described(case).get('repositoryIdentifier', '')}:"
    strange = [head.identifier for head in case.some if not head.identifier.startswith(start)]
    if strange:
        yield fault(f"Identify says that identifiers begin with {start}; these do not: {named(strange)}", case.identify)


_UNLIKE = "Write the value that the section names."

CHECKS = (
    Check(
        id="identify.base-url",
        title="baseURL is the address that was asked",
        level=Level.SHOULD,
        section="4.2",
        advice="Configure the address that harvesters use, letter by letter; or check the one that Identify states.",
        rule=_base_url,
    ),
    Check(
        id="identify.version",
        title="protocolVersion is 2.0",
        level=Level.MUST,
        section="4.2",
        advice=_UNLIKE,
        rule=_one_of("protocolVersion", ("2.0",)),
    ),
    Check(
        id="identify.name",
        title="The repository has a name",
        level=Level.SHOULD,
        section="4.2",
        advice="Say whose records these are.",
        rule=_name,
    ),
    Check(
        id="identify.email",
        title="adminEmail is a mail address",
        level=Level.MUST,
        section="4.2",
        advice="State an address that is read: harvesters write to it before they give up.",
        rule=_email,
    ),
    Check(
        id="identify.granularity",
        title="granularity is one of the two",
        level=Level.MUST,
        section="4.2",
        advice=_UNLIKE,
        rule=_one_of("granularity", _GRANULARITIES),
    ),
    Check(
        id="identify.deleted-record",
        title="deletedRecord is one of the three",
        level=Level.MUST,
        section="4.2",
        advice=_UNLIKE,
        rule=_one_of("deletedRecord", _POLICIES),
    ),
    Check(
        id="identify.earliest-form",
        title="earliestDatestamp has the stated granularity",
        level=Level.MUST,
        section="4.2",
        advice="Write it in the form that granularity shows.",
        rule=_earliest_form,
    ),
    Check(
        id="identify.earliest",
        title="No datestamp lies before earliestDatestamp",
        level=Level.MUST,
        section="4.2",
        advice="State the smallest datestamp there is, deleted records included: harvesters begin with it.",
        rule=_earliest,
    ),
    Check(
        id="identify.compression",
        title="compression lists ways of compressing",
        level=Level.SHOULD,
        section="3.1.3",
        advice="List what is really done, such as gzip; identity goes without saying.",
        rule=_compression,
    ),
    Check(
        id="identify.oai-identifier",
        title="The oai-identifier description is right",
        level=Level.SHOULD,
        section="guideline oai-identifier",
        advice="State a domain name that is yours, and a sample with it.",
        rule=_identifier,
    ),
    Check(
        id="identify.oai-identifier-used",
        title="Identifiers are as the oai-identifier description says",
        level=Level.SHOULD,
        section="guideline oai-identifier",
        advice="Make the description fit the identifiers; never the identifiers, which harvesters keep.",
        rule=_identifier_used,
    ),
)

"""What was found goes in, what each harvester would say to it comes out: one table for each of them.

Rule: a row is something that the service itself asks for, on the page that its table names; it rests on checks of the
registry or on a count made over the records that were seen. What cannot be seen from outside is said to be so.

    BASE      Golden Rules for Repository Managers, and the page size that its validator OVAL expects
    CORE      Data Provider's Guide and harvesting guidelines
    OpenAIRE  Guidelines for Literature Repositories 3.0, as far as oai_dc shows them
    Primo     Primo VE's import profiles for external sources, and its answer on deleted records
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from repo_harvest.check.case import Case
from repo_harvest.check.groups.metadata import dublin_core
from repo_harvest.check.outcome import CouldNot, NotApplicable, Status
from repo_harvest.check.reading import Record
from repo_harvest.check.rule import Result

__all__ = ["Need", "Readiness", "Requirement", "State", "readiness"]


class State(StrEnum):
    """Whether a requirement is met."""

    MET = "met"
    NOT_MET = "not met"
    UNSEEN = "cannot be seen"


class Need(StrEnum):
    """How much the service needs it."""

    REQUIRED = "required"
    RECOMMENDED = "recommended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One requirement, judged; `basis` says by what."""

    title: str
    need: Need
    state: State
    basis: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """What one service asks for; `source` is where it says so."""

    harvester: str
    source: str
    requirements: tuple[Requirement, ...]


Found = tuple[State, str]
Judge = Callable[[Case, Mapping[str, Result]], Found]
_Row = tuple[str, Need, Judge]
_MOST = 0.95  # of the records: a few may lack what they have to lack
_LONGEST = 32_766  # bytes of a field that Primo VE can index
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")
_DATE = re.compile(r"[0-9]{4}(?:-[0-9]{2}(?:-[0-9]{2})?)?")
_FULL_TEXT = re.compile(r"https?://\S+(?:\.pdf\b|/bitstreams?/|/download\b)", re.IGNORECASE)
_LICENCE = re.compile(r"https?://|info:eu-repo/semantics/|coar", re.IGNORECASE)
_ACCESS = re.compile(r"info:eu-repo/semantics/(?:open|restricted|closed|embargoed)Access")
_TYPE = re.compile(r"info:eu-repo/semantics/|http://purl\.org/coar/resource_type/")


def readiness(case: Case, results: Iterable[Result]) -> tuple[Readiness, ...]:
    """The tables, from what was seen of the endpoint and how the checks came out."""
    known = {result.check.id: result for result in results}
    return tuple(
        Readiness(
            harvester=harvester,
            source=source,
            requirements=tuple(_judged(row, case, known) for row in rows),
        )
        for harvester, source, rows in _HARVESTERS
    )


def _judged(row: _Row, case: Case, known: Mapping[str, Result]) -> Requirement:
    title, need, judge = row
    try:
        state, basis = judge(case, known)
    except (CouldNot, NotApplicable) as reason:
        state, basis = State.UNSEEN, str(reason)
    return Requirement(title=title, need=need, state=state, basis=basis)


# --- by what a requirement is judged ---


def _checks(*ids: str) -> Judge:
    """By checks: not met if one found something, not seen if one could not be made."""

    def judge(_case: Case, known: Mapping[str, Result]) -> Found:
        results = [known[name] for name in ids if name in known]
        wrong = [r.check.id for r in results if r.status in {Status.FAILED, Status.WARNED}]
        if wrong:
            return State.NOT_MET, ", ".join(wrong)
        unseen = [r.check.id for r in results if r.status is Status.UNCHECKED]
        if unseen:
            return State.UNSEEN, f"could not be checked: {', '.join(unseen)}"
        return State.MET, f"{len(ids)} checks passed" if len(ids) > 1 else f"{ids[0]} passed"

    return judge


def _records(words: str, has: Callable[[Record], bool], most: float = _MOST) -> Judge:
    """By a count over the records seen in oai_dc."""

    def judge(case: Case, _known: Mapping[str, Result]) -> Found:
        records = dublin_core(case)
        count = sum(map(has, records))
        state = State.MET if count >= most * len(records) else State.NOT_MET
        return state, f"{count} of {len(records)} records {words}"

    return judge


def _has(name: str, pattern: str = r"(?s).*\S.*") -> Callable[[Record], bool]:
    compiled = re.compile(pattern)
    return lambda record: any(compiled.fullmatch(text.strip()) for text in record.elements.get(name, ()))


def _finds(pattern: re.Pattern[str], *names: str) -> Callable[[Record], bool]:
    return lambda record: any(pattern.search(text) for name in names for text in record.elements.get(name, ()))


def _deletions(case: Case, known: Mapping[str, Result]) -> Found:
    """By what Identify says, and by whether the deleted records that were seen bear it out."""
    policy = case.identify.fields.get("deletedRecord", ("",))[0].strip()
    if policy == "no":
        return State.NOT_MET, "deletedRecord is no"
    wrong = [name for name, result in known.items() if name.startswith("deleted.") and result.status is Status.FAILED]
    if wrong:
        return State.NOT_MET, f"deletedRecord is {policy}, but: {', '.join(wrong)}"
    unseen = known["deleted.bare"].status is Status.NOT_APPLICABLE if "deleted.bare" in known else False
    return State.MET, f"deletedRecord is {policy}{', and no deleted record was seen' if unseen else ''}"


def _pages(case: Case, _known: Mapping[str, Result]) -> Found:
    pages = case.records.pages
    if len(pages) < 2 and not case.records.first.token:  # noqa: PLR2004 - one page is the whole list
        return State.UNSEEN, "the list fits into one page"
    size = pages[0].count
    return (State.MET if 100 <= size <= 500 else State.NOT_MET), f"a page holds {size} records, 100 to 500 are wanted"  # noqa: PLR2004 - as the sentence says


def _format(*prefixes: str) -> Judge:
    def judge(case: Case, _known: Mapping[str, Result]) -> Found:
        offered = [format_.prefix for format_ in case.formats if format_.prefix in prefixes]
        wanted = " or ".join(prefixes)
        return (State.MET, f"{', '.join(offered)} offered") if offered else (State.NOT_MET, f"{wanted} not offered")

    return judge


def _set(spec: str) -> Judge:
    def judge(case: Case, _known: Mapping[str, Result]) -> Found:
        try:
            listed = [found.spec for found in case.sets.whole().sets]
        except NotApplicable:
            return State.NOT_MET, "the repository has no sets"
        return (State.MET, f"{spec} is listed") if spec in listed else (State.NOT_MET, f"{spec} is not listed")

    return judge


def _any_sets(case: Case, _known: Mapping[str, Result]) -> Found:
    try:
        return State.MET, f"{len(case.sets.sets)} sets"
    except NotApplicable:
        return State.NOT_MET, "the repository has no sets"


def _short(record: Record) -> bool:
    return all(len(text.encode()) <= _LONGEST for texts in record.elements.values() for text in texts)


def _unseen(why: str) -> Judge:
    return lambda _case, _known: (State.UNSEEN, why)


# --- what the services ask for ---

_WORKS = _checks(
    "http.get",
    "http.complete",
    "http.fault",
    "xml.well-formed",
    "xml.schema",
    "xml.payload",
    "list.answered",
    "list.ends",
)
_WHOLE = _checks("list.ends", "list.once", "token.again", "list.agree")
_FOLLOW = _checks("window.from-inclusive", "window.exact", "follow.response-date", "follow.largest", "items.datestamp")
_REQUIRED, _RECOMMENDED = Need.REQUIRED, Need.RECOMMENDED
_LINK = _records("have an http(s) address in dc:identifier", _has("identifier", r"https?://\S+"))
_TITLE = _records("have dc:title", _has("title"))
_CREATOR = _records("have dc:creator", _has("creator"))
_DATED = _records("have dc:date as YYYY, YYYY-MM or YYYY-MM-DD", _has("date", _DATE.pattern))

_HARVESTERS: tuple[tuple[str, str, tuple[_Row, ...]], ...] = (
    (
        "BASE",
        "https://www.base-search.net/about/en/faq_oai.php",
        (
            ("ListRecords in oai_dc answers, without faults in its XML", _REQUIRED, _WORKS),
            ("Lists are complete", _REQUIRED, _WHOLE),
            ("Every record links to its page in dc:identifier", _REQUIRED, _LINK),
            ("Changes move the datestamp, and can be asked for", _REQUIRED, _FOLLOW),
            ("Deleted records are marked as deleted", _REQUIRED, _deletions),
            ("Records have a title", _REQUIRED, _TITLE),
            ("Records have their authors", _RECOMMENDED, _CREATOR),
            ("Dates are ISO 8601", _RECOMMENDED, _DATED),
            ("Records have an abstract", _RECOMMENDED, _records("have dc:description", _has("description"), 0.5)),
            ("Types are from a vocabulary", _RECOMMENDED, _records("have dc:type from info:eu-repo or COAR", _finds(_TYPE, "type"))),
            ("Languages are ISO 639 codes", _RECOMMENDED, _records("have dc:language as a code", _has("language", _LANGUAGE.pattern))),
            ("Rights are stated, best as the address of a licence", _RECOMMENDED, _records("have dc:rights with an address or a term", _finds(_LICENCE, "rights"))),
            ("Pages hold 100 to 500 records", _RECOMMENDED, _pages),
            ("There is a mail address to write to", _RECOMMENDED, _checks("identify.email")),
        ),
    ),
    (
        "CORE",
        "https://core.ac.uk/documentation/data-providers-guide",
        (
            ("The endpoint answers, and its XML is valid", _REQUIRED, _WORKS),
            ("oai_dc, rioxx or qdc is offered", _REQUIRED, _format("oai_dc", "rioxx", "qdc")),
            ("Lists are complete", _REQUIRED, _WHOLE),
            ("Records link to their page", _REQUIRED, _LINK),
            ("Records link straight to the full text", _RECOMMENDED, _records("have what looks like the address of a full text", _finds(_FULL_TEXT, "identifier", "relation", "source"), 0.5)),
            ("Records have title, authors and date", _RECOMMENDED, _records("have all three", lambda record: _has("title")(record) and _has("creator")(record) and _has("date")(record))),
            ("Changes can be asked for by date", _RECOMMENDED, _FOLLOW),
            ("Deleted records are marked as deleted", _RECOMMENDED, _deletions),
            ("Licences are stated", _RECOMMENDED, _records("have dc:rights with an address or a term", _finds(_LICENCE, "rights"))),
            ("robots.txt lets CORE fetch pages and full texts", _REQUIRED, _unseen("a check asks the endpoint alone; look into robots.txt")),
        ),
    ),
    (
        "OpenAIRE",
        "https://guidelines.openaire.eu/en/latest/literature/index.html",
        (
            ("OAI-PMH 2.0 works", _REQUIRED, _WORKS),
            ("oai_dc is offered", _REQUIRED, _format("oai_dc")),
            ("The set openaire is listed", _REQUIRED, _set("openaire")),
            ("Records have a title", _REQUIRED, _TITLE),
            ("Records have their authors", _REQUIRED, _CREATOR),
            ("The access level is in dc:rights, as info:eu-repo/semantics/openAccess", _REQUIRED, _records("state it", _finds(_ACCESS, "rights"))),
            ("Types are from info:eu-repo/semantics", _REQUIRED, _records("have such a dc:type", _finds(_TYPE, "type"))),
            ("Records have a date of publication, as ISO 8601", _REQUIRED, _DATED),
            ("Records have an identifier that leads to them", _REQUIRED, _LINK),
            ("Records have an abstract", _RECOMMENDED, _records("have dc:description", _has("description"), 0.5)),
            ("Languages are ISO 639 codes", _RECOMMENDED, _records("have dc:language as a code", _has("language", _LANGUAGE.pattern))),
            ("oai_openaire is offered, for version 4 of the guidelines", _RECOMMENDED, _format("oai_openaire")),
            ("Funded work names its project", _RECOMMENDED, _unseen("whether a work was funded is not to be seen")),
        ),
    ),
    (
        "Primo",
        "https://knowledge.exlibrisgroup.com/Primo/Product_Documentation/020Primo_VE/Primo_VE_(English)/100Loading_Records_from_External_Sources_into_Primo_VE/Configuring_Import_Profiles_for_Primo_VE",
        (
            ("The endpoint answers, and its XML is valid", _REQUIRED, _WORKS),
            ("Dublin Core is offered", _REQUIRED, _format("oai_dc")),
            ("Lists are complete", _REQUIRED, _WHOLE),
            ("Every record has an identifier of its own", _REQUIRED, _checks("list.once", "items.uri")),
            ("Deleted records are marked, or they stay in Primo", _REQUIRED, _deletions),
            ("Changes can be asked for by date", _REQUIRED, _FOLLOW),
            ("No field is longer than 32,766 bytes", _REQUIRED, _records("keep to it", _short, 1.0)),
            ("Records have a title", _REQUIRED, _TITLE),
            ("Records link to their page", _RECOMMENDED, _LINK),
            ("There are sets to choose from", _RECOMMENDED, _any_sets),
        ),
    ),
)  # fmt: skip  # tables

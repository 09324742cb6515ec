"""Sets: what is listed, what headers say, and what asking for one gives (OAI-PMH 2.0 sections 2.6, 2.7.2, 4.6)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from repo_harvest.check.case import Case, fault
from repo_harvest.check.groups.kit import compared, expected, named
from repo_harvest.check.outcome import CouldNot, Fault, Level, NotApplicable
from repo_harvest.check.rule import Check
from repo_harvest.check.walk import Walk

__all__ = ["CHECKS"]

_SPEC = re.compile(r"[A-Za-z0-9\-_.!~*'()]+(?::[A-Za-z0-9\-_.!~*'()]+)*")
_UNKNOWN = "no-such-set-repo-harvest"
_TRIED = 4  # sets that are asked for
_PAGES = 6  # of one set


def _specs(case: Case) -> list[str]:
    return [found.spec for found in case.sets.sets]


def _listed(case: Case) -> Iterator[Fault]:
    answer = case.ask("ListSets")
    if answer.fault or (answer.errors and "noSetHierarchy" not in answer.codes):
        yield fault("ListSets is answered with sets, or with noSetHierarchy", answer)
    elif answer.kind == "ListSets" and not answer.sets:
        yield fault("ListSets is empty; a repository without sets answers noSetHierarchy", answer)


def _legal(case: Case) -> Iterator[Fault]:
    odd = [spec for spec in _specs(case) if not _SPEC.fullmatch(spec)]
    if odd:
        yield fault(f"not legal as setSpec: {named(odd)}", case.sets.first)


def _unique(case: Case) -> Iterator[Fault]:
    twice = [spec for spec, count in Counter(_specs(case)).items() if count > 1]
    if twice:
        yield fault(f"listed more than once: {named(twice)}", case.sets.first)


def _names(case: Case) -> Iterator[Fault]:
    bare = [found.spec for found in case.sets.sets if not found.name.strip()]
    if bare:
        yield fault(f"sets without a name: {named(bare)}", case.sets.first)


def _parents(case: Case) -> Iterator[Fault]:
    listed = {found.spec for found in case.sets.whole().sets}
    orphans = [spec for spec in sorted(listed) if ":" in spec and spec.rpartition(":")[0] not in listed]
    if orphans:
        yield fault(f"sets whose parent is not listed: {named(orphans)}", case.sets.first)


def _used(case: Case) -> Iterator[Fault]:
    """Every setSpec of a header is one of ListSets."""
    try:
        listed = {found.spec for found in case.sets.whole().sets}
    except NotApplicable:
        listed = set()
    used = {spec: head for head in case.some for spec in head.sets if spec not in listed}
    if used:
        spec, head = next(iter(used.items()))
        what = f"headers name sets that ListSets lacks: {named(used)}; {spec} is in that of {head.identifier}"
        yield fault(what, case.headers.first)


def _sampled(case: Case) -> list[str]:
    """A few sets that records are in, the smallest first, so that they are short to read."""
    _ = case.sets
    counts = Counter(spec for head in case.some for spec in head.sets)
    if not counts:
        raise NotApplicable("no record that was seen is in a set")
    return [spec for spec, _ in sorted(counts.items(), key=lambda pair: (pair[1], pair[0]))][:_TRIED]


def _below(spec: str, of: str) -> bool:
    return spec == of or spec.startswith(f"{of}:")


def _scoped(case: Case, spec: str) -> Walk:
    return case.heads(pages=_PAGES, set_=spec)


def _members(case: Case) -> Iterator[Fault]:
    """Whoever is listed in a set says so, unless its header is that of a record that left."""
    for spec in _sampled(case):
        found = _scoped(case, spec)
        outside = [h.identifier for h in found.heads if not h.deleted and not any(_below(s, spec) for s in h.sets)]
        if outside:
            yield fault(f"the list of the set {spec} holds records that are not in it: {named(outside)}", found.first)


def _complete(case: Case) -> Iterator[Fault]:
    for spec in _sampled(case):
        found = _scoped(case, spec).whole()
        inside = [head for head in case.some if spec in head.sets]
        yield from compared(case, inside, found, f"the list of the set {spec} lacks records whose header names it")


def _hierarchy(case: Case) -> Iterator[Fault]:
    """Section 2.6: asked for a set, a repository gives what is in the sets below it too."""
    nested = [spec for spec in _nested(case) if ":" in spec]
    if not nested:
        raise NotApplicable("no set with records lies below another")
    judged = 0
    for spec in nested[:_TRIED]:
        parent = spec.partition(":")[0]
        below = [head for head in case.some if spec in head.sets]
        found = case.list("ListIdentifiers", pages=_PAGES * 2, metadataPrefix=case.prefix, set_=parent)
        if found.complete:
            judged += 1
            yield from compared(case, below, found, f"the list of the set {parent} lacks records of {spec}")
        elif found.heads and not any(spec in head.sets for head in found.heads):
            continue
        else:
            judged += 1
    if not judged:
        raise CouldNot(f"the sets above {named(nested)} are longer than {_PAGES * 2} pages; --full does not help here")


def _nested(case: Case) -> list[str]:
    _ = case.sets
    counts = Counter(spec for head in case.some for spec in head.sets if ":" in spec)
    return [spec for spec, _ in sorted(counts.items(), key=lambda pair: (pair[1], pair[0]))]


def _unknown(case: Case) -> Iterator[Fault]:
    answer = case.ask("ListIdentifiers", metadataPrefix=case.prefix, set_=_UNKNOWN)
    yield from expected(answer, "noRecordsMatch", "badArgument", "noSetHierarchy")


def _none(case: Case) -> Iterator[Fault]:
    """Where there are no sets, asking for one is noSetHierarchy, and no header names any."""
    if "noSetHierarchy" not in case.ask("ListSets").codes:
        raise NotApplicable("the repository has sets")
    yield from expected(
        case.ask("ListIdentifiers", metadataPrefix=case.prefix, set_=_UNKNOWN), "noSetHierarchy", "noRecordsMatch"
    )


def _empty(case: Case) -> Iterator[Fault]:
    """Sets that no record was seen in: noRecordsMatch, or records after all."""
    _ = case.sets
    used = {spec for head in case.some for spec in head.sets}
    empty = [spec for spec in _specs(case) if not any(_below(other, spec) for other in used)]
    if not empty:
        raise NotApplicable("records were seen in every set")
    for spec in empty[:_TRIED]:
        answer = case.ask("ListIdentifiers", metadataPrefix=case.prefix, set_=spec)
        if not answer.heads:
            yield from expected(answer, "noRecordsMatch")


def _window(case: Case) -> Iterator[Fault]:
    """A set and a date together: what is in both."""
    spec = _sampled(case)[0]
    head = next((head for head, _ in case.stamped if spec in head.sets), None)
    if head is None:
        raise CouldNot(f"no record of {spec} has a datestamp that can be read")
    found = case.heads(pages=_PAGES, set_=spec, from_=head.datestamp, until=head.datestamp).whole()
    wanted = [other for other in case.some if spec in other.sets and other.datestamp == head.datestamp]
    yield from compared(case, wanted, found, f"the set {spec}, from and until {head.datestamp}, lacks")
    strange = [other.identifier for other in found.heads if other.datestamp != head.datestamp]
    if strange:
        what = f"the set {spec}, from and until {head.datestamp}, holds records of other datestamps"
        yield fault(f"{what}: {named(strange)}", found.first)


_ROWS = (
    ("sets.list", "ListSets is answered", Level.MUST, "4.6", "List the sets, or answer noSetHierarchy.", _listed),
    ("sets.legal", "Every setSpec is legal", Level.MUST, "2.6", "Use letters, digits and - _ . ! ~ * ' ( ).", _legal),
    ("sets.unique", "No set is listed twice", Level.MUST, "2.6", "List each setSpec once.", _unique),
    ("sets.names", "Every set has a name", Level.SHOULD, "2.6", "Give each set a name for people.", _names),
    ("sets.parents", "The set above each set is listed", Level.SHOULD, "2.6", "List a where there is a:b.", _parents),
    (
        "sets.used",
        "Headers name sets that are listed",
        Level.MUST,
        "2.6",
        "List every set that a header names: harvesters choose from ListSets.",
        _used,
    ),
    (
        "sets.members",
        "What is listed in a set is in it",
        Level.MUST,
        "2.7.2",
        "Write the sets of an item into its header, and list by the same data.",
        _members,
    ),
    (
        "sets.complete",
        "All that is in a set is listed in it",
        Level.MUST,
        "2.7.2",
        "Write the sets of an item into its header, and list by the same data.",
        _complete,
    ),
    (
        "sets.hierarchy",
        "A set includes those below it",
        Level.MUST,
        "2.6",
        "Asking for a has to give a:b as well.",
        _hierarchy,
    ),
    (
        "sets.window",
        "A set and dates together give what is in both",
        Level.MUST,
        "2.7",
        "Apply both conditions.",
        _window,
    ),
    ("sets.unknown", "An unknown set is an error", Level.MUST, "3.6", "Answer noRecordsMatch.", _unknown),
    ("sets.none", "A repository without sets says noSetHierarchy", Level.MUST, "3.6", "Answer it.", _none),
    ("sets.empty", "An empty set is noRecordsMatch", Level.MUST, "3.6", "Never answer with an empty list.", _empty),
)

CHECKS = tuple(
    Check(id=name, title=title, level=level, section=section, advice=advice, rule=rule)
    for name, title, level, section, advice, rule in _ROWS
)

"""What the rules of several groups say in the same words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from repo_harvest.check import stamps
from repo_harvest.check.case import Case, fault
from repo_harvest.check.outcome import CouldNot, Fault, NotApplicable
from repo_harvest.check.reading import Answer, Head
from repo_harvest.check.walk import Walk

__all__ = [
    "FAR",
    "UNKNOWN_PREFIX",
    "compared",
    "expected",
    "named",
    "resumable",
    "short",
    "unknown_identifier",
    "unmoved",
]

FAR = "2999-12-31"
UNKNOWN_PREFIX = "no_such_format"
_SHOWN = 3
_ASKED = 5  # records that are looked at again, to see whether they changed


def expected(answer: Answer, *codes: str) -> Iterator[Fault]:
    """A fault, unless the answer is one of these errors (section 3.6)."""
    if answer.fault or not set(codes) & set(answer.codes):
        yield fault(f"the error {' or '.join(codes)} was expected", answer)


def named(values: Iterable[str]) -> str:
    """Some of the values, and how many more there are.

    >>> named(["a", "b", "c", "d", "e"])
    'a, b, c and 2 more'
    """
    listed = list(values)
    more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    return ", ".join(short(value) for value in listed[:_SHOWN]) + more


def short(text: str, most: int = 80) -> str:
    """The text in one line, not longer than `most`."""
    line = "".join(character if character.isprintable() else "?" for character in text)
    return line if len(line) <= most else f"{line[:most]}…"


def unknown_identifier(case: Case) -> str:
    """An identifier like those of the repository that no item has."""
    try:
        like = next((head.identifier for head in case.headers.heads), "")
    except (CouldNot, NotApplicable):
        like = ""
    stem = like.rpartition(":")[0] if like.startswith("oai:") else "oai:repo-harvest.example"
    return f"{stem}:no-such-item-0"


def resumable(case: Case, verb: str = "ListIdentifiers") -> tuple[Answer, str]:
    """The first page of a list that goes on, and its token; raises `NotApplicable` if no list is split."""
    if verb == "ListSets":
        first = case.sets.first
    else:
        first = (case.headers if verb == "ListIdentifiers" else case.records).first
    if not first.token:
        raise NotApplicable(f"{verb} is not split into pages")
    return first, first.token


def unmoved(case: Case, heads: Iterable[Head]) -> list[Head]:
    """The headers without those that changed since they were seen, as far as a few questions tell."""
    listed = list(heads)
    return [head for head in listed[:_ASKED] if not _moved(case, head)] + listed[_ASKED:]


def _moved(case: Case, head: Head) -> bool:
    answer = case.get(
        (("verb", "GetRecord"), ("identifier", head.identifier), ("metadataPrefix", case.prefix)), again=True
    )
    now = {found.datestamp for found in answer.heads}
    return bool(now) and stamps.later(now.pop(), case.began)


def compared(case: Case, wanted: Iterable[Head], found: Walk, what: str) -> Iterator[Fault]:
    """A fault for headers that a list lacks, though they did not change meanwhile."""
    lacking = unmoved(case, (head for head in wanted if head.identifier not in found.identifiers))
    if lacking:
        yield fault(f"{what}: {named(head.identifier for head in lacking)}", found.first)

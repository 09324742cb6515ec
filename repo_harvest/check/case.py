"""One endpoint under judgement: checks ask it here, and find here what was already seen of it.

Rule: what several checks need is asked once. The lists are walked once, the same request is not made twice unless a
check is about just that, and whatever could not be had is not tried again: its reason is kept and given to every check.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Generic, TypeVar

from repo_harvest.check import stamps
from repo_harvest.check.client import Asked, Client, Pairs
from repo_harvest.check.outcome import CouldNot, Fault, NotApplicable
from repo_harvest.check.reading import Answer, Format, Head, read
from repo_harvest.check.walk import Walk, walk

__all__ = ["Case", "Options", "fault"]

Value = TypeVar("Value")
_REASONS = (CouldNot, NotApplicable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the operator wants judged: one metadata format, and perhaps one set."""

    prefix: str | None = None
    set_spec: str | None = None


class remembered(Generic[Value]):  # noqa: N801 - used like `property`
    """A property that is found out once; so is that, and why, it cannot be had."""

    def __init__(self, find: Callable[[Case], Value]) -> None:
        self._find = find
        self.__doc__ = find.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, case: Case, owner: type) -> Value:
        if self._name not in case.known:
            try:
                case.known[self._name] = self._find(case)
            except _REASONS as reason:
                case.known[self._name] = reason
        found = case.known[self._name]
        if isinstance(found, _REASONS):
            raise found.with_traceback(None)
        return found  # type: ignore[return-value]  # what `find` returned


@dataclass(kw_only=True)
class Case:
    """An endpoint, what is asked of it, and what is known of it so far."""

    client: Client
    base_url: str
    options: Options = Options()
    wall: Callable[[], float]
    heard: list[Answer] = field(default_factory=list)
    known: dict[str, object] = field(default_factory=dict)
    led: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    skew: list[tuple[Answer, float]] = field(default_factory=list)
    _answers: dict[Asked, Answer] = field(default_factory=dict)
    _walks: dict[tuple[Pairs, int | None], Walk] = field(default_factory=dict)

    # --- asking ---

    def ask(self, verb: str, **arguments: str) -> Answer:
        """The answer to a verb with arguments; `from_` and `set_` stand for `from` and `set`."""
        return self.get(_pairs(verb, arguments))

    def get(self, pairs: Pairs, *, again: bool = False) -> Answer:
        """The answer to a GET with these arguments; the one that is known, unless it is wanted `again`."""
        return self.send(Asked.get(self.base_url, pairs), again=again)

    def send(self, asked: Asked, *, again: bool = False) -> Answer:
        """The answer to a request; raises `CouldNot` if none came."""
        self.asked.append(asked.shown)
        if asked in self._answers and not again:
            return self._answers[asked]
        answer = read(asked, self.client.send(asked))
        self.skew.append((_light(answer), self.wall()))
        self.heard.append(_light(answer))
        if "resumptionToken" not in dict(asked.pairs):  # the pages of a list are many, and weigh most
            self._answers[asked] = answer
        return answer

    def good(self, answer: Answer) -> Answer:
        """The answer, if it is one to its verb; raises `CouldNot` if it is an error or none at all."""
        if answer.fault or answer.errors or not answer.kind:
            raise CouldNot(f"{answer.asked.shown} was answered with {answer.said}")
        return answer

    def list(self, verb: str, *, pages: int | None = 5, **arguments: str) -> Walk:
        """A list, page after page; raises `CouldNot` if its first page is not a list."""
        pairs = _pairs(verb, arguments)
        if (pairs, pages) not in self._walks:
            self._walks[pairs, pages] = walk(self.get, pairs, pages)
        return self._walks[pairs, pages]

    def heads(self, *, pages: int | None = 5, **arguments: str) -> Walk:
        """The headers of a window of what is judged: of its prefix, and its set unless another is named."""
        given = {"metadataPrefix": self.prefix, **self.scope, **arguments}
        return self.list("ListIdentifiers", pages=pages, **given)

    # --- what is known ---

    @remembered
    def identify(self) -> Answer:
        """The answer to Identify."""
        return self.good(self.ask("Identify"))

    @remembered
    def formats(self) -> tuple[Format, ...]:
        """The metadata formats."""
        return self.good(self.ask("ListMetadataFormats")).formats

    @remembered
    def prefix(self) -> str:
        """The metadataPrefix that is judged: the one wanted, else oai_dc, else the first that is offered."""
        if self.options.prefix:
            return self.options.prefix
        try:
            offered = [format_.prefix for format_ in self.formats]
        except CouldNot:
            return "oai_dc"
        return "oai_dc" if "oai_dc" in offered or not offered else offered[0]

    @remembered
    def headers(self) -> Walk:
        """The list of headers, as far as it was walked."""
        return self.heads(pages=self.client.limits.pages)

    @remembered
    def records(self) -> Walk:
        """The list of records, as far as it was walked."""
        pages = self.client.limits.pages
        return self.list("ListRecords", pages=pages, metadataPrefix=self.prefix, **self.scope)

    @remembered
    def sets(self) -> Walk:
        """The list of sets; raises `NotApplicable` if the repository has none."""
        found = self.list("ListSets", pages=self.client.limits.pages)
        if "noSetHierarchy" in found.first.codes:
            raise NotApplicable("the repository has no sets")
        return found

    @remembered
    def fine(self) -> bool:
        """Whether datestamps are seconds, not days (section 2.7.1); by Identify, else by what is served."""
        stated = self.identify.fields.get("granularity", ("",))[0].strip()
        return "T" in stated if stated else any("T" in head.datestamp for head in self.headers.heads)

    @remembered
    def some(self) -> tuple[Head, ...]:
        """The headers of the repository; raises `NotApplicable` if there is none."""
        if not self.headers.heads:
            raise NotApplicable("the list holds no records")
        return self.headers.heads

    @property
    def began(self) -> str:
        """The responseDate of the first list: what changed since then may be in one list and not in another."""
        return self.headers.first.date

    @remembered
    def stamped(self) -> tuple[tuple[Head, int], ...]:
        """The headers whose datestamps can be read and lie before this run, with them in seconds, oldest first."""
        began = stamps.parse(self.headers.first.date)
        found = [(head, stamp) for head in self.some if (stamp := stamps.parse(head.datestamp)) is not None]
        settled = [(head, stamp.seconds) for head, stamp in found if began is None or stamp.seconds < began.seconds]
        if not settled:
            raise NotApplicable("no record has a datestamp that can be read and is older than this run")
        return tuple(sorted(settled, key=lambda pair: pair[1]))

    @property
    def scope(self) -> dict[str, str]:
        """The set that is judged, as an argument; nothing where all sets are."""
        return {"set": self.options.set_spec} if self.options.set_spec else {}


def fault(what: str, answer: Answer | None = None) -> Fault:
    """What is wrong, with the request that shows it."""
    return Fault(what=what) if answer is None else Fault(what=what, request=answer.asked.shown, answer=answer.said)


def _pairs(verb: str, arguments: dict[str, str]) -> Pairs:
    return (("verb", verb), *((name.rstrip("_"), value) for name, value in arguments.items()))


def _light(answer: Answer) -> Answer:
    """The answer without what weighs: kept for every request of a run."""
    return replace(answer, heads=answer.heads[:1], records=(), sets=answer.sets[:1], fields={})

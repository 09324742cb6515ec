"""A base URL and a way to ask go in, the whole report comes out.

    first contact -> the lists, walked once -> every check of the registry -> what harvesters need

Rule: it always comes to its end. An endpoint that does not answer as one of OAI-PMH at all is not judged: then every
check could not be made, for the one reason that is stated.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from repo_harvest.check.case import Case, Options
from repo_harvest.check.client import Ask, Asked, Client, Limits
from repo_harvest.check.outcome import CouldNot, NotApplicable, Status
from repo_harvest.check.readiness import Readiness, readiness
from repo_harvest.check.reading import read
from repo_harvest.check.registry import CHECKS
from repo_harvest.check.rule import Check, Result, carry_out
from repo_harvest.check.walk import End

__all__ = ["Report", "check_endpoint"]

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HOPS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a run found: `problem` says why the endpoint could not be judged at all, `limits` what was left out."""

    base_url: str
    name: str
    problem: str
    notes: tuple[str, ...]
    results: tuple[Result, ...]
    readiness: tuple[Readiness, ...]
    requests: int
    seconds: float

    @property
    def failed(self) -> tuple[Result, ...]:
        """The results of the checks that failed: each is a MUST."""
        return tuple(result for result in self.results if result.status is Status.FAILED)

    @property
    def passed(self) -> bool:
        """Whether it could be judged, and no MUST failed."""
        return not self.problem and not self.failed


def check_endpoint(
    base_url: str,
    ask: Ask,
    *,
    sleep: Callable[[float], None],
    clock: Callable[[], float],
    wall: Callable[[], float],
    limits: Limits | None = None,
    options: Options | None = None,
    told: Callable[[int], None] = lambda _: None,
    checks: tuple[Check, ...] = CHECKS,
) -> Report:
    """Judge the endpoint at `base_url`, which `ask` reaches.

    `clock` gives seconds that only ever grow, `wall` UTC seconds since 1970. `told` is called for each request made.
    """
    begun = clock()
    client = Client(ask=ask, sleep=sleep, clock=clock, limits=limits or Limits(), told=told)
    case = Case(client=client, base_url=base_url, options=options or Options(), wall=wall)
    problem = _contact(case)
    if problem:
        results = tuple(Result(check=check, status=Status.UNCHECKED, reason=problem) for check in checks)
    else:
        results = tuple(carry_out(check, case) for check in checks)
    return Report(
        base_url=case.base_url,
        name=_name(case),
        problem=problem,
        notes=tuple(_notes(case)) if not problem else (),
        results=results,
        readiness=readiness(case, results),
        requests=client.made,
        seconds=clock() - begun,
    )


def _contact(case: Case) -> str:
    """Why there is no endpoint here to judge; empty if there is one. Follows where the address is said to have gone."""
    try:
        for _ in range(_HOPS):
            asked = Asked.get(case.base_url, (("verb", "Identify"),))
            reply = case.client.send(asked)
            location = next((value for name, value in reply.headers if name.lower() == "location"), "")
            if reply.status not in _REDIRECTS or not location:
                answer = read(asked, reply)
                return "" if not answer.fault else f"{asked.shown} was answered with {answer.said}"
            target = urljoin(case.base_url, location)
            case.led.append(f"HTTP {reply.status} to {target}")
            case.base_url = urlsplit(target)._replace(query="", fragment="").geturl()
    except CouldNot as reason:
        return str(reason)
    except ValueError as error:
        return f"{case.base_url} redirects to what is no web address: {error}"
    return f"the address redirects more than {_HOPS} times; the last time: {case.led[-1]}"


def _name(case: Case) -> str:
    try:
        return case.identify.fields.get("repositoryName", ("",))[0].strip()
    except (CouldNot, NotApplicable):
        return ""


def _notes(case: Case) -> list[str]:
    """What a reader has to know of how far the run went."""
    notes = [case.client.stopped] if case.client.stopped else []
    for verb, attribute in (("ListIdentifiers", "headers"), ("ListRecords", "records"), ("ListSets", "sets")):
        try:
            seen = getattr(case, attribute)
        except (CouldNot, NotApplicable):
            continue
        if seen.end is End.ENOUGH:
            held = sum(page.count for page in seen.pages)
            notes.append(f"{verb} was read for {len(seen.pages)} pages ({held:,} entries); --full reads all of it")
    waits = len(case.client.waits)
    if waits:
        notes.append(f"the endpoint asked to wait {waits} times, and was obeyed")
    return notes

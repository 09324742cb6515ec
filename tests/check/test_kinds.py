"""Repositories of every kind that the standard allows pass: the judge knows the standard, not our feed."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from urllib.parse import urlencode

import pytest

from repo_harvest.check import Asked, Options, Report
from repo_harvest.check.client import Ask
from repo_harvest.check.outcome import Status
from repo_harvest.source.exchange import Reply
from repo_harvest.store.engine import open_engine
from tests.check.conftest import Honest
from tests.check.endpoint import BASE_URL, failed, judge, valid
from tests.check.faults import as_asked, refusal
from tests.oai.library import Library
from tests.store.kit import Wanted


@pytest.fixture
def new(new_database_url: Callable[[str], str]) -> Honest:
    return Honest(Library(open_engine(new_database_url("sqlite"))))


def status(report: Report, name: str) -> Status:
    return next(result.status for result in report.results if result.check.id == name)


def test_an_empty_repository(new: Honest) -> None:
    report = judge(valid(new.ask), wall=new.wall)
    assert failed(report) == set()
    assert status(report, "list.once") is Status.PASSED
    assert status(report, "window.exact") is Status.NOT_APPLICABLE
    assert status(report, "sets.none") is Status.PASSED
    new.library.engine.dispose()


def test_a_single_record_without_sets(new: Honest) -> None:
    new.library.put({1: Wanted("Alone")})
    new.library.clock.now += 100
    report = judge(valid(new.ask), wall=new.wall)
    assert failed(report) == set()
    assert status(report, "token.again") is Status.NOT_APPLICABLE
    assert status(report, "window.exact") is Status.PASSED
    assert status(report, "sets.used") is Status.PASSED
    new.library.engine.dispose()


def test_pages_of_one(honest: Honest) -> None:
    single = Honest(honest.library.split(1))
    assert failed(judge(valid(single.ask), wall=single.wall)) == set()


def test_one_set_alone(honest: Honest) -> None:
    report = judge(valid(honest.ask), wall=honest.wall, options=Options(set_spec="crime"))
    assert failed(report) == set()
    assert status(report, "window.exact") is Status.PASSED


@pytest.mark.parametrize("options", [Options(prefix="nonsense"), Options(set_spec="no:such:set:!")])
def test_what_there_is_no_list_of_does_not_pass_unseen(honest: Honest, options: Options) -> None:
    report = judge(valid(honest.ask), wall=honest.wall, options=options)
    nothing = status(report, "list.answered") is Status.FAILED
    assert nothing == (options.prefix == "nonsense")
    assert status(report, "window.exact") in {Status.UNCHECKED, Status.NOT_APPLICABLE}


def of_days(ask: Ask) -> Ask:
    """Our endpoint as one whose granularity is the day: seconds are refused, and not shown."""

    def asking(asked: Asked) -> Reply:
        if any(name in {"from", "until"} and "T" in value for name, value in asked.pairs):
            return refusal(asked, ask, "badArgument")
        reply = ask(asked)
        text = reply.content.decode().replace("YYYY-MM-DDThh:mm:ssZ<", "YYYY-MM-DD<")
        return replace(reply, content=re.sub(r"T[\d:]+Z</(datestamp|earliestD)", r"</\1", text).encode())

    return asking


def test_a_repository_of_days(honest: Honest) -> None:
    report = judge(valid(of_days(honest.ask)), wall=honest.wall)
    assert failed(report) == set()
    assert status(report, "errors.date-too-fine") is Status.PASSED
    assert status(report, "window.day-accepted") is Status.NOT_APPLICABLE
    assert status(report, "window.until-inclusive") is Status.PASSED


def test_a_repository_that_says_nothing_of_its_lists(honest: Honest) -> None:
    """cursor and completeListSize may be left out; other formats than ours may be offered and used."""

    def ask(asked: Asked) -> Reply:
        reply = honest.ask(asked)
        return replace(reply, content=re.sub(rb' (?:cursor|completeListSize)="\d+"', b"", reply.content))

    report = judge(valid(ask), wall=honest.wall)
    assert failed(report) == set()
    assert status(report, "list.cursor") is Status.NOT_APPLICABLE
    assert report.base_url == BASE_URL


def of_places(honest: Honest, write: Callable[[int], str]) -> Ask:
    """Our endpoint with tokens that anyone can read: which list it is, and how many entries were delivered."""
    lists: list[str] = []

    @cache  # nothing is published meanwhile
    def places(query: str) -> dict[str, str]:
        """What each place in this list is called, and our own token for it."""
        pages = honest.library.split(1).pages_of(query)
        tokens = [page.resumption.token for page in pages if page.resumption is not None and page.resumption.token]
        return {f"{lists.index(query)}.{write(number)}": token for number, token in enumerate(tokens, 1)}

    def asking(asked: Asked) -> Reply:
        known = {name: token for query in lists for name, token in places(query).items()}
        verb = dict(asked.pairs).get("verb", "")
        of_verb = {name: token for name, token in known.items() if lists[int(name[0])].startswith(f"verb={verb}&")}
        pairs = tuple((n, of_verb.get(v, "x") if n == "resumptionToken" else v) for n, v in asked.pairs)
        reply = honest.ask(asked)
        if pairs != asked.pairs:
            reply = as_asked(honest.ask(replace(asked, url=f"{BASE_URL}?{urlencode(pairs)}", pairs=pairs)), asked)
        found = re.search(r'cursor="(\d+)">([^<]+)</resumptionToken>', reply.content.decode())
        if found is None:
            return reply
        if pairs == asked.pairs and urlencode(pairs) not in lists:
            lists.append(urlencode(pairs))
        query = urlencode(pairs) if pairs == asked.pairs else lists[int(dict(asked.pairs)["resumptionToken"][0])]
        (name,) = [name for name, token in places(query).items() if token == found[2]]
        return replace(reply, content=reply.content.replace(found[2].encode(), name.encode()))

    return asking


@pytest.mark.parametrize("write", [str, "i".__mul__], ids=["numbers", "strokes"])
def test_tokens_that_can_be_changed_into_others_of_the_same_repository(
    honest: Honest, write: Callable[[int], str]
) -> None:
    """The protocol leaves to the repository what tokens look like: another one that it would give is not a wrong one."""
    report = judge(valid(of_places(honest, write)), wall=honest.wall)
    assert failed(report) == set()
    assert {status(report, name) for name in ("token.altered", "token.truncated", "token.again")} == {Status.PASSED}


def test_what_changes_during_the_run_is_not_held_against_it(new: Honest) -> None:
    """A record is edited, and a new one comes, between the lists and what is asked after them."""
    new.library.put({number: Wanted(f"Title {number}") for number in range(1, 9)})
    new.library.clock.now += 100
    steps: list[str] = []

    def ask(asked: Asked) -> Reply:
        steps.append(asked.url)
        if len(steps) == 8:
            new.library.put({2: Wanted("Title 2, edited"), 20: Wanted("New")}, after=2)
            new.library.clock.now += 2
        return new.ask(asked)

    report = judge(ask, wall=new.wall)
    assert failed(report) == set()
    new.library.engine.dispose()

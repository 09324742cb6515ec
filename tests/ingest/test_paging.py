"""Lists on several pages of a site, read through a real server: one list, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from repo_harvest.model import Kind, Outcome, Severity
from repo_harvest.parse.profile import Profile, Selector
from repo_harvest.settings.model import Source as SourceSettings
from repo_harvest.store.engine import reading
from repo_harvest.store.tables import entries
from tests.pages_kit import WORKS, Site, page_html
from tests.store.kit import dump
from tests.web_kit import MANY, Web, linked, path, serving


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as web:
        yield web


@pytest.fixture
def site(web: Web, engine: Engine, tmp_path: Path) -> Site:
    site = Site(engine, tmp_path)
    site.source = replace(site.source, url=f"http://{web.at}/list", allow_private=(web.at,))
    return site


def refused(site: Site) -> str:
    before = dump(site.engine, without=["runs"])
    report = site.run()
    assert report.run.outcome is Outcome.REFUSED
    assert dump(site.engine, without=["runs"]) == before
    return report.run.message


def test_a_list_on_several_pages_is_one_list(web: Web, site: Site) -> None:
    web.lists(MANY[:5], MANY[5:10], MANY[10:])
    report = site.run()
    assert (report.run.outcome, report.run.new) == (Outcome.DONE, len(MANY)), report.run.message
    assert [change.title for change in report.changes] == [work.title for work in MANY]
    assert web.asked == [path(1), path(2), path(3)]
    assert report.run.shape is not None
    assert report.run.shape.entries == len(MANY)
    assert any("on 3 pages" in problem.what for problem in report.run.problems)
    before = dump(site.engine, without=["runs"])
    assert site.run().run.same == len(MANY)
    assert dump(site.engine, without=["runs"]) == before


def test_the_place_of_an_entry_says_its_page(web: Web, site: Site) -> None:
    web.lists(MANY[:5], MANY[5:])
    site.run()
    with reading(site.engine) as connection:
        rows = connection.execute(select(entries.c.place, entries.c.page_url).order_by(entries.c.position))
        kept = [(str(place), str(url)) for place, url in rows]
    assert [place.startswith("page 2: ") for place, _ in kept] == [False] * 5 + [True] * 7
    assert {url for _, url in kept} == {f"http://{web.at}{path(number)}" for number in (1, 2)}


def test_an_entry_on_two_pages_counts_once(web: Web, site: Site) -> None:
    web.lists(MANY[:6], MANY[4:])
    report = site.run()
    assert (report.run.new, report.run.merged, report.run.seen) == (len(MANY), 0, len(MANY))


def test_a_change_behind_an_unchanged_first_page_is_seen(web: Web, site: Site) -> None:
    web.lists(MANY[:6], MANY[6:])
    site.run()
    web.lists(MANY[:6], (*MANY[6:], WORKS[0]))
    report = site.run()
    assert (report.run.new, report.run.same) == (1, len(MANY))


def test_a_page_that_is_alone_is_asked_for_only_if_it_changed(web: Web, site: Site) -> None:
    web.lists(MANY)
    site.run()
    report = site.run()
    assert report.run.same == len(MANY)
    assert any("has not changed" in problem.what for problem in report.run.problems)


@pytest.mark.parametrize("following", ["/list", "/list?page=2", "/list?page=1", "/list?page=3"])
def test_pages_that_go_round_end_where_nothing_is_new(web: Web, site: Site, following: str) -> None:
    web.lists(MANY[:6], MANY[6:], following=following)
    web.pages["/list?page=1"] = web.pages["/list"]
    web.pages["/list?page=3"] = linked(MANY[6:], "/list?page=4")
    report = site.run()
    assert (report.run.outcome, report.run.new) == (Outcome.DONE, len(MANY))
    assert len(web.asked) <= 3


def test_a_next_page_that_leads_back_ends_the_list(web: Web, site: Site) -> None:
    web.lists(MANY[:6], MANY[6:], following="/list?page=3")
    web.moved["/list?page=3"] = "/list"
    assert site.run().run.new == len(MANY)


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (404, "answered 404"),
        (403, "answered 403"),
        ("", "empty"),
        ("<html><title>Sign in</title><form><input type=password></form>", "asks for a password"),
        ("<html><h1>Nothing here</h1>", "set pages = 1"),
    ],
)
def test_half_a_list_is_none(web: Web, site: Site, second: str | int, said: str) -> None:
    web.lists(MANY[:10], MANY[10:])
    site.run()
    web.pages[path(2)] = second
    message = refused(site)
    assert said in message
    assert path(2) in message


def test_a_next_page_on_another_host_is_refused(web: Web, site: Site) -> None:
    web.lists(MANY[:10], MANY[10:])
    site.run()
    web.moved[path(2)] = f"http://localhost:{web.at.rpartition(':')[2]}/elsewhere"
    web.pages["/elsewhere"] = page_html(MANY[10:])
    site.source = replace(site.source, allow_private=(web.at, web.at.replace("127.0.0.1", "localhost")))
    assert "is on another host" in refused(site)


def test_a_next_page_may_be_no_private_address_either(web: Web, site: Site) -> None:
    web.lists(MANY[:10], MANY[10:])
    web.moved[path(2)] = "http://127.0.0.2/list"
    report = site.run()
    assert report.run.outcome is Outcome.REFUSED
    assert "loopback" in report.run.message


def test_the_whole_list_is_held_against_the_last_good_one(web: Web, site: Site) -> None:
    web.lists(MANY[:6], MANY[6:])
    site.run()
    web.lists(MANY[:6])
    assert "known entries: 12 in the last good run, only 6" in refused(site)
    web.lists(MANY[:8], MANY[8:11])
    assert site.run().run.gone == 1


def test_what_lies_beyond_the_last_page_that_may_be_read_is_not_deleted(web: Web, site: Site) -> None:
    site.source = replace(site.source, pages=2)
    web.lists(MANY[2:6], MANY[6:10], MANY[10:])
    report = site.run()
    assert (report.run.outcome, report.run.new) == (Outcome.DONE, 8)
    warned = [problem for problem in report.run.problems if problem.severity is Severity.WARNING]
    assert any(path(3) in problem.what and "nothing is deleted" in problem.what for problem in warned)
    web.lists(MANY[:4], MANY[4:8], MANY[8:])  # two new ones push two over the edge
    report = site.run()
    assert (report.run.new, report.run.same, report.run.gone, report.run.missing) == (2, 6, 0, 0)
    newest = WORKS[:2]
    web.lists((*newest, *MANY[:2]), MANY[2:6], MANY[6:])
    report = site.run()
    assert (report.run.outcome, report.run.new, report.run.gone) == (Outcome.DONE, 2, 0), report.run.message
    site.source = replace(site.source, pages=20)
    report = site.run(accept_drift=True)
    assert (report.run.new, report.run.same, report.run.gone) == (2, 12, 0)


def test_a_list_that_goes_on_deletes_nothing_even_on_a_persons_word(web: Web, site: Site) -> None:
    site.source = replace(site.source, pages=2)
    web.lists(MANY[:4], MANY[4:8], MANY[8:])
    site.run()
    web.lists(MANY[:2], MANY[8:10], MANY[10:])
    assert "known entries: 8 in the last good run, only 2" in refused(site)
    assert site.run(accept_drift=True).run.gone == 0


def test_with_one_page_the_page_is_the_list_wherever_it_links_to(web: Web, site: Site) -> None:
    site.source = replace(site.source, pages=1)
    web.lists(MANY[:6], MANY[6:])
    report = site.run()
    assert (report.run.new, web.asked) == (6, [path(1)])
    assert any("was not read" in problem.what for problem in report.run.problems)
    web.lists(MANY[:5], MANY[5:])
    assert Kind.GONE in {change.kind for change in site.run().changes}


def test_a_saved_page_is_read_alone(engine: Engine, tmp_path: Path) -> None:
    site = Site(engine, tmp_path)
    site.path.write_text(linked(MANY[:6], "?page=2"), encoding="utf-8")
    report = site.run()
    assert (report.run.outcome, report.run.new) == (Outcome.DONE, 6)


def test_a_profile_is_for_every_page(web: Web, site: Site) -> None:
    site.source = replace(site.source, profile=Profile(entry=Selector(css="main > h4"), starts=True))
    web.lists(MANY[:5], MANY[5:])
    report = site.run()
    assert (report.run.outcome, report.run.new) == (Outcome.DONE, len(MANY)), report.run.message


def step(number: int, at: int) -> str:
    """An address that the page of this number is sent on to."""
    return f"/list?page={number}&step={at}"


def test_redirects_count_for_the_whole_list(web: Web, site: Site) -> None:
    web.lists(*([work] for work in MANY))
    for number in range(1, 13):
        web.pages[step(number, 1)] = web.pages[path(number)]
        web.moved[path(number)] = step(number, 1)
    report = site.run()
    assert (report.run.outcome, report.run.new) == (Outcome.DONE, 6), report.run.message
    assert len(web.asked) == 12
    (warned,) = (problem.what for problem in report.run.problems if "goes on at" in problem.what)
    assert "after 6 pages, read with 12 requests" in warned
    site.source = replace(site.source, pages=24)
    report = site.run(accept_drift=True)
    assert (report.run.outcome, report.run.new, report.run.same) == (Outcome.DONE, 6, 6), report.run.message


def test_a_page_for_which_no_requests_are_left_is_not_read(web: Web, site: Site) -> None:
    web.lists(MANY[:4], MANY[4:8], MANY[8:])
    for number in (1, 2, 3):
        web.pages[step(number, 4)] = web.pages[path(number)]
        web.moved |= {path(number): step(number, 1)} | {step(number, at): step(number, at + 1) for at in (1, 2, 3)}
    report = site.run()
    assert (report.run.outcome, report.run.new, len(web.asked)) == (Outcome.DONE, 8, 12), report.run.message


def test_the_default_of_the_settings_is_that_of_a_run(site: Site) -> None:
    for name in ("pages", "seconds"):
        assert SourceSettings.model_fields[name].default == getattr(site.source, name)

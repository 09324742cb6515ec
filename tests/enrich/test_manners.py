"""How hosts are asked: with a pause, within a budget, where they let programs read, and not again and again when they fail."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import Engine

from repo_harvest.enrich import Mode
from repo_harvest.source import Limits
from tests.enrich.kit import CSL, DOI, TITLE, Web, entry, head
from tests.source.servers import dripping, serving
from tests.source.servers import page as said

AUTHOR = '<meta name="citation_author" content="Okoro, Ada">'


def test_nobody_is_asked_when_it_is_off(web: Web, shelf: Engine) -> None:
    page = entry(f"doi:{DOI}", web.url("/item/7"))
    done = web.enrich(shelf, page, mode=Mode.OFF)
    assert (done.entries, done.notes, done.due, web.asked) == ((page,), (), None, [])


def test_for_gaps_only_those_are_asked_for_that_have_some(web: Web, shelf: Engine) -> None:
    whole = entry(
        "doi:10.5555/whole", creators=["Okoro, Ada"], date="2021", abstract="What they heard.", publisher="Gate Press"
    )
    web.doi("10.5555/lacking", DOI="10.5555/lacking", author=[{"family": "Lind"}], issued={"date-parts": [[1999]]})
    lacking = entry("doi:10.5555/lacking", date="2021", abstract="What they heard.", publisher="Gate Press")
    done = web.enrich(shelf, whole, lacking, mode=Mode.GAPS)
    assert web.asked == ["/doi/10.5555/lacking"]
    assert done.entries[0] == whole
    assert (done.entries[1].creators, str(done.entries[1].date)) == (("Lind",), "2021")
    assert done.notes == ()


def test_there_is_a_pause_before_each_further_request_to_a_host(web: Web, shelf: Engine) -> None:
    web.serve(f"/doi/{DOI}", status=302, headers={"Location": "/registry/1"})
    web.serve("/registry/1", json.dumps({"title": TITLE}), kind=CSL)
    url = web.serve("/item/7", head(AUTHOR))
    web.enrich(shelf, entry(f"doi:{DOI}", url), enquirer=web.enquirer(delay=2))
    assert web.asked == [f"/doi/{DOI}", "/registry/1", "/robots.txt", "/item/7"]
    assert web.time.slept == [2, 2, 2]


def test_a_site_that_asks_for_a_longer_pause_gets_it(web: Web, shelf: Engine) -> None:
    web.robots("User-agent: *\nCrawl-delay: 7\n")
    urls = [web.serve(f"/item/{number}", head(AUTHOR, title=f"Work {number}")) for number in "78"]
    web.enrich(shelf, *(entry(link=url, title=f"Work {url[-1]}") for url in urls))
    assert web.time.slept == [7, 7]


@pytest.mark.parametrize(
    "rules", ["User-agent: *\nDisallow: /item/", "User-agent: repo-harvest\nDisallow: /", "User-agent: *\nCrawl-delay: 600"]
)  # fmt: skip
def test_what_robots_txt_forbids_is_not_read(web: Web, shelf: Engine, rules: str) -> None:
    web.robots(rules)
    url = web.serve("/item/7", head(AUTHOR))
    done = web.enrich(shelf, entry(link=url))
    assert (web.asked, done.entries[0].creators) == (["/robots.txt"], ())
    assert "robots.txt" in done.notes[0].what
    assert web.enrich(shelf, entry(link=url)).asked == 0


def test_a_redirect_leads_nowhere_that_robots_txt_forbids(web: Web, shelf: Engine) -> None:
    web.robots("User-agent: *\nDisallow: /private/")
    url = web.serve("/item/7", status=302, headers={"Location": "/private/7"})
    web.serve("/private/7", head(AUTHOR))
    done = web.enrich(shelf, entry(link=url))
    assert (web.asked, done.entries[0].creators) == (["/robots.txt", "/item/7"], ())


def test_a_site_whose_robots_txt_is_broken_is_left_alone_for_now(web: Web, shelf: Engine) -> None:
    web.serve("/robots.txt", status=503)
    url = web.serve("/item/7", head(AUTHOR))
    done = web.enrich(shelf, entry(link=url))
    assert (web.asked, done.due) == (["/robots.txt"], int(web.clock.now))
    web.robots()
    assert web.enrich(shelf, entry(link=url)).entries[0].creators == ("Okoro, Ada",)


def test_a_run_asks_for_so_many_addresses_and_the_next_one_goes_on(web: Web, shelf: Engine) -> None:
    pages = []
    for number in range(5):
        doi = f"10.5555/{number}"
        web.doi(doi, DOI=doi, title=f"Work {'abcde'[number]}", author=[{"family": "Okoro"}])
        pages.append(entry(f"doi:{doi}", title=f"Work {'abcde'[number]}"))
    filled = []
    for run in range(4):
        done = web.enrich(shelf, *pages, enquirer=web.enquirer(most=2))
        filled.append([bool(found.creators) for found in done.entries].count(True))
        told = [note.what for note in done.notes if note.where == "enrichment"]
        left = 5 - filled[-1]
        assert told == (
            [f"not looked up in this run: {left} of the addresses; later runs ask for them"] if left else []
        )
        assert done.due is not None
        assert (done.due <= web.clock.now) == (run < 2)
    assert filled == [2, 4, 5, 5]
    assert len(web.asked) == 5


def test_a_dry_run_asks_nobody_and_uses_what_is_known(web: Web, shelf: Engine) -> None:
    web.doi(author=[{"family": "Okoro"}])
    page = entry(f"doi:{DOI}")
    done = web.enrich(shelf, page, ask=False)
    assert (done.entries, web.asked) == ((page,), [])
    assert [note.what for note in done.notes] == [
        "not looked up in this run: 1 of the addresses; a dry run asks nobody"
    ]
    web.enrich(shelf, page)
    assert web.enrich(shelf, page, ask=False).entries[0].creators == ("Okoro",)
    assert len(web.asked) == 1


def test_a_host_that_failed_twice_is_left_alone_for_the_rest_of_the_run(web: Web, shelf: Engine) -> None:
    pages = []
    for number in range(5):
        web.serve(f"/doi/10.5555/{number}", status=500)
        pages.append(entry(f"doi:10.5555/{number}", title=f"Work {'abcde'[number]}"))
    done = web.enrich(shelf, *pages)
    assert len(web.asked) == 2
    assert done.entries == tuple(pages)
    assert sum("500 Internal Server Error" in note.what for note in done.notes) == 2


def test_a_resolver_is_not_blamed_for_where_it_leads(web: Web, shelf: Engine) -> None:
    pages = []
    for number in range(4):  # nobody listens at the first port of the machine
        web.serve(f"/doi/10.5555/{number}", status=302, headers={"Location": "http://127.0.0.1:1/"})
        pages.append(entry(f"doi:10.5555/{number}", title=f"Work {'abcd'[number]}"))
    web.doi("10.5555/4", DOI="10.5555/4", title="Work e", author=[{"family": "Okoro"}])
    done = web.enrich(shelf, *pages, entry("doi:10.5555/4", title="Work e"), allow=["127.0.0.1:1"])
    assert done.entries[4].creators == ("Okoro",)
    assert len(web.asked) == 5
    assert [note.what for note in done.notes if note.where == "enrichment"] == [
        "not looked up in this run: 2 of the addresses; later runs ask for them"
    ]


def test_that_one_doi_is_unknown_says_nothing_of_the_next(web: Web, shelf: Engine) -> None:
    pages = []
    for number in range(4):
        web.serve(f"/doi/10.5555/{number}", "no such DOI", status=404)
        pages.append(entry(f"doi:10.5555/{number}", title=f"Work {'abcde'[number]}"))
    web.enrich(shelf, *pages)
    assert len(web.asked) == 4


def test_an_address_inside_the_network_is_not_asked(web: Web, shelf: Engine) -> None:
    url = web.serve("/item/7", head(AUTHOR))
    with serving(said("secret")) as inside:
        web.serve("/item/8", status=302, headers={"Location": inside.url})
        pages = [entry(link=inside.url, title="Work a"), entry(link=web.url("/item/8"), title="Work b")]
        done = web.enrich(shelf, *pages, entry(link=url))
        assert inside.requests == []
    assert done.entries[:2] == tuple(pages)
    assert done.entries[2].creators == ("Okoro, Ada",)


def test_an_address_that_takes_for_ever_costs_its_time_and_no_more(web: Web, shelf: Engine) -> None:
    with serving(dripping(said(head(AUTHOR)))) as slow:
        enquirer = replace(web.enquirer(), resolver=f"http://{slow.at}/", limits=Limits(seconds=0.5, attempts=1))
        page = entry(f"doi:{DOI}")
        done = web.enrich(shelf, page, enquirer=enquirer, allow=[slow.at])
        assert len(slow.requests) == 1
    assert done.entries == (page,)
    assert "did not arrive within 0.5 seconds" in done.notes[0].what


def test_only_the_web_is_asked(web: Web, shelf: Engine) -> None:
    pages = [
        entry(link=url) for url in ("file:///etc/passwd", "ftp://files.example/7", "mailto:a@b.example", "/etc/passwd")
    ]
    done = web.enrich(shelf, *pages)
    assert (done.entries, done.asked) == (tuple(pages), 0)


def test_an_address_that_entries_share_is_no_items(web: Web, shelf: Engine) -> None:
    shared = web.serve("/collection/1", head(AUTHOR))
    done = web.enrich(shelf, entry(shared), entry(shared, title="Another"), entry(web.url("/x.pdf")))
    assert (web.asked, done.asked) == ([], 0)

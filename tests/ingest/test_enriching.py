"""A source that looks its entries up: what is served, what moves, what the guard sees, and what identifies a record."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree
from pytest_httpserver import HTTPServer
from sqlalchemy import Engine

from repo_harvest.enrich import Mode
from repo_harvest.ingest import Policy, Report, revise
from repo_harvest.ingest.making import Part, make_item
from repo_harvest.model import Kind, Listed, Outcome, Record, Window
from repo_harvest.store import ledger
from repo_harvest.store.browse import Origin, detail
from repo_harvest.store.engine import open_engine
from tests.enrich.kit import CSL, Web
from tests.pages_kit import Site, Work, page_html
from tests.store.kit import dump, walk

DAY = 86_400
WORKS = tuple(
    Work(title, f"{name} ({2011 + number})", f"{about} What they say about it fills the rest of a page.", f"https://doi.org/10.5555/{number}")
    for number, (title, name, about) in enumerate(
        [
            ("Bread and letters: parcels to a prison", "Okoro, Ada", "Families tell what they sent, and what came back to them unopened."),
            ("The night bus home", "Lind, Per", "Eleven drivers remember passengers who had been released the same day."),
            ("Keys that fit nothing", "Sato, Yui", "Objects kept from a former life, photographed by those who kept them."),
            ("Teaching fractions on the wing", "Moreau, Luc", "A year of arithmetic lessons between two bells, in the words of the class."),
            ("Who signs for the parcel?", "Okoro, Ada", "On staff who decide in a minute what a family decided in a month."),
        ]
    )
)  # fmt: skip  # a table


@pytest.fixture
def web(httpserver: HTTPServer) -> Web:
    found = Web(httpserver)
    for number, work in enumerate(WORKS):
        tell(found, number, work, publisher="Gate Press")
    return found


@pytest.fixture
def site(engine: Engine, tmp_path: Path, web: Web) -> Site:
    return enriched(Site(engine, tmp_path), web)


def enriched(site: Site, web: Web, mode: Mode = Mode.GAPS, **rules: int) -> Site:
    site.source = replace(site.source, enrich=mode, allow_private=(web.at,))
    site.enquirer = web.enquirer(**rules)
    return site


def tell(web: Web, number: int, work: Work, **fields: object) -> None:
    """The resolver tells these fields of the work of that number."""
    doi = f"10.5555/{number}"
    web.serve(f"/doi/{doi}", json.dumps({"DOI": doi, "title": work.title, **fields}), kind=CSL)


def feed(site: Site) -> dict[str, Listed]:
    rows = walk(site.engine, Window(prefix="oai_dc"), 3, site.clock.now)
    return {str(etree.fromstring(row.header).findtext("identifier")): row for row in rows}


def publishers(site: Site) -> list[str | None]:
    return [etree.fromstring(row.metadata).findtext("{*}publisher") for row in feed(site).values() if row.metadata]


def counts(report: Report) -> dict[str, int]:
    assert report.run.outcome is Outcome.DONE, report.run.message
    return {kind.value: number for kind in Kind if (number := getattr(report.run, kind.value))}


def origin(site: Site, identifier: str) -> Origin:
    found = detail(site.engine, identifier)
    assert found is not None
    (only,) = found.origins
    return only


def told(report: Report) -> list[str]:
    return [str(problem) for problem in report.run.problems]


def test_a_source_that_says_nothing_of_it_asks_nobody(site: Site, web: Web) -> None:
    site.source = replace(site.source, enrich=Mode.OFF)
    assert counts(site.run(WORKS)) == {"new": 5}
    assert (web.asked, publishers(site)) == ([], [None] * 5)


def test_what_the_page_leaves_out_is_served_with_where_it_came_from(site: Site, web: Web) -> None:
    assert counts(site.run(WORKS)) == {"new": 5}
    assert publishers(site) == ["Gate Press"] * 5
    assert len(web.asked) == 5
    assert {origin(site, name).record.publisher for name in feed(site)} == {("Gate Press",)}
    told = {dict(origin(site, name).fields)["publisher"] for name in feed(site)}
    assert told == {f"{web.url(f'/doi/10.5555/{number}')}, CSL-JSON publisher" for number in range(5)}


def test_what_a_registry_says_of_people_is_served_and_a_wrong_check_digit_is_told(site: Site, web: Web) -> None:
    orcid = "https://orcid.org/0000-0002-1825-009"
    person = {"family": "Okoro", "given": "Ada"}
    tell(web, 0, WORKS[0], author=[{**person, "ORCID": f"{orcid}7"}], funder=[{"name": "Council", "award": ["ES/1"]}])
    tell(web, 4, WORKS[4], author=[{**person, "ORCID": f"{orcid}8"}])
    site.source = replace(site.source, enrich=Mode.FULL)
    report = site.run(WORKS)
    (problem,) = [one for one in told(report) if "check digit" in one]
    assert f"'{orcid}8' is no ORCID iD" in problem
    found = [
        row.metadata.decode() for row in walk(site.engine, Window(prefix="mods"), 3, site.clock.now) if row.metadata
    ]
    assert [f'valueURI="{orcid}7"><namePart type="family">Okoro' in one for one in found].count(True) == 1
    assert [one for one in found if "orcid.org" in one] == [one for one in found if "Council, ES/1" in one]
    assert counts(site.run()) == {"same": 5}


def test_a_page_that_has_not_changed_asks_nobody_and_moves_nothing(site: Site, web: Web) -> None:
    site.run(WORKS)
    before = dump(site.engine, without=["runs"])
    web.server.clear_all_handlers()
    for works in (None, WORKS):
        assert counts(site.run(works)) == {"same": 5}
    assert dump(site.engine, without=["runs"]) == before
    assert len(web.asked) == 5


def test_a_page_that_has_not_changed_is_read_when_something_is_to_be_asked_again(site: Site, web: Web) -> None:
    site.run(WORKS)
    tell(web, 1, WORKS[1], publisher="Harbour Press")
    assert "has not changed" in told(site.run())[0]
    site.clock.now += 30 * DAY
    before = feed(site)
    assert counts(site.run()) == {"same": 4, "changed": 1}
    assert sum(row != before[identifier] for identifier, row in feed(site).items()) == 1
    assert sorted(map(str, publishers(site))) == ["Gate Press"] * 4 + ["Harbour Press"]


def test_what_a_run_did_not_ask_the_next_one_does(site: Site, web: Web) -> None:
    enriched(site, web, most=2)
    seen = [(counts(site.run(WORKS if run == 0 else None)), len(web.asked)) for run in range(4)]
    assert seen == [({"new": 5}, 2), ({"same": 3, "changed": 2}, 4), ({"same": 4, "changed": 1}, 5), ({"same": 5}, 5)]


@pytest.mark.parametrize("status", [404, 500, 200])
def test_an_address_that_fails_later_changes_no_record(site: Site, web: Web, status: int) -> None:
    site.run(WORKS)
    before = feed(site)
    for number in range(5):
        web.serve(f"/doi/10.5555/{number}", "<p>Nothing of use", status=status)
    for _ in range(3):
        site.clock.now += 31 * DAY
        assert counts(site.run()) == {"same": 5}
    assert feed(site) == before
    assert len(web.asked) > 5


def test_a_dry_run_asks_nobody_and_writes_nothing(site: Site, web: Web) -> None:
    before = dump(site.engine)
    assert counts(site.run(WORKS, dry_run=True)) == {"new": 5}
    assert (web.asked, dump(site.engine)) == ([], before)


def test_the_page_is_believed_and_what_is_said_otherwise_is_kept_with_both_sources(site: Site, web: Web) -> None:
    enriched(site, web, Mode.FULL)
    tell(web, 0, WORKS[0], issued={"date-parts": [[1999]]}, publisher="Gate Press")
    report = site.run(WORKS)
    said = [line for line in told(report) if "says otherwise" in line]
    assert len(said) == 1
    assert said[0].startswith(f"entries[0].date: '2011' ({site.path.as_uri()}")
    assert said[0].endswith(f"is kept; '1999' ({web.url('/doi/10.5555/0')}, CSL-JSON issued) says otherwise")
    assert said[0] in [str(problem) for problem in ledger.last_runs(site.engine)["page"].problems]
    disputes = [dispute for name in feed(site) for dispute in origin(site, name).disputes]
    assert disputes == [said[0].removeprefix("entries[0].")]
    assert counts(site.run(WORKS)) == {"same": 5}
    tell(web, 0, WORKS[0], issued={"date-parts": [[2011]]})
    site.clock.now += 30 * DAY
    assert counts(site.run(WORKS)) == {"same": 5}
    assert [origin(site, name).disputes for name in feed(site)] == [()] * 5
    dates = {etree.fromstring(row.metadata).findtext("{*}date") for row in feed(site).values() if row.metadata}
    assert dates == {"2011", "2012", "2013", "2014", "2015"}


def test_drift_is_not_hidden_by_what_is_known_from_elsewhere(site: Site, web: Web) -> None:
    for number, work in enumerate(WORKS):
        tell(web, number, work, issued={"date-parts": [[2011 + number]]}, publisher="Gate Press")
    site.run(WORKS)
    dateless = [work.but(byline=work.byline.partition(" (")[0]) for work in WORKS]
    kept, asked = feed(site), len(web.asked)
    report = site.run(dateless)
    assert report.run.outcome is Outcome.REFUSED
    assert "date: filled in 5 of 5" in report.run.message
    assert (feed(site), len(web.asked)) == (kept, asked)


def test_a_page_that_drifted_is_not_followed_anywhere(site: Site, web: Web) -> None:
    site.run(WORKS)
    others = [
        work.but(title=f"Menu {number}", link=f"https://doi.org/10.5555/menu{number}")
        for number, work in enumerate(WORKS)
    ]
    asked = len(web.asked)
    site.path.write_text(page_html(others[:2]), encoding="utf-8")
    assert site.run().run.outcome is Outcome.REFUSED
    assert len(web.asked) == asked


def test_filling_and_emptying_gaps_is_no_drift(site: Site, web: Web) -> None:
    site.source = replace(site.source, enrich=Mode.OFF)
    site.run(WORKS)
    enriched(site, web)
    assert counts(site.run()) == {"changed": 5}
    site.source = replace(site.source, enrich=Mode.OFF)
    assert counts(site.run()) == {"changed": 5}


def test_what_is_found_elsewhere_identifies_nothing(site: Site, web: Web, tmp_path: Path, engine: Engine) -> None:
    links = [web.serve(f"/item/{number}", item(work, f"10.5555/{number}")) for number, work in enumerate(WORKS)]
    web.serve("/robots.txt", status=404)
    listed = [work.but(link=link) for work, link in zip(WORKS, links, strict=True)]
    plain = Site(engine, tmp_path, name="plain")
    plain.source = replace(plain.source, sets=())
    site.run(listed)
    assert all(b"doi.org/10.5555" in (row.metadata or b"") for row in feed(site).values())
    names = set(feed(site))
    retitled = [work.but(title=f"A wholly other heading number {number}") for number, work in enumerate(WORKS)]
    report = plain.run(retitled)
    assert counts(report) == {"new": 5}
    assert names < set(feed(site))
    assert len(feed(site)) == 10
    for _ in range(2):
        assert (counts(site.run(listed)), counts(plain.run(retitled))) == ({"same": 5}, {"same": 5})


def item(work: Work, doi: str) -> str:
    return f'<title>Item</title><meta name="citation_title" content="{work.title}"><meta name="citation_doi" content="{doi}">'


def test_records_made_anew_for_another_configuration_keep_what_was_filled(site: Site) -> None:
    site.run(WORKS)
    revised = revise(replace(site.press, policy=Policy(metadata_rights="Take them")))
    assert (revised.moved, revised.faults) == (5, ())
    assert publishers(site) == ["Gate Press"] * 5


def test_a_record_that_left_and_came_back_is_filled_as_before(site: Site, web: Web) -> None:
    site.run(WORKS)
    assert counts(site.run(WORKS[1:])) == {"same": 4, "gone": 1}
    web.server.clear_all_handlers()
    assert counts(site.run(WORKS)) == {"same": 4, "new": 1}
    assert publishers(site) == ["Gate Press"] * 5


def test_a_value_that_no_schema_allows_is_left_out_and_the_record_served() -> None:
    page = Record(title=("Keys that fit nothing",), date=("2013",))
    broken = replace(page, publisher=("Gate \x01 Press",))
    part = Part(record=page, enriched=broken, sets=(), source="page", page_url="https://p.example/", fetched=1)
    made = make_item(None, "oai:x.org:1", [part], Policy())
    assert (made.faults, made.edit.record) == ((), page)
    whole = make_item(None, "oai:x.org:1", [replace(part, enriched=replace(page, publisher=("Gate Press",)))], Policy())
    assert whole.edit.record.publisher == ("Gate Press",)


def test_of_two_pages_the_one_that_states_a_field_is_believed_before_what_fills_it() -> None:
    first = Record(title=("Keys that fit nothing",))
    parts = [
        Part(record=first, enriched=replace(first, date=("2001",), publisher=("Gate Press",)), sets=(), source="a", page_url="", fetched=1),
        Part(record=replace(first, date=("2013",)), sets=(), source="b", page_url="", fetched=1),
    ]  # fmt: skip  # two parts
    record = make_item(None, "oai:x.org:1", parts, Policy()).edit.record
    assert (record.date, record.publisher) == (("2013",), ("Gate Press",))


def test_identifiers_are_the_same_with_and_without(site: Site, web: Web, tmp_path: Path, sqlite_template: Path) -> None:
    file = tmp_path / "other.db"
    file.write_bytes(sqlite_template.read_bytes())
    nameless: Sequence[Work] = [work.but(byline=f"({2011 + number})") for number, work in enumerate(WORKS)]
    for number, work in enumerate(WORKS):
        tell(web, number, work, author=[{"family": "Okoro", "given": "Ada"}], issued={"date-parts": [[2001]]})
    other = open_engine(f"sqlite:///{file}")
    bare = Site(other, tmp_path, name="bare")
    bare.run(nameless)
    site.run(nameless)
    assert set(feed(site)) == set(feed(bare))
    other.dispose()

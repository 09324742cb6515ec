"""What stands around a record: where it was read and when, what may be done with it; and when that moves a datestamp."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree
from sqlalchemy import Engine

from repo_harvest.ingest import Policy
from repo_harvest.ingest.lines import import_file, migrate_file
from repo_harvest.model import Listed, Window, utc_text
from repo_harvest.store.feed import SqlFeed
from tests.oai.library import Library
from tests.pages_kit import WORKS, Site, page_html
from tests.store.kit import dump, walk

PAGE = "https://partnership.example/peer-mentoring/"
LICENCE = "https://creativecommons.org/publicdomain/zero/1.0/"


@pytest.fixture
def site(engine: Engine, tmp_path: Path) -> Site:
    return Site(engine, tmp_path, seen=PAGE)


def abouts(site: Site) -> dict[str, list[dict[str, str | None]]]:
    """Title -> what stands in the about elements of the record, as an answer of the feed shows it."""
    library = Library(site.engine, site.clock).split(100)
    site.clock.now += 1
    return {
        str(record.findtext(".//{*}title")): [_told(about) for about in record.iter("{*}about")]
        for record in library.ask("ListRecords", metadataPrefix="oai_dc").root.iter("{*}record")
        if record.find("{*}metadata") is not None
    }


def _told(about: etree._Element) -> dict[str, str | None]:
    (container,) = about
    found: dict[str, str | None] = {
        etree.QName(element).localname: element.text for element in container.iter() if element.text
    }
    for element in container.iter():
        found |= {str(name): str(value) for name, value in element.attrib.items() if "}" not in str(name)}
    return found


def origin(identifier: str, fetched: float, page: str = PAGE) -> dict[str, str | None]:
    when = utc_text(int(fetched))
    return {
        "baseURL": page,
        "identifier": identifier,
        "datestamp": when,
        "harvestDate": when,
        "altered": "true",
        "metadataNamespace": "http://www.w3.org/1999/xhtml",
    }


def feed(site: Site) -> list[Listed]:
    return walk(site.engine, Window(prefix="oai_dc"), 100, site.clock.now)


def test_each_record_says_where_it_was_read_and_when(site: Site) -> None:
    site.run(WORKS)
    read, found = site.clock.now, abouts(site)
    assert found[WORKS[0].title] == [origin("https://doi.org/10.1177/1748895817699659", read)]
    assert found[WORKS[1].title] == [origin(PAGE, read)]
    assert len(found) == 5


def test_reading_a_page_again_moves_nothing_and_keeps_the_moment_of_what_it_says(site: Site) -> None:
    site.run(WORKS)
    before, said = feed(site), abouts(site)
    site.run(WORKS)
    site.run(WORKS[::-1])
    site.path.write_text(page_html(WORKS).replace("<h4>", "<p><strong>").replace("</h4>", "</strong></p>"))
    site.run()
    site.seen = "https://partnership.example/moved/"
    site.run()
    assert (feed(site), abouts(site)) == (before, said)
    quiet = dump(site.engine, without=["runs", "feed_clock", "sources"])
    site.run()
    assert dump(site.engine, without=["runs", "feed_clock", "sources"]) == quiet


def test_an_edited_entry_was_read_when_it_was_read_so(site: Site) -> None:
    site.run(WORKS)
    first = site.clock.now
    site.run(
        [WORKS[0].but(abstract="Another abstract, in which nothing of the first is left, and long enough."), *WORKS[1:]]
    )
    found = abouts(site)
    assert found[WORKS[0].title][0]["harvestDate"] == utc_text(int(site.clock.now - 1))
    assert {told["harvestDate"] for work in WORKS[1:] for told in found[work.title]} == {utc_text(int(first))}


def test_a_work_on_two_pages_names_both_and_one_that_left_no_more(engine: Engine, tmp_path: Path) -> None:
    one = Site(engine, tmp_path, name="one", seen=PAGE)
    two = Site(engine, tmp_path, name="two", seen="https://other.example/list")
    two.clock = one.clock
    two.press = replace(two.press, clock=one.clock)
    one.run(WORKS[:3])
    two.run(WORKS[2:])
    pages = [told["baseURL"] for told in abouts(one)[WORKS[2].title]]
    assert pages == [PAGE, "https://other.example/list"]
    before = feed(one)
    two.run(WORKS[2:])
    one.run(WORKS[:3])
    assert feed(one) == before
    two.run(WORKS[3:], accept_drift=True)
    assert [told["baseURL"] for told in abouts(one)[WORKS[2].title]] == [PAGE]


def test_which_of_two_sources_came_first_does_not_depend_on_the_run(engine: Engine, tmp_path: Path) -> None:
    one = Site(engine, tmp_path, name="one", seen=PAGE)
    two = Site(engine, tmp_path, name="two", seen="https://other.example/list")
    one.run(WORKS[3:])
    two.clock.now = one.clock.now
    two.run(WORKS[:3])
    one.clock.now = two.clock.now
    one.run(WORKS, accept_drift=True)
    before = feed(one)
    one.run(WORKS[::-1])
    two.clock.now = one.clock.now
    two.run(WORKS[2::-1])
    assert feed(one) == before


def test_a_deleted_record_and_one_that_left_a_set_say_nothing_more(site: Site) -> None:
    site.run(WORKS)
    site.source = replace(site.source, sets=())
    site.run(WORKS[1:])
    with SqlFeed(site.engine).snapshot(site.clock.now) as snapshot:
        everywhere = [Listed._make(row) for row in snapshot.records(Window(prefix="oai_dc"), None, 9)]
        in_the_set = [Listed._make(row) for row in snapshot.records(Window(prefix="oai_dc", set_spec="work"), None, 9)]
        headers = [Listed._make(row) for row in snapshot.headers(Window(prefix="oai_dc"), None, 9)]
    assert [row.about is None for row in everywhere] == [row.metadata is None for row in everywhere]
    assert sorted(row.about is None for row in everywhere) == [False] * 4 + [True]
    assert [(row.metadata, row.about) for row in in_the_set] == [(None, None)] * 5
    assert [(row.metadata, row.about) for row in headers] == [(None, None)] * 5


def test_a_file_on_this_machine_is_told_to_nobody(engine: Engine, tmp_path: Path) -> None:
    site = Site(engine, tmp_path)
    site.run(WORKS)
    lines = tmp_path / "lines.jsonl"
    lines.write_text('{"id": "1", "title": "A line of its own", "date": "2020"}\n')
    import_file(lines, site.press)
    assert set(map(len, abouts(site).values())) == {0}
    assert len(abouts(site)) == 6


@pytest.mark.parametrize(
    ("page", "is_told"),
    [
        ("https://partnership.example/a?b=c", True),
        ("http://8.8.8.8/list", True),
        ("http://127.0.0.1:8123/list", False),
        ("http://10.1.2.3/list", False),
        ("http://[::1]/list", False),
        ("http://intranet/list", False),
        ("https://wiki.library.internal/list", False),
    ],
)
def test_a_server_of_a_private_network_is_told_to_nobody(site: Site, page: str, *, is_told: bool) -> None:
    site.seen = page
    site.run(WORKS)
    assert [[told["baseURL"] for told in found] for found in abouts(site).values()] == [[page] * is_told] * 5


@pytest.mark.parametrize(("rights", "key"), [(LICENCE, "ref"), ("Take them, & say whose they are", "description")])
def test_rights_in_the_metadata_are_on_every_record(site: Site, rights: str, key: str) -> None:
    site.press = replace(site.press, policy=Policy(metadata_rights=rights))
    site.run(WORKS)
    assert all(told[-1][key] == rights for told in abouts(site).values())
    assert set(map(len, abouts(site).values())) == {2}


def test_moved_records_carry_rights_and_keep_their_datestamps(engine: Engine, tmp_path: Path) -> None:
    site, lines = Site(engine, tmp_path), tmp_path / "moved.jsonl"
    site.press = replace(site.press, policy=Policy(metadata_rights=LICENCE))
    lines.write_text(
        '{"identifier": "oai:x.org:1", "datestamp": "2020-01-02T03:04:05Z", "title": "Moved here"}\n'
        '{"identifier": "oai:x.org:2", "datestamp": "2020-01-02T03:04:05Z", "deleted": true}\n'
    )
    migrate_file(lines, site.press)
    assert [told["ref"] for told in abouts(site)["Moved here"]] == [LICENCE]
    assert {utc_text(row.datestamp) for row in feed(site)} == {"2020-01-02T03:04:05Z"}

"""A copy that is kept by ResourceSync is what a harvester holds, whatever happens and whenever it does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from lxml import etree
from sqlalchemy import Engine
from werkzeug.test import Client

from repo_harvest.formats.landing import item_path, landing
from repo_harvest.model import Record, utc_text
from tests.oai.library import oai as numbered
from tests.oai.truth import Asked, Truth
from tests.store.kit import Clock, Wanted, empty, publish_state
from tests.web.copier import HOME, Copier, Entry, Listing, canonical, harvested, listing, service
from tests.web.reader import Reader
from tests.web.shelf import ARTICLE, REPOSITORY, Shelf, oai

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

_START = 1_800_000_000


def held(copier: Copier) -> dict[str, bytes]:
    return {address: canonical(etree.fromstring(body)) for address, body in copier.copy.items()}


def parts(copier: Copier, name: str) -> Iterator[Listing]:
    """The documents that a list is split into."""
    whole = copier.get(f"{name}.xml", name)
    for address in whole.addresses if whole.is_index else []:
        part = copier.get(address.removeprefix(HOME), name)
        assert not part.is_index
        assert part.links["index"] == f"{HOME}{name}.xml"
        yield part
    if not whole.is_index:
        assert "index" not in whole.links
        yield whole


def entries(copier: Copier, name: str) -> list[Entry]:
    return [entry for part in parts(copier, name) for entry in part.entries]


class Copying(RuleBasedStateMachine):
    """A collection that changes between any two requests of those who keep a copy of it."""

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        empty(engine, _START - 5)
        self._engine, self._clock, self._truth = engine, Clock(_START), Truth()
        self._lived: set[str] = set()

    @initialize(size=st.integers(1, 3))
    def open(self, size: int) -> None:
        reader = Reader(service(self._engine, size=size, clock=self._clock))
        self._copiers = [Copier(reader), Copier(reader, is_backward=True), Copier(reader)]
        self._running: list[Iterator[None] | None] = [None, None, None]

    @rule(
        wanted=st.dictionaries(
            st.integers(0, 6),
            st.builds(
                Wanted, title=st.sampled_from(["One", "Two", "Three"]), deleted=st.sampled_from([False, False, True])
            ),
            min_size=1,
            max_size=3,
        ),
        seconds=st.sampled_from([0, 0, 1, 3600]),
    )
    def publish(self, wanted: dict[int, Wanted], seconds: int) -> None:
        self._clock.now += seconds
        named = {numbered(number): want for number, want in wanted.items()}
        for name in self._truth.differing(named):
            if name in self._truth.wanted and not self._truth.wanted[name].deleted:
                self._lived.add(name)
        self._truth.publish(named, publish_state(self._engine, named, self._clock))

    @rule(number=st.integers(0, 2), requests=st.integers(1, 4))
    def read_on(self, number: int, requests: int) -> None:
        """Some requests of one that begins anew when it is done."""
        for _ in range(requests):
            running = self._running[number] or self._copiers[number].synchronize()
            self._running[number] = running if next(running, running) is None else None

    @rule(number=st.integers(0, 1))
    def read_to_the_end(self, number: int) -> None:
        """What was begun, and once more while nothing happens: the copy is the feed then, and each document as it was listed."""
        copier, running = self._copiers[number], self._running[number] or iter(())
        self._running[number] = None
        for _ in running:
            pass
        unlike = copier.mismatches
        for _ in copier.synchronize():
            pass
        assert copier.mismatches == unlike
        assert held(copier) == harvested(self._engine)

    @rule()
    def list_changes(self) -> None:
        """Each item once, in the order of the feed, with what became of it."""
        found = [
            (entry.address, entry.changed, entry.said["change"]) for entry in entries(self._copiers[2], "changelist")
        ]
        assert found == [
            (
                f"{HOME}{item_path(one.head.identifier)}?format=oai_dc",
                one.head.datestamp,
                "deleted" if one.head.deleted else "updated" if one.head.identifier in self._lived else "created",
            )
            for one in self._truth.list(Asked(verb="ListRecords"))
        ]

    def teardown(self) -> None:
        for number in range(3):
            self.read_to_the_end(number)
        self.list_changes()


def test_a_copy_is_what_a_harvester_holds_whatever_happens_meanwhile(engine: Engine) -> None:
    class CopyingHere(Copying):
        def __init__(self) -> None:
            super().__init__(engine)

    law = settings(
        max_examples=25,
        stateful_step_count=25,
        phases=(Phase.reuse, Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    run_state_machine_as_test(CopyingHere, settings=law)


def test_the_well_known_address_leads_to_the_lists(shelf: Shelf, reader: Reader) -> None:
    shelf.put(oai(1), ARTICLE)
    copier = Copier(reader)
    source = copier.get(".well-known/resourcesync", "description")
    assert [(one.address, one.said["capability"]) for one in source.entries] == [
        (f"{HOME}capabilitylist.xml", "capabilitylist")
    ]
    capabilities = copier.get("capabilitylist.xml", "capabilitylist")
    assert capabilities.links == {"up": f"{HOME}.well-known/resourcesync"}
    for entry in capabilities.entries:
        listed = copier.get(entry.address.removeprefix(HOME), entry.said["capability"])
        assert listed.links == {"up": f"{HOME}capabilitylist.xml"}
        assert len(listed.entries) == 1
    assert [entry.said["capability"] for entry in capabilities.entries] == ["resourcelist", "changelist"]


def test_a_resource_is_described_as_it_is(shelf: Shelf, reader: Reader) -> None:
    names = [oai(name) for name in ("10034/620", "a//b", "é&?#")]
    stamp = utc_text(shelf.put_all((name, ARTICLE) for name in names))
    copier = Copier(reader)
    for name, entry in zip(names, entries(copier, "resourcelist"), strict=True):
        page = str(landing(REPOSITORY.base_url, name))
        assert (entry.address, entry.changed) == (f"{page}?format=oai_dc", stamp)
        assert entry.links == {"describes": page, "profile": "http://www.openarchives.org/OAI/2.0/oai_dc/"}
        file = reader.get(entry.address.removeprefix(HOME)).response
        assert file.mimetype == entry.said["type"]
        assert (len(file.data), f"sha-256:{sha256(file.data).hexdigest()}") == (
            int(entry.said["length"]),
            entry.said["hash"],
        )


def test_a_deleted_resource_is_listed_as_a_change_that_says_nothing_of_what_it_was(
    shelf: Shelf, reader: Reader
) -> None:
    shelf.put(oai(1), ARTICLE)
    shelf.put(oai(2), ARTICLE)
    changed, removed = shelf.change(oai(1), Record(title=("Another",))), shelf.remove(oai(2))
    copier = Copier(reader)
    assert [(entry.said["change"], entry.changed) for entry in entries(copier, "changelist")] == [
        ("updated", utc_text(changed)),
        ("deleted", utc_text(removed)),
    ]
    (only,) = entries(copier, "resourcelist")
    assert only.changed == utc_text(changed)
    assert copier.get("resourcelist.xml", "resourcelist").said["at"] == utc_text(removed)


def test_a_list_is_split_only_where_it_has_to_be(shelf: Shelf) -> None:
    copier = Copier(Reader(service(shelf.engine, size=2)))
    names = ("resourcelist", "changelist")
    for published, is_split in ((0, [False, False]), (1, [False, False]), (2, [False, True]), (3, [True, True])):
        if published:
            shelf.put(oai(published), ARTICLE)
        assert [copier.get(f"{name}.xml", name).is_index for name in names] == is_split
        assert [len(entries(copier, name)) for name in names] == [published] * 2
        assert max(len(part.entries) for name in names for part in parts(copier, name)) <= 2


def test_the_parts_of_the_change_list_follow_each_other_without_a_gap(shelf: Shelf) -> None:
    shelf.put_all((oai(number), ARTICLE) for number in range(5))
    shelf.remove(oai(1))
    copier = Copier(Reader(service(shelf.engine, size=2)))
    whole = copier.get("changelist.xml", "changelist")
    assert whole.addresses == sorted(whole.addresses), "some read them in the order of their names"
    assert [one.said["from"] for one in whole.entries[1:]] == [one.said["until"] for one in whole.entries[:-1]]
    assert whole.entries[0].said["from"] == whole.said["from"]
    assert "until" not in whole.entries[-1].said
    for entry, part in zip(whole.entries, parts(copier, "changelist"), strict=True):
        assert {**part.said, **entry.said} == part.said


def test_a_part_of_the_resource_list_is_given_once_until_one_of_its_items_changes(shelf: Shelf) -> None:
    shelf.put_all((oai(number), ARTICLE) for number in range(4))
    app = service(shelf.engine, size=2)
    before = {
        path: Reader(app).get(path).response.headers["ETag"] for path in ("resourcelist-1.xml", "resourcelist-2.xml")
    }
    shelf.remove(oai(3))
    statuses = [Reader(app, headers={"If-None-Match": tag}).get(path).status for path, tag in before.items()]
    assert statuses == [304, 200]


def test_a_part_whose_items_are_all_gone_is_empty_and_listed_no_more(shelf: Shelf) -> None:
    shelf.put_all((oai(number), ARTICLE) for number in range(6))
    copier = Copier(Reader(service(shelf.engine, size=2)))
    second = copier.get("resourcelist.xml", "resourcelist").addresses[1]
    shelf.remove(oai(2))
    shelf.remove(oai(3))
    assert second not in copier.get("resourcelist.xml", "resourcelist").addresses
    assert copier.get(second.removeprefix(HOME), "resourcelist").entries == ()


def test_a_part_that_there_is_not_is_not_found(shelf: Shelf, reader: Reader) -> None:
    stamp = shelf.put_all((oai(number), ARTICLE) for number in range(4))
    for number in ("0", "2", "01", "-1", "x", "%D9%A1", "999999999", "99999999999999999999"):
        assert reader.get(f"resourcelist-{number}.xml").status == 404, number
    first, third, later = f"{0:012}.{0:012}", f"{stamp:012}.{3:012}", f"{stamp + 1:012}.{1:012}"
    for wrong in ("", "1", "0.0", f"{first}-", f"-{first}", f"{first}-{first}", f"{third}-{first}", f"{first}-{later}",
                  later, f"{first}-{third}-{later}", f"{first}%0A", f"x{first}", "%D9%A1" * 12 + "." + "0" * 12):  # fmt: skip  # a list of paths
        assert reader.get(f"changelist-{wrong}.xml").status == 404, wrong
    assert reader.get(f"changelist-{first}-{third}.xml").status == 200


def test_a_part_that_has_grown_too_long_is_not_found(shelf: Shelf) -> None:
    stamp = shelf.put_all((oai(number), ARTICLE) for number in range(4))
    client = Client(service(shelf.engine, size=2, largest=3))
    first, third = f"{0:012}.{0:012}", f"{stamp:012}.{3:012}"
    found = {part: client.get(f"/changelist-{part}.xml").status_code for part in (first, f"{first}-{third}", third)}
    assert list(found.values()) == [404, 200, 200]


def test_where_the_address_of_the_pages_is_not_known_there_is_nothing_to_synchronize_with(
    shelf: Shelf, app_at: Callable[[str], WSGIApplication]
) -> None:
    shelf.put(oai(1), ARTICLE)
    reader = Reader(app_at("https://example.org/feed"))
    for path in (".well-known/resourcesync", "capabilitylist.xml", "resourcelist.xml", "resourcelist-1.xml", "changelist.xml",
                 f"changelist-{0:012}.{0:012}.xml"):  # fmt: skip  # a list of paths
        assert reader.get(path).status == 404
    assert reader.get().found("//link[@rel='resourcesync']") == []


@pytest.mark.parametrize("folder", ["", "research/"])
def test_every_page_leads_to_the_capability_list(
    shelf: Shelf, app_at: Callable[[str], WSGIApplication], folder: str
) -> None:
    shelf.put(oai("a/b"), ARTICLE)
    reader = Reader(app_at(f"{HOME}{folder}oai"), seen=f"{HOME}{folder}", sent=f"/{folder}")
    for path in ("", "item/oai:example.org:a/b", "item/none"):
        (link,) = reader.get(path).found("//link[@rel='resourcesync']")
        address = urljoin(reader.seen + path, link.get("href", ""))
        found = listing(reader.follow(address).response.data, "capabilitylist")
        assert found.links["up"] == f"{reader.seen}.well-known/resourcesync"
        assert all(reader.follow(entry.address).status == 200 for entry in found.entries)


def test_lists_of_a_store_that_is_away_are_503(
    shelf: Shelf, reader: Reader, break_database: Callable[[], None]
) -> None:
    shelf.put(oai(1), ARTICLE)
    break_database()
    for path in ("resourcelist.xml", "resourcelist-1.xml", "changelist.xml", f"changelist-{0:012}.{0:012}.xml"):
        assert reader.get(path).status == 503

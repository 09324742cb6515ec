"""Links to the repository that a list was pasted from identify its entries; shared ones and others do not."""

from __future__ import annotations

from repo_harvest.catalogue import with_repository_links
from repo_harvest.model import Entry, Link

HANDLE = "https://hdl.handle.net/10034/620483"
REPOSITORY = ("EPrints.example.org", "https://hdl.handle.net/10034/")


def entry(*urls: str, identifiers: tuple[str, ...] = ()) -> Entry:
    return Entry(title="A", place="p", links=tuple(Link(url=url, text="View") for url in urls), identifiers=identifiers)


def identifiers(*entries: Entry) -> list[tuple[str, ...]]:
    return [found.identifiers for found in with_repository_links(entries, REPOSITORY)]


def test_a_link_below_the_repository_is_an_identifier_whatever_the_case_of_its_host() -> None:
    assert identifiers(entry(HANDLE), entry("http://eprints.EXAMPLE.org/12/")) == [
        (HANDLE,),
        ("http://eprints.EXAMPLE.org/12/",),
    ]


def test_the_title_link_stays_first_and_nothing_is_there_twice() -> None:
    doi = "https://doi.org/10.1/x"
    assert identifiers(
        entry(HANDLE, HANDLE, doi, identifiers=(doi,)), entry(HANDLE + "1", identifiers=(HANDLE + "1",))
    ) == [
        (doi, HANDLE),
        (HANDLE + "1",),
    ]


def test_a_shared_link_a_front_page_and_a_foreign_link_identify_nothing() -> None:
    collection = "https://eprints.example.org/view/creators/"
    foreign = "https://eprints.example.org.evil.example/12"
    home = "https://eprints.example.org/"
    other = "https://hdl.handle.net/100345/1"
    assert identifiers(entry(collection, foreign, home, other), entry(collection)) == [(), ()]


def test_without_a_configured_repository_nothing_is_added() -> None:
    entries = (entry(HANDLE),)
    assert with_repository_links(entries, ()) == entries

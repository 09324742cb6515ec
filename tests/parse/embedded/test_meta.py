"""Meta tags of an item's page: one work, the tags that say most first."""

from __future__ import annotations

from html import escape

import pytest
from hypothesis import given

from repo_harvest.model import Entry
from tests.parse.embedded.kit import date, facts, lists_of, one, only, work


def page(*tags: tuple[str, str], attribute: str = "name") -> str:
    said = "".join(f'<meta {attribute}="{escape(name)}" content="{escape(value)}">' for name, value in tags)
    return f"<!DOCTYPE html><html><head><title>Item</title>{said}</head><body><p>Item</p></body></html>"


@given(work)
def test_highwire_tags_are_read_back(entry: Entry) -> None:
    tags = [("citation_title", entry.title), *(("citation_author", name) for name in entry.creators)]
    tags += [("citation_publication_date", str(entry.date).replace("-", "/"))] if entry.date else []
    tags += [("citation_journal_title", entry.container or ""), ("citation_publisher", entry.publisher or "")]
    tags += [
        ("citation_doi", value.removeprefix("doi:")) if value.startswith("doi:") else ("citation_public_url", value)
        for value in entry.identifiers
    ]
    tags += [("citation_abstract", entry.abstract or "")]
    assert facts(one(page(*tags), "meta")) == facts(entry)


@given(work)
def test_dublin_core_tags_are_read_back(entry: Entry) -> None:
    tags = [("DC.title", entry.title), *(("DC.creator", name) for name in entry.creators)]
    tags += [("DCTERMS.issued", str(entry.date))] if entry.date else []
    tags += [("DC.publisher", entry.publisher or ""), ("DCTERMS.isPartOf", entry.container or "")]
    tags += [("DC.identifier", value) for value in entry.identifiers] + [("DCTERMS.abstract", entry.abstract or "")]
    assert facts(one(page(*tags), "meta")) == facts(entry)


def test_the_tags_that_say_most_come_first_and_say_where_they_stood() -> None:
    entry = one(
        page(
            ("DC.Title", "Site"), ("DC.creator", "Web master"), ("citation_title", "Trust"), ("citation_author", "Buck, Gillian"),
            ("citation_author", "Lee, Ann"), ("DC.date", "1999"), ("citation_date", "2021/3/4"), ("citation_isbn", "0-306-40615-2"),
        ),
        "meta",
    )  # fmt: skip  # a list
    assert (entry.title, entry.creators, entry.date) == ("Trust", ("Buck, Gillian", "Lee, Ann"), date("2021-03-04"))
    assert entry.identifiers == ("urn:isbn:0306406152",)
    assert entry.origins[:3] == (
        ("title", "meta citation_title"), ("creators", "meta citation_author"), ("date", "meta citation_date"),
    )  # fmt: skip  # a list
    assert entry.place == "head"


def test_prism_eprints_and_bepress_tags_are_read() -> None:
    prism = one(
        page(("dc.title", "T"), ("prism.publicationName", "Probation Journal"), ("prism.doi", "10.1177/1")), "meta"
    )
    assert (prism.container, prism.identifiers) == ("Probation Journal", ("doi:10.1177/1",))
    eprints = one(
        page(("eprints.title", "T"), ("eprints.creators_name", "Buck, Gillian"), ("eprints.date", "2020-05"), ("eprints.publication", "J")),
        "meta",
    )  # fmt: skip  # a list
    assert (eprints.creators, eprints.date, eprints.container) == (("Buck, Gillian",), date("2020-05"), "J")
    bepress = one(page(("bepress_citation_title", "T"), ("bepress_citation_author", "Lee, Ann")), "meta")
    assert bepress.creators == ("Lee, Ann",)


@pytest.mark.parametrize(
    ("stated", "meant"),
    [("2019/00/00", "2019"), ("2019-09-04T10:00:00Z", "2019-09-04"), ("2019-09-04 10:00:00", "2019-09-04"),
     ("09/04/2019", "2019"), ("4 September 2019", "2019-09-04"), ("2019", "2019"), ("2019-09-00", "2019-09")],
)  # fmt: skip  # a table
def test_dates_keep_the_precision_they_have(stated: str, meant: str) -> None:
    (entry,) = only(page(("citation_title", "T"), ("citation_date", stated)), "meta").entries
    assert str(entry.date) == meant


def test_what_is_no_date_and_no_doi_is_said() -> None:
    found = only(page(("citation_title", "T"), ("citation_date", "soon"), ("citation_doi", "none")), "meta")
    assert (found.entries[0].date, found.entries[0].identifiers) == (None, ())
    assert [problem.where for problem in found.problems] == ["head.date", "head.identifiers"]


def test_names_in_one_tag_are_parted_and_markup_in_values_is_not_words() -> None:
    entry = one(
        page(("citation_title", "Trust &amp; <i>time</i>"), ("citation_authors", "Buck,Gillian; Lee, Ann")), "meta"
    )
    assert (entry.title, entry.creators) == ("Trust & time", ("Buck, Gillian", "Lee, Ann"))


def test_a_part_has_not_the_isbn_of_the_whole_and_the_page_is_what_it_is_at() -> None:
    tags = page(
        ("citation_title", "T"),
        ("citation_inbook_title", "B"),
        ("citation_isbn", "0306406152"),
        ("citation_public_url", "/1"),
    )
    assert one(tags, "meta").identifiers == ("https://example.org/1",)


def test_properties_are_read_like_names_and_a_page_without_a_title_states_nothing() -> None:
    assert one(page(("citation_title", "T"), attribute="property"), "meta").title == "T"
    assert lists_of(page(("citation_author", "Lee, Ann"), ("og:title", "T"))) == ()

"""An entry becomes a record: nothing is invented, and every value knows where it came from."""

from __future__ import annotations

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repo_harvest.catalogue import Defaults, clean, crosswalk, origins
from repo_harvest.catalogue.identifiers import kept_as
from repo_harvest.catalogue.vocabulary import language
from repo_harvest.model import Entry, PartialDate, Record, Severity
from repo_harvest.model.languages import LANGUAGES

NOTHING = Defaults()
SOME = Defaults(language=("eng",), type=("Text",), rights=("CC BY 4.0", "© the authors"))
FULL = Entry(
    title="Mentoring:  crossing boundaries",
    place="line 1",
    byline="Gosling, Helena, Buck, Gillian (Emerald, 2015)",
    creators=("Gosling, Helena", "Buck, Gillian"),
    date=PartialDate(year=2015),
    container="A Journal",
    publisher="Emerald",
    identifiers=("doi:10.1108/x", "https://repository.example/handle/1/2"),
    abstract="Mentoring\nis a gift.",
    origins=(("title", "heading 4"), ("creators", "byline"), ("identifiers", "title link"), ("abstract", "text")),
)

texts = st.text(max_size=30)
dates = st.dates().map(lambda day: PartialDate(year=day.year, month=day.month)) | st.none()
some_entries = st.builds(
    Entry,
    title=texts,
    place=st.just("line 1"),
    creators=st.lists(texts, max_size=3).map(tuple),
    date=dates,
    publisher=texts | st.none(),
    container=texts | st.none(),
    identifiers=st.lists(texts | st.just("https://doi.org/10.1234/X"), max_size=3).map(tuple),
    abstract=texts | st.none(),
)


def test_every_field_has_its_place() -> None:
    record, problems = crosswalk(FULL, defaults=SOME)
    assert record == Record(
        title=("Mentoring: crossing boundaries",),
        creators=("Gosling, Helena", "Buck, Gillian"),
        date=("2015",),
        container=("A Journal",),
        publisher=("Emerald",),
        description=("Mentoring is a gift.",),
        identifiers=("https://repository.example/handle/1/2", "https://doi.org/10.1108/x"),
        language=("en",),
        type=("Text",),
        rights=("CC BY 4.0", "© the authors"),
    )
    assert problems == ()


@given(some_entries)
def test_what_the_page_does_not_say_the_record_does_not_say(entry: Entry) -> None:
    record, _ = crosswalk(entry, defaults=NOTHING)
    stated = " ".join(
        [entry.title, *entry.creators, entry.publisher or "", entry.container or "", entry.abstract or ""]
    )
    assert record.language == record.type == record.rights == record.subjects == record.relation == ()
    assert record.date == ((str(entry.date),) if entry.date else ())
    for field in ("title", "creators", "publisher", "container", "description"):
        assert all("".join(value.split()) in "".join(clean(stated)[0].split()) for value in getattr(record, field))


@given(some_entries, st.builds(Defaults, language=st.just(("en",)), rights=st.lists(texts, max_size=2).map(tuple)))
def test_every_value_is_clean_and_none_is_empty(entry: Entry, defaults: Defaults) -> None:
    record, _ = crosswalk(entry, defaults=defaults)
    for field in fields(record):
        values = getattr(record, field.name)
        assert all(value and clean(value) == (value, 0) for value in values)
    assert len(set(record.identifiers)) == len(record.identifiers)


def test_what_cleaning_took_away_is_said_with_the_field() -> None:
    entry = Entry(title="A\x00B", place="line 1", creators=("Lee, Ann", "Roe\ud800, Jane\x01"))
    record, problems = crosswalk(entry, defaults=NOTHING)
    assert (record.title, record.creators) == (("AB",), ("Lee, Ann", "Roe, Jane"))
    assert [(problem.where, problem.severity) for problem in problems] == [
        ("title[0]", Severity.NOTE),
        ("creators[1]", Severity.NOTE),
    ]
    assert problems[1].what.startswith(
        "2 characters that no record can carry (controls, or directions of text) went out of 'Roe"
    )


@pytest.mark.parametrize("title", ["", " ", "\x00", "\u00a0"])
def test_an_entry_without_a_title_is_an_error(title: str) -> None:
    _, problems = crosswalk(Entry(title=title, place="line 1"), defaults=SOME)
    assert [problem.where for problem in problems if problem.severity is Severity.ERROR] == ["title"]


def test_origins_tell_the_page_from_the_configuration() -> None:
    assert origins(FULL, defaults=Defaults(language=("en",))) == (
        ("title", "heading 4"),
        ("creators", "byline"),
        ("identifiers", "title link"),
        ("description", "text"),
        ("language", "default"),
    )


@pytest.mark.parametrize(
    ("stated", "kept"),
    [
        ("doi:10.1177/x", "https://doi.org/10.1177/x"),
        ("10.1177/x", "https://doi.org/10.1177/x"),
        ("DOI: 10.1177/X", "https://doi.org/10.1177/X"),
        ("http://dx.doi.org/10.1177/x%3Cy", "https://doi.org/10.1177/x%3Cy"),
        ("doi:10.1002/(SICI)1<2::A>3.0;2-#", "https://doi.org/10.1002/(SICI)1%3C2::A%3E3.0;2-%23"),
        ("hdl:10034/62", "http://hdl.handle.net/10034/62"),
        ("10034/620000", "http://hdl.handle.net/10034/620000"),
        ("1721.1/99", "http://hdl.handle.net/1721.1/99"),
        ("2019/5", "2019/5"),
        ("https://hdl.handle.net/10034/62", "https://hdl.handle.net/10034/62"),
        ("https://repository.example/handle/10034/62", "https://repository.example/handle/10034/62"),
        ("ISBN 978-0-306-40615-7", "urn:isbn:9780306406157"),
        ("urn:isbn:0-306-40615-x", "urn:isbn:030640615X"),
        ("9780306406157", "9780306406157"),
        ("https://example.org/?a=10.1177/x", "https://example.org/?a=10.1177/x"),
        ("10.1/x", "10.1/x"),
    ],
)
def test_an_identifier_is_kept_as_an_address_where_we_know_how(stated: str, kept: str) -> None:
    assert kept_as(stated) == kept
    assert kept_as(kept) == kept


def test_the_link_of_the_page_comes_first_and_each_identifier_once() -> None:
    stated = ("doi:10.1177/x", "https://r.example/1", "https://DOI.org/10.1177/X", "https://r.example/1")
    record, _ = crosswalk(Entry(title="A", place="line 1", identifiers=stated), defaults=NOTHING)
    assert record.identifiers == ("https://r.example/1", "https://doi.org/10.1177/X")


@given(st.sampled_from(sorted(LANGUAGES)))
def test_a_known_language_is_its_code_and_stays_it(word: str) -> None:
    code = language(word)
    assert len(code) == 2
    assert language(code) == language(code.upper()) == code
    assert language(f"{code}_gb") == f"{code}-GB"


@pytest.mark.parametrize("text", ["tlh", "Klingon", "x-klingon", "", "zz-GB", "en-Latn-GB", "engl"])
def test_an_unknown_language_is_kept(text: str) -> None:
    assert language(text) == text

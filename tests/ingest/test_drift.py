"""Pages that went wrong, each refused with the feed untouched; pages that people edit, each believed; laws about both."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select, text

from repo_harvest import parse
from repo_harvest.ingest import Report
from repo_harvest.model import Outcome, Shape
from repo_harvest.store import ledger
from repo_harvest.store.engine import reading, writing
from repo_harvest.store.schema import upgrade
from repo_harvest.store.tables import runs
from tests.faults.revisions import make_earlier
from tests.laws import tries
from tests.pages_kit import WORKS, Site, Work, page_html
from tests.store.kit import dump, empty

# The same five works as a page in another language shows them: names, dates and links stay.
IN_GERMAN = (
    ("Grundlagen der Begleitung durch Gleichgestellte", "Was trägt, wenn beide eine Vergangenheit teilen? Vier Vorhaben zeigen, wie viel Geduld es kostet."),
    ("Begleitung: Grenzen behutsam überschreiten?", "Ein kurzes Gespräch über die Linie zwischen Beruf und Leben, und darüber, wo sie verläuft."),
    ("Politisch oder professionell? Ziele der freien Träger", "Ehrenamtliche wollen Verhältnisse ändern, Geldgeber wollen Zahlen sehen. Wer gibt wann nach?"),
    ("Mit Überzeugung einstellen", "Zwölf Betriebe berichten, warum sie Menschen mit Vorstrafen einstellen und was es dazu brauchte."),
    ("Begleitung durch Erfahrene", "Ein Papier für die Aufsicht: was Begleitung ist und was nicht, und welche Fragen zu stellen sind."),
)  # fmt: skip  # a table of titles and abstracts
LINKED = tuple(replace(work, link=f"https://doi.org/10.5555/{i}") for i, work in enumerate(WORKS))
GERMAN = tuple(
    work.but(title=title, abstract=abstract) for work, (title, abstract) in zip(LINKED, IN_GERMAN, strict=True)
)
TOPICS = ("Research and teaching", "Prisons and courts", "Policy in the cities", "Work and employers", "Guides")


@pytest.fixture
def site(engine: Engine, tmp_path: Path) -> Site:
    return Site(engine, tmp_path)


def refused(site: Site, page: str) -> str:
    """The page says this now; its run must be refused and leave everything as it was. Returns the reason."""
    before = dump(site.engine, without=["runs"])
    site.path.write_text(page, encoding="utf-8")
    report = site.run()
    assert report.run.outcome is Outcome.REFUSED
    assert report.run.shape is None
    assert dump(site.engine, without=["runs"]) == before
    return report.run.message


def accepted(site: Site, works: Sequence[Work]) -> Report:
    report = site.run(works)
    assert report.run.outcome is Outcome.DONE, report.run.message
    return report


def without_names(page: str) -> str:
    """The page with all class and id attributes taken off."""
    return re.sub(r'\s(?:class|id)="[^"]*"', "", page)


def with_names(page: str, name: str) -> str:
    """The page with a class and an id on every element of its body."""
    return re.sub(r"<(h4|p|main|h1)>", rf'<\1 class="{name} b" id="{name}">', page)


def topical(works: Sequence[Work]) -> str:
    """A page whose entries each have a line between title and byline that only its class tells from a title."""
    body = "".join(
        f'<p>{work.title}</p><p class="breadcrumb">{topic}</p><p>{work.byline}</p><p>{work.abstract}</p>'
        for work, topic in zip(works, TOPICS, strict=True)
    )
    return f"<!DOCTYPE html><html><head><title>List</title></head><body><main><h1>List</h1>{body}</main></body></html>"


# What is refused


def test_a_page_that_cannot_be_read_without_its_classes_is_refused_when_they_are_gone(site: Site) -> None:
    site.path.write_text(topical(WORKS), encoding="utf-8")
    assert site.run().run.new == 5
    bare = without_names(topical(WORKS))
    read = parse.read(bare, location="", content_type="text/html")
    assert [entry.title for entry in read.entries] != [work.title for work in WORKS]
    assert "in the last good run" in refused(site, bare)


def test_a_page_that_lost_all_its_classes_and_ids_is_refused_until_a_person_says_that_it_is_right(site: Site) -> None:
    named = with_names(page_html(WORKS), "list")
    site.path.write_text(named, encoding="utf-8")
    assert site.run().run.new == 5
    said = "classes and ids: 23 elements had one in the last good run, none has one now. Nothing was changed; look at"
    assert said in refused(site, without_names(named))
    site.path.write_text(without_names(named), encoding="utf-8")
    assert site.run(accept_drift=True).run.same == 5
    assert site.run().run.same == 5


@pytest.mark.parametrize("left", [WORKS[:2], WORKS[1::2], WORKS[3:]])
def test_a_page_that_lost_half_of_its_entries_is_refused(site: Site, left: tuple[Work, ...]) -> None:
    site.run(WORKS)
    message = refused(site, page_html(left))
    assert message == (
        "known entries: 5 in the last good run, only 2 of them now, of 2 on the page (at least 4 must be there). "
        "Nothing was changed; look at the page, and if it is right, accept it at the desk or with: repo-harvest ingest page --accept-drift"
    )


LOGINS = {
    "English": ("Log in | The Partnership", "Sign in to continue", "User name", "Password"),
    "German": ("Anmelden", "Bitte anmelden", "Benutzername", "Kennwort"),
    "Spanish": ("Iniciar sesión", "Acceso restringido", "Usuario", "Contraseña"),
    "Japanese": ("ログイン", "ログイン", "ユーザー名", "パスワード"),
    "wordless": ("The Partnership", "Welcome", "Name", "Word"),
}


@pytest.mark.parametrize("words", [pytest.param(words, id=name) for name, words in LOGINS.items()])
def test_a_login_page_is_refused_and_called_one(site: Site, words: tuple[str, ...]) -> None:
    site.run(WORKS)
    title, heading, name, password = words
    message = refused(
        site,
        f"<html><head><title>{title}</title></head><body><h1>{heading}</h1><form><p>{name} <input name='n'></p>"
        f"<p>{password} <input type='password' name='p'></p><button>{heading}</button></form></body></html>",
    )
    assert "no publications were found on this page (it asks for a password" in message


def errors() -> Iterator[tuple[str, str]]:
    news = [
        Work(
            f"Volunteers of year {year}",
            f"Smith, Joanna ({year})",
            "What they did, whom they met and how it went. " * 3,
        )
        for year in range(2015, 2024)
    ]
    yield "a bare one", "<html><title>Error</title><h1>Something went wrong</h1><p>Please try again later.</p></html>"
    yield "one that shows news", page_html(news, title="Page not found")
    yield "one that shows the newest entries", page_html(WORKS[:4], title="503 Service Unavailable")
    yield "a check for robots", "<html><title>Just a moment...</title><body><h1>Verify you are human</h1></body></html>"


@pytest.mark.parametrize("page", [pytest.param(page, id=name) for name, page in errors()])
def test_an_error_page_with_status_200_is_refused_and_called_one(site: Site, page: str) -> None:
    site.run(WORKS)
    assert "its title says '" in refused(site, page)


def test_an_error_page_is_not_believed_as_the_first_page_either(site: Site) -> None:
    ledger.source_state(site.engine, site.source.name, site.source.url)
    page = page_html(WORKS, title="Page not found")
    assert "never read before, and its title says 'Page not found'" in refused(site, page)
    site.path.write_text(page, encoding="utf-8")
    assert site.run(accept_drift=True).run.new == 5


@pytest.mark.parametrize("works", [WORKS, LINKED], ids=["without links", "with the same links"])
def test_the_page_in_another_language_is_refused(site: Site, works: tuple[Work, ...]) -> None:
    site.run(works)
    german = [replace(other, link=work.link) for other, work in zip(GERMAN, works, strict=True)]
    message = refused(site, page_html(german))
    assert re.search("known entries: 5 in the last good run|titles: other words .*; abstracts: other words ", message)


@pytest.mark.parametrize(
    ("spoil", "metric"),
    [
        ({"byline": "(2020)"}, "creators: filled in 5 of 5 entries in the last good run, in 0 of 5 now"),
        ({"byline": "Somebody, Else (1999)"}, "creators: other words than in the last good run in 5 of 5 known entries"),
        ({"byline": "Buck, Gillian (1999-01-01)"}, "dates: other words than in the last good run in 5 of 5 known entries"),
        ({"link": None}, "identifiers: filled in 5 of 5 entries in the last good run, in 0 of 5 now"),
        ({"abstract": ""}, "abstract: filled in 5 of 5 entries in the last good run, in 0 of 5 now"),
        ({"abstract": "Read the whole of it on the pages of the publisher."}, "abstracts: other words than in the last good run in 5 of 5 known entries (median length "),
    ],
)  # fmt: skip  # a table of what goes wrong and what is said
def test_a_page_whose_fields_went_empty_or_wrong_is_refused(
    site: Site, spoil: dict[str, str | None], metric: str
) -> None:
    site.run(LINKED)
    message = refused(site, page_html([replace(work, **spoil) for work in LINKED]))  # type: ignore[arg-type]  # mypy takes each value for each field
    assert metric in message
    assert message.endswith(
        "Nothing was changed; look at the page, and if it is right, accept it at the desk or with: repo-harvest ingest page --accept-drift"
    )


def test_a_refused_page_is_judged_by_the_last_good_one_however_often_it_comes(site: Site) -> None:
    site.run(WORKS)
    assert len({refused(site, page_html(WORKS[:2])) for _ in range(3)}) == 1
    assert accepted(site, WORKS).run.same == 5


# What a person may say


def test_what_a_person_accepted_is_the_good_page_from_then_on(site: Site) -> None:
    site.run(LINKED)
    refused(site, page_html(GERMAN))
    assert site.run(accept_drift=True).run.changed == 5
    assert accepted(site, GERMAN).run.same == 5
    assert "titles: other words" in refused(site, page_html(LINKED))


def test_a_dry_run_refuses_too_and_remembers_nothing(site: Site) -> None:
    assert site.run(WORKS, dry_run=True).run.shape is not None
    site.run(WORKS)
    before = dump(site.engine)
    assert site.run(WORKS[:2], dry_run=True).run.outcome is Outcome.REFUSED
    assert site.run(dry_run=True, accept_drift=True).run.gone == 3
    assert dump(site.engine) == before


# What is accepted


def test_what_people_do_to_a_page_is_believed(site: Site) -> None:
    works = list(WORKS[:4])
    accepted(site, works)
    works[1] = works[1].but(title="Mentoring: crossing boundaries with great care?")
    assert accepted(site, works).run.changed == 1
    works[2] = works[2].but(abstract=works[2].abstract.replace("change the system", "mend the system"))
    assert accepted(site, works).run.changed == 1
    assert accepted(site, works[::-1]).run.same == 4
    more = WORKS[4].but(title="A guide to inspecting what is offered", byline="Atherton, Peter (2022)")
    assert accepted(site, [WORKS[4], *works, more]).run.new == 2


def test_a_page_that_is_laid_out_anew_and_reads_the_same_is_the_same_page(site: Site) -> None:
    site.path.write_text(with_names(page_html(WORKS), "old"), encoding="utf-8")
    assert site.run().run.new == 5
    site.path.write_text(with_names(page_html(WORKS), "new"), encoding="utf-8")
    assert site.run().run.same == 5


def test_a_login_in_a_corner_of_the_page_is_no_drift(site: Site) -> None:
    site.run(WORKS)
    corner = "<div><h2>Log in</h2><form><input name=n><input type=password name=p></form></div></main>"
    site.path.write_text(page_html(WORKS).replace("</main>", corner), encoding="utf-8")
    assert (site.run().run.same, site.run().run.outcome) == (5, Outcome.DONE)


def test_good_runs_keep_the_shape_of_their_page(site: Site) -> None:
    site.run(WORKS)
    site.run(WORKS[:1])
    site.run([*WORKS, WORKS[4].but(title="A sixth one", byline="Buck, Gillian (2022)")])
    with reading(site.engine) as connection:
        kept = [
            json.loads(row) if row else None
            for row in connection.execute(select(runs.c.shape).order_by(runs.c.id)).scalars()
        ]
    assert [None if shape is None else shape["entries"] for shape in kept] == [5, None, 6]
    state = ledger.find_source(site.engine, "page")
    assert state is not None
    assert state.shape == Shape.from_dict(kept[2] or {})
    assert state.shape.filled == {
        "creators": 6,
        "date": 6,
        "identifiers": 1,
        "publisher": 3,
        "container": 0,
        "abstract": 6,
    }
    assert ledger.last_runs(site.engine)["page"].shape == state.shape


LATER = ("steering", "alerts")


def test_a_database_from_before_shapes_is_held_to_them_from_the_next_good_run_on(site: Site) -> None:
    site.run(LINKED)
    make_earlier(site.engine)
    with writing(site.engine) as connection:
        for index in ("ix_entries_home_id", "ix_entries_source_id_local_id"):
            connection.execute(text(f"DROP INDEX {index}"))
        for name in ("keys", "recent_keys", "features", "hot_keys", "pairs", "ruled", "rulings", *LATER):
            connection.execute(text(f"DROP TABLE {name}"))
        connection.execute(text("CREATE TABLE keys (key TEXT, item_id BIGINT)"))
        for table, column in (
            ("runs", "shape"), ("runs", "missing"), ("entries", "missing"), ("entries", "enriched"),
            ("entries", "disputes"), ("sources", "due"), ("entries", "home_id"), ("feed_clock", "written"),
            ("slots", "run_id"), ("slots", "tries"),
        ):  # fmt: skip  # a list of names
            connection.execute(text(f"ALTER TABLE {table} DROP COLUMN {column}"))
        connection.execute(text("DROP TABLE lookups"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0003'"))
    assert upgrade(site.engine)
    assert "known entries: 5" in refused(site, page_html(LINKED[:2]))
    report = accepted(site, LINKED)
    assert (report.run.same, report.run.shape is None) == (5, False)
    assert "identifiers: filled in 5 of 5" in refused(site, page_html([replace(work, link=None) for work in LINKED]))


# Laws

WORDS = [
    "prison", "release", "mentor", "volunteer", "justice", "system", "research", "practice", "women", "young", "people", "city",
    "region", "care", "work", "policy", "training", "method", "evidence", "narrative", "identity", "stigma", "hope", "trust",
]  # fmt: skip  # a list of words
SENTENCES = st.lists(st.sampled_from(WORDS), min_size=3, max_size=9, unique=True).map(
    lambda w: " ".join(w).capitalize()
)


@st.composite
def lists(draw: st.DrawFn) -> list[Work]:
    """Three to twelve works of different titles, all with names, date and abstract."""
    titles = draw(
        st.lists(SENTENCES, min_size=3, max_size=12, unique_by=lambda title: frozenset(title.lower().split()))
    )
    return [
        Work(
            title,
            f"{draw(st.sampled_from(['Buck, Gillian', 'Atherton, Peter', 'Gosling, Helena']))} ({1990 + number})",
            f"{draw(SENTENCES)}. {draw(SENTENCES)}. {draw(SENTENCES)} in {title.lower()}.",
            f"https://doi.org/10.5555/{number}" if draw(st.booleans()) else None,
        )
        for number, title in enumerate(titles)
    ]


def _retitled(works: list[Work], draw: st.DrawFn) -> list[Work]:
    at = draw(st.integers(0, len(works) - 1))
    return [*works[:at], works[at].but(title=f"{works[at].title} revisited"), *works[at + 1 :]]


def _corrected(works: list[Work], draw: st.DrawFn) -> list[Work]:
    at = draw(st.integers(0, len(works) - 1))
    return [*works[:at], works[at].but(abstract=f"{draw(SENTENCES)}. And {draw(SENTENCES)}."), *works[at + 1 :]]


def _reordered(works: list[Work], draw: st.DrawFn) -> list[Work]:
    return draw(st.permutations(works))


def _two_added(works: list[Work], draw: st.DrawFn) -> list[Work]:
    new = [
        WORKS[0].but(title=f"A new text, volume {word}", byline="Ito, Ken (2024)", link="") for word in ("one", "two")
    ]
    for work in new:
        works = [*works[: (at := draw(st.integers(0, len(works))))], work, *works[at:]]
    return works


EDITS: tuple[Callable[[list[Work], st.DrawFn], list[Work]], ...] = (_retitled, _corrected, _reordered, _two_added)


@st.composite
def edited(draw: st.DrawFn) -> tuple[list[Work], list[Work]]:
    """A list, and the same after a few edits of those that people make."""
    works = draw(lists())
    now = works
    for edit in draw(st.lists(st.sampled_from(EDITS), min_size=1, unique=True)):
        now = edit(now, draw)
    return works, now


@st.composite
def damaged(draw: st.DrawFn) -> tuple[list[Work], str]:
    """A list, and what its page turned into."""
    works = draw(lists())
    some = draw(st.permutations(works))[: draw(st.integers(0, len(works) // 2))]
    return works, draw(
        st.sampled_from(
            [
                page_html(some),
                page_html([work.but(title=work.title[::-1], abstract=work.abstract[::-1]) for work in works]),
                page_html([work.but(byline=f"({1990 + number})") for number, work in enumerate(works)]),
                page_html([replace(work, abstract="") for work in works]),
                "<html><title>Sign in</title><form><input type=password></form>",
                page_html(works[1:], title="Access denied"),
            ]
        )
    )


_LAW = settings(max_examples=tries(15), suppress_health_check=[HealthCheck.function_scoped_fixture])


def anew(site: Site, works: list[Work]) -> None:
    """The site as it is after a first good run with these works, whatever was there before."""
    empty(site.engine, 0)
    site.source = replace(site.source, name=f"page-{site.clock.now:.0f}")
    assert accepted(site, works).run.new == len(works)


@_LAW
@given(edited())
def test_small_edits_are_believed(site: Site, pages: tuple[list[Work], list[Work]]) -> None:
    before, now = pages
    anew(site, before)
    accepted(site, now)


@_LAW
@given(damaged())
def test_gross_damage_is_refused_and_what_was_there_comes_back_unmoved(
    site: Site, pages: tuple[list[Work], str]
) -> None:
    works, page = pages
    anew(site, works)
    refused(site, page)
    assert accepted(site, works).run.same == len(works)

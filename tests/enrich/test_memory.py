"""What an address once gave is kept: asked again only when it is old, and never lost to a failure or a poorer answer."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import Engine

from repo_harvest.model import Entry
from tests.enrich.kit import CSL, DOI, TITLE, Web, entry, head
from tests.store.kit import dump

DAY = 86_400
NAMES = [{"family": "Okoro", "given": "Ada"}]
PAGE = entry(f"doi:{DOI}")
DEEP = "[" * 100_000
HOSTILE = {
    "404": ("gone", "text/html", 404),
    "500": ("broken", "text/html", 500),
    "login": ("<title>Log in</title><input type=password>", "text/html", 200),
    "empty": ("", CSL, 200),
    "no JSON": ("{", CSL, 200),
    "deep JSON": (DEEP, CSL, 200),
    "JSON of other shape": (json.dumps({"title": {"title": [[]]}, "author": "x", "issued": [1]}), CSL, 200),
    "JSON of names only": (json.dumps({"title": TITLE, "author": [None, [], {}], "issued": {"date-parts": [[None]]}}), CSL, 200),
    "half a character": ('{"title": "\\ud800", "author": [{"family": "\\ud800"}]}', CSL, 200),
    "control characters": (b"\x00\x01\x02" * 900, "application/json", 200),
    "deep HTML": ("<div>" * 50_000, "text/html", 200),
    "deep script": (f'<script type="application/ld+json">{DEEP}</script>', "text/html", 200),
    "a file": (b"%PDF-1.7", "application/pdf", 200),
    "another work": (json.dumps({"title": "A history of harbours", "publisher": "Else"}), CSL, 200),
    "huge": (b" " * 4_000_000, CSL, 200),
}  # fmt: skip  # a table


def creators(done_entries: tuple[Entry, ...]) -> list[tuple[str, ...]]:
    return [found.creators for found in done_entries]


def test_what_is_known_is_not_asked_for_again_until_it_is_old(web: Web, engine: Engine) -> None:
    web.doi(author=NAMES)
    first = web.enrich(engine, PAGE, enquirer=web.enquirer(days=10))
    kept = dump(engine)
    assert first.due == int(web.clock.now) + 10 * DAY
    web.doi(author=[*NAMES, {"family": "Lind"}])
    again = web.enrich(engine, PAGE, enquirer=web.enquirer(days=10))
    assert (again.entries, again.due, again.asked, len(web.asked)) == (first.entries, first.due, 0, 1)
    assert dump(engine) == kept
    web.clock.now += 10 * DAY
    later = web.enrich(engine, PAGE, enquirer=web.enquirer(days=10))
    assert creators(later.entries) == [("Okoro, Ada", "Lind")]
    assert len(web.asked) == 2


@pytest.mark.parametrize("answer", HOSTILE.values(), ids=HOSTILE)
def test_a_bad_answer_costs_nothing_and_takes_nothing_back(
    web: Web, shelf: Engine, answer: tuple[str | bytes, str, int]
) -> None:
    content, kind, status = answer
    web.serve(f"/doi/{DOI}", content, kind=kind, status=status)
    assert web.enrich(shelf, PAGE).entries == (PAGE,)
    web.doi(author=NAMES, abstract="What they heard.")
    web.clock.now += 30 * DAY
    good = web.enrich(shelf, PAGE)
    assert creators(good.entries) == [("Okoro, Ada",)]
    web.serve(f"/doi/{DOI}", content, kind=kind, status=status)
    for _ in range(3):
        web.clock.now += 30 * DAY
        assert web.enrich(shelf, PAGE).entries == good.entries
    assert len(web.asked) == 5


def test_a_failure_is_tried_again_sooner_than_an_answer(web: Web, shelf: Engine) -> None:
    web.serve(f"/doi/{DOI}", status=404)
    failed = web.enrich(shelf, PAGE)
    assert failed.due == int(web.clock.now) + 3 * DAY
    assert f"{web.url(f'/doi/{DOI}')}: the server answered 404 Not Found" in failed.notes[0].what
    web.doi(author=NAMES)
    assert web.enrich(shelf, PAGE).entries == (PAGE,)
    web.clock.now += 3 * DAY
    assert creators(web.enrich(shelf, PAGE).entries) == [("Okoro, Ada",)]


def test_a_poorer_answer_takes_nothing_back_and_a_corrected_one_counts(web: Web, shelf: Engine) -> None:
    web.doi(author=NAMES, abstract="What they heard.", publisher="Gate Pres")
    web.enrich(shelf, PAGE)
    web.doi(publisher="Gate Press")
    web.clock.now += 30 * DAY
    (found,) = web.enrich(shelf, PAGE).entries
    assert (found.creators, found.abstract, found.publisher) == (("Okoro, Ada",), "What they heard.", "Gate Press")


def test_what_told_first_is_believed_when_another_address_tells_more(web: Web, shelf: Engine) -> None:
    web.serve(f"/doi/{DOI}", status=500)
    url = web.serve("/item/7", head('<meta name="citation_author" content="Okoro, Ada">'))
    page = entry(f"doi:{DOI}", url)
    assert creators(web.enrich(shelf, page).entries) == [("Okoro, Ada",)]
    web.doi(author=[{"family": "Okoro", "given": "A. B."}], publisher="Gate Press")
    web.clock.now += 3 * DAY
    (found,) = web.enrich(shelf, page).entries
    assert (found.creators, found.publisher) == (("Okoro, Ada",), "Gate Press")

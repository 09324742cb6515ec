"""What is too long to be what it says it is does not become part of an entry, and is told."""

from __future__ import annotations

import json

from repo_harvest.model import Entry
from repo_harvest.parse import Reading, read
from repo_harvest.parse.bounds import bounded


def stated(*works: dict[str, object]) -> Reading:
    told = [{"@type": "Book", "datePublished": "2020", "author": "Okafor, Ada", **work} for work in works]
    page = f'<script type="application/ld+json">{json.dumps(told)}</script>'
    return read(page, location="https://example.org/l", content_type="text/html")


def test_what_honest_works_say_stays() -> None:
    entry = Entry(
        title="A" * 1_000,
        place="p",
        creators=tuple(f"Surname{number}, Given" for number in range(3_000)),
        abstract="a" * 10_000,
        identifiers=tuple(f"https://doi.org/10.1000/{number}" for number in range(20)),
    )
    assert bounded([entry]) == ((entry,), ())


def test_a_title_of_a_megabyte_is_none() -> None:
    reading = stated({"name": "Mentoring after prison"}, {"name": "Mentoring " * 100_000})
    assert [entry.title for entry in reading.entries] == ["Mentoring after prison"]
    assert any("of 999,999 characters, is no title" in problem.what for problem in reading.problems)


def test_other_values_that_are_too_long_are_left_out_and_the_entry_stays() -> None:
    authors = [f"Okafor, A{number}" for number in range(6_000)]
    reading = stated({"name": "Mentoring after prison", "abstract": "word " * 20_000, "author": authors})
    (entry,) = reading.entries
    assert (entry.abstract, len(entry.creators)) == (None, 5_000)
    told = {problem.where: problem.what for problem in reading.problems}
    assert "an abstract of 99,999 characters was left out" in told["entries[0].abstract"]


def test_problems_are_told_up_to_a_number() -> None:
    reading = read("<pre>" + "@book{a, title = \n\n" * 20_000 + "</pre>", location="", content_type="text/html")
    assert len(reading.problems) <= 5_001

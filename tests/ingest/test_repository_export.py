"""The page of a partnership, and the same works as the repository it was pasted from exports them: each is one work."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import Engine

from repo_harvest.store.review import doubts
from tests.ingest.test_matching import Desk, Line
from tests.pages_kit import Site, Work

# Titles, names and dates are those of real works; the abstracts are our own.
PAGE = (
    Work(
        "Employing with conviction: The experiences of employers who actively recruit criminalised people",
        "Atherton, Peter; Buck, Gillian (2021)",
        "Why would a firm look for staff among people with a record? Twelve firms that do were asked how it began, what it asks "
        "of managers and colleagues, and which of their fears came true; hardly any did.",
    ),
    Work(
        "Mentoring and Peer Mentoring",
        "Buck, Gillian (2021) justiceinspectorates.gov.uk",
        "A paper written for inspectors of probation: where mentoring comes from, what is known of its effects, and what to ask a "
        "service that offers it, with an eye on mentors who have been there themselves.",
    ),
    Work(
        "Peer Mentoring in Criminal Justice",
        "Buck, Gillian (2020)",
        "A workbook for groups: each section opens with a scene from a mentoring session, goes on with questions to talk about, "
        "and closes with a page to write on. It can be used without having read anything else.",
    ),
    Work(
        "Politicisation or professionalisation? Exploring divergent aims within the UK voluntary sector peer mentoring",
        "Buck, Gillian (Wiley, 2019-09-04)",
        "Some mentors want the system to be another one; their funders want its targets met. The tension is followed through the "
        "voluntary bodies of one region, and the question is asked whose aims win when a contract is signed.",
    ),
    Work(
        "The core conditions of peer mentoring",
        "Buck, Gillian (SAGE, 2017-03-21)",
        "Care, listening, and small steps: three things that mentors and those they mentor name when they are asked what made a "
        "difference. The article looks at each and at what it costs the person who gives it.",
    ),
    Work(
        "“I wanted to feel the way they did”: Mimesis as a situational dynamic of peer mentoring by ex-offenders",
        "Buck, Gillian (Taylor & Francis, 2016-08-24)",
        "People who meet a mentor with a past like theirs say that they wished to be like them. The article takes the wish at its "
        "word and reads four projects with the help of a theory of imitation, and of what rivalry does to it.",
    ),
    Work(
        "Mentoring: crossing boundaries with care?",
        "Buck, Gillian; Corcoran, Mary; Worrall, Anne (2015-10-29)",
        "Where does a mentor's work end and a friend's begin? Women who mentor women on probation tell how they drew the line, "
        "moved it, and were told off for both.",
    ),
    Work(
        "Tug of war: volunteers between service and solidarity",
        "Hughes, Will; Buck, Gillian (2018)",
        "Volunteers who were once clients sit on both sides of the desk. Diaries kept through one year show how they are pulled, "
        "and by whom, and what the organisation learned from reading them.",
    ),
)  # fmt: skip  # as a page lists them

INSTITUTION = "University of Chester"


def exported(number: int, work: Work) -> dict[str, object]:
    """A work as DSpace exports it: who deposited it among the creators, publishers glued, its own idea of dates."""
    names, _, rest = work.byline.partition(" (")
    year = rest[:4]
    publisher = rest.partition(")")[0].rpartition(", ")[0]
    return {
        "id": f"10034/{620000 + number}",
        "title": work.title if number % 2 else work.title.replace(": ", " : ").replace("“", '"').replace("”", '"'),
        "creators": [*(part.strip() for part in names.split(";")), INSTITUTION],
        "date": [f"{year}-11-{number + 10}T10:14:22Z", year] if number % 3 else [f"publication {year}"],
        "publisher": f"{publisher}; {INSTITUTION}" if publisher else INSTITUTION,
        "description": work.abstract,
        "identifiers": [f"http://hdl.handle.net/10034/{620000 + number}"],
        "type": "Article",
    }


BOOK: Line = {
    "id": "book",
    "title": "Peer mentoring in criminal justice",
    "creators": ["Buck, Gillian"],
    "date": "2020",
    "publisher": "Routledge",
    "identifiers": ["urn:isbn:9780367228705", "https://doi.org/10.4324/9780429277429"],
    "type": "Book",
    "description": "From interviews and long observation the book draws a theory of mentoring among people with convictions: of "
    "identity, agency, values and change, and of the power that runs through all four.",
}


@pytest.mark.parametrize("page_first", [True, False])
@pytest.mark.parametrize(
    "told", ["all that it has", "a book without abstract and numbers", "no abstracts in the export"]
)
def test_eight_works_and_the_book(engine: Engine, tmp_path: Path, page_first: bool, told: str) -> None:
    site, desk = Site(engine, tmp_path), Desk(engine, tmp_path)
    lines = [exported(number, work) for number, work in enumerate(PAGE)]
    book = dict(BOOK)
    if told.startswith("a book"):
        del book["description"], book["identifiers"]
    if told.startswith("no"):
        lines = [{name: value for name, value in one.items() if name != "description"} for one in lines]
    if page_first:
        site.run(PAGE)
    desk.load([*lines, book])
    if not page_first:
        site.clock.now = desk.clock.now + 60
        site.run(PAGE)
    works = desk.works()
    assert frozenset({"book"}) in works, "the workbook is not the book"
    merged_wrongly = [work for work in works if len(work) > 2]
    assert merged_wrongly == []
    if not told.startswith("no"):
        assert sorted(map(len, works)) == [1] + [2] * 8
    else:
        apart = [work for work in works if len(work) == 1 and work != {"book"}]
        assert len(apart) <= 2 * len(doubts(site.engine)), "what is not merged is at least asked about"

"""Pages, drawn works, and how long things take: shared by the tests of the forms."""

from __future__ import annotations

import html
import re

from hypothesis import strategies as st

from repo_harvest.model import Entry, PartialDate
from repo_harvest.parse.embedded import EmbeddedList, read
from repo_harvest.parse.tree import parse_html
from tests.parse.strategies import ABSTRACTS, PUBLISHERS, TITLES, dates

LOCATION = "https://example.org/publications/"

SURNAMES = ("Buck", "O'Neill", "van der Berg", "Smith-Jones", "Ó Briain", "Nguyễn", "Götz", "Ångström", "Łuczak", "Şen", "Erdős")  # fmt: skip
GIVENS = ("Gillian", "Siân", "A. B.", "Jean-Luc", "François", "Zoë", "Mary Ann", "G.", "Ngozi", "Miloš", "Strauß")
BODIES = ("Ministry of Justice", "User Voice", "Centre for Crime, Shame and Repair")

people = st.builds("{}, {}".format, st.sampled_from(SURNAMES), st.sampled_from(GIVENS)) | st.sampled_from(BODIES)


def entries(count: int = 6) -> st.SearchStrategy[list[Entry]]:
    """Works with different titles, whose fields are drawn apart from one another."""
    return st.lists(work, min_size=1, max_size=count, unique_by=lambda entry: entry.title)


@st.composite
def _work(draw: st.DrawFn) -> Entry:
    words = st.text(alphabet=" abcdefgÀÉíñöüßøåŁşžč&%$#_~^0123456789?!,.:;()—–“”-", min_size=1, max_size=60)
    title = draw(st.sampled_from(TITLES) | words.map(lambda text: "A " + " ".join(text.split())).filter(_is_stable))
    number = draw(st.integers(1, 99_999))
    return Entry(
        title=title.strip(),
        place="",
        creators=tuple(draw(st.lists(people, unique=True, max_size=5))),
        date=draw(st.none() | dates()),
        container=draw(
            st.none() | st.sampled_from(["Probation Journal", "Théorie & Société", "Crime, Media, Culture"])
        ),
        publisher=draw(st.none() | st.sampled_from(PUBLISHERS)),
        identifiers=draw(
            st.sampled_from([(), (f"doi:10.1177/{number}",), (f"https://hdl.handle.net/10034/{number}",)])
        ),
        abstract=draw(st.none() | st.sampled_from(ABSTRACTS)),
    )


def _is_stable(text: str) -> bool:
    """Whether no characters of it stand for others: in LaTeX two hyphens are a dash, and sites write `&amp;` anywhere."""
    return html.unescape(text) == text and re.search("[-–—“”]{2}", text) is None and text == text.strip()


work = _work()


def facts(entry: Entry) -> tuple[object, ...]:
    """What an entry states, without where it was read."""
    return (
        entry.title,
        entry.creators,
        entry.date,
        entry.container,
        entry.publisher,
        entry.identifiers,
        entry.abstract,
    )


def lists_of(page: str, *, location: str = LOCATION) -> tuple[EmbeddedList, ...]:
    """What a page states."""
    root, _ = parse_html(page)
    assert root is not None
    return read(root, location=location)


def only(page: str, form: str) -> EmbeddedList:
    """The one list of a form that a page has."""
    (found,) = [found for found in lists_of(page) if found.name == form]
    return found


def one(page: str, form: str) -> Entry:
    """The one entry of a form that a page has, which has no problems."""
    found = only(page, form)
    assert found.problems == ()
    (entry,) = found.entries
    return entry


def date(text: str) -> PartialDate:
    """A date from its text."""
    return PartialDate.parse(text)

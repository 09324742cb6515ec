"""Publications as records, and the same written in six styles, for laws about reading them back.

A `Work` is what a citation states; `STYLES` write it as their handbooks say. A style may mark the container in italics.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from random import Random

from repo_harvest.parse.document import Block, Line, Run
from repo_harvest.parse.unit import Unit

SURNAMES = (
    "Buck", "O’Neill", "van der Berg", "Smith-Jones", "Ó Briain", "Nguyễn", "García Márquez", "de la Cruz", "Lee", "Müller",
    "Østergaard", "Kowalczyk", "Fernández", "MacArthur", "Wu", "Di Stefano", "Patel", "Şahin", "Dvořák", "Brown",
)  # fmt: skip
GIVENS = (
    ("Gillian",), ("Jean-Luc",), ("Mary", "Ann"), ("Peter", "J."), ("Siân",), ("Ngozi",), ("Łukasz",), ("José",),
    ("Anna", "M.", "K."), ("Wei",), ("Ursula",), ("Thomas",),
)  # fmt: skip
TITLES = (
    "Listening at the gate", "What volunteers count: Trust and time", "Does support work? Evidence from three towns",
    "Crime, shame and repair (2001–2011)", "Letters from inside and outside", "On being expected somewhere",
    "The “third place” in rural libraries", "Seven days in 1984: A diary study", "Who cares?", "A survey of H2O at 300 K",
    "Reading E. coli: Growth and form", "Network models and their limits", "Mentors, peers and the State",
    "Why do 5 of 10 projects fail? A reply", "Public trust in open data", "Learning to wait",
)  # fmt: skip
JOURNALS = (
    "Journal of Social Work", "The Howard Journal of Crime and Justice", "Nature", "Accounting, Organizations and Society",
    "Probation Quarterly", "Zeitschrift für Soziologie", "European Journal of Innovation Management", "Physical Review E",
    "Revista de Estudios Sociales", "Punishment & Society", "Environment and Planning A", "Annals of Botany",
)  # fmt: skip
BOOKS = (
    "Handbook of peer support",
    "Cities and their edges",
    "New directions in volunteering",
    "The Oxford companion to prisons",
)
PUBLISHERS = ("Policy Press", "Routledge", "Cambridge University Press", "Springer", "SAGE", "Palgrave Macmillan")
TOWNS = ("London", "Bristol", "New York", "Berlin", "Cambridge")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person with a surname and given names."""

    surname: str
    given: tuple[str, ...]

    @property
    def initials(self) -> str:
        """`J.-L.` or `M. A.`"""
        return " ".join("-".join(f"{part[0]}." for part in name.split("-")) for name in self.given)

    @property
    def block(self) -> str:
        """`JL` or `MA`."""
        return "".join(part[0] for name in self.given for part in name.split("-"))

    @property
    def full(self) -> str:
        """The given names as they are."""
        return " ".join(self.given)


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """An article if it has a volume, a chapter if it has editors, else a book."""

    people: tuple[Person, ...]
    title: str
    year: int
    container: str = ""
    volume: int = 0
    issue: int = 0
    pages: tuple[int, int] = (0, 0)
    publisher: str = ""
    town: str = ""
    editors: tuple[Person, ...] = ()
    doi: str = ""

    @property
    def kind(self) -> str:
        """article, chapter or book."""
        return "article" if self.volume else "chapter" if self.editors else "book"

    @property
    def range(self) -> str:
        """Its pages, with an en dash."""
        return f"{self.pages[0]}–{self.pages[1]}"


def person(random: Random) -> Person:
    """Anybody."""
    return Person(surname=random.choice(SURNAMES), given=random.choice(GIVENS))


def people(random: Random, most: int) -> tuple[Person, ...]:
    """A few people with different surnames."""
    found = {each.surname: each for each in (person(random) for _ in range(random.randint(1, most)))}
    return tuple(found.values())


def work(random: Random) -> Work:
    """A publication of any of the three kinds, articles most often."""
    kind = random.choice(["article", "article", "article", "chapter", "book"])
    first = random.randint(1, 900)
    plain = Work(people=people(random, 4), title=random.choice(TITLES), year=random.randint(1961, 2026))
    if kind == "article":
        return replace(
            plain,
            container=random.choice(JOURNALS),
            volume=random.randint(1, 400),
            issue=random.choice([0, random.randint(1, 12)]),
            pages=(first, first + random.randint(1, 40)),
            doi=random.choice(["", f"10.{random.randint(1000, 99999)}/x.{random.randint(1, 9999)}"]),
        )
    book = replace(plain, publisher=random.choice(PUBLISHERS), town=random.choice(TOWNS))
    if kind == "book":
        return book
    pages = (first, first + random.randint(1, 40))
    return replace(book, container=random.choice(BOOKS), editors=people(random, 2), pages=pages)


# --- styles: {…} is what the style sets in italics ---------------------------------------------------------------


def _joined(names: list[str], last: str, *, comma: bool = True) -> str:
    if len(names) == 1:
        return names[0]
    return ", ".join(names[:-1]) + ("," if comma and len(names) > 2 else "") + f" {last} " + names[-1]


def apa(work: Work) -> str:
    """APA, 7th edition."""
    names = [f"{each.surname}, {each.initials}" for each in work.people]
    head = (names[0] if len(names) == 1 else ", ".join(names[:-1]) + ", & " + names[-1]) + f" ({work.year}). "
    doi = f" https://doi.org/{work.doi}" if work.doi else ""
    stop = "" if work.title.endswith("?") else "."
    if work.kind == "article":
        issue = f"({work.issue})" if work.issue else ""
        return f"{head}{work.title}{stop} {{{work.container}, {work.volume}}}{issue}, {work.range}.{doi}"
    if work.kind == "chapter":
        editors = _joined([f"{each.initials} {each.surname}" for each in work.editors], "&", comma=False)
        mark = "Eds." if len(work.editors) > 1 else "Ed."
        return f"{head}{work.title}{stop} In {editors} ({mark}), {{{work.container}}} (pp. {work.range}). {work.publisher}."
    return f"{head}{{{work.title}}}{stop} {work.publisher}."


def harvard(work: Work) -> str:
    """Harvard, as Cite them right has it."""
    names = _joined([f"{each.surname}, {each.initials.replace(' ', '')}" for each in work.people], "and", comma=False)
    head = f"{names} ({work.year}) "
    doi = f" doi:{work.doi}." if work.doi else ""
    if work.kind == "article":
        issue = f"({work.issue})" if work.issue else ""
        return f"{head}‘{work.title}’, {{{work.container}}}, {work.volume}{issue}, pp. {work.range}.{doi}"
    if work.kind == "chapter":
        editors = _joined(
            [f"{each.surname}, {each.initials.replace(' ', '')}" for each in work.editors], "and", comma=False
        )
        mark = "eds" if len(work.editors) > 1 else "ed."
        return f"{head}‘{work.title}’, in {editors} ({mark}) {{{work.container}}}. {work.town}: {work.publisher}, pp. {work.range}."
    stop = "" if work.title.endswith("?") else "."
    return f"{head}{{{work.title}}}{stop} {work.town}: {work.publisher}."


def _first_inverted(work: Work) -> str:
    first, *others = work.people
    names = [f"{first.surname}, {first.full}", *(f"{each.full} {each.surname}" for each in others)]
    if len(names) == 1:
        return names[0]
    return ", ".join(names[:-1]) + ", and " + names[-1]


def mla(work: Work) -> str:
    """MLA, 9th edition."""
    names = _first_inverted(work)
    head = names + (" " if names.endswith(".") else ". ")
    stop = "" if work.title.endswith("?") else "."
    doi = f", doi:{work.doi}" if work.doi else ""
    if work.kind == "article":
        issue = f" no. {work.issue}," if work.issue else ""
        return f"{head}“{work.title}{stop}” {{{work.container}}}, vol. {work.volume},{issue} {work.year}, pp. {work.range}{doi}."
    if work.kind == "chapter":
        editors = _joined([f"{each.full} {each.surname}" for each in work.editors], "and", comma=False)
        return f"{head}“{work.title}{stop}” {{{work.container}}}, edited by {editors}, {work.publisher}, {work.year}, pp. {work.range}."
    return f"{head}{{{work.title}}}{stop} {work.publisher}, {work.year}."


def chicago(work: Work) -> str:
    """Chicago, author and date."""
    names = _first_inverted(work)
    head = names + (" " if names.endswith(".") else ". ") + f"{work.year}. "
    stop = "" if work.title.endswith("?") else "."
    doi = f" https://doi.org/{work.doi}." if work.doi else ""
    if work.kind == "article":
        issue = f" ({work.issue})" if work.issue else ""
        return f"{head}“{work.title}{stop}” {{{work.container}}} {work.volume}{issue}: {work.range}.{doi}"
    if work.kind == "chapter":
        editors = _joined([f"{each.full} {each.surname}" for each in work.editors], "and", comma=False)
        return f"{head}“{work.title}{stop}” In {{{work.container}}}, edited by {editors}, {work.range}. {work.town}: {work.publisher}."
    return f"{head}{{{work.title}}}{stop} {work.town}: {work.publisher}."


def vancouver(work: Work) -> str:
    """Vancouver, as MEDLINE has it."""
    head = ", ".join(f"{each.surname} {each.block}" for each in work.people) + ". "
    stop = "" if work.title.endswith("?") else "."
    doi = f" doi: {work.doi}" if work.doi else ""
    if work.kind == "article":
        issue = f"({work.issue})" if work.issue else ""
        return f"{head}{work.title}{stop} {{{work.container}}}. {work.year};{work.volume}{issue}:{work.range}.{doi}"
    if work.kind == "chapter":
        editors = ", ".join(f"{each.surname} {each.block}" for each in work.editors)
        mark = "editors" if len(work.editors) > 1 else "editor"
        return f"{head}{work.title}{stop} In: {editors}, {mark}. {{{work.container}}}. {work.town}: {work.publisher}; {work.year}. p. {work.range}."
    return f"{head}{{{work.title}}}{stop} {work.town}: {work.publisher}; {work.year}."


def ieee(work: Work) -> str:
    """IEEE."""
    head = _joined([f"{each.initials} {each.surname}" for each in work.people], "and") + ", "
    stop = "" if work.title.endswith("?") else ","
    doi = f", doi: {work.doi}" if work.doi else ""
    if work.kind == "article":
        issue = f" no. {work.issue}," if work.issue else ""
        return f"{head}“{work.title}{stop}” {{{work.container}}}, vol. {work.volume},{issue} pp. {work.range}, {work.year}{doi}."
    if work.kind == "chapter":
        editors = _joined([f"{each.initials} {each.surname}" for each in work.editors], "and")
        mark = "Eds." if len(work.editors) > 1 else "Ed."
        return f"{head}“{work.title}{stop}” in {{{work.container}}}, {editors}, {mark} {work.town}: {work.publisher}, {work.year}, pp. {work.range}."
    return f"{head}{{{work.title}}}. {work.town}: {work.publisher}, {work.year}."


STYLES: dict[str, Callable[[Work], str]] = {
    "APA": apa, "Harvard": harvard, "MLA": mla, "Chicago": chicago, "Vancouver": vancouver, "IEEE": ieee,
}  # fmt: skip


def creators(style: str, work: Work) -> tuple[str, ...]:
    """The people as a reading states them: "Surname, Given" where the style says which is which, else as written."""
    first, *others = work.people
    if style == "APA":
        return tuple(f"{each.surname}, {each.initials}" for each in work.people)
    if style == "Harvard":
        return tuple(f"{each.surname}, {each.initials.replace(' ', '')}" for each in work.people)
    if style == "Vancouver":
        return tuple(f"{each.surname}, {each.block}" for each in work.people)
    if style == "IEEE":
        return tuple(f"{each.initials} {each.surname}" for each in work.people)
    return (f"{first.surname}, {first.full}", *(f"{each.full} {each.surname}" for each in others))


def unit(text: str, *, marked: bool, number: int = 1) -> Unit:
    """The unit that a citation is on a page: what stands in braces is in italics, if anything is marked."""
    runs, rest = [], text
    while "{" in rest:
        before, _, rest = rest.partition("{")
        inside, _, rest = rest.partition("}")
        runs += [Run(before), Run(inside, italic=True)]
    runs = [run for run in (*runs, Run(rest)) if run.text]
    plain = "".join(run.text for run in runs)
    block = Block(name=f"p[{number}]", tag="p")
    return Unit(
        lines=(Line(text=plain, block=block, place=block.place, runs=tuple(runs) if marked else (Run(plain),)),)
    )

"""A reading of the page in, its entries out, with a problem for everything that could not be read for certain.

An entry is never dropped for a bad date or an unreadable byline: it keeps its title, its abstract and the byline's
words. An address that several entries with different titles link to identifies none of them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass

from repo_harvest.model import Entry, Link, Problem, Severity
from repo_harvest.parse import byline as bylines
from repo_harvest.parse import identifiers
from repo_harvest.parse.byline import Byline, Strength
from repo_harvest.parse.layouts import Draft, Proposal, View
from repo_harvest.parse.names import Order
from repo_harvest.parse.orcid import name_identifiers

__all__ = ["as_entries"]

_LONGEST_QUOTE = 60  # characters of a page's words in a problem


def as_entries(view: View, proposal: Proposal) -> tuple[tuple[Entry, ...], tuple[Problem, ...]]:
    """The entries of a proposal, in the order of the page, and what a person should know about them."""
    order = _order(view, proposal)
    shared = _shared_links(view, proposal)
    entries: list[Entry] = []
    problems: list[Problem] = []
    for at, draft in enumerate(proposal.drafts):
        maker = _Maker(view=view, draft=draft, where=f"entries[{at}]", order=order, shared=shared)
        entries.append(maker.entry())
        problems += maker.problems()
    return tuple(entries), (*problems, *_orphans(view, proposal))


def _order(view: View, proposal: Proposal) -> Order:
    """How the page writes people: what most of its bylines prove."""
    found = [view.bylines[draft.head.byline] for draft in proposal.drafts if draft.head.byline is not None]
    votes = Counter(byline.order for byline in found if byline and byline.order is not Order.UNKNOWN)
    return votes.most_common(1)[0][0] if votes else Order.UNKNOWN


def _shared_links(view: View, proposal: Proposal) -> frozenset[str]:
    """The addresses that titles with different words link to."""
    titles: defaultdict[str, set[str]] = defaultdict(set)
    for draft in proposal.drafts:
        for link in _title_links(view, draft):
            titles[link.url].add(_title(view, draft).casefold())
    return frozenset(url for url, words in titles.items() if len(words) > 1)


def _orphans(view: View, proposal: Proposal) -> list[Problem]:
    """A problem for each line that is a byline beyond doubt and belongs to no entry."""
    used = {at for draft in proposal.drafts for at in (*draft.head.title, draft.head.byline)}
    problems = []
    for at, byline in enumerate(view.bylines):
        if byline and byline.strength is Strength.CERTAIN and at not in used:
            what = f"{_quoted(view.lines[at].text)} reads as a byline, but no title stands before it"
            problems.append(Problem(where=view.lines[at].place, what=what))
    return problems


def _title(view: View, draft: Draft) -> str:
    return " ".join(view.lines[at].text for at in draft.head.title)


def _title_links(view: View, draft: Draft) -> list[Link]:
    return [link for at in draft.head.title for link in view.lines[at].links]


def _quoted(text: str) -> str:
    return f"'{text}'" if len(text) <= _LONGEST_QUOTE else f"'{text[:_LONGEST_QUOTE]}…'"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Maker:
    """Makes one entry of one draft."""

    view: View
    draft: Draft
    where: str
    order: Order
    shared: frozenset[str]

    def entry(self) -> Entry:
        head, lines = self.draft.head, self.view.lines
        byline = self._byline()
        abstract = " ".join(lines[at].text for at in self.draft.body) or None
        found = self._identifiers()
        at_byline = () if head.byline is None else lines[head.byline].name_links
        known = name_identifiers(byline.creators, at_byline) if byline and at_byline else ()
        return Entry(
            title=_title(self.view, self.draft),
            place=lines[head.title[0]].place,
            byline=lines[head.byline].text if head.byline is not None else "",
            creators=byline.creators if byline else (),
            date=byline.date if byline else None,
            publisher=byline.publisher if byline else None,
            identifiers=tuple(dict.fromkeys(value for value, _ in found)),
            abstract=abstract,
            name_identifiers=known,
            links=self._links(),
            origins=self._origins(byline, found, abstract, known),
        )

    def problems(self) -> list[Problem]:
        """What could not be read, what was left out, and which links are no identifiers."""
        found = [*self._about_byline(), *self._about_left_out()]
        for link in _title_links(self.view, self.draft):
            if link.url in self.shared:
                what = f"entries with other titles link to {link.url} too: it identifies none of them"
                found.append(Problem(where=f"{self.where}.identifiers", what=what, severity=Severity.NOTE))
        return found

    def _byline(self) -> Byline | None:
        """The byline, where it could be read both ways as the page writes people."""
        at = self.draft.head.byline
        found = None if at is None else self.view.bylines[at]
        if at is None or found is None or self.order is Order.UNKNOWN or found.order is not Order.UNKNOWN:
            return found
        return bylines.read(self.view.lines[at].text, order=self.order)

    def _identifiers(self) -> list[tuple[str, str]]:
        """Each identifier with where it came from: the title's links first, then lines that only identify."""
        found = []
        for link in _title_links(self.view, self.draft):
            if link.url not in self.shared:
                found += [(value, "title link") for value in identifiers.from_link(link.url)]
        for at in self.draft.linking:
            line = self.view.lines[at]
            stated = [link.url for link in line.links if identifiers.is_resolvable(link.url)]
            if not stated and (value := identifiers.in_words(line.text)):
                stated = [value]
            found += [(value, "line after the byline") for value in stated]
        return found

    def _links(self) -> tuple[Link, ...]:
        head = self.draft.head
        at_byline = () if head.byline is None else (head.byline,)
        lines = sorted({*head.title, *at_byline, *self.draft.body, *self.draft.linking})
        links = {link.url: link for at in reversed(lines) for link in reversed(self.view.lines[at].links)}
        return tuple(reversed(links.values()))

    def _origins(
        self, byline: Byline | None, found: list[tuple[str, str]], abstract: str | None, known: tuple[str, ...]
    ) -> tuple[tuple[str, str], ...]:
        line = self.view.lines[self.draft.head.title[0]]
        origins = [("title", f"heading {line.level}" if line.level else "line before the byline")]
        origins += [(name, "byline") for name in ("creators", "date", "publisher") if byline and getattr(byline, name)]
        origins += [("identifiers", origin) for origin in dict.fromkeys(origin for _, origin in found)]
        if abstract:
            origins.append(("abstract", "text after the byline"))
        if known:
            origins.append(("name_identifiers", "links beside names"))
        return tuple(origins)

    def _about_byline(self) -> list[Problem]:
        at, byline = self.draft.head.byline, self._byline()
        where = f"{self.where}.byline"
        if at is None:
            return [Problem(where=where, what="no byline stands after the title: names and date are left empty")]
        if byline is None:
            what = f"{_quoted(self.view.lines[at].text)} cannot be read as a byline: names and date are left empty"
            return [Problem(where=where, what=what)]
        return [
            Problem(where=f"{self.where}.{problem.where}", what=problem.what, severity=problem.severity)
            for problem in byline.problems
        ]

    def _about_left_out(self) -> list[Problem]:
        """A note for each stretch of lines between entries, a warning for what may have been the last abstract's end."""
        lines = self.view.lines
        left_out = set(self.draft.left_out)
        starts = [at for at in self.draft.left_out if at - 1 not in left_out]
        problems = [
            Problem(
                where=f"{self.where} ({lines[at].place})",
                what=f"what begins with {_quoted(lines[at].text)} was left out: it stands between two entries",
                severity=Severity.NOTE,
            )
            for at in starts
        ]
        for at in self.draft.doubtful[:1]:
            what = f"what begins with {_quoted(lines[at].text)} was left out: it may be the page's own words"
            problems.append(Problem(where=f"{self.where}.abstract", what=what))
        return problems

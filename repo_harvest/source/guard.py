"""The shape of the last good page and of this one go in; why this one must not be believed comes out, if it must not.

Rule: a page that lost its entries, turned into an error page or a login, is read worse than before, or says something
else deletes and changes nothing. A page that lists nothing at all never gets here: that is `NoEntries`.

Judged is what was read, not the markup: a page that was laid out anew and reads the same is the same page. But one that
lost every class and id is no new layout: some program copied the words, and what it left out nobody can tell. A person edits one entry, or a
few: so every limit is a share of the page, and none is passed by a single entry, nor by entries that are added and filled
like the others. The alternative that lost: a distance of the whole page's text or tags, which a new menu passes and a
page whose dates are gone does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from repo_harvest.model import Entry, Shape, Signs

__all__ = ["Overlap", "judge", "measure", "told"]

_FIELDS: dict[str, Callable[[Entry], object]] = {
    "creators": lambda entry: entry.creators,
    "date": lambda entry: entry.date,
    "identifiers": lambda entry: entry.identifiers,
    "publisher": lambda entry: entry.publisher,
    "container": lambda entry: entry.container,
    "abstract": lambda entry: entry.abstract,
}
_A_FEW = 3  # entries that say more than chance, on a page that has so many
_QUOTED = 60  # characters of a text in a reason
_ALIKE = 0.5  # the likeness from which a text is taken for the same one, edited
# Words; scripts that write them without spaces between give their characters.
_WORD = re.compile(
    "[\u2e80-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]|[^\\W\u2e80-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]+"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlap:
    """What of the entries that the last good run listed is still there.

    `known` is how many it listed, `kept` how many of these are still listed, `live` how many of the source are not deleted,
    `deleted` how many of those this run would delete. `said` is, by the plural of a field's name, what each kept entry said
    there and says now.
    """

    known: int
    kept: int
    live: int
    deleted: int = 0
    said: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)


def measure(entries: Sequence[Entry], signs: Signs, *, labels: int = 0) -> Shape:
    """The shape of a page with these entries and signs, of which so many elements have a class or an id."""
    return Shape(
        entries=len(entries),
        filled={name: sum(bool(has(entry)) for entry in entries) for name, has in _FIELDS.items()},
        title=_median_length([entry.title for entry in entries]),
        abstract=_median_length([entry.abstract for entry in entries if entry.abstract]),
        labels=labels,
        signs=signs,
    )


def judge(last: Shape | None, now: Shape, overlap: Overlap, *, most: int) -> tuple[str, ...]:
    """Why the page must be refused as drifted, each reason a clause that begins with what was measured; or nothing.

    `last` is the shape of the last good run, `None` before there was one. `most` is the percentage of the entries that
    one run may miss or delete; of three entries or more it is always one, unless `most` is 0.

    >>> before = Shape(entries=4)
    >>> judge(before, before, Overlap(known=4, kept=3, live=4), most=30)
    ()
    >>> judge(before, Shape(entries=3), Overlap(known=4, kept=2, live=4), most=30)
    ('known entries: 4 in the last good run, only 2 of them now, of 3 on the page (at least 3 must be there)',)
    """
    found = [
        *(list(_lost(now, overlap, most)) or _deleted(overlap, most)),
        *(reason for what, pairs in overlap.said.items() for reason in _reworded(what, pairs)),
        *_signs(last, now, overlap),
    ]
    return tuple(
        found if last is None else [*found, *_emptied(last, now, overlap.kept), *_diluted(last, now), *_bare(last, now)]
    )


def told(signs: Signs) -> str:
    """The signs as a clause that goes on after "the page"; empty when there are none.

    >>> told(Signs(password=True, title=("Log in",)))
    "asks for a password, and its title says 'Log in'"
    """
    clauses = ["asks for a password"] if signs.password else []
    clauses += [f"its title says '{said}'" for said in signs.title[:1]]
    clauses += [f"a heading says '{said}'" for said in signs.headings[:1]]
    return ", and ".join(clauses)


def _lost(now: Shape, overlap: Overlap, most: int) -> Iterator[str]:
    wanted = overlap.known - _allowed(overlap.known, most)
    if overlap.kept < wanted:
        some = f"only {overlap.kept}" if overlap.kept else "none"
        yield (
            f"known entries: {overlap.known} in the last good run, {some} of them now, of {now.entries} on the page "
            f"(at least {wanted} must be there)"
        )


def _deleted(overlap: Overlap, most: int) -> Iterator[str]:
    allowed = _allowed(overlap.live, most)
    if overlap.deleted > allowed:
        yield f"deletions: {overlap.deleted} of {overlap.live} entries in this run (at most {allowed} may be)"


def _allowed(entries: int, most: int) -> int:
    """How many of so many entries may go at once."""
    return max(entries * most // 100, 1 if most and entries >= _A_FEW else 0)


def _reworded(what: str, pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Most entries say something else than before, though they are the same ones: another language, or other text."""
    both = [(before, now) for before, now in pairs if before and now]
    other = [pair for pair in both if _likeness(*pair) < _ALIKE]
    if len(other) > 1 and len(other) * 2 > len(both):
        before, now = (_median_length([pair[side] for pair in both]) for side in (0, 1))
        yield (
            f"{what}: other words than in the last good run in {len(other)} of {len(both)} known entries "
            f"(median length {before} characters then, {now} now; such as {_quoted(other[0][0])}, now {_quoted(other[0][1])})"
        )


def _quoted(text: str) -> str:
    return f"'{text}'" if len(text) <= _QUOTED else f"'{text[:_QUOTED]}…'"


def _likeness(before: str, now: str) -> float:
    """The share of their words that two texts have in common, 0 to 1 (Dice); what has no words is alike."""
    words = [set(_WORD.findall(text.casefold())) for text in (before, now)]
    total = len(words[0]) + len(words[1])
    return 2 * len(words[0] & words[1]) / total if total else 1.0


def _signs(last: Shape | None, now: Shape, overlap: Overlap) -> Iterator[str]:
    """What says "error" or asks who you are, and did not: with it, no entry may be lost, and no first page be believed."""
    lost = overlap.known - overlap.kept
    if last is None:
        clause = told(Signs(title=now.signs.title))
        if clause and (lost or not overlap.known):
            yield f"signs of an error or a login: the page was never read before, and {clause}"
        return
    clause = told(
        Signs(
            password=now.signs.password and not last.signs.password,
            title=_new(last.signs.title, now.signs.title),
            headings=_new(last.signs.headings, now.signs.headings),
        )
    )
    if clause and lost:
        yield (
            f"signs of an error or a login: none in the last good run, and now the page {clause}; "
            f"{lost} of {overlap.known} known entries are not there"
        )


def _new(last: Sequence[str], now: Sequence[str]) -> tuple[str, ...]:
    known = {said.casefold() for said in last}
    return tuple(said for said in now if said.casefold() not in known)


def _emptied(last: Shape, now: Shape, kept: int) -> Iterator[str]:
    """A field that less than half as many entries have as should, going by the last good run and what is left of it.

    What is new on the page may lack it: of works that are added, the older ones have no identifiers.
    """
    for name, had in last.filled.items():
        has = now.filled.get(name, 0)
        lacking = had * kept - has * last.entries  # in entries, times those of the last run
        if 2 * has * last.entries < had * kept and lacking >= last.entries * max(2, min(_A_FEW, kept)):
            yield f"{name}: filled in {had} of {last.entries} entries in the last good run, in {has} of {now.entries} now"


def _diluted(last: Shape, now: Shape) -> Iterator[str]:
    """A list that is mostly new, and whose entries are not like entries there: a menu that was taken for a list."""
    if last.entries < _A_FEW or now.entries <= 2 * last.entries:
        return
    counts = f"among {last.entries} entries in the last good run", f"among {now.entries} now"
    if last.title > 2 * now.title or now.title > 2 * last.title:
        yield f"median title length: {last.title} characters {counts[0]}, {now.title} {counts[1]}"
    full = [sum(shape.filled.values()) / shape.entries for shape in (last, now)]
    if full[0] > 2 * full[1]:
        yield f"filled fields an entry: {full[0]:.1f} {counts[0]}, {full[1]:.1f} {counts[1]}"


def _bare(last: Shape, now: Shape) -> Iterator[str]:
    """A page that had some classes and ids, and has none at all."""
    if last.labels >= _A_FEW and not now.labels:
        yield f"classes and ids: {last.labels} elements had one in the last good run, none has one now"


def _median_length(texts: Sequence[str]) -> int:
    return round(median(map(len, texts))) if texts else 0

"""A page and the profile of its site in, the units that the profile says are its entries out.

What the profile says of fields stays on the lines, as labels `profile:FIELD`; an entry in which a named title is missing
is none, so that a selector may find more than the list.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from lxml import etree

from repo_harvest.model import PartialDate, Problem
from repo_harvest.parse import dates, identifiers, names
from repo_harvest.parse.document import Block, Line, common
from repo_harvest.parse.markup import read_tree
from repo_harvest.parse.profile import ENTRY, Profile, named_elements
from repo_harvest.parse.text import collapse
from repo_harvest.parse.unit import Unit

__all__ = ["stated", "units_of"]


def units_of(root: etree._Element, profile: Profile, *, location: str) -> tuple[tuple[Unit, ...], tuple[Problem, ...]]:
    """The units in the order of the page, and what a person should know."""
    document = read_tree(root, location=location, named=named_elements(root, profile))
    cut = _cut_at_starts if profile.starts else _cut_by_element
    units = tuple(unit for unit in cut(document.lines) if "title" not in profile.fields or _has(unit, "profile:title"))
    return units, tuple(_missing(profile, units))


def stated(unit: Unit, profile: Profile) -> dict[str, object]:
    """What the profile says of an entry's fields: what stands in the elements it names, as the entry has it."""
    found: dict[str, object] = {}
    for name, selector in profile.fields.items():
        words = collapse(selector.cut(_words(unit, f"profile:{name}"))).strip(_AROUND_A_VALUE)
        reader = _READERS.get(name)
        if words and (value := reader(words) if reader else words):
            found[name] = value
    return found


def _words(unit: Unit, label: str) -> str:
    """The words under a label, shown or hidden."""
    parts = []
    for line in (*unit.lines, *unit.hidden):
        if any(label in block.labels for block in line.block.ancestors()):
            parts.append(line.text)
        else:
            parts += [run.text for run in line.runs if label in run.labels]
    return " ".join(parts)


def _creators(words: str) -> tuple[str, ...]:
    found = names.read(words)
    return found.names if found is not None else ()


def _date(words: str) -> PartialDate | None:
    found = dates.read(words)
    return None if found is None else found.date


def _identifiers(words: str) -> tuple[str, ...]:
    found = identifiers.in_words(words)
    return () if found is None else (found,)


_READERS: Mapping[str, Callable[[str], object]] = {"creators": _creators, "date": _date, "identifiers": _identifiers}
_AROUND_A_VALUE = " \t.,;:()[]"


def _missing(profile: Profile, units: Sequence[Unit]) -> Iterator[Problem]:
    selector = profile.entry.css or profile.entry.xpath
    if not units:
        yield Problem(where="profile.entry", what=f"{selector!r} finds no entry on this page")
    elif profile.count is not None and len(units) * 2 < profile.count:
        what = f"{selector!r} finds {len(units)} entries; there were {profile.count} when the profile was written"
        yield Problem(where="profile.entry", what=what)


def _has(unit: Unit, label: str) -> bool:
    return any(label in _labels(line) for line in unit.lines)


def _labels(line: Line) -> frozenset[str]:
    """Every label of a line, of its runs, and of the blocks around it."""
    inside = [run.labels for run in line.runs]
    return frozenset().union(*inside, *(block.labels for block in line.block.ancestors()))


def _entry_of(line: Line) -> Block | None:
    return next((block for block in line.block.ancestors() if ENTRY in block.labels), None)


class _Headings:
    """The headings that stand over what comes next."""

    def __init__(self) -> None:
        self._over: dict[int, str] = {}

    def see(self, line: Line) -> None:
        """Take in a line between entries; one of a level ends what stood over the like and below."""
        if line.level is not None:
            self._over = {level: text for level, text in self._over.items() if level < line.level}
            self._over[line.level] = line.text

    @property
    def over(self) -> tuple[str, ...]:
        return tuple(text for _, text in sorted(self._over.items()))


def _cut_by_element(lines: Sequence[Line]) -> Iterator[Unit]:
    """A unit for each element that is an entry."""
    headings = _Headings()
    gathered: dict[Block, tuple[list[Line], tuple[str, ...]]] = {}
    for line in lines:
        entry = _entry_of(line)
        if entry is None:
            headings.see(line)
        else:
            gathered.setdefault(entry, ([], headings.over))[0].append(line)
    yield from _units(gathered.values())


def _cut_at_starts(lines: Sequence[Line]) -> Iterator[Unit]:
    """A unit from each line that starts one to the next; the last ends where the box ends that all of them start in."""
    starts = [at for at, line in enumerate(lines) if _entry_of(line) is not None]
    starts = [at for before, at in pairwise([-2, *starts]) if _entry_of(lines[at]) is not _entry_of(lines[before])]
    if not starts:
        return
    boxes = [_outside(lines[at]) for at in starts]
    box = boxes[0]
    for other in boxes[1:]:
        box = common(box, other)
    headings = _Headings()
    for line in lines[: starts[0]]:
        headings.see(line)
    gathered: list[tuple[list[Line], tuple[str, ...]]] = []
    for start, stop in pairwise([*starts, len(lines)]):
        body = [line for line in lines[start:stop] if line.block.within(box)]
        end = next(
            (at for at, line in enumerate(body) if line.level is not None and _entry_of(line) is None), len(body)
        )
        gathered.append((body[:end], headings.over))
        for line in body[end:]:
            headings.see(line)
    yield from _units(gathered)


def _outside(line: Line) -> Block:
    entry = _entry_of(line)
    assert entry is not None
    return entry.parent or entry


def _units(gathered: Iterable[tuple[Sequence[Line], tuple[str, ...]]]) -> Iterator[Unit]:
    for lines, headings in gathered:
        shown = tuple(line for line in lines if "hidden" not in line.marks)
        if shown:
            hidden = tuple(line for line in lines if "hidden" in line.marks)
            yield Unit(lines=shown, hidden=hidden, headings=headings)

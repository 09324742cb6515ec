"""A set of our schemas and a folder of official ones in, the verdict on it out: whether both say the same of documents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from repo_harvest.errors import UsageError
from repo_harvest.formats.registry import FORMATS
from repo_harvest.formats.schemas import directory, reader
from repo_harvest.verify.compare import (
    VISIBLE,
    Counts,
    Side,
    compare,
    declared,
    files_of,
    judge,
    names_of,
    starts,
)
from repo_harvest.verify.copies import Copies
from repo_harvest.verify.sets import SchemaSet

__all__ = ["Difference", "Verdict", "hold"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A document that one side accepts: the file that refuses it, why, and the document."""

    accepted_by: str
    refused_by: str
    why: str
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What came of one set.

    `formats` are those judged by it; `ours_twice` the files without an official copy, of which both sides read ours;
    `one_sided` the global names that only one side declares; `fault` is why nothing could be compared, if nothing could.
    """

    name: str
    formats: tuple[str, ...]
    ours_twice: tuple[str, ...] = ()
    corrected: bool = False
    one_sided: tuple[str, ...] = ()
    valid: int = 0
    invalid: int = 0
    differences: tuple[Difference, ...] = ()
    fault: str = ""

    @property
    def same(self) -> bool:
        """Whether both sides were held against each other and agree on all."""
        return not (self.fault or self.one_sided or self.differences)


def hold(these: SchemaSet, copies: Copies, *, seed: int, mutants: int) -> Verdict:
    """The verdict on a set of which the folder has copies, over its samples and about `mutants` documents made of them."""
    formats = tuple(one.prefix for one in FORMATS.values() if one.file in these.ours.values())
    ours, official = reader(directory()), copies.reader(these)
    try:
        sides = files_of(ours, starts(these, official=False)), files_of(official, starts(these, official=True))
        left, right = judge(these, ours), judge(these, official, official=True)
    except FileNotFoundError as error:
        return Verdict(name=these.name, formats=formats, fault=f"{error.args[0]} is missing, which the others import")
    except (etree.XMLSyntaxError, UsageError) as error:
        return Verdict(name=these.name, formats=formats, fault=f"they do not compile: {error.__cause__ or error}")
    names = names_of(these.prefixes(), [*sides[0], *sides[1]])
    counts = compare(left, right, these.documents(seed, mutants, names))
    return Verdict(
        name=these.name,
        formats=formats,
        ours_twice=copies.lacking(these),
        corrected=these.corrected is not None,
        one_sided=tuple(
            sorted(name for _, name in declared(sides[0], *VISIBLE) ^ declared(sides[1], *VISIBLE)),
        ),
        valid=counts.valid,
        invalid=counts.invalid,
        differences=tuple(_differences(these, counts, left, right)),
    )


def _differences(these: SchemaSet, counts: Counts, left: Side, right: Side) -> Iterator[Difference]:
    first, other = (next(iter(starts(these, official=official).values())) for official in (False, True))
    files = f"our {first}", f"the official {other}"
    for by_ours, document in counts.disagreements:
        yield Difference(
            accepted_by=files[not by_ours],
            refused_by=files[by_ours],
            why=(right if by_ours else left).why(etree.fromstring(document)),
            document=document.decode(),
        )

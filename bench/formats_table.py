"""Is every record valid in every format, by our schemas and by the official ones? Renders many, and prints a table.

    python bench/formats_table.py [--shared DIR] [--records N] [--mutants M] [--seed S]

The records are made, of every script and every kind of work; the pages in DIR/data/pages are read for more. Each document is
judged by our schema and, where DIR/xsd has it, by the official one. Then both sides judge samples, and documents made of
these by changes, and have to say the same. DIR is the folder `shared` beside the checkout unless named.
Exit status 1 if a document is invalid or the sides differ. Without DIR only ours judge, which is said.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from lxml import etree

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # also when run as a script

from repo_harvest import parse
from repo_harvest.catalogue import Defaults, crosswalk
from repo_harvest.formats import FORMATS, render, validate
from repo_harvest.model import Record
from repo_harvest.source import decode, fetch
from repo_harvest.verify import SETS, hold
from repo_harvest.verify.compare import Side, judge
from repo_harvest.verify.copies import Copies
from tests.strategies import records

LANDING = "https://repository.example/item/oai:repository.example:1"
KINDS = [
    "article",
    "book",
    "book chapter",
    "conference paper",
    "doctoral thesis",
    "master thesis",
    "thesis",
    "report",
    "dataset",
    "leaflet",
]
RIGHTS = ("https://creativecommons.org/licenses/by/4.0/", "open access", "embargoed access", "all rights reserved")
FOUND_SHARE = (
    3  # of the made records, all but one in so many say a kind, a date, a language and rights that formats know
)


def made(number: int, chosen: int) -> list[Record]:
    """So many different records; most say what the formats with demands ask for."""
    found: dict[Record, None] = {}
    filled = st.builds(
        lambda record, kind, rights, year, language: replace(
            record,
            title=record.title or ("On Trust",),
            creators=record.creators or ("Buck, Gillian",),
            publisher=record.publisher or ("A University",),
            type=(kind, *record.type),
            rights=(rights, *record.rights),
            date=(str(year), *record.date),
            language=(language, *record.language),
            identifiers=(f"https://doi.org/10.5555/{year}", *record.identifiers),
        ),
        records,
        st.sampled_from(KINDS),
        st.sampled_from(RIGHTS),
        st.integers(1400, 2100),
        st.sampled_from(["en", "cy", "zh-Hant", "Welsh"]),
    )

    @seed(chosen)
    @settings(
        max_examples=number + number // 10,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.one_of([filled] * (FOUND_SHARE - 1) + [records]))
    def collect(record: Record) -> None:
        if len(found) < number:
            found[record] = None

    collect()
    return list(found)


def read(folder: Path) -> Iterator[Record]:
    """The records that the pages of a folder list."""
    for page in sorted(folder.glob("*.html")):
        text = decode(fetch(str(page), now=partial(datetime.now, UTC)))
        for entry in parse.read(text, location=page.as_uri(), content_type="text/html").entries:
            yield crosswalk(entry, defaults=Defaults(type=("article",), language=("en",), rights=RIGHTS[:1]))[0]


def official_sides(copies: Copies) -> dict[str, Side]:
    """By format, what judges as the official schemas do, where they are known."""
    return {
        one.prefix: judge(these, copies.reader(these), official=True)
        for one in FORMATS.values()
        for these in SETS
        if one.file in these.ours.values() and copies.known(these)
    }


def table(several: list[Record], sides: dict[str, Side]) -> bool:
    """Prints how many documents there are of each format, and how many are valid; whether all are."""
    counts: dict[str, Counter[str]] = {prefix: Counter() for prefix in FORMATS}
    for record in several:
        for rendition in render(record, LANDING):
            count, problems = counts[rendition.prefix], validate(rendition)
            count["documents"] += 1
            count["ours"] += not problems
            if (side := sides.get(rendition.prefix)) is not None:
                root = etree.fromstring(rendition.metadata)
                valid = side.validate(root)
                count["theirs"] += valid
                if not valid:
                    print(f"{rendition.prefix}: refused by the official schema: {side.why(root)}\n  {record}")
            for problem in problems:
                print(f"{rendition.prefix}: refused by ours: {problem}\n  {record}")
    print(f"{'format':14}{'records':>9}{'documents':>11}{'valid by ours':>15}{'by theirs':>11}")
    for prefix, count in counts.items():
        theirs = f"{count['theirs']:,}" if prefix in sides else "no copy"
        print(f"{prefix:14}{len(several):9,}{count['documents']:11,}{count['ours']:15,}{theirs:>11}")
    return all(
        count["documents"] == count["ours"] == (count["theirs"] if prefix in sides else count["ours"])
        for prefix, count in counts.items()
    )


def held(copies: Copies, chosen: int, mutants: int) -> bool:
    """Prints what both sides say of samples and mutants, set by set; whether they agree."""
    same = True
    for these in SETS:
        if not copies.known(these):
            print(f"{these.name}: no official copy")
            continue
        verdict = hold(these, copies, seed=chosen, mutants=mutants)
        same = same and verdict.same
        told = f"valid by both {verdict.valid:,}, invalid by both {verdict.invalid:,}, different {len(verdict.differences)}"
        print(f"{these.name}: {verdict.fault or told}", *verdict.one_sided, flush=True)
        for one in verdict.differences[:10]:
            print(f"  {one.refused_by} refuses: {one.why}\n  {one.document}")
    return same


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parents[2] / "shared", metavar="DIR")
    parser.add_argument("--records", type=int, default=2000, metavar="N", help="made ones; default: 2000")
    parser.add_argument("--mutants", type=int, default=1000, metavar="M", help="about so many of each set; 0: none")
    parser.add_argument("--seed", type=int, default=1, metavar="S")
    options = parser.parse_args()
    several = made(options.records, options.seed)
    pages, schemas = options.shared / "data" / "pages", options.shared / "xsd"
    of_pages = list(read(pages))
    print(f"{len(several):,} records made, {len(of_pages):,} read from {pages}", flush=True)
    if not schemas.is_dir():
        print(f"{schemas} is absent: only our schemas judge; give --shared DIR")
        return 0 if table(several + of_pages, {}) else 1
    copies = Copies(schemas)
    good = table(several + of_pages, official_sides(copies))
    if options.mutants:
        good = held(copies, options.seed, options.mutants) and good
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())

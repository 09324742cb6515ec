"""Match the labelled sets of a data folder in memory and score the clusters against their labels.

    python bench/score_clusters.py [--shared DIR] [--errors N] [SET ...]

The sets, their labels and the scorer are not part of this project: they lie in `data` below --shared, which is the folder
`shared` beside the checkout unless named. One line is printed for each set: F1, precision and recall of pairs as the
scorer counts them; precision of merges; records of a pair that a person should look at; share of the labelled pairs that
meet as candidates, themselves or by way of such; candidates of each record; microseconds for each record (features and keys) and for each comparison,
of the pairs that are refused and of the others. With --errors N wrong pairs follow in full, with what was said of them.
Exit status: 2 when the sets are absent.
"""

from __future__ import annotations

import argparse
import csv
import gc
import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path

from repo_harvest.catalogue import from_line
from repo_harvest.match import blocking, candidates, cluster
from repo_harvest.match.compare import Comparison, Verdict, compare
from repo_harvest.match.features import Features, features
from repo_harvest.match.splitting import split
from repo_harvest.model import Record

SETS = ("cytology_screening", "respiratory", "diabetes", "dblp_acm", "cora", "dblp_scholar_valid")
ACROSS = frozenset({"dblp_acm"})  # scored by pairs of different sources only
Pair = tuple[int, int]


@dataclass
class Matched:
    """What came of a set; a record's number is its line, from 0."""

    ids: list[str]
    records: list[Record]
    clusters: list[list[int]]
    candidates: set[Pair]
    unsure: list[Pair]
    prepared: float
    refused: float
    accepted: float
    made: list[Features] = field(repr=False, default_factory=list)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=Path(__file__).resolve().parents[2] / "shared")
    parser.add_argument("--errors", type=int, default=0)
    parser.add_argument("sets", nargs="*", metavar="SET", help=f"of {', '.join(SETS)}; all unless named")
    options = parser.parse_args()
    data: Path = options.shared / "data"
    names = options.sets or SETS
    wanted = [data / "score_clusters.py", *(data / "dedupe" / f"{name}.jsonl" for name in names)]
    absent = next((path for path in wanted if not path.is_file()), None)
    if absent:
        print(f"the labelled sets are not there: no {absent}; give --shared DIR", file=sys.stderr)
        return 2
    print(
        f"{'set':19}{'records':>8}{'F1':>8}{'prec.':>8}{'recall':>8}{'merges':>8}{'review':>8}"
        f"{'met':>8}{'cand.':>7}{'us/rec':>8}{'refuse':>8}{'accept':>8}"
    )
    for name in names:
        matched = match(data / "dedupe" / f"{name}.jsonl")
        report(name, matched, data, options.errors)
    return 0


def match(path: Path) -> Matched:
    with path.open(encoding="utf-8") as lines:
        read = [from_line(json.loads(line), where=f"{path.name} line {i}") for i, line in enumerate(lines, 1)]
    records = [imported.record for imported in read]
    gc.collect()
    begun = time.process_time()
    made = [features(record) for record in records]
    keyed = [blocking.blocking_keys(each) for each in made]
    places = [blocking.place(each) for each in made]
    prepared = (time.process_time() - begun) / len(records) * 1e6
    holders: defaultdict[int, list[Pair]] = defaultdict(list)
    for i, keys in enumerate(keyed):
        for key in keys:
            holders[key].append((places[i], i))
    met = {pair for held in holders.values() for pair in candidates.pairs_of(held, hot=len(held) >= candidates.HOT)}
    said, refused, accepted = judge(made, sorted(met))
    found = clusters_of(made, said)
    owner = {node: i for i, group in enumerate(found) for node in group}
    unsure = [
        pair
        for pair, comparison in said.items()
        if comparison.verdict is Verdict.UNCERTAIN and owner[pair[0]] != owner[pair[1]]
    ]
    return Matched(
        ids=[imported.id or str(i) for i, imported in enumerate(read)],
        records=records,
        clusters=found,
        candidates=met,
        unsure=unsure,
        prepared=prepared,
        refused=refused,
        accepted=accepted,
        made=made,
    )


def judge(made: list[Features], pairs: list[Pair]) -> tuple[dict[Pair, Comparison], float, float]:
    """What is said of each pair that is not refused, and the microseconds for one that is and for one that is not."""
    said: dict[Pair, Comparison] = {}
    for a, b in pairs:
        comparison = compare(made[a], made[b])
        if comparison.verdict is not Verdict.DIFFERENT:
            said[a, b] = comparison
    refused = timed(made, [pair for pair in pairs if pair not in said])
    return said, refused, timed(made, list(said))


def timed(made: list[Features], pairs: list[Pair]) -> float:
    begun = time.process_time()
    for a, b in pairs:
        compare(made[a], made[b])
    return (time.process_time() - begun) / max(1, len(pairs)) * 1e6


def clusters_of(made: list[Features], said: dict[Pair, Comparison]) -> list[list[int]]:
    same = {pair: each.score for pair, each in said.items() if each.verdict is Verdict.SAME}
    parts = cluster.components(range(len(made)), same)
    home = {node: i for i, part in enumerate(parts) for node in part}
    edges: defaultdict[int, dict[Pair, float]] = defaultdict(dict)
    for pair, score in same.items():
        edges[home[pair[0]]][pair] = score
    return [
        group for i, part in enumerate(parts) for group in split(part, edges[i], {node: made[node] for node in part})
    ]


def report(name: str, matched: Matched, data: Path, errors: int) -> None:
    gold = data / "dedupe" / f"{name}.gold.csv"
    scored = score(name, matched, gold, data / "score_clusters.py")
    pair, merges = scored["pair"], scored.get("merge", {})
    number = {each: i for i, each in enumerate(matched.ids)}
    labelled = {tuple(sorted((number[a], number[b]))) for a, b in same_pairs(gold, across=name in ACROSS)}
    review = len({node for each in matched.unsure for node in each}) / len(matched.ids)
    met = reached(labelled, matched.candidates) / len(labelled)
    print(
        f"{name:19}{len(matched.ids):8}{pair['f1']:8.4f}{pair['precision']:8.4f}{pair['recall']:8.4f}"
        f"{merges.get('precision', float('nan')):8.4f}{review:8.2%}{met:8.4f}"
        f"{len(matched.candidates) / len(matched.ids):7.1f}{matched.prepared:8.1f}"
        f"{matched.refused:8.1f}{matched.accepted:8.1f}"
    )
    if errors:
        show_errors(matched, gold, labelled, errors, across=name in ACROSS)


def reached(labelled: set[tuple[int, ...]], met: set[Pair]) -> int:
    """How many of the labelled pairs meet, or are joined by labelled pairs that do."""
    linked = [(pair[0], pair[1]) for pair in labelled if pair in met]
    parts = cluster.components({node for pair in labelled for node in pair}, linked)
    home = {node: i for i, part in enumerate(parts) for node in part}
    return sum(home[pair[0]] == home[pair[1]] for pair in labelled)


def score(name: str, matched: Matched, gold: Path, scorer: Path) -> dict[str, dict[str, float]]:
    """What the scorer, a program of its own, says of the clusters."""
    with tempfile.TemporaryDirectory() as folder:
        mine = Path(folder) / "clusters.csv"
        with mine.open("w", encoding="utf-8", newline="") as file:
            table = csv.writer(file)
            table.writerow(("id", "cluster"))
            table.writerows((matched.ids[node], group[0]) for group in matched.clusters for node in group)
        command = [
            sys.executable,
            str(scorer),
            str(mine),
            str(gold),
            "--json",
            *(["--cross"] if name in ACROSS else []),
        ]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    answer: dict[str, dict[str, float]] = json.loads(done.stdout)
    return answer


def same_pairs(gold: Path, *, across: bool) -> Iterator[tuple[str, str]]:
    """The pairs labelled as one work."""
    with gold.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    if "label" in rows[0]:
        yield from ((row["id1"], row["id2"]) for row in rows if row["label"].strip() == "1")
        return
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for row in rows:
        groups[row["cluster"]].append(row["id"])
    for group in groups.values():
        for a, b in combinations(group, 2):
            if not (across and a.split(":", 1)[0] == b.split(":", 1)[0]):
                yield a, b


def show_errors(matched: Matched, gold: Path, labelled: set[tuple[int, ...]], errors: int, *, across: bool) -> None:
    """Pairs put together wrongly, kept apart wrongly and left to a person, each with what was said of it."""
    mine = {pair for group in matched.clusters for pair in combinations(group, 2)}
    number = {each: i for i, each in enumerate(matched.ids)}
    with gold.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    if "label" in rows[0]:
        listed = {tuple(sorted((number[row["id1"]], number[row["id2"]]))) for row in rows}
        wrong = {pair for pair in mine if pair in listed} - labelled
    else:
        wrong = {
            (a, b) for a, b in mine if not across or matched.ids[a].split(":")[0] != matched.ids[b].split(":")[0]
        } - labelled
    for kind, pairs in (("wrongly one", wrong), ("wrongly two", labelled - mine), ("to a person", set(matched.unsure))):
        print(f"--- {kind}: {len(pairs)}")
        for pair in sorted(pairs)[:errors]:
            print("\n".join(shown(matched, pair, labelled)))


def shown(matched: Matched, pair: tuple[int, ...], labelled: set[tuple[int, ...]]) -> Iterable[str]:
    a, b = pair
    said = compare(matched.made[a], matched.made[b])
    met = "" if (a, b) in matched.candidates else ", never met"
    label = "one" if pair in labelled else "two"
    yield f"* labelled {label}; {said.verdict} {said.score:.3f}{' conflict' if said.conflict else ''}{met}: {'; '.join(said.reasons)}"
    for i in pair:
        record = matched.records[i]
        parts = (
            record.title, record.creators[:6], record.date, record.container, record.volume, record.issue,
            record.pages, record.publisher, record.identifiers, tuple(text[:90] for text in record.description),
        )  # fmt: skip
        yield f"    {matched.ids[i]} | " + " | ".join("; ".join(part) for part in parts)


if __name__ == "__main__":
    sys.exit(main())

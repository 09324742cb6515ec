"""Run Splink over a file of JSON lines and write its clusters.

    python bench/peer_splink.py RECORDS.jsonl CLUSTERS.csv

The steps are those of its documentation for one table without labels: the share of matches from deterministic rules, u by
random sampling, m by expectation maximisation over two blocking rules, predictions, clusters at a threshold of the match
probability. Comparisons are of its own library. One model for every file: a column that a file leaves empty, or that
every record has the same in, is left out of it, for there is nothing to learn from it.
"""

from __future__ import annotations

import re
import sys
import unicodedata
from pathlib import Path

import pyarrow as pa
import splink.comparison_library as cl
from peer_records import Row, read_rows, write_clusters
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

THRESHOLD = 0.99  # of the match probability: of .95 (its first example), .99 and .999 the best on average over the sets
RECALL = 0.7  # of the deterministic rules, as in its first example
PAIRS = 1_000_000  # sampled for u, as there
SEED = 1

COMPARISONS = {
    "title": cl.JaroWinklerAtThresholds("title", [0.95, 0.9, 0.8]),
    "surnames": cl.ArrayIntersectAtSizes("surnames", [3, 2, 1]),
    "first": cl.JaroWinklerAtThresholds("first", [0.92, 0.8]),
    "year": cl.LevenshteinAtThresholds("year", 1),
    "container": cl.JaroWinklerAtThresholds("container", [0.9, 0.7]),
    "volume": cl.ExactMatch("volume"),
    "page": cl.ExactMatch("page"),
    "doi": cl.ExactMatch("doi"),
}
BLOCKING = (
    block_on("doi"),
    block_on("title"),
    block_on("substr(title, 1, 12)"),
    block_on("first", "year"),
    block_on("surnames", "year", arrays_to_explode=["surnames"]),
    block_on("volume", "page"),
)
DETERMINISTIC = (block_on("title", "year"), block_on("doi"))
TRAINING = (block_on("title"), block_on("first", "year"))


def main() -> int:
    records, clusters = map(Path, sys.argv[1:])
    rows = list(read_rows(records))
    columns = [_columns(row) for row in rows]
    # Files name things by strings of their own: it is given numbers.
    table = pa.Table.from_pylist([{"unique_id": number, **one} for number, one in enumerate(columns)])
    told = [name for name in COMPARISONS if len({str(one[name]) for one in columns} - {"None"}) > 1]
    found: dict[str, list[str]] = {}
    for number, cluster in _clustered(table, told):
        found.setdefault(cluster, []).append(rows[number].id)
    write_clusters(clusters, [row.id for row in rows], found.values())
    return 0


def _clustered(table: pa.Table, told: list[str]) -> list[tuple[int, str]]:
    """Train on the table and cluster it: pairs of a record's number and its cluster."""
    linker = Linker(
        DuckDBAPI().register(table),
        SettingsCreator(
            link_type="dedupe_only",
            comparisons=[COMPARISONS[name] for name in told],
            blocking_rules_to_generate_predictions=list(BLOCKING),
        ),
    )
    linker.training.estimate_probability_two_random_records_match(list(DETERMINISTIC), recall=RECALL)
    linker.training.estimate_u_using_random_sampling(max_pairs=PAIRS, seed=SEED)
    for rule in TRAINING:
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    predicted = linker.inference.predict(threshold_match_probability=THRESHOLD)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(predicted, THRESHOLD)
    return [(int(one["unique_id"]), str(one["cluster_id"])) for one in clusters.as_record_list()]


def _columns(row: Row) -> dict[str, str | list[str] | None]:
    """Its columns, in small letters without accents and punctuation, as its guide to preparing data asks; None is unknown."""
    surnames = [name for author in row.authors if (name := _plain(author.split(",")[0]))]
    return {
        "title": _plain(row.title),
        "surnames": surnames or None,
        "first": surnames[0] if surnames else None,
        "year": row.year or None,
        "container": _plain(row.container),
        "volume": _plain(row.volume),
        "page": next(iter(re.findall(r"[0-9]+", row.pages)), None),
        "doi": row.doi.lower() or None,
    }


def _plain(text: str) -> str | None:
    bare = "".join(each for each in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(each))
    return " ".join(re.findall(r"\w+", bare)) or None


if __name__ == "__main__":
    sys.exit(main())

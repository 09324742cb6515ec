"""Run bib-dedupe over a file of JSON lines and write its clusters.

    python bench/peer_bib_dedupe.py RECORDS.jsonl CLUSTERS.csv

The steps are those of its documentation: prep, block, match, cluster, with its own settings. What it would ask a person
about stays apart.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
from bib_dedupe.bib_dedupe import block, cluster, match, prep
from peer_records import Row, read_rows, write_clusters


def main() -> int:
    records, clusters = map(Path, sys.argv[1:])
    rows = list(read_rows(records))
    matched = match(block(prep(pd.DataFrame([_fields(row) for row in rows]), verbosity_level=0)))
    write_clusters(clusters, [row.id for row in rows], cluster(matched))
    return 0


def _fields(row: Row) -> dict[str, str]:
    """The fields it reads: those of BibTeX, where its documentation lists them."""
    return {
        "ID": row.id,
        "ENTRYTYPE": "article",  # what it takes a record for that does not say; its container is a journal
        "author": " and ".join(row.authors),
        "title": row.title,
        "year": row.year,
        "journal": row.container,
        "volume": row.volume,
        "number": row.issue,
        "pages": row.pages,
        "doi": row.doi,
        "abstract": row.abstract,
    }


if __name__ == "__main__":
    sys.exit(main())

"""The candidate pairs in SQL that DuckDB and Spark both speak: what `candidates.pairs_of` says, of all keys at once.

From `holders` (key, place, id) `RANKED` makes the table `ranked` (key, id, n, held): the holders of every shared key, numbered in
the order of their places. With the keys that `HOT_KEYS` finds in it, and those known before, in `hot` (key), `pairs` are read.
"""

from __future__ import annotations

from repo_harvest.match.candidates import HOT, WINDOW

__all__ = ["HOT_KEYS", "RANKED", "pairs"]

RANKED = """
SELECT * FROM (
    SELECT key, id, count(*) OVER (PARTITION BY key) AS held,
           row_number() OVER (PARTITION BY key ORDER BY place, id) AS n
    FROM holders
) AS numbered WHERE held > 1
"""

HOT_KEYS = f"SELECT DISTINCT key FROM ranked WHERE held >= {HOT}"  # noqa: S608 -- a number of ours

_ALL = """
SELECT least(one.id, other.id) AS one, greatest(one.id, other.id) AS other
FROM {cold} AS one JOIN {cold} AS other ON one.key = other.key AND one.n < other.n
"""

_NEIGHBOURS = """
SELECT least(one.id, other.id) AS one, greatest(one.id, other.id) AS other
FROM (SELECT ranked.key, id, n + step AS n FROM ranked JOIN hot ON ranked.key = hot.key CROSS JOIN {steps}) AS one
JOIN ranked AS other ON one.key = other.key AND one.n = other.n
"""


def pairs(*, hot: bool) -> str:
    """The query for every candidate pair (one, other) once, smaller id first; without `hot` keys it is a lighter one."""
    if not hot:
        return f"SELECT DISTINCT * FROM ({_ALL.format(cold='ranked')}) AS pairs"  # noqa: S608 -- text of ours
    cold = "(SELECT * FROM ranked WHERE NOT EXISTS (SELECT 1 FROM hot WHERE hot.key = ranked.key))"
    steps = f"(VALUES {', '.join(f'({step})' for step in range(1, WINDOW + 1))}) AS steps(step)"
    return f"{_ALL.format(cold=cold)} UNION {_NEIGHBOURS.format(steps=steps)}"

"""The candidate pairs in SQL that DuckDB and Spark both speak: what `candidates.pairs_of` says, of all keys at once.

It reads `holders` (key, place, id) and `hot` (key); see `HOT_KEYS` for the keys that `hot` is to hold beside the known ones.
"""

from __future__ import annotations

from repo_harvest.match.candidates import HOT, WINDOW

__all__ = ["HOT_KEYS", "PAIRS"]

HOT_KEYS = f"SELECT key FROM holders GROUP BY key HAVING count(*) >= {HOT}"  # noqa: S608 -- a number of ours

_STEPS = ", ".join(f"({step})" for step in range(1, WINDOW + 1))

PAIRS = f"""
WITH shared AS (
    SELECT key FROM holders GROUP BY key HAVING count(*) > 1
), cold AS (
    SELECT holders.key, holders.id FROM holders JOIN shared ON holders.key = shared.key
    WHERE NOT EXISTS (SELECT 1 FROM hot WHERE hot.key = holders.key)
), ranked AS (
    SELECT holders.key, holders.id, row_number() OVER (PARTITION BY holders.key ORDER BY holders.place, holders.id) AS n
    FROM holders JOIN hot ON holders.key = hot.key
), stepped AS (
    SELECT ranked.key, ranked.id, ranked.n + steps.step AS n FROM ranked CROSS JOIN (VALUES {_STEPS}) AS steps(step)
)
SELECT one.id AS one, other.id AS other FROM cold AS one JOIN cold AS other ON one.key = other.key AND one.id < other.id
UNION
SELECT least(one.id, other.id), greatest(one.id, other.id)
FROM stepped AS one JOIN ranked AS other ON one.key = other.key AND one.n = other.n
"""  # noqa: S608 -- numbers of ours

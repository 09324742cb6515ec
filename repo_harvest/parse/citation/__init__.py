"""Publications are read: the units of one list in, a citation for each out, every field with where it stands.

    units | tapes | looks of titles | hypotheses | the page's style | citations

Three kinds of evidence meet: what the author of the page calls things (`labels`), what looks alike in most units
(`titles`, `reading`), and how citations are written (`people`, `atoms`, `sentences`, `tail`). None of them comes first:
`parts` weighs every reading, and `reading` lets all units of the page decide together.
"""

from repo_harvest.parse.citation.fields import Citation, Origin
from repo_harvest.parse.citation.reading import read

__all__ = ["Citation", "Origin", "read"]

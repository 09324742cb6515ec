"""Official schemas are held against ours: what is published under an address, and whether both say the same of documents."""

from repo_harvest.verify.hold import Verdict, hold
from repo_harvest.verify.published import PUBLISHED, Listed, Published, listed
from repo_harvest.verify.sets import SETS, SchemaSet

__all__ = ["PUBLISHED", "SETS", "Listed", "Published", "SchemaSet", "Verdict", "hold", "listed"]

"""What one item's address answers in, what it says of the work out, and an entry with its gaps filled from that.

answer -read_answer-> entries, and addresses that may say more
entry, entries -complete-> the entry with its gaps filled, and what the two disagree on
"""

from repo_harvest.parse.item.answer import CSL_TYPES, DATA_TYPES, Answer, read_answer
from repo_harvest.parse.item.complete import Completed, Telling, complete, gaps
from repo_harvest.parse.item.same import same_work

__all__ = [
    "CSL_TYPES",
    "DATA_TYPES",
    "Answer",
    "Completed",
    "Telling",
    "complete",
    "gaps",
    "read_answer",
    "same_work",
]

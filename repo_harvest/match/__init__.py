"""Whose record is it? Features, keys, comparison, clusters and decision. Pure: no clock, network, disk or logging."""

from repo_harvest.match.blocking import blocking_keys, place
from repo_harvest.match.cluster import components
from repo_harvest.match.compare import RULES, Comparison, Verdict, compare
from repo_harvest.match.continuity import Continuation, Incoming, continue_listing
from repo_harvest.match.decide import Decision, Work, decide
from repo_harvest.match.features import Features, features, from_text, to_text
from repo_harvest.match.splitting import split
from repo_harvest.match.survivor import combine, survive

__all__ = [
    "RULES",
    "Comparison",
    "Continuation",
    "Decision",
    "Features",
    "Incoming",
    "Verdict",
    "Work",
    "blocking_keys",
    "combine",
    "compare",
    "components",
    "continue_listing",
    "decide",
    "features",
    "from_text",
    "place",
    "split",
    "survive",
    "to_text",
]

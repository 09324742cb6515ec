"""Whose record is it? Keys, comparison and decision. Pure: no clock, network, disk or logging."""

from repo_harvest.match.continuity import Incoming
from repo_harvest.match.decide import Assignment, Decision, combine, decide
from repo_harvest.match.keys import keys

__all__ = ["Assignment", "Decision", "Incoming", "combine", "decide", "keys"]

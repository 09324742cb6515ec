"""An entry becomes a record: typed, NFC, legal in XML, nothing invented. Pure: no clock, network, disk or logging."""

from repo_harvest.catalogue.crosswalk import Defaults, crosswalk, origins
from repo_harvest.catalogue.lengths import overlong, shortened
from repo_harvest.catalogue.lines import Imported, from_line, to_line
from repo_harvest.catalogue.pasted import with_repository_links
from repo_harvest.catalogue.sets import DIVISIONS, SetRule, rule_sets
from repo_harvest.catalogue.text import clean

__all__ = [
    "DIVISIONS",
    "Defaults",
    "Imported",
    "SetRule",
    "clean",
    "crosswalk",
    "from_line",
    "origins",
    "overlong",
    "rule_sets",
    "shortened",
    "to_line",
    "with_repository_links",
]

"""One run of a source: fetch | decode | parse | crosswalk | match | enrich | render + validate | publish, and what it did out.

The room holds no lock while it fetches and plans. If another run publishes meanwhile, the plan is made again; the
publication itself is one transaction. A run that cannot read its page refuses, says why, and leaves the feed untouched.
"""

from repo_harvest.ingest.carry import Press
from repo_harvest.ingest.making import Policy
from repo_harvest.ingest.revise import Revised, is_due, revise
from repo_harvest.ingest.run import Fetch, Report, Source, ingest

__all__ = ["Fetch", "Policy", "Press", "Report", "Revised", "Source", "ingest", "is_due", "revise"]

"""It is proved: the base URL of any OAI-PMH 2.0 repository in, what is right and wrong with it out.

    over_http(base_url) -> check_endpoint(base_url, ask, …) -> Report -> as_json | as_junit

The judge stands outside. It knows the standard and the schemas, and nothing of how our own feed is made: what it is told
over HTTP is all it goes by. A row of `registry.CHECKS` is a check; to add one, write its rule in a module of `groups`
and put a row at the end of that module.
"""

from repo_harvest.check.case import Options
from repo_harvest.check.client import Asked, Limits, over_http
from repo_harvest.check.report import as_json, as_junit
from repo_harvest.check.run import Report, check_endpoint

__all__ = ["Asked", "Limits", "Options", "Report", "as_json", "as_junit", "check_endpoint", "over_http"]

"""The page comes in: fetched (the only outbound connection there is), decoded to text, and known again by its shape."""

from repo_harvest.source.decode import decode
from repo_harvest.source.exchange import Reply, exchange
from repo_harvest.source.fetch import Limits, fetch
from repo_harvest.source.guard import Shape, judge

__all__ = ["Limits", "Reply", "Shape", "decode", "exchange", "fetch", "judge"]

"""The page comes in: fetched (the only outbound connection there is), decoded to text, and known again by its shape."""

from repo_harvest.source.decode import decode
from repo_harvest.source.exchange import Reply, exchange
from repo_harvest.source.fetch import Limits, fetch
from repo_harvest.source.guard import Overlap, judge, measure
from repo_harvest.source.signs import labels_of, signs_of

__all__ = ["Limits", "Overlap", "Reply", "decode", "exchange", "fetch", "judge", "labels_of", "measure", "signs_of"]

"""The page is read: text in, the entries it lists out, each with its place. Pure: no clock, network, disk or logging."""

from repo_harvest.parse.reading import Reading, as_json, read

__all__ = ["Reading", "as_json", "read"]

"""A `Record` comes in, what citation managers and search engines take out of an item's page comes out. Pure: values only."""

from repo_harvest.exports import bibtex, csl, ris
from repo_harvest.exports.citation_tags import citation_tags
from repo_harvest.exports.schema_org import schema_org, schema_type

__all__ = ["bibtex", "citation_tags", "csl", "ris", "schema_org", "schema_type"]

"""A record is rendered: one module a metadata format, one registry, and the schemas that every rendition must pass."""

from repo_harvest.formats.containers import about, described, friends, rights_manifest
from repo_harvest.formats.header import header
from repo_harvest.formats.landing import item_path, landing
from repo_harvest.formats.registry import FORMATS, Format, render
from repo_harvest.formats.validate import disseminate, validate, validate_about, validate_response
from repo_harvest.formats.xml import escape, legal

__all__ = [
    "FORMATS",
    "Format",
    "about",
    "described",
    "disseminate",
    "escape",
    "friends",
    "header",
    "item_path",
    "landing",
    "legal",
    "render",
    "rights_manifest",
    "validate",
    "validate_about",
    "validate_response",
]

"""Every check there is, in the order in which they are carried out and reported."""

from __future__ import annotations

from repo_harvest.check.groups import (
    envelope,
    errors,
    follow,
    formats,
    hostile,
    http,
    identify,
    items,
    metadata,
    paging,
    sets,
    tokens,
    windows,
)
from repo_harvest.check.rule import Check

__all__ = ["CHECKS", "GROUPS", "group"]

GROUPS = {
    "http": "HTTP",
    "xml": "XML",
    "envelope": "What every answer says",
    "identify": "Identify",
    "formats": "Metadata formats",
    "list": "Lists in pages",
    "token": "resumptionTokens",
    "window": "Dates",
    "follow": "Coming back",
    "sets": "Sets",
    "items": "Records",
    "deleted": "Deletions",
    "metadata": "Dublin Core",
    "errors": "Errors",
    "hostile": "Hostile requests",
}
"""The groups of checks, by the first part of their ids, with their titles."""

CHECKS: tuple[Check, ...] = (
    *http.CHECKS,
    *identify.CHECKS,
    *formats.CHECKS,
    *paging.CHECKS,
    *tokens.CHECKS,
    *windows.CHECKS,
    *follow.CHECKS,
    *sets.CHECKS,
    *items.CHECKS,
    *metadata.CHECKS,
    *errors.CHECKS,
    *hostile.CHECKS,
    *envelope.LATE,  # these look back at the whole run
    *http.LATE,
)
"""The registry: the order in which they are carried out."""


def group(check: Check) -> str:
    """The title of the group that a check belongs to."""
    return GROUPS[check.id.partition(".")[0]]

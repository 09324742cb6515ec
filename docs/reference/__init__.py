"""The pages of reference: each a function that reads the program and returns Markdown, by the name of its page."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from docs.reference import addresses, commands, configuration, database, formats, metrics, statuses

__all__ = ["PAGES"]

PAGES: Mapping[str, Callable[[], str]] = MappingProxyType(
    {
        "commands": commands.page,
        "statuses": statuses.page,
        "configuration": configuration.page,
        "addresses": addresses.page,
        "formats": formats.page,
        "metrics": metrics.page,
        "database": database.page,
    }
)

"""One browser for each worker, and a house for each module."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import chromium
from tests.browser.house import House, open_house


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def house(
    new_database_url_for_module: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """A served collection for the tests of a module."""
    with open_house(new_database_url_for_module("sqlite"), tmp_path_factory.mktemp("house")) as opened:
        yield opened

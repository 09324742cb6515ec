"""One browser for each worker, and a context of it for each test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from repo_harvest.store.engine import open_engine
from tests.browser.house import House, open_house


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's chromium, without a window."""
    path = shutil.which("chromium")
    assert path is not None, "make test installs it"
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=options)
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def house(
    new_database_url_for_module: Callable[[str], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[House]:
    """A served collection for the tests of a module."""
    engine = open_engine(new_database_url_for_module("sqlite"))
    with open_house(engine, tmp_path_factory.mktemp("house")) as opened:
        yield opened
    engine.dispose()

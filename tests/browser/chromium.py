"""Debian's chromium, without a window."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.house import House
from tests.web.desk import PASSWORD

__all__ = ["chromium", "sign_in"]


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser while the block runs."""
    path = shutil.which("chromium")
    assert path is not None, "make test installs it"
    options = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=options)
        yield browser
        browser.close()


def sign_in(page: Page, house: House) -> None:
    """Let a manager in, from here on in the whole context of this page."""
    page.goto(f"{house.root}admin/sign-in")
    page.get_by_label("Name").fill("anna")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()

"""Two ways to use a page: with a mouse, and with nothing but a keyboard."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.sync_api import Locator, Page

__all__ = ["Hand", "Keyboard", "Mouse"]

_MOST_TABS = 300  # a page of fifty records and its facets has fewer
_IS_FOCUSED = "element => element === document.activeElement"
_RING = "element => element.matches(':focus-visible') && getComputedStyle(element).outlineStyle === 'solid' && parseFloat(getComputedStyle(element).outlineWidth)"


@dataclass
class Mouse:
    """Clicks."""

    page: Page

    def press(self, what: Locator) -> None:
        """Press a link or button."""
        what.click()

    def write(self, where: Locator, text: str) -> None:
        """Fill in a field."""
        where.click()
        where.fill(text)


@dataclass
class Keyboard:
    """Goes from one thing to the next by Tab; whatever it stands on must be seen to be where it stands."""

    page: Page

    def press(self, what: Locator) -> None:
        self._go_to(what)
        self.page.keyboard.press("Enter")

    def write(self, where: Locator, text: str) -> None:
        self._go_to(where)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)

    def _go_to(self, what: Locator) -> None:
        found = what.element_handle()  # looked for once: names of everything on the page are worked out to find it
        for _ in range(_MOST_TABS):
            if found.evaluate(_IS_FOCUSED):
                assert found.evaluate(_RING) >= 2, "nobody sees where the focus is"
                assert found.is_visible()
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"no way leads to it by Tab: {what}")


Hand = Mouse | Keyboard

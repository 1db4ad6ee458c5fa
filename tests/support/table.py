"""Reading the grid that Streamlit draws on a canvas: its cells stand behind it for screen readers."""

from playwright.sync_api import Locator, Page


def names(page: Page) -> Locator:
    """The cells of the first column, in the order shown."""
    return page.locator("[data-testid=data-grid-canvas] td[id^='glide-cell-0-']")

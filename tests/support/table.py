"""Reading and clicking the grid that Streamlit draws on a canvas: its cells stand behind it for screen readers."""

from playwright.sync_api import Locator, Page

ROW_HEIGHT = 35
SELECT, NAME = 15, 60  # pixels from the left edge


def names(page: Page) -> Locator:
    """The cells of the column of names, in the order shown; the one before it is for selecting."""
    return page.locator("[data-testid=data-grid-canvas] td[id^='glide-cell-1-']")


def click_row(page: Page, row: int, left: int = NAME) -> None:
    """Click into a row, counted from 0: on its name, or on its box with `SELECT`."""
    grid = page.locator(".dvn-scroller").first.bounding_box()
    assert grid is not None
    page.mouse.click(grid["x"] + left, grid["y"] + ROW_HEIGHT * (row + 1) + ROW_HEIGHT // 2)

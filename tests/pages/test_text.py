"""What others wrote is shown letter by letter, never as formatting."""

import pytest

from pages.components.text import plain
from tests.pages.conftest import Open


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain words, 1.5", "plain words, 1.5"),
        ("![x](http://evil/x.png)", r"\!\[x\]\(http\://evil/x.png\)"),
        (":red[alarm] `code` $x$", r"\:red\[alarm\] \`code\` \$x\$"),
    ],
)
def test_marks_are_escaped(text: str, shown: str) -> None:
    assert plain(text) == shown


def test_an_address_cannot_put_an_image_on_a_page(console: Open) -> None:
    page = console("service", name="demo/![x](http://evil/x.png)")
    assert all("![x]" not in each.value for each in page.warning)
    assert any(r"\!\[x\]" in each.value for each in page.warning)

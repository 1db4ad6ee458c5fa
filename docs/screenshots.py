"""Takes the screenshots of README and docs from the real console on the seeded sandbox: `make screenshots`."""

import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.support.console import CHROMIUM, FLAGS, running

IMAGES = Path(__file__).resolve().parent / "images"
SHOTS = {
    "overview": ("", "light"),
    "overview-dark": ("", "dark"),
    "models": ("models", "light"),
    "deploy": ("deploy?model=llama-3-3-70b-instruct", "light"),
    "new": ("new?kind=ClusterServingRuntime", "light"),
    "templates": ("templates", "light"),
    "cost": ("cost", "light"),
    "accelerators-dark": ("accelerators", "dark"),
    "compatibility": ("compatibility", "light"),
    "doctor": ("doctor", "light"),
    "nodes": ("nodes", "light"),
    "logs-dark": ("service?name=team-chat/qwen3-32b&service_tab=Logs", "dark"),
    "planner": ("planner?planner_model=llama-3-3-70b-instruct", "light"),
    "service": ("service?name=team-vision/image-captions", "light"),
    "service-dark": ("service?name=team-chat/llama-405b", "dark"),
}


def take(browser: Browser, address: str, name: str) -> None:
    """One page as a person sees it at 1280 x 800, once it has settled."""
    path, scheme = SHOTS[name]
    dark = scheme == "dark"
    context = browser.new_context(
        color_scheme="dark" if dark else "light", viewport={"width": 1280, "height": 800}
    )
    page = context.new_page()
    page.goto(f"{address}/{path}")
    page.get_by_role("heading", level=1).wait_for()
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(1_500)
    page.screenshot(path=IMAGES / f"{name}.png")
    context.close()


def main() -> None:
    environment = {"OME_CLUSTER": "sandbox", "OME_SANDBOX_FILE": ":memory:"}
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder) / "console.log", environment) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        for name in SHOTS:
            take(browser, address, name)
        browser.close()


if __name__ == "__main__":
    main()

"""A newcomer in a real browser: logs in, opens a workspace, runs the tutorial, and has a graph and a report.

With `INSIGHT_DOCS_IMAGES` naming a folder, the pictures of the tutorial's page are written there.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect, sync_playwright

from insight_kernel.demo import make_demo
from tests.lab import QUIET
from tests.real import needs
from tests.servers import RunningHub, hub

pytestmark = pytest.mark.slow

SHOWN = os.environ.get("INSIGHT_DOCS_IMAGES")
_PATIENCE = 120_000  # milliseconds


@dataclass
class Visit:
    """A browser at a hub, and everything it asked other machines for or complained of."""

    hub: RunningHub
    page: Page
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def picture(self, name: str) -> None:
        """Keep what is on the screen for the docs, when asked to."""
        if SHOWN:
            self.page.wait_for_timeout(700)  # for the eye only: animations are over
            self.page.screenshot(path=Path(SHOWN) / f"{name}.png")


@pytest.fixture(scope="module")
def visit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    """The demo's hub, and a browser that can reach this machine alone."""
    needs("chromium")
    made = make_demo(tmp_path_factory.mktemp("tutorial") / "demo", say=lambda _: None)
    with hub(made.store) as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=needs("chromium"), args=list(QUIET))
        found = Visit(running, browser.new_page(viewport={"width": 1200, "height": 860}))
        found.page.on("request", lambda r: None if _near(r.url) else found.foreign.append(r.url))
        found.page.on("websocket", lambda w: None if _near(w.url) else found.foreign.append(w.url))
        found.page.on("console", lambda m: found.complaints.append(m.text) if m.type == "error" else None)
        yield found
        browser.close()


def _near(url: str) -> bool:
    return url.startswith(("http://127.0.0.1", "ws://127.0.0.1", "data:", "blob:"))


def test_a_newcomer_reaches_the_tutorial(visit: Visit) -> None:
    """Address, account and password as printed; a case and a purpose; JupyterLab with the notebook in it."""
    page = visit.page
    page.goto(visit.hub.url)
    page.get_by_label("Username").fill("ana")
    page.get_by_label("Password").fill(visit.hub.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="My workspaces")).to_be_visible()
    page.get_by_label("Case and purpose").select_option("OP-LANTERN/network")
    visit.picture("page")
    page.get_by_role("button", name="Open in JupyterLab").click()
    file = page.get_by_text("first_steps.ipynb", exact=True).first
    file.wait_for(timeout=_PATIENCE)
    shown = page.locator("body").inner_text().lower()
    assert [word for word in ("news", "terminal", "extension manager") if word in shown] == []
    file.dblclick()
    expect(page.get_by_role("heading", name="First steps")).to_be_visible(timeout=_PATIENCE)


def test_every_cell_of_the_tutorial_runs(visit: Visit) -> None:
    """From opening to the report; the one refusal in it is the one it explains."""
    page = visit.page
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible(
        timeout=_PATIENCE
    )  # else nothing is run
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_text("Run All Cells", exact=True).click()
    failed = page.locator(".jp-OutputArea-output[data-mime-type*='error']")
    expect(page.locator(".jp-RenderedHTML a", has_text="report.html").or_(failed).first).to_be_attached(
        timeout=_PATIENCE
    )
    assert failed.count() == 0
    assert "Cannot open a workspace for purpose 'border'" in page.locator(".jp-Notebook").inner_text()


def test_there_is_a_graph_that_can_be_clicked(visit: Visit) -> None:
    """More than twenty nodes around the subject; the handling banner stands above every table."""
    page = visit.page
    _to(page, "5. Draw the network")
    graph = page.locator(".custom-widget").first
    expect(graph).to_be_visible()
    assert graph.evaluate("box => box._cyreg.cy.nodes().length") > 20
    visit.picture("network")


def test_map_and_timeline_are_drawn(visit: Visit) -> None:
    """The map has no tiles, the timeline its events."""
    page = visit.page
    _to(page, "6. When and where")
    visit.picture("timeline")
    _scroll(page, page.locator(".leaflet-container"))
    visit.picture("map")
    assert page.locator(".leaflet-tile").count() == 0


def test_the_report_opens_beside_the_notebook(visit: Visit) -> None:
    """It is in the workspace's own files, whole."""
    page = visit.page
    _to(page, "9. Make a report")
    visit.picture("report")
    homes = visit.hub.log.parent / "homes" / "ana" / "op-lantern"
    [report] = homes.glob("*/reports/*/report.html")
    assert "Anouar Nuftouni" in report.read_text(encoding="utf-8")


def test_saved_and_opened_again_the_pictures_are_still_there(visit: Visit) -> None:
    """As still ones: a live picture needs the kernel that made it."""
    page = visit.page
    page.keyboard.press("Control+s")
    [saved] = (visit.hub.log.parent / "homes" / "ana" / "op-lantern").glob("*/first_steps.ipynb")
    _until(page, lambda: "<svg" in saved.read_text(encoding="utf-8"))
    assert "widget-view" not in saved.read_text(encoding="utf-8")
    page.reload()
    _to(page, "5. Draw the network")
    expect(page.locator("figure svg").first).to_be_visible()
    assert page.get_by_text("model not found").count() == 0


def test_afterwards_the_page_says_what_was_read(visit: Visit) -> None:
    """The floating label, and every access."""
    page = visit.page
    page.goto(f"{visit.hub.url}/services/insight/workspaces/op-lantern")
    expect(page.get_by_role("heading", name="What this workspace has read so far")).to_be_visible()
    expect(page.get_by_text("searched by name")).to_be_visible()
    visit.picture("read")


def test_nothing_was_asked_of_any_other_machine(visit: Visit) -> None:
    """From login to report, by request or websocket."""
    assert visit.foreign == []


def test_ctrl_c_ends_the_servers_and_kernels_too(visit: Visit) -> None:
    """While JupyterLab and its kernel run: nothing stays behind."""
    all_of_it = visit.hub.family()
    names = " ".join(" ".join(process.cmdline()) for process in all_of_it)
    assert all(word in names for word in ("jupyterhub.singleuser", "ipykernel_launcher"))
    assert visit.hub.stop() == 0
    assert not [process for process in all_of_it if process.is_running()]


def _until(page: Page, condition: Callable[[], bool]) -> None:
    for _ in range(300):
        if condition():
            return
        page.wait_for_timeout(100)  # waits in the browser, so that it goes on working
    raise AssertionError("it did not come about in time")


def _to(page: Page, heading: str) -> None:
    """Scroll the notebook until a heading is at its top."""
    _scroll(page, page.get_by_role("heading", name=heading))


def _scroll(page: Page, found: Locator) -> None:
    pane = page.locator(".jp-WindowedPanel-outer").first
    pane.wait_for(timeout=_PATIENCE)
    pane.evaluate("pane => pane.scrollTop = 0")
    for _ in range(60):
        if found.count() and found.first.is_visible():
            found.first.evaluate("found => found.scrollIntoView({block: 'start'})")
            return
        pane.evaluate("pane => pane.scrollBy(0, 500)")
        page.wait_for_timeout(100)  # the notebook draws what comes into view
    raise AssertionError(f"the notebook shows no {found}")

"""In a real browser: page and workspaces have origins of their own; none reaches another with the visitor's cookies."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.governed import HOST, GovernedHub, needs_sandbox
from tests.sandbox.browsing import at, browsing, entered
from tests.sandbox.conftest import ANA, BEN

pytestmark = [needs_sandbox(), pytest.mark.slow]

FETCHED = """at => fetch(at, {credentials: "include"}).then(answer => answer.text(), error => error.name)"""


@pytest.fixture(scope="module")
def context() -> Iterator[BrowserContext]:
    """A browser."""
    with browsing() as window:
        yield window()


@pytest.fixture(scope="module")
def lab(governed: GovernedHub, context: BrowserContext) -> Page:
    """Ana, who has logged in at the page and opened her workspace in JupyterLab."""
    page = entered(governed, context, "ana")
    page.get_by_role("button", name="Open in JupyterLab").click()
    page.wait_for_url(at(governed, ANA[0], "/**"))
    page.wait_for_selector("#jp-main-dock-panel")
    return page


@pytest.mark.case("A74")
def test_a_workspace_is_opened_at_its_own_origin(governed: GovernedHub, lab: Page) -> None:
    """The page sends there; the hub's log-in lets in whom the page shared it with, and him alone."""
    assert lab.evaluate("location.origin") == at(governed, ANA[0], "")
    expect(lab.get_by_text("first_steps.ipynb").first).to_be_visible()
    lab.goto(at(governed, BEN[0], f"/user/{BEN[0]}/{BEN[1]}/lab"))
    expect(lab.get_by_text("403")).to_be_visible()
    lab.go_back()


@pytest.mark.case("A74")
@pytest.mark.parametrize(
    ("name", "path"),
    [(BEN[0], f"/user/{BEN[0]}/{BEN[1]}/api/contents"), ("insight--service", "/services/insight/accesses")],
    ids=["another workspace", "the page"],
)
def test_a_script_of_a_workspace_reads_nothing_elsewhere(
    governed: GovernedHub, lab: Page, name: str, path: str
) -> None:
    """Neither another workspace nor the page, at which she is logged in."""
    lab.goto(at(governed, ANA[0], f"/user/{ANA[0]}/{ANA[1]}/api/contents"))
    assert lab.evaluate(FETCHED, at(governed, name, path)) == "TypeError"


@pytest.mark.case("A74")
def test_no_cookie_is_sent_to_another_origin(context: BrowserContext, lab: Page) -> None:
    """Each belongs to one host, is sent by TLS only, and no script reads those that let somebody in."""
    cookies = context.cookies()
    assert {cookie["domain"] for cookie in cookies} >= {f"{ANA[0]}.{HOST}", f"insight--service.{HOST}"}
    shared = [cookie["name"] for cookie in cookies if cookie["domain"].startswith(".")]
    assert shared == [
        "jupyterhub-session-id"
    ]  # of the hub's, by which all its servers learn that somebody logged out
    keys = [cookie for cookie in cookies if "xsrf" not in cookie["name"]]
    assert all(cookie["secure"] and cookie["httpOnly"] for cookie in keys)

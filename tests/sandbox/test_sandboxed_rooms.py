"""A room in the profile `governed`: its sandbox and its origin are the room's, and only its members get there."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.governed import GovernedHub, needs_sandbox
from tests.sandbox.browsing import SERVICE, at, browsing, entered
from tests.servers import until

pytestmark = [needs_sandbox(), pytest.mark.slow]

CASE = "op-lantern"
MEMBERS = f"/services/insight/workspaces/{CASE}"


@pytest.fixture(scope="module")
def window() -> Iterator[Callable[[], BrowserContext]]:
    """A browser."""
    with browsing() as found:
        yield found


@pytest.fixture(scope="module")
def luc(governed: GovernedHub, window: Callable[[], BrowserContext]) -> Page:
    """Luc, who has opened a workspace in JupyterLab."""
    governed.running.open("luc", "OP-LANTERN", replace=True)
    page = entered(governed, window(), "luc")
    page.get_by_role("button", name="Open in JupyterLab").click()
    page.wait_for_selector("#jp-main-dock-panel")
    return page


@pytest.fixture(scope="module")
def account(luc: Page) -> str:
    """The account of the machine that is the room's, and its origin's name."""
    return str(urlsplit(luc.url).hostname).partition(".")[0]


def confirmed(page: Page, governed: GovernedHub, *, fill: str = "", button: str) -> None:
    """Do something about the members of the room at the page, and confirm it."""
    page.goto(at(governed, SERVICE, MEMBERS))
    if fill:
        page.get_by_label("Let somebody in").fill(fill)
    page.get_by_role("button", name=button).click()
    expect(page.get_by_text("Nothing has been done yet.")).to_be_visible()
    page.locator("form.row button").click()
    expect(page.get_by_text("Nothing has been done yet.")).not_to_be_visible()


@pytest.mark.case("A12")
@pytest.mark.case("A74")
def test_a_member_gets_to_the_room_and_no_longer_than_he_is_one(
    governed: GovernedHub, luc: Page, account: str, window: Callable[[], BrowserContext]
) -> None:
    """Nobody but its own user at first; who is let in opens it at its origin; who is put out is out at once."""
    contents, ana = (
        at(governed, account, f"/user/{account}/{CASE}/api/contents"),
        entered(governed, window(), "ana"),
    )
    assert ana.goto(contents).status == 403
    confirmed(luc, governed, fill="ana", button="Continue")
    ana.goto(at(governed, SERVICE, "/services/insight/"))
    ana.get_by_label("Rooms I am in").get_by_role("button", name="Open in JupyterLab").click()
    ana.wait_for_url(at(governed, account, "/**"))
    ana.wait_for_selector("#jp-main-dock-panel")
    with governed.kernel(account, CASE) as kernel:
        assert kernel.run("import os; print(os.getuid())").text.strip() == account.removeprefix("w")
    confirmed(luc, governed, button="Put out ana")
    until(lambda: ana.goto(contents).status in (403, 404, 503), 30)

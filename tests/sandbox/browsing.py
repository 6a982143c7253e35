"""A browser at a hub of the profile `governed`: each name below its address is an origin of its own."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, Page, expect, sync_playwright

from tests.governed import HOST, GovernedHub
from tests.lab import QUIET
from tests.real import needs

_PATIENCE = 120_000  # milliseconds
SERVICE = "insight--service"


@contextmanager
def browsing() -> Iterator[Callable[[], BrowserContext]]:
    """Run a browser; each call gives somebody a window of his own, which takes the tests' certificate."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=needs("chromium"), args=list(QUIET))

        def window() -> BrowserContext:
            found = browser.new_context(ignore_https_errors=True)
            found.set_default_timeout(_PATIENCE)
            return found

        yield window
        browser.close()


def at(governed: GovernedHub, name: str, path: str) -> str:
    """Return an address at one origin."""
    return f"https://{name}.{HOST}:{governed.port}{path}"


def entered(governed: GovernedHub, context: BrowserContext, user: str) -> Page:
    """Log in at the page."""
    page = context.new_page()
    page.goto(at(governed, SERVICE, "/services/insight/"))
    page.get_by_label("Username").fill(user)
    page.get_by_label("Password").fill(f"of-{user}")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("My workspaces")
    return page

"""Acts on the page in a real browser, at a desk's width and at a telephone's, by mouse and by keyboard alone.

With `INSIGHT_DOCS_IMAGES` naming a folder, the pictures of the page's how-to are written there.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from insight_kernel.demo import make_demo
from tests.lab import QUIET
from tests.real import needs
from tests.servers import RunningHub, ask, hub, read_table, until

pytestmark = pytest.mark.slow

SHOWN = os.environ.get("INSIGHT_DOCS_IMAGES")
DESK, TELEPHONE = {"width": 1100, "height": 800}, {"width": 400, "height": 800}
PICTURES = {"confirm", "decision", "label", "make", "refused", "room"}
"""The pages shown in the how-to."""
UNLABELLED = """() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
    .filter(one => !one.labels.length || !one.labels[0].textContent.trim()).map(one => one.outerHTML)"""
NARROW = "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"


@dataclass
class Desk:
    """A hub over the demo's store and a browser; what the browser complained of is kept."""

    hub: RunningHub
    browser: Browser
    complaints: list[str] = field(default_factory=list)

    @contextmanager
    def person(self, user: str) -> Iterator[Page]:
        """Let somebody log in, with a browser of his own."""
        with self.browser.new_context(viewport=DESK) as context:  # type: ignore[arg-type]
            page = context.new_page()
            page.on("console", lambda m: self.complaints.append(m.text) if m.type == "error" else None)
            page.goto(f"{self.hub.url}/services/insight/decisions")
            page.get_by_label("Username").fill(user)
            page.get_by_label("Password").fill(self.hub.password)
            page.get_by_role("button", name="Sign in").click()
            expect(page.get_by_role("heading", name="Decisions")).to_be_visible()
            yield page


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The demo's hub."""
    needs("chromium")
    made = make_demo(tmp_path_factory.mktemp("desk") / "demo", say=lambda _: None)
    with hub(made.store) as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=needs("chromium"), args=list(QUIET))
        yield Desk(running, browser)
        browser.close()


def checked(page: Page, name: str, heading: str) -> None:
    """Wait for the page so headed, check what holds for every page at both widths, keep its picture if asked to."""
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    for size in (TELEPHONE, DESK):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.wait_for_function(NARROW)  # as soon as it is laid out anew; a page that stays wider fails here
    if SHOWN and name in PICTURES:
        page.screenshot(path=Path(SHOWN) / f"page-{name}.png")
    assert page.evaluate(UNLABELLED) == []
    for table in page.locator("table").all():
        assert table.locator("caption").count() == 1
        assert table.locator("thead th[scope=col]").count() > 0


def test_a_consent_is_asked_for_given_and_revoked(desk: Desk) -> None:
    """The releaser asks, the keeper reads it in plain words and agrees, and later takes it back."""
    with desk.person("luc") as page:
        page.get_by_role("link", name="Consents").click()
        page.get_by_role("link", name="Ask for a consent").click()
        page.get_by_label("Source", exact=True).fill("MA/ma-court")
        page.get_by_label("For release to").fill("FR")
        page.get_by_label("Purpose").select_option("investigate")
        page.get_by_label("Until").fill("2027-12-31")
        page.get_by_label("Why it is needed").fill("The court file of the Lantern report.")
        checked(page, "consent", "Ask for a consent")
        page.get_by_role("button", name="Continue").click()
        checked(page, "confirm", "Ask for a consent?")
        page.get_by_role("button", name="Ask for it").click()
        expect(page.get_by_text("Waits for a second person.")).to_be_visible()
        checked(page, "waiting", "Consent to a release")
    with desk.person("salma") as page:
        checked(page, "decisions", "Decisions")
        page.get_by_role("link", name="all of MA/ma-court").click()
        page.get_by_label("I agree").check()
        checked(page, "decision", "Consent to a release")
        page.get_by_role("button", name="Continue").click()
        page.get_by_role("button", name="I agree").click()
        expect(page.get_by_text("In force until 2027-12-31")).to_be_visible()
        page.get_by_label("Why").fill("The court has closed the file.")
        page.get_by_role("button", name="Continue").click()
        checked(page, "revoke", "Revoke the consent?")
        page.get_by_role("button", name="Revoke the consent").click()
        expect(page.get_by_text("Ended")).to_be_visible()
        page.get_by_role("link", name="Consents").click()
        checked(page, "consents", "Consents")


def test_a_label_is_changed_with_the_keyboard_alone(desk: Desk) -> None:
    """From the list of sources to the confirmation without a mouse; what has focus is marked."""
    with desk.person("nadia") as page:
        page.get_by_role("link", name="Labels").focus()
        page.keyboard.press("Enter")
        checked(page, "labels", "Labels of the data of FR")
        source = page.locator("tbody a").first.inner_text()
        page.locator("tbody a").first.focus()
        page.keyboard.press("Enter")
        checked(page, "label", f"Labels of {source}")
        page.get_by_label("Level").focus()
        page.keyboard.type("conf")
        assert page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") == "solid"
        page.get_by_label("Why they change").focus()
        page.keyboard.type("A source must be protected.")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        checked(page, "label-confirm", "Change the labels?")
        page.get_by_role("button", name="Do it").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_text("Done.")).to_be_visible()
        page.goto(f"{desk.hub.url}/services/insight/use")
        checked(page, "use", "Use of the data of FR")


def test_a_report_is_looked_at_and_not_released(desk: Desk) -> None:
    """The demo's report in its own sealed page; a release that is refused says what helps."""
    with desk.person("luc") as page:
        page.get_by_role("link", name="Reports").click()
        checked(page, "reports", "Reports")
        page.get_by_role("link", name="subject_profile").click()
        checked(page, "report", "Report subject_profile")
        page.get_by_label("To which organisation").fill("MA")
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_role("heading", name="Not released to MA")).to_be_visible()
        checked(page, "refused", "Not released to MA")
        page.get_by_role("link", name="Back to the report").click()
        page.get_by_role("link", name="Open the report").click()
        expect(page.get_by_role("heading", name="Assessment")).to_be_visible()
        assert page.evaluate("() => window.origin") == "null"


def test_a_report_is_made(desk: Desk) -> None:
    """By hand, for another organisation: typed, told back, confirmed, made by the report service, and looked at."""
    case = "OP-LANTERN"
    desk.hub.open("ana", case)
    asked = {"text": "Anouar Nuftouni", "schema": "Person"}
    found = read_table(ask(desk.hub.store, "search", asked, desk.hub.server_token("ana", case)))
    with desk.person("ana") as page:
        page.get_by_role("link", name="Reports").click()
        page.get_by_role("link", name="Subject profile").click()
        checked(page, "make-form", "Subject profile")
        page.get_by_label("Case and purpose").select_option(f"{case}/network")
        page.get_by_label("subject").fill(found["id"][0].as_py())
        page.get_by_label("For whom").fill("MA")
        page.get_by_role("button", name="Continue").click()
        checked(page, "make", "Make the report?")
        page.get_by_role("button", name="Make it").click()
        checked(page, "ordered", "Reports")
        until(lambda: _looked_again(page), 120)
        page.locator("tbody tr", has_text="MA").first.get_by_role("link").click()
        checked(page, "made", "Report subject_profile")
        page.get_by_role("link", name="Open the report").click()
        expect(page.get_by_role("heading", name="Assessment")).to_be_visible()


def _looked_again(page: Page) -> bool:
    """Tell whether nothing is being made any more."""
    page.get_by_role("link", name="Reports", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Reports")
    return page.get_by_text("Ordered by you").count() == 0


def test_emergency_and_groups(desk: Desk) -> None:
    """Both forms, and what is wrong with one, said above it."""
    with desk.person("salma") as page:
        page.get_by_role("link", name="Emergency").click()
        page.get_by_label("For whom").fill("nobody")
        page.get_by_label("Hours").fill("4")
        page.get_by_label("Clearance").select_option("confidential")
        page.get_by_label("Why it cannot wait").fill("A child is missing since this morning.")
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_role("alert")).to_contain_text("Name a registered user")
        checked(page, "emergency", "Emergency access")
        page.get_by_label("For whom").fill("ben")
        page.get_by_role("button", name="Continue").click()
        checked(page, "emergency-confirm", "Ask for emergency access?")
        page.get_by_role("link", name="Groups").click()
        checked(page, "groups", "Groups")
        page.goto(f"{desk.hub.url}/services/insight/")
        checked(page, "home", "My workspaces")
        page.goto(f"{desk.hub.url}/services/insight/accesses")
        checked(page, "accesses", "My accesses")


def test_somebody_is_let_in_to_a_workspace_and_leaves(desk: Desk) -> None:
    """Its user reads what it means before he confirms; who was let in finds the room on his own page, and leaves."""
    desk.hub.open("ana", "OP-LANTERN")
    with desk.person("ana") as page:
        page.get_by_role("link", name="Workspaces").click()
        page.get_by_role("link", name="What it has read").click()
        page.get_by_label("Let somebody in").fill("ben")
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_role("alert")).to_contain_text("ben may not work in OP-LANTERN for network")
        checked(page, "not-let-in", "OP-LANTERN, network")
        page.get_by_label("Let somebody in").fill("luc")
        page.get_by_role("button", name="Continue").click()
        checked(page, "let-in", "Let luc in?")
        page.get_by_role("button", name="Let him in").click()
        expect(page.get_by_role("row", name="Luc (head of analysis, Paris)")).to_be_visible()
        checked(page, "room", "OP-LANTERN, network")
    with desk.person("luc") as page:
        page.get_by_role("link", name="Workspaces").click()
        expect(page.get_by_role("heading", name="Rooms I am in")).to_be_visible()
        checked(page, "rooms", "My workspaces")
        page.get_by_role("button", name="Leave").click()
        checked(page, "leave", "Leave the room?")
        page.get_by_role("button", name="Leave it").click()
        expect(page.get_by_role("heading", name="Rooms I am in")).to_have_count(0)


def test_the_browser_complains_of_nothing(desk: Desk) -> None:
    """No page asks for anything its own policy forbids; the two refused forms are those above."""
    assert [text for text in desk.complaints if "422" not in text and "403" not in text] == []

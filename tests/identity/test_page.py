"""The page: a person's own place, reached by the hub's login; no code, no other site and no URL acts there."""

import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.identity.conftest import Served, Someone
from tests.identity.test_identity import hub_process, stopped
from tests.servers import until

PAGE = "/services/insight/"


@pytest.fixture
def someone(served: Served) -> Someone:
    """Somebody with a workspace that has read something."""
    found = served.someone("FR")
    assert found.sees()
    return found


@pytest.fixture
def browser(served: Served, someone: Someone) -> Iterator[httpx.Client]:
    """His browser, logged in."""
    with served.hub.browser(someone.user) as client:
        yield client


def secret(page: httpx.Response) -> str:
    """Return what each form of a visit carries."""
    found = re.search(r'name="form" value="([^"]+)"', page.text)
    assert found is not None
    return found[1]


def test_the_hubs_login_leads_to_the_page(served: Served, someone: Someone, browser: httpx.Client) -> None:
    """Whoever logs in sees his name, his cases and what a workspace is for."""
    page = browser.get(PAGE)
    assert (page.status_code, page.url.path) == (200, PAGE)
    for text in (
        f"Analyst {someone.user}",
        someone.case,
        f"Case of {someone.user}",
        "network",
        "Open in JupyterLab",
    ):
        assert text in page.text


def test_without_a_login_there_is_only_the_way_to_it(served: Served) -> None:
    """Every page sends a stranger to the hub's login, and shows nothing."""
    for path in ("", "accesses", "workspaces/x", "workspaces/x/replace"):
        answer = httpx.get(f"{served.hub.url}{PAGE}{path}", trust_env=False)
        assert (answer.status_code, answer.text) == (303, "")
        assert answer.headers["location"].startswith("/hub/api/oauth2/authorize?")


def test_what_a_workspace_has_read_is_shown(someone: Someone, browser: httpx.Client) -> None:
    """Owners, level, purposes left and its accesses."""
    page = browser.get(f"{PAGE}workspaces/{someone.case.lower()}").text
    for text in ("2 records", "DE, FR", "official", "investigate, network, oversight", "looked for entities"):
        assert text in page, text


@pytest.mark.case("A71")
def test_everybody_reads_his_own_accesses_only(
    served: Served, someone: Someone, browser: httpx.Client
) -> None:
    """His own are listed, those of others are not, and reading them is in the log."""
    other = served.someone()
    assert other.sees()
    page = browser.get(f"{PAGE}accesses").text
    assert f"{someone.user}/{someone.case}".lower() in page
    assert other.case.lower() not in page
    assert any(entry.get("request") == "own-accesses" for entry in someone.entries())


def test_somebody_elses_workspace_is_not_there(served: Served, browser: httpx.Client) -> None:
    """The same answer as for one that never was."""
    other = served.someone()
    answers = [browser.get(f"{PAGE}workspaces/{name}") for name in (other.case.lower(), "c-never-was")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].text == answers[1].text


FOREIGN: dict[str, dict[str, Any]] = {
    "no secret of the visit": {"form": ""},
    "a wrong secret": {"form": "x" * 43},
    "another origin": {"headers": {"Origin": "http://127.0.0.1.evil.example"}},
    "another site, says the browser": {"headers": {"Sec-Fetch-Site": "cross-site"}},
    "a neighbour of the same site": {"headers": {"Sec-Fetch-Site": "same-site"}},
    "not a form": {"headers": {"Content-Type": "text/plain"}},
}


@pytest.mark.case("A58")
@pytest.mark.parametrize("kind", FOREIGN)
def test_a_form_that_is_not_ours_does_nothing(someone: Someone, browser: httpx.Client, kind: str) -> None:
    """403 and an alarm; the workspace is what it was."""
    said = FOREIGN[kind]
    form = {"form": said.get("form", secret(browser.get(PAGE))), "work": f"{someone.case}/investigate"}
    answer = browser.post(f"{PAGE}replace", data=form, headers=said.get("headers", {}))
    assert answer.status_code == 403
    assert [entry["reason"] for entry in someone.entries() if entry.get("weight") == "alarm"] == [
        "foreign-form"
    ]
    assert someone.ask("me").json()["purpose"] == "network"


@pytest.mark.case("A77")
def test_a_servers_token_acts_nowhere(served: Served, someone: Someone) -> None:
    """Code may ask and read; the page refuses whatever shows a token, and says so in an alarm."""
    headers = {"Authorization": f"Bearer {someone.token}"}
    with httpx.Client(base_url=served.hub.url, headers=headers, trust_env=False) as code:
        for act in ("open", "replace", "start"):
            assert code.post(f"{PAGE}{act}", data={"work": f"{someone.case}/investigate"}).status_code == 403
        assert code.get(PAGE).status_code == 403
    assert someone.ask("me").json()["purpose"] == "network"
    assert "token-at-page" in [entry.get("reason") for entry in served.entries()]


def test_nothing_is_done_or_filled_in_from_a_url(someone: Someone, browser: httpx.Client) -> None:
    """An act is a form sent by a person; a link can neither do it nor prepare it."""
    for act in ("open", "replace", "start", "logout"):
        assert browser.get(f"{PAGE}{act}", params={"work": f"{someone.case}/investigate"}).status_code in (
            404,
            405,
        )
    page = browser.get(
        f"{PAGE}workspaces/{someone.case.lower()}/replace", params={"work": "x", "necessity": "Xyzzy"}
    )
    assert "Xyzzy" not in page.text
    assert "selected" not in page.text


@pytest.mark.parametrize(
    ("work", "status"),
    [("", 403), ("C-NEVER/network", 403), ("network", 403), ("{other}/network", 403), ("{mine}/wanted", 403),
     ("{mine}/investigate", 403)],
)  # fmt: skip
def test_a_workspace_that_is_not_possible_is_refused_in_a_sentence(
    served: Served, someone: Someone, browser: httpx.Client, work: str, status: int
) -> None:
    """An unknown case, one of somebody else, a purpose he has not, or a second purpose in one workspace."""
    other = served.someone()
    form = {"form": secret(browser.get(PAGE)), "work": work.format(other=other.case, mine=someone.case)}
    answer = browser.post(f"{PAGE}open", data=form)
    assert (answer.status_code, "Cannot open a workspace" in answer.text) == (status, True)
    assert someone.ask("me").json()["purpose"] == "network"


@pytest.mark.parametrize("field", ["twice", "too-long", "no-day", "no-permit"])
def test_odd_fields_are_refused(someone: Someone, browser: httpx.Client, field: str) -> None:
    """A field that stands twice, a form of megabytes, a necessity without a day or without a permit."""
    form = secret(browser.get(PAGE))
    work = f"form={form}&work={someone.case}%2Fnetwork"
    body = {
        "twice": f"{work}&work=x", "too-long": f"{work}&x={'y' * 100_000}", "no-day": f"{work}&necessity=because",
        "no-permit": f"{work}&necessity=because&until=2999-01-01",
    }[field]  # fmt: skip
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    assert browser.post(f"{PAGE}open", content=body, headers=kind).status_code in (413, 422)


def test_a_title_is_text(served: Served, someone: Someone, browser: httpx.Client) -> None:
    """Whatever stands in a case's title is shown, not run."""
    served.change(lambda people: people["cases"][someone.case].update(title="<script>alert(1)</script>"))
    page = browser.get(PAGE).text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script" not in page


def test_the_page_may_be_framed_by_nobody_and_loads_nothing(browser: httpx.Client) -> None:
    """Its policy allows its own style sheet and its own forms."""
    headers = browser.get(PAGE).headers
    assert headers["content-security-policy"].startswith(
        "default-src 'none'; style-src 'self'; form-action 'self'"
    )
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert (headers["x-frame-options"], headers["cache-control"]) == ("DENY", "no-store")


def test_after_logging_out_the_cookie_is_worth_nothing(browser: httpx.Client) -> None:
    """Also when somebody kept it."""
    form = secret(browser.get(PAGE))
    kept = dict(browser.cookies)
    browser.post(f"{PAGE}logout", data={"form": form}, follow_redirects=False)
    answer = httpx.get(
        f"{str(browser.base_url).rstrip('/')}{PAGE}",
        cookies={"insight-visit": kept["insight-visit"]},
        trust_env=False,
    )
    assert answer.status_code == 303


def test_a_login_that_was_not_begun_here_is_refused(served: Served, browser: httpx.Client) -> None:
    """A code and a state that somebody else's link brings log nobody in."""
    for asked in ({}, {"code": "x", "state": "y"}, {"code": "x", "state": ""}):
        assert browser.get(f"{PAGE}oauth_callback", params=asked).status_code == 403


@pytest.mark.case("A58")
def test_a_login_begun_in_one_browser_ends_in_no_other(served: Served, browser: httpx.Client) -> None:
    """Who is sent the end of somebody else's login is not logged in as him; the one who began it is, once."""
    begun = browser.get(PAGE, follow_redirects=False)
    back = browser.get(begun.headers["location"], follow_redirects=False).headers["location"]
    assert httpx.get(f"{served.hub.url}{back}", trust_env=False).status_code == 403
    again = browser.get(PAGE, follow_redirects=False)
    back = browser.get(again.headers["location"], follow_redirects=False).headers["location"]
    assert browser.get(back, follow_redirects=False).status_code == 303
    assert browser.get(back, follow_redirects=False).status_code == 403


@pytest.mark.case("A7")
def test_who_is_removed_sees_no_cases(served: Served, someone: Someone, browser: httpx.Client) -> None:
    """His login may last, his rights do not."""

    def remove(people: dict[str, Any]) -> None:
        people["cases"][someone.case]["members"] = ["nobody"]

    served.change(remove)
    page = browser.get(PAGE).text
    assert "It cannot be used any more" in page
    assert "Open in JupyterLab" not in page


@pytest.mark.case("A11")
def test_without_the_hub_the_page_is_closed(served: Served, browser: httpx.Client) -> None:
    """503, and nothing that was shown before."""
    assert browser.get(PAGE).status_code == 200
    cookies = {"insight-visit": browser.cookies["insight-visit"]}
    with stopped(hub_process(served)):
        at = f"{served.hub.url}{PAGE}"
        until(lambda: httpx.get(at, cookies=cookies, trust_env=False, timeout=60).status_code == 503)

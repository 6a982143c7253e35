"""Reports on the page: opened by who may see what went in, released by releasers, frozen, sealed off in a browser."""

from typing import Any

import pytest

from tests.identity.at_page import PAGE
from tests.identity.conftest import Served


@pytest.mark.parametrize(
    ("who", "company", "status"),
    [("FR", "open-company", 200), ("FR", "french-company", 200), ("MA", "open-company", 200),
     ("MA", "french-company", 404), ("officer", "open-company", 404)],
)  # fmt: skip
def test_who_opens_which_report(served: Served, enter: Any, who: str, company: str, status: int) -> None:
    """Whose own rights satisfy what went in, for the purpose it was made for; to others it is not there."""
    person, run = enter(who), served.run(company)
    paths = (f"reports/{run}", f"reports/{run}/page")
    assert {person.get(path).status_code for path in paths} == {status}
    assert (run in person.get("reports").text) == (status == 200)
    if status == 404:
        assert person.get(f"reports/{run}").text == person.get("reports/" + "0" * len(run)).text.replace(
            "0" * len(run), run
        )


def test_a_report_is_sealed_off(served: Served, enter: Any) -> None:
    """It is shown without the page's own origin, and runs and loads nothing."""
    answer = enter("FR").get(f"reports/{served.run('open-company')}/page")
    assert "About open-company." in answer.text
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "allow" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.case("A43")
def test_a_report_is_released_once(served: Served, enter: Any) -> None:
    """Told back, confirmed, frozen and listed; the same again is 409; the copy is a download."""
    run, releaser = served.run("open-company"), enter("releaser")
    path = f"reports/{run}/release"
    told = releaser.send(path, to="MA")
    for text in ("MA (NCB Rabat)", "network", "cannot be taken back"):
        assert text in told.text
    assert "released to nobody" in releaser.get(f"reports/{run}").text
    late = releaser.send(path, to="MA")
    page = releaser.confirm(told)
    assert f"{PAGE}reports/{run}/released/MA/report.html" in page.text
    assert releaser.confirm(late).status_code == 409
    copy = releaser.get(f"reports/{run}/released/MA/report.html")
    assert "NCB Rabat" in copy.text
    assert copy.headers["content-disposition"].startswith("attachment")
    assert copy.headers["content-security-policy"].startswith("sandbox;")
    for other in ("released/FR/report.html", "released/MA/run.json", "released/MA/..%2F..%2Frun.json"):
        assert releaser.get(f"reports/{run}/{other}").status_code == 404


@pytest.mark.case("A45")
def test_a_release_that_is_refused_says_what_may_be_known(served: Served, enter: Any) -> None:
    """Nothing leaves; owners and reasons the asker may know, and what helps."""
    run, releaser = served.run("french-company"), enter("releaser")
    answer = releaser.send(f"reports/{run}/release", to="MA")
    assert answer.status_code == 403
    assert 'name="number"' not in answer.text
    for text in ("Not released to MA", "consents/ask", "insight report run"):
        assert text in answer.text
    assert "released to nobody" in releaser.get(f"reports/{run}").text


@pytest.mark.parametrize(
    ("to", "status", "said"),
    [("G-WESTMED", 422, "it is a group"), ("X-NOBODY", 422, "unknown"), ("JP", 422, "no release profile"),
     ("", 422, "unknown")],
)  # fmt: skip
def test_to_whom_nothing_is_released(served: Served, enter: Any, to: str, status: int, said: str) -> None:
    """A group, somebody unknown, or without a profile: said above the form."""
    answer = enter("releaser").send(f"reports/{served.run('open-company')}/release", to=to)
    assert (answer.status_code, said in answer.text) == (status, True)


def test_only_a_releaser_releases(served: Served, enter: Any) -> None:
    """Whoever may open it may not for that release it; the try is in the log."""
    analyst, run = enter("FR"), served.run("open-company")
    assert "Release it" not in analyst.get(f"reports/{run}").text
    assert analyst.send(f"reports/{run}/release", to="FR").status_code == 403
    assert "no-releaser" in {e.get("reason") for e in served.entries() if e.get("user") == analyst.user}
    assert "FR" not in _released(served, run)


def test_a_changed_report_is_not_shown(served: Served, enter: Any) -> None:
    """A file that is not what was registered raises an alarm, and nobody sees it."""
    run, releaser = served.run("french-company"), enter("releaser")
    path = served.hub.store / "runs" / run / "report.html"
    before = path.read_bytes()
    path.write_bytes(before.replace(b"About", b"Above"))
    try:
        assert releaser.get(f"reports/{run}/page").status_code == 403
    finally:
        path.write_bytes(before)
    assert "report-changed" in {entry.get("reason") for entry in served.entries()}
    assert releaser.get(f"reports/{run}/page").status_code == 200


def _released(served: Served, run: str) -> set[str]:
    return {
        entry["recipient"] for entry in served.entries()
        if entry.get("run") == run and entry.get("operation") == "disclosure" and entry["decision"] == "granted"
    }  # fmt: skip

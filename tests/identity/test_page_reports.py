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
    assert "no-releaser" in [e.get("reason") for e in served.entries() if e.get("user") == analyst.user]
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
    assert "report-changed" in [entry.get("reason") for entry in served.entries()]
    assert releaser.get(f"reports/{run}/page").status_code == 200


def _released(served: Served, run: str) -> set[str]:
    return {
        entry["recipient"] for entry in served.entries()
        if entry.get("run") == run and entry.get("operation") == "disclosure" and entry["decision"] == "granted"
    }  # fmt: skip


BESIDE = {"section": "Facts", "text": "Seen again in May.", "readers": "all", "level": "official"}
"""A remark as it is typed."""


@pytest.mark.parametrize(
    ("writer", "company", "typed", "reads"),
    [
        ("FR", "open-company", {}, {"FR", "MA"}),
        ("FR", "open-company", {"readers": "own"}, {"FR"}),
        ("FR", "open-company", {"readers": "case"}, set()),
        ("MA", "open-company", {"readers": "own"}, {"MA"}),
        ("FR", "french-company", {}, {"FR"}),
        ("FR", "open-company", {"level": "restricted"}, {"FR", "MA"}),
    ],
)
@pytest.mark.case("A48")
def test_a_remark_is_read_by_whom_its_author_chose_and_who_may_open_the_report(
    served: Served, enter: Any, writer: str, company: str, typed: dict[str, str], reads: set[str]
) -> None:
    """It carries all that the report was made from, and its own label besides."""
    run, text = (
        served.run(company),
        f"Of {writer} beside {company} {typed}".translate(str.maketrans("", "", "{}':")),
    )
    author = enter(writer)
    proposed = author.send(f"reports/{run}/remark", **{**BESIDE, **typed, "text": text})
    if "case" in typed.get("readers", ""):  # nobody but its members: the author is none
        assert (proposed.status_code, "could not read it yourself" in proposed.text) == (422, True)
    else:
        assert text in author.confirm(proposed).text
    found = {country for country in ("FR", "MA") if text in enter(country).get(f"reports/{run}").text}
    assert found == reads


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"text": " "}, "text is missing"), ({"section": "Gossip"}, "section is none of this report"),
        ({"readers": "FR"}, "who may read it"), ({"level": "confidential"}, "could not read it yourself"),
    ],
)  # fmt: skip
def test_a_remark_that_cannot_stand(served: Served, enter: Any, typed: dict[str, str], said: str) -> None:
    """Said above the form, with what was typed still in it."""
    run, person = served.run("open-company"), enter("FR")
    answer = person.send(f"reports/{run}/remark", **{**BESIDE, **typed})
    assert (answer.status_code, said in answer.text) == (422, True)


def test_a_remark_is_text(served: Served, enter: Any) -> None:
    """Whatever it looks like."""
    run, person = served.run("open-company"), enter("FR")
    page = person.confirm(
        person.send(f"reports/{run}/remark", **{**BESIDE, "text": "<script>alert(1)</script>"})
    )
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "<script" not in page.text


def test_no_remark_beside_a_report_one_may_not_open(served: Served, enter: Any) -> None:
    """As beside one that is not there."""
    answer = enter("MA").send(f"reports/{served.run('french-company')}/remark", **BESIDE)
    assert answer.status_code == 404

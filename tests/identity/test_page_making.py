"""Making a report on the page: what is typed is told back, confirmed, and made by the report service of the hub."""

import re
from typing import Any

import pytest

from tests.identity.at_page import AtPage
from tests.identity.conftest import Served
from tests.servers import read_table, until

NOBODY = "0" * 16
MADE = 180.0  # seconds in which a few reports are made, on a busy machine


def typed(person: AtPage, **more: str) -> dict[str, str]:
    """The form of the standard report, for this person's own case."""
    return {"work": f"C-{person.user.upper()}/network", "p-subject": NOBODY, **more}


def id_of(served: Served, name: str, country: str) -> str:
    """The id of one of the store's persons, as somebody of this country is shown it."""
    rows = read_table(served.someone(country).ask("find", {"schema": "Person"}))
    return dict(zip(rows["caption"].to_pylist(), rows["id"].to_pylist(), strict=True))[name]


def ordered(person: AtPage, **more: str) -> None:
    """Order a report and confirm it."""
    told = person.send("make/subject_profile", **typed(person, **more))
    assert person.confirm(told).status_code == 200


def runs(served: Served, user: str) -> list[dict[str, Any]]:
    """The runs registered for a user."""
    return [e for e in served.entries() if e["operation"] == "run" and e["user"] == user]


@pytest.mark.slow
def test_a_report_is_ordered_told_back_confirmed_and_made(served: Served, enter: Any) -> None:
    """One for oneself and a rendition; each carries what it read and nothing that his workspace did."""
    person, subject = enter("FR"), id_of(served, "open", "FR")
    case = f"C-{person.user.upper()}"
    told = person.send(
        "make/subject_profile", **typed(person, **{"p-subject": subject, "recipients": "MA FR"})
    )
    for said in (case, "network", subject, "MA (NCB Rabat)", "FR (NCB Paris)", "values that expire earlier"):
        assert said in told.text
    assert "Ordered by you" in person.confirm(told).text
    made = until(lambda: len(found := runs(served, person.user)) == 2 and found, MADE)
    assert {run["recipient"] for run in made} == {"FR", "MA"}
    listed = person.get("reports").text
    assert all(run["run"] in listed for run in made)
    assert "Ordered by you" not in listed
    [entry] = [e for e in served.entries() if e["operation"] == "order" and e.get("recipient") == "MA"
               and e["user"] == person.user]  # fmt: skip
    assert (entry["by"], subject in str(entry)) == ("page", False)
    assert not [e for e in served.entries() if e["operation"] == "combination" and e["user"] == person.user]


@pytest.mark.slow
@pytest.mark.case("A84")
def test_code_orders_renditions_and_its_workspace_goes_in(served: Served, enter: Any) -> None:
    """By a server's own token: what the workspace read is in each run's label, and the log says from where."""
    someone = served.someone("FR")
    assert someone.sees() == {"open", "french"}
    asked = {
        "template": "subject_profile",
        "parameters": {"subject": id_of(served, "open", "FR")},
        "recipients": ["MA"],
    }
    [order] = someone.ask("report", asked).json()["runs"]
    status = until(lambda: (s := someone.ask("orders", {"runs": [order["run"]]}).json()["runs"][0]["status"])
                   not in ("waiting", "running") and s, MADE)  # fmt: skip
    assert status == "done"
    [joined] = [e for e in someone.entries() if e["operation"] == "combination"]
    assert joined["from"] == f"{someone.user}/c-{someone.user}/network/w1"
    assert order["run"] in joined["workspace"]
    refused = enter("releaser").send(f"reports/{order['run']}/release", to="MA")
    assert (refused.status_code, "Not released to MA" in refused.text) == (403, True)


@pytest.mark.parametrize(
    ("typed_in", "said"),
    [
        ({"p-subject": ""}, "parameter subject is missing"),
        ({"p-subject": "Bo Carr"}, "parameter subject is not string of the form"),
        ({"recipients": "JP"}, "JP: unknown, or without a release profile"),
        ({"recipients": "X-NOBODY"}, "X-NOBODY: unknown, or without a release profile"),
        ({"last": "2020-01-01"}, "not a day after today"),
        ({"last": "soon"}, "not a day after today"),
        ({"work": ""}, "case and purpose are missing"),
        ({"work": "C-FR1/network"}, "is not a member of a case"),
        ({"work": "{own}/border"}, "it is not made for the purpose"),
        ({"necessity": "A reason.", "until": "2999-01-01"}, "holds no permit for special data"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_above_the_form(
    served: Served, enter: Any, typed_in: dict[str, str], said: str
) -> None:
    """With what was typed still in it; nothing is ordered."""
    person = enter("MA")
    values = {name: text.format(own=f"C-{person.user.upper()}") for name, text in typed_in.items()}
    answer = person.send("make/subject_profile", **typed(person, **values))
    assert answer.status_code in (403, 422)
    assert said in answer.text
    assert "Nothing was done." in answer.text
    assert not [e for e in served.entries() if e["operation"] == "order" and e["user"] == person.user]


def test_only_registered_templates_are_made(enter: Any) -> None:
    """Neither one that is not there, nor a path out of the folder."""
    person = enter("FR")
    for name in ("mine", "..%2Fsubject_profile", "%2Fetc%2Fpasswd"):
        assert person.get(f"make/{name}").status_code in (404, 422)
    assert "Subject profile" in person.get("reports").text


@pytest.mark.case("A9")
def test_who_left_the_hubs_group_of_a_case_makes_nothing_for_it(served: Served, enter: Any) -> None:
    """Membership stands in the organisation file and in the hub, or it does not stand."""
    person = enter("FR")
    group, who = f"/groups/case-c-{person.user}/users", {"users": [person.user]}
    served.hub.api("DELETE", group, json=who).raise_for_status()
    answer = person.send("make/subject_profile", **typed(person))
    assert (answer.status_code, "does not count you" in answer.text) == (403, True)


def test_an_order_is_stopped_by_whoever_ordered_it(served: Served, enter: Any) -> None:
    """Not by others; and a report that was stopped is nowhere."""
    person, other = enter("FR"), enter("MA")
    ordered(person, **{"recipients": "FR MA"})
    run = re.findall(r'name="run" value="([^"]+)"', person.get("reports").text)[-1]
    assert other.send("stop", run=run).status_code == 404
    assert person.send("stop", run=run).status_code == 200
    stopped = [e for e in served.entries() if e["operation"] == "order" and e.get("act") == "stopped"]
    assert [(e["run"], e["user"]) for e in stopped] == [(run, person.user)]

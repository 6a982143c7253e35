"""Acts of authority on the page: told back in plain words, confirmed once, by those who may, and by nobody alone."""

from typing import Any

import httpx
import pytest

from tests.identity.at_page import PAGE, acts, at_page, field
from tests.identity.conftest import COUNTED, Served, Someone

WHY = "Invented, for a test."


def consent(source: str, **changes: str) -> dict[str, str]:
    return {"source": f"ES/{source}", "recipient": "FR", "purpose": "network", "until": "2999-01-01",
            "reason": WHY, **changes}  # fmt: skip


def emergency(user: str, **changes: str) -> dict[str, str]:
    return {"user": user, "hours": "2", "clearance": "confidential", "reason": WHY, **changes}


def label_form(page: httpx.Response, **changes: str) -> dict[str, str]:
    """A label form as a browser would send it, with some fields typed anew."""
    return {
        "version": field(page, "version"), "records": "", "level": "official", "receives": "owner", "only": "",
        "excluded": "", "purpose-network": "on", "purpose-investigate": "on", "files": "",
        "expires": field(page, "expires"), "handling-H2": "on", "conditions": "", "consent": "", "reason": WHY,
        **changes,
    }  # fmt: skip


# -- who sees what ---------------------------------------------------------------------------------------------------
EVERYBODY = {
    "": 200,
    "accesses": 200,
    "decisions": 200,
    "consents": 200,
    "consents/ask": 200,
    "emergency": 200,
}
COUNTING = f"labels/{COUNTED}/completeness"
NO_DUTIES = {
    **EVERYBODY,
    "labels": 403,
    "labels/open": 403,
    COUNTING: 403,
    "use": 403,
    "groups": 403,
    "log": 403,
}
SEEN = {
    "FR": NO_DUTIES,
    "releaser": NO_DUTIES,
    "officer": {
        **EVERYBODY,
        "labels": 403,
        "labels/open": 403,
        COUNTING: 403,
        "use": 403,
        "groups": 200,
        "log": 200,
    },
    "operator": {
        **EVERYBODY,
        "labels": 403,
        "labels/open": 403,
        COUNTING: 403,
        "use": 403,
        "groups": 200,
        "log": 403,
    },
    "ES": {
        **EVERYBODY,
        "labels": 200,
        "labels/open": 404,
        "labels/kept-16": 200,
        COUNTING: 200,
        "use": 200,
        "groups": 200,
        "log": 403,
    },
}


@pytest.mark.parametrize("who", SEEN)
def test_who_sees_which_page(enter: Any, who: str) -> None:
    """The navigation of each role leads to its pages, and typing the address of another does not help."""
    person = enter(who)
    assert {path: person.get(path).status_code for path in SEEN[who]} == SEEN[who]
    linked = {path for path in SEEN[who] if f'href="{PAGE}{path}"' in person.get("emergency").text}
    assert linked >= {
        path for path in ("decisions", "consents", "labels", "use", "groups", "log") if SEEN[who][path] == 200
    }
    assert not linked & {path for path, status in SEEN[who].items() if status == 403}


@pytest.mark.case("A71")
def test_an_officer_searches_the_log_on_the_page(served: Served, enter: Any) -> None:
    """He finds what somebody did; a time that is none is told; anybody else who sends the form raises an alarm."""
    officer, analyst = enter("officer"), enter("FR")
    page = officer.send("log", user=analyst.user)
    assert page.status_code == 200
    assert (
        f"sought {{&#39;user&#39;: &#39;{analyst.user}&#39;}}" not in page.text
    )  # what is shown is his, not the officer's
    assert analyst.user in page.text
    assert officer.send("log", since="never").status_code == 422
    assert analyst.send("log", user=officer.user).status_code == 403
    assert "no-officer" in analyst.alarms()
    *_, last = (e for e in served.entries() if e.get("user") == officer.user and "sought" in e)
    assert last["sought"] == {"user": analyst.user}


FORMS: dict[str, dict[str, str]] = {
    "consents/ask": consent("kept-16"),
    "emergency": emergency("fr1"),
    "groups": {"group": "G-WESTMED", "add": "JP", "reason": WHY},
    "labels/kept-16": {"reason": WHY},
    "labels/kept-16/records": {"records": "x"},
    "labels/kept-16/withdraw": {"reason": WHY},
    "labels/kept-16/completeness": {"schema": "Person", "reason": WHY},
    "decide": {"act": "0", "answer": "agree"},
    "end": {"act": "0", "reason": WHY},
    "confirm": {"number": "0"},
    "reports/0/release": {"to": "FR"},
    "drafts": {"draft": "0", "records": "0", "reason": WHY},
    "workspaces/c-es1/members": {"member": "es2"},
    "workspaces/c-es1/members/remove": {"member": "es2"},
    "rooms/open": {"owner": "es2", "server": "c-es2"},
    "rooms/leave": {"owner": "es2", "server": "c-es2"},
}  # fmt: skip
FOREIGN: dict[str, dict[str, Any]] = {
    "no secret": {"form": ""},
    "another origin": {"headers": {"Origin": "http://127.0.0.1.evil.example"}},
    "another site": {"headers": {"Sec-Fetch-Site": "same-site"}},
    "a token": {"headers": {"Authorization": "Bearer abcdefgh"}},
}


@pytest.mark.case("A58")
@pytest.mark.case("A77")
def test_every_form_is_refused_from_elsewhere(served: Served, enter: Any) -> None:
    """Without the visit's secret, from another origin or site, or with a token: 403, an alarm, and no act."""
    keeper = enter("ES")
    before = len([entry for entry in served.entries() if "act_id" in entry])
    answers = {
        (path, kind): keeper.send(path, **said, **typed).status_code
        for path, typed in FORMS.items() for kind, said in FOREIGN.items()
    }  # fmt: skip
    assert set(answers.values()) == {403}, answers
    assert set(keeper.alarms()) == {"foreign-form"}
    assert "token-at-page" in [entry.get("reason") for entry in served.entries()]
    assert len([entry for entry in served.entries() if "act_id" in entry]) == before


TRIED = ("act", "acts/ask", "acts/decide/x", "consent", "release", "label/change", "member", "decide")


@pytest.mark.case("A77")
@pytest.mark.parametrize("path", TRIED)
def test_a_keepers_notebook_does_no_act(served: Served, path: str) -> None:
    """The token of a keeper's own server may ask and read: an act is refused with an alarm, without being read."""
    keeper = served.someone("ES")
    answer = keeper.ask(path, {"kind": "consent", "what": consent("kept-16")})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_permitted")
    assert [e["reason"] for e in keeper.entries() if e.get("weight") == "alarm"] == ["act-by-token"]
    assert keeper.ask("me").status_code == 200


def test_an_act_without_a_token_is_nobodys(served: Served) -> None:
    """Whoever shows none reads the same as with any other request."""
    assert served.someone("ES").ask("consent", {}, token=None).status_code == 401


# -- asked, told back, confirmed once --------------------------------------------------------------------------------
def test_a_consent_from_asking_to_revoking(served: Served, enter: Any) -> None:
    """Nothing happens before it is confirmed; a keeper of the owner decides; he can take it back."""
    source, analyst, keeper = served.source(), enter("FR"), enter("ES")
    told = analyst.send("consents/ask", **consent(source))
    for text in (
        f"all of ES/{source}",
        "FR (NCB Paris)",
        "network",
        "2999-01-01",
        "A keeper of ES decides",
        WHY,
    ):
        assert text in told.text, text
    assert not acts(served, "consent", source=source)
    act = analyst.confirm(told).url.path.rpartition("/")[2]
    assert "Waits for a second person" in analyst.get(f"decisions/{act}").text
    assert f"decisions/{act}" in keeper.get("decisions").text.partition("What you asked for")[0]
    keeper.decides(act)
    assert "In force until 2999-01-01" in analyst.get(f"decisions/{act}").text
    keeper.done("end", act=act, reason=WHY)
    assert "Ended" in analyst.get(f"decisions/{act}").text
    assert [entry["act"] for entry in served.entries() if entry.get("act_id") == act] == [
        "asked", "agreed", "ended"
    ]  # fmt: skip


def test_what_waits_is_counted(served: Served, enter: Any) -> None:
    """The navigation of a keeper says how many decisions wait for him, that of who asked does not."""
    analyst, keeper = enter("FR"), enter("ES")
    before = keeper.get("emergency").text.partition("waiting: </span>")[2].partition("<")[0] or "0"
    analyst.done("consents/ask", **consent(served.source()))
    after = keeper.get("emergency").text.partition("waiting: </span>")[2].partition("<")[0]
    assert int(after) == int(before) + 1
    assert "waiting: " not in analyst.get("emergency").text


@pytest.mark.case("A10")
def test_a_confirmation_counts_once(served: Served, enter: Any) -> None:
    """Sent again it is 409, nothing is done twice, and the log names the first."""
    source, analyst = served.source(), enter("FR")
    number = field(analyst.send("consents/ask", **consent(source)), "number")
    assert analyst.send("confirm", number=number).status_code == 200
    again = analyst.send("confirm", number=number)
    assert (again.status_code, "confirmed already" in again.text) == (409, True)
    [act] = acts(served, "consent", source=source)
    [entry] = [
        e for e in served.entries() if e.get("reason") == "confirmed-before" and e["user"] == analyst.user
    ]
    assert entry["first"] == act["n"]


@pytest.mark.case("A10")
def test_anothers_confirmation_is_worth_nothing(served: Served, enter: Any) -> None:
    """403 and an alarm for who sends it; it is still good for whom it was made."""
    source, analyst, other = served.source(), enter("FR"), enter("FR")
    number = field(analyst.send("consents/ask", **consent(source)), "number")
    assert other.send("confirm", number=number).status_code == 403
    assert other.alarms() == ["confirmation-of-another"]
    assert not acts(served, "consent", source=source)
    assert analyst.send("confirm", number=number).status_code == 200
    assert other.send("confirm", number="made-up").status_code == 409


@pytest.mark.case("A10")
def test_a_decision_is_made_once(served: Served, enter: Any) -> None:
    """Two keepers who decide at once: the second one is told that it is decided, and both stand in the log."""
    analyst, first, second = enter("FR"), enter("ES"), enter("ES")
    act = analyst.done("consents/ask", **consent(served.source()))
    late = first.send("decide", act=act, answer="refuse")
    second.decides(act)
    assert first.confirm(late).status_code == 409
    assert first.send("decide", act=act, answer="refuse").status_code == 409
    assert "In force" in analyst.get(f"decisions/{act}").text


@pytest.mark.case("A51")
def test_nobody_decides_what_he_asked_for(served: Served, enter: Any) -> None:
    """The page offers it to a keeper who asked himself not at all, says why, and refuses it with an alarm."""
    keeper = enter("ES")
    act = keeper.done("consents/ask", **consent(served.source()))
    page = keeper.get(f"decisions/{act}").text
    assert "You asked for this yourself, so you cannot decide it" in page
    assert "Do you agree?" not in page
    answer = keeper.send("decide", act=act, answer="agree")
    assert (answer.status_code, "another person than who asked" in answer.text) == (403, True)
    assert keeper.alarms() == ["decides-alone"]


@pytest.mark.case("A46")
def test_what_others_asked_for_is_not_there(served: Served, enter: Any) -> None:
    """An act of others answers like one that never was: on its page, when it is decided, when it is ended."""
    act = enter("FR").done("consents/ask", **consent(served.source()))
    stranger = enter("MA")
    for id_ in (act, "0" * 16):
        assert stranger.get(f"decisions/{id_}").status_code == 404
        assert stranger.send("decide", act=id_, answer="agree").status_code == 404
        assert stranger.send("end", act=id_, reason=WHY).status_code == 404
    assert act not in stranger.get("decisions").text + stranger.get("consents").text


# -- what cannot be asked --------------------------------------------------------------------------------------------
WRONG: dict[str, tuple[str, dict[str, str], int]] = {
    "a group as recipient": ("consents/ask", {"recipient": "G-WESTMED"}, 422),
    "a recipient nobody knows": ("consents/ask", {"recipient": "X-NOBODY"}, 422),
    "a recipient without profile": ("consents/ask", {"recipient": "JP"}, 422),
    "a purpose there is not": ("consents/ask", {"purpose": "curiosity"}, 422),
    "a day that is over": ("consents/ask", {"until": "2020-01-01"}, 422),
    "no reason": ("consents/ask", {"reason": " "}, 422),
    "an emergency without a reason": ("emergency", {"reason": ""}, 422),
    "an emergency without an end": ("emergency", {"hours": ""}, 422),
    "an emergency of a week": ("emergency", {"hours": "168"}, 422),
    "an emergency that adds nothing": ("emergency", {"clearance": ""}, 422),
    "an emergency for nobody": ("emergency", {"user": "nobody-at-all"}, 422),
    "a group change by an analyst": ("groups", {"group": "G-WESTMED", "add": "JP"}, 403),
}


@pytest.mark.case("A72")
@pytest.mark.parametrize("what", WRONG)
def test_what_cannot_be_asked_is_said_and_stays_typed(served: Served, enter: Any, what: str) -> None:
    """One sentence says what is wrong; what was typed is still there; the log has it, an emergency as an alarm."""
    path, changes, status = WRONG[what]
    analyst = enter("FR")
    usual = {"consents/ask": consent("kept-16"), "emergency": emergency(analyst.user), "groups": {}}[path]
    answer = analyst.send(path, **{**usual, "reason": "Xyzzy, said why", **changes})
    assert (answer.status_code, 'name="number"' in answer.text) == (status, False)
    if status == 422:
        assert 'role="alert"' in answer.text
        assert "reason" in changes or "Xyzzy, said why" in answer.text
    assert (analyst.alarms() == ["act-refused"]) == (path == "emergency")
    assert not [
        entry for entry in served.entries() if entry.get("user") == analyst.user and "act_id" in entry
    ]


def test_nothing_is_filled_in_from_a_url(enter: Any) -> None:
    """A link chooses a page, and no word on it."""
    keeper = enter("ES")
    for path in ("consents/ask", "emergency", "groups", "labels/kept-16", "decisions"):
        asked = dict.fromkeys((*FORMS["consents/ask"], "user", "group", "records", "level"), "Xyzzy")
        assert "Xyzzy" not in keeper.get(path, params=asked).text, path


def test_a_reason_is_text(served: Served, enter: Any) -> None:
    """Whatever somebody types is shown, not run."""
    analyst, keeper = enter("FR"), enter("ES")
    told = analyst.send("consents/ask", **consent(served.source(), reason="<script>alert(1)</script>"))
    act = analyst.confirm(told).url.path.rpartition("/")[2]
    for page in (told.text, keeper.get("decisions").text, keeper.get(f"decisions/{act}").text):
        assert "&lt;script&gt;alert(1)" in page
        assert "<script" not in page


# -- labels ----------------------------------------------------------------------------------------------------------
def test_a_label_is_tightened_alone(served: Served, enter: Any) -> None:
    """It takes effect at once; the history says from when, by whom and why."""
    source, keeper = served.source(), enter("ES")
    page = keeper.get(f"labels/{source}")
    assert "nobody but the owner" in page.text
    told = keeper.send(f"labels/{source}", **label_form(page, level="restricted"))
    assert "Level: official becomes restricted." in told.text
    assert "It takes effect at once." in told.text
    keeper.confirm(told)
    after = keeper.get(f"labels/{source}").text
    assert "<option selected>restricted</option>" in after
    assert WHY in after
    assert keeper.user in after


def test_a_label_is_loosened_by_two(served: Served, enter: Any) -> None:
    """It waits for a second keeper, and the first one cannot be both."""
    source, first, second = served.source(), enter("ES"), enter("ES")
    told = first.send(
        f"labels/{source}", **label_form(first.get(f"labels/{source}"), receives="only", only="ES JP")
    )
    assert "a second keeper of ES must agree" in told.text
    act = first.confirm(told).url.path.rpartition("/")[2]
    assert first.send("decide", act=act, answer="agree").status_code == 403
    assert "ES, JP</td>" not in second.get(f"labels/{source}").text
    second.decides(act)
    assert "ES, JP</td>" in second.get(f"labels/{source}").text


def test_two_keepers_at_once(served: Served, enter: Any) -> None:
    """Whoever is second reads 409 and sees both: the label as it is now, and what he typed."""
    source, first, second = served.source(), enter("ES"), enter("ES")
    page = second.get(f"labels/{source}")
    late = second.send(f"labels/{source}", **label_form(page, excluded="JP"))
    first.done(f"labels/{source}", **label_form(first.get(f"labels/{source}"), level="confidential"))
    for answer in (
        second.confirm(late),
        second.send(f"labels/{source}", **label_form(page, excluded="JP")),
        second.send(f"labels/{source}/withdraw", version=field(page, "version"), reason=WHY),
    ):
        assert answer.status_code == 409
        assert "somebody has changed them since" in answer.text
        assert "confidential</td>" in answer.text
        assert field(answer, "version") != field(page, "version")
    again = second.send(f"labels/{source}", **label_form(page, excluded="JP"))
    assert 'value="JP"' in again.text
    assert len(acts(served, "label", source=source)) == 1


def test_records_are_withdrawn(served: Served, enter: Any) -> None:
    """Told as what it is, done at once, and gone from the keeper's own view of the source."""
    source, keeper = served.source(), enter("ES")
    version = field(keeper.get(f"labels/{source}"), "version")
    told = keeper.send(f"labels/{source}/withdraw", version=version, records="", reason=WHY)
    assert f"Withdrawn: all of ES/{source}." in told.text
    keeper.confirm(told)
    [act] = acts(served, "label", source=source)
    assert act["act"] == "agreed"


@pytest.mark.case("A79")
def test_who_made_a_report_is_told_that_it_is_stale(served: Served, enter: Any) -> None:
    """At the top of his first page and with a number on every page; not what changed nor of whom, and nobody else."""
    ana, ben, keeper, run = enter("ana"), enter("ben"), enter("ES"), served.run("kept-company")
    assert run not in ana.get().text
    before = ana.get("emergency").text
    page = keeper.get("labels/kept-company")
    keeper.done("labels/kept-company", **label_form(page, receives="all", level="restricted"))
    told = ana.get().text.partition("For your attention")[2].partition("</ul>")[0]
    [line] = [line for line in told.splitlines() if run in line]
    assert ">Your report subject_profile of OP-LANTERN, made on " in line
    assert not [word for word in ("ES", "kept", "restricted") if word in line]
    assert ana.get(f"reports/{run}").status_code == 200
    assert home_count(ana.get("emergency").text) == home_count(before) + 1
    assert "For your attention" not in ben.get().text
    assert home_count(ben.get("emergency").text) == 0


def home_count(page: str) -> int:
    """Return the number a page's navigation shows beside the first page."""
    entry = page.partition(">Workspaces")[2].partition("</a>")[0]
    return int(entry.partition("waiting: </span>")[2].partition("<")[0] or "0")


def test_somebody_elses_source_is_not_there(enter: Any) -> None:
    """Like one that never was: to look at and to change, whole or by its records."""
    keeper = enter("ES")
    for source in ("french", "never-was"):
        assert keeper.get(f"labels/{source}").status_code == 404
        assert keeper.send(f"labels/{source}/records", records="x").status_code == 404
        assert keeper.send(f"labels/{source}", version="x", reason=WHY).status_code == 404
        assert keeper.send(f"labels/{source}/withdraw", version="x", reason=WHY).status_code == 404
        assert keeper.get(f"labels/{source}/completeness").status_code == 404
        asked = keeper.send(f"labels/{source}/completeness", schema="Person", reason=WHY)
        assert asked.status_code == 404


# -- completeness ----------------------------------------------------------------------------------------------------
@pytest.mark.case("A28")
def test_a_completeness_report_is_asked_for_released_by_two_and_read_by_keepers(
    served: Served, enter: Any
) -> None:
    """No figure before the second keeper; then a table on the act's page, small figures left out, each look logged."""
    first, second = enter("ES"), enter("ES")
    told = first.send(COUNTING, schema="Person", reason=WHY)
    assert f"how many records of ES/{COUNTED} say something of each property of Person" in told.text
    assert "A second keeper of ES must agree first." in told.text
    assert not acts(served, "completeness", source=COUNTED)
    act = first.confirm(told).url.path.rpartition("/")[2]
    assert FIGURES not in first.get(f"decisions/{act}").text
    assert first.send("decide", act=act, answer="agree").status_code == 403
    second.decides(act)
    assert f"decisions/{act}" in second.get(COUNTING).text
    page = enter("ES").get(f"decisions/{act}").text
    assert "12 things of Person" in page
    assert {name: filled(page, name) for name in ("name", "religion", "ethnicity", "political")} == {
        "name": "12", "religion": "left out", "ethnicity": "left out", "political": "0"
    }  # fmt: skip
    assert served.entries()[-1]["request"] == "completeness"
    assert enter("officer").get(f"decisions/{act}").status_code == 404


@pytest.mark.case("A28")
def test_who_is_no_keeper_any_more_reads_no_figures(served: Served, enter: Any) -> None:
    """Whoever asked still sees that it was asked and agreed, and nothing of what it found."""
    first, second = enter("ES"), enter("ES")
    act = first.done(COUNTING, schema="Person", reason=WHY)
    second.decides(act)
    assert FIGURES in first.get(f"decisions/{act}").text
    served.change(lambda people: people["users"][first.user].update(roles=["analyst"]))
    page = first.get(f"decisions/{act}")
    assert (page.status_code, FIGURES in page.text) == (200, False)


def test_what_a_completeness_report_cannot_be_of_is_said(enter: Any) -> None:
    """A schema the source holds nothing of, an abstract one, or none; what was typed stays."""
    keeper = enter("ES")
    for schema, status in (("Company", 404), ("Alert", 422), ("", 422)):
        answer = keeper.send(COUNTING, schema=schema, reason="Xyzzy, said why")
        assert (answer.status_code, 'name="number"' in answer.text) == (status, False)
        assert 'role="alert"' in answer.text
        assert "Xyzzy, said why" in answer.text


FIGURES = "How many of them have a value"


def filled(page: str, name: str) -> str:
    """Return what a table of completeness says of a property."""
    return (
        page.partition(f'<td data-name="Property">{name}')[2]
        .partition('class="number">')[2]
        .partition("<")[0]
    )


# -- emergency and groups --------------------------------------------------------------------------------------------
@pytest.mark.case("A72")
def test_an_emergency_from_asking_to_its_end(served: Served, enter: Any) -> None:
    """The person himself cannot agree; agreed it shows more to his workspace, marked in the log; ended it does not."""
    someone: Someone = served.someone("FR")
    usual = someone.sees()
    asking, officer = enter("FR"), enter("officer")
    with at_page(served, someone.user) as himself:
        act = asking.done("emergency", **emergency(someone.user))
        assert himself.send("decide", act=act, answer="agree").status_code == 403
        assert someone.sees() == usual
        officer.decides(act)
        assert someone.sees() == usual | {"secret"}
        assert someone.entries()[-1]["emergency"] == act
        himself.done("end", act=act, reason="It is over.")
    assert someone.sees() == usual
    assert "emergency" not in someone.entries()[-1]


@pytest.mark.case("A85")
def test_a_group_change_is_announced_and_waits(served: Served, enter: Any) -> None:
    """Two people, then 30 days; the officer is told at once."""
    keeper, operator, officer = enter("ES"), enter("operator"), enter("officer")
    act = keeper.done("groups", group="G-WESTMED", add="JP", reason=WHY)
    assert act in officer.get("decisions").text
    assert officer.send("decide", act=act, answer="agree").status_code == 403
    operator.decides(act)
    page = keeper.get("groups").text
    assert "additions count from" in page
    assert '<td data-name="Receives">DE, FR, MA</td>' in page


# -- the owner's view ------------------------------------------------------------------------------------------------
@pytest.mark.case("C15")
def test_an_owner_sees_that_its_data_were_used(served: Served, enter: Any) -> None:
    """When, for what and by which organisation; not by whom, not for what words, and no refusal."""
    reader = served.someone("ES")
    keeper = enter("ES")
    before = keeper.get("use").text
    assert reader.ask("search", {"text": "kept"}).status_code == 200
    assert reader.ask("find", {"schema": "Nothing"}).status_code == 422
    page = keeper.get("use").text
    assert page != before
    assert '<td data-name="Organisation">ES</td><td data-name="Purpose">network</td>' in page
    assert reader.user not in page

"""The whole way: the page opens a workspace, its server starts, and a cell in it is answered what its user may see."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.identity.conftest import LATEST, SEEN, Served, Someone
from tests.identity.test_page import PAGE, secret
from tests.servers import Executed, until

pytestmark = pytest.mark.slow

PURPOSES = {"FR": "network", "MA": "network", "JP": "border"}


@pytest.fixture(scope="module")
def spawned(served: Served) -> Iterator[dict[str, Someone]]:
    """Three analysts who opened a workspace on the page, each with a server that really runs."""
    people = {country: opened_on_the_page(served, country, purpose) for country, purpose in PURPOSES.items()}
    for someone in people.values():
        until(lambda someone=someone: ready(served, someone))
    yield people
    for someone in people.values():
        served.hub.api("DELETE", f"/users/{someone.user}/servers/{someone.case.lower()}")


def opened_on_the_page(served: Served, country: str, purpose: str) -> Someone:
    user = f"{country.lower()}{next(served.numbers[country])}"
    someone = Someone(served, user, f"C-{user.upper()}", "")
    with served.hub.browser(user) as browser:
        form = {"form": secret(browser.get(PAGE)), "work": f"{someone.case}/{purpose}"}
        answer = browser.post(f"{PAGE}open", data=form, follow_redirects=False)
    assert answer.headers["location"] == f"/hub/spawn-pending/{user}/{someone.case.lower()}"
    return someone


def ready(served: Served, someone: Someone) -> bool:
    servers = served.hub.api("GET", f"/users/{someone.user}").json()["servers"]
    return bool(servers.get(someone.case.lower(), {}).get("ready"))


def cell(someone: Someone, code: str) -> Executed:
    """Run a cell in his server, over the kernel's websocket."""
    return someone.served.hub.execute(someone.user, someone.case, code)


def value(someone: Someone, code: str) -> Any:
    """Return what a cell prints, as JSON."""
    done = cell(someone, f"import json, os\nimport insight_kernel as insight\n{code}")
    assert done.error is None, done
    return json.loads(done.text)


BY_HAND = """
import httpx
def by_hand(name, body, **headers):
    gate = httpx.HTTPTransport(uds=os.environ["INSIGHT_GATEWAY"].removeprefix("unix:"), verify=False)
    token = {"Authorization": "Bearer " + os.environ["JUPYTERHUB_API_TOKEN"]}
    with httpx.Client(transport=gate, base_url="http://gateway") as client:
        return client.post("/v1/" + name, json=body, headers={**token, **headers})
"""


@pytest.mark.parametrize("country", SEEN)
def test_two_analysts_get_two_right_answers(spawned: dict[str, Someone], country: str) -> None:
    """The same cell, in the servers of two countries."""
    seen = value(spawned[country], "print(json.dumps(sorted(insight.open().find('Person')['caption'])))")
    assert seen == sorted(SEEN[country])


def test_without_the_purpose_the_refusal_is_clear(spawned: dict[str, Someone]) -> None:
    """He may ask for what his workspace is for, which shows nothing of this; naming another purpose is refused."""
    someone = spawned["JP"]
    assert value(someone, "print(len(insight.open().find('Person')))") == 0
    done = cell(someone, "import insight_kernel as insight\ninsight.open(purpose='network')")
    assert done.error is not None
    assert "Cannot open a workspace for purpose 'network': it is not permitted" in done.error
    assert "on the page of INSIGHT" in done.error


@pytest.mark.case("A64")
def test_asking_by_hand_gives_nothing_more(spawned: dict[str, Someone]) -> None:
    """What is hidden from France is absent for its code too, whatever it says of itself."""
    hidden = value(
        spawned["MA"], "print(json.dumps(insight.open().find('Person', name='moroccan')['id'].tolist()))"
    )
    code = f"""{BY_HAND}
found = by_hand("get", {{"ids": {hidden}}})
never = by_hand("get", {{"ids": ["0123456789abcdef"]}})
print(json.dumps([found.status_code, never.status_code, found.json()["code"] == never.json()["code"],
    by_hand("session", {{"user": "ma1", "purpose": "network"}}).status_code,
    by_hand("find", {{"schema": "Person", "user": "ma1"}}).status_code,
    by_hand("find", {{"schema": "Person"}}, **{{"X-Forwarded-User": "ma1"}}).status_code]))"""
    assert value(spawned["FR"], code) == [404, 404, True, 404, 422, 200]


@pytest.mark.case("A75")
@pytest.mark.case("A76")
def test_naming_another_workspace_or_purpose_is_refused(spawned: dict[str, Someone]) -> None:
    """From a real kernel, by hand and through the package."""
    other = spawned["MA"]
    code = f"""{BY_HAND}
named = [{{"workspace": "{other.user}/{other.case}/network/w1"}}, {{"purpose": "investigate"}}, {{"necessity": "x"}}]
print(json.dumps([by_hand("me", each).status_code for each in named]))"""
    assert value(spawned["FR"], code) == [403, 403, 403]


def test_a_servers_own_token_cannot_make_another(served: Served, spawned: dict[str, Someone]) -> None:
    """A kernel's code asks the hub for a token of a clean workspace, and gets none."""
    code = """
import httpx
api, user = os.environ["JUPYTERHUB_API_URL"], os.environ["JUPYTERHUB_USER"]
headers = {"Authorization": "token " + os.environ["JUPYTERHUB_API_TOKEN"]}
print(json.dumps([httpx.post(f"{api}/users/{user}/tokens", json={}, headers=headers).status_code,
    httpx.post(f"{api}/users/{user}/servers/other", headers=headers).status_code]))"""
    assert value(spawned["FR"], code) == [403, 403]


def test_a_restarted_server_has_the_same_floating_label(served: Served, spawned: dict[str, Someone]) -> None:
    """The workspace is the same whichever server and token speak for it; its files are there too."""
    someone = spawned["FR"]
    keep = "open('kept.txt', 'w').write('x'); token = os.environ['JUPYTERHUB_API_TOKEN']"
    first = value(
        someone, f"ws = insight.open(); ws.find('Person'); {keep}; print(json.dumps([ws.label, token]))"
    )
    assert first[0]["owners"] == ["DE", "FR"]
    served.hub.api("DELETE", f"/users/{someone.user}/servers/{someone.case.lower()}")
    until(lambda: not ready(served, someone))
    assert someone.ask(token=first[1]).status_code == 401
    served.hub.spawn(someone.user, someone.case)
    token = "os.environ['JUPYTERHUB_API_TOKEN']"
    again = value(someone, f"print(json.dumps([insight.open().label, {token}, os.path.exists('kept.txt')]))")
    assert again[0] == first[0]
    assert again[1] != first[1]
    assert again[2] is True


@pytest.mark.case("A12")
def test_a_shared_server_is_shown_nothing(served: Served, spawned: dict[str, Someone]) -> None:
    """While somebody else may use his server there is no data in it; both names are in the log."""
    named, other = spawned["FR"], spawned["MA"]
    token = served.hub.server_token(named.user, named.case)
    someone = Someone(served, named.user, named.case, token)
    assert someone.sees()
    at = f"/shares/{someone.user}/{someone.case.lower()}"
    served.hub.api("POST", at, json={"user": other.user}).raise_for_status()
    until(lambda: someone.ask().status_code == 403, seconds=LATEST)
    assert someone.ask().json()["code"] == "not_permitted"
    assert next(entry["others"] for entry in someone.entries() if entry.get("others")) == [other.user]
    foreign = [f"access:servers!server={named.user}/{named.case.lower()}", "custom:insight:ask"]
    assert someone.ask(token=served.hub.user_token(other.user, foreign)).status_code == 403
    assert "token-of-no-server" in [entry.get("reason") for entry in other.entries()]
    served.hub.api("DELETE", at).raise_for_status()
    until(lambda: someone.ask().status_code == 200, seconds=LATEST)


@pytest.mark.case("A50")
@pytest.mark.case("A49")
def test_replacing_a_workspace_ends_its_server_and_deletes_its_home(
    served: Served, spawned: dict[str, Someone]
) -> None:
    """The old token is worth nothing, the files are gone, and the new one has read nothing."""
    someone = spawned["JP"]
    at = value(
        someone,
        "open('kept.txt', 'w').write('x'); print(json.dumps([os.getcwd(), os.environ['JUPYTERHUB_API_TOKEN']]))",
    )
    homes = served.hub.log.parent / "homes" / someone.user / someone.case.lower()
    assert list(homes.rglob("kept.txt"))
    assert served.hub.open(someone.user, someone.case, "border", replace=True) == 2
    assert not list(homes.parent.rglob("kept.txt"))
    assert not ready(served, someone)
    assert someone.ask(token=at[1]).status_code == 401
    again = Someone(served, someone.user, someone.case, served.hub.server_token(someone.user, someone.case))
    assert again.ask("label").json()["owners"] == []

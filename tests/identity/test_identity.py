"""Who is asking: said by the hub's token and nothing else; whatever is missing, ended or forged is refused."""

import json
import os
import secrets
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from insight_kernel.audit.chain import read_chain
from insight_kernel.client.asking import Asker
from insight_kernel.client.workspace import Workspace
from insight_kernel.errors import Refused, Unavailable
from tests.identity.conftest import LATEST, SEEN, Served, Someone
from tests.opinions.described import paths
from tests.servers import until

BODIES = {
    401: "not_authenticated",
    403: "not_permitted",
    404: "not_available",
    422: "bad_request",
    503: "unavailable",
}


def refused(answer: httpx.Response) -> int:
    """Return the status of a refusal, after seeing that it says no more than its code and one sentence."""
    body = answer.json()
    assert body["code"] == BODIES[answer.status_code]
    assert set(body) == {"code", "message", "error_id"}
    return answer.status_code


def reasons(someone: Someone) -> list[str]:
    return [entry["reason"] for entry in someone.entries() if entry["operation"] == "refusal"]


@pytest.mark.parametrize("country", SEEN)
def test_each_sees_what_his_country_may(served: Served, country: str) -> None:
    """The same question with two servers' tokens: two right answers."""
    assert served.someone(country).sees() == SEEN[country]


@pytest.mark.case("A1")
@pytest.mark.parametrize(
    "token", [None, "x", "nobody-knows-this-one", "ünknown-tokens", "a b" * 9, "x" * 5_000]
)
def test_without_a_valid_token_nobody_is_let_in(served: Served, token: str | None) -> None:
    """None, an unknown one, one that cannot be one: 401, never said why."""
    assert refused(served.someone().ask(token=token)) == 401


@pytest.mark.case("A1")
def test_a_flood_of_strangers_does_not_fill_the_log(served: Served) -> None:
    """Two hundred unknown tokens within a minute are at most a few entries."""
    someone = served.someone()
    before = len(served.entries())
    for _ in range(200):
        assert someone.ask(token=secrets.token_hex(16)).status_code == 401
    assert len(served.entries()) - before <= 4


@pytest.mark.case("A1")
def test_an_expired_token_is_over(served: Served) -> None:
    """It is let in while it lasts, and then it is not."""
    someone = served.someone()
    token = served.hub.server_token(someone.user, someone.case, expires_in=6)
    assert someone.ask(token=token).status_code == 200
    until(lambda: someone.ask(token=token).status_code == 401)


@pytest.mark.case("A2")
def test_a_revoked_token_is_over_within_a_second(served: Served) -> None:
    """An allow is believed for at most a second; the first refusal is in the log in full, later ones are counted."""
    someone = served.someone()
    assert someone.sees()
    for token in served.hub.api("GET", f"/users/{someone.user}/tokens").json()["api_tokens"]:
        served.hub.api("DELETE", f"/users/{someone.user}/tokens/{token['id']}").raise_for_status()
    until(lambda: someone.ask().status_code == 401, seconds=LATEST)
    assert {refused(someone.ask(name, {})) for name in paths()} == {401}
    assert reasons(someone) == ["token-ended"]


@pytest.mark.case("A3")
def test_a_service_is_nobody(served: Served) -> None:
    """The token of another service of the hub: 401 and an alarm, whatever is asked."""
    someone = served.someone()
    assert {refused(someone.ask(name, {}, token=served.hub.token)) for name in paths()} == {401}
    [entry] = [entry for entry in served.entries() if entry.get("reason") == "service-token"]
    assert (entry["service"], entry["weight"]) == ("test", "alarm")


@pytest.mark.case("A4")
def test_a_token_without_the_scope_is_not_permitted(served: Served) -> None:
    """Bound to the server, but not made for asking: 403 for everything, without a word on scopes."""
    someone = served.someone()
    scopes = [f"access:servers!server={someone.user}/{someone.case.lower()}"]
    token = served.hub.user_token(someone.user, scopes)
    assert {refused(someone.ask(name, {}, token=token)) for name in paths()} == {403}
    assert set(reasons(someone)) == {"no-scope"}


ASK = "custom:insight:ask"
UNBOUND: dict[str, Callable[[Someone], list[str]]] = {
    "no server at all": lambda _: [ASK],
    "all of his servers": lambda who: [ASK, f"access:servers!user={who.user}"],
    "his unnamed server": lambda who: [ASK, f"access:servers!server={who.user}/"],
    "two servers": lambda who: [ASK, f"access:servers!server={who.user}/{who.case.lower()}",
                                f"access:servers!server={who.user}/other"],
}  # fmt: skip


@pytest.mark.case("A75")
@pytest.mark.parametrize("kind", UNBOUND)
def test_a_token_that_is_not_of_one_server_is_refused(served: Served, kind: str) -> None:
    """A personal token names no workspace: 403 and an alarm."""
    someone = served.someone()
    assert refused(someone.ask(token=served.hub.user_token(someone.user, UNBOUND[kind](someone)))) == 403
    assert reasons(someone) == ["token-of-no-server"]


@pytest.mark.case("A75")
def test_a_token_of_one_workspace_cannot_name_another(served: Served) -> None:
    """Naming it is refused and an alarm; naming its own is fine; other requests have no place to name one."""
    someone, other = served.someone(), served.someone()
    own = someone.ask("me").json()["workspace"]
    assert someone.ask("me", {"workspace": own}).status_code == 200
    assert refused(someone.ask("me", {"workspace": other.ask("me").json()["workspace"]})) == 403
    assert reasons(someone) == ["names-another-workspace"]
    assert someone.ask("find", {"schema": "Person", "workspace": own}).status_code == 422


@pytest.mark.case("A75")
def test_a_server_without_a_workspace_has_no_data(served: Served) -> None:
    """Nobody stated a case and a purpose for it: 403."""
    someone = served.someone()
    token = served.hub.user_token(someone.user, [ASK, f"access:servers!server={someone.user}/c-other"])
    assert refused(someone.ask(token=token)) == 403


@pytest.mark.case("A76")
@pytest.mark.parametrize(
    "named", [{"purpose": "investigate"}, {"case": "C-OTHER"}, {"necessity": "because"}], ids="".join
)
def test_code_cannot_state_a_purpose_a_case_or_a_necessity(served: Served, named: dict[str, str]) -> None:
    """Another than the workspace's is refused, also one its user has; the client says what to do."""
    someone = served.someone()
    assert refused(someone.ask("me", named)) == 403
    assert reasons(someone) == ["states-a-purpose"]
    with pytest.raises(Refused):
        Workspace(Asker(f"unix:{served.socket}", someone.token), None, **named)


@pytest.mark.case("A5")
def test_a_token_in_the_url_is_refused_though_valid(served: Served) -> None:
    """401 and an alarm that keeps a keyed hash only; the token stands in no file."""
    someone = served.someone()
    assert refused(someone.ask(query=f"?token={someone.token}")) == 401
    assert any(entry.get("reason") == "token-exposed" for entry in served.entries())
    for path in served.hub.store.rglob("*"):
        assert not path.is_file() or someone.token.encode() not in path.read_bytes(), path


@pytest.mark.case("A6")
def test_a_forged_header_changes_nothing(served: Served) -> None:
    """The same bytes as without it, and an alarm."""
    french, moroccan = served.someone("FR"), served.someone("MA")
    plain = french.ask().content
    forged = french.ask(**{"X-Forwarded-User": moroccan.user, "Remote-User": moroccan.user})
    assert forged.content == plain
    [notice] = [entry for entry in french.entries() if entry["operation"] == "notice"]
    assert (notice["reason"], notice["weight"]) == ("forged-claim", "alarm")


@pytest.mark.case("A7")
def test_a_removed_user_is_nobody(served: Served) -> None:
    """At once: 401; what his workspace has read stays in the log."""
    someone = served.someone()
    assert someone.sees()

    def remove(people: dict[str, Any]) -> None:
        del people["users"][someone.user]
        people["cases"][someone.case]["members"] = []

    served.change(remove)
    assert refused(someone.ask()) == 401
    assert reasons(someone) == ["user-removed"]
    assert any(entry.get("labels") for entry in someone.entries())


@pytest.mark.case("A7")
def test_who_moves_to_another_country_begins_anew(served: Served) -> None:
    """403 until the workspace is replaced by an empty one; then he sees what his new country and the case both may."""
    someone = served.someone("FR")
    assert someone.sees() == SEEN["FR"]
    served.change(lambda people: people["users"][someone.user].update(organisation="MA"))
    assert refused(someone.ask()) == 403
    assert refused(someone.ask("label")) == 403
    assert reasons(someone)[0] == "organisation-changed"
    assert served.hub.open(someone.user, someone.case, replace=True) == 2
    assert someone.ask("label").json()["owners"] == []
    assert someone.sees() == SEEN["FR"] & SEEN["MA"]


@pytest.mark.case("A8")
@pytest.mark.skipif(os.getuid() != 0, reason="only root can ask as somebody else")
def test_another_uid_at_the_socket_is_refused(served: Served) -> None:
    """The machine's kernel says who is at the other end: a token in the wrong hands is worth nothing."""
    someone = served.someone()
    with connected_as(65534, served.socket) as line:
        request = (
            b"POST /v1/find HTTP/1.1\r\nHost: g\r\nContent-Type: application/json\r\nContent-Length: 2\r\n"
        )
        line.sendall(request + f"Authorization: Bearer {someone.token}\r\n\r\n{{}}".encode())
        assert line.recv(12) == b"HTTP/1.1 401"
    [entry] = [entry for entry in someone.entries() if entry.get("reason") == "peer-uid"]
    assert (entry["weight"], entry["peer"]) == ("alarm", 65534)


@contextmanager
def connected_as(uid: int, path: Path) -> Iterator[socket.socket]:
    """Connect to a socket as another uid, its folders opened to everybody for that moment."""
    before = [(each, each.stat().st_mode) for each in (path, *list(path.parents)[:4])]
    try:
        for each, mode in before:
            each.chmod(mode | (0o666 if each == path else 0o011))
        with socket.socket(socket.AF_UNIX) as line:
            os.seteuid(uid)
            try:
                line.connect(str(path))
            finally:
                os.seteuid(0)
            yield line
    finally:
        for each, mode in before:
            each.chmod(mode)


Change = Callable[[dict[str, Any], Someone], None]
LOST: dict[str, tuple[str, Change]] = {
    "the case is gone": ("case-unknown", lambda people, who: people["cases"].pop(who.case)),
    "the case has ended": ("case-closed", lambda people, who: people["cases"][who.case].update(end="2020-01-01")),
    "he is no member": ("not-a-member", lambda people, who: people["cases"][who.case].update(members=["nobody"])),
    "his purpose is gone": ("purpose", lambda people, who: people["users"][who.user].update(purposes=["investigate"])),
    "the case's purpose is gone": (
        "purpose", lambda people, who: people["cases"][who.case].update(purposes=["investigate"])),
}  # fmt: skip


@pytest.mark.case("A9")
@pytest.mark.parametrize("lost", LOST)
def test_without_case_or_purpose_nothing_is_answered(served: Served, lost: str) -> None:
    """At once, and one body for all causes; the log holds the true one."""
    someone = served.someone()
    assert someone.sees()
    reason, change = LOST[lost]
    served.change(lambda people: change(people, someone))
    assert refused(someone.ask()) == 403
    assert reasons(someone) == [reason]


@pytest.mark.case("A9")
def test_who_leaves_the_hub_group_is_out_within_a_second(served: Served) -> None:
    """Both must agree: the hub's group, live, and the members the file names."""
    someone = served.someone()
    assert someone.sees()
    at, who = f"/groups/case-{someone.case.lower()}/users", {"users": [someone.user]}
    served.hub.api("DELETE", at, json=who).raise_for_status()
    until(lambda: someone.ask().status_code == 403, seconds=LATEST)
    served.hub.api("POST", at, json=who).raise_for_status()
    until(lambda: someone.ask().status_code == 200, seconds=LATEST)


@pytest.mark.case("A9")
def test_another_cases_group_does_not_help(served: Served) -> None:
    """Who keeps the right to ask through another case is still out of this one."""
    someone, other = served.someone(), served.someone()
    who = {"users": [someone.user]}
    served.hub.api("POST", f"/groups/case-{other.case.lower()}/users", json=who).raise_for_status()
    assert someone.sees()
    served.hub.api("DELETE", f"/groups/case-{someone.case.lower()}/users", json=who).raise_for_status()
    until(lambda: someone.ask().status_code == 403, seconds=LATEST)
    assert "not-in-hub-group" in reasons(someone)


def test_an_organisation_stands_in_the_file_alone(served: Served) -> None:
    """A hub group named like an organisation would make somebody belong to two: refused, and an alarm."""
    someone = served.someone("FR")
    served.hub.api("POST", "/groups/MA")
    served.hub.api("POST", "/groups/MA/users", json={"users": [someone.user]}).raise_for_status()
    until(lambda: someone.ask().status_code == 403, seconds=LATEST)
    [entry, *_] = [entry for entry in someone.entries() if entry.get("reason") == "organisation-in-hub"]
    assert (entry["groups"], entry["weight"]) == (["MA"], "alarm")


@pytest.mark.case("A11")
def test_without_the_hub_nobody_is_let_in(served: Served) -> None:
    """A hub that does not answer: 503 once the second is over, one entry for the outage, and all is well afterwards."""
    someone = served.someone()
    assert someone.sees()
    before = len(served.entries())
    with stopped(hub_process(served)):
        until(lambda: someone.ask().status_code == 503)
        assert [refused(someone.ask()) for _ in range(3)] == [503] * 3
        with pytest.raises(Unavailable):
            Workspace(Asker(f"unix:{served.socket}", someone.token))
    until(lambda: someone.ask().status_code == 200)
    away = [entry for entry in served.entries()[before:] if entry.get("reason") == "hub-away"]
    assert [entry["weight"] for entry in away] in (["full"], ["full", "tally"])


def hub_process(served: Served) -> psutil.Process:
    """Return the hub's own process."""
    below = psutil.Process(served.hub.process.pid).children(recursive=True)
    return next(
        p for p in below if "jupyterhub" in " ".join(p.cmdline()) and "gateway" not in " ".join(p.cmdline())
    )


@contextmanager
def stopped(process: psutil.Process) -> Iterator[None]:
    """Let a process stand still."""
    process.suspend()
    yield
    process.resume()


def test_a_faulty_organisation_file_leaves_the_old_one_in_force(served: Served) -> None:
    """All its mistakes are listed for the operator, the page's health says degraded, and nothing else changes."""
    someone = served.someone()
    path = served.hub.store / "organisation.yml"
    good = path.read_bytes()

    def spoil(people: dict[str, Any]) -> None:
        people["users"][someone.user].update(organisation="XX", purposes=["gossip"], clearance="cosmic")
        people["users"]["nobody"]["organisation"] = ["FR", "MA"]

    served.change(spoil)
    try:
        assert someone.sees() == SEEN["FR"]
        health = served.hub.operate("/health", {}).json()
        assert health["status"] == "degraded"
        assert f"users.{someone.user}.clearance" in health["organisation"][0]
        assert "users.nobody.organisation" in health["organisation"][0]
        assert httpx.get(f"{served.hub.url}/services/insight/health", trust_env=False).json() == {
            "status": "degraded"
        }
    finally:
        path.write_bytes(good)
    assert served.hub.operate("/health", {}).json()["status"] == "ok"


# httpcore leaves the socket of a refused connection to the garbage collector
@pytest.mark.filterwarnings("ignore:unclosed <socket.socket:ResourceWarning")
@pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <socket.socket:pytest.PytestUnraisableExceptionWarning"
)
def test_a_gateway_that_starts_again_knows_every_workspace(served: Served) -> None:
    """Killed under a running notebook: the client waits, the floating label is what it was, the log is whole."""
    someone = served.someone("FR")
    before = gateway_process(served)
    workspace = Workspace(Asker(f"unix:{served.socket}", someone.token, wait=60))
    workspace.find("Person")
    label = workspace.label
    assert label["owners"] == ["DE", "FR"]
    before.send_signal(signal.SIGKILL)
    assert workspace.label == label
    assert set(workspace.find("Person")["caption"]) == SEEN["FR"]
    assert gateway_process(served).pid != before.pid
    assert read_chain(served.hub.store / "audit" / "log.jsonl").fault is None


def gateway_process(served: Served) -> psutil.Process:
    """Return the gateway's process."""

    def find() -> psutil.Process | None:
        return next((p for p in served.hub.family() if "insight_kernel.gateway" in p.cmdline()), None)

    found: psutil.Process = until(find)
    return found


@pytest.mark.case("A50")
def test_a_replaced_workspace_is_empty_and_the_old_label_stays_in_the_log(served: Served) -> None:
    """Another purpose is another, empty workspace; the same one opened again keeps what it has read."""
    someone = served.someone("FR")
    assert someone.sees()
    assert served.hub.open(someone.user, someone.case) == 1
    assert someone.ask("label").json()["owners"] == ["DE", "FR"]
    other = {"user": someone.user, "case": someone.case, "purpose": "investigate"}
    said = served.hub.operate("/open", other)
    assert (said.status_code, "has one purpose" in said.json()["message"]) == (403, True)
    assert served.hub.operate("/open", {**other, "replace": True}).json()["generation"] == 2
    me = someone.ask("me").json()
    assert (me["purpose"], me["workspace"]) == (
        "investigate",
        f"{someone.user}/{someone.case}/investigate/w2".lower(),
    )
    assert someone.ask("label").json()["owners"] == []


@pytest.mark.parametrize("command", ["/session", "/explain"])
def test_where_a_hub_serves_nobody_speaks_for_a_user(served: Served, command: str) -> None:
    """`--as` works in embedded mode only; under a hub the operator is told so in one line."""
    body = {"user": "fr1", "purpose": "network", **({"id": "x"} if command == "/explain" else {})}
    answer = served.hub.operate(command, body)
    assert (answer.status_code, "a hub serves this store" in answer.json()["message"]) == (403, True)


def test_every_refusal_reads_the_same_but_for_its_number(served: Served) -> None:
    """Two causes of 403 differ in `error_id` alone."""
    first, second = served.someone(), served.someone()
    served.change(lambda people: people["cases"][first.case].update(end="2020-01-01"))
    served.change(lambda people: people["cases"].pop(second.case))
    bodies = [{**json.loads(who.ask().content), "error_id": ""} for who in (first, second)]
    assert bodies[0] == bodies[1]

"""A real hub: who may do what in it, and that it ends without leaving anything behind."""

import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree, ignore_patterns
from urllib.parse import urlsplit

import httpx
import psutil
import pytest

from hub_config.spawning import UNNAMED
from insight_kernel.runtime import OPERATE, runtime_folder
from tests.servers import RunningHub, hub

ASK = "custom:insight:ask"


@pytest.fixture(scope="module")
def running(store: Path) -> Iterator[RunningHub]:
    """A hub for the tests that end nothing."""
    with hub(store) as found:
        yield found


def test_it_says_how_to_log_in_and_that_it_isolates_nothing(running: RunningHub) -> None:
    """Address, every account, the password; the warning stands there and in the log."""
    assert all(f"  {user} " in running.said for user in ("ana", "ben", "chen", "dora"))
    assert len(running.password) >= 12
    assert "THIS HUB ISOLATES NOTHING" in running.said
    assert "THIS HUB ISOLATES NOTHING" in running.log.read_text()


def test_it_listens_on_this_machine_only(running: RunningHub) -> None:
    """Hub, proxy, the proxy's own port and the page: nothing can be reached from another machine."""
    listening = [
        connection.laddr.ip
        for process in running.family()
        for connection in process.net_connections(kind="inet")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert len(listening) >= 4
    assert set(listening) == {"127.0.0.1"}


def test_what_it_writes_is_its_owners(running: RunningHub) -> None:
    """Database, secrets, log and everything else in the hub's folder."""
    folder = running.log.parent
    assert {"jupyterhub.sqlite", "cookie_secret", "password", "hub.log"} <= {p.name for p in folder.iterdir()}
    assert not [path for path in (folder, *folder.rglob("*")) if path.stat().st_mode & 0o077]


@pytest.mark.parametrize(
    ("user", "case", "asks"), [("ana", "OP-LANTERN", True), ("dora", "OP-LANTERN", False)]
)
def test_only_members_of_a_case_may_ask(running: RunningHub, user: str, case: str, asks: bool) -> None:
    """The hub itself says what such a token holds; a user in no case's group cannot get the scope at all."""
    model = running.api("GET", "/user", token=running.server_token(user, case)).json()
    assert f"access:servers!server={user}/{case.lower()}" in model["scopes"]
    assert (ASK in model["scopes"]) is asks
    answer = running.api("POST", f"/users/{user}/tokens", json={"scopes": [ASK]})
    assert (answer.status_code == httpx.codes.CREATED) is asks


def test_who_leaves_the_group_may_not_ask_any_more(running: RunningHub) -> None:
    """Also with a token he has had for a while."""
    token = running.server_token("chen", "OP-GATE")
    assert ASK in running.api("GET", "/user", token=token).json()["scopes"]
    running.api("DELETE", "/groups/case-op-gate/users", json={"users": ["chen"]}).raise_for_status()
    assert ASK not in running.api("GET", "/user", token=token).json()["scopes"]


@pytest.mark.case("A75")
@pytest.mark.parametrize(
    "asked", [{}, {"scopes": ["access:servers!server=ana/op-clean"]}, {"roles": ["user"]}]
)
def test_nobody_mints_a_token(running: RunningHub, asked: dict[str, list[str]]) -> None:
    """Neither by a login, nor with the password in the request, nor with a server's token: a token made by hand
    would be a workspace that nobody opened."""
    at = f"{running.url}/hub/api/users/ana/tokens"
    with running.browser("ana") as browser:
        assert browser.get("/hub/api/user", headers=_same_site(browser)).json()["name"] == "ana"
        by_login = browser.post(at, json=asked, headers=_same_site(browser))
    password = {"auth": {"username": "ana", "password": running.password}}
    by_password = httpx.post(at, json={**asked, **password}, trust_env=False)
    by_token = running.api(
        "POST", "/users/ana/tokens", token=running.server_token("ana", "OP-LANTERN"), json=asked
    )
    assert [answer.status_code for answer in (by_login, by_password, by_token)] == [403, 403, 403]
    assert "no permissions to generate tokens" in by_login.text + by_password.text


def _same_site(browser: httpx.Client) -> dict[str, str]:
    token = next(
        cookie.value for cookie in browser.cookies.jar if cookie.name == "_xsrf" and cookie.path == "/hub/"
    )
    return {"X-XSRFToken": str(token)}


def test_a_server_belongs_to_a_workspace(running: RunningHub) -> None:
    """The unnamed one has none, and one nobody opened has none; the user reads one sentence where he asked."""
    with running.browser("ben") as browser:
        shown = browser.get("/hub/spawn/ben")
    assert (shown.status_code, UNNAMED in shown.text) == (403, True)
    unnamed = running.api("POST", "/users/ben/server")
    assert (unnamed.status_code, unnamed.json()["message"]) == (403, UNNAMED)
    unopened = running.api("POST", "/users/ben/servers/op-harbour")
    assert unopened.status_code == 403
    assert "Open it on the page" in unopened.json()["message"]


@pytest.mark.parametrize("case", ["OP..A", "op a", "OP%2FA", "ÖP", "A" * 31])
def test_a_server_with_an_odd_name_is_refused(running: RunningHub, case: str) -> None:
    """Before anything is looked up."""
    assert running.api("POST", f"/users/ben/servers/{case}").status_code in (400, 404)
    assert not list(running.log.parent.glob("homes/ben/*"))


@pytest.mark.parametrize(("user", "password"), [("ana", "wrong"), ("eve", None)])
def test_only_the_accounts_of_the_file_log_in(running: RunningHub, user: str, password: str | None) -> None:
    """With the right password only; somebody else not even with that."""
    with httpx.Client(base_url=running.url, trust_env=False) as client:
        client.get("/hub/login")
        form = {"username": user, "password": password or running.password, "_xsrf": client.cookies["_xsrf"]}
        assert client.post("/hub/login", data=form).status_code == 403


def test_a_gateway_that_was_killed_is_started_again(running: RunningHub) -> None:
    """Within seconds; who asks meanwhile waits (the hub alone would look after half a minute)."""
    [gateway] = [process for process in running.family() if "insight_kernel.gateway" in process.cmdline()]
    gateway.kill()
    gateway.wait(10)
    end = time.monotonic() + 20
    while not _listens(running.store):
        assert time.monotonic() < end
        time.sleep(0.1)
    assert running.operate("/health", {}).status_code == httpx.codes.OK


def _listens(store: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as connection:
        return connection.connect_ex(str(runtime_folder(store) / OPERATE)) == 0


def test_ctrl_c_ends_everything_it_started(store: Path, tmp_path: Path) -> None:
    """Hub, proxy and gateway; a taken port had moved to a free one."""
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        hub(_copy(store, tmp_path), port=_port(taken)) as started,
    ):
        assert f"Port {_port(taken)} is taken; using {urlsplit(started.url).port}" in started.said
        all_of_it = started.family()
        names = " ".join(" ".join(process.cmdline()) for process in all_of_it)
        assert all(
            word in names for word in ("jupyterhub -f", "configurable-http-proxy", "insight_kernel.gateway")
        )
        assert started.stop(signal.SIGINT) == 0
        assert not [process for process in all_of_it if process.is_running()]


def test_when_the_hub_dies_that_is_said_and_the_rest_ends(store: Path, tmp_path: Path) -> None:
    """Exit code 1, the end of the log and where it is; proxy and gateway do not stay behind."""
    with hub(_copy(store, tmp_path)) as started:
        all_of_it = started.family()
        [the_hub] = [process for process in all_of_it if process.cmdline()[1:3] == ["-m", "jupyterhub"]]
        os.kill(the_hub.pid, signal.SIGKILL)
        said = started.process.communicate(timeout=60)[0]
        assert started.process.returncode == 1
        assert f"it ended by itself with code -9. Its log is {started.log} and ends:" in said
        assert "JupyterHub is now running" in said
        assert not [process for process in all_of_it if process.is_running()]


def test_when_insight_up_is_killed_the_hub_ends_too(store: Path, tmp_path: Path) -> None:
    """Nothing goes on serving unseen."""
    with hub(_copy(store, tmp_path)) as started:
        all_of_it = started.family()
        started.process.kill()
        assert not psutil.wait_procs(all_of_it, timeout=30)[1]


def _port(server: socket.socket) -> int:
    return int(server.getsockname()[1])


def _copy(store: Path, folder: Path) -> Path:
    """Return a store of one's own: a hub of another test may be running on the shared one."""
    return copytree(store, folder / "store", ignore=ignore_patterns("hub"))

"""The page under attack: hostile content, paths that lead elsewhere, and a hub that stumbles."""

import socket
from collections.abc import Callable

import psutil
import pytest

from tests.identity.at_page import PAGE, AtPage, at_page
from tests.identity.conftest import SEEN, Served
from tests.identity.test_identity import hub_process, stopped
from tests.servers import read_table, until

Enter = Callable[[str], AtPage]
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)><svg onload=alert(1)>"


@pytest.mark.case("A54")
def test_what_code_wrote_is_text_on_the_page(served: Served) -> None:
    """A draft, its section and its grade: shown to its author as they were written, and nothing of it acts."""
    someone = served.someone()
    assert someone.sees()
    id_ = read_table(someone.ask())["id"][0].as_py()
    body = {"target": id_, "text": HOSTILE, "section": HOSTILE, "grade": HOSTILE}
    draft = someone.ask("draft", body)
    assert draft.status_code == 200, draft.text
    with at_page(served, someone.user) as person:
        page = person.get("drafts")
    assert page.status_code == 200
    assert "&lt;script&gt;alert(1)" in page.text
    assert not [
        tag
        for tag in ("<script", "<img", "<svg", "onerror=alert(1)>")
        if tag in page.text.replace("&gt;", "")
    ]
    assert page.headers["content-security-policy"].startswith("default-src 'none'")


@pytest.mark.case("A54")
def test_a_colleagues_report_is_looked_at_in_a_sandbox(served: Served, enter: Enter) -> None:
    """Its page is sent with an origin of its own, without scripts, forms, addresses or frames, and as what it is."""
    run = served.run("french-company")
    page = enter("FR").get(f"reports/{run}/page")
    assert page.status_code == 200
    policy = page.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none';")
    assert "allow-" not in policy
    assert "script-src" not in policy
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["content-type"] == "text/html; charset=utf-8"


NAMES = ["..", "../../organisation.yml", "..%2f..%2forganisation.yml", "%2e%2e/%2e%2e/keys", "%2e%2e%2fkeys%2fstore",
         "..%5c..%5ckeys", "%2fetc%2fpasswd", "/etc/passwd", "{run}/../../keys", "{run}%00", "{run}%2freport.html",
         "{start}", "{run}x", "....//....//keys", "..%252f..%252fkeys"]  # fmt: skip
PLACES = [
    "reports/{}", "reports/{}/page", "reports/{run}/released/{}/report.html", "reports/{run}/released/FR/{}",
    "labels/{}", "labels/{}/completeness", "decisions/{}", "make/{}", "workspaces/{}", "workspaces/{}/replace",
]  # fmt: skip


@pytest.mark.case("A55")
def test_a_path_leads_nowhere_else(served: Served, enter: Enter) -> None:
    """Every place that takes a name, with names that climb: answered as a name that never was, with an alarm."""
    run, person = served.run("french-company"), enter("FR")
    assert person.get().status_code == 200  # logs him in to the page
    cookie = "; ".join(f"{name}={value}" for name, value in person.client.cookies.items())
    port = _page_port(served)
    before = {place: _get(port, cookie, f"{PAGE}{place.format('never-was', run=run)}") for place in PLACES}
    assert {_status(answer) for answer in before.values()} == {403, 404, 422}
    for place in PLACES:
        for name in NAMES:
            named = name.format(run=run, start=run[:-1])
            answer = _get(port, cookie, f"{PAGE}{place.format(named, run=run)}")
            assert _status(answer) in {404, _status(before[place])}, (place, name, answer[:300])
            assert b"root:" not in answer
            assert b"clearance" not in answer
    alarms = [entry for entry in served.entries() if entry.get("reason") == "path-elsewhere"]
    assert {entry["weight"] for entry in alarms} == {"alarm"}
    assert len(alarms) <= 3


def _get(port: int, cookie: str, path: str) -> bytes:
    """Ask the page's own listener for a path exactly as it is written: clients and the hub's proxy would tidy it."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        head = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
        connection.sendall(head.encode())
        return b"".join(iter(lambda: connection.recv(65536), b""))


def _page_port(served: Served) -> int:
    """Return where the gateway listens for the page."""
    gateway = next(p for p in served.hub.family() if "insight_kernel.gateway" in p.cmdline())
    listening = [c for c in gateway.net_connections("tcp") if c.status == psutil.CONN_LISTEN]
    return int(listening[0].laddr.port)


def _status(answer: bytes) -> int:
    return int(answer.split(b" ", 2)[1])


@pytest.mark.case("F10")
def test_a_hub_that_stumbles_widens_nothing_and_loses_nothing(served: Served) -> None:
    """While it stands still nobody is let in, in bounded time; afterwards label and rights are what they were."""
    someone = served.someone()
    assert someone.sees() == SEEN["FR"]
    label = someone.ask("label").json()
    with stopped(hub_process(served)):
        until(lambda: someone.ask().status_code == 503)
        for name, body in (("find", {"schema": "Person"}), ("label", {}), ("me", {}), ("sources", {})):
            assert someone.ask(name, body).status_code == 503
    until(lambda: someone.ask().status_code == 200)
    assert someone.ask("label").json() == label
    assert someone.sees() == SEEN["FR"]

"""The warden obeys the gateway's account alone, and touches the homes of workspaces alone."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from insight_kernel.errors import Unavailable
from insight_kernel.sandbox.asking import Asked, ask_warden
from tests.governed import needs_sandbox

pytestmark = needs_sandbox()

GATEWAY, FIRST, LAST, REPORTS = 59_000, 60_000, 60_003, 60_100


@pytest.fixture
def warden(tmp_path: Path, sockets: Path) -> Iterator[Path]:
    """A warden over the homes of two workspaces; give its socket, which the gateway's account may enter."""
    place = sockets / "warden"
    place.mkdir(exist_ok=True)
    for path in (sockets, place):
        path.chmod(0o711)
    for uid in (FIRST, LAST):
        home = tmp_path / "homes" / f"w{uid}" / "op-a" / "1"
        home.mkdir(parents=True)
        (home / "data.csv").write_text("a")
        for path in (home, home / "data.csv"):
            os.chown(path, uid, uid)
    (tmp_path / "homes" / "w1").mkdir()
    post = {"socket": str(place / "w.sock"), "obeys": GATEWAY, "door": str(tmp_path), "homes": str(tmp_path / "homes"),
            "workspaces": [FIRST, LAST], "reports": [REPORTS]}  # fmt: skip
    command = [sys.executable, "-m", "insight_kernel.sandbox.warden", json.dumps(post)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield place / "w.sock"
        process.kill()


def asked(warden: Path, do: str, account: Any, by: int = GATEWAY) -> dict[str, Any] | None:
    """Ask as an account; None when it is not done."""
    os.seteuid(by)
    try:
        return ask_warden(warden, do=do, uid=account)
    except Unavailable:
        return None
    finally:
        os.seteuid(0)


def test_the_gateway_has_homes_cleaned_and_deleted(warden: Path, tmp_path: Path) -> None:
    """Of the account it names, and of no other."""
    assert asked(warden, "clean", FIRST) == {"changed": 1}
    assert not (tmp_path / "homes" / f"w{FIRST}" / "op-a" / "1" / "data.csv").exists()
    assert asked(warden, "there", FIRST) == {"there": True}
    assert asked(warden, "delete", FIRST) == {"gone": True}
    assert asked(warden, "there", FIRST) == {"there": False}
    assert (tmp_path / "homes" / f"w{LAST}" / "op-a" / "1" / "data.csv").exists()


@pytest.mark.case("A60")
@pytest.mark.parametrize("uid", [0, FIRST, 65_534], ids=["root", "a workspace", "nobody"])
def test_nobody_else_is_obeyed(warden: Path, tmp_path: Path, uid: int) -> None:
    """Neither a workspace nor even root: who asks is known by his account."""
    assert asked(warden, "delete", LAST, by=uid) is None
    assert (tmp_path / "homes" / f"w{LAST}").exists()


@pytest.mark.parametrize("account", [1, LAST + 1, REPORTS, "60000", "../w60000", None, True, 60000.0])
def test_only_accounts_of_workspaces_have_homes(warden: Path, tmp_path: Path, account: Any) -> None:
    """A number outside the range, a text, and nothing at all are refused."""
    assert asked(warden, "delete", account) is None
    assert (tmp_path / "homes" / "w1").exists()


@pytest.mark.parametrize(
    "request_",
    [{}, {"do": "everything"}, {"do": "report", "environment": {}}, {"do": "delete"}, [1]],
    ids=str,
)
def test_what_is_no_request_is_refused(warden: Path, request_: Any) -> None:
    """Unknown acts, reports without streams, and what is no object; the next request is served."""
    os.seteuid(GATEWAY)
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(warden))
            line.sendall(json.dumps(request_).encode())
            assert "error" in json.loads(line.recv(1000))
        assert ask_warden(warden, do="there", uid=LAST) == {"there": True}
    finally:
        os.seteuid(0)


@pytest.mark.case("A62")
def test_a_report_is_given_only_variables_of_insight(warden: Path) -> None:
    """No other variable can be set, by which a program is made to load something."""
    with Path(os.devnull).open("r+b") as none:
        streams = [none.fileno()] * 3
        os.seteuid(GATEWAY)
        try:
            request = Asked(warden, {"do": "report", "environment": {"LD_PRELOAD": "/tmp/x"}}, streams)
            with pytest.raises(Unavailable):
                request.answer()
            request.close()
        finally:
            os.seteuid(0)

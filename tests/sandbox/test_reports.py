"""Reports made by the service, and workspaces replaced, where everything is an account of its own."""

import json
from pathlib import Path

import psutil
import pytest

from tests.governed import REPORTS, GovernedHub, Kernel, needs_sandbox
from tests.sandbox.conftest import BEN
from tests.sandbox.test_from_inside import tried
from tests.servers import until

pytestmark = needs_sandbox()


@pytest.mark.slow
@pytest.mark.case("A60")
def test_a_report_is_made_as_an_account_of_its_own(governed: GovernedHub, ana: Kernel) -> None:
    """The service makes it in a sandbox; afterwards the account is free again, and nothing of it is left."""
    ordered = """
import insight_kernel as insight
ws = insight.open(quiet=True)
made = ws.report("subject_profile", recipients=["FR"], subject=ws.find("Person").id.iloc[0])
print([one.status for one in made])
"""
    assert tried(ana, ordered).endswith("['done']")
    store = governed.running.store
    [run] = [json.loads(path.read_text()) for path in store.glob("runs/*/run.json")]
    assert (run["status"], run["recipient"]) == ("done", "FR")
    until(lambda: not [process for process in governed.running.family() if process.uids().real in REPORTS])


@pytest.mark.case("A50")
def test_a_replaced_workspace_is_another_account(governed: GovernedHub) -> None:
    """The old server ends, its home goes, and the next one has neither its account nor its origin."""
    homes = governed.running.log.parent / "homes"
    governed.running.open("luc", "OP-LANTERN")
    account = _account_of(governed, "luc")
    governed.spawn(account, "op-lantern")
    with governed.kernel(account, "op-lantern") as kernel:
        assert tried(kernel, "open('kept.txt', 'w').write('x'); import os; os.chmod('.', 0o700)") == ""
    assert (homes / account / "op-lantern" / "1" / "kept.txt").exists()
    governed.running.open("luc", "OP-LANTERN", "investigate", replace=True)
    assert not (homes / account).exists()
    until(lambda: not _processes_of(int(account.removeprefix("w"))))
    assert _account_of(governed, "luc") not in (account, BEN[0])
    until(lambda: not governed.api("GET", f"/users/{account}").json()["servers"])


def _processes_of(uid: int) -> list[psutil.Process]:
    """Return what still runs as an account, wherever it hangs in the machine's tree of processes."""
    return [
        each for each in psutil.process_iter(["uids"]) if each.info["uids"] and each.info["uids"].real == uid
    ]


def _account_of(governed: GovernedHub, user: str) -> str:
    log = Path(governed.running.store, "audit", "log.jsonl").read_text().splitlines()
    opened = [entry["opened"] for line in log if (entry := json.loads(line)).get("operation") == "workspace"]
    return f"w{[each['uid'] for each in opened if each['user'] == user][-1]}"

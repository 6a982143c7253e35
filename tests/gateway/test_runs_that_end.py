"""A run has a last day, and one that was killed leaves nothing that could be released."""

import errno
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from insight_kernel.audit.chain import entries
from insight_kernel.audit.checkpoint import FILE as CHECKPOINTS
from insight_kernel.audit.checkpoint import Checkpoint, last_checkpoint
from insight_kernel.client.asking import Asker
from insight_kernel.errors import NotAvailable, Unavailable
from insight_kernel.files import replace_file
from insight_kernel.gateway import releases
from insight_kernel.gateway.releases import find_run, release
from insight_kernel.gateway.runs import expire
from insight_kernel.gateway.service import Gateway
from insight_kernel.launch.ports import any_free
from insight_kernel.store.folder import open_folder
from insight_kernel.store.opened import Store
from insight_kernel.templates.names import new_run_id
from tests.companies import store_of_companies
from tests.runs import frozen, made, put
from tests.runs import release as ask_release
from tests.servers import Server, gateway


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two companies, one of which expires tomorrow."""
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    sources = {"lasting": {"owner": "MA"}, "expiring": {"owner": "MA", "expires": tomorrow.isoformat()}}
    return store_of_companies(tmp_path_factory.mktemp("ending"), sources)


def today(server: Server) -> str:
    """The gateway's day."""
    server.session()
    *_, last = entries(server.store / "audit" / "log.jsonl")
    return str(last["time"])[:10]


@contextmanager
def serving(store: Path, day: str) -> Iterator[Gateway]:
    """The gateway in this process, on another day; the process that served the store has ended."""
    found = Gateway(Store(open_folder(store)))
    found.clock.take({"time": f"{day}T00:00:00+00:00"})
    try:
        yield found
    finally:
        found.close()


@pytest.mark.parametrize(
    ("days", "found"), [(1, {"lasting", "expiring"}), (2, {"lasting"}), (None, {"lasting"})]
)
def test_values_that_expire_before_the_last_day_are_left_out(
    shared: Server, days: int | None, found: set[str]
) -> None:
    """A run reads as on the last day it is valid; without a day that is in 90 days."""
    last = date.fromisoformat(today(shared)) + timedelta(days=days or 0)
    asker = shared.asker(run=new_run_id(), **({"until": last.isoformat()} if days else {}))
    assert {row["caption"] for row in asker.table("find", schema="Company").to_pylist()} == found
    until = asker.json("me")["until"]
    assert until == (last if days else last + timedelta(days=90)).isoformat()


def test_only_a_run_is_told_the_last_checkpoint(shared: Server) -> None:
    """It stands in the foot of its page; who works in a notebook does not learn how fast the log grows."""
    shared.operate("/audit/export", {})
    last = last_checkpoint(shared.store / "audit" / CHECKPOINTS)
    assert isinstance(last, Checkpoint)
    assert shared.asker(run=new_run_id()).json("me")["checkpoint"] == last.shortly()
    assert shared.asker().json("me")["checkpoint"] is None


def test_on_its_last_day_a_run_is_gone_with_its_files_and_the_log_says_so(server: Server) -> None:
    """Not shown, not released; its folder with what was frozen is deleted; those still valid stay."""
    over, stays = (made(server, ["lasting"], until=until) for until in ("2030-01-01", "2030-01-02"))
    assert ask_release(server, over, "FR").json()["granted"]
    server.kill()
    with serving(server.store, "2029-12-31") as found:
        assert find_run(found, over, None).id == over
    with serving(server.store, "2030-01-01") as found:
        for refused in (lambda: find_run(found, over, None), lambda: release(found, over, "MA")):
            with pytest.raises(NotAvailable):
                refused()
        assert expire(found.store.folder, found.runs, found.audit, found.clock.today()) == [over]
        assert expire(found.store.folder, found.runs, found.audit, found.clock.today()) == []
        assert find_run(found, stays, None).id == stays
    *_, last = (e for e in entries(server.store / "audit" / "log.jsonl") if e["operation"] == "erasure")
    assert (last["runs"], last["day"]) == ([over], "2030-01-01")
    assert [path.name for path in (server.store / "runs").iterdir()] == [stays]


def test_runs_that_are_over_are_deleted_at_the_start(server: Server) -> None:
    """Also records of runs that ended without a report; one whose day is to come stays."""
    for status, until in (("failed", "2020-01-01"), ("failed", "2999-01-01")):
        folder = server.store / "runs" / new_run_id()
        folder.mkdir()
        (folder / "run.json").write_text(json.dumps({"status": status, "until": until}))
    server.kill()
    with gateway(server.store):
        stated = [json.loads(path.read_bytes()) for path in (server.store / "runs").glob("*/run.json")]
    assert [run["until"] for run in stated] == ["2999-01-01"]


@pytest.mark.case("F19")
@pytest.mark.parametrize("status", ["running", "done"])
def test_what_a_killed_run_left_is_cleared_at_the_next_start(server: Server, status: str) -> None:
    """Neither listed nor released before, and gone after; drafts and registered runs stay."""
    kept, draft, killed = made(server, ["lasting"]), new_run_id(), new_run_id()
    put(server.store / "runs" / draft, status="done")
    put(server.store / "runs" / killed, status=status, until="2999-01-01")
    assert ask_release(server, killed, "FR").status_code == 404
    assert [run["id"] for run in server.operate("/runs", {}).json()["runs"]] == [kept]
    server.kill()
    with gateway(server.store):
        assert {path.name for path in (server.store / "runs").iterdir()} == {kept, draft}


@pytest.mark.case("F19")
def test_a_release_that_was_killed_half_way_is_no_release(server: Server) -> None:
    """What was frozen and not logged is removed at the next start, and can be released then."""
    run = made(server, ["lasting"])
    assert ask_release(server, run, "MA").json()["granted"]
    half = server.store / "runs" / run / "released" / "FR" / "report.html"
    half.parent.mkdir()
    half.write_text("half")
    server.kill()
    with gateway(server.store) as again:
        assert frozen(again, run) == ["MA/report.html", "MA/report.ipynb"]
        assert ask_release(again, run, "MA").status_code == 409
        assert ask_release(again, run, "FR").json()["granted"]


def test_where_a_hub_serves_nobody_speaks_for_a_user(server: Server) -> None:
    """Only the hub says who somebody is; the operator may list and release, each as its author may open it."""
    run = made(server, ["lasting"])
    server.kill()
    hub = {"API_URL": "http://127.0.0.1:1", "API_TOKEN": "t", "BASE_URL": "/", "SERVICE_PREFIX": "/services/insight/",
           "SERVICE_URL": f"http://127.0.0.1:{any_free(1)[0]}", "SERVICE_NAME": "insight"}  # fmt: skip
    with gateway(
        server.store, command=_WITH_HUB, **{f"JUPYTERHUB_{name}": value for name, value in hub.items()}
    ):
        said = [ask_release(server, run, "FR", user).status_code for user in ("ana", None)]
        assert said == [403, 200]
        listed = [server.operate("/runs", {"user": user}).status_code for user in ("ana", None)]
        assert listed == [403, 200]


_WITH_HUB = (
    "-c",
    "import sys; from insight_kernel.gateway.__main__ import main; sys.argv.append('--hub'); main()",
)


@pytest.mark.parametrize("call", [1, 2])
def test_a_disk_that_fails_in_a_release_leaves_nothing_frozen(
    server: Server, monkeypatch: pytest.MonkeyPatch, call: int
) -> None:
    """Whichever file could not be written: it is no release, the log says so, and it can be tried again."""
    run = made(server, ["lasting"])
    server.kill()
    left = iter(range(call - 1, -1, -1))

    def full(*given: Any, **named: Any) -> None:
        if next(left) == 0:
            raise OSError(errno.ENOSPC, "No space left on device")
        replace_file(*given, **named)

    with serving(server.store, "2026-11-21") as found:
        with monkeypatch.context() as failing:
            failing.setattr(releases, "replace_file", full)
            with pytest.raises(Unavailable, match="No space left"):
                release(found, run, "FR")
        assert frozen(server, run) == []
        *_, last = entries(server.store / "audit" / "log.jsonl")
        assert (last["operation"], last["decision"]) == ("disclosure", "refused")
        assert release(found, run, "FR")["granted"]


@pytest.mark.case("F20")
def test_the_join_of_a_run_outlives_the_gateway(server: Server) -> None:
    """After a crash the run is there, and what it read still decides."""
    run = made(server, ["lasting"])
    server.kill()
    with gateway(server.store) as again:
        refused = ask_release(again, run, "JP").json()
        assert [blocker["owner"] for blocker in refused["blockers"]] == ["MA"]
        assert ask_release(again, run, "FR").json()["granted"]
        assert Asker(again.address, again.session()).json("me")["until"] is None

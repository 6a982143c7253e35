"""Renditions from a notebook: made outside the workspace, and carrying all that it has read."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from insight_kernel.client.opening import open_workspace
from insight_kernel.client.workspace import Workspace
from insight_kernel.errors import BadInput, NotAvailable, Refused
from insight_kernel.reports.releasing import list_runs, release_run
from insight_kernel.reports.run import run_renditions
from tests.reports.conftest import id_of, person, store_of

SOURCES = {
    "shared": ({"owner": "DE"}, [person("ada", name=["Ada Shared"])]),
    "paris": ({"owner": "FR", "only": ["FR"]}, [person("bo", name=["Bo Paris"])]),
}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A store with one person everybody sees, and one that only Paris sees."""
    with store_of(tmp_path_factory.mktemp("ordered"), SOURCES) as found:
        yield found


@pytest.fixture(scope="module")
def ada(store: Path) -> str:
    """The person everybody sees."""
    return id_of(store, "Ada Shared", user="luc")


def opened(store: Path, user: str = "ana", purpose: str = "network") -> Workspace:
    """A workspace as a notebook opens it."""
    return open_workspace(store, user=user, purpose=purpose, quiet=True)


@pytest.mark.slow
@pytest.mark.case("A84")
def test_what_a_workspace_has_read_goes_into_its_renditions(store: Path, ada: str) -> None:
    """Before it read what only Paris may see, both go to their recipients; afterwards none goes to Rabat."""
    with opened(store) as ws:
        clean = ws.report("subject_profile", recipients=["FR", "MA"], subject=ada)
        assert [(one.recipient, one.status) for one in clean] == [("FR", "done"), ("MA", "done")]
        assert len(ws.search("Bo Paris", schema="Person")) == 1
        tainted = ws.report("subject_profile", recipients=["MA"], subject=ada)
    released = [release_run(one.run, one.recipient, store=store).granted for one in (*clean, *tainted)]
    assert released == [True, True, False]
    assert {one.run for one in (*clean, *tainted)} <= {run["id"] for run in list_runs(store)}
    assert all(one.run in ws_text for one in clean for ws_text in (repr(clean), clean._repr_html_()))


@pytest.mark.case("A84")
def test_a_hidden_id_ends_the_run_and_nothing_is_delivered(store: Path) -> None:
    """As one that was never given."""
    bo = id_of(store, "Bo Paris")
    with opened(store, "ana") as ws:
        found = ws.report("subject_profile", recipients=["MA"], subject=bo)
    assert [(one.status, one.error) for one in found] == [("refused", "Something named is not available.")]
    assert not (store / "runs" / found[0].run / "report.html").exists()


@pytest.mark.parametrize(
    ("asked", "rule"),
    [
        (
            {"recipients": ["QQ"]},
            "recipients: must be organisations with a release profile, or groups of them",
        ),
        ({"recipients": ["FR"], "subject": 5.5}, "report: parameter subject is not string"),
        ({"recipients": ["FR"], "more": "x"}, "report: unknown parameter more"),
        ({"recipients": ["FR"], "odd name": "x"}, "parameters: must be a name"),
    ],
)
@pytest.mark.case("A57")
def test_what_cannot_be_ordered_is_refused_before_anything_runs(
    store: Path, ada: str, asked: dict[str, object], rule: str
) -> None:
    """With place and rule, and without what was sent."""
    with opened(store) as ws, pytest.raises(BadInput, match=rule):
        ws.report("subject_profile", **{"subject": ada, **asked})  # type: ignore[call-overload]


def test_a_template_of_the_workspace_is_none(store: Path, ada: str) -> None:
    """Only registered templates run, wherever code puts others."""
    with opened(store) as ws, pytest.raises(BadInput, match="report: there is none"):
        ws.report("mine", recipients=["FR"], subject=ada)


@pytest.mark.case("A84")
def test_another_workspaces_orders_are_not_available(store: Path, ada: str) -> None:
    """Neither to be looked at nor to be stopped."""
    with opened(store) as mine, opened(store, "ben") as other:
        ordered = {"template": "subject_profile", "parameters": {"subject": ada}, "recipients": ["FR"]}
        runs = [one["run"] for one in mine._asker.json("report", **ordered)["runs"]]
        for asked in ({}, {"stop": True}):
            with pytest.raises(NotAvailable):
                other._asker.json("orders", runs=runs, **asked)
        assert [one["status"] for one in mine._asker.json("orders", runs=runs)["runs"]] == ["waiting"]
        stopped = mine._asker.json("orders", runs=runs, stop=True)["runs"]
        assert [(one["status"], one["error"]) for one in stopped] == [("stopped", "It was stopped.")]


@pytest.mark.case("F19")
def test_no_report_is_left_of_a_service_that_was_killed(store: Path, ada: str) -> None:
    """The run it was at is nowhere; the next service says that it failed, and goes on with what waits."""
    command = [sys.executable, "-m", "insight_kernel.reports.service", str(store)]
    with opened(store) as ws:
        asked = {"template": "subject_profile", "parameters": {"subject": ada}}
        [first] = ws._asker.json("report", **asked)["runs"]
        with subprocess.Popen(command) as service:
            while ws._asker.json("orders", runs=[first["run"]])["runs"][0]["status"] != "running":
                assert service.poll() is None
            service.kill()
        again = ws.report("subject_profile", recipients=["FR"], subject=ada)
        assert [one.status for one in again] == ["done"]
        with subprocess.Popen(command) as service:
            while ws._asker.json("orders", runs=[first["run"]])["runs"][0]["status"] != "failed":
                assert service.poll() is None
            service.terminate()
    assert first["run"] not in {run["id"] for run in list_runs(store)}
    assert not (store / "runs" / first["run"] / "report.html").exists()


@pytest.mark.case("A84")
def test_the_command_line_in_a_workspace_makes_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server's token in the environment is enough to know that it is one."""
    monkeypatch.setenv("INSIGHT_GATEWAY", "unix:/nowhere")
    monkeypatch.setenv("JUPYTERHUB_API_TOKEN", "x")
    with pytest.raises(Refused, match="a draft of it"):
        run_renditions("subject_profile", {"subject": "0" * 16}, ["FR"])

"""A run: one process, a fresh kernel, and a report only when all went well."""

import hashlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import pytest

from insight_kernel.client.asking import Asker
from insight_kernel.client.embedded import EmbeddedGateway
from insight_kernel.errors import BadInput, InsightError, Refused
from insight_kernel.reports.process import worker
from insight_kernel.reports.record import Run, read_run
from insight_kernel.reports.releasing import release_run
from insight_kernel.reports.run import run_report
from insight_kernel.templates.registry import read_template
from tests.reports.conftest import id_of
from tests.reports.test_engine import write

ASKED = {"user": "ana", "purpose": "network", "progress": False}
UNKNOWN = "0" * 16


@pytest.fixture(scope="module")
def done(real_store) -> Run:
    """The profile of a real person on sanctions lists."""
    subject = id_of(real_store, "Aleksandr Vyacheslavovich Zakharov")
    return run_report("subject_profile", {"subject": subject}, store=real_store, **ASKED)


def command(store: Path, subject: str, *more: str) -> list[str]:
    """The command line of a run."""
    asked = ["-p", f"subject={subject}", "--store", str(store), "--as", "ana", "--purpose", "network", *more]
    return [sys.executable, "-m", "insight_kernel.cli", "report", "run", "subject_profile", *asked]


def runs(store: Path) -> dict[str, Any]:
    """Every run of a store by id, as `run.json` tells it."""
    return {path.parent.name: json.loads(path.read_bytes()) for path in store.glob("runs/*/run.json")}


@pytest.mark.real
def test_a_done_run_keeps_page_notebook_and_record(done):
    """Three files, whose hashes stand in the record, which can be read again."""
    assert {path.name for path in done.folder.iterdir()} == {"run.json", "report.ipynb", "report.html"}
    for name, digest in done.files.items():
        assert hashlib.sha256((done.folder / name).read_bytes()).hexdigest() == digest
    assert read_run(done.folder) == done
    assert (done.status, done.error, done.case) == ("done", None, "OP-LANTERN")
    assert done.label.startswith("OFFICIAL · owners FR")


@pytest.mark.real
def test_the_page_has_facts_figures_and_gaps_of_the_real_cluster(done):
    """Names in their scripts, sanctions, two figures, and a map section that says there are no coordinates."""
    page = done.html.read_text(encoding="utf-8")
    for text in ("Aleksandr Vyacheslavovich Zakharov", "Захаров Александр Вячеславович", "Maria Aleksandrovna Osetrova",
                 "Sanctions and listings", "Nobody has judged", "no map is drawn", "None written",
                 "No passport or other identity document."):  # fmt: skip
        assert text.lower() in page.lower(), text
    assert page.count("<figure>") == page.count("<svg") == 2
    assert "<script" not in page
    assert "INSIGHT_TOKEN" not in page


@pytest.mark.real
def test_the_run_has_a_label_of_its_own(done, real_store):
    """The log names the run as a workspace, so that what its user read elsewhere does not rise into it."""
    log = (real_store / "audit" / "log.jsonl").read_text(encoding="utf-8")
    asked = [json.loads(line) for line in log.splitlines() if done.id in line]
    entries = [entry.get("entry", entry) for entry in asked]
    assert {entry["request"] for entry in entries if "request" in entry} >= {"get", "neighbours", "label"}


@pytest.mark.parametrize(
    ("name", "parameters", "asked", "error"),
    [
        ("subject_profile", {}, {}, BadInput),
        ("subject_profile", {"subject": "ff"}, {}, BadInput),
        ("subject_profile", {"subject": UNKNOWN + "\n"}, {}, BadInput),
        ("subject_profile", {"subject": UNKNOWN, "depth": 2}, {}, BadInput),
        ("subject", {"subject": UNKNOWN}, {}, BadInput),
        ("subject_profile", {"subject": UNKNOWN}, {"purpose": "border"}, Refused),
        ("subject_profile", {"subject": UNKNOWN}, {"user": "nobody"}, Exception),
        ("subject_profile", {"subject": UNKNOWN}, {"case": "OP-HARBOUR"}, Exception),
    ],
)
def test_what_is_asked_wrongly_starts_and_writes_nothing(store, name, parameters, asked, error):
    """Template, parameters, purpose, user and case are checked before there is a run."""
    before = runs(store)
    with pytest.raises(error):
        run_report(name, parameters, store=store, **{**ASKED, **asked})
    assert runs(store) == before


def test_a_store_that_is_not_there_is_not_made(tmp_path):
    """A report is never made over a new, empty store by mistake."""
    with pytest.raises(BadInput, match="Load something first"):
        run_report("subject_profile", {"subject": UNKNOWN}, store=tmp_path / "s", **ASKED)
    assert not (tmp_path / "s").exists()


def test_hidden_and_unknown_subjects_end_alike_with_nothing_delivered(store):
    """One line, exit code 1; the record says `not_available` and there is no notebook and no page."""
    hidden = id_of(store, "Hidden Person", user="chen", purpose="identify")
    said = []
    for subject in (hidden, UNKNOWN):
        before = runs(store)
        ended = subprocess.run(
            command(store, subject), capture_output=True, text=True, timeout=60, check=False
        )
        (made,) = (run for id_, run in runs(store).items() if id_ not in before)
        assert {path.name for path in (store / "runs" / made["id"]).iterdir()} == {"run.json"}
        said.append(
            (ended.returncode, ended.stdout, ended.stderr, made["status"], made["error"], made["files"])
        )
    assert said[0] == said[1]
    line = "Cannot run subject_profile: not_available. Check the id; it may never have existed."
    assert said[0] == (1, "", f"insight: {line}\n", "refused", line, {})


@pytest.mark.case("F19")
@pytest.mark.parametrize(
    ("ends", "code", "said", "status"),
    [(signal.SIGINT, 130, "insight: stopped.\n", "stopped"), (signal.SIGKILL, -9, "", "running")],
    ids=["Ctrl-C", "killed"],
)
def test_an_interrupted_run_leaves_no_report_and_no_process(store, tmp_path, ends, code, said, status):
    """While cells are executed, Ctrl-C or the runner's death ends worker and kernel; no report remains."""
    subject, before = id_of(store, "Ada"), runs(store)
    started = subprocess.Popen(
        command(store, subject),
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    processes = with_kernel(started)
    started.send_signal(ends)
    assert (started.wait(30), started.stderr.read()) == (code, said)
    started.stderr.close()
    assert psutil.wait_procs(processes, timeout=20)[1] == []
    assert list(tmp_path.rglob("report.*")) == []  # nor half-way, where it was being made
    (made,) = (run for id_, run in runs(store).items() if id_ not in before)
    assert (made["status"], made["files"]) == (status, {})
    assert {path.name for path in (store / "runs" / made["id"]).iterdir()} == {"run.json"}
    with pytest.raises(InsightError, match="not available"):
        release_run(made["id"], "FR", store=store)


def test_a_run_that_takes_too_long_is_ended(store):
    """The time limit ends the run; the record says so in one line."""
    ended = run_report("subject_profile", {"subject": UNKNOWN}, store=store, **ASKED, limit=0.2)
    assert (ended.status, ended.html) == ("failed", None)
    assert "took longer than 0.2 seconds" in ended.error


def test_a_report_that_cannot_be_recorded_is_not_kept(tmp_path):
    """When the record cannot be written, page and notebook go too."""
    (tmp_path / "run.json").mkdir()
    run = Run(tmp_path, "r", "t", "h", "ana", "C", "network", {}, "2026-01-01T00:00:00+00:00")
    with pytest.raises(OSError, match=r"run\.json"):
        run.delivered({"report.ipynb": b"{}", "report.html": b"<p>"}, "OFFICIAL")
    assert [path.name for path in tmp_path.iterdir()] == ["run.json"]


def with_kernel(started: "subprocess.Popen[str]") -> list[psutil.Process]:
    """Wait until a run's kernel is there, and return all its processes."""
    while True:
        try:
            raise AssertionError(f"ended with {started.wait(0.02)}: {started.stderr.read()}")
        except subprocess.TimeoutExpired:
            found = psutil.Process(started.pid).children(recursive=True)
        if any("ipykernel" in " ".join(process.cmdline()) for process in found):
            return found


def test_a_worker_nobody_waits_for_ends(store, tmp_path):
    """When the runner is gone the worker ends by itself, also in the middle of a cell that takes for ever."""
    template = write(tmp_path, "while True: pass")
    job = {"template": read_template(template).texts, "name": template.stem,
           "parameters": {"key": "00ff"}, "entities": [], "title": "T",
           "seconds": 600, "until": None}  # fmt: skip
    with EmbeddedGateway(store) as gateway:
        access = {
            "INSIGHT_GATEWAY": gateway.ask_address,
            "INSIGHT_TOKEN": gateway.session(user="ana", purpose="network"),
        }
        worker = subprocess.Popen(
            [sys.executable, "-m", "insight_kernel.reports.worker"], env={**os.environ, **access}, cwd=tmp_path,
            stdin=subprocess.PIPE, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        worker.stdin.write(json.dumps(job) + "\n")
        worker.stdin.flush()
        processes = with_kernel(worker)
        worker.stdin.close()
        assert worker.wait(30) == 128 + signal.SIGTERM
        worker.stderr.close()
    assert psutil.wait_procs(processes, timeout=20)[1] == []


@pytest.mark.case("A49")
def test_a_run_sees_no_home_of_who_started_it(store, tmp_path, monkeypatch):
    """Its home and working folder are empty and its own; nothing in its environment leads to the old one."""
    home = tmp_path / "home"
    home.mkdir()
    (home / "old.csv").write_text("MARKER")
    for name in ("HOME", "JUPYTER_CONFIG_DIR", "INSIGHT_STORE", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(home))
    code = f"""
import os, pathlib
found = [path.name for at in (pathlib.Path.home(), pathlib.Path.cwd()) for path in at.rglob("*.csv")]
led = [name for name, value in os.environ.items() if {str(home)!r} in value]
print(found, led)
"""
    template = write(tmp_path, code)
    job = {"template": read_template(template).texts, "name": template.stem, "parameters": {"key": "00ff"},
           "entities": [],
           "title": "T", "seconds": 60, "until": None, "checkpoint": None}  # fmt: skip
    folder = tmp_path / "run"
    folder.mkdir()
    with EmbeddedGateway(store) as gateway:
        access = Asker(gateway.ask_address, gateway.session(user="ana", purpose="network")).environment
        with worker(folder, access, job, 60) as events:
            *_, last = events
    assert last["status"] == "done", last
    [output] = json.loads(last["files"]["report.ipynb"])["cells"][2]["outputs"]
    assert "".join(output["text"]) == "[] []\n"


@pytest.mark.case("A84")
@pytest.mark.parametrize("known", [[], ["Bo Carr"]], ids=["alone", "beside one that does"])
def test_ids_are_looked_up_before_the_first_cell(store, tmp_path, known):
    """Also a template that never asks for its subject delivers nothing when that does not exist for the run."""
    template = write(tmp_path, "print('a title')")
    job = {"template": read_template(template).texts, "name": template.stem, "parameters": {"key": "00ff"},
           "entities": [*(id_of(store, name) for name in known), UNKNOWN], "title": "T", "seconds": 60,
           "until": None, "checkpoint": None}  # fmt: skip
    folder = tmp_path / "run"
    folder.mkdir()
    with EmbeddedGateway(store) as gateway:
        access = Asker(gateway.ask_address, gateway.session(user="ana", purpose="network")).environment
        with worker(folder, access, job, 60) as events:
            said = list(events)
    assert [(event["status"], "not_available" in event["error"]) for event in said] == [("refused", True)]
    assert not list(folder.glob("report.*"))


@pytest.mark.case("F19")
def test_a_report_the_gateway_did_not_take_is_not_kept(tmp_path):
    """A run that could not be registered ends as failed, and page and notebook go."""
    run = Run(tmp_path, "r", "t", "h", "ana", "C", "network", {}, "2026-01-01T00:00:00+00:00")
    done = run.delivered({"report.ipynb": b"{}", "report.html": b"<p>"}, "OFFICIAL")
    assert done.html.exists()
    done.over("failed", "It was not registered.")
    assert [path.name for path in tmp_path.iterdir()] == ["run.json"]
    assert (read_run(tmp_path).status, read_run(tmp_path).files) == ("failed", {})

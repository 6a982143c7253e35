"""Who reads the log and what he finds: the officer, the owner, an auditor outside, and who reports a breach."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from insight_kernel.audit.chain import entries
from insight_kernel.cli import main
from insight_kernel.gateway.owners import told
from insight_kernel.model.organisation import CaseEntry, Organisation
from tests.build import entity, profile, write_lines, write_yaml
from tests.runs import made, release
from tests.servers import Server, gateway

NAME = "Xyzzy Dupont"
CASE: dict[str, Any] = {"title": "t", "organisation": "FR", "members": [], "purposes": ["network"]}


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A gateway that has loaded, answered, refused, released and been warned; a person's name was in all of it."""
    folder = tmp_path_factory.mktemp("readers")
    with gateway(folder / "store") as server:
        lines = write_lines(
            folder / f"{NAME}.jsonl", [entity("a", "Person", name=NAME), entity("b", "Company", name="B")]
        )
        server.load([lines], write_yaml(folder / "fr.yml", profile(source="fr", owner="FR")))
        asker = server.asker("ana")
        assert asker.table("find", schema="Person", filters={"name": [NAME]}).num_rows == 1
        server.post("get", {"ids": ["0" * 26]}, server.session("ben"))
        server.post("act", {"do": NAME}, server.session("ana"))
        assert release(server, made(server, ["B"]), "MA").json()["granted"]
        what = {"user": "ben", "hours": 2, "clearance": "confidential"}
        why = f"{NAME} is in danger"
        server.operate("/acts/ask", {"user": "ana", "kind": "emergency", "what": what, "reason": why})
        yield server


def asked(server: Server, *words: str) -> Result:
    return CliRunner().invoke(main, ["audit", *words, "--store", str(server.store)])


@pytest.mark.case("A71")
@pytest.mark.case("L19")
def test_only_an_officer_searches_the_log(used: Server) -> None:
    """Anybody else is refused with an alarm; that the officer looked, and for what, is an entry."""
    for nobody in ("ana", "ben", "nobody"):
        assert used.operate("/audit/search", {"officer": nobody, "user": "ana"}).status_code == 403
    *_, last = entries(used.store / "audit" / "log.jsonl")
    assert (last["reason"], last["weight"], last["user"]) == ("no-officer", "alarm", "nobody")
    assert used.operate("/audit/search", {"officer": "dora", "user": "ana"}).status_code == 200
    *_, last = entries(used.store / "audit" / "log.jsonl")
    assert (last["operation"], last["user"], last["sought"]) == ("consultation", "dora", {"user": "ana"})


@pytest.mark.parametrize(
    ("sought", "found"),
    [
        ({"user": "ana", "operation": "search"}, True),
        ({"user": "ben", "operation": "search"}, False),
        ({"owner": "FR", "operation": "search"}, True),
        ({"owner": "MA", "operation": "search"}, False),
        ({"case": "OP-NONE"}, False),
        ({"operation": "collection", "owner": "FR"}, True),
        ({"since": "2020-01-01", "operation": "search"}, True),
        ({"until": "2020-01-01"}, False),
    ],
    ids=str,
)
def test_an_officer_finds_what_he_asks_for(used: Server, sought: dict[str, str], found: bool) -> None:
    """By user, case, owner, operation and time."""
    answer = used.operate("/audit/search", {"officer": "dora", **sought})
    assert bool(answer.json()["entries"]) is found
    assert NAME in used.operate("/audit/search", {"officer": "dora", "operation": "collection"}).text
    assert used.operate("/audit/search", {"officer": "dora", "since": "never"}).status_code == 422


def test_an_auditor_outside_gets_no_personal_value(used: Server, tmp_path: Path) -> None:
    """The folder verifies by its own verifier; the name stands nowhere in it, nor does a hash that could be tried."""
    from hashlib import sha256

    body = b'{"schema":"Person","filters":{"name":["' + NAME.encode() + b'"]},"limit":null}'
    done = asked(used, "export", "--out", str(tmp_path / "out"))
    assert done.exit_code == 0, done.output
    names = {path.name for path in (tmp_path / "out").iterdir()}
    assert names == {"log.jsonl", "keys.json", "checkpoints.jsonl", "audit-log.md", "verify.py", "README.txt"}
    held = b"".join(path.read_bytes() for path in (tmp_path / "out").iterdir())
    for word in (
        NAME,
        "Xyzzy",
        "Dupont",
        "danger",
        sha256(body).hexdigest(),
        sha256(NAME.encode()).hexdigest(),
    ):
        assert word.encode() not in held
    command = [sys.executable, "-I", str(tmp_path / "out" / "verify.py"), str(tmp_path / "out")]
    checked = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "whole\n", "")
    assert asked(used, "export", "--out", str(tmp_path / "out")).exit_code == 1
    *_, last = entries(tmp_path / "out" / "log.jsonl")
    assert last["operation"] == "export"


def test_a_breach_report_says_what_happened(used: Server, tmp_path: Path) -> None:
    """Who read whose data, how many of which kind, what left, what was refused, alarms, and how the log stands."""
    page = tmp_path / "breach.html"
    done = asked(used, "breach", "--since", "2020-01-01", "--json", "-o", str(page))
    assert done.exit_code == 0, done.output
    found = json.loads(done.output)
    [row] = [row for row in found["reads"] if row["operation"] == "search"]
    assert (row["user"], row["owners"], row["questions"], row["rows"]) == ("ana", "FR", 2, 2)
    [data] = found["data"]
    assert (
        (data["owner"], data["source"], data["number"])
        == ("FR", "fr", len(data["records"]))
        == ("FR", "fr", 2)
    )
    [left] = found["left"]
    assert left["recipient"] == "MA"
    assert set(left["released"]) == {"report.ipynb", "report.html"}
    assert "not_available" in {row["reason"] for row in found["refusals"]}
    assert "act-by-token" in {row["reason"] for row in found["alarms"]}
    assert (found["gaps"], found["log"]["whole"]) == ([], True)
    text = page.read_text()
    assert "Breach report" in text
    assert NAME not in text
    assert data["records"][0] not in text


@pytest.mark.parametrize(
    ("only", "readers"), [({"user": "ben"}, set()), ({"owner": "MA"}, set()), ({"owner": "FR"}, {"ana"}),
                          ({"until": "2020-01-01"}, set())],
)  # fmt: skip
def test_a_breach_report_of_one(used: Server, only: dict[str, str], readers: set[str]) -> None:
    """Of one user, one owner's data, or a time."""
    found = used.operate("/audit/breach", only).json()
    assert {row["user"] for row in found["reads"]} == readers
    assert bool(found["data"]) is bool(readers)


@pytest.mark.case("A71")
@pytest.mark.parametrize(
    ("discreet", "ends", "age", "is_told"),
    [(False, 100, 1, True), (True, 100, 1, False), (True, 1, 1, False), (True, 0, 1, True), (True, 100, 365, False),
     (True, 100, 366, True)],
)  # fmt: skip
def test_a_discreet_case_appears_when_it_ends(discreet: bool, ends: int, age: int, is_told: bool) -> None:
    """Until then an owner is not told of it, for twelve months at most; the officer sees it at once."""
    today = date(2026, 11, 22)
    case = CaseEntry(**CASE, end=today + timedelta(days=ends), discreet=discreet)
    entry = {"case": "OP-A", "time": f"{today - timedelta(days=age)}T10:00:00"}
    assert bool(list(told([entry], Organisation(cases={"OP-A": case}), today))) is is_told

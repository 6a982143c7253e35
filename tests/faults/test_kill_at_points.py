"""kill -9 of the gateway at named points: what was acknowledged is there, what was not is there whole or not at all."""

import contextlib
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.build import entity, profile, write_lines, write_yaml
from tests.faults.dying_gateway import POINTS
from tests.faults.laws import check_audit, check_store
from tests.servers import NotReadyError, Server, gateway

DYING = str(Path(__file__).with_name("dying_gateway.py"))
RECORDS = 300
CASES = [(point, 1) for point in POINTS if point != "after the database is opened"] + [
    ("before a commit", 2), ("after a commit", 2), ("after rows were put in order", 2),
("before an audit entry", 4), ("after an audit entry", 5), ("after the audit's bytes, before their flush", 6),
]  # fmt: skip


@pytest.fixture(scope="module")
def delivery(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two files and their profile."""
    folder = tmp_path_factory.mktemp("delivery")
    for name in ("one", "two"):
        write_lines(
            folder / f"{name}.jsonl", (entity(f"{name}{n}", "Person", name=f"P {n}") for n in range(RECORDS))
        )
    write_yaml(folder / "profile.yml", profile())
    return folder


@pytest.fixture(scope="module")
def base(delivery: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store that holds the first file and one answer."""
    store = tmp_path_factory.mktemp("base") / "store"
    with gateway(store) as server:
        server.load([delivery / "one.jsonl"], delivery / "profile.yml")
        server.asker().table("count", schema="Person")
    return store


@pytest.mark.case("F1")
@pytest.mark.case("F16")
@pytest.mark.parametrize(("point", "number"), CASES, ids=lambda value: str(value))
def test_killed_at_a_point(base: Path, delivery: Path, tmp_path: Path, point: str, number: int) -> None:
    """Killed there, the store opens, a file is whole or absent, the chain verifies, nothing acknowledged is lost."""
    store = Path(shutil.copytree(base, tmp_path / "store"))
    answered, loaded = work_until_death(store, delivery, point, number)
    check_audit(store, answered=answered, loaded=loaded)
    check_store(store, originals(delivery))
    with gateway(store) as server:
        events = server.load([delivery / "two.jsonl"], delivery / "profile.yml")
        assert events[0]["new"] in (0, RECORDS)
        assert server.asker().table("count", schema="Person")["count"].to_pylist() == [2 * RECORDS]
    check_store(store, originals(delivery))
    assert not list((store / "staging").iterdir())
    assert not list(store.rglob(".part-*"))


@pytest.mark.parametrize(("point", "number"), [("before a file is replaced", n) for n in (1, 2, 3)] + [
    ("before a folder is flushed", 1), ("before a folder is flushed", 3), ("after the database is opened", 1)],
    ids=lambda value: str(value))  # fmt: skip
def test_killed_while_a_store_is_made(delivery: Path, tmp_path: Path, point: str, number: int) -> None:
    """A store half made is made by the next start; nothing need be removed by hand."""
    store = tmp_path / "store"
    with pytest.raises(NotReadyError), gateway(store, command=("-W", "error", DYING, point, str(number))):
        pass
    with gateway(store) as server:
        assert server.load([delivery / "one.jsonl"], delivery / "profile.yml")[0]["new"] == RECORDS


def work_until_death(
    store: Path, delivery: Path, point: str, number: int
) -> tuple[list[int], list[dict[str, object]]]:
    """Ask, load, ask again, until the gateway is gone; return what it acknowledged."""
    answered: list[int] = []
    loaded: list[dict[str, object]] = []
    command = ("-W", "error", DYING, point, str(number))
    with contextlib.suppress(NotReadyError, httpx.TransportError), gateway(store, command=command) as server:
        token = server.session()
        answered.extend(ask_and_load(server, token, delivery, loaded))
        pytest.fail(f"{point} was never reached {number} times")
    return answered, loaded


def ask_and_load(
    server: Server, token: str, delivery: Path, loaded: list[dict[str, object]]
) -> Iterator[int]:
    """Yield the number of the audit entry of each answer received."""
    for paths in ([], ["two.jsonl"], ["one.jsonl"], []):
        for event in (
            server.loading([delivery / path for path in paths], delivery / "profile.yml") if paths else ()
        ):
            loaded.extend([event] if event["event"] == "loaded" else [])
        answer = server.post("find", {"schema": "Person"}, token)
        assert answer.status_code == httpx.codes.OK
        yield int(answer.headers["Insight-Entry"])


def originals(delivery: Path) -> dict[str, int]:
    """Return what each file holds, by the hash of its bytes."""
    files = sorted(delivery.glob("*.jsonl"))
    return {hashlib.sha256(file.read_bytes()).hexdigest(): RECORDS for file in files}


def test_the_dying_gateway_is_the_gateway(tmp_path: Path) -> None:
    """With a point it never reaches it serves as the plain one does: the tests above test the real thing."""
    with gateway(tmp_path / "store", command=(DYING, "before a commit", "1000")) as server:
        assert server.asker().table("count", schema="Thing")["count"].to_pylist() == [0]
    assert subprocess.run([sys.executable, DYING], capture_output=True, check=False).returncode != 0

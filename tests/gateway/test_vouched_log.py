"""Witnesses as real processes: they are shown all checkpoints, and without them, or against them, nothing is served."""

import json
import shutil
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
import yaml

from insight_kernel.audit.chain import entries
from insight_kernel.audit.verify import verify
from insight_kernel.audit.witnesses import CONFIGURED, witness_faults
from insight_kernel.audit.witnessing import MOST_ALONE
from tests.build import entity, profile, write_lines, write_yaml
from tests.servers import NotReadyError, Server, gateway, until
from tests.witnesses import configure, witness


def named(keys: dict[Path, str]) -> dict[str, str]:
    """Return the keys by the addresses of sockets in these folders."""
    return {f"unix:{path}/socket": key for path, key in keys.items()}


def checkpoint(server: Server) -> int:
    return int(server.operate("/audit/export", {}).json()["entries"])


def seen(folder: Path) -> int:
    """Return up to which entry a witness has countersigned."""
    path = folder / "witness.jsonl"
    lines = path.read_bytes().splitlines() if path.exists() else []
    return max((json.loads(line)["checkpoint"]["count"] for line in lines), default=0)


def status(server: Server, token: str) -> int:
    return server.post("count", {"schema": "Company"}, token).status_code


@pytest.mark.case("A66")
@pytest.mark.case("F4")
@pytest.mark.case("F23")
def test_witnesses_are_shown_every_checkpoint_and_missed_when_they_are_away(tmp_path: Path) -> None:
    """One store through its life: alone, with two witnesses, with one too few, and put back to an older state."""
    store, north, south = tmp_path / "store", tmp_path / "n", tmp_path / "s"
    with ExitStack() as there:
        keys = {north: there.enter_context(witness(north))}
        with gateway(store) as server:
            lines = write_lines(tmp_path / "a.jsonl", [entity("a", "Company", name="A")])
            server.load([lines], write_yaml(tmp_path / "a.yml", profile()))
            [alone] = server.operate("/health", {}).json()["audit"]
            assert alone.startswith("nobody outside holds a copy")
        with witness(south) as key:
            keys[south] = key
            configure(store, named(keys))
            with gateway(store) as server:
                assert server.operate("/health", {}).json()["audit"] == []
                count = checkpoint(server)
                until(lambda: min(seen(north), seen(south)) >= count)
                old = Path(shutil.copytree(store / "audit", tmp_path / "old"))
        with gateway(store) as server:
            token = server.session()
            for number in range(MOST_ALONE):
                assert status(server, token) == httpx.codes.OK, number
                checkpoint(server)
            assert status(server, token) == httpx.codes.SERVICE_UNAVAILABLE
            assert server.operate("/load", {}).status_code == httpx.codes.SERVICE_UNAVAILABLE
            assert "have no two witnesses" in server.operate("/health", {}).json()["audit"][-1]
            [away] = [e for e in entries(store / "audit" / "log.jsonl") if e.get("reason") == "witness-away"]
            assert (away["weight"], away["origin"]) == ("alarm", "w1")
        with gateway(store) as server:  # a restart makes nothing good
            token = server.session() if server.operate("/health", {}).json()["audit"] == [] else ""
            assert token == ""
            with witness(south):
                until(lambda: server.operate("/health", {}).json()["audit"] == [])
                assert status(server, server.session()) == httpx.codes.OK
        found = verify(store / "audit", [north / "witness.jsonl", south / "witness.jsonl"])
        assert (found.fault, found.unvouched) == (None, 0)
        shutil.rmtree(store / "audit")
        shutil.copytree(old, store / "audit")
        assert verify(store / "audit").fault is None
        refused(store, "and the witness w0 counts")


def refused(store: Path, why: str) -> None:
    """The gateway does not start, and names the last good checkpoint."""
    with pytest.raises(NotReadyError) as said, gateway(store):
        pass
    assert why in said.value.said
    assert "the last good checkpoint is that of" in said.value.said
    assert said.value.log == ""


KEY = "0a" * 32
ONE = f"{{name: n, address: 'unix:/a', key: '{KEY}'}}"


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (None, "nobody outside holds a copy"),
        ({"log": "x", "witnesses": []}, "nobody outside holds a copy"),
        ({"log": "x", "witnesses": [{"name": "n", "address": "unix:/a", "key": KEY}]}, "1 witness of the audit log"),
        ({"log": "x", "witnesses": [{"name": n, "address": "unix:/a", "key": n * 64} for n in "ab"]}, None),
    ],
)  # fmt: skip
def test_what_is_missing_outside_is_said(tmp_path: Path, content: object, fault: str | None) -> None:
    """None, or fewer than two witnesses; nothing is missing with two."""
    if content is not None:
        (tmp_path / CONFIGURED).write_text(yaml.safe_dump(content))
    found = witness_faults(tmp_path)
    assert [text[: len(fault or "")] for text in found] == [fault or ""] * len(found)
    assert bool(found) is (fault is not None)


@pytest.mark.parametrize(
    "content",
    ["[", "log: x", "log: x\nwitnesses: [{name: n}]", f"log: x\nwitnesses: [{ONE.replace('unix:', 'ftp:')}]",
     f"log: x\nwitnesses: [{ONE.replace(KEY, 'zz')}]", f"log: x\nwitnesses: [{ONE}, {ONE}]"],
)  # fmt: skip
def test_a_faulty_list_of_witnesses_is_refused(tmp_path: Path, content: str) -> None:
    """Nothing is guessed: no witness that is meant is left out."""
    from insight_kernel.errors import BadInput

    (tmp_path / CONFIGURED).write_text(content)
    with pytest.raises(BadInput, match=r"witnesses\.yml"):
        witness_faults(tmp_path)

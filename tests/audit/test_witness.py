"""A witness keeps what it was shown, and countersigns only what can follow it."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from insight_kernel.audit.checkpoint import made
from insight_kernel.audit.keys import (
    PublicKey,
    SigningKey,
    key_name,
    public_of,
    read_keys,
    signed,
    trusted,
)
from insight_kernel.audit.witness import Witness
from insight_kernel.audit.witness_server import WitnessApp, listening
from insight_kernel.errors import BadInput
from tests.audit.logs import DAY, HEAD, edited, shown


@pytest.mark.case("A66")
@pytest.mark.parametrize(
    ("count", "head", "refused"),
    [(9, HEAD, ""), (10, "cd" * 32, ""), (9, "cd" * 32, "another log of the same length"), (8, HEAD, "a longer log")],
)  # fmt: skip
def test_a_witness_countersigns_only_what_can_follow(
    tmp_path: Path, count: int, head: str, refused: str
) -> None:
    """Longer, or the same again; what contradicts it is kept as evidence, also over a restart, and changes nothing."""
    witness = Witness(tmp_path / "w")
    first = witness.show(shown(tmp_path, 9))
    witness = Witness(tmp_path / "w")
    seen = witness.show(shown(tmp_path, count, head))
    assert seen.refused.startswith(refused)
    assert bool(seen.refused) is bool(refused)
    assert seen.is_good()
    last = Witness(tmp_path / "w").last(first.checkpoint.log)
    assert last == (first if refused else seen)


@pytest.mark.parametrize(
    "change", [{"count": 99}, {"head": "00"}, {"log": "other"}, {"signature": "00"}, {"key": "0"}]
)
def test_what_its_log_did_not_sign_is_not_even_kept(tmp_path: Path, change: dict[str, Any]) -> None:
    """A stranger cannot fill a witness, nor make it countersign."""
    witness = Witness(tmp_path / "w")
    with pytest.raises(BadInput):
        witness.show(shown(tmp_path, 9, change=change))
    assert not (tmp_path / "w" / "witness.jsonl").exists()


@pytest.mark.case("A66")
def test_a_log_is_known_by_its_first_key(tmp_path: Path) -> None:
    """Somebody whose own key says, duly signed, that it is the first of a log that was seen before is refused."""
    witness = Witness(tmp_path / "w")
    mine = witness.show(shown(tmp_path, 9))
    forged = SigningKey(mine.checkpoint.log, "", Ed25519PrivateKey.generate())
    public = public_of(forged.private)
    forged = replace(forged, name=key_name(public))
    said = PublicKey(forged.log, public, DAY.isoformat(), forged.name).said()
    checkpoint = made(forged, 10, HEAD)
    assert not checkpoint.fault(trusted(read_keys([signed(forged.private, said)])))
    with pytest.raises(BadInput, match="known here by another first key"):
        witness.show({"checkpoint": checkpoint.as_dict(), "keys": [signed(forged.private, said)]})
    assert witness.last(forged.log) == mine


@pytest.mark.parametrize(
    "change", [lambda line: line.replace(b'"count":9', b'"count":8'), lambda _: b"7\n", lambda _: b"x\n",
               lambda line: edited(line, root=None), lambda line: edited(line, checkpoint={})],
    ids=["a number", "no object", "no JSON", "no key", "no checkpoint"],
)  # fmt: skip
def test_a_witness_does_not_start_on_a_changed_file(tmp_path: Path, change: Callable[[bytes], bytes]) -> None:
    """What it wrote itself carries its own signature."""
    Witness(tmp_path / "w").show(shown(tmp_path, 9))
    path = tmp_path / "w" / "witness.jsonl"
    path.write_bytes(change(path.read_bytes()))
    with pytest.raises(BadInput, match="line 1 is not its own"):
        Witness(tmp_path / "w")


def test_a_witness_does_not_start_on_a_key_that_was_cut(tmp_path: Path) -> None:
    """A new one would be another witness, whom no store knows."""
    Witness(tmp_path / "w")
    (tmp_path / "w" / "key").write_bytes(b"x" * 31)
    with pytest.raises(BadInput, match="it is not its key, whole"):
        Witness(tmp_path / "w")


def asked(app: WitnessApp, method: str, path: str = "/", body: bytes = b"") -> int:
    """Return the status of a request."""
    sent: list[Any] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    asyncio.run(app({"type": "http", "method": method, "path": path}, receive, send))
    return int(sent[0]["status"])


def test_what_a_witness_answers(tmp_path: Path) -> None:
    """Countersigned, contradicted, known, unknown, not signed, no JSON, too long."""
    app, good = WitnessApp(Witness(tmp_path / "w")), shown(tmp_path, 9)
    log = good["checkpoint"]["log"]
    assert asked(app, "GET", f"/{log}") == 404
    assert asked(app, "POST", body=json.dumps(good).encode()) == 200
    assert asked(app, "POST", body=json.dumps(shown(tmp_path, 3)).encode()) == 409
    assert asked(app, "GET", f"/{log}") == 200
    for wrong in (
        b"",
        b"[]",
        b"{",
        b"[" * 90_000,
        b'{"checkpoint": {}, "keys": []}',
        b'{"checkpoint": 7, "keys": 7}',
        json.dumps({**good, "keys": 7}).encode(),
        json.dumps({**good, "keys": [{**good["keys"][0], "public": "zz"}]}).encode(),
    ):
        assert asked(app, "POST", body=wrong) == 403
    assert asked(app, "POST", body=b"x" * 100_001) == 413
    with pytest.raises(BadInput):
        listening("ftp://there")

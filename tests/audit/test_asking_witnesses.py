"""What a store makes of its witnesses' answers: nonsense is no answer, and a refusal is an alarm."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest

from insight_kernel.audit.checkpoint import FILE as CHECKPOINTS
from insight_kernel.audit.checkpoint import Checkpoint, append_line, made
from insight_kernel.audit.keys import signing_key
from insight_kernel.audit.witness import Witness, read_witness_file
from insight_kernel.audit.witnesses import CONFIGURED, Address, seen_outside, witness_faults
from insight_kernel.audit.witnessing import MOST_ALONE, RECEIVED, Witnesses
from insight_kernel.errors import Unavailable
from tests.audit.logs import DAY, HEAD, shown
from tests.servers import until
from tests.witnesses import configure

Answer = tuple[int, bytes]


@contextmanager
def answering(answer: Callable[[str, bytes], Answer]) -> Iterator[str]:
    """Serve whatever a witness, or what stands in its place, answers to a path and a body; give its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(b"")

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["content-length"])))

        def _answer(self, body: bytes) -> None:
            status, said = answer(self.path, body)
            self.send_response(status)
            self.send_header("content-length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        serving = Thread(target=server.serve_forever, args=(0.02,))
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            serving.join()


def countersigning(witness: Witness) -> Callable[[str, bytes], Answer]:
    """Answer as the witness does."""

    def answer(_: str, body: bytes) -> Answer:
        seen = witness.show(json.loads(body))
        return 409 if seen.refused else 200, json.dumps(seen.as_dict()).encode()

    return answer


def checkpoint(store: Path, count: int) -> Checkpoint:
    return made(signing_key(store / "keys", store / "audit", DAY), count, HEAD)


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What another witness duly countersigned of another log."""
    folder = tmp_path_factory.mktemp("stranger")
    return Witness(folder / "w").show(shown(folder, 7)).as_dict()


@pytest.mark.case("A66")
@pytest.mark.parametrize(
    "answer",
    [(200, b""), (200, b"<html>"), (200, b"[]"), (200, b"\xff"), (200, b'{"checkpoint": {}}'), (500, b"{}"),
     (404, b"{}"), (302, b"")],
    ids=str,
)  # fmt: skip
def test_nonsense_is_no_answer(tmp_path: Path, answer: Answer) -> None:
    """Whatever stands at a witness's address: the gateway neither fails nor takes it for a countersignature."""
    with answering(lambda *_: answer) as address:
        asked = Address("w", address, "00" * 32)
        assert asked.last("log") is None
        assert asked.show(checkpoint(tmp_path, 3), []) is None


@pytest.mark.case("A66")
@pytest.mark.parametrize("change", [{}, {"time": "later"}, {"signature": "zz"}], ids=str)
def test_only_the_witness_that_is_named_is_believed(stranger: dict[str, Any], change: dict[str, Any]) -> None:
    """Not another in its place, though its signature is good, and not a line that was changed on its way."""
    said = json.dumps({**stranger, **change}).encode()
    with answering(lambda *_: (200, said)) as address:
        assert Address("w", address, "00" * 32).last("log") is None
        found = Address("w", address, stranger["public"]).last("log")
    assert (found is not None) is (not change)


def test_nobody_at_an_address_is_no_answer() -> None:
    """Neither a port where nobody listens nor one that hangs up is a fault of the gateway's."""
    with answering(lambda *_: (200, b"")) as address:
        pass
    assert Address("w", address, "00" * 32).last("log") is None


@pytest.mark.case("A66")
def test_a_log_put_in_anothers_place_is_not_opened(tmp_path: Path) -> None:
    """With keys of its own it is in order by itself; the administrator's list of witnesses names the true one."""
    checkpoint(tmp_path, 3)
    configure(tmp_path, {"unix:/nowhere": "0a" * 32, "unix:/nowhere/else": "0b" * 32})
    assert (witness_faults(tmp_path), seen_outside(tmp_path)) == ([], {})
    path = tmp_path / CONFIGURED
    path.write_text(path.read_text().replace("log: ", "log: an"))
    [fault] = witness_faults(tmp_path)
    assert fault.startswith("witnesses.yml names another log than keys.json: anlog-")
    with pytest.raises(Unavailable, match=r"witnesses\.yml is for another one\. Restore log and keys"):
        seen_outside(tmp_path)


@pytest.mark.case("A66")
@pytest.mark.case("F23")
def test_a_refusal_is_an_alarm_and_vouches_for_nothing(tmp_path: Path) -> None:
    """A witness that saw a longer log says so; its answer is kept, and the checkpoint still counts as alone."""
    witness, told = Witness(tmp_path / "w"), list[tuple[str, str]]()
    witness.show(shown(tmp_path, 99))
    with answering(countersigning(witness)) as address:
        configure(tmp_path, {address: witness.public})
        witnesses = Witnesses(tmp_path, lambda *each: told.append(each))
        for count in range(1, MOST_ALONE + 1):
            witnesses.send(checkpoint(tmp_path, count))
        until(lambda: told)
        assert told == [("witness-refuses", "w0")]
        with pytest.raises(Unavailable, match="have no two witnesses"):
            witnesses.check()
        witnesses.close()
    lines = [seen for _, seen in read_witness_file(tmp_path / "audit" / RECEIVED)]
    assert {seen.refused for seen in lines if seen} == {"a longer log was shown before"}


def test_a_checkpoint_made_while_a_witness_answers_is_shown_next(tmp_path: Path) -> None:
    """It does not wait for another one to wake the sender, nor is it taken for shown."""
    witness, counts, both = Witness(tmp_path / "w"), list[int](), Event()
    plain = countersigning(witness)

    def answer(path: str, body: bytes) -> Answer:
        counts.append(json.loads(body)["checkpoint"]["count"])
        if len(counts) == 1:
            witnesses.send(checkpoint(tmp_path, 2))
        else:
            both.set()
        return plain(path, body)

    with answering(answer) as address:
        checkpoint(tmp_path, 1)
        configure(tmp_path, {address: witness.public})
        witnesses = Witnesses(tmp_path, lambda *_: None)
        witnesses.send(checkpoint(tmp_path, 1))
        assert both.wait(30)
        witnesses.close()
    assert counts == [1, 2]
    assert [
        seen.checkpoint.count for _, seen in read_witness_file(tmp_path / "audit" / RECEIVED) if seen
    ] == [1, 2]


def test_a_checkpoint_that_was_never_shown_is_shown_after_a_restart(tmp_path: Path) -> None:
    """What one gateway could not show, the next one does, without waiting for a new entry."""
    witness = Witness(tmp_path / "w")
    for count in (1, 2):
        append_line(tmp_path / "audit" / CHECKPOINTS, checkpoint(tmp_path, count).as_dict())
    with answering(countersigning(witness)) as address:
        configure(tmp_path, {address: witness.public})
        Witnesses(tmp_path, lambda *_: None).close()
    assert [
        seen.checkpoint.count for _, seen in read_witness_file(tmp_path / "w" / "witness.jsonl") if seen
    ] == [2]

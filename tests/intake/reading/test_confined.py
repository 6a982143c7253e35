"""A reader that a file has taken over can compute and answer: whatever else it tries fails, and would not elsewhere."""

import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from insight_kernel.intake.reading.apart import read, read_all
from insight_kernel.intake.reading.carried import packed, unpacked
from insight_kernel.intake.reading.document import Document
from insight_kernel.intake.reading.forked import Parent, wait
from tests.intake.reading.hostile import ATTEMPTS
from tests.real import real_data

LIMITS = {"seconds": 20, "memory": 2**31, "size": 2**20, "result": 2**20}
REFUSED = "refused: Operation not permitted"
TRACEABLE = """
import ctypes, time
ctypes.CDLL(None).prctl(0x59616D61, ctypes.c_ulong(-1))  # where only parents may look, let everybody
print(flush=True)
time.sleep(60)
"""
TRIED = sorted({*ATTEMPTS} - {"environment", "descriptors"})


@pytest.fixture(scope="module")
def hostile() -> Iterator[Parent]:
    """The warm process, with another task in the place of the reader's."""
    os.environ["INSIGHT_SECRET"] = "x"
    parent = Parent("tests.intake.reading.hostile")
    yield parent
    parent.close()
    del os.environ["INSIGHT_SECRET"]


@pytest.fixture
def aim(tmp_path: Path) -> Iterator[Path]:
    """What there is to be had: a store, a gateway that listens, a process of the same user; told in a file."""
    store, told = tmp_path / "store", tmp_path / "aim"
    store.write_text("done")
    with (
        tempfile.TemporaryDirectory(prefix="in-", dir="/tmp") as short,
        socket.create_server(("127.0.0.1", 0)) as listening,
        socket.socket(socket.AF_UNIX) as gateway,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as letterbox,
        subprocess.Popen([sys.executable, "-c", TRACEABLE], stdout=subprocess.PIPE) as victim,
    ):
        gateway.bind(f"{short}/gateway")
        gateway.listen()
        letterbox.bind(f"{short}/letterbox")
        assert victim.stdout is not None
        victim.stdout.readline()
        first = Path(f"/proc/{victim.pid}/maps").read_text().partition("-")[0]
        aims = {"store": str(store), "port": listening.getsockname()[1], "socket": f"{short}/gateway",
                "letterbox": f"{short}/letterbox", "victim": victim.pid, "address": int(first, 16)}  # fmt: skip
        told.write_text(json.dumps(aims))
        yield told
        victim.kill()


def confined(parent: Parent, attempt: str, aim: Path) -> str:
    """Make an attempt in the place of a reader; return what came of it."""
    with aim.open("rb") as given:
        process = parent.fork({"name": attempt, "limits": LIMITS}, given, 20.0)
    try:
        wait([process])
        return unpacked(process.answer()).content.text
    finally:
        process.close()


@pytest.mark.case("A56")
@pytest.mark.parametrize("attempt", TRIED)
def test_whatever_is_tried_is_refused(attempt: str, hostile: Parent, aim: Path) -> None:
    """By the kernel; the same attempt succeeds in a process that is not confined."""
    assert confined(hostile, attempt, aim) == REFUSED
    assert not aim.with_name("written").exists()
    command = [sys.executable, "-m", "tests.intake.reading.hostile", attempt, str(aim)]
    assert subprocess.run(command, capture_output=True, text=True).stdout.strip() in {"done", "store", "aim"}


def test_nothing_is_handed_on(hostile: Parent, aim: Path) -> None:
    """No word of the environment but where modules are, no open file but the three of every process and the answer."""
    assert json.loads(confined(hostile, "environment", aim)) == [
        "LC_CTYPE",
        "OPENBLAS_NUM_THREADS",
        "PYTHONPATH",
        "RAYON_NUM_THREADS",
        "TOKIO_WORKER_THREADS",
    ]
    assert confined(hostile, "descriptors", aim) == "4"


@pytest.mark.case("A56")
def test_where_nothing_can_be_confined_nothing_is_read(tmp_path: Path) -> None:
    """On a machine whose calls nobody wrote down; there is no reading without the filter."""
    path = tmp_path / "a.txt"
    path.write_text("one")
    parent = Parent("tests.intake.reading.elsewhere")
    try:
        [found] = read_all([path], parent=parent)
    finally:
        parent.close()
    assert (found.error, found.content.text) == ("cannot be confined here, and so is not read", "")


@pytest.mark.case("A56")
def test_a_reader_that_writes_anything_else_has_read_nothing() -> None:
    """Its answer is read as text with a fixed form; another form is an end without an answer."""
    for said in (b"", b"{", b"[]", b'{"name": 1}', b"[" * 100_000, packed(Document("a", "text", ""))[:-1]):
        with pytest.raises(ValueError, match="is no document"):
            unpacked(said)


@pytest.mark.real
def test_nothing_is_wanted_that_a_reader_may_not_have() -> None:
    """What is imported or opened late would be missing without a word: a module, an encoding, a time zone."""
    folders = ("files-aleph", "email-cpython", "image-hash-pdq")
    paths = sorted(path for name in folders for path in real_data(name).rglob("*") if path.is_file())
    parent = Parent("tests.intake.reading.noted")
    try:
        found = {document.name: document.content.text for document in read_all(paths, parent=parent)}
    finally:
        parent.close()
    assert {name: text for name, text in found.items() if text} == {}
    assert len(found) == len(paths) > 50


@pytest.mark.parametrize("name", ["cp1256", "gb18030", "koi8_r", "shift_jis", "iso8859_6", "big5"])
def test_every_encoding_is_at_hand(name: str, tmp_path: Path) -> None:
    """Also one that the process it was forked from never used."""
    path = tmp_path / "a.html"
    path.write_bytes(
        f'<meta charset="{name}"><p>'.encode() + "\u0661 \u4e2d \u0416 \u0628".encode(name, "ignore")
    )
    assert read(path).content.metadata["encoding"] == name

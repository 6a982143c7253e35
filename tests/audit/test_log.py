"""The audit log: whatever is done to its bytes shows, and nobody is answered before his entry is on the disk."""

import json
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from insight_kernel import files
from insight_kernel.audit.chain import entries, read_chain
from insight_kernel.audit.log import AuditLog
from insight_kernel.audit.sealing import Private
from insight_kernel.errors import Unavailable

Lines = list[bytes]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A closed log of six entries."""
    path = tmp_path / "log.jsonl"
    written = AuditLog(path)
    for number in range(6):
        written.append({"operation": "search", "user": f"u{number}", "rows": number})
    written.close()
    return path


def edited(line: bytes, **change: Any) -> bytes:
    entry = {**json.loads(line), **change}
    return json.dumps(entry, sort_keys=True, separators=(",", ":")).encode() + b"\n"


SPOILT: dict[str, tuple[Callable[[Lines], Lines], str]] = {
    "a value edited": (lambda n: [*n[:2], edited(n[2], rows=7), *n[3:]], "entry 4 does not follow entry 3"),
    "a user edited in the first": (lambda n: [edited(n[0], user="x"), *n[1:]], "entry 2 does not follow entry 1"),
    "one byte in the middle": (lambda n: [*n[:2], n[2].replace(b"u2", b"u9"), *n[3:]], "entry 4 does not follow"),
    "a line deleted": (lambda n: [*n[:2], *n[3:]], "line 3 has number 4"),
    "the first deleted": (lambda n: n[1:], "line 1 has number 2"),
    "two lines exchanged": (lambda n: [*n[:2], n[3], n[2], *n[4:]], "line 3 has number 4"),
    "a line repeated": (lambda n: [*n[:3], n[2], *n[3:]], "line 4 has number 3"),
    "a line deleted, the rest renumbered": (
        lambda n: [*n[:2], *(edited(line, n=at) for at, line in enumerate(n[3:], 3))], "entry 3 does not follow"),
    "a line put in": (lambda n: [*n[:2], edited(n[1], n=3), *n[2:]], "entry 3 does not follow"),
    "a line that is no entry": (lambda n: [*n[:2], b"{}\n", *n[3:]], "line 3 has number None"),
    "a line that is no object": (lambda n: [*n[:2], b"7\n", *n[3:]], "line 3 is not an entry"),
    "a line that is no JSON": (lambda n: [*n[:2], b"\x00" * 90 + b"\n", *n[3:]], "line 3 is not an entry"),
    "an empty line": (lambda n: [*n[:2], b"\n", *n[2:]], "line 3 is not an entry"),
    "spaces added": (lambda n: [*n[:2], n[2].replace(b",", b", "), *n[3:]], "entry 4 does not follow"),
}  # fmt: skip


@pytest.mark.case("A66")
@pytest.mark.parametrize("name", SPOILT)
def test_what_was_done_to_a_log_is_found_at_its_place(log: Path, name: str) -> None:
    """Edited, deleted, exchanged, repeated or put in: the first bad entry is named, and nothing is served."""
    spoil, fault = SPOILT[name]
    log.write_bytes(b"".join(spoil(log.read_bytes().splitlines(keepends=True))))
    found = read_chain(log)
    assert found.fault is not None
    assert found.fault.startswith(fault)
    with pytest.raises(Unavailable, match="the chain is broken"):
        AuditLog(log)


@pytest.mark.case("F3")
@pytest.mark.parametrize("torn", [1, 20, -1], ids=["one byte", "twenty bytes", "all but its end"])
def test_a_torn_last_line_is_cut_and_the_cut_is_an_entry(log: Path, torn: int) -> None:
    """What was never acknowledged is removed; that it was is written down; the chain goes on."""
    whole = log.read_bytes()
    last = whole.splitlines(keepends=True)[-1][:torn]
    log.write_bytes(whole + last)
    assert (read_chain(log).fault, read_chain(log).torn) == (None, len(last))
    assert len(list(entries(log))) == 6
    again = AuditLog(log)
    assert again.append({"operation": "search"}) == 8
    again.close()
    assert read_chain(log).fault is None
    cut = list(entries(log))[6]
    assert (cut["operation"], cut["bytes"]) == ("cut", len(last))


@pytest.mark.case("A67")
@pytest.mark.parametrize(
    "text",
    ["a\nb", "a\r\nb", "\x1b[31mred", "\u2028", "\x00", '"},{"n":9', "\ud800", "\x85", "\u202e"],
    ids=ascii,
)
def test_a_value_can_neither_break_nor_colour_a_line(tmp_path: Path, text: str) -> None:
    """Control characters, line ends of any script and quotes are stored escaped: one entry stays one line."""
    log = AuditLog(tmp_path / "log.jsonl")
    log.append({"user": text, text: "key"})
    log.append({"user": "next"})
    log.close()
    raw = (tmp_path / "log.jsonl").read_bytes()
    assert len(raw.splitlines()) == 2
    assert all(32 <= byte < 127 for line in raw.split(b"\n") for byte in line)
    assert next(entries(tmp_path / "log.jsonl"))["user"] == text
    assert read_chain(tmp_path / "log.jsonl").fault is None


@pytest.mark.case("F2")
def test_many_writers_share_a_flush_and_none_is_lost(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each writer gets the number of his own entry; the chain is whole; there are fewer flushes than entries."""
    flushes: list[int] = []
    plain = files.flush
    monkeypatch.setattr(files, "flush", lambda descriptor: (flushes.append(descriptor), plain(descriptor)))
    log = AuditLog(tmp_path / "log.jsonl")
    with ThreadPoolExecutor(16) as pool:
        numbers = list(pool.map(lambda n: (n, log.append({"user": f"u{n}"})), range(800)))
    log.close()
    path = tmp_path / "log.jsonl"
    assert {entry["n"]: entry["user"] for entry in entries(path)} == {
        number: f"u{n}" for n, number in numbers
    }
    assert read_chain(path).fault is None
    assert len(flushes) < 800


def test_an_entry_is_on_the_disk_before_its_number_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written, then flushed, then acknowledged."""
    happened: list[str] = []
    for name in ("write_all", "flush"):
        plain = getattr(files, name)
        monkeypatch.setattr(
            files, name, lambda *given, _plain=plain, _name=name: (_plain(*given), happened.append(_name))
        )
    log = AuditLog(tmp_path / "log.jsonl")
    log.append({"operation": "search"})
    assert happened == ["write_all", "flush"]
    log.close()


def test_what_cannot_be_written_as_an_entry_fails_alone(tmp_path: Path) -> None:
    """A value that is no JSON fails the request that brought it; others are logged as before."""
    log = AuditLog(tmp_path / "log.jsonl")
    with ThreadPoolExecutor(1) as pool:
        for bad in (object(), {1, 2}):
            with pytest.raises(Unavailable):
                pool.submit(log.append, {"user": bad}).result(timeout=10)
        assert pool.submit(log.append, {"user": "ana"}).result(timeout=10) == 1
    log.close()
    assert read_chain(tmp_path / "log.jsonl").number == 1


@pytest.mark.case("F7")
def test_a_failed_flush_is_final(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second flush may succeed without having written: after one failure nothing is answered until a restart."""
    log = AuditLog(tmp_path / "log.jsonl")
    log.append({"operation": "search"})
    plain = files.flush

    def fail(_: int) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(files, "flush", fail)
    with pytest.raises(Unavailable):
        log.append({"operation": "search"})
    monkeypatch.setattr(files, "flush", plain)
    with pytest.raises(Unavailable):
        log.append({"operation": "search"})
    log.close()
    assert read_chain(tmp_path / "log.jsonl").fault is None


@pytest.mark.case("F5")
@pytest.mark.case("F6")
@pytest.mark.parametrize("taken", [0, 1, 3, 50])
def test_a_full_disk_leaves_no_part_of_an_entry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taken: int
) -> None:
    """A part accepted without an error is taken back; when there is space again, the log goes on by itself."""
    log = AuditLog(path := tmp_path / "log.jsonl")
    log.append({"operation": "search"})
    size, plain = path.stat().st_size, os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: plain(descriptor, data[:taken]))
    with pytest.raises(Unavailable, match="could not be written"):
        log.append({"operation": "search"})
    assert path.stat().st_size == size
    monkeypatch.setattr(os, "write", plain)
    assert log.append({"operation": "search"}) == 2
    log.close()
    assert (read_chain(path).fault, read_chain(path).number) == (None, 2)


@pytest.mark.case("F6")
def test_a_part_that_cannot_be_removed_ends_the_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that takes half an entry and will not give it back: nothing more is answered until a restart cuts it."""
    log, path = AuditLog(tmp_path / "log.jsonl"), tmp_path / "log.jsonl"
    log.append({"operation": "search"})

    def fail(*_: int) -> None:
        raise OSError(5, "Input/output error")

    plain = os.write
    with monkeypatch.context() as broken:
        broken.setattr(os, "write", lambda descriptor, data: plain(descriptor, data[:20]))
        broken.setattr(os, "ftruncate", fail)
        with pytest.raises(Unavailable, match="short write"):
            log.append({"operation": "search"})
    with pytest.raises(Unavailable, match="a partial entry could not be removed"):
        log.append({"operation": "search"})
    log.close()
    again = AuditLog(path)
    again.close()
    assert [entry["operation"] for entry in entries(path)] == ["search", "cut"]
    assert read_chain(path).fault is None


@pytest.mark.case("L19")
def test_words_that_cannot_be_sealed_are_not_written(tmp_path: Path) -> None:
    """Where their key cannot be kept, the request fails: they never stand in clear, nor with a key that is lost."""
    (tmp_path / "keys").write_text("a file where the folder of the keys should be")
    log = AuditLog(tmp_path / "log.jsonl")
    with pytest.raises(Unavailable, match="the key of its words in the log could not be kept"):
        log.append({"operation": "consent", "owner": "FR", "reason": Private("Jean was seen")})
    assert log.append({"operation": "search", "owner": "FR"}) == 1
    log.close()
    assert [entry["operation"] for entry in entries(tmp_path / "log.jsonl")] == ["search"]


def test_a_log_that_is_not_there_is_empty(tmp_path: Path) -> None:
    """Its first entry has number 1 and follows nothing."""
    assert read_chain(tmp_path / "none").number == 0
    assert list(entries(tmp_path / "none")) == []
    log = AuditLog(tmp_path / "new" / "log.jsonl")
    assert log.append({"operation": "search"}) == 1
    log.close()
    assert next(entries(tmp_path / "new" / "log.jsonl"))["previous"] == "0" * 64
    assert (tmp_path / "new" / "log.jsonl").stat().st_mode & 0o077 == 0

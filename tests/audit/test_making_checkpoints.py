"""Checkpoints while the log is written: made by themselves, and none is lost when one cannot be written."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event

import pytest

from insight_kernel.audit.checkpoint import FILE, Checkpoint, read_lines
from insight_kernel.audit.checkpoints import Checkpoints
from insight_kernel.audit.keys import signing_key
from insight_kernel.audit.log import AuditLog
from insight_kernel.audit.verify import verify
from tests.audit.logs import DAY

NEVER = 3600.0


@contextmanager
def written(
    folder: Path, sent: Callable[[Checkpoint], None], every: int = 10
) -> Iterator[tuple[AuditLog, Checkpoints]]:
    """Open a log with its checkpoints, and close both."""
    log = AuditLog(folder / "log.jsonl")
    key = signing_key(folder / "keys", folder, DAY)
    checkpoints = Checkpoints(log, key, folder, sent, every=every, seconds=NEVER)
    try:
        yield log, checkpoints
    finally:
        log.close()
        checkpoints.close()


def counts(folder: Path) -> list[int | str]:
    return [each if isinstance(each, str) else each.count for _, each in read_lines(folder / FILE)]


def test_after_so_many_entries_a_checkpoint_comes_by_itself(tmp_path: Path) -> None:
    """Nobody asks for it, and it is on the disk before it is sent."""
    there, kept = Event(), list[list[int | str]]()

    def sent(_: Checkpoint) -> None:
        kept.append(counts(tmp_path))
        there.set()

    with written(tmp_path, sent, every=3) as (log, checkpoints):
        for _ in range(2):
            log.append({"operation": "search"})
        assert checkpoints.last is None
        log.append({"operation": "search"})
        assert there.wait(30)
        assert kept == [[3]]
    assert counts(tmp_path) == [3]


@pytest.mark.case("F5")
def test_a_checkpoint_that_cannot_be_written_is_made_later(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """People are answered meanwhile, the administrator is warned, nothing is sent; the next one counts all entries."""
    sent: list[int] = []
    with written(tmp_path, lambda each: sent.append(each.count)) as (log, _):
        log.append({"operation": "search"})
        (tmp_path / FILE).mkdir()
    assert sent == []
    assert {(each.name, each.levelno) for each in caplog.records} == {("insight.audit", logging.WARNING)}
    assert "a checkpoint could not be written: Is a directory" in caplog.text
    (tmp_path / FILE).rmdir()
    with written(tmp_path, lambda each: sent.append(each.count)) as (log, _):
        log.append({"operation": "search"})
    assert sent == [2]
    assert verify(tmp_path).unvouched == 0


@pytest.mark.case("F3")
@pytest.mark.parametrize("torn", [b"{", b"x" * 200_000], ids=["a byte", "more than is read at once"])
@pytest.mark.parametrize("before", [0, 1])
def test_a_torn_checkpoint_is_cut_when_the_next_is_made(tmp_path: Path, torn: bytes, before: int) -> None:
    """Also where it is the first of its file; what is written next is whole."""
    for _ in range(before):
        with written(tmp_path, lambda _: None) as (log, _):
            log.append({"operation": "search"})
    with (tmp_path / FILE).open("ab") as file:
        file.write(torn)
    with written(tmp_path, lambda _: None) as (log, _):
        log.append({"operation": "search"})
    assert counts(tmp_path) == [*range(1, before + 1), before + 1]
    assert verify(tmp_path).fault is None

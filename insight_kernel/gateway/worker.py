"""The intake worker as the gateway sees it: a process that may die, and costs then the one file it was reading."""

import json
import subprocess
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from insight_kernel.errors import Unavailable
from insight_kernel.intake.delivered import digest_of

Event = dict[str, Any]
_COMMAND = ("-m", "insight_kernel.intake.load")


class Worker:
    """Has the files of deliveries read, one after the other; for a worker that dies another one goes on.

    `job` is what a worker is told besides deliveries and staging folder.
    """

    def __init__(self, job: Event, deliveries: Sequence[Event], staging: Path) -> None:
        self._job, self._deliveries, self._staging = job, deliveries, staging
        self._files = [(n, path) for n, delivery in enumerate(deliveries) for path in delivery["paths"]]
        self._process: subprocess.Popen[str] | None = None
        self.stopped = False

    def stop(self) -> None:
        """End it, from any thread; what it was reading is dropped."""
        self.stopped = True
        self._kill()

    def events(self) -> Generator[Event, None, None]:
        """Yield its events; each file ends with `staged` or `failed`, unless it is stopped."""
        done = 0
        while done < len(self._files) and not self.stopped:
            start = begun = done
            for event in self._of_one(done):
                begun = done + 1  # the file after those that are done
                done += event["event"] != "progress"
                yield event
            if done < len(self._files) and not self.stopped:
                if begun == start:
                    raise Unavailable("load", "the intake worker does not start", "See the gateway's log.")
                if begun > done:
                    yield self._died(*self._files[done])
                    done = begun

    def _of_one(self, done: int) -> Iterator[Event]:
        """Yield the events of one process that begins after so many files, until it ends."""
        left: list[list[str]] = [[] for _ in self._deliveries]
        for number, path in self._files[done:]:
            left[number].append(path)
        deliveries = [{**said, "paths": paths} for said, paths in zip(self._deliveries, left, strict=True)]
        job = {**self._job, "deliveries": deliveries, "staging": str(self._staging / str(done))}
        command = [sys.executable, *_COMMAND]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603
        try:
            if self.stopped:  # before there was anything to be killed
                return
            with suppress(BrokenPipeError):  # what it is told its job by stays open: without us it ends
                _pipe(self._process.stdin).write(f"{json.dumps(job)}\n")
                _pipe(self._process.stdin).flush()
            for line in _pipe(self._process.stdout):
                if line.endswith("\n"):  # not half of what one that died had to say
                    yield json.loads(line)
        finally:
            self._kill()
            self._process.wait()
            _pipe(self._process.stdout).close()
            with suppress(BrokenPipeError):
                _pipe(self._process.stdin).close()

    def _died(self, delivery: int, path: str) -> Event:
        error = f"Cannot load {path}: its reader ended unexpectedly. See the gateway's log."
        original = digest_of(Path(path))
        return {"event": "failed", "delivery": delivery, "path": path, "error": error, "original": original}

    def _kill(self) -> None:
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.kill()


def _pipe(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        raise RuntimeError("the worker was started without pipes")
    return stream

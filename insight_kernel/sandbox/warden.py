"""The one process besides the hub that is root: `python -m insight_kernel.sandbox.warden '{"socket": ...}'`.

It starts report kernels in sandboxes, and empties and deletes the homes of workspaces, for the account of the gateway
and for nobody else. It reads nothing that users wrote: what has to look into a home does so in a sandbox, as the
home's own account.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from insight_kernel.runtime import peer_uid
from insight_kernel.sandbox.recipe import HOME, Sandbox, account_files

_LONGEST = 65_536  # bytes of a request
_NAME = re.compile(r"INSIGHT_[A-Z]+")
_WORKER = ("-sP", "-m", "insight_kernel.reports.worker")
_CLEANER = ("-sP", "-m", "insight_kernel.leaving.home")
_PASSED = ("PATH", "LANG", "PYTHONPATH")


@dataclass(frozen=True)
class Post:
    """Where the warden stands: its socket, whom it obeys, the gateway's door, the homes, and its own accounts."""

    socket: Path
    obeys: int
    door: Path
    homes: Path
    workspaces: tuple[int, int]
    reports: tuple[int, ...]

    def home(self, uid: Any) -> Path:
        """Return the folder of the homes of a workspace's account; raise for any other number."""
        if not isinstance(uid, int) or not self.workspaces[0] <= uid <= self.workspaces[1]:
            raise ValueError("no account of a workspace")
        return self.homes / f"w{uid}"


class Warden:
    """Serves requests, each on a connection of its own."""

    def __init__(self, post: Post) -> None:
        self._post = post
        self._free: SimpleQueue[int] = SimpleQueue()
        for uid in post.reports:
            self._free.put(uid)
        self._acts: dict[str, Callable[[socket.socket, dict[str, Any], list[int]], dict[str, Any]]] = {
            "report": self._report, "there": self._there, "delete": self._delete, "clean": self._clean,
        }  # fmt: skip

    def serve(self) -> None:
        """Answer until this process is ended."""
        self._post.socket.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(self._post.socket))
            os.chown(self._post.socket, self._post.obeys, self._post.obeys)
            self._post.socket.chmod(0o600)
            listener.listen()
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            while True:
                connection, _ = listener.accept()
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()

    def _answer(self, connection: socket.socket) -> None:
        with connection:
            try:
                said, descriptors, _, _ = socket.recv_fds(connection, _LONGEST, 3)
                answer = {"error": "not permitted"}
                if peer_uid(connection) == self._post.obeys:
                    asked = json.loads(said)
                    answer = self._acts[asked["do"]](connection, asked, descriptors)
            except (ValueError, KeyError, TypeError, OSError) as error:
                answer = {"error": type(error).__name__}
            with suppress(OSError):
                connection.sendall(json.dumps(answer).encode())

    def _report(
        self, connection: socket.socket, asked: dict[str, Any], descriptors: list[int]
    ) -> dict[str, Any]:
        """Run a report's process with the three streams handed over; end it when whoever asked goes."""
        with ExitStack() as streams:
            for descriptor in descriptors:
                streams.callback(os.close, descriptor)
            if len(descriptors) != 3 or not all(_NAME.fullmatch(name) for name in asked["environment"]):
                raise ValueError
            uid = self._free.get()
            streams.callback(self._free.put, uid)
            home = streams.enter_context(_own_folder(uid))
            process = self._started(uid, home, _WORKER, asked["environment"], descriptors)
            return {"code": _awaited(process, connection)}

    def _there(self, _: socket.socket, asked: dict[str, Any], __: list[int]) -> dict[str, Any]:
        """Tell whether an account has homes."""
        return {"there": self._post.home(asked["uid"]).exists()}

    def _delete(self, _: socket.socket, asked: dict[str, Any], __: list[int]) -> dict[str, Any]:
        """Delete all homes of an account."""
        shutil.rmtree(self._post.home(asked["uid"]), ignore_errors=True)
        return {"gone": not self._post.home(asked["uid"]).exists()}

    def _clean(self, connection: socket.socket, asked: dict[str, Any], __: list[int]) -> dict[str, Any]:
        """Clean the homes of an account in a sandbox, as that account; return how many files changed."""
        changed = 0
        for home in self._post.home(asked["uid"]).glob("*/*"):
            with tempfile.TemporaryFile() as said, Path(os.devnull).open("r+b") as none:
                streams = [none.fileno(), said.fileno(), none.fileno()]
                if _awaited(self._started(asked["uid"], home, _CLEANER, {}, streams), connection) != 0:
                    raise OSError
                said.seek(0)
                changed += int(said.read())
        return {"changed": changed}

    def _started(
        self, uid: int, home: Path, command: tuple[str, ...], environment: dict[str, str], streams: list[int]
    ) -> "subprocess.Popen[bytes]":  # fmt: skip
        sandbox = Sandbox(uid, home, self._post.door)
        kept = {name: os.environ[name] for name in _PASSED if name in os.environ}
        with account_files(uid) as files:
            return subprocess.Popen(
                sandbox.outer(sandbox.inner([sys.executable, *command], *files)),
                env={**kept, **environment, "HOME": HOME}, stdin=streams[0], stdout=streams[1], stderr=streams[2],
                pass_fds=files, start_new_session=True, cwd="/",
            )  # fmt: skip


def _awaited(process: "subprocess.Popen[bytes]", connection: socket.socket) -> int:
    """Wait until a process ends; it is ended when whoever asked for it goes."""
    over = threading.Event()

    def watch() -> None:
        with suppress(OSError):
            connection.recv(1)
        if not over.is_set():
            process.kill()

    threading.Thread(target=watch, daemon=True).start()
    code = process.wait()
    over.set()
    return code


@contextmanager
def _own_folder(uid: int) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="insight-report-") as name:
        os.chown(name, uid, uid)
        yield Path(name)


def main() -> None:
    """Stand at the post named on the command line."""
    said = json.loads(sys.argv[1])
    paths = {name: Path(said.pop(name)) for name in ("socket", "door", "homes")}
    Warden(
        Post(
            **paths, obeys=said["obeys"], workspaces=tuple(said["workspaces"]), reports=tuple(said["reports"])
        )
    ).serve()


if __name__ == "__main__":
    main()

"""What a reader would try that a file has taken over: tried in a reader's place, or freely to see that it can be done.

`python -m tests.intake.reading.hostile SOCKET` serves as the warm process does; with the name of an attempt and a file
of what it aims at, the attempt is made in this very process.
"""

import ctypes
import json
import mmap
import os
import signal
import socket
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from insight_kernel.intake.reading.document import Content, Document
from insight_kernel.intake.reading.warm import serve

Aim = Mapping[str, Any]
_LIBC = ctypes.CDLL(None, use_errno=True)
_ATTACH, _RING = 16, 425


def main() -> None:
    if sys.argv[1].isdigit():
        with socket.socket(fileno=int(sys.argv[1])) as asked:
            serve(asked, instead)
    else:
        sys.stdout.write(ATTEMPTS[sys.argv[1]](json.loads(Path(sys.argv[2]).read_bytes())))


def instead(task: Aim, data: bytes) -> Document:
    """Make an attempt, and tell as the file's text what came of it."""
    try:
        found = ATTEMPTS[task["name"]](json.loads(data))
    except OSError as error:
        found = f"refused: {error.strerror}"
    return Document(task["name"], "text", "", Content(found))


def read_store(aim: Aim) -> str:
    return Path(aim["store"]).read_text()


def list_folder(aim: Aim) -> str:
    return next(Path(aim["store"]).parent.iterdir()).name


def read_environment(aim: Aim) -> str:
    Path("/proc/self/environ").read_bytes()
    return "done"


def write_file(aim: Aim) -> str:
    Path(aim["store"]).with_name("written").write_text("x")
    return "done"


def connect(aim: Aim) -> str:
    with socket.socket() as outside:
        outside.connect(("127.0.0.1", aim["port"]))
    return "done"


def connect_to_gateway(aim: Aim) -> str:
    with socket.socket(socket.AF_UNIX) as local:
        local.connect(aim["socket"])
    return "done"


def send_to_gateway(aim: Aim) -> str:
    """Without a connection, from one of the pairs a reader may have."""
    one, _ = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    one.sendto(b"x", aim["letterbox"])
    return "done"


def fork(aim: Aim) -> str:
    if os.fork() == 0:
        os._exit(0)
    return "done"


def execute(aim: Aim) -> str:
    os.execv("/bin/echo", ["echo", "done"])


def kill(aim: Aim) -> str:
    os.kill(aim["victim"], signal.SIGTERM)
    return "done"


def trace(aim: Aim) -> str:
    return _called(_LIBC.ptrace(_ATTACH, aim["victim"], 0, 0))


def read_memory(aim: Aim) -> str:
    held = ctypes.create_string_buffer(8)

    class Place(ctypes.Structure):
        _fields_ = (("at", ctypes.c_void_p), ("size", ctypes.c_size_t))

    here, there = Place(ctypes.addressof(held), 8), Place(aim["address"], 8)
    return _called(_LIBC.process_vm_readv(aim["victim"], ctypes.byref(here), 1, ctypes.byref(there), 1, 0))


def ask_by_ring(aim: Aim) -> str:
    """Calls that are put into a ring pass no filter."""
    return _called(_LIBC.syscall(_RING, 1, ctypes.create_string_buffer(256)))


def run_written_code(aim: Aim) -> str:
    mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC).close()
    return "done"


def _called(result: int) -> str:
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return "done"


def environment(aim: Aim) -> str:
    return json.dumps(sorted(os.environ))


def descriptors(aim: Aim) -> str:
    """How many files are open."""
    found = []
    for number in range(256):
        try:
            os.lseek(number, 0, os.SEEK_CUR)
        except OSError as error:
            if error.strerror == "Bad file descriptor":
                continue
        found.append(number)
    return str(len(found))


ATTEMPTS: Mapping[str, Callable[[Aim], str]] = {
    attempt.__name__: attempt for attempt in (
        read_store, list_folder, read_environment, write_file, connect, connect_to_gateway, send_to_gateway, fork,
        execute, kill, trace, read_memory, ask_by_ring, run_written_code, environment, descriptors,
    )
}  # fmt: skip

if __name__ == "__main__":
    main()

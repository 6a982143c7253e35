"""A workspace that takes all it can get: it runs into its own limits, and its neighbour is answered as before."""

from collections.abc import Iterator
from contextlib import suppress

import pytest
import websocket

from insight_kernel.audit.chain import entries
from insight_kernel.sandbox.cgroup import limited
from tests.governed import GovernedHub, Kernel, needs_sandbox
from tests.sandbox.conftest import ANA
from tests.sandbox.test_from_inside import tried
from tests.servers import until

pytestmark = needs_sandbox()

BOMBS = {
    "memory of one process": ("bytearray(3 * 2**30)", "MemoryError"),
    "processes": (
        """
import subprocess
started = []
try:
    while len(started) < 2000:
        started.append(subprocess.Popen(["sleep", "600"]))
except BlockingIOError:
    print(len(started) < 512)
for process in started:
    process.kill()
    process.wait()
""",
        "True",
    ),
    "the folder for what is kept a moment": ("open('/tmp/big', 'wb').write(bytes(2**29))", "OSError"),
    "shared memory": ("open('/dev/shm/big', 'wb').write(bytes(2**28))", "OSError"),
    "open files": ("kept = [open('/dev/null') for _ in range(5000)]", "OSError"),
}


CHEN = ("w60002", "op-gate")
_FREED = "import glob, os\n[os.remove(path) for path in glob.glob('/tmp/big') + glob.glob('/dev/shm/big')]\nkept = []"
_SEES = "import insight_kernel as i; print(len(i.open(quiet=True).find('Person')))"


@pytest.fixture(scope="module")
def chen(governed: GovernedHub) -> Iterator[Kernel]:
    """A kernel in a sandbox that is spoilt here."""
    governed.running.open("chen", "OP-GATE", "identify")
    governed.spawn(*CHEN)
    with governed.kernel(*CHEN) as kernel:
        yield kernel


@pytest.mark.case("A63")
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_hits_its_own_limit(ana: Kernel, chen: Kernel, bomb: str) -> None:
    """Each at its own limit; the neighbour goes on."""
    code, ends = BOMBS[bomb]
    assert tried(chen, code) == ends
    assert not tried(chen, _FREED)
    assert tried(ana, _SEES) == "2"


@pytest.mark.case("A63")
@pytest.mark.skipif("memory" not in limited(), reason="this machine has no control group for memory")
def test_many_processes_together_hit_the_limit_of_the_workspace(
    governed: GovernedHub, ana: Kernel, chen: Kernel
) -> None:
    """Each is within its own limit; the machine ends some of this workspace's processes, and none of anybody else's."""
    hungry = """
import subprocess, sys, time
eat = "held = bytearray(300 * 2**20); held[::4096] = b'x' * len(held[::4096]); input()"
started = [subprocess.Popen([sys.executable, "-c", eat], stdin=subprocess.PIPE) for _ in range(6)]
while all(process.poll() is None for process in started):
    time.sleep(0.05)
print({process.returncode for process in started if process.poll() is not None})
for process in started:
    process.kill()
"""
    with suppress(websocket.WebSocketException):  # also this kernel or its server may be what is ended
        assert tried(chen, hungry) == "{-9}"
    assert tried(ana, _SEES) == "2"
    assert governed.api("GET", f"/users/{ANA[0]}").json()["servers"][ANA[1]]["ready"]
    log = governed.running.store / "audit" / "log.jsonl"
    told = until(lambda: [entry for entry in entries(log) if entry.get("reason") == "limit-memory"])
    assert [(entry["account"], entry["user"], entry["weight"]) for entry in told] == [
        (CHEN[0], "chen", "alarm")
    ]

"""Too much at once: questions without end, clients that vanish or send slowly, no files and no memory left."""

import select
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any

import psutil
import pytest

from insight_kernel.audit.chain import entries, read_chain
from insight_kernel.gateway.turns import AT_ONCE, TOGETHER, WAITING_EACH
from insight_kernel.runtime import ASK, runtime_folder
from insight_kernel.templates.names import new_run_id
from tests.companies import store_of_companies
from tests.servers import Server, gateway, read_table, until

ENDLESS = {"text": "endless"}
PRESSED = (
    "-W", "error", "-c",
    "import os\n"
    "from insight_kernel.gateway import __main__, arriving, service, stopping\n"
    "model, search = service.QUESTIONS['search']\n"
    "def endless(window, asked, words):\n"
    "    if asked.text == 'endless':\n"
    "        os.write(os.open(os.environ['INSIGHT_TEST_BEGUN'], os.O_APPEND | os.O_WRONLY), b'.')\n"
    "        window.snapshot.rows('SELECT sum(hash(a.range)) FROM range(1000000) a, range(1000000) b')\n"
    "    if asked.text == 'huge':\n"
    "        bytearray(10**12)\n"
    "    return search(window, asked, words)\n"
    "service.QUESTIONS['search'] = model, endless\n"
    "arriving.SLOWEST, stopping.LONGEST = 2.0, 4.0\n"
    "__main__.main()\n",
)  # fmt: skip
"""A gateway in which one text is searched for without end; questions may take four seconds, requests two to arrive."""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with two companies."""
    sources: dict[str, Any] = {"french": {"owner": "FR"}, "moroccan": {"owner": "MA"}}
    return store_of_companies(tmp_path_factory.mktemp("pressure"), sources)


@pytest.fixture(scope="module")
def pressed(base: Path) -> Iterator[Server]:
    """The gateway all tests press."""
    begun(base).touch()
    with gateway(base, command=PRESSED, INSIGHT_TEST_BEGUN=str(begun(base))) as server:
        yield server
    assert read_chain(base / "audit" / "log.jsonl").fault is None


def begun(store: Path) -> Path:
    """Return the file that grows with each query without end that was begun."""
    return store.parent / "begun"


def workspace(server: Server) -> str:
    """Return a token of a workspace nobody else has."""
    return server.session(run=new_run_id())


@contextmanager
def connected(server: Server) -> Iterator[socket.socket]:
    """Connect by hand."""
    with socket.socket(socket.AF_UNIX) as found:
        found.settimeout(60)
        found.connect(str(runtime_folder(server.store) / ASK))
        yield found


def raw(name: str, token: str, body: bytes, *, length: int | None = None, more: str = "") -> bytes:
    """Return a request as it goes over the socket."""
    head = f"POST /v1/{name} HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer {token}\r\n{more}"
    size = len(body) if length is None else length
    return f"{head}Content-Type: application/json\r\nContent-Length: {size}\r\n\r\n".encode() + body


def decisions(server: Server, token_of: str, name: str = "search") -> list[str]:
    """Return what the log says became of a workspace's questions."""
    return [e["decision"] for e in entries(server.store / "audit" / "log.jsonl")
            if token_of in e.get("workspace", "") and e.get("request") == name]  # fmt: skip


def answers(server: Server) -> bool:
    """Tell whether somebody else is answered, and right."""
    found = server.post("count", {"schema": "Company"}, server.session("ben"))
    return found.status_code == 200 and read_table(found)["count"].to_pylist() == [2]


@pytest.mark.case("A41")
def test_who_goes_away_in_mid_query_leaves_nothing_running(pressed: Server) -> None:
    """More vanish than are answered at once: each query ends, the log says cancelled, and the next one is answered."""
    run, process = new_run_id(), psutil.Process(pressed.process.pid)
    token = pressed.session(run=run)
    for _ in range(AT_ONCE + 2):
        before = begun(pressed.store).stat().st_size
        with connected(pressed) as client:
            client.sendall(raw("search", token, b'{"text": "endless"}'))
            until(lambda: begun(pressed.store).stat().st_size > before)  # noqa: B023  # called at once
    until(lambda: len(decisions(pressed, run)) == AT_ONCE + 2, seconds=30)
    assert decisions(pressed, run) == ["cancelled"] * (AT_ONCE + 2)
    assert answers(pressed)
    until(lambda: process.cpu_percent(interval=0.2) < 50, seconds=30)


@pytest.mark.case("F12")
def test_a_question_without_end_is_ended_and_disturbs_nobody(pressed: Server) -> None:
    """503 within its time, an entry that says so, nothing risen; who asks beside it gets his answer."""
    run = new_run_id()
    token = pressed.session(run=run)
    with ThreadPoolExecutor(1) as pool:
        ending = pool.submit(pressed.post, "search", ENDLESS, token)
        assert all(answers(pressed) for _ in range(5))
        answer = ending.result(timeout=30)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert set(answer.json()) == {"code", "message", "error_id"}
    assert decisions(pressed, run) == ["too-long"]
    assert pressed.post("label", {}, token).json()["owners"] == []


@pytest.mark.case("F11")
def test_an_answer_nobody_reads_counts_as_sent(pressed: Server) -> None:
    """The client is gone in mid-stream: entry and label hold what was prepared, not what arrived."""
    run = new_run_id()
    token = pressed.session(run=run)
    with connected(pressed) as client:
        client.sendall(raw("find", token, b'{"schema": "Company"}'))
        assert client.recv(9) == b"HTTP/1.1 "
    assert decisions(pressed, run, "find") == ["answered"]
    assert pressed.post("label", {}, token).json()["owners"] == ["FR", "MA"]


@pytest.mark.case("F24")
def test_a_hundred_ask_while_one_floods(pressed: Server) -> None:
    """One workspace's line is bounded, the rest told when to come again; everybody else is answered before its end."""
    flood, others = workspace(pressed), [workspace(pressed) for _ in range(100)]
    with ExitStack() as stack:
        clients = [stack.enter_context(connected(pressed)) for _ in range(TOGETHER + WAITING_EACH + 6)]
        for client in clients:
            client.sendall(raw("search", flood, b'{"text": "endless"}'))
        refused = until(lambda: told(clients, 6), seconds=30)
        assert all(text.startswith(b"HTTP/1.1 429") for text in refused)
        assert all(b"\r\nretry-after: " in text and b'"code":"busy"' in text for text in refused)
        with ThreadPoolExecutor(len(others)) as pool:
            found = list(pool.map(lambda token: pressed.post("count", {"schema": "Company"}, token), others))
        assert {answer.status_code for answer in found} == {200}
        assert len(told(clients, 6)) < len(clients)
    assert answers(pressed)


def told(clients: list[socket.socket], enough: int) -> list[bytes]:
    """Return what those were answered who were, once there are so many."""
    ready, _, _ = select.select(clients, [], [], 0)
    return [client.recv(4096, socket.MSG_PEEK) for client in ready] if len(ready) >= enough else []


@pytest.mark.case("A59")
@pytest.mark.parametrize("kind", ["head", "body", "slow head", "slow body", "refused and slow"])
def test_what_is_too_large_or_too_slow_is_given_up(pressed: Server, kind: str) -> None:
    """431, 413 or 408, the connection ends, whatever trickles in; others are answered meanwhile."""
    token = workspace(pressed)
    sent, status = {
        "head": (raw("find", token, b"{}", more=f"X-Long: {'x' * 1_000_000}\r\n"), 431),
        "body": (raw("find", token, b'"' + b"x" * 1_000_001, length=3_000_000), 413),
        "slow head": (b"POST /v1/find HTTP/1.1\r\nX-Slow: ", 408),
        "slow body": (raw("find", token, b'{"schema": "', length=1_000), 408),
        "refused and slow": (raw("find", "x" * 20, b"{", length=100_000), 401),
    }[kind]
    with connected(pressed) as client:
        with suppress(BrokenPipeError):  # it need not hear the end
            client.sendall(sent)
        assert answers(pressed)
        said = b"".join(trickling(client))
    assert said.startswith(f"HTTP/1.1 {status} ".encode()), said[:200]
    assert said.count(b"HTTP/1.1") == 1
    assert answers(pressed)


def trickling(client: socket.socket) -> Iterator[bytes]:
    """Send a byte now and then, and yield what is answered until the other side has ended it."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        ready, _, _ = select.select([client], [], [], 0.1)
        try:
            if not ready:
                client.sendall(b"x")
            elif part := client.recv(65536):
                yield part
            else:
                return
        except (BrokenPipeError, ConnectionResetError):
            return


@pytest.mark.case("A59")
def test_strangers_who_send_slowly_do_not_fill_the_log(pressed: Server) -> None:
    """What did not arrive is counted: one entry a minute."""
    log = pressed.store / "audit" / "log.jsonl"
    for _ in range(20):
        with connected(pressed) as client:
            with suppress(BrokenPipeError):
                client.sendall(f"POST / HTTP/1.1\r\nX-Long: {'x' * 1_000_000}".encode())
            assert client.recv(65536).startswith(b"HTTP/1.1 431")
    until(lambda: [e for e in entries(log) if e.get("reason") == "did-not-arrive"])
    assert len([e for e in entries(log) if e.get("reason") == "did-not-arrive"]) <= 2


@pytest.mark.case("F8")
def test_without_memory_one_question_fails_and_the_next_is_answered(pressed: Server) -> None:
    """503 and an entry; nothing has risen, nobody has to start anything again."""
    run = new_run_id()
    token = pressed.session(run=run)
    answer = pressed.post("search", {"text": "huge"}, token)
    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert decisions(pressed, run) == ["failed"]
    assert pressed.post("label", {}, token).json()["owners"] == []
    assert answers(pressed)


@pytest.mark.case("F8")
def test_without_files_new_calls_are_told_so_until_there_are_some(store: Path) -> None:
    """The process keeps files for itself: connections beyond get 503, one that was asking gets its answer."""
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (148, 148)); {MAIN}"
    with gateway(store, command=("-W", "error", "-c", limit)) as server, ExitStack() as stack:
        token = server.session()
        asking = [stack.enter_context(connected(server)) for _ in range(19)]
        for client in asking:
            client.sendall(raw("find", token, b"{", length=21))
        refused = until(
            lambda: (found := server.post("count", {"schema": "Company"}, token)).status_code == 503 and found
        )
        assert refused.headers["content-type"].startswith("text/plain")
        asking[0].sendall(b'"schema": "Company"}')
        assert asking[0].recv(12) == b"HTTP/1.1 200"
        stack.close()
        until(lambda: server.post("count", {"schema": "Company"}, token).status_code == 200)
        assert read_chain(store / "audit" / "log.jsonl").fault is None


MAIN = "from insight_kernel.gateway.__main__ import main; main()"

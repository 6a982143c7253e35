"""Every write, flush and rename of ours fails once, in turn: no half file, no answer without its entry.

The method of SQLite's tests: fail the first call, then the second, and so on, until the operation succeeds.
"""

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from insight_kernel import files
from insight_kernel.audit.chain import entries, read_chain
from insight_kernel.errors import InsightError, Unavailable
from insight_kernel.gateway.admission import new_session
from insight_kernel.gateway.loading import Loader
from insight_kernel.gateway.requests import Count
from insight_kernel.gateway.service import Gateway
from insight_kernel.store.folder import open_folder
from insight_kernel.store.opened import Store
from tests.build import deliver, entity, handed, profile, write_lines, write_yaml

Failure = Callable[..., Any]


def fail(*_: Any, **__: Any) -> Any:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def short(descriptor: int, data: bytes) -> None:
    """Write a part and say so as `write_all` does."""
    os.write(descriptor, data[: len(data) // 2])
    raise OSError(f"short write: {len(data) // 2} of {len(data)} bytes")


FAULTS: dict[str, tuple[Any, str, Failure]] = {
    "a write on a full disk": (files, "write_all", fail),
    "a short write": (files, "write_all", short),
    "a flush": (files, "flush", fail),
    "a rename": (Path, "replace", fail),
    "a flush of a folder": (files, "flush_folder", fail),
}


class Shim:
    """Lets one call fail, the N-th since it was put in place."""

    def __init__(self, patch: pytest.MonkeyPatch, fault: str, number: int) -> None:
        owner, name, self._failure = FAULTS[fault]
        self._plain, self._left, self.fired = getattr(owner, name), number, False
        patch.setattr(owner, name, lambda *given, **named: self._call(*given, **named))

    def _call(self, *given: Any, **named: Any) -> Any:
        self._left -= 1
        if self._left:
            return self._plain(*given, **named)
        self.fired = True
        return self._failure(*given, **named)


def until_it_succeeds(fault: str) -> Iterator[tuple[Shim, pytest.MonkeyPatch]]:
    """Yield a shim for each N until one is never reached: then the operation has succeeded."""
    for number in count(1):
        with pytest.MonkeyPatch.context() as patch:
            shim = Shim(patch, fault, number)
            yield shim, patch
        if not shim.fired:
            return


@pytest.mark.case("F5")
@pytest.mark.case("F6")
@pytest.mark.parametrize("fault", FAULTS)
def test_a_file_is_the_old_or_the_new_one(tmp_path: Path, fault: str) -> None:
    """Whatever fails, a reader finds the old bytes or the new ones, and nothing beside them."""
    path = tmp_path / "a.json"
    for shim, _ in until_it_succeeds(fault):
        path.write_bytes(b"old")
        try:
            files.replace_file(path, b"the new bytes")
            assert not shim.fired
            assert path.read_bytes() == b"the new bytes"
        except OSError:
            assert path.read_bytes() in (b"old", b"the new bytes")
        assert os.listdir(tmp_path) == ["a.json"]  # noqa: PTH208


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one file."""
    root = tmp_path_factory.mktemp("shim") / "store"
    store = Store(open_folder(root, create=True))
    deliver(store, [entity("a", "Company", name="A")], profile())
    Gateway(store).close()  # what a first start writes is there
    return root


@pytest.mark.parametrize("fault", ["a write on a full disk", "a short write", "a flush"])
def test_no_answer_without_its_entry(base: Path, tmp_path: Path, fault: str) -> None:
    """A question fails with `Unavailable`, or is answered and has its entry; the chain verifies either way."""
    for number, (shim, _) in enumerate(until_it_succeeds(fault)):
        root = Path(shutil.copytree(base, tmp_path / f"store{number}"))
        gate = Gateway(Store(open_folder(root)))
        session = new_session(gate.organisation(), "ana", "network", None, gate.clock.today())
        before = gate.floating.of(session.workspace)
        answered = []
        try:
            answered.append(gate.answer("count", Count(schema="Company"), session, b"").entry)
        except Unavailable:
            assert shim.fired
            assert gate.floating.of(session.workspace) == before
        gate.close()
        assert read_chain(root / "audit" / "log.jsonl").fault is None
        assert answered == [] or answered == [
            e["n"] for e in entries(root / "audit" / "log.jsonl") if "rows" in e
        ]


@pytest.mark.case("F5")
@pytest.mark.parametrize("fault", FAULTS)
def test_a_load_is_whole_or_not_at_all(base: Path, tmp_path: Path, fault: str) -> None:
    """A file is loaded and in the log, or nothing of it is there; said in one line; loading again completes it."""
    file = write_lines(tmp_path / "f.jsonl", [entity(f"n{n}", "Company", name="N") for n in range(20)])
    said = write_yaml(tmp_path / "p.yml", profile(source="shim"))
    for number, (shim, patch) in enumerate(until_it_succeeds(fault)):
        gate = Gateway(Store(open_folder(Path(shutil.copytree(base, tmp_path / f"store{number}")))))
        loaded = load(gate, file, said)
        assert loaded or shim.fired
        patch.undo()
        gate.close()
        check(gate.store.folder.root, loaded)
        again = Gateway(Store(open_folder(gate.store.folder.root)))
        assert load(again, file, said)
        assert records(again) == 21
        again.close()


def load(gate: Gateway, file: Path, said: Path) -> bool:
    """Load; tell whether it was acknowledged. What goes wrong is an event or an error of ours, never another."""
    try:
        return "loaded" in [event["event"] for event in Loader(gate, [handed([file], said)]).events()]
    except InsightError:
        return False


def check(root: Path, loaded: bool) -> None:
    """The laws of a load that was, or was not, acknowledged."""
    log = root / "audit" / "log.jsonl"
    assert read_chain(log).fault is None
    assert not loaded or [e["decision"] for e in entries(log) if "decision" in e] == ["intent", "committed"]
    store = Store(open_folder(root))
    with store._database.snapshot() as snapshot:
        held = snapshot.state.records
    store.close()
    assert held == 21 if loaded else held in (1, 21)
    assert not list(root.rglob(".part-*"))
    assert not list((root / "staging").iterdir())


def records(gate: Gateway) -> int:
    with gate.store._database.snapshot() as snapshot:
        return snapshot.state.records

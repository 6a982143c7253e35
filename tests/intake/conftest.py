"""A store of its own, and files delivered to it as the gateway takes them."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from insight_kernel.gateway.loading import Loader
from insight_kernel.gateway.service import Gateway
from insight_kernel.store.folder import open_folder
from insight_kernel.store.opened import Store
from tests.build import handed, profile, write_yaml

Event = dict[str, Any]


@dataclass(frozen=True)
class Intake:
    """A store of its own and a folder for files."""

    gate: Gateway
    folder: Path

    def load(self, *files: Path, said: Any = None, **asked: Any) -> list[Event]:
        """Load files under a profile; return the events without the last and without progress."""
        return self.load_under(
            write_yaml(self.folder / "profile.yml", profile() if said is None else said), *files, **asked
        )

    def load_under(self, path: Path, *files: Path, **asked: Any) -> list[Event]:
        """Load files under the profile in a file; return the same events."""
        kept = {name: asked.pop(name) for name in ("keep_good", "dry_run") if name in asked}
        events = list(Loader(self.gate, [handed(files, path, **asked)], **kept).events())
        assert events.pop() == {"event": "done"}
        return [event for event in events if event["event"] != "progress"]

    def lines(self, *lines: str | bytes, name: str = "file.jsonl") -> Path:
        """Write a file of these lines."""
        (self.folder / name).write_bytes(
            b"".join(
                (line.encode("utf-8", "surrogatepass") if isinstance(line, str) else line) + b"\n"
                for line in lines
            )
        )
        return self.folder / name

    def records(self) -> int:
        """Return how many records the store holds."""
        with self.gate.store._database.snapshot() as snapshot:
            return snapshot.state.records


@pytest.fixture
def intake(tmp_path: Path) -> Iterator[Intake]:
    """An empty store."""
    gate = Gateway(Store(open_folder(tmp_path / "store", create=True)))
    yield Intake(gate, tmp_path)
    gate.close()

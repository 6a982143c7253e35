"""kill -9 in changes of label, purges and rewrites: read from the log again they end as if nothing had happened."""

import hashlib
import json
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from insight_kernel.store.folder import clear_leftovers, open_folder
from insight_kernel.store.opened import Store
from insight_kernel.store.sql_rewrite import EVERY_TABLE
from tests.build import deliver, entity, profile
from tests.faults.dying_store import POINTS, act
from tests.store.whole import check_whole, rows

MARKER = "Zanzibar"
CASES = [(point, 1) for point in POINTS] + [
    ("after an original was emptied", 2), ("before the old file is removed", 2), ("before the new name is flushed", 2),
]  # fmt: skip


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of a file all of which will be withdrawn, one of which a part will be, and one that stays."""
    root = tmp_path_factory.mktemp("base") / "store"
    store = Store(open_folder(root, create=True))
    for source, count in (("whole", 3), ("part", 4), ("stays", 2)):
        gone = {"whole": 3, "part": 2, "stays": 0}[source]
        items = [
            entity(f"{source}{n}", "Person", name=f"{MARKER if n < gone else 'Plain'} {n}")
            for n in range(count)
        ]
        text = "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in items).encode()
        (store.folder / "originals" / hashlib.sha256(text).hexdigest()).write_bytes(text)
        deliver(store, items, profile(source=source, keys="world"))
    clear_leftovers(store.folder)
    store.close()
    return root


@pytest.fixture(scope="module")
def undisturbed(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, object]:
    """What the store is after the acts when nothing is killed."""
    root = shutil.copytree(base, tmp_path_factory.mktemp("undisturbed") / "store")
    return state(finished(root))


@pytest.mark.case("F18")
@pytest.mark.case("A70")
@pytest.mark.parametrize(("point", "number"), CASES, ids=str)
def test_killed_at_a_point(
    base: Path, undisturbed: Mapping[str, object], tmp_path: Path, point: str, number: int
) -> None:
    """The next process applies what was not applied, and nothing withdrawn is in any file."""
    root = shutil.copytree(base, tmp_path / "store")
    command = [sys.executable, "-W", "error", "-m", "tests.faults.dying_store", str(root), point, str(number)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL
    assert state(finished(root)) == undisturbed


def finished(root: Path) -> Path:
    """Open the store as the gateway does when it starts, and apply the acts of the log."""
    store = Store(open_folder(root))
    clear_leftovers(store.folder)
    act(store)
    check_whole(store)
    store.close()
    return root


def state(root: Path) -> dict[str, object]:
    """Return every table and every file of originals; no file holds what was withdrawn."""
    files = [path for path in root.rglob("*") if path.is_file()]
    assert not [path.name for path in files if MARKER.lower().encode() in path.read_bytes().lower()]
    kept = {path.name: path.read_bytes() for path in (root / "originals").iterdir()}
    store = Store(open_folder(root))
    tables = {
        str(table): rows(store, f"SELECT * FROM {table} ORDER BY ALL")
        for (table,) in rows(store, EVERY_TABLE)
    }
    store.close()
    assert len(list(root.glob("*.duckdb"))) == 1
    return {"tables": tables, "originals": kept}

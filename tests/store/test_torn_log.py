"""A log of commits that a kill tore at any byte: what was committed is read, and not a row more."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from insight_kernel.store.folder import open_folder
from insight_kernel.store.opened import Store
from tests.build import deliver, entity, profile
from tests.store.whole import check_whole

FEW, MANY = 50, 18_000  # of the many, a table gets more rows than a row group of DuckDB holds (122,880)
COUNTRIES = ["fr", "ma", "de", "es", "it", "nl", "be", "pt"]
TEARS = 12


def people(first: int, count: int) -> Iterator[dict[str, Any]]:
    for n in range(first, first + count):
        yield entity(f"p{n}", "Person", nationality=COUNTRIES)


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, int]:
    """A store killed just after a commit of many rows, and where in its log that commit begins.

    Somebody reads while it is written, so that it goes through the log; the files are taken as they lie.
    """
    folder = tmp_path_factory.mktemp("killed")
    store = Store(open_folder(folder / "store", create=True))
    deliver(store, people(0, FEW), profile())
    log = folder / "store" / "statements.duckdb.wal"
    with store._database.snapshot():
        begun = log.stat().st_size
        deliver(store, people(FEW, MANY), profile())
        shutil.copytree(folder / "store", folder / "killed")
    store.close()
    return folder / "killed", begun


@pytest.mark.case("F1")
@pytest.mark.parametrize("part", range(TEARS + 1))
def test_a_torn_log(killed: tuple[Path, int], tmp_path: Path, part: int) -> None:
    """Before its last byte is there a commit never was; every table agrees, now and when opened once more."""
    root, begun = Path(shutil.copytree(killed[0], tmp_path / "store")), killed[1]
    log = root / "statements.duckdb.wal"
    with log.open("r+b") as file:
        file.truncate(begun + (log.stat().st_size - begun) * part // TEARS)
    for _ in range(2):
        store = Store(open_folder(root))
        check_whole(store)
        assert [n for *_, n in store.sources_of("FR")] == [FEW + (MANY if part == TEARS else 0)]
        store.close()

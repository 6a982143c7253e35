"""What must hold of a store after any fault, looked at from outside."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import duckdb

from insight_kernel.audit.chain import entries, read_chain
from insight_kernel.audit.sealing import Sealing
from insight_kernel.store.folder import open_folder
from insight_kernel.store.opened import Store
from tests.servers import Event


def check_store(root: Path, wanted: dict[str, int]) -> None:
    """A file's records are all there or none, in every table alike; no part of any file lies about."""
    folder = open_folder(root)
    Store(folder).close()
    with duckdb.connect(str(folder.database), read_only=True) as connection:
        held = dict(connection.execute("SELECT original, count(*) FROM record GROUP BY original").fetchall())
        orphans = sum(
            row[0]
            for row in connection.execute(
                "SELECT count(*) FROM statement WHERE record NOT IN (SELECT record FROM record) UNION ALL "
                "SELECT count(*) FROM lookup WHERE record NOT IN (SELECT record FROM record) UNION ALL "
                "SELECT count(*) FROM record WHERE record NOT IN (SELECT record FROM statement) UNION ALL "
                "SELECT count(*) FROM record WHERE record NOT IN (SELECT record FROM change)"
            ).fetchall()
        )
        numbers = connection.execute("SELECT count(*), max(record) FROM record").fetchall()[0]
    assert held.items() <= wanted.items(), (held, wanted)
    assert not orphans
    assert numbers[0] == (numbers[1] or 0)
    for original in held:
        assert (root / "originals" / original).is_file()


def check_audit(root: Path, *, answered: Iterable[int] = (), loaded: Iterable[Event] = ()) -> None:
    """The chain verifies, and holds every entry that was acknowledged."""
    log = root / "audit" / "log.jsonl"
    assert read_chain(log).fault is None
    opened = Sealing(root / "keys" / "cases").opened
    found = {entry["n"]: entry for entry in map(opened, entries(log))}
    for number in answered:
        assert found[number]["decision"] == "answered", number
    said = Counter(entry.get("original") for entry in found.values() if entry.get("decision") == "committed")
    files = {entry.get("file") for entry in found.values() if entry.get("decision") == "committed"}
    assert {Path(event["path"]).name for event in loaded} <= files, (loaded, said)

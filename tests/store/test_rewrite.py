"""Rewriting: a new file in the place of the old one says the same, and nothing that was purged is on the disk."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from insight_kernel.errors import Unavailable
from insight_kernel.policy.allowed import Known
from insight_kernel.store import database, sql, sql_rewrite
from insight_kernel.store.folder import clear_leftovers, open_folder
from insight_kernel.store.opened import Store
from insight_kernel.store.relabel import Selection
from tests.build import DAY, ask, deliver, entity, people, profile, subject
from tests.store.conftest import KEYS
from tests.store.test_purge import FRENCH, answers, withdraw
from tests.store.whole import check_whole, rows

MARKER = "Zanzibar Quicksilver"
MARKED = Selection("FR", source="marked")


@pytest.fixture
def marked(store: Store) -> Store:
    """A store that also holds a person whose name is found nowhere else, purged."""
    deliver(store, [entity("z", "Person", name=MARKER)], profile(source="marked", keys=KEYS))
    store.relabel(7, MARKED, withdraw)
    store.purge(8, DAY)
    return store


def files_with(root: Path, text: str) -> list[str]:
    """Return the files of a folder in whose bytes a text is found, in any case."""
    found = (path for path in root.rglob("*") if path.is_file())
    return sorted(path.name for path in found if text.lower().encode() in path.read_bytes().lower())


def databases(store: Store) -> list[str]:
    """Return the names of all files of the database."""
    return sorted(path.name for path in store.folder.root.glob("*statements*"))


def everything(store: Store) -> Iterator[tuple[str, list[str]]]:
    """Yield every table with its rows, without order, and without what a rewrite puts together."""
    for (table,) in rows(store, sql_rewrite.EVERY_TABLE):
        if table not in ("state", "literal", "basis"):
            yield str(table), sorted(map(str, rows(store, f"SELECT * FROM {table}")))


def test_nothing_purged_is_on_the_disk(marked: Store) -> None:
    """A purge leaves its values in the database's file; after the rewrite no file holds them, nor does a log."""
    clear_leftovers(marked.folder)  # the files this test delivered
    assert files_with(marked.folder.root, MARKER.split()[0]) != []
    assert marked.rewrite_if_unclean()
    deliver(marked, [entity("n", "Person", name="New")], profile(source="new"))
    marked._database._file.connection.execute("CHECKPOINT")
    assert files_with(marked.folder.root, MARKER.split()[0]) == []
    assert not rows(marked, "SELECT unclean FROM state WHERE unclean")


def test_every_table_says_the_same(marked: Store) -> None:
    """Tables, answers and what is known of acts are as before."""
    before, told, state = dict(everything(marked)), answers(marked), rows(marked, sql.STATE)[0]
    assert marked.rewrite_if_unclean()
    assert dict(everything(marked)) == before
    assert answers(marked) == told
    [(statements,)] = rows(marked, sql.COUNT_STATEMENTS)
    assert rows(marked, sql.STATE)[0] == (*state[:2], statements, *state[3:5], False)


def test_every_table_is_copied(marked: Store) -> None:
    """A table that is added to the store is added to the copies, or this fails."""
    copied = {insert.split()[2] for _, insert in sql_rewrite.COPIES} | {"state"}
    assert {table for (table,) in rows(marked, sql_rewrite.EVERY_TABLE)} == copied


def test_it_is_done_when_something_was_purged(marked: Store) -> None:
    """Only then, and once."""
    assert [marked.rewrite_if_unclean(), marked.rewrite_if_unclean()] == [True, False]
    marked.relabel(20, FRENCH, lambda label, scope: (replace(label, level="restricted"), scope))
    assert not marked.rewrite_if_unclean()


def test_it_is_written_to_afterwards(marked: Store) -> None:
    """Deliveries and acts go into the new file, and are there when the store is opened again."""
    marked.rewrite_if_unclean()
    deliver(marked, [entity("n", "Person", name="New")], profile(source="new"))
    marked.relabel(20, Selection("FR", source="new"), withdraw)
    tables = dict(everything(marked))
    marked.close()
    again = Store(open_folder(marked.folder.root))
    clear_leftovers(again.folder)
    assert dict(everything(again)) == tables
    assert databases(again) == ["statements-2.duckdb"]
    marked._database = again._database


def test_a_reader_reads_the_old_file_to_its_end(marked: Store) -> None:
    """Who asked before the rewrite is answered from the file he asked; it goes when the last such reader has gone."""
    with marked.window(subject(), ask(), Known(people()), 1) as one, marked._database.snapshot() as other:
        before = one.statements(one.find(["Person"], []))
        assert marked.rewrite_if_unclean()
        deliver(marked, [entity("n", "Person", name="New")], profile(source="new"))
        assert one.statements(one.find(["Person"], [])) == before
        assert other.rows("SELECT count(*) FROM record") == [(12,)]
        assert {"statements.duckdb", "statements-2.duckdb"} <= set(databases(marked))
        assert rows(marked, "SELECT count(*) FROM record") == [(13,)]
    assert not [name for name in databases(marked) if not name.startswith("statements-2.duckdb")]


def test_writers_wait(marked: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A delivery that comes while the file is copied is in the new file, and not lost with the old one."""
    late: list[Thread] = []
    copied = database._File.forget

    def delivered_meanwhile(file: database._File) -> None:
        if not late:
            late.append(
                Thread(
                    target=deliver,
                    args=(marked, [entity("l", "Person", name="Late")], profile(source="late")),
                )
            )
            late[0].start()
            late[0].join(0.2)
            assert late[0].is_alive()
        copied(file)

    monkeypatch.setattr(database._File, "forget", delivered_meanwhile)
    assert marked.rewrite_if_unclean()
    late[0].join()
    assert rows(marked, "SELECT count(*) FROM record WHERE source = 'late'") == [(1,)]


def test_a_file_that_fails_changes_nothing(marked: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the new file cannot be finished, the old one is the store's, now and when it is opened again."""
    before = dict(everything(marked))

    def failing(unfinished: Path, path: Path) -> None:
        unfinished.rename(path)
        raise OSError("no space left")

    monkeypatch.setattr(database, "finish_file", failing)
    with pytest.raises(Unavailable, match="no space left"):
        marked.rewrite_if_unclean()
    assert dict(everything(marked)) == before
    assert databases(marked)[0] == "statements.duckdb"
    assert not [name for name in databases(marked) if "2" in name]


def test_lost_rows_are_noticed(marked: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy that holds fewer rows than the store does not take its place."""
    fewer = tuple((f"{said} LIMIT 1", insert) for said, insert in sql_rewrite.COPIES)
    monkeypatch.setattr(sql_rewrite, "COPIES", fewer)
    with pytest.raises(Unavailable, match="lost rows"):
        marked.rewrite_if_unclean()
    check_whole(marked)


def test_nothing_of_the_outside_is_reachable_from_the_new_file(marked: Store) -> None:
    """It is as closed as the first one was, and cannot be opened up."""
    marked.rewrite_if_unclean()
    for query in ("SELECT * FROM read_text('/etc/hostname')", "SET enable_external_access = true",
                  "SET lock_configuration = false"):  # fmt: skip
        with pytest.raises(Unavailable) as refused:
            rows(marked, query)
        assert re.search(r"disabled|locked|[Cc]annot", str(refused.value.__cause__))


def test_what_a_killed_process_left_is_cleared(marked: Store) -> None:
    """Unfinished files, files whose place was taken and what was sorted on disk go; the store stays."""
    marked.rewrite_if_unclean()
    root = marked.folder.root
    for name in (
        ".part-statements-3.duckdb",
        ".part-statements-3.duckdb.wal",
        "statements.duckdb",
        "statements.duckdb.wal",
    ):
        (root / name).write_bytes(b"left")
    for name in (".part-statements-3.duckdb.tmp", "statements-2.duckdb.tmp"):
        (root / name).mkdir()
        (root / name / "duckdb_temp_storage-0.tmp").write_bytes(b"left")
    clear_leftovers(marked.folder)
    assert not files_with(root, "left")
    assert set(databases(marked)) <= {"statements-2.duckdb", "statements-2.duckdb.wal"}

"""Purge: expired values are in no table any more, what is left answers as if they had never been delivered."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from insight_kernel.model.label import Label
from insight_kernel.policy.allowed import Known
from insight_kernel.store.folder import open_folder
from insight_kernel.store.opened import Store
from insight_kernel.store.purge import Purged
from insight_kernel.store.relabel import Selection
from tests.build import DAY, ask, deliver, entity, people, profile, subject
from tests.store.conftest import COMPANIES, KEYS, PEOPLE
from tests.store.whole import check_whole, rows

FRENCH = Selection("FR", source="persons")
SCHEMATA = ["Person", "Company", "Ownership", "Payment"]
WHO = {"permits": ["sensitive"]}


def withdraw(label: Label, scope: str) -> tuple[Label, str]:
    return replace(label, expires=DAY), scope


def withdraw_sensitive(label: Label, scope: str) -> tuple[Label, str]:
    return withdraw(label, scope) if label.special else (label, scope)


def answers(store: Store) -> list[pa.Table]:
    """Return what a reader with every right is answered to each kind of question, but for numbers of records."""
    with store.window(subject(**WHO), ask(necessity=True), Known(people()), 1) as window:
        found = window.find(SCHEMATA, [])
        named = window.statements(found, sensitive=True).drop_columns(["record", "label_id"])
        linked = window.links(found).drop_columns(["record", "label_id"])
        groups = [window.group(SCHEMATA, prop, None, 10) for prop in ("name", "nationality")]
        searched = window.search_names(SCHEMATA, ["person", "acme"], 10)
        exact = window.search_exact(SCHEMATA, ["name"], ["Acme", "Person 1"])
    return [named, linked, *groups, searched, exact]


@pytest.mark.case("A15")
@pytest.mark.parametrize(("day", "left"), [(date(2030, 12, 31), 12), (date(2031, 1, 1), 0)])
def test_values_leave_on_the_day_they_expire(store: Store, day: date, left: int) -> None:
    """On the day itself they are gone from every table, the day before none is."""
    store.purge(7, day)
    assert len(rows(store, "SELECT * FROM record")) == left
    check_whole(store)


def test_every_cache_forgets_what_is_gone(store: Store) -> None:
    """Whatever is remembered of records was computed after the purge, and each cache is in the list."""
    answers(store)
    assert all(cache.changes for cache in store.caches)
    store.purge(7, date(2031, 1, 1))
    assert not any(cache.changes for cache in store.caches)
    named = {name for name, value in vars(store).items() if hasattr(value, "forget")}
    assert len(named) == len(store.caches)


def test_nothing_expired_is_no_change(store: Store) -> None:
    """A purge that finds nothing makes no change; that it was made is known."""
    before = store.change()
    assert store.purge(7, DAY) == Purged()
    assert (store.change(), store.acts()) == (before, 7)


def test_a_tombstone_has_no_content(store: Store) -> None:
    """Of a record there stays whose it was, where it stood, when it left and by which act."""
    store.relabel(7, FRENCH, withdraw)
    done = store.purge(8, DAY)
    found = rows(store, "SELECT owner, source, place, day, act FROM tombstone ORDER BY record")
    assert found == [("FR", "persons", f"line {n}", DAY, 8) for n in range(1, len(PEOPLE) + 1)]
    assert (done.records, done.statements, len(done.originals)) == (4, 16, 1)
    kinds = rows(store, "SELECT kind, count(*) FROM change GROUP BY kind ORDER BY kind")
    assert kinds == [("add", 12), ("label", 4), ("purge", 4)]
    assert rows(store, "SELECT DISTINCT n FROM change WHERE kind = 'purge'") == [(store.change(),)] == [(5,)]


def test_an_expired_part_leaves_the_rest(store: Store) -> None:
    """Where some values of a record expire, the others stay and the record is no tombstone."""
    store.relabel(7, FRENCH, withdraw_sensitive)
    done = store.purge(8, DAY)
    assert (done.records, done.statements, done.originals) == (0, 4, ())
    assert rows(store, "SELECT count(*) FROM record") == [(12,)]
    check_whole(store)


def test_what_is_gone_is_not_taken_in_again(store: Store) -> None:
    """Delivered again it counts as a duplicate, in a file of its own and beside new items."""
    store.relabel(7, FRENCH, withdraw)
    store.purge(8, DAY)
    said = profile(source="persons", keys=KEYS)
    again = deliver(store, PEOPLE, said)
    more = deliver(store, [*PEOPLE, entity("p9", "Person", name="Person 9")], said)
    assert [(d.new, d.duplicates) for d in (again, more)] == [(0, 4), (1, 4)]
    check_whole(store)


def test_another_owner_keeps_his(store: Store) -> None:
    """The same persons stay as their other owner delivered them."""
    before = rows(
        store, "SELECT r.id FROM record r JOIN statement s USING (record) WHERE owner = 'DE' ORDER BY 1"
    )
    store.relabel(7, FRENCH, withdraw)
    store.purge(8, DAY)
    after = rows(
        store, "SELECT r.id FROM record r JOIN statement s USING (record) WHERE owner = 'DE' ORDER BY 1"
    )
    assert before == after


def test_unreadable_labels_are_not_purged(store: Store) -> None:
    """Nobody can say when what cannot be read expires; nobody is shown it either."""
    with store._database.transaction() as cursor:
        cursor.execute("UPDATE label SET body = '{\"number\":' || label_id || '}'")
    assert store.purge(7, date(2100, 1, 1)) == Purged()


@pytest.mark.case("F18")
def test_twice_is_once(store: Store) -> None:
    """Applied again under its number nothing happens; under a new one there is nothing left to do."""
    store.relabel(7, FRENCH, withdraw)
    store.purge(8, DAY)
    tables = rows(store, "SELECT * FROM statement ORDER BY ALL"), rows(store, "SELECT * FROM tombstone")
    assert store.purge(8, date(2100, 1, 1)) == store.purge(9, DAY) == Purged()
    assert tables == (
        rows(store, "SELECT * FROM statement ORDER BY ALL"),
        rows(store, "SELECT * FROM tombstone"),
    )


@pytest.mark.case("A70")
def test_an_older_database_ends_in_the_same_state(store: Store, tmp_path: Path) -> None:
    """A database from before the acts, to which they are applied again, says what the other one says."""
    other = open_folder(tmp_path / "other", create=True)
    store._database.close()
    other.database.write_bytes(store.folder.database.read_bytes())
    copies = [Store(store.folder), Store(other)]
    copies[0].relabel(7, FRENCH, withdraw)
    copies[0].purge(8, DAY)
    for act in (7, 8):
        for each in copies:
            if act > each.acts():
                each.relabel(act, FRENCH, withdraw) if act == 7 else each.purge(act, DAY)
    query = "SELECT * FROM tombstone ORDER BY record"
    assert rows(copies[0], query) == rows(copies[1], query) != []
    assert answers(copies[0]) == answers(copies[1])
    assert copies[0].labels() == copies[1].labels()
    for each in copies:
        each.close()
    store._database = Store(store.folder)._database


def test_answers_are_those_of_a_store_that_never_had_it(store: Store, tmp_path: Path) -> None:
    """Every kind of question is answered with the same bytes."""
    kept = open_folder(tmp_path / "never", create=True)
    (kept / "keys" / "ids").write_bytes(store.folder.key)
    never = Store(kept)
    deliver(never, COMPANIES, profile(source="companies", keys=KEYS, handling=["H2"]))
    deliver(never, PEOPLE, profile(source="persons", keys=KEYS, owner="DE", handling=["H2"]))
    assert answers(store) != answers(never)
    store.relabel(7, FRENCH, withdraw)
    store.purge(8, DAY)
    for one, other in zip(answers(store), answers(never), strict=True):
        assert one.equals(other)
    never.close()


def test_a_reader_goes_on_and_the_next_one_sees_nothing(store: Store) -> None:
    """Who is being answered while a purge is made is answered from the moment he asked."""
    with store.window(subject(), ask(), Known(people()), 1) as window:
        found = window.find(["Person"], [])
        before = window.statements(found)
        store.purge(7, date(2031, 1, 1))
        assert window.statements(found) == before
        assert before.num_rows == 2 * 3 * len(PEOPLE)
    assert not len(answers(store)[0])

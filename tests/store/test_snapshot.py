"""A snapshot and its state are of one moment, whatever is committed around it."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from insight_kernel.errors import Unavailable
from insight_kernel.store import sql
from insight_kernel.store.opened import Store
from tests.build import deliver, entity, profile

DELIVERIES, READERS = 25, 3


def delivered(store: Store) -> None:
    for n in range(DELIVERIES):
        deliver(store, [entity(f"p{n}", "Person", name=f"Person {n}")], profile())


def seen(store: Store) -> int:
    """Look until everything was delivered; return how many states were seen, each held against the tables."""
    states = set()
    while len(states) <= DELIVERIES:
        with store._database.snapshot() as snapshot:
            state = snapshot.state
            [(records, last)] = snapshot.rows("SELECT count(*), coalesce(max(record), 0) FROM record")
            assert (state.change, state.records) == (records, last)
            assert snapshot.rows(sql.STATE)[0][:2] == (state.change, state.records)
        states.add(state.change)
        if state.change == DELIVERIES:
            break
    return len(states)


def test_the_state_is_of_the_moment_that_is_read(empty: Store) -> None:
    """Readers that begin while deliveries are committed never hold a state that is older or newer than their rows."""
    with ThreadPoolExecutor(READERS + 1) as pool:
        looking = [pool.submit(seen, empty) for _ in range(READERS)]
        pool.submit(delivered, empty).result()
        assert min(each.result() for each in looking) > 1


def test_a_snapshot_is_of_its_beginning(empty: Store) -> None:
    """Not of the first question that is asked in it."""
    with empty._database.snapshot() as snapshot:
        deliver(empty, [entity("p", "Person", name="Person")], profile())
        assert snapshot.rows("SELECT count(*) FROM record") == [(0,)]


def broken_off(store: Store, statement: str) -> None:
    with store._database.transaction() as cursor:
        cursor.execute(statement)
        raise KeyError


@pytest.mark.parametrize(
    ("error", "statement"),
    [(Unavailable, "SELECT nothing FROM nowhere"), (KeyError, "UPDATE state SET change = 9")],
)
def test_what_was_not_committed_leaves_the_state_as_it_was(
    empty: Store, error: type[Exception], statement: str
) -> None:
    """Neither an error of the database nor one of ours moves it."""
    with pytest.raises(error):
        broken_off(empty, statement)
    assert empty.change() == 0
    deliver(empty, [entity("p", "Person", name="Person")], profile())
    assert empty.change() == 1

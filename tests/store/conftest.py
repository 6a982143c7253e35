"""Stores of a few records, for tests of what is done to them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from insight_kernel.store.folder import open_folder
from insight_kernel.store.opened import Store
from tests.build import deliver, entity, profile
from tests.store.whole import check_whole

KEYS = "world"
PEOPLE = [entity(f"p{n}", "Person", name=f"Person {n}", nationality="fr", ethnicity="x") for n in range(4)]
COMPANIES = [
    entity("c0", "Company", name="Acme", parent="c1"), entity("c1", "Company", name="Holding"),
    entity("o0", "Ownership", owner="c1", asset="c0", role="parent"), entity("o1", "Payment", payer="c0"),
]  # fmt: skip
ASKED = {"handling": ["H2"]}


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Store]:
    """An empty store, whose tables agree when the test is over."""
    store = Store(open_folder(tmp_path / "store", create=True))
    yield store
    check_whole(store)
    store.close()


@pytest.fixture
def store(empty: Store) -> Store:
    """Persons and companies of one owner, and the same persons from another."""
    deliver(empty, PEOPLE, profile(source="persons", keys=KEYS))
    deliver(empty, COMPANIES, profile(source="companies", keys=KEYS, **ASKED))
    deliver(empty, PEOPLE, profile(source="persons", keys=KEYS, owner="DE", **ASKED))
    return empty

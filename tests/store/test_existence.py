"""Existence: what is there for a reader, from what he may see and from nothing else (rules.md 7).

Entities are delivered in records under one of two labels: `open` is visible to the reader from Rabat, `closed`
is kept by its owner.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from insight_kernel.model.ids import entity_hasher
from insight_kernel.policy.allowed import Known
from insight_kernel.store.folder import open_folder
from insight_kernel.store.opened import Store
from insight_kernel.store.read import Window
from tests.build import ask, deliver, entity, people, profile, subject

LABELS: dict[str, dict[str, Any]] = {"open": {}, "closed": {"only": []}}
KEYS = "world"
EVERYTHING = ["Company", "Ownership", "Payment", "UnknownLink", "Address", "Person", "Sanction"]
Record = tuple[str, dict[str, Any]]


def company(key: str, **properties: str | list[str]) -> dict[str, Any]:
    return entity(key, "Company", **(properties or {"name": f"Company {key}"}))


def payment(
    key: str, payer: str | list[str] | None, beneficiary: str | list[str] | None, **more: str
) -> dict[str, Any]:
    ends = {name: end for name, end in (("payer", payer), ("beneficiary", beneficiary)) if end is not None}
    return entity(key, "Payment", **ends, **more)


A, B = ("open", company("a")), ("open", company("b"))
HIDDEN = ("closed", company("h"))

CASES: dict[str, tuple[list[Record], set[str]]] = {
    "a node with a visible name": ([A], {"a"}),
    "a node with hidden statements only": ([HIDDEN], set()),
    "a node of two records, one hidden": ([A, ("closed", company("a", jurisdiction="fr"))], {"a"}),
    "a node of which a reference only is visible": ([HIDDEN, A, ("open", company("h", parent="a"))], {"a"}),
    "a node somebody refers to": ([("open", company("a", name="A", parent="h")), HIDDEN], {"a"}),
    "a node somebody refers to that was never delivered": ([("open", company("a", name="A", parent="x"))], {"a"}),
    "two nodes that only point at each other": (
        [("open", company("a", parent="b")), ("open", company("b", parent="a"))], set()),
    "a node that points at itself only": ([("open", company("a", parent="a"))], set()),
    "a link with both ends": ([A, B, ("open", payment("p", "a", "b"))], {"a", "b", "p"}),
    "a payment whose payee is hidden": ([A, HIDDEN, ("open", payment("p", "a", "h", date="2026-01-01"))], {"a"}),
    "a payment whose payer is hidden": ([A, HIDDEN, ("open", payment("p", "h", "a", date="2026-01-01"))], {"a"}),
    "a payment whose payee was never delivered": ([A, ("open", payment("p", "a", "x", date="2026-01-01"))], {"a"}),
    "a hidden payment between visible ends": ([A, B, ("closed", payment("p", "a", "b"))], {"a", "b"}),
    "a payment with one hidden payee of two": ([A, B, HIDDEN, ("open", payment("p", "a", ["b", "h"]))], {"a", "b"}),
    "a payment whose ends are hidden statements": (
        [A, B, ("closed", payment("p", "a", "b")), ("closed", payment("p", "a", "b", date="2026-01-01"))], {"a", "b"}),
    "a payment delivered without a payee": ([A, ("open", payment("p", "a", None))], {"a", "p"}),
    "a payment delivered without a payer": ([A, ("open", payment("p", None, "a"))], {"a", "p"}),
    "a payment without a payee, whose payer is hidden": ([HIDDEN, ("open", payment("p", "h", None))], set()),
    "a payment without a payee in a hidden record only": ([A, ("closed", payment("p", "a", None))], {"a"}),
    "two links that are each other's ends": (
        [("open", entity("l", "UnknownLink", subject="m", object="m", role="x")),
         ("open", entity("m", "UnknownLink", subject="l", object="l", role="x"))], set()),
    "a link to a link": (
        [A, B, ("open", payment("p", "a", "b")), ("open", entity("l", "UnknownLink", subject="a", object="p"))],
        {"a", "b", "p"}),
    "a visible name from a hidden source and a visible one": (
        [("closed", company("a", name="Other")), A], {"a"}),
}  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """An empty store."""
    opened = Store(open_folder(tmp_path / "store", create=True))
    yield opened
    opened.close()


@pytest.mark.case("A81")
@pytest.mark.parametrize("name", CASES)
def test_what_exists_for_a_reader(store: Store, name: str) -> None:
    """Nodes by a literal only; links only with all their ends; in bulk, by id, and in any order of delivery."""
    records, expected = CASES[name]
    for label, item in records:
        give(store, label, [item])
    with window(store) as seen:
        assert keys(store, seen.find(EVERYTHING, []), records) == expected
        every = [number(store, item["id"]) for _, item in records]
        assert keys(store, seen.existing(every), records) == expected
        shown = seen.statements(seen.existing(every), sensitive=True)
        assert keys(store, shown["eid"], records) == expected
        refs = {ref for ref in shown["ref"].to_pylist() if ref is not None}
        assert keys(store, refs, records) <= expected  # nothing refers to what is not there
        assert len(refs) == len(keys(store, refs, records))


@pytest.mark.parametrize("name", CASES)
def test_the_order_of_deliveries_does_not_matter(store: Store, name: str) -> None:
    """The same records in reverse make the same things exist, and keep doing so when rows are put in order."""
    records, expected = CASES[name]
    for label, item in reversed(records):
        give(store, label, [item])
    with window(store) as seen:
        assert keys(store, seen.find(EVERYTHING, []), records) == expected
    store.sort_if_needed(always=True)
    with window(store) as seen:
        assert keys(store, seen.find(EVERYTHING, []), records) == expected


BASE: list[Record] = [
    A, B, ("open", payment("p", "a", "b", date="2026-01-01", namesMentioned="Ana Kovac")),
    ("open", payment("q", "a", None)),
    ("open", company("c", name="C", parent="a")), ("open", entity("s", "Sanction", entity="a", program="X")),
]  # fmt: skip
HIDDEN_MORE: dict[str, dict[str, Any]] = {
    "another payee of the payment": payment("p", "a", "h"),
    "the payee left out": payment("q", None, "b"),
    "a hidden payee of the payment left one-sided": payment("q", "a", "h"),
    "the payment without ends": payment("p", None, None, date="2020-01-01"),
    "another name of a company": company("a", name="Zed"),
    "another parent": company("c", parent="h"),
    "a link from a visible to a hidden one": entity("o", "Ownership", owner="a", asset="h"),
    "a link between visible ones": entity("o", "Ownership", owner="a", asset="b"),
    "a company with the same name": company("h", name="Company a"),
    "the same key as another kind of thing": entity("a", "Person", name="Company a"),
    "the payment as a company": company("p", name="P"),
}


@pytest.mark.case("A87")
@pytest.mark.parametrize("name", HIDDEN_MORE)
def test_a_hidden_record_changes_nothing(store: Store, name: str) -> None:
    """Ends, names, links and kinds that the reader may not see neither make nor unmake anything for him."""
    for label, item in BASE:
        give(store, label, [item])
    before = everything(store)
    give(store, "closed", [HIDDEN_MORE[name], HIDDEN[1]])
    assert everything(store) == before
    store.sort_if_needed(always=True)
    assert everything(store) == before


@pytest.mark.case("A87")
def test_links_that_do_not_exist_displace_nothing(store: Store) -> None:
    """Names in payments to hidden payees do not push a visible one out of a short list, and are not counted."""
    give(store, "open", [A[1], B[1], payment("p", "a", "b", date="2026-01-01", namesMentioned="Ana Kovac")])
    give(store, "closed", [HIDDEN[1]])
    many = [payment(f"p{n}", "a", "h", date="2026-01-01", namesMentioned="Ana Kovac") for n in range(50)]
    give(store, "open", many)
    with window(store) as seen:
        found = seen.search_names(["Payment"], ["ana", "kovac"], 1)
        assert found["eid"].to_pylist() == [number(store, "p")]
        assert seen.search_names(["Payment"], ["ana", "kovac"], 50).num_rows == 1


def give(store: Store, label: str, items: list[dict[str, Any]]) -> None:
    """Deliver records under one of the two labels; both sources speak of the same keys."""
    deliver(store, items, profile(source=label, keys=KEYS, **LABELS[label]))


def window(store: Store) -> Any:
    """Look as the reader from Rabat."""
    return store.window(subject(), ask(), Known(people()), 1)


def number(store: Store, key: str) -> int:
    """Return the number of a delivered key."""
    return entity_hasher(store.folder.key)(KEYS, key)


def keys(store: Store, eids: Any, records: list[Record]) -> set[str]:
    """Return the delivered keys of entity numbers; numbers of anything else are a mistake."""
    names = {number(store, item["id"]): item["id"] for _, item in records}
    return {names[int(eid)] for eid in (eids.to_pylist() if hasattr(eids, "to_pylist") else eids)}


def everything(store: Store) -> tuple[object, ...]:
    """Return all that the reader can learn through a window."""
    with window(store) as seen:
        eids = seen.find(EVERYTHING, [])
        return (
            eids.tolist(), _rows(seen.statements(eids, sensitive=True)), _rows(seen.links(eids)), _groups(seen),
            seen.search_names(EVERYTHING, ["company", "a"], 3).to_pylist(),
        )  # fmt: skip


def _rows(table: Any) -> list[dict[str, Any]]:
    return [{k: v for k, v in row.items() if k not in ("record", "label_id")} for row in table.to_pylist()]


def _groups(seen: Window) -> list[dict[str, Any]]:
    return [row for prop in ("name", "date") for row in seen.group(EVERYTHING, prop, None, 10).to_pylist()]


@pytest.mark.case("A87")
def test_which_label_vouches_for_a_neighbour_does_not_depend_on_the_order_of_arrival(tmp_path: Path) -> None:
    """Of two labels by which a node exists the same is named, whichever was known to the store first."""
    named = []
    for order in (("open", "moroccan"), ("moroccan", "open")):
        opened = Store(open_folder(tmp_path / order[0], create=True))
        for owner in order:
            label = {} if owner == "open" else {"owner": "MA"}
            deliver(opened, [B[1]], profile(source=owner, keys=KEYS, **label))
        with window(opened) as seen:
            found = seen.witnesses(seen.existing([number(opened, "b")]), frozenset())
            named.append([seen.labels[n] for n in found.labels])
        opened.close()
    assert named[0] == named[1]
    assert len(named[0]) == 1

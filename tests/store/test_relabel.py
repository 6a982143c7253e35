"""Change of label: from one act on, all tables say so; nobody else's records, and nothing else, change."""

from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest

from insight_kernel.model.label import Label, Unreadable
from insight_kernel.policy.allowed import Known
from insight_kernel.store.opened import Store
from insight_kernel.store.relabel import Change, Relabelled, Selection
from tests.build import ask, deliver, entity, people, profile, subject
from tests.store.conftest import ASKED, KEYS, PEOPLE
from tests.store.whole import check_whole, rows

FRENCH = Selection("FR", source="persons")
OF = "SELECT r.owner, r.source, h.label_id FROM held AS h JOIN record AS r ON r.record = h.record"


def tighten(label: Label, scope: str) -> tuple[Label, str]:
    return replace(label, level="confidential"), scope


def reserve(label: Label, scope: str) -> tuple[Label, str]:
    return replace(label, only=frozenset({"BE"})), scope


def extend(label: Label, scope: str) -> tuple[Label, str]:
    return replace(label, expires=date(2040, 1, 1)), scope


def protect(label: Label, scope: str) -> tuple[Label, str]:
    return replace(label, handling=frozenset({"H2"})), scope


def carried(store: Store) -> Counter[tuple[str, str, str, str]]:
    """Return which labels the records of each owner and source carry, with how many."""
    labels, scopes = store.labels().labels, store.labels().scopes
    return Counter(
        (str(owner), str(source), str(labels[n]), scopes[n])
        for owner, source, n in rows(store, OF)
        if isinstance(n, int)
    )


def held_labels(store: Store, owner: str, source: str) -> list[Label | Unreadable]:
    """Return the labels that the records of a source carry."""
    labels = store.labels().labels
    return [labels[n] for o, s, n in rows(store, OF) if (o, s) == (owner, source) and isinstance(n, int)]


def ids(store: Store, owner: str) -> tuple[str, ...]:
    """Return the ids of an owner's persons, as delivered."""
    found = rows(store, "SELECT id, owner FROM record WHERE source = 'persons' ORDER BY record")
    return tuple(str(name) for name, of in found if of == owner)


def seen(store: Store, **who: object) -> list[object]:
    """Return how many persons a reader sees, with how many statements."""
    with store.window(subject(**who), ask(), Known(people()), 1) as window:
        found = window.find(["Person"], [])
        return [len(found), window.statements(found).num_rows]


def test_a_label_has_a_scope_where_somebody_must_be_asked(store: Store) -> None:
    """Equal labels of two sources are two numbers where a consent can be about one, and one elsewhere."""
    deliver(store, [entity("x", "Person", name="X")], profile(source="other", **ASKED))
    deliver(store, [entity("y", "Person", name="Y")], profile(source="free"))
    found = dict.fromkeys((owner, source, scope) for owner, source, _, scope in sorted(carried(store)))
    assert list(found) == [
        ("DE", "persons", "DE/persons"), ("FR", "companies", "FR/companies"), ("FR", "free", ""),
        ("FR", "other", "FR/other"), ("FR", "persons", ""),
    ]  # fmt: skip


def test_a_source_is_tightened(store: Store) -> None:
    """Whom the new label refuses sees nothing of it any more; whom it admits sees what he saw."""
    wide = seen(store)
    assert seen(store, clearance="official") == wide
    assert store.relabel(7, FRENCH, tighten).records == len(PEOPLE)
    check_whole(store)
    assert seen(store) == wide
    assert seen(store, clearance="official") == [wide[0], wide[1] // 2]
    store.relabel(8, Selection("DE", source="persons"), tighten)
    assert seen(store, clearance="official") == [0, 0]


def test_records_are_named_by_id(store: Store) -> None:
    """Only they change; what has no such id is passed over."""
    before = carried(store)
    one = ids(store, "FR")[0]
    assert store.relabel(7, Selection("FR", ids=(one, "unknown")), tighten).records == 1
    changes = rows(
        store, "SELECT c.kind, r.id FROM change c JOIN record r ON r.record = c.record WHERE n = 4"
    )
    assert changes == [("label", one)]
    assert store.change() == 4
    assert sum((carried(store) - before).values()) == sum((before - carried(store)).values()) == 2


@pytest.mark.parametrize(
    "chosen", [Selection("MA", source="persons"), Selection("FR", source="no such"), Selection("FR")]
)
def test_nothing_is_found(store: Store, chosen: Selection) -> None:
    """No record, no change; that there was an act is known all the same."""
    before = carried(store), store.change()
    assert store.relabel(7, chosen, tighten) == Relabelled()
    assert (carried(store), store.change()) == before
    assert store.acts() == 7


def test_records_of_others_are_not_found(store: Store) -> None:
    """Ids of another owner's records, and of a source of the same name, are as unknown ones are."""
    before = carried(store), store.change(), store.labels()
    assert store.relabel(7, Selection("FR", ids=ids(store, "DE")), tighten) == Relabelled()
    assert (carried(store), store.change(), store.labels()) == before
    store.relabel(8, FRENCH, tighten)
    assert {k: n for k, n in carried(store).items() if k[0] == "DE"} == {
        k: n for k, n in before[0].items() if k[0] == "DE"
    }


@pytest.mark.case("F18")
def test_an_act_is_applied_once(store: Store) -> None:
    """The same number again, or an earlier one, does nothing."""
    store.relabel(7, FRENCH, tighten)
    before = carried(store), store.change()
    assert store.relabel(7, FRENCH, reserve) == store.relabel(6, FRENCH, reserve) == Relabelled()
    assert (carried(store), store.change(), store.acts()) == (*before, 7)


@pytest.mark.parametrize("order", list(permutations([tighten, reserve, extend])))
def test_changes_of_different_fields_commute(store: Store, order: tuple[Change, ...]) -> None:
    """In any order the records carry the same labels in the end."""
    for act, change in enumerate(order, start=7):
        store.relabel(act, FRENCH, change)
        check_whole(store)
    own = [label for label in held_labels(store, "FR", "persons") if isinstance(label, Label)]
    assert {label.level for label in own} == {"confidential"}
    assert {label.only for label in own} == {frozenset({"BE"})}
    assert {label.expires for label in own} == {date(2040, 1, 1)}


def test_a_change_that_changes_nothing_is_none(store: Store) -> None:
    """The label an owner states again is the label it was."""
    before = carried(store), store.change()
    assert store.relabel(7, FRENCH, lambda label, scope: (label, scope)) == Relabelled()
    assert (carried(store), store.change()) == before


def test_delivered_again_the_new_label_stands(store: Store) -> None:
    """What an owner delivers a second time is the record he has changed the label of."""
    store.relabel(7, FRENCH, tighten)
    before = carried(store), store.change()
    assert deliver(store, PEOPLE, profile(source="persons", keys=KEYS)).new == 0
    assert (carried(store), store.change()) == before


def test_who_must_be_asked_from_now_on_is_asked_about_this_source(store: Store) -> None:
    """A label by which nobody had to be asked gets its scope with the act that changes it, and loses it again."""
    store.relabel(7, FRENCH, protect)
    assert {k[3] for k in carried(store) if k[:2] == ("FR", "persons")} == {"FR/persons"}
    store.relabel(8, FRENCH, lambda label, scope: (replace(label, handling=frozenset()), scope))
    assert {k[3] for k in carried(store) if k[:2] == ("FR", "persons")} == {""}


def test_a_consent_about_records_gets_numbers_of_their_own(store: Store) -> None:
    """Named records no longer share their label with the rest of the source, and keep it when the label changes."""
    asked = Selection("DE", ids=ids(store, "DE")[:2])
    assert store.narrow(7, asked).records == 2
    check_whole(store)
    own = {f"DE/persons/{name}" for name in asked.ids}
    assert {k[3] for k in carried(store) if k[0] == "DE"} == {"DE/persons", *own}
    store.relabel(8, Selection("DE", source="persons"), tighten)
    assert {k[3] for k in carried(store) if k[0] == "DE"} == {"DE/persons", *own}


def test_a_free_record_needs_no_number_of_its_own(store: Store) -> None:
    """Where nobody must be asked there is nothing to consent to."""
    assert store.narrow(7, FRENCH) == Relabelled()


def test_unreadable_labels_stay(store: Store) -> None:
    """What nobody can read, nobody can change by reading it."""
    query = "UPDATE label SET body = '{}' WHERE label_id IN (SELECT label_id FROM record WHERE source = 'companies')"
    with store._database.transaction() as cursor:
        cursor.execute(query)
    before = rows(store, OF)
    assert store.relabel(7, Selection("FR", source="companies"), tighten) == Relabelled()
    assert sorted(map(str, rows(store, OF))) == sorted(map(str, before))


def test_what_a_record_carried_is_kept(store: Store) -> None:
    """For each record and label: the act, the old number and the new one."""
    store.relabel(7, FRENCH, tighten)
    found = rows(store, "SELECT act, old, new FROM relabelled GROUP BY ALL ORDER BY old")
    labels = store.labels().labels
    assert len(found) == 2
    for act, old, new in found:
        assert isinstance(old, int)
        assert isinstance(new, int)
        before = labels[old]
        assert isinstance(before, Label)
        assert act == 7
        assert labels[new] == replace(before, level="confidential")

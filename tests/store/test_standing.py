"""A join as it stands today: what its records were given since, what they still carry, what is gone."""

from dataclasses import replace
from datetime import date

import pytest

from insight_kernel.model.label import Label
from insight_kernel.policy.allowed import Known
from insight_kernel.policy.consent import Consent, label_mark
from insight_kernel.policy.join import Join, Standing
from insight_kernel.policy.standing import decide_standing
from insight_kernel.store.opened import Store
from insight_kernel.store.read import join_of
from insight_kernel.store.relabel import Selection
from tests.build import DAY, ask, people, subject
from tests.store.test_purge import withdraw, withdraw_sensitive
from tests.store.test_relabel import FRENCH, extend, tighten
from tests.store.whole import rows

GERMAN = Selection("DE", source="persons")


def read(store: Store, owner: str) -> Join:
    """Return the join of what a reader is sent of an owner's persons."""
    mine = [
        n for (n,) in rows(store, f"SELECT record FROM record WHERE owner = '{owner}' AND source = 'persons'")
    ]
    with store.window(subject(), ask(), Known(people()), 1) as window:
        table = window.statements(window.find(["Person"], []))
    return join_of(table.filter([n in mine for n in table["record"].to_pylist()]))


def refused(store: Store, standing: Standing, *given: Consent, day: date = DAY, recipient: str | None = None,
            **who: object) -> str | None:  # fmt: skip
    """Return why a reader may not see what was made, or None."""
    known, asked = Known(people(), frozenset(given)), ask(day=day, recipient=recipient)
    return decide_standing(subject(**who), standing, store.labels(), known, asked).reason


def test_untouched_it_is_what_it_was(store: Store) -> None:
    """Without an act the labels are those that went in, all of them current."""
    join = read(store, "FR")
    assert store.standing(join) == Standing(join.labels, join.labels)


def test_a_join_of_nothing_stays_unreadable(store: Store) -> None:
    """Nothing was read, so nothing can be decided."""
    assert refused(store, store.standing(Join())) == "unreadable-label"


@pytest.mark.case("A79")
def test_tightened_after_it_was_read(store: Store) -> None:
    """The new label binds what was made before, for whoever holds it."""
    join = read(store, "FR")
    assert refused(store, store.standing(join), clearance="official") is None
    store.relabel(7, FRENCH, tighten)
    standing = store.standing(join)
    assert standing.labels > join.labels
    assert standing.current == standing.labels - join.labels
    assert refused(store, standing, clearance="official") == "clearance"
    assert refused(store, standing) is None


def test_loosened_after_it_was_read(store: Store) -> None:
    """Nothing is taken out: what was made stays as strict as it was."""
    store.relabel(7, FRENCH, tighten)
    join = read(store, "FR")
    store.relabel(8, FRENCH, lambda label, scope: (replace(label, level="official"), scope))
    assert refused(store, store.standing(join), clearance="official") == "clearance"


def test_act_after_act_is_followed(store: Store) -> None:
    """A label given in place of one given before binds too."""
    join = read(store, "FR")
    for act, change in enumerate((extend, tighten), start=7):
        store.relabel(act, FRENCH, change)
    standing = store.standing(join)
    assert len(standing.labels) == 3
    assert len(standing.current) == 1
    assert refused(store, standing, clearance="official") == "clearance"


def test_an_extension_reaches_what_was_made(store: Store) -> None:
    """The day on which it is gone is read from the label the record carries now."""
    join, late = read(store, "FR"), date(2031, 6, 1)
    assert refused(store, store.standing(join), day=late) == "expired"
    store.relabel(7, FRENCH, extend)
    assert refused(store, store.standing(join), day=late) is None
    store.relabel(8, FRENCH, lambda label, scope: (replace(label, expires=date(2031, 6, 1)), scope))
    assert refused(store, store.standing(join), day=late) == "expired"


def test_acts_on_other_records_are_not_its_business(store: Store) -> None:
    """Another owner's acts, on the same persons, change nothing."""
    join = read(store, "FR")
    store.relabel(7, GERMAN, tighten)
    store.relabel(8, GERMAN, withdraw)
    store.purge(9, DAY)
    assert store.standing(join) == Standing(join.labels, join.labels)


def test_acts_on_records_beside_it_are_not_its_business(store: Store) -> None:
    """Records under the same label, of the same source, that are not in the join leave it as it is."""
    one, *others = rows(
        store, "SELECT record, id FROM record WHERE owner = 'FR' AND source = 'persons' ORDER BY record"
    )
    join = replace(read(store, "FR"), records=frozenset({one[0]}))
    store.relabel(7, Selection("FR", ids=tuple(str(name) for _, name in others)), tighten)
    assert store.standing(join) == Standing(join.labels, join.labels)
    store.relabel(8, Selection("FR", ids=(str(others[0][1]),)), withdraw)
    store.purge(9, DAY)
    assert store.standing(join) == Standing(join.labels, join.labels)


def test_withdrawn(store: Store) -> None:
    """What was made of a record that is gone is gone, the moment it is withdrawn and after the purge."""
    join = read(store, "FR")
    store.relabel(7, FRENCH, withdraw)
    assert refused(store, store.standing(join)) == "expired"
    store.purge(8, DAY)
    standing = store.standing(join)
    assert standing.erased
    assert not standing.current
    assert refused(store, standing) == "expired"


def test_a_part_withdrawn_that_went_in(store: Store) -> None:
    """A value that expired binds what was made of it, though its record is still there; what lacked it stays."""
    without = read(store, "FR")
    sensitive = {
        n for n, label in enumerate(store.labels().labels) if isinstance(label, Label) and label.special
    }
    held = rows(store, "SELECT held.label_id, record FROM held JOIN record USING (record) WHERE owner = 'FR'")
    with_it = without | Join(frozenset(n for n, _ in held if isinstance(n, int)) & sensitive, frozenset())
    store.relabel(7, FRENCH, withdraw_sensitive)
    store.purge(8, DAY)
    assert refused(store, store.standing(without)) is None
    assert refused(store, store.standing(with_it), permits=["sensitive"]) == "expired"


def test_a_label_made_narrower_is_judged_by_its_successor(store: Store) -> None:
    """Whether owners were asked is a matter of the number that is about these records now."""
    join = read(store, "DE")
    ids = tuple(str(n) for (n,) in rows(store, "SELECT id FROM record WHERE owner = 'DE'"))
    store.narrow(7, Selection("DE", ids=ids))
    standing = store.standing(join)
    assert standing.moved == join.labels

    marks = frozenset(label_mark(n) for n in store.labels().labels if isinstance(n, Label))
    scopes = frozenset(f"DE/persons/{name}" for name in ids)
    given = Consent("DE", scopes, "FR", "network", DAY, marks)
    assert refused(store, standing, recipient="FR") == "consent"
    assert refused(store, standing, given, recipient="FR") is None
    fewer = replace(given, scopes=frozenset(sorted(scopes)[:-1]))
    assert refused(store, standing, fewer, recipient="FR") == "consent"


def test_a_label_changed_otherwise_is_still_judged(store: Store) -> None:
    """An owner who no longer wants to be asked does not thereby say yes to what was made before."""
    join = read(store, "DE")
    store.relabel(7, GERMAN, lambda label, scope: (replace(label, handling=frozenset()), scope))
    standing = store.standing(join)
    assert not standing.moved
    assert refused(store, standing, recipient="FR") == "consent"

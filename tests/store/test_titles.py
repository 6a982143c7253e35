"""What a source is called is remembered only as long as it is so."""

from insight_kernel.policy.allowed import Known
from insight_kernel.store.opened import Store
from insight_kernel.store.titles import Titles
from tests.build import ask, deliver, entity, people, profile, subject

ANA = [entity("a", "Person", name="Ana")]


def titles(store: Store) -> Titles:
    with store.window(subject(), ask(), Known(people()), 1) as window:
        return window.titles


def test_a_source_that_is_renamed_is_shown_under_its_new_name(empty: Store) -> None:
    """Although the file with the new name holds nothing new; who looks at an earlier moment reads the earlier one."""
    deliver(empty, ANA, profile(source="people", title="First"))
    with empty.window(subject(), ask(), Known(people()), 1) as earlier:
        deliver(empty, ANA, profile(source="people", title="Second"))
        assert titles(empty) == {("FR", "people"): "Second"}
        assert earlier.titles == {("FR", "people"): "First"}
    assert empty.change() == 2


def test_nothing_new_is_no_change(empty: Store) -> None:
    """The same file with the same profile leaves the store's number as it was."""
    for _ in range(2):
        deliver(empty, ANA, profile(source="people", title="First"))
    assert empty.change() == 1

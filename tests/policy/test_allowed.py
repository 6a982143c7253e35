"""The set of labels a reader may see: groups looked up, sensitive values apart, and nothing remembered too long."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from insight_kernel.model.label import Label, Unreadable, read_label
from insight_kernel.model.subject import Ask
from insight_kernel.policy import allowed
from insight_kernel.policy.allowed import AllowedCache, AllowedSet, Known, Stored
from insight_kernel.policy.consent import Consent, label_mark
from tests.build import DAY, ask, people, raw_label, subject

WEST = people(**{"G-WEST": ["FR", "MA"], "G-EAST": ["JP"]})
ONE = {"people": 1}


def label(**changes: Any) -> Label:
    found = read_label(raw_label(**changes))
    assert isinstance(found, Label)
    return found


def stored(*labels: Label | Unreadable, scope: str = "FR/x") -> Stored:
    return Stored(labels, (scope,) * len(labels))


def seen(labels: Stored, known: Known | None = None, asked: Ask | None = None, **reader: Any) -> AllowedSet:
    return AllowedCache().get(subject(**reader), asked or ask(), labels, known or Known(WEST), ONE)


@pytest.mark.parametrize(
    ("said", "only", "excluded"),
    [
        ({}, None, set()),
        ({"only": ["G-WEST", "DE"]}, {"FR", "MA", "DE"}, set()),
        ({"only": []}, set(), set()),
        ({"excluded": ["G-WEST", "G-EAST"]}, None, {"FR", "MA", "JP"}),
        ({"only": ["DE"], "excluded": ["G-EAST"]}, {"DE"}, {"JP"}),
        ({"only": ["G-EAST"], "excluded": ["DE"]}, {"JP"}, {"DE"}),
    ],
)
def test_groups_stand_for_their_members(
    said: dict[str, Any], only: set[str] | None, excluded: set[str]
) -> None:
    """In `only` and in `excluded`, beside codes that are no groups; all else stays as it was."""
    found = Known(WEST).label(label(**said))
    assert found == replace(
        label(), only=None if only is None else frozenset(only), excluded=frozenset(excluded)
    )


def test_a_label_without_groups_is_the_same_label() -> None:
    """It need not be made anew for each question."""
    one = label(only=["DE"])
    assert Known(WEST).label(one) is one


@pytest.mark.case("A85")
@pytest.mark.parametrize(
    ("named", "excluded"), [(["G-WEST"], {"FR", "MA", "TN"}), (["G-WEST", "G-EAST"], {"FR", "MA", "TN", "JP", "KE"}),
                            (["G-GONE"], None), (["DE"], {"DE"})],
)  # fmt: skip
def test_who_was_excluded_by_a_group_stays_excluded(named: list[str], excluded: set[str] | None) -> None:
    """Former members are added for the groups a label names, and for no other; a group unknown now is unreadable."""
    former = {"G-WEST": frozenset({"TN"}), "G-EAST": frozenset({"KE"}), "G-GONE": frozenset({"DZ"})}
    found = Known(WEST, excluding=former).label(label(excluded=named))
    assert (found.excluded if isinstance(found, Label) else None) == excluded


@pytest.mark.parametrize(
    "said", [{"owner": "XX"}, {"only": ["XX"]}, {"excluded": ["G-NORTH"]}, {"consent": ["XX"]}]
)
def test_a_label_that_names_somebody_unknown_is_unreadable(said: dict[str, Any]) -> None:
    """It says so, and is shown to nobody, its owner included."""
    found = Known(WEST).label(label(**said))
    assert isinstance(found, Unreadable)
    assert "unknown organisation or group" in str(found)
    assert not seen(stored(label(**said)), organisation="FR").ids


def test_sensitive_values_are_allowed_by_id_only() -> None:
    """They are among the labels seen, and not among those read in bulk; other special kinds are in both."""
    labels = stored(label(), label(special=["sensitive"]), label(special=["victim"]), Unreadable(("x",)))
    found = seen(labels, asked=ask(necessity=True), permits=["sensitive", "victim"])
    assert (found.ids, found.bits, found.bulk) == ({0, 1, 2}, "1110", "1010")


def test_each_label_has_a_scope() -> None:
    """Labels and scopes of different number are a mistake of ours, and nothing is decided by guess."""
    with pytest.raises(ValueError, match="shorter"):
        AllowedCache().get(subject(), ask(), Stored((label(), label()), ("FR/x",)), Known(WEST), ONE)


def test_the_first_labels_of_a_store() -> None:
    """A question looks at the labels there were when it began."""
    labels = Stored((label(), label(level="restricted")), ("FR/x", "FR/y"))
    assert labels.upto(1) == Stored((label(),), ("FR/x",))


ASKED = label(handling=["H2"])
GIVEN = Consent("FR", frozenset({"FR/x"}), "MA", "network", DAY, frozenset({label_mark(ASKED)}))


@pytest.mark.parametrize(
    ("recipient", "given", "ids"),
    [
        (None, (), {0, 1}),
        ("MA", (), {1}),
        ("MA", (GIVEN,), {0, 1}),
        ("FR", (), {0, 1}),
        ("DE", (GIVEN,), {1}),
    ],
)
def test_consent_is_looked_up_for_renditions_only(
    recipient: str | None, given: tuple[Consent, ...], ids: set[int]
) -> None:
    """Outside one nobody is asked; in one whoever must be asked, has to have agreed, for that recipient."""
    known = Known(WEST, frozenset(given))
    assert seen(stored(ASKED, label()), known, ask(recipient=recipient)).ids == ids


@pytest.mark.parametrize("recipient", [None, "FR"])
def test_what_is_asked_stays_the_same_where_nobody_is_to_be_asked(recipient: str | None) -> None:
    """Neither outside a rendition nor for the owner itself are consents gone through."""
    asked = ask(recipient=recipient)
    assert Known(WEST, frozenset({GIVEN})).ask(asked, ASKED, "FR/x") is asked


class Counted(AllowedCache):
    """A cache that tells whether a set was decided anew."""

    def decided(self, known: Known, asked: Ask, versions: Mapping[str, object], **reader: Any) -> bool:
        """Ask for a set; tell whether it is another object than any before."""
        found = self.get(subject(**reader), asked, stored(ASKED), known, versions)
        kept = self.__dict__.setdefault("found", [])
        new = not any(found is one for one in kept)
        kept.append(found)
        return new


@pytest.mark.case("A32")
def test_a_set_is_remembered_for_the_same_question_only() -> None:
    """Another subject, ask or version is decided anew; consents count in a rendition only."""
    cache, known, consented = Counted(), Known(WEST), Known(WEST, frozenset({GIVEN}))
    sent = ask(recipient="MA")
    asked = [
        (known, ask(), ONE, {}), (known, ask(), ONE, {}), (consented, ask(), ONE, {}), (known, ask("warn"), ONE, {}),
        (known, ask(), {"people": 2}, {}), (known, ask(), ONE, {"permits": ["minor"]}), (known, sent, ONE, {}),
        (consented, sent, ONE, {}), (known, sent, ONE, {}), (known, ask(necessity=True), ONE, {}),
    ]  # fmt: skip
    decided = [cache.decided(who, what, versions, **reader) for who, what, versions, reader in asked]
    assert decided == [True, False, False, True, True, True, True, True, False, True]


def test_the_sets_used_least_lately_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """So many are kept and no more; asking for one keeps it longer."""
    monkeypatch.setattr(allowed, "_KEPT", 2)
    cache, known = Counted(), Known(WEST)
    asked = [1, 2, 1, 3, 1, 2, 3]
    assert [cache.decided(known, ask(), {"people": n}) for n in asked] == [
        True, True, False, True, False, True, True]  # fmt: skip

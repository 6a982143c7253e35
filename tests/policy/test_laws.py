"""Laws of the decision and of joins that hold for every label, subject and request."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

from insight_kernel.model.label import LEVELS, PURPOSES, SPECIAL, Label, Unreadable
from insight_kernel.model.organisation import Organisation, OrganisationEntry
from insight_kernel.model.subject import Ask, Subject, meet
from insight_kernel.policy.allowed import Known, Stored
from insight_kernel.policy.decide import Decision, decide
from insight_kernel.policy.join import Join, Standing
from insight_kernel.policy.rules import REASONS
from insight_kernel.policy.standing import decide_standing
from tests.policy.strategies import CODES, FILES, asks, easy_labels, easy_subjects, labels, subjects

any_subject = st.one_of(subjects, easy_subjects)
any_label = st.one_of(labels, easy_labels)
code = st.sampled_from(CODES)
KNOWN = Known(Organisation(organisations={"X-BANK": OrganisationEntry(name="Bank")}))

TIGHTER: dict[str, Callable[[Label, str], Label]] = {
    "a level more": lambda n, _: replace(n, level=LEVELS[min(LEVELS.index(n.level) + 1, 2)]),
    "one more excluded": lambda n, c: replace(n, excluded=n.excluded | {c}),
    "one less named": lambda n, c: replace(n, only=(frozenset(CODES) if n.only is None else n.only) - {c}),
    "nobody named": lambda n, _: replace(n, only=frozenset()),
    "one more case": lambda n, _: replace(n, files=n.files | {"OP-A"}),
    "one more special kind": lambda n, _: n.with_special(frozenset({SPECIAL[0]})),
    "one purpose less": lambda n, _: replace(n, purposes=n.purposes - {"network"}),
    "expires a day earlier": lambda n, _: replace(n, expires=n.expires - timedelta(days=1)),
    "H2": lambda n, _: replace(n, handling=n.handling | {"H2"}),
    "one more consent": lambda n, c: replace(n, consent=n.consent | {c}),
}  # fmt: skip
WEAKER: dict[str, Callable[[Subject, str], Subject]] = {
    "a clearance less": lambda s, _: replace(s, clearance=LEVELS[max(LEVELS.index(s.clearance or LEVELS[0]) - 1, 0)]),
    "one purpose less": lambda s, _: replace(s, purposes=(s.purposes or frozenset()) - {"network"}),
    "one case less": lambda s, _: replace(s, files=(s.files or frozenset()) - {"OP-A"}),
    "one permit less": lambda s, _: replace(s, permits=(s.permits or frozenset()) - {SPECIAL[0]}),
    "one organisation more": lambda s, c: replace(s, organisations=(s.organisations or frozenset()) | {c}),
    "an unknown clearance": lambda s, _: replace(s, clearance=None),
    "unknown organisations": lambda s, _: replace(s, organisations=None),
    "unknown purposes": lambda s, _: replace(s, purposes=None),
    "unknown cases": lambda s, _: replace(s, files=None),
    "unknown permits": lambda s, _: replace(s, permits=None),
}  # fmt: skip


def decide_join(
    who: Subject,
    found: Sequence[Label | Unreadable],
    asked: Ask,
    *,
    carried: bool = True,
    erased: bool = False,
) -> Decision:
    """Decide over a join of these labels; `carried` tells whether its records carry them still."""
    numbers = frozenset(range(len(found)))
    standing = Standing(numbers, numbers if carried else frozenset(), erased=erased)
    return decide_standing(who, standing, Stored(tuple(found), ("",) * len(found)), KNOWN, asked)


@pytest.mark.parametrize("step", TIGHTER)
@given(who=easy_subjects, label=easy_labels, asked=asks, other=code)
def test_one_more_restriction_never_shows_more(
    step: str, who: Subject, label: Label, asked: Ask, other: str
) -> None:
    """What is hidden stays hidden when the owner restricts further."""
    before, after = decide(who, label, asked), decide(who, TIGHTER[step](label, other), asked)
    event(f"{before.visible} -> {after.visible}")
    assert before.visible or not after.visible


@pytest.mark.parametrize("step", WEAKER)
@given(who=subjects, label=any_label, asked=asks, other=code)
def test_one_right_less_never_shows_more(
    step: str, who: Subject, label: Label, asked: Ask, other: str
) -> None:
    """What is hidden stays hidden when the reader loses a right or speaks for one more organisation."""
    who = _having_what_is_taken(step, who)
    assert decide(who, label, asked).visible or not decide(WEAKER[step](who, other), label, asked).visible


@given(who=any_subject, label=any_label, asked=asks)
def test_the_owner_is_never_refused_as_recipient(who: Subject, label: Label, asked: Ask) -> None:
    """Whatever `only` and `excluded` say, the owner's own organisation passes rule 5."""
    owner = replace(who, organisations=frozenset({label.owner}))
    assert decide(owner, label, asked).reason != "recipient"


@given(who=any_subject, label=any_label, asked=asks)
def test_a_day_passes_in_one_direction(who: Subject, label: Label, asked: Ask) -> None:
    """What is not shown today for its age is not shown tomorrow."""
    assume(asked.day is not None)
    later = replace(asked, day=asked.day + timedelta(days=1))  # type: ignore[operator]
    assert decide(who, label, asked).visible or not decide(who, label, later).visible


@given(who=any_subject, label=any_label, asked=asks)
def test_a_rendition_never_shows_more(who: Subject, label: Label, asked: Ask) -> None:
    """Rule 8 only hides."""
    plain = decide(who, label, replace(asked, recipient=None))
    assert plain.visible or decide(who, label, asked) == plain


@given(a=any_subject, b=any_subject, label=any_label, asked=asks)
def test_a_meet_sees_no_more_than_either(a: Subject, b: Subject, label: Label, asked: Ask) -> None:
    """What two may see together each may see alone, in any order."""
    both = decide(meet([a, b]), label, asked)
    event(f"visible to both: {both.visible}")
    assert both == decide(meet([b, a]), label, asked)
    assert not both.visible or (decide(a, label, asked).visible and decide(b, label, asked).visible)


@given(a=any_subject, label=any_label, asked=asks)
def test_a_meet_with_oneself_changes_nothing(a: Subject, label: Label, asked: Ask) -> None:
    """And nobody is met by nobody: a meet of none may do nothing."""
    assert decide(meet([a, a]), label, asked) == decide(a, label, asked)
    assert not decide(meet([]), label, asked).visible


@given(who=any_subject, found=st.lists(easy_labels, min_size=1, max_size=4), more=any_label, asked=asks)
def test_adding_a_label_to_a_join_never_shows_more(
    who: Subject, found: list[Label], more: Label, asked: Ask
) -> None:
    """A join is decided by conjunction, also of labels its records carry no more."""
    for carried in (True, False):
        before = decide_join(who, found, asked, carried=carried).visible
        event(f"join visible: {before}")
        assert before or not decide_join(who, [*found, more], asked, carried=carried).visible


@given(who=easy_subjects, found=st.lists(any_label, min_size=1, max_size=4), asked=asks, data=st.data())
def test_order_and_repetition_change_nothing_in_a_join(
    who: Subject, found: list[Label], asked: Ask, data: st.DataObject
) -> None:
    """Also its reason is the same."""
    shuffled = data.draw(st.permutations([*found, *found[:2]]))
    assert decide_join(who, found, asked) == decide_join(who, shuffled, asked)


@given(who=any_subject, found=st.lists(any_label, min_size=1, max_size=4), asked=asks)
def test_a_join_is_visible_under_each_label_and_refused_by_the_first_rule(
    who: Subject, found: list[Label], asked: Ask
) -> None:
    """The reason is the earliest, in the order of the rules, that any of its labels gives."""
    single = [decide(who, label, asked) for label in found]
    reasons = [decision.reason for decision in single if decision.reason]
    first = min(reasons, key=REASONS.index, default=None)
    assert decide_join(who, found, asked) == Decision(not reasons, first)


@pytest.mark.parametrize("erased", [True, False])
@given(who=any_subject, asked=asks)
def test_a_join_of_nothing_is_unreadable(who: Subject, asked: Ask, erased: bool) -> None:
    """Never free."""
    assert decide_join(who, [], asked, erased=erased) == Decision(False, "unreadable-label")


@given(who=easy_subjects, found=st.lists(any_label, min_size=1, max_size=3), asked=asks)
def test_a_join_of_which_values_are_gone_is_never_visible(
    who: Subject, found: list[Label], asked: Ask
) -> None:
    """Whatever is left of it; it reads as expired unless an earlier rule refuses."""
    reasons = [reason for reason in ("expired", decide_join(who, found, asked).reason) if reason]
    gone = decide_join(who, found, asked, erased=True)
    assert gone == Decision(False, min(reasons, key=REASONS.index))


@given(who=easy_subjects, found=st.lists(easy_labels, max_size=3), asked=asks)
def test_one_unreadable_label_makes_a_join_unreadable(who: Subject, found: list[Label], asked: Ask) -> None:
    """Wherever it stands."""
    assert decide_join(who, [*found, Unreadable(("owner: missing",))], asked).reason == "unreadable-label"


@given(who=easy_subjects, label=easy_labels, asked=asks)
def test_only_expiry_is_left_out_of_a_label_carried_no_more(who: Subject, label: Label, asked: Ask) -> None:
    """An owner's extension reaches what was made before it; every other rule stays."""
    asked = replace(asked, day=label.expires)
    kept = replace(label, expires=label.expires + timedelta(days=1))
    assert decide_join(who, [label], asked).reason == "expired"
    assert decide_join(who, [label], asked, carried=False) == decide(who, kept, asked)


ids = st.frozensets(st.integers(0, 9), max_size=4)
joins = st.builds(Join, ids, ids)


@given(a=joins, b=joins, c=joins)
def test_joining_is_union(a: Join, b: Join, c: Join) -> None:
    """Commutative, associative, idempotent, and nothing is ever taken out."""
    assert a | b == b | a
    assert (a | b) | c == a | (b | c)
    assert a | a == a | Join() == a
    assert a.labels <= (a | b).labels
    assert a.records <= (a | b).records


@given(who=any_subject, label=any_label, asked=asks)
def test_every_refusal_has_one_of_the_reasons(who: Subject, label: Label, asked: Ask) -> None:
    """And a visible value has none."""
    decision = decide(who, label, asked)
    assert decision.visible if decision.reason is None else decision.reason in REASONS
    assert set(PURPOSES) >= label.purposes


def _having_what_is_taken(step: str, who: Subject) -> Subject:
    """Give a reader what the step takes from him, where he has nothing of it or it is not known."""
    attribute = {"clearance": "clearance", "purpose": "purposes", "case": "files", "permit": "permits",
                 "organisation": "organisations"}.get(step.split()[1])  # fmt: skip
    if attribute is None or getattr(who, attribute):
        return who
    return replace(who, **{attribute: getattr(_EVERYTHING, attribute)})


_EVERYTHING = Subject(
    "ana", frozenset(CODES[:1]), LEVELS[-1], frozenset(PURPOSES), frozenset(FILES), frozenset(SPECIAL)
)

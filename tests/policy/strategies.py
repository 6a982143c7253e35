"""Random labels, subjects and requests over a small world, in which rules often meet."""

from datetime import date, timedelta

from hypothesis import strategies as st

from insight_kernel.model.label import HANDLING, LEVELS, SPECIAL, Label
from insight_kernel.model.subject import Ask, Subject
from tests.build import DAY

CODES = ("FR", "MA", "JP", "X-BANK")
PURPOSES = ("network", "investigate", "warn")
FILES = ("OP-A", "OP-B")


def some(words: tuple[str, ...], *, least: int = 0) -> st.SearchStrategy[frozenset[str]]:
    """Return sets of words."""
    return st.frozensets(st.sampled_from(words), min_size=least)


def unless_unknown(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """Return the strategy's values, and now and then None."""
    return st.one_of(strategy, strategy, strategy, strategy, st.none())


days = st.integers(-3, 3).map(lambda n: DAY + timedelta(days=n))

labels: st.SearchStrategy[Label] = st.builds(
    Label,
    owner=st.sampled_from(CODES), purposes=some(PURPOSES, least=1),
    expires=st.one_of(days, st.just(date(2031, 1, 1))), level=st.sampled_from(LEVELS),
    only=st.one_of(st.none(), some(CODES)), excluded=some(CODES), files=some(FILES), handling=some(HANDLING[:2]),
    consent=some(CODES), special=some(SPECIAL),
)  # fmt: skip

subjects: st.SearchStrategy[Subject] = st.builds(
    Subject,
    user=st.sampled_from(["ana", "ben"]), organisations=unless_unknown(some(CODES)),
    clearance=unless_unknown(st.sampled_from(LEVELS)), purposes=unless_unknown(some(PURPOSES)),
    files=unless_unknown(some(FILES)), permits=unless_unknown(some(SPECIAL)), roles=st.just(frozenset()),
)  # fmt: skip

asks: st.SearchStrategy[Ask] = st.builds(
    Ask, st.sampled_from(PURPOSES), st.sampled_from([True, True, False, None]), days,
    st.one_of(st.none(), st.sampled_from(CODES)),
)  # fmt: skip


easy_subjects = st.builds(
    Subject, user=st.just("ana"), organisations=some(CODES, least=1), clearance=st.sampled_from(LEVELS[1:]),
    purposes=st.just(frozenset(PURPOSES)), files=st.just(frozenset(FILES)), permits=st.just(frozenset(SPECIAL)),
    roles=st.just(frozenset()),
)  # fmt: skip
"""Readers who may do much, so that laws about visible values are not empty."""

easy_labels = st.builds(
    Label, owner=st.sampled_from(CODES), purposes=st.just(frozenset(PURPOSES)), expires=st.just(date(2031, 1, 1)),
    level=st.sampled_from(LEVELS[:2]), only=st.one_of(st.none(), some(CODES)),
)  # fmt: skip

"""What a join is as its records stand today: which labels were added to them, which they still carry, what is gone."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter

from insight_kernel.model.label import Label, Unreadable
from insight_kernel.policy.join import Join, Parts, Standing
from insight_kernel.policy.numbers import Numbers
from insight_kernel.store import sql_acts
from insight_kernel.store.database import Snapshot

Move = tuple[int, int, int | None]
"""Act, old label, and the new one, or None where the value is gone."""


def standing(snapshot: Snapshot, parts: Parts, labels: Sequence[Label | Unreadable]) -> Standing:
    """Return what joins made at different times are together in this snapshot."""
    found = [_standing(snapshot, join, labels) for join in parts]
    current = frozenset[int]().union(*(each.current for each in found))
    return Standing(
        labels=frozenset[int]().union(*(each.labels for each in found)),
        current=current,
        moved=frozenset[int]().union(*(each.moved for each in found)) - current,
        erased=any(each.erased for each in found),
    )


def _standing(snapshot: Snapshot, join: Join, labels: Sequence[Label | Unreadable]) -> Standing:
    records = Numbers(join.records).array
    moves: list[Move] = snapshot.rows_among(records, sql_acts.MOVES, since=join.acts)
    found = followed(join.labels, moves)
    # where nothing happened to the records, they carry what they carried: most joins need not be looked up
    carried = {row[0] for row in snapshot.rows_among(records, sql_acts.CURRENT)} if moves else join.labels
    buried = snapshot.rows_among(records, sql_acts.BURIED)[0][0]
    return Standing(
        labels=found,
        current=found & carried,
        moved=frozenset(n for n in found - carried if _only_narrowed(n, moves, labels)),
        erased=bool(buried) or any(new is None and old in found for _, old, new in moves),
    )


def followed(labels: frozenset[int], moves: Iterable[Move]) -> frozenset[int]:
    """Add what each label became, act after act; nothing is taken out.

    Examples
    --------
    >>> sorted(followed(frozenset({1}), [(7, 1, 2), (7, 5, 6), (8, 2, 3), (9, 3, None)]))
    [1, 2, 3]
    """
    for _, each in groupby(moves, itemgetter(0)):
        labels = labels | {new for _, old, new in each if old in labels and new is not None}
    return labels


def _only_narrowed(number: int, moves: Iterable[Move], labels: Sequence[Label | Unreadable]) -> bool:
    """Tell whether whatever this label became says the same as it, for a narrower scope."""
    became = [new for _, old, new in moves if old == number]
    return bool(became) and all(new is not None and labels[new] == labels[number] for new in became)

"""What a join is as its records stand today: which labels were added to them, which they still carry, what is gone."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import itemgetter

import numpy as np
import pyarrow as pa

from insight_kernel.model.label import Label, Unreadable
from insight_kernel.policy.join import Join, Parts, Standing
from insight_kernel.policy.numbers import Numbers
from insight_kernel.store import sql_acts
from insight_kernel.store.database import Snapshot

Move = tuple[int, int, int | None]
"""Act, old label, and the new one, or None where the value is gone."""
Labels = Sequence[Label | Unreadable]


def standings(snapshot: Snapshot, joins: Sequence[Parts], labels: Labels) -> list[Standing]:
    """Return what each of several joins, made in parts at different times, is in this snapshot.

    All are looked up at once: a question about many joins costs about as much as one about a large join.
    """
    parts = [part for join in joins for part in join]
    found = iter(_of_parts(snapshot, parts, labels) if parts else ())
    return [_together([next(found) for _ in join]) for join in joins]


def _together(found: Sequence[Standing]) -> Standing:
    current = frozenset[int]().union(*(each.current for each in found))
    return Standing(
        labels=frozenset[int]().union(*(each.labels for each in found)),
        current=current,
        moved=frozenset[int]().union(*(each.moved for each in found)) - current,
        erased=any(each.erased for each in found),
    )


def _of_parts(snapshot: Snapshot, parts: Sequence[Join], labels: Labels) -> list[Standing]:
    among, moves = _among(parts, range(len(parts))), defaultdict[int, list[Move]](list)
    for part, *move in snapshot.rows_among(among, sql_acts.MOVES):
        moves[part].append((move[0], move[1], move[2]))
    carried = defaultdict[int, set[int]](set)
    # where nothing happened to the records, they carry what they carried: most joins need not be looked up
    for part, label in snapshot.rows_among(_among(parts, sorted(moves)), sql_acts.CURRENT) if moves else ():
        carried[part].add(label)
    buried = {part for (part,) in snapshot.rows_among(among, sql_acts.BURIED)}
    return [
        _standing(join, moves[n], carried[n], labels, gone=n in buried)
        if n in moves else Standing(join.labels, join.labels, erased=n in buried)
        for n, join in enumerate(parts)
    ]  # fmt: skip


def _standing(join: Join, moves: list[Move], carried: set[int], labels: Labels, *, gone: bool) -> Standing:
    found = followed(join.labels, moves)
    return Standing(
        labels=found,
        current=found & carried,
        moved=frozenset(n for n in found - carried if _only_narrowed(n, moves, labels)),
        erased=gone or any(new is None and old in found for _, old, new in moves),
    )


def _among(parts: Sequence[Join], numbers: Sequence[int]) -> pa.Table:
    """Return the records of some of the parts, each with the part's number and the last act before it."""
    records = [Numbers(parts[n].records).array for n in numbers]
    sizes = [len(array) for array in records]
    return pa.table({
        "part": np.repeat(np.array(numbers, np.uint32), sizes),
        "since": np.repeat(np.array([parts[n].acts for n in numbers], np.int64), sizes),
        "record": np.concatenate([np.empty(0, np.uint32), *records]),
    })  # fmt: skip


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

"""Join: the label of what was made from several values.

A join is the set of labels that went in together with the records they came from. Its decision is the
conjunction; nothing is ever taken out; a join of nothing is unreadable, never free.
"""

from collections.abc import Iterable, Sequence, Set
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from insight_kernel.model.label import LEVELS, PURPOSES, Label, Unreadable
from insight_kernel.model.subject import Ask, Subject
from insight_kernel.policy.decide import decide
from insight_kernel.policy.rules import REASONS

Ids = frozenset[int]


@dataclass(frozen=True)
class Join:
    """Label numbers and record numbers of one store; `|` joins two.

    `acts` is the last act on labels when it was made: later ones reach it. Joins of different times are kept side by
    side where that matters, as `Parts`; one that joins both counts from the earlier.

    Examples
    --------
    >>> Join(frozenset({1}), frozenset({10})) | Join(frozenset({2}), frozenset({10}))
    Join(labels=frozenset({1, 2}), records=frozenset({10}), acts=0)
    """

    labels: Ids = frozenset()
    records: Set[int] = frozenset()
    acts: int = 0

    def __or__(self, other: "Join") -> "Join":
        acts = min((join.acts for join in (self, other) if join), default=0)
        return Join(self.labels | other.labels, self.records | other.records, acts)

    def __bool__(self) -> bool:
        return bool(self.labels) or len(self.records) > 0


Parts = tuple[Join, ...]


@dataclass(frozen=True)
class Standing:
    """What a join is today: the labels that went in and those its records were given since.

    `current` are those that a record of the join still carries: only their expiry counts, so that an owner's
    extension reaches what was made. `moved` are those that live on with the same words for fewer values: whether
    owners were asked is judged by their successors. `erased` tells that values of the join are gone.
    """

    labels: Ids = frozenset()
    current: Ids = frozenset()
    moved: Ids = frozenset()
    erased: bool = False


@dataclass(frozen=True)
class Summary:
    """What people read about a join; it decides nothing. `other` tells of labels the viewer may not see."""

    owners: tuple[str, ...] = ()
    level: str = LEVELS[0]
    purposes: tuple[str, ...] = PURPOSES
    handling: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    special: tuple[str, ...] = ()
    expires: date | None = None
    other: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return the fields and the banner as plain values, the day as text."""
        return {**asdict(self), "expires": self.expires and self.expires.isoformat(), "line": self.line()}

    def line(self) -> str:
        """Return the one-line handling banner."""
        if not self.owners and not self.other:
            return "No data"
        parts = [self.level.upper(), "owners " + ", ".join(self.owners)]
        parts += [f"{', '.join(words)}" for words in (self.handling, self.special) if words]
        parts += [f"condition: {text}" for text in self.conditions]
        parts.append("purposes " + (", ".join(self.purposes) or "none"))
        parts += [f"expires {self.expires}"] if self.expires else []
        return " · ".join(parts + (["other conditions"] if self.other else []))


def summarise(labels: Sequence[Label | Unreadable], subject: Subject, ask: Ask) -> Summary:
    """Return the summary of a join for one viewer; labels he does not satisfy read "other conditions"."""
    seen = [n for n in labels if isinstance(n, Label) and decide(subject, unexpiring(n), ask).visible]
    return Summary(
        owners=tuple(sorted({n.owner for n in seen})),
        level=max((n.level for n in seen), key=LEVELS.index, default=LEVELS[0]),
        purposes=tuple(p for p in PURPOSES if all(p in n.purposes for n in seen)),
        handling=tuple(sorted({h for n in seen for h in n.handling})),
        conditions=tuple(sorted({n.conditions for n in seen if n.conditions})),
        special=tuple(sorted({s for n in seen for s in n.special})),
        expires=min((n.expires for n in seen), default=None),
        other=len(seen) < len(labels),
    )


def unexpiring(label: Label | Unreadable) -> Label | Unreadable:
    """Return a label that never expires and is otherwise the same."""
    return replace(label, expires=date.max) if isinstance(label, Label) else label


def earliest(reasons: Iterable[str | None]) -> str | None:
    """Return the reason of the first rule among those that refuse, if any does."""
    return min((r for r in reasons if r), key=REASONS.index, default=None)

"""Which labels a subject may see: `decide` once per distinct label, remembered.

The answer is a string of 0 and 1, one character per label number, so that every engine filters by one bit
look-up per row and holds no rule of its own.
"""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from threading import Lock

from insight_kernel.model.label import Label, Unreadable
from insight_kernel.model.organisation import Organisation
from insight_kernel.model.subject import Ask, Subject
from insight_kernel.policy.consent import Consents, consenting, must_be_asked
from insight_kernel.policy.decide import decide

_KEPT = 256  # allowed sets; a few hundred bytes each for several hundred labels


@dataclass(frozen=True)
class AllowedSet:
    """The labels one subject may see for one ask.

    Attributes
    ----------
    ids
        Label numbers, for checks in Python.
    bits
        The same as text, position = label number, for the engines' `get_bit`.
    bulk
        Like `bits`, without labels of sensitive values: those are shown for entities named by id only.

    Examples
    --------
    >>> allowed_set(frozenset({0, 2}), sensitive=frozenset({2}), size=4)
    AllowedSet(ids=frozenset({0, 2}), bits='1010', bulk='1000')
    """

    ids: frozenset[int]
    bits: str
    bulk: str


def allowed_set(ids: frozenset[int], sensitive: frozenset[int], size: int) -> AllowedSet:
    """Write a set of label numbers below `size` as bit strings; at least one bit long."""
    return AllowedSet(ids, _bits(ids, size), _bits(ids - sensitive, size))


@dataclass(frozen=True)
class Stored:
    """Labels as they are stored, and what a consent can name them by; position = number."""

    labels: tuple[Label | Unreadable, ...] = ()
    scopes: tuple[str, ...] = ()

    def upto(self, size: int) -> "Stored":
        """Return the first so many."""
        return Stored(self.labels[:size], self.scopes[:size])


@dataclass(frozen=True)
class Known:
    """What a decision about a stored label looks up: who is who, and which consents were given.

    `excluding` holds whom a label excludes by a group, where that differs from whom it lets receive.
    """

    people: Organisation
    consents: Consents = frozenset()
    excluding: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def label(self, label: Label | Unreadable) -> Label | Unreadable:
        """Replace groups by their members; a label naming an unknown code is unreadable."""
        if isinstance(label, Unreadable):
            return label
        if self.people.unknown_codes(label):
            return Unreadable(("names an unknown organisation or group",))
        if not (label.excluded | (label.only or frozenset())) & self._groups:
            return label
        only = None if label.only is None else self.people.members_of(label.only)
        former = frozenset[str]().union(*(self.excluding.get(code, frozenset()) for code in label.excluded))
        return replace(label, only=only, excluded=self.people.members_of(label.excluded) | former)

    @cached_property
    def _groups(self) -> frozenset[str]:
        return frozenset((*self.people.groups, *self.excluding))

    def ask(self, ask: Ask, label: Label | Unreadable, scope: str) -> Ask:
        """Add to what is asked which owners have consented, for a label as stored and its scope."""
        if isinstance(label, Unreadable) or ask.recipient is None or not must_be_asked(label, ask.recipient):
            return ask
        return replace(ask, consented=consenting(self.consents, label, scope, ask))


class AllowedCache:
    """Allowed sets by (subject, ask, versions); old entries make room for new ones."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[object, ...], AllowedSet] = OrderedDict()
        self._lock = Lock()

    def get(
        self,
        subject: Subject,
        ask: Ask,
        stored: Stored,
        known: Known,
        versions: Mapping[str, object],
    ) -> AllowedSet:
        """Return the allowed set, deciding only if nothing that matters has changed.

        `versions` name what `known.people` and the labels are at.
        """
        consents = known.consents if ask.recipient is not None else None
        key = (subject, ask, consents, *sorted(versions.items()))
        with self._lock:
            if key not in self._kept:
                self._kept[key] = _decide_all(subject, ask, stored, known)
                while len(self._kept) > _KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(key)
            return self._kept[key]


def _decide_all(subject: Subject, ask: Ask, stored: Stored, known: Known) -> AllowedSet:
    ids = frozenset(
        n
        for n, (label, scope) in enumerate(zip(stored.labels, stored.scopes, strict=True))
        if decide(subject, known.label(label), known.ask(ask, label, scope)).visible
    )
    sensitive = frozenset(n for n in ids if "sensitive" in _special(stored.labels[n]))
    return allowed_set(ids, sensitive, len(stored.labels))


def _special(label: Label | Unreadable) -> frozenset[str]:
    return label.special if isinstance(label, Label) else frozenset()


def _bits(ids: frozenset[int], size: int) -> str:
    return "".join("1" if n in ids else "0" for n in range(max(size, 1)))

"""How complete an owner's own records are: the one figure there is over values a reader may not see.

It counts how many things of a schema have a value of each property - of sensitive ones too, which nothing may be
selected by. Two keepers release it; cells from which somebody could be told are left empty.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from insight_kernel.errors import BadInput, NotAvailable, Refused
from insight_kernel.gateway.acts.kind import Act, Asked, Kind, Now, What, text
from insight_kernel.model.schema import vocabulary
from insight_kernel.store.opened import Store

SMALLEST = 5


@dataclass(frozen=True)
class Cell:
    """How many things have a value of a property; None where the figure is suppressed."""

    property: str
    sensitive: bool
    filled: int | None


@dataclass(frozen=True)
class Completeness:
    """The report over one source and schema; `things` is None where it is suppressed."""

    owner: str
    source: str
    schema: str
    things: int | None
    cells: tuple[Cell, ...]


class CompletenessKind(Kind):
    """A completeness report over an owner's own source, released by two of its keepers. `what`: source, schema."""

    name, operation = "completeness", "disclosure"

    def __init__(self, store: Store) -> None:
        self._store = store

    def checked(self, what: What, by: str, now: Now) -> Asked:
        """Return a request of a keeper for a source of his own organisation."""
        owner = now.organisation_of(by)
        if not now.holds(by, "owner-keeper"):
            raise Refused(
                "ask for completeness", "you are not a keeper of your organisation's data", "Ask one."
            )
        found = {"owner": owner, "source": text(what, "source"), "schema": text(what, "schema")}
        schema = vocabulary().schemata.get(found["schema"])
        if schema is None or schema.abstract:
            raise BadInput(
                "ask for completeness", "schema: not one of the vocabulary", "Name one, like Person."
            )
        if not self._store.filled(owner, found["source"], found["schema"])[0]:
            raise NotAvailable(
                "ask for completeness", "you deliver no such source or schema", "Check the names."
            )
        return Asked(found)

    def may_decide(self, act: Act, user: str, now: Now) -> bool:
        """The second person is another keeper of the same owner."""
        return now.holds(user, "owner-keeper", act.what["owner"])

    def agreed(self, what: What, _now: Now) -> dict[str, Any]:
        """Add the figures as they are now: looked at again after a delivery, newer ones would tell of it alone."""
        things, filled = self._store.filled(what["owner"], what["source"], what["schema"])
        known = sorted(vocabulary().get(what["schema"]).properties)
        shown = suppressed(things, {name: filled.get(name, 0) for name in known})
        return {**what, "things": things if things >= SMALLEST else None, "filled": shown}


def report_of(act: Act) -> Completeness:
    """Return the report that an agreed request became."""
    what, schema = act.what, vocabulary().get(act.what["schema"])
    cells = tuple(Cell(name, schema.properties[name].sensitive, n) for name, n in what["filled"].items())
    return Completeness(what["owner"], what["source"], what["schema"], what["things"], cells)


def suppressed(things: int, filled: dict[str, int]) -> dict[str, int | None]:
    """Return the figures without those that tell of fewer than five, and never without one alone.

    A property that nothing or everything has stays: that is what the report is for. Where a single figure would be
    left out, the next smallest goes too, so that it cannot be worked out from what else is known of the source.

    Examples
    --------
    >>> suppressed(20, {"name": 20, "religion": 3, "phone": 12, "email": 9, "title": 0})
    {'name': 20, 'religion': None, 'phone': 12, 'email': None, 'title': 0}
    >>> suppressed(4, {"name": 4})
    {'name': None}
    """
    if things < SMALLEST:
        return dict.fromkeys(filled)
    small = {name for name, n in filled.items() if 0 < n < SMALLEST or 0 < things - n < SMALLEST}
    if len(small) == 1:
        small |= _next(things, filled, small)
    return {name: None if name in small else n for name, n in filled.items()}


def _next(things: int, filled: dict[str, int], small: Iterable[str]) -> set[str]:
    others = sorted((n, name) for name, n in filled.items() if name not in small and 0 < n < things)
    return {name for _, name in others[:1]}

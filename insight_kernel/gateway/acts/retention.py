"""Retention: what has expired leaves the store, without anybody asking."""

from datetime import date

from insight_kernel.errors import Refused
from insight_kernel.gateway.acts.kind import Act, Asked, Kind, Now, What
from insight_kernel.store.opened import Store


class PurgeKind(Kind):
    """The removal of everything that had expired on a day; no person asks for it. `what`: day."""

    name, operation = "purge", "erasure"

    def __init__(self, store: Store) -> None:
        self._store = store

    def checked(self, _what: What, _by: str, _now: Now) -> Asked:
        """Nobody asks for it: who wants values gone withdraws them."""
        raise Refused(
            "purge", "it happens by itself on the day values expire", "Withdraw what is to go at once."
        )

    def may_decide(self, _act: Act, _user: str, _now: Now) -> bool:
        """Nobody decides it."""
        return False

    def concerns(self, _act: Act, user: str, now: Now) -> bool:
        """The officer sees when it happened."""
        return now.holds(user, "officer")

    def apply(self, act: Act) -> None:
        """Remove them."""
        self._store.purge(act.entry, date.fromisoformat(act.what["day"]))

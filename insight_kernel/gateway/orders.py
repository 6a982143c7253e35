"""Reports that were ordered: made one after the other by the report service, each person's in turn.

They are kept in memory only. A run is what is registered at its end; an order that a power cut interrupts is
over, and whoever wants the report orders it again.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from threading import Condition
from typing import Any, Literal

from insight_kernel.gateway.sessions import Session

Status = Literal["waiting", "running", "done", "failed", "refused", "stopped"]
_SHOWN = timedelta(days=1)  # how long it is told how an order ended
_INTERRUPTED = "The report service ended while it was made. Order it again."
_STOPPED = "It was stopped."


@dataclass(frozen=True)
class Order:
    """One report ordered.

    Attributes
    ----------
    run
        The id of the run that it becomes.
    session
        With whose rights it is made.
    template, version, parameters
        What is run, in which version (SHA-256), and what was asked.
    workspace
        The workspace whose token asked for it; None when a person did on the page.
    status, error
        How far it came, and one line saying why it came no further.
    cell, of
        How many cells are done, of how many.
    since
        When it was ordered, or ended.
    """

    run: str
    session: Session
    template: str
    version: str
    parameters: Mapping[str, Any] = field(repr=False)
    workspace: str | None = None
    status: Status = "waiting"
    error: str | None = None
    cell: int = 0
    of: int = 0
    since: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def is_open(self) -> bool:
        """Return whether it is not over yet."""
        return self.status in ("waiting", "running")


class Orders:
    """All orders of this gateway's life that are not long over."""

    def __init__(self) -> None:
        self._by_run: dict[str, Order] = {}
        self._served: dict[str, int] = {}  # user -> how many orders were taken up when one of his last was
        self._taken = 0
        self._changed = Condition()

    def place(self, orders: list[Order]) -> None:
        """Take orders on; those long over are forgotten."""
        with self._changed:
            last = datetime.now(UTC) - _SHOWN
            kept = {run: order for run, order in self._by_run.items() if order.is_open or order.since > last}
            self._by_run = {**kept, **{order.run: order for order in orders}}
            self._changed.notify_all()

    def take(self, seconds: float) -> Order | None:
        """Return the next order, now running; None when there is none within so many seconds.

        Next is whoever was served longest ago, so that nobody waits for all of another's renditions.
        """
        with self._changed:
            if not self._changed.wait_for(self._waiting, seconds):
                return None
            chosen = min(self._waiting(), key=lambda order: self._served.get(order.session.user, 0))
            self._taken += 1
            self._served[chosen.session.user] = self._taken
            return self._keep(chosen, status="running")

    def put_back(self, order: Order) -> None:
        """Let an order wait again that nobody took up after all."""
        with self._changed:
            self._keep(order, status="waiting")
            self._changed.notify_all()

    def told(self, run: str, cell: int, of: int) -> bool:
        """Keep how far an order is; return whether it is still wanted."""
        with self._changed:
            order = self._by_run.get(run)
            if order is None or order.status != "running":
                return False
            self._keep(order, cell=cell, of=of)
            return True

    def ended(self, run: str, status: Status, error: str | None) -> None:
        """Keep how an order ended; one that was over already stays as it is."""
        with self._changed:
            order = self._by_run.get(run)
            if order is not None and order.is_open:
                self._keep(order, status=status, error=error, since=datetime.now(UTC))

    def stop(self, run: str) -> None:
        """End an order that nobody wants any more."""
        self.ended(run, "stopped", _STOPPED)

    def interrupt(self) -> None:
        """End what was being made: who made it is no longer there."""
        with self._changed:
            for order in [order for order in self._by_run.values() if order.status == "running"]:
                self._keep(order, status="failed", error=_INTERRUPTED, since=datetime.now(UTC))

    def of_user(self, user: str) -> list[Order]:
        """Return a user's orders, the latest first."""
        return [order for order in reversed(tuple(self._by_run.values())) if order.session.user == user]

    def of_workspace(self, workspace: str) -> dict[str, Order]:
        """Return, by run, what a workspace's own code ordered."""
        return {run: order for run, order in tuple(self._by_run.items()) if order.workspace == workspace}

    def _waiting(self) -> list[Order]:
        return [order for order in self._by_run.values() if order.status == "waiting"]

    def _keep(self, order: Order, **changed: Any) -> Order:
        self._by_run[order.run] = replace(order, **changed)
        return self._by_run[order.run]

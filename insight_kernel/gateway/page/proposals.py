"""One-time numbers: whoever confirms was told what will happen, and it happens once."""

import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock

from insight_kernel.errors import InsightError, StartAgain
from insight_kernel.gateway.briefly import keep
from insight_kernel.gateway.page.login import Visit
from insight_kernel.gateway.refusals import DeniedError, Refusals

Said = tuple[str, int]
"""A page and its status."""


@dataclass(frozen=True)
class Done:
    """What was done: the log's entry of it, and the page that shows it."""

    entry: int
    path: str


@dataclass(frozen=True)
class Proposal:
    """What somebody is about to do: how it is done, and which page he sees when it cannot be done."""

    do: Callable[[], Done]
    failed: Callable[[InsightError], Said]


@dataclass
class _Offered:
    proposal: Proposal
    visit: str = field(repr=False)
    used: bool = False
    entry: int | None = None


class Proposals:
    """Proposals by one-time number; a number is good for the visit it was given to."""

    def __init__(self, refusals: Refusals) -> None:
        self._refusals = refusals
        self._offered: OrderedDict[str, _Offered] = OrderedDict()
        self._lock = Lock()

    def offer(self, visit: Visit, proposal: Proposal) -> str:
        """Return a number by which this visit, and no other, may confirm."""
        number = secrets.token_urlsafe(24)
        with self._lock:
            keep(self._offered, number, _Offered(proposal, visit.form))
        return number

    def confirm(self, visit: Visit, number: str) -> Done | Said:
        """Do what was proposed and return what was done, or the page that says why it could not be.

        Raises
        ------
        StartAgain
            When the number is unknown, or was used: nothing is done a second time.
        DeniedError
            When it was given to another visit.
        """
        offered = self._taken(visit, number)
        try:
            done = offered.proposal.do()
        except InsightError as error:
            return offered.proposal.failed(error)
        offered.entry = done.entry
        return done

    def _taken(self, visit: Visit, number: str) -> _Offered:
        with self._lock:
            offered = self._offered.get(number)
            first = offered is not None and not offered.used
            if offered is not None and offered.visit == visit.form:
                offered.used = True
        if offered is None:
            raise StartAgain(
                "confirm", "this confirmation is not known, or too old", "Fill in the form again."
            )
        if offered.visit != visit.form:
            denied = DeniedError(403, "confirmation-of-another", "alarm", user=visit.user)
            self._refusals.record(denied, "page")
            raise denied
        if not first:
            again = DeniedError(409, "confirmed-before", "full", user=visit.user, first=offered.entry)
            self._refusals.record(again, "page")
            raise StartAgain("confirm", "this has been confirmed already", "Nothing was done a second time.")
        return offered

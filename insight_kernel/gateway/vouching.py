"""Who vouches for the log: its own checkpoints, and the witnesses they are shown to."""

from datetime import date
from pathlib import Path

from insight_kernel.audit.checkpoint import Checkpoint
from insight_kernel.audit.checkpoints import Checkpoints
from insight_kernel.audit.keys import signing_key
from insight_kernel.audit.log import AuditLog
from insight_kernel.audit.witnesses import witness_faults
from insight_kernel.audit.witnessing import Witnesses
from insight_kernel.errors import Unavailable
from insight_kernel.gateway.refusals import Refusals


class Vouching:
    """The checkpoints and witnesses of a log that is being written."""

    def __init__(self, store: Path, log: AuditLog, refusals: Refusals, day: date) -> None:
        self._store = store
        key = signing_key(store / "keys", store / "audit", day)
        self._witnesses = Witnesses(store, lambda fault, who: refusals.notice(fault, who))
        self._checkpoints = Checkpoints(log, key, store / "audit", self._witnesses.send)

    @property
    def last(self) -> Checkpoint | None:
        """Return the last checkpoint."""
        return self._checkpoints.last

    def make(self) -> Checkpoint | None:
        """Make a checkpoint of everything up to now, and return the last."""
        return self._checkpoints.make()

    def check(self) -> None:
        """Raise `Unavailable` while too many checkpoints have no witness: then nothing is answered."""
        self._witnesses.check()

    def faults(self) -> list[str]:
        """Say in plain words what is missing outside."""
        try:
            self.check()
        except Unavailable as error:
            return [*witness_faults(self._store), f"nothing is answered: {error.wrong}"]
        return witness_faults(self._store)

    def close(self) -> None:
        """Make the last checkpoint of a log that is closed, and show it to the witnesses."""
        self._checkpoints.close()
        self._witnesses.close()

"""Whose workspace it is: said when asked, and compared with what a request names."""

from typing import Any

from insight_kernel.audit.checkpoint import Checkpoint
from insight_kernel.gateway import requests
from insight_kernel.gateway.refusals import DeniedError
from insight_kernel.gateway.sessions import Session, named


def as_named(session: Session, asked: requests.Me, last: Checkpoint | None) -> dict[str, Any]:
    """Return whose workspace it is; raise `DeniedError` when a request names it otherwise, or states a purpose.

    A run is told the log's last checkpoint, for the foot of its page; nobody else learns how fast the log grows.
    """
    said = named(session)
    if asked.workspace not in (None, said["workspace"]):
        raise DeniedError(403, "names-another-workspace", "alarm", **said)
    other = [name for name in ("case", "purpose") if getattr(asked, name) not in (None, said[name])]
    if other or asked.necessity is not None:
        raise DeniedError(403, "states-a-purpose", "full", **said)
    until = session.until and session.until.isoformat()
    checkpoint = last.shortly() if last is not None and session.run is not None else None
    return {
        **said, "necessity": session.necessity, "recipient": session.recipient, "until": until,
        "checkpoint": checkpoint,
    }  # fmt: skip

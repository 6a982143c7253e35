"""Whose workspace it is: said when asked, and compared with what a request names."""

from typing import Any

from insight_kernel.gateway import requests
from insight_kernel.gateway.refusals import DeniedError
from insight_kernel.gateway.sessions import Session, named


def as_named(session: Session, asked: requests.Me) -> dict[str, Any]:
    """Return whose workspace it is; raise `DeniedError` when a request names it otherwise, or states a purpose."""
    said = named(session)
    if asked.workspace not in (None, said["workspace"]):
        raise DeniedError(403, "names-another-workspace", "alarm", **said)
    other = [name for name in ("case", "purpose") if getattr(asked, name) not in (None, said[name])]
    if other or asked.necessity is not None:
        raise DeniedError(403, "states-a-purpose", "full", **said)
    until = session.until and session.until.isoformat()
    return {**said, "necessity": session.necessity, "recipient": session.recipient, "until": until}

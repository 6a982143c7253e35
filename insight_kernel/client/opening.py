"""Opening a workspace: from the environment in a hub or a run, or with a gateway of one's own."""

import sys
from pathlib import Path

from insight_kernel.client.asking import Asker
from insight_kernel.client.embedded import EmbeddedGateway
from insight_kernel.client.notebook import prepare_notebook
from insight_kernel.client.stores import store_folder
from insight_kernel.client.workspace import Workspace
from insight_kernel.errors import BadInput, Refused


def open_workspace(
    store: str | Path | None = None,
    *,
    user: str | None = None,
    purpose: str | None = None,
    case: str | None = None,
    quiet: bool = False,
) -> Workspace:
    """Open a workspace.

    Under a hub and in a report's run, who asks, for which case and purpose comes from the environment's token;
    naming case or purpose only checks that they are the same. Elsewhere name a store (a folder, or `"demo"`),
    a user and a purpose: the gateway of that store is then used, or started as a child process. That mode
    guards nothing against its own user, and says so unless `quiet`.

    Raises
    ------
    Refused
        When user, case and purpose do not go together, or differ from those of the token.
    """
    prepare_notebook()
    granted = Asker.of_environment()
    if store is None and granted is not None:
        return _as_granted(granted, user, {"case": case, "purpose": purpose})
    if user is None or purpose is None:
        raise BadInput(
            "open a workspace", "outside a hub it is not known who asks and why", "Name user= and purpose=."
        )
    held = EmbeddedGateway(store_folder(store))
    try:
        token = held.session(user=user, purpose=purpose, case=case)
    except BaseException:
        held.close()
        raise
    if not quiet:
        sys.stderr.write(
            "INSIGHT, embedded: the owner of a store's files can read all of it; nothing is guarded here.\n"
        )
    return Workspace(Asker(held.ask_address, token), held)


def _as_granted(asker: Asker, user: str | None, named: dict[str, str | None]) -> Workspace:
    """Return the workspace that the environment's token is for, when it is the one named."""
    said = ", ".join(f"{name} {value!r}" for name, value in named.items() if value)
    try:
        workspace = Workspace(asker, None, **named)
    except Refused as refused:
        asked = f"open a workspace for {said}" if said else "open the workspace"
        raise Refused(asked, f"{refused.wrong}: {_WHOSE}", _PAGE) from None
    if user not in (None, workspace.user):
        raise Refused(f"open a workspace of {user}", f"this one is {workspace.user}'s", "Leave user= out.")
    return workspace


_WHOSE = "its case and purpose were stated when it was opened, and you may since have lost a right to it"
_PAGE = "Open one for the case and purpose you need on the page of INSIGHT (in the hub: Home)."

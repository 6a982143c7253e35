"""Opening a workspace: from the environment in a hub or a run, or with a gateway of one's own."""

import os
import sys
from pathlib import Path

from insight_kernel.client.asking import Asker
from insight_kernel.client.embedded import EmbeddedGateway
from insight_kernel.client.frames import show_banners
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
    show_banners()
    address, token = os.environ.get("INSIGHT_GATEWAY"), os.environ.get("INSIGHT_TOKEN")
    if store is None and address and token:
        return _checked(Workspace(Asker(address, token)), purpose, case)
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


def _checked(workspace: Workspace, purpose: str | None, case: str | None) -> Workspace:
    for name, asked, given in (("purpose", purpose, workspace.purpose), ("case", case, workspace.case)):
        if asked is not None and asked != given:
            raise Refused(
                f"open a workspace for {name} {asked!r}", f"this one is for {given!r}", "Make another one."
            )
    return workspace

"""Running a template: in a workspace as a draft of it, or at a store of one's own as a run that can be released."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from insight_kernel.client.asking import Asker
from insight_kernel.client.embedded import EmbeddedGateway
from insight_kernel.client.stores import existing_store
from insight_kernel.errors import BadInput, Refused
from insight_kernel.reports.making import Progress, Watching, make
from insight_kernel.reports.record import Run
from insight_kernel.reports.registered import find_template
from insight_kernel.templates.names import new_run_id
from insight_kernel.templates.parameters import Parameters, check
from insight_kernel.templates.registry import Template


def run_report(
    name: str,
    parameters: Mapping[str, Any],
    *,
    store: str | Path | None = None,
    user: str | None = None,
    purpose: str | None = None,
    case: str | None = None,
    until: str | None = None,
    limit: float = 600.0,
    progress: Progress = True,
) -> Run:
    """Run a template and keep the report: in `STORE/runs/ID/`, or in a hub in `reports/ID/` where it was asked for.

    Parameters
    ----------
    name
        A template's name.
    parameters
        By name, as the template's sidecar declares them.
    store, user, purpose, case
        As for `insight.open`; the report shows what this user may see. In a hub leave all of them out: the
        report is a draft of the workspace that asks, and is kept below `reports/` of the working folder.
    until
        The day (YYYY-MM-DD) on which the run is gone; values that expire earlier are left out. Without it in
        90 days.
    limit
        Seconds the run may take.
    progress
        Show on standard error how many cells are done; or a function that is told how many, of how many.

    Returns
    -------
    Run
        Done, or ended without a report: `failed`, or `refused` when an entity named is not available.

    Raises
    ------
    BadInput
        For an unknown template, wrong parameters or a missing store; nothing was started or written.
    Refused
        When user, case and purpose do not go together, or the template is not for this purpose.
    """
    chosen = find_template(name, store)
    given = check(parameters, chosen.sidecar)
    watching = Watching(limit, progress)
    asker = Asker.of_environment() if store is None and user is None else None
    if asker is None:
        who = {"user": user, "purpose": purpose, "case": case, "until": until}
        return _registered(chosen, given, store, who, [None], watching)[0]
    if until is not None:
        raise BadInput(f"run {name}", "a report of a workspace is a draft of it", "Leave its last day out.")
    folder = Path("reports", new_run_id()).absolute()
    return make(asker, chosen, given, folder, watching, case=case, purpose=purpose)


def run_renditions(
    name: str,
    parameters: Mapping[str, Any],
    recipients: Sequence[str],
    *,
    store: str | Path | None = None,
    user: str | None = None,
    purpose: str | None = None,
    case: str | None = None,
    until: str | None = None,
    limit: float = 600.0,
    progress: Progress = True,
) -> list[Run]:
    """Run a template once for each recipient, with what the user and that recipient may both see.

    Parameters
    ----------
    recipients
        Codes of organisations or groups; a group stands for its members, and each organisation gets one.
    name, parameters, store, user, purpose, case, until, limit, progress
        As for `run_report`; a rendition is not made from a workspace in a hub.

    Returns
    -------
    list of Run
        One each, in the order of the recipients.

    Raises
    ------
    BadInput, Refused
        As `run_report`, and when a recipient is unknown or has no release profile; nothing was started then.
    """
    if user is None and Asker.of_environment() is not None:
        wrong = "a report made in a workspace is a draft of it, and its parameters carry what was read there"
        raise Refused(
            f"make renditions of {name}", wrong, "Run it on the gateway's host, outside a workspace."
        )
    chosen = find_template(name, store)
    given = check(parameters, chosen.sidecar)
    who = {"user": user, "purpose": purpose, "case": case, "until": until}
    return _registered(chosen, given, store, who, recipients, Watching(limit, progress))


def _registered(
    chosen: Template, given: Parameters, store: str | Path | None, who: dict[str, str | None],
    recipients: Sequence[str | None], watching: Watching,
) -> list[Run]:  # fmt: skip
    """Make runs outside a hub: all their sessions stand before the first of them starts."""
    if who["user"] is None or who["purpose"] is None:
        wrong = "outside a hub it is not known who asks and why"
        raise BadInput(f"run {chosen.name}", wrong, "Name user and purpose.")
    root = existing_store(store)
    chosen.check_purpose(who["purpose"])
    with EmbeddedGateway(root) as gateway:
        codes = (
            recipients
            if None in recipients
            else gateway.operate("recipients", to=list(recipients))["recipients"]
        )
        ids = [new_run_id() for _ in codes]
        tokens = [
            gateway.session(**who, run=id_, recipient=code) for id_, code in zip(ids, codes, strict=True)
        ]
        askers = [Asker(gateway.ask_address, token) for token in tokens]
        return [
            make(asker, chosen, given, root / "runs" / id_, watching, gateway)
            for asker, id_ in zip(askers, ids, strict=True)
        ]

"""Running a report: one process of its own, a fresh kernel in it, and a report only when all went well."""

import hashlib
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from insight_kernel.client.asking import Asker
from insight_kernel.client.embedded import EmbeddedGateway
from insight_kernel.client.stores import existing_store
from insight_kernel.errors import BadInput, InsightError, Refused
from insight_kernel.leaving import NOTEBOOK, PAGE
from insight_kernel.reports.process import Event, worker
from insight_kernel.reports.record import Run, new_id, now
from insight_kernel.reports.registered import find_template
from insight_kernel.templates.parameters import Parameters, check
from insight_kernel.templates.registry import Template

Progress = bool | Callable[[int, int], None]


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
    asker = Asker.of_environment() if store is None and user is None else None
    if asker is None:
        who = {"user": user, "purpose": purpose, "case": case, "until": until}
        return _registered(chosen, given, store, who, [None], limit, progress)[0]
    if until is not None:
        raise BadInput(f"run {name}", "a report of a workspace is a draft of it", "Leave its last day out.")
    folder = Path("reports", new_id()).absolute()
    return _run(asker, chosen, given, folder, limit, progress, case=case, purpose=purpose)


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
    return _registered(chosen, given, store, who, recipients, limit, progress)


def _registered(
    chosen: Template, given: Parameters, store: str | Path | None, who: dict[str, str | None],
    recipients: Sequence[str | None], limit: float, progress: Progress,
) -> list[Run]:  # fmt: skip
    """Make runs outside a hub: all their sessions stand before the first of them starts."""
    if who["user"] is None or who["purpose"] is None:
        wrong = "outside a hub it is not known who asks and why"
        raise BadInput(f"run {chosen.name}", wrong, "Name user and purpose.")
    root = existing_store(store)
    _check_purpose(chosen, who["purpose"])
    with EmbeddedGateway(root) as gateway:
        codes = (
            recipients
            if None in recipients
            else gateway.operate("recipients", to=list(recipients))["recipients"]
        )
        ids = [new_id() for _ in codes]
        tokens = [
            gateway.session(**who, run=id_, recipient=code) for id_, code in zip(ids, codes, strict=True)
        ]
        askers = [Asker(gateway.ask_address, token) for token in tokens]
        return [
            _run(asker, chosen, given, root / "runs" / id_, limit, progress, gateway)
            for asker, id_ in zip(askers, ids, strict=True)
        ]


def _run(
    asker: Asker, chosen: Template, given: Parameters, folder: Path, limit: float, progress: Progress,
    gateway: EmbeddedGateway | None = None, **named: str | None,
) -> Run:  # fmt: skip
    """Run a template with the rights of who asks there; what a gateway is named for is registered there."""
    me = asker.json("me", **named)
    _check_purpose(chosen, me["purpose"])
    run = Run(
        folder, folder.name, chosen.name, chosen.hash, me["user"], me["case"], me["purpose"], given, now(),
        recipient=me["recipient"], until=me["until"],
    )  # fmt: skip
    run.write()
    try:
        run = _executed(run, chosen, asker.environment, limit, progress)
        return run if gateway is None or run.html is None else _handed_over(run, asker, gateway)
    except KeyboardInterrupt:
        run.over("stopped", "It was stopped.")
        raise
    except BaseException as error:
        run.over("failed", f"The runner ended with {type(error).__name__}.")
        raise


def _handed_over(run: Run, asker: Asker, gateway: EmbeddedGateway) -> Run:
    """Register the run at the gateway; what it does not take is not kept."""
    digest = hashlib.sha256(json.dumps(run.parameters, sort_keys=True).encode()).hexdigest()
    try:
        gateway.operate(
            "run", token=asker.token, template=run.template, version=run.template_hash, parameters=digest,
            files=run.files,
        )  # fmt: skip
    except InsightError as error:
        return run.over("failed", str(error))
    return run


def _check_purpose(chosen: Template, purpose: str) -> None:
    if purpose not in chosen.sidecar.purpose:
        allowed = ", ".join(chosen.sidecar.purpose)
        wrong = f"it is not made for the purpose {purpose!r}"
        raise Refused(f"run {chosen.name}", wrong, f"It is for {allowed}.")


def _executed(run: Run, chosen: Template, access: dict[str, str], limit: float, progress: Progress) -> Run:
    with tempfile.TemporaryDirectory(prefix="insight-run-") as folder:
        job = {"template": str(chosen.notebook), "name": chosen.name, "parameters": run.parameters,
               "entities": chosen.sidecar.entities(run.parameters), "title": chosen.sidecar.title,
               "seconds": limit, "until": run.until}  # fmt: skip
        stated = json.dumps({"id": run.id, "template": chosen.name, "version": chosen.hash[:12],
                             "recipient": run.recipient, "until": run.until})  # fmt: skip
        with worker(Path(folder), {**access, "INSIGHT_RUN": stated}, job, limit) as events:
            last = _followed(events, progress)
        if last.get("status") == "done":
            files = {name: Path(folder, name).read_bytes() for name in (NOTEBOOK, PAGE)}
            return run.delivered(files, last["label"])
        return run.over(last.get("status", "failed"), last.get("error") or _unsaid(Path(folder), limit))


def _followed(events: Iterator[Event], progress: Progress) -> Event:
    """Show the progress and return the last event, which says how it ended."""
    last: Event = {}
    with tqdm(unit=" cells", disable=progress is not True, file=sys.stderr, leave=False) as bar:
        for last in events:
            if "cell" in last:
                bar.total, bar.n = last["of"], last["cell"]
                bar.refresh()
                if callable(progress):
                    progress(last["cell"], last["of"])
    return last


def _unsaid(folder: Path, limit: float) -> str:
    """Say why a worker ended without a word; what it printed is for the eyes of who started it, and not kept."""
    sys.stderr.write((folder / "stderr").read_text(errors="replace"))
    return f"The run was ended from outside, or took longer than {limit:g} seconds."

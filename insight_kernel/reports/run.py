"""Running a report: one process of its own, a fresh kernel in it, and a report only when all went well."""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from tqdm import tqdm

from insight_kernel.client.asking import Asker
from insight_kernel.client.embedded import EmbeddedGateway
from insight_kernel.client.stores import store_folder
from insight_kernel.errors import BadInput, Refused
from insight_kernel.reports.parameters import Parameters, check
from insight_kernel.reports.process import Event, worker
from insight_kernel.reports.record import NOTEBOOK, PAGE, Run, new_id, now
from insight_kernel.reports.registry import Template, template

Progress = bool | Callable[[int, int], None]


def run_report(
    name: str,
    parameters: Mapping[str, Any],
    *,
    store: str | Path | None = None,
    user: str | None = None,
    purpose: str | None = None,
    case: str | None = None,
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
    chosen, run_id = template(name), new_id()
    given = check(parameters, chosen.sidecar)
    asker = Asker.of_environment() if store is None and user is None else None
    if asker is not None:
        return _run(asker, chosen, given, Path("reports", run_id).absolute(), limit, progress, case, purpose)
    if user is None or purpose is None:
        raise BadInput(
            f"run {name}", "outside a hub it is not known who asks and why", "Name user and purpose."
        )
    root = _store(store)
    _check_purpose(chosen, purpose)
    with EmbeddedGateway(root) as gateway:
        token = gateway.session(user=user, purpose=purpose, case=case, run=run_id)
        asker = Asker(gateway.ask_address, token)
        return _run(asker, chosen, given, root / "runs" / run_id, limit, progress)


def _run(
    asker: Asker, chosen: Template, given: Parameters, folder: Path, limit: float, progress: Progress,
    case: str | None = None, purpose: str | None = None,
) -> Run:  # fmt: skip
    """Run a template with the rights of who asks there."""
    me = asker.json("me", case=case, purpose=purpose)
    _check_purpose(chosen, me["purpose"])
    run = Run(
        folder, folder.name, chosen.name, chosen.hash, me["user"], me["case"], me["purpose"], given, now()
    )
    run.write()
    try:
        return _executed(run, chosen, asker.environment, limit, progress)
    except KeyboardInterrupt:
        run.over("stopped", "It was stopped.")
        raise
    except BaseException as error:
        run.over("failed", f"The runner ended with {type(error).__name__}.")
        raise


def _check_purpose(chosen: Template, purpose: str) -> None:
    if purpose not in chosen.sidecar.purpose:
        allowed = ", ".join(chosen.sidecar.purpose)
        wrong = f"it is not made for the purpose {purpose!r}"
        raise Refused(f"run {chosen.name}", wrong, f"It is for {allowed}.")


def _store(store: str | Path | None) -> Path:
    root = store_folder(store)
    if not (root / "store.json").is_file():
        raise BadInput(
            f"open store {root}", "there is no store.json in it", "Load something first: insight load."
        )
    return root


def _executed(run: Run, chosen: Template, access: dict[str, str], limit: float, progress: Progress) -> Run:
    with tempfile.TemporaryDirectory(prefix="insight-run-") as folder:
        job = {"template": str(chosen.notebook), "name": chosen.name, "parameters": run.parameters,
               "entities": chosen.sidecar.entities(run.parameters), "title": chosen.sidecar.title,
               "seconds": limit}  # fmt: skip
        stated = json.dumps({"id": run.id, "template": chosen.name, "version": chosen.hash[:12]})
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

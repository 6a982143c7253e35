"""Making one report: a process of its own, a fresh kernel in it, and a report only when all went well."""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from insight_kernel.client.asking import Asker
from insight_kernel.client.embedded import EmbeddedGateway
from insight_kernel.errors import InsightError
from insight_kernel.leaving import NOTEBOOK, PAGE
from insight_kernel.reports.process import Event, worker
from insight_kernel.reports.record import Run, now
from insight_kernel.templates.parameters import Parameters, hash_of
from insight_kernel.templates.registry import Template

Progress = bool | Callable[[int, int], None]


@dataclass(frozen=True)
class Watching:
    """How a run is watched.

    Attributes
    ----------
    limit
        Seconds it may take.
    progress
        Show on standard error how many cells are done; or a function that is told how many, of how many.
    aloud
        Show on standard error what a worker printed that ended without a word; it may hold what was read.
    warden
        Where the warden of the host listens, who starts it in a sandbox; None to start it here.
    """

    limit: float = 600.0
    progress: Progress = True
    aloud: bool = True
    warden: Path | None = None


class StoppedError(Exception):
    """Nobody wants the report any more; a function that is told the progress raises it."""


def make(
    asker: Asker, chosen: Template, given: Parameters, folder: Path, watching: Watching,
    gateway: EmbeddedGateway | None = None, **named: str | None,
) -> Run:  # fmt: skip
    """Run a template with the rights of who asks there; what a gateway is named for is registered there."""
    me = asker.json("me", **named)
    chosen.check_purpose(me["purpose"])
    run = Run(
        folder, folder.name, chosen.name, chosen.hash, me["user"], me["case"], me["purpose"], given, now(),
        recipient=me["recipient"], until=me["until"],
    )  # fmt: skip
    run.write()
    try:
        run = _executed(run, chosen, asker.environment, watching, me["checkpoint"])
        return run if gateway is None or run.html is None else _handed_over(run, asker, gateway)
    except (KeyboardInterrupt, StoppedError):
        run.over("stopped", "It was stopped.")
        raise
    except BaseException as error:
        run.over("failed", f"The runner ended with {type(error).__name__}.")
        raise


def _handed_over(run: Run, asker: Asker, gateway: EmbeddedGateway) -> Run:
    """Register the run at the gateway; what it does not take is not kept."""
    try:
        gateway.operate(
            "run", token=asker.token, template=run.template, version=run.template_hash,
            parameters=hash_of(run.parameters), files=run.files,
        )  # fmt: skip
    except InsightError as error:
        return run.over("failed", str(error))
    return run


def _executed(
    run: Run, chosen: Template, access: dict[str, str], watching: Watching, checkpoint: str | None
) -> Run:
    with tempfile.TemporaryDirectory(prefix="insight-run-") as folder:
        job = {"template": chosen.texts, "name": chosen.name, "parameters": run.parameters,
               "entities": chosen.sidecar.entities(run.parameters), "title": chosen.sidecar.title,
               "seconds": watching.limit, "until": run.until, "checkpoint": checkpoint}  # fmt: skip
        stated = json.dumps({"id": run.id, "template": chosen.name, "version": chosen.hash[:12],
                             "recipient": run.recipient, "until": run.until})  # fmt: skip
        access = {**access, "INSIGHT_RUN": stated}
        with worker(Path(folder), access, job, watching.limit, watching.warden) as events:
            last = _followed(events, watching.progress)
        if last.get("status") == "done":
            files = {name: str(last["files"][name]).encode() for name in (NOTEBOOK, PAGE)}
            return run.delivered(files, str(last["label"]))
        return run.over(last.get("status", "failed"), last.get("error") or _unsaid(Path(folder), watching))


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


def _unsaid(folder: Path, watching: Watching) -> str:
    """Say why a worker ended without a word; what it printed is for the eyes of who started it, and not kept."""
    if watching.aloud:
        sys.stderr.write((folder / "stderr").read_text(errors="replace"))
    return f"The run was ended from outside, or took longer than {watching.limit:g} seconds."

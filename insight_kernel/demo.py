"""The demo: the invented world written, loaded and reported on, in one go."""

import json
import shutil
import sys
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from insight_kernel.client.loading import deliveries_in, load_deliveries
from insight_kernel.client.opening import open_workspace
from insight_kernel.errors import BadInput, Unavailable
from insight_kernel.files import replace_file
from insight_kernel.launch.folder import hub_folder
from insight_kernel.reports.record import Run
from insight_kernel.reports.run import run_report
from insight_kernel.training.world import World, check_size, write_world

USER, PURPOSE = "ana", "network"
_MARK = "demo.json"  # tells our own folder from somebody else's
Say = Callable[[str], None]


@dataclass(frozen=True)
class Demo:
    """Where everything is."""

    store: Path
    run: Run


def make_demo(folder: Path, *, say: Say, size: int = 1) -> Demo:
    """Write and load the invented world below `folder`, then run its first report as analyst ana.

    A demo of another size or an earlier day is made anew, since all its dates count back from today. A folder
    that is not a demo's is left alone and refused.
    """
    check_size(size)  # before an earlier demo gives way
    today = datetime.now(UTC).date()
    _prepare(folder, {"today": today.isoformat(), "size": size})
    say(f"Writing the invented world to {folder / 'world'}")
    world = write_world(folder / "world", today=today, size=size)
    store = folder / "store"
    say(f"Loading {len(world.sources)} sources of eleven owners into {store}")
    outcome = load_deliveries(deliveries_in([folder / "world" / "sources"]), store=store, progress=True)
    if not outcome.fine:
        raise BadInput(f"make the demo in {folder}", outcome.text(), "Remove the folder and try again.")
    say(outcome.text())
    subject = find_subject(store, world)
    say(f"Running the report subject_profile as {USER}, for the purpose {PURPOSE}")
    run = run_report(
        "subject_profile",
        {"subject": subject},
        store=store,
        user=USER,
        purpose=PURPOSE,
        progress=sys.stderr.isatty(),
    )
    if run.html is None:
        raise Unavailable("make the demo", f"its report did not come about: {run.error}", "Try again.")
    return Demo(store, run)


def find_subject(store: Path, world: World) -> str:
    """Return the id in this store of the world's main subject, found by name as an analyst would find it."""
    with open_workspace(store, user=USER, purpose=PURPOSE, quiet=True) as workspace:
        found = workspace.search(world.subject_name, schema="Person", limit=1)
    if found.empty:
        raise BadInput(
            "run the demo's report", "the main subject was not found", "Remove the folder and try again."
        )
    return str(found["id"].iloc[0])


def _prepare(folder: Path, kind: dict[str, str | int]) -> None:
    mark = folder / _MARK
    if folder.exists() and any(folder.iterdir()) and not mark.exists():
        raise BadInput(
            f"make the demo in {folder}", "the folder is not empty and not a demo's", "Name another --dir."
        )
    if mark.exists() and json.loads(mark.read_text()) != kind:
        store = folder / "store"
        with hub_folder(store) if store.exists() else nullcontext():  # refused while a hub runs on it
            for name in ("world", "store"):
                shutil.rmtree(folder / name, ignore_errors=True)
    replace_file(mark, json.dumps(kind).encode())

"""Loading from the command line: hand the files to the gateway and say what happened, file by file."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from insight_kernel.client.embedded import EmbeddedGateway
from insight_kernel.client.interrupting import stopping
from insight_kernel.client.progress import Progress
from insight_kernel.client.stores import store_folder
from insight_kernel.errors import BadInput

Event = dict[str, Any]
_SHOWN = 5  # problems of one file that are listed
_COUNTS = ("read", "new", "duplicates", "quarantined", "faulty")


@dataclass
class Outcome:
    """What became of each file: of a dry run what would, of a load that was stopped what did before.

    Of the items read in each file, and in all, every one is new, was there before, or is quarantined; `faulty` says
    how many of those were themselves at fault.
    """

    files: list[Event] = field(default_factory=list)
    dry_run: bool = False
    stopped: bool = False
    asked: int = 0
    """How many files there were."""

    @property
    def fine(self) -> bool:
        """Tell whether every file was taken whole."""
        return not self.stopped and all(e["event"] == "loaded" and not e["bad"] for e in self.files)

    def as_dict(self) -> dict[str, Any]:
        """Return totals, and what happened to each file."""
        totals = {name: sum(event.get(name, 0) for event in self.files) for name in _COUNTS}
        return {**totals, "dry_run": self.dry_run, "stopped": self.stopped, "files": self.files}

    def text(self) -> str:
        """Return one line per file that was not taken whole, and a line of totals."""
        return "\n".join([*(line for event in self.files for line in self._lines(event)), self._last()])

    def _last(self) -> str:
        total = self.as_dict()
        if self.stopped:
            loaded = [event for event in self.files if event["event"] == "loaded"]
            items = sum(event["new"] + event["duplicates"] for event in loaded)
            return (
                f"Stopped: {len(loaded)} of {self.asked} files are in ({items:,} items); "
                "run the same command again for the rest"
            )
        fault = f" ({total['faulty']} at fault)" if total["quarantined"] else ""
        form = "{read} read, {new} {be}new, {duplicates} already there, {quarantined} {be}quarantined"
        return form.format(**total, be=self._be) + fault + ("; nothing was kept" if self.dry_run else "")

    @property
    def _be(self) -> str:
        return "would be " if self.dry_run else ""

    def _lines(self, event: Event) -> Iterator[str]:
        if event["event"] == "failed":
            yield str(event["error"])
            return
        good = event["event"] == "loaded"
        if bad := event["bad_items"] if good else event["bad"]:
            kept = (
                f"{self._be}quarantined, the good ones {self._be or 'were '}kept"
                if good
                else f"the whole file {self._be or 'is '}quarantined (--keep-good keeps the good ones)"
            )
            yield f"{event['path']}: {len(bad)} of {event['read']} at fault, {kept}: {_problems(bad)}"


@dataclass(frozen=True)
class Delivery:
    """Files of one source with the profile they come under, and the mapping of their columns."""

    paths: tuple[Path, ...]
    profile: Path
    mapping: Path | None = None
    source: str | None = None

    def asked(self) -> dict[str, Any]:
        """Return the delivery as the gateway takes it."""
        return {
            "paths": [str(path.resolve()) for path in self.paths],
            "profile": str(self.profile.resolve()),
            "mapping": _resolved(self.mapping),
            "source": self.source,
        }


def deliveries_in(folders: Iterable[Path]) -> list[Delivery]:
    """Return a delivery for each folder that has a `profile.yml`, with the `mapping.yml` beside it if there is one.

    Folders are searched downwards, in order of name.
    """
    found = [folder for top in folders for folder in sorted(p.parent for p in top.rglob("profile.yml"))]
    if not found:
        named = ", ".join(map(str, folders))
        raise BadInput(
            f"load {named}", "there is no profile.yml in it", "Name a source profile with --label FILE."
        )
    return [_in_folder(folder) for folder in found]


def load_deliveries(
    deliveries: Sequence[Delivery],
    *,
    store: Path | None,
    keep_good: bool = False,
    dry_run: bool = False,
    progress: bool = False,
) -> Outcome:
    """Load deliveries into a store through its gateway, which is started if none serves it.

    A dry run keeps nothing, and makes no store where there is none. Ctrl-C ends a load after the file being written.
    """
    asked = {"deliveries": [delivery.asked() for delivery in deliveries], "keep_good": keep_good}
    with _gateway(store_folder(store), lasting=not dry_run) as gateway:
        events = gateway.load(**asked, dry_run=dry_run)
        return _outcome(gateway, events, dry_run=dry_run, progress=progress)


def retry(
    ids: Sequence[str],
    *,
    store: Path | None,
    copy: Path | None = None,
    profile: Path | None = None,
    mapping: Path | None = None,
    keep_good: bool = False,
    dry_run: bool = False,
    progress: bool = False,
) -> Outcome:
    """Hand in again what waits in quarantine under these ids, or all of it; or a mended copy of one file.

    What goes in leaves the quarantine. Without a profile or mapping it comes under the one it was refused under.
    """
    asked = {
        name: _resolved(path) for name, path in (("profile", profile), ("mapping", mapping), ("copy", copy))
    }
    with EmbeddedGateway(store_folder(store)) as gateway:
        events = gateway.retry(ids=list(ids), keep_good=keep_good, dry_run=dry_run, **asked)
        return _outcome(gateway, events, dry_run=dry_run, progress=progress)


@contextmanager
def _gateway(store: Path, *, lasting: bool) -> Iterator[EmbeddedGateway]:
    """Hold the gateway of a store; where there is none, and none is to be made, that of an empty one."""
    if lasting or (store / "store.json").exists():
        with EmbeddedGateway(store, create=True) as gateway:
            yield gateway
    else:
        with TemporaryDirectory() as empty, EmbeddedGateway(Path(empty) / "store", create=True) as gateway:
            yield gateway


def _outcome(gateway: EmbeddedGateway, events: Iterator[Event], *, dry_run: bool, progress: bool) -> Outcome:
    """Read events to the last one, show how far it is, and stop it when that is asked for."""
    outcome, load = Outcome(dry_run=dry_run), list[str]()

    def stop() -> bool:
        for name in load:
            gateway.stop_load(name)
        return bool(load)

    with stopping(stop), Progress(shown=progress) as bar:
        for event in events:
            if event["event"] in ("done", "stopped"):
                outcome.stopped = event["event"] == "stopped"
                continue
            bar.take(event)
            if "sizes" in event:
                outcome.asked = len(event["sizes"])
                load.append(event["load"])
            elif event["event"] != "progress":
                outcome.files.append(event)
    return outcome


def _in_folder(folder: Path) -> Delivery:
    mapping = folder / "mapping.yml"
    files = sorted(
        path for path in folder.iterdir() if path.is_file() and path.suffix not in (".yml", ".yaml")
    )
    return Delivery(tuple(files), folder / "profile.yml", mapping if mapping.exists() else None)


def _resolved(path: Path | None) -> str | None:
    return None if path is None else str(path.resolve())


def _problems(bad: Sequence[Event]) -> str:
    shown = "; ".join(
        f"{b['place']}: {b['field'] + ': ' if b['field'] else ''}{b['rule']}" for b in bad[:_SHOWN]
    )
    return shown + (f"; and {len(bad) - _SHOWN} more" if len(bad) > _SHOWN else "")

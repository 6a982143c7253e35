"""Loading from the command line: hand the files to the gateway and say what happened, file by file."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tqdm import tqdm

from insight_kernel.client.embedded import EmbeddedGateway
from insight_kernel.client.stores import store_folder
from insight_kernel.errors import BadInput

Event = dict[str, Any]
_SHOWN = 5  # problems of one file that are listed


@dataclass
class Outcome:
    """What became of each file."""

    files: list[Event] = field(default_factory=list)

    @property
    def fine(self) -> bool:
        """Tell whether every file was taken whole."""
        return all(event["event"] == "loaded" and not event["bad"] for event in self.files)

    def as_dict(self) -> dict[str, Any]:
        """Return totals, and what happened to each file."""
        names = {"read": "read", "new": "new", "duplicates": "duplicates", "quarantined": "bad"}
        totals = {name: sum(_number(event, key) for event in self.files) for name, key in names.items()}
        return {**totals, "files": self.files}

    def text(self) -> str:
        """Return one line per file and a line of totals."""
        total = self.as_dict()
        last = "{read} read, {new} new, {duplicates} already there, {quarantined} quarantined".format(**total)
        return "\n".join([*(line for event in self.files for line in _lines(event)), last])


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
            "mapping": str(self.mapping.resolve()) if self.mapping else None,
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
    deliveries: Sequence[Delivery], *, store: Path | None, keep_good: bool = False, progress: bool = False
) -> Outcome:
    """Load deliveries into a store through its gateway, which is started if none serves it."""
    with EmbeddedGateway(store_folder(store), create=True) as gateway:
        events = gateway.load(deliveries=[delivery.asked() for delivery in deliveries], keep_good=keep_good)
        return Outcome(list(_shown(events, progress=progress)))


def _in_folder(folder: Path) -> Delivery:
    mapping = folder / "mapping.yml"
    files = sorted(
        path for path in folder.iterdir() if path.is_file() and path.suffix not in (".yml", ".yaml")
    )
    return Delivery(tuple(files), folder / "profile.yml", mapping if mapping.exists() else None)


def _shown(events: Iterator[Event], *, progress: bool) -> Iterator[Event]:
    """Pass on what is final, and show what is on its way."""
    with tqdm(unit=" items", disable=not progress or None, file=sys.stderr, leave=False) as bar:
        for event in events:
            if event["event"] == "progress":
                bar.set_description(Path(event["path"]).name)
                bar.n = event["read"]
                bar.refresh()
            elif event["event"] != "done":
                yield event


def _number(event: Event, key: str) -> int:
    value = event.get(key, 0)
    return len(value) if isinstance(value, list) else int(value)


def _lines(event: Event) -> Iterator[str]:
    if event["event"] == "failed":
        yield str(event["error"])
        return
    bad = event["bad_items"] if event["event"] == "loaded" else event["bad"]
    if bad:
        kept = (
            "the good ones were kept"
            if event["event"] == "loaded"
            else "nothing of the file was loaded (--keep-good keeps the good ones)"
        )
        shown = "; ".join(
            f"{b['place']}: {b['field'] + ': ' if b['field'] else ''}{b['rule']}" for b in bad[:_SHOWN]
        )
        more = f"; and {len(bad) - _SHOWN} more" if len(bad) > _SHOWN else ""
        yield f"{event['path']}: {len(bad)} of {event['read']} quarantined, {kept}: {shown}{more}"

"""Loading: a worker reads and stages the files, the gateway commits them one by one, audited."""

import hashlib
import json
import shutil
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pyarrow as pa

from insight_kernel.audit.sealing import Private
from insight_kernel.errors import BadInput, Unavailable
from insight_kernel.gateway.conflicts import Conflicts
from insight_kernel.gateway.refusing import Refusing
from insight_kernel.gateway.service import Gateway
from insight_kernel.gateway.similar import Copies
from insight_kernel.gateway.worker import Worker
from insight_kernel.intake.delivered import delivered_files
from insight_kernel.intake.profile import SourceProfile, read_profile
from insight_kernel.model.label import Label, read_label
from insight_kernel.store.commit import Committed, Delivery
from insight_kernel.store.originals import is_whole, keep_original

Event = dict[str, Any]
_STRANGERS = "the label of a record names an organisation or a group that is not registered"
_NAMED = 10  # rules that one entry of the log names


class Loader:
    """One load: any number of deliveries, each `{paths, profile, source, mapping}`; yields an event per step.

    All profiles are checked before the first file is read. Of each file it is said what became of its items: every
    one that was read is new, was there before, or is quarantined. The last event is `done`, or `stopped`. A dry run
    says the same and keeps nothing. Of a delivery out of quarantine `waiting` is what it waits as, and its files
    lie in `staging`, which goes with the load.
    """

    def __init__(
        self,
        gateway: Gateway,
        deliveries: Sequence[Event],
        *,
        keep_good: bool = False,
        dry_run: bool = False,
        staging: Path | None = None,
    ) -> None:
        self._gateway, self._folder = gateway, gateway.store.folder
        self._day = gateway.clock.today()
        self._keep_good, self._dry_run = keep_good, dry_run
        self._deliveries = [
            {**each, "paths": list(map(str, delivered_files(map(Path, each["paths"]))))}
            for each in deliveries
        ]
        self._profiles = [self._checked(delivery) for delivery in self._deliveries]
        self._conflicts, self._refusing = Conflicts(self._profiles), Refusing(gateway)
        self._copies = Copies(gateway.store, self._folder.key)
        self._tried = set[str]()
        self._staging = staging or self._folder / "staging" / uuid4().hex
        self._worker = self._begun()

    @property
    def id(self) -> str:
        """Return by what name it can be stopped."""
        return self._staging.name

    def stop(self) -> None:
        """Drop the file that is being read, and begin no other; what is being committed goes in. From any thread."""
        self._worker.stop()

    def events(self) -> Iterator[Event]:
        """Do it; a file that cannot be taken whole is not taken at all, unless good items are to be kept."""
        yield {
            "event": "progress",
            "path": None,
            "read": 0,
            "bytes": 0,
            "load": self.id,
            "sizes": self._sizes(),
        }
        try:
            with closing(self._worker.events()) as events:
                for event in events:
                    if self._worker.stopped:  # what was read ahead is dropped too
                        break
                    with _on_disk(event["path"]):
                        done = self._done(event)
                    yield done
            if not self._dry_run:
                with self._gateway.writing:
                    self._gateway.store.sort_if_needed()
        finally:
            shutil.rmtree(self._staging, ignore_errors=True)
        yield {"event": "stopped" if self._worker.stopped else "done"}

    def _begun(self) -> Worker:
        job = {"key": self._folder.key.hex(), "day": self._day.isoformat()}
        names = ("paths", "profile", "source", "mapping")
        deliveries = [{name: delivery[name] for name in names} for delivery in self._deliveries]
        return Worker(job, deliveries, self._staging)

    def _sizes(self) -> list[int]:
        """Return how large each file is, in the order in which they are read."""
        paths = (Path(path) for delivery in self._deliveries for path in delivery["paths"])
        return [path.stat().st_size if path.is_file() else 0 for path in paths]

    def _checked(self, delivery: Event) -> SourceProfile:
        path, words = Path(delivery["profile"]), self._gateway.vocabulary
        profile = read_profile(path, source=delivery["source"], today=self._day, vocabulary=words)
        unknown = self._gateway.organisation().unknown_codes(profile.label)
        if unknown:
            raise BadInput(
                f"use the profile {path}",
                f"label names unknown organisations or groups: {', '.join(unknown)}",
                "Register them in organisation.yml or mend the label.",
            )
        self._folder.check_kind(invented=profile.invented)
        return profile

    def _done(self, event: Event) -> Event:
        """Do what an event of the worker asks for, and return what is said of it."""
        asked, profile = self._deliveries[event["delivery"]], self._profiles[event["delivery"]]
        shown = asked["waiting"].file if asked.get("waiting") else event["path"]
        if event["event"] == "progress":
            return {**event, "path": shown}
        if event["event"] == "failed":
            return self._fail(asked, profile, event, shown)
        try:
            return self._take(asked, profile, event, shown)
        finally:
            shutil.rmtree(event["folder"])

    def _fail(self, asked: Event, profile: SourceProfile, event: Event, shown: str) -> Event:
        """Refuse a file that cannot be read at all; it counts as one item."""
        error = event["error"].replace(event["path"], shown)
        item = json.dumps({"place": "file", "field": "", "rule": error, "content": ""})
        said = {
            **event,
            "read": 1,
            "bad": [{"rule": "cannot be read"}],
        }  # an error names the file, the log seals it
        counts = self._refuse(asked, profile, said, f"{item}\n".encode())
        return {"event": "failed", "path": shown, "error": error, **counts}

    def _take(self, asked: Event, profile: SourceProfile, event: Event, path: str) -> Event:
        """Commit one staged file, or refuse it; the audit says so before and after."""
        if self._names_strangers(event):
            item = {"place": "file", "field": "label", "rule": _STRANGERS, "content": ""}
            event = {**event, "bad": [*event["bad"], item]}
            counts = self._refuse(asked, profile, event, f"{json.dumps(item)}\n".encode())
            return {"event": "refused", "path": path, "bad": event["bad"], **counts}
        bad = event["bad"]
        if bad and not (self._keep_good or asked.get("keep_good")):
            counts = self._refuse(asked, profile, event, _items(event))
            return {"event": "refused", "path": path, "bad": bad, **counts}
        done = self._tried_out(event) if self._dry_run else self._write(profile, event, asked)
        counts = {**_counts(event, quarantined=len(bad)), "new": done.new, "duplicates": done.duplicates}
        said = {"event": "loaded", "path": path, "values": event["values"], "bad": len(bad), "bad_items": bad}
        return {**said, **counts}

    def _names_strangers(self, event: Event) -> bool:
        """Tell whether a record's own label names an organisation or a group that nobody registered."""
        people = self._gateway.organisation()
        return any(people.unknown_codes(_label(raw)) for raw in event["labels"])

    def _refuse(self, asked: Event, profile: SourceProfile, event: Event, items: bytes) -> Event:
        """Let a whole file wait; return how many items that are."""
        if not self._dry_run:
            self._refusing.keep(asked, profile, event, items, whole=event["read"])
            rules = sorted({bad["rule"] for bad in event["bad"]})[:_NAMED]
            said = {"decision": "refused", "bad": len(event["bad"]), "rules": rules}
            self._gateway.audit.append({**_collected(asked, profile, event), **said})
        return _counts(event, quarantined=event["read"])

    def _tried_out(self, event: Event) -> Committed:
        """Return what a commit would do, after what this dry run has looked at before."""
        records = _table(Path(event["folder"]) / "records.arrow")
        fresh = self._gateway.store.fresh(records) - self._tried
        self._tried |= fresh
        return Committed(len(fresh), records.num_rows - len(fresh), 0)

    def _write(self, profile: SourceProfile, event: Event, asked: Event) -> Committed:
        """Say what will be done, do it, say what was done; one file at a time."""
        base, bad = _collected(asked, profile, event), len(event["bad"])
        staged = self._linked(event, profile)
        with self._gateway.writing:
            change = self._gateway.store.change() + 1
            self._gateway.audit.append({**base, "decision": "intent", "change": change})
            self._folder.declare(invented=profile.invented)
            self._keep_original(Path(event["path"]), event["original"])
            done = self._gateway.store.commit(staged)
            counts = {"new": done.new, "duplicates": done.duplicates, "bad": bad}
            self._gateway.audit.append({**base, **counts, "decision": "committed", "change": done.change})
        self._let_both_bind(event, profile)
        if bad:
            self._refusing.keep(asked, profile, event, _items(event), whole=None)
        else:
            self._refusing.settle(asked, profile, event)
        return done

    def _linked(self, event: Event, profile: SourceProfile) -> Delivery:
        """Return what is committed: where there are documents in it, with links to earlier copies of them."""
        staged = delivery(event, profile, self._day)
        if not event["documents"]:
            return staged
        return self._copies.linked(staged, delivery(event, profile, self._day).statements)

    def _let_both_bind(self, event: Event, profile: SourceProfile) -> None:
        """Apply a second label of a record beside its first, at once; only the owner is told."""
        staged = delivery(event, profile, self._day)
        for label, ids in self._conflicts.found(profile, staged.records, staged.labels):
            what = {
                "owner": profile.label.owner,
                "source": profile.source,
                "records": ids,
                "label": label.as_dict(),
            }
            with self._gateway.writing:
                self._gateway.acts.automatic("conflict", what)

    def _keep_original(self, path: Path, digest: str) -> None:
        kept = self._folder / "originals" / digest
        if not is_whole(kept):
            content = path.read_bytes()
            if hashlib.sha256(content).hexdigest() != digest:
                raise BadInput(f"load {path}", "it changed while it was read", "Load it again.")
            keep_original(kept, content)


def delivery(event: Event, profile: SourceProfile, day: date) -> Delivery:
    """Return one staged file as what is committed together."""
    folder = Path(event["folder"])
    return Delivery(
        source=profile.source,
        owner=profile.label.owner,
        title=profile.title,
        profile=profile.as_json(),
        original=event["original"],
        day=day,
        base=profile.label,
        labels=tuple(_label(raw) for raw in event["labels"]),
        records=_table(folder / "records.arrow"),
        statements=(_table(folder / f"statements-{n}.arrow") for n in range(event["chunks"])),
    )


@contextmanager
def _on_disk(path: str) -> Iterator[None]:
    """Say in one line that a disk failed us."""
    try:
        yield
    except OSError as error:
        wrong = f"a file could not be written or read ({error.strerror or error})"
        raise Unavailable(f"load {path}", wrong, "Free space, then load it again.") from error


def _collected(asked: Event, profile: SourceProfile, event: Event) -> Event:
    """Return what the log says of a file that came in."""
    said = {"operation": "collection", "source": profile.source, "owner": profile.label.owner,
            "original": event["original"], "file": Private(Path(event["path"]).name)}  # fmt: skip
    return {**said, "waited": asked["waiting"].id} if asked.get("waiting") else said


def _counts(event: Event, *, quarantined: int) -> Event:
    """Return how many items there were, and what became of those that were not taken."""
    counts = {"read": event["read"], "new": 0, "duplicates": 0, "quarantined": quarantined}
    return {**counts, "faulty": len(event["bad"])}


def _items(event: Event) -> bytes:
    return (Path(event["folder"]) / "quarantine.jsonl").read_bytes()


def _label(raw: object) -> Label:
    label = read_label(raw)
    if not isinstance(label, Label):
        raise BadInput("load", f"a staged label is unreadable: {label}", "Load the file again.")
    return label


def _table(path: Path) -> pa.Table:
    with pa.OSFile(str(path), "rb") as source:
        return pa.ipc.open_file(source).read_all()

"""Loading: a worker reads and stages the files, the gateway commits them one by one, audited."""

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import IO, Any
from uuid import uuid4

import pyarrow as pa

from insight_kernel.audit.sealing import Private
from insight_kernel.errors import BadInput, Unavailable
from insight_kernel.files import replace_file
from insight_kernel.gateway.conflicts import Conflicts
from insight_kernel.gateway.service import Gateway
from insight_kernel.intake.profile import SourceProfile, read_profile
from insight_kernel.model.label import Label, read_label
from insight_kernel.store.commit import Committed, Delivery
from insight_kernel.store.originals import is_whole, keep_original

Event = dict[str, Any]
_NAMED = 10  # rules that one entry of the log names


class Loader:
    """One load: any number of deliveries, each `{paths, profile, source, mapping}`; yields an event per step.

    All profiles are checked before the first file is read. The last event is `done`.
    """

    def __init__(self, gateway: Gateway, deliveries: Sequence[Event], *, keep_good: bool = False) -> None:
        self._gateway, self._folder = gateway, gateway.store.folder
        self._day = gateway.clock.today()
        self._keep_good = keep_good
        self._deliveries = list(deliveries)
        self._profiles = [self._checked(delivery) for delivery in self._deliveries]
        self._conflicts = Conflicts(self._profiles)

    def events(self) -> Iterator[Event]:
        """Do it; a file that cannot be taken whole is not taken at all, unless good items are to be kept."""
        staging = self._folder / "staging" / uuid4().hex
        try:
            with self._worker(staging) as worker:
                for line in _lines(worker):
                    event = json.loads(line)
                    with _on_disk(event["path"]):
                        done = self._commit(event) if event["event"] == "staged" else event
                    yield done
            with self._gateway.writing:
                self._gateway.store.sort_if_needed()
        finally:
            shutil.rmtree(staging, ignore_errors=True)
        yield {"event": "done"}

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

    def _worker(self, staging: Path) -> "_Worker":
        job = {"deliveries": self._deliveries, "key": self._folder.key.hex(), "day": self._day.isoformat(),
               "staging": str(staging)}  # fmt: skip
        return _Worker(job)

    def _commit(self, event: Event) -> Event:
        """Commit one staged file, or refuse it; the audit says so before and after."""
        path, bad, profile = event["path"], event["bad"], self._profiles[event["delivery"]]
        base = {"operation": "collection", "source": profile.source, "owner": profile.label.owner,
                "original": event["original"], "file": Private(Path(path).name)}  # fmt: skip
        if bad:
            self._quarantine(event, profile.label.owner)
        if bad and not self._keep_good:
            rules = sorted({item["rule"] for item in bad})[:_NAMED]
            self._gateway.audit.append({**base, "decision": "refused", "bad": len(bad), "rules": rules})
            return {"event": "refused", "path": path, "read": event["read"], "bad": bad}
        done = self._write(base, Path(path), event, profile)
        self._let_both_bind(event, profile)
        counts = {"new": done.new, "duplicates": done.duplicates, "bad": len(bad)}
        return {
            "event": "loaded",
            "path": path,
            "read": event["read"],
            "values": event["values"],
            "bad_items": bad,
            **counts,
        }

    def _write(self, base: Event, path: Path, event: Event, profile: SourceProfile) -> Committed:
        """Say what will be done, do it, say what was done; one file at a time."""
        with self._gateway.writing:
            change = self._gateway.store.change() + 1
            self._gateway.audit.append({**base, "decision": "intent", "change": change})
            self._folder.declare(invented=profile.invented)
            self._keep_original(path, event["original"])
            done = self._gateway.store.commit(delivery(event, profile, self._day))
            counts = {"new": done.new, "duplicates": done.duplicates, "bad": len(event["bad"])}
            self._gateway.audit.append({**base, **counts, "decision": "committed", "change": done.change})
        return done

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

    def _quarantine(self, event: Event, owner: str) -> None:
        kept = self._folder / "quarantine" / owner / f"{event['original']}.jsonl"
        replace_file(kept, (Path(event["folder"]) / "quarantine.jsonl").read_bytes())


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


class _Worker:
    """The worker process, ended whatever happens."""

    def __init__(self, job: Event) -> None:
        self._job = job

    def __enter__(self) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "insight_kernel.intake.load"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603
        stdin = _pipe(self._process.stdin)
        stdin.write(json.dumps(self._job))
        stdin.close()
        return self._process

    def __exit__(self, *_: object) -> None:
        with suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()
        _pipe(self._process.stdout).close()


def _pipe(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        raise RuntimeError("the worker was started without pipes")
    return stream


def _lines(worker: "subprocess.Popen[str]") -> Iterator[str]:
    yield from _pipe(worker.stdout)
    if worker.wait() != 0:
        raise BadInput(
            "load", "the intake worker ended unexpectedly", "See the gateway's log; nothing half-loaded."
        )


def _label(raw: object) -> Label:
    label = read_label(raw)
    if not isinstance(label, Label):
        raise BadInput("load", f"a staged label is unreadable: {label}", "Load the file again.")
    return label


def _table(path: Path) -> pa.Table:
    with pa.OSFile(str(path), "rb") as source:
        return pa.ipc.open_file(source).read_all()

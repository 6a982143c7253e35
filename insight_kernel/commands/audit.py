"""`insight audit`: check the chain, and read it."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from insight_kernel.commands.options import AS_JSON, STORE, show

if TYPE_CHECKING:
    from insight_kernel.audit.verify import Verdict


@click.group()
def audit() -> None:
    """Check and read the log of everything that was done."""


@audit.command()
@STORE
@click.option(
    "--witness",
    "witnesses",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A witness's file, as the witness itself gave it; repeat for each.",
)
@AS_JSON
def verify(store: Path | None, witnesses: tuple[Path, ...], as_json: bool) -> None:  # fmt: skip
    """Check entries, keys, checkpoints and witnesses' files; say the first thing that does not fit."""
    from insight_kernel.audit.verify import LOG
    from insight_kernel.audit.verify import verify as verified
    from insight_kernel.client.stores import store_folder
    from insight_kernel.errors import BadInput

    folder = store_folder(store) / "audit"
    if not (folder / LOG).exists():
        raise BadInput(f"verify {folder / LOG}", "there is no log", "Name a store with --store.")
    found = verified(folder, witnesses)
    body = {
        "log": found.log, "entries": found.chain.number, "last": found.chain.last, "whole": found.fault is None,
        "fault": found.fault, "checkpoints": found.checkpoints, "without_checkpoint": found.unvouched,
        "last_good": found.last_good and found.last_good.as_dict(), "witnesses": dict(found.witnesses),
    }  # fmt: skip
    show(as_json, body, "\n".join(_said(found)))
    click.get_current_context().exit(0 if found.fault is None else 1)


@audit.command()
@click.option(
    "--dir", "folder", required=True, type=click.Path(path_type=Path), help="Its own folder: key and file."
)
@click.option("--listen", "address", required=True, help="unix:/path or http://host:port.")
def witness(folder: Path, address: str) -> None:
    """Keep checkpoints of others' logs; for another Unix user or another machine."""
    from insight_kernel.audit.witness_server import serve

    serve(folder, address)


@audit.command("show")
@STORE
@click.option(
    "--last", default=20, show_default=True, type=click.IntRange(1, 10_000), help="How many entries."
)
@AS_JSON
def show_entries(store: Path | None, last: int, as_json: bool) -> None:
    """Print the last entries; that they were read is itself an entry."""
    from insight_kernel.client.embedded import EmbeddedGateway
    from insight_kernel.client.stores import store_folder

    with EmbeddedGateway(store_folder(store)) as gateway:
        entries = gateway.operate("audit", last=last)["entries"]
    show(as_json, {"entries": entries}, "\n".join(map(_line, entries)))


@audit.command()
@click.argument("owner", metavar="ORG")
@STORE
@AS_JSON
def owner(owner: str, store: Path | None, as_json: bool) -> None:
    """Say when, for what purpose and by which organisation the data of ORG were used; never by whom."""
    from insight_kernel.client.embedded import EmbeddedGateway
    from insight_kernel.client.stores import store_folder

    with EmbeddedGateway(store_folder(store)) as gateway:
        uses = gateway.operate("use", owner=owner)["uses"]
    show(as_json, {"uses": uses}, "\n".join(map(_use, uses)) or "Not used yet.")


def _said(found: "Verdict") -> Iterator[str]:
    chain, good = found.chain, found.last_good
    yield f"{chain.number} entries, {found.fault or 'whole'}, last hash {chain.last}"
    named, after = found.log or "without an id", found.unvouched
    yield f"log {named}, {found.checkpoints} checkpoints, {after} entries after the last good one"
    if good:
        yield f"last good checkpoint: {good.shortly()}"
    yield from (f"{name}: countersigned up to entry {count}" for name, count in found.witnesses.items())
    if not found.witnesses:
        yield "No witness's file was given: somebody who holds the store's keys could have rewritten all of it."


def _use(use: dict[str, object]) -> str:
    what = f"released to {use['released_to']}" if use["released_to"] else "read"
    emergency = ["emergency access"] if use["emergency"] else []
    parts = [use["day"], use["organisation"], use["purpose"], what, f"{use['times']} times", *emergency]
    return " · ".join(map(str, parts))


def _line(entry: dict[str, object]) -> str:
    words = (
        entry.get(name)
        for name in ("operation", "request", "decision", "user", "workspace", "source", "file")
    )
    rows = f"{entry['rows']} rows" if "rows" in entry else ""
    return " · ".join(str(word) for word in (entry["n"], entry["time"], *words, rows) if word)

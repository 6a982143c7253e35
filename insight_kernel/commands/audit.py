"""`insight audit`: check the chain, and read it."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from insight_kernel.commands.options import AS_JSON, STORE, USER, show

if TYPE_CHECKING:
    from insight_kernel.audit.verify import Verdict


SINCE = click.option("--since", help="From this day or moment on, UTC: YYYY-MM-DD or YYYY-MM-DDTHH:MM.")
UNTIL = click.option("--until", help="Before this day or moment.")


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
@STORE
@USER
@click.option("--user", "of", help="Whose entries.")
@click.option("--case", help="Of which case.")
@click.option("--owner", help="Whose data.")
@click.option("--operation", help="Word of the log, for example search, disclosure, erasure.")
@SINCE
@UNTIL
@click.option(
    "--last", default=200, show_default=True, type=click.IntRange(1, 10_000), help="How many at most."
)
@AS_JSON
def search(store: Path | None, user: str, of: str | None, as_json: bool, **sought: Any) -> None:
    """Search the log as a data-protection officer; that, and for what, is itself an entry."""
    from insight_kernel.client.embedded import EmbeddedGateway
    from insight_kernel.client.stores import store_folder

    with EmbeddedGateway(store_folder(store)) as gateway:
        entries = gateway.operate("audit/search", officer=user, user=of, **sought)["entries"]
    show(as_json, {"entries": entries}, "\n".join(map(_line, entries)) or "Nothing found.")


@audit.command()
@STORE
@click.option("--out", required=True, type=click.Path(path_type=Path), help="A new folder.")
def export(store: Path | None, out: Path) -> None:
    """Give an outside auditor the log, what vouches for it, and a verifier that needs nothing of INSIGHT."""
    from insight_kernel.client.embedded import EmbeddedGateway
    from insight_kernel.client.stores import store_folder
    from insight_kernel.commands.audit_export import export_to

    folder = store_folder(store)
    with EmbeddedGateway(folder) as gateway:
        entries = gateway.operate("audit/export")["entries"]
        export_to(out, folder / "audit", entries)
    click.echo(f"{entries} entries in {out}; check them with: python {out / 'verify.py'} {out}")


@audit.command()
@click.argument("case")
@click.argument("again", required=False, metavar="[CASE]")
@STORE
@click.option("--yes", is_flag=True, help="Instead of naming the case twice.")
def erase(case: str, again: str | None, store: Path | None, yes: bool) -> None:
    """Destroy the key of a CASE, or of an organisation (@CODE), or of neither (@): what people wrote there is gone.

    Name it twice. Backups of keys/cases must go as well.
    """
    from insight_kernel.client.embedded import EmbeddedGateway
    from insight_kernel.client.stores import store_folder
    from insight_kernel.errors import BadInput

    if case != again and not yes:
        raise BadInput(f"erase {case}", "it was not named twice", f"Write: insight audit erase {case} {case}")
    with EmbeddedGateway(store_folder(store)) as gateway:
        erased = gateway.operate("audit/erase", scope=case)["erased"]
    click.echo(f"{case}: {'erased' if erased else 'there was no key'}; the chain stays as it is.")


@audit.command()
@STORE
@SINCE
@UNTIL
@click.option("--user", help="Only what this user did.")
@click.option("--workspace", help="Only what this workspace was sent.")
@click.option("--owner", help="Only the data of this organisation.")
@click.option("-o", "out", type=click.Path(path_type=Path, dir_okay=False), help="Write a page to print.")
@AS_JSON
def breach(store: Path | None, out: Path | None, as_json: bool, **sought: Any) -> None:
    """Say what happened in a time: who read whose data, what left, what was refused, and whether the log is whole."""
    from insight_kernel.client.embedded import EmbeddedGateway
    from insight_kernel.client.stores import store_folder
    from insight_kernel.commands.audit_breach import as_page, as_text
    from insight_kernel.files import replace_file

    with EmbeddedGateway(store_folder(store)) as gateway:
        found = gateway.operate("audit/breach", **sought)
    if out is not None:
        replace_file(out, as_page(found).encode())
    show(as_json, found, as_text(found))


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

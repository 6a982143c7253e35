"""`insight load` and `insight quarantine`: what comes in, and what has to wait."""

import re
from pathlib import Path
from typing import Any

import click

from insight_kernel.commands.holdings import ShippedFile
from insight_kernel.commands.options import AS_JSON, STORE, show

_ID = re.compile(r"[0-9a-f]{12}")


@click.command()
@click.argument("paths", nargs=-1)
@STORE
@click.option(
    "--label",
    "profile",
    type=ShippedFile("profile.yml"),
    help="Source profile, or the name of a shipped holding; else each folder's own profile.yml.",
)
@click.option(
    "--mapping",
    type=ShippedFile("mapping.yml"),
    help="Mapping, or the name of a shipped holding; else each folder's own mapping.yml.",
)
@click.option("--source", help="Name of the source; else the profile's.")
@click.option("--keep-good", is_flag=True, help="Keep the good items of a file that also has bad ones.")
@click.option("--dry-run", is_flag=True, help="Read and count as ever, and keep nothing.")
@click.option(
    "--retry", "again", is_flag=True, help="Take ids of insight quarantine instead; without any, all of it."
)
@AS_JSON
def load(
    paths: tuple[str, ...],
    store: Path | None,
    profile: Path | None,
    mapping: Path | None,
    source: str | None,
    keep_good: bool,
    dry_run: bool,
    again: bool,
    as_json: bool,
) -> None:
    """Load delivered files under a source profile; loading them again changes nothing.

    PATHS are files, or folders that hold a profile.yml. With --retry they are ids of what waits in quarantine, which
    is handed in again, under another --label or --mapping if one is named; one id and the path of a mended copy
    hand in the copy.
    """
    from insight_kernel.client.loading import Delivery, deliveries_in, load_deliveries, retry

    how: dict[str, Any] = {
        "keep_good": keep_good,
        "dry_run": dry_run,
        "progress": not as_json,
        "store": store,
    }
    if again:
        ids, copies = [p for p in paths if _ID.fullmatch(p)], [p for p in paths if not _ID.fullmatch(p)]
        if source or len(copies) > 1 or (copies and len(ids) != 1):
            raise click.UsageError(
                "--retry takes ids, or one id and one mended copy; the source stays as it is."
            )
        copy = _existing(copies)[0] if copies else None
        outcome = retry(ids, copy=copy, profile=profile, mapping=mapping, **how)
    else:
        files = _existing(paths)
        if profile is None and (mapping or source):
            raise click.UsageError(
                "--mapping and --source go with --label; a folder's own profile.yml brings its own."
            )
        found = [Delivery(files, profile, mapping, source)] if profile else deliveries_in(files)
        outcome = load_deliveries(found, **how)
    show(as_json, outcome.as_dict(), outcome.text())
    click.get_current_context().exit(130 if outcome.stopped else 0 if outcome.fine else 1)


@click.group(invoke_without_command=True)
@STORE
@AS_JSON
@click.pass_context
def quarantine(context: click.Context, store: Path | None, as_json: bool) -> None:
    """List what could not be loaded and waits: whose it is, since when, and why."""
    if context.invoked_subcommand is None:
        found = _operate(store, "quarantine")
        lines = [
            f"{w['id']}  {w['when'][:10]}  {w['owner']}/{w['source']}  {w['file']}: {_items(w)}: {_why(w)}"
            for w in found["waiting"]
        ]
        show(as_json, found, "\n".join(lines) or "Nothing waits.")


@quarantine.command("show")
@click.argument("id_", metavar="ID")
@STORE
@AS_JSON
def show_waiting(id_: str, store: Path | None, as_json: bool) -> None:
    """Show the items at fault with their content; only for the owner of the store's files."""
    found = _operate(store, "waiting", id=id_)
    lines = [f"{found['owner']}/{found['source']}  {found['file']}: {_items(found)}"]
    lines += [f"{i['place']}: {i['field']}: {i['rule']}\n    {i['content']}" for i in found["content"]]
    show(as_json, found, "\n".join([*lines, *([f"Kept as {found['kept']}"] if found["kept"] else [])]))


def _operate(store: Path | None, command: str, **asked: Any) -> dict[str, Any]:
    from insight_kernel.client.embedded import EmbeddedGateway
    from insight_kernel.client.stores import existing_store

    with EmbeddedGateway(existing_store(store)) as gateway:
        return gateway.operate(command, **asked)


def _existing(paths: list[str] | tuple[str, ...]) -> tuple[Path, ...]:
    """Return the paths named, which must be there."""
    if not paths:
        raise click.UsageError("Missing argument 'PATHS...'.")
    for path in paths:
        if not Path(path).exists():
            raise click.UsageError(f"Path {path!r} does not exist.")
    return tuple(map(Path, paths))


def _why(waiting: dict[str, Any]) -> str:
    said = (f"{r['field']}: {r['rule']}" if r["field"] else str(r["rule"]) for r in waiting["reasons"])
    return "; ".join(said)


def _items(waiting: dict[str, Any]) -> str:
    return f"{waiting['items']} item{'' if waiting['items'] == 1 else 's'}"

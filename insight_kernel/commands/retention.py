"""`insight retention`: what is due, and what will be."""

from pathlib import Path

import click

from insight_kernel.commands.options import AS_JSON, STORE, show


@click.command()
@STORE
@AS_JSON
def retention(store: Path | None, as_json: bool) -> None:
    """Remove what has expired, clean workspaces that were sent it, and list what expires within half a year."""
    from insight_kernel.client.embedded import EmbeddedGateway
    from insight_kernel.client.stores import store_folder

    with EmbeddedGateway(store_folder(store)) as gateway:
        found = gateway.operate("retention")
    lines = [
        f"{found['purged']} records lost values, {found['cleaned']} workspaces cleaned, "
        f"{found['closed']} cases closed for good"
    ]
    lines += [
        f"{r['expires']}  {r['owner']}/{r['source']}: {r['records']} records" for r in found["reminders"]
    ]
    show(as_json, found, "\n".join(lines))

"""`insight up`: the hub on this machine."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from insight_kernel.commands.options import STORE

if TYPE_CHECKING:
    from insight_kernel.launch.hub import Hub

PORT = click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="Port of the hub; the next free one is used when it is taken.",
)


@click.command()
@STORE
@click.option(
    "--config",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JupyterHub configuration; else the one that is shipped.",
)
@PORT
def up(store: Path | None, config: Path | None, port: int) -> None:
    """Run the hub on a store: log in with a browser, work in JupyterLab; Ctrl-C ends everything."""
    from insight_kernel.client.stores import store_folder

    bring_up(store_folder(store), config, port)


def bring_up(store: Path, config: Path | None, port: int) -> None:
    """Run the hub until it is asked to end, and print how to use it once it answers."""
    from insight_kernel.launch.hub import run_hub

    run_hub(store, config=config, port=port, say=lambda text: click.echo(text, err=True), ready=_show)
    click.echo("The hub has ended.", err=True)


def _show(hub: "Hub") -> None:
    accounts = [f"  {name:<12}{user.name}" for name, user in sorted(hub.people.users.items())]
    lines = [
        f"Address   {hub.url}",
        f"Password  {hub.password}   (of every account; kept in {hub.folder / 'password'})",
        "Accounts",
        *accounts,
        "",
        "THIS HUB ISOLATES NOTHING: all servers run as your own account of this machine, so code of one user can",
        "read what another has, and the store itself. It is for invented data and for trying things out.",
        "",
        f"Log       {hub.folder / 'hub.log'}",
        "Ctrl-C ends the hub and everything it started.",
    ]
    click.echo("\n".join(lines))

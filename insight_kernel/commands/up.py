"""`insight up`: the hub on this machine."""

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from insight_kernel.commands.options import STORE

if TYPE_CHECKING:
    from insight_kernel.launch.hub import Hub

_END = "Ctrl-C ends the hub and everything it started."
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
@click.option(
    "--governed",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Settings of the profile governed: accounts, sandboxes and origins for workspaces; else the profile is demo.",
)
@PORT
def up(store: Path | None, config: Path | None, governed: Path | None, port: int) -> None:
    """Run the hub on a store: log in with a browser, work in JupyterLab; Ctrl-C ends everything."""
    from insight_kernel.client.stores import store_folder

    bring_up(store_folder(store), config, governed, port)


def bring_up(store: Path, config: Path | None, governed: Path | None, port: int) -> None:
    """Run the hub until it is asked to end, and print how to use it once it answers."""
    from insight_kernel.launch.hub import run_hub

    say = partial(click.echo, err=True)
    run_hub(store, config=config, governed=governed, port=port, say=say, ready=_show)
    click.echo("The hub has ended.", err=True)


def _show(hub: "Hub") -> None:
    if hub.password is None:
        click.echo(f"Address   {hub.url}\nLog       {hub.folder / 'hub.log'}\n{_END}")
        return
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
        _END,
    ]
    click.echo("\n".join(lines))

"""`insight demo`: see it work, on an invented world."""

from pathlib import Path

import click

from insight_kernel.commands.options import AS_JSON, show
from insight_kernel.commands.up import PORT, bring_up


@click.command()
@click.option("--no-hub", is_flag=True, help="Stop after the report.")
@click.option(
    "--dir", "folder", type=click.Path(path_type=Path), help="Where to put it; else the user's data folder."
)
@click.option(
    "--size", default=1, show_default=True, type=int, help="Size of the world, as of `insight world`."
)
@PORT
@AS_JSON
def demo(no_hub: bool, folder: Path | None, size: int, port: int, as_json: bool) -> None:
    """Load the invented world, run a standard report, say where it is, and run the hub on it."""
    if as_json and not no_hub:
        raise click.UsageError("--json goes with --no-hub: a hub has no end that could be printed.")
    from insight_kernel.client.stores import demo_folder
    from insight_kernel.demo import make_demo

    made = make_demo(folder or demo_folder(), size=size, say=lambda text: click.echo(text, err=True))
    body = {"store": made.store, "notebook": made.run.notebook, "html": made.run.html}
    lines = [f"Notebook  {made.run.notebook}", f"Report    {made.run.html}", f"Store     {made.store}"]
    show(as_json, body, "\n".join(lines))
    if not no_hub:
        bring_up(made.store, None, None, port)

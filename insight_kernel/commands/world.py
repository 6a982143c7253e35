"""`insight world`: the invented world as files, in any size."""

from pathlib import Path

import click

from insight_kernel.commands.options import AS_JSON, show


@click.command()
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option(
    "--size", default=1, show_default=True, type=int, help="So many times the people and their traces."
)
@AS_JSON
def world(folder: Path, size: int, as_json: bool) -> None:
    """Write the invented world to a new folder DIR: what each owner delivers, and the truth beside it."""
    from datetime import UTC, datetime

    from tqdm import tqdm

    from insight_kernel.training.world import place_world

    with tqdm(total=size, unit=" towns", delay=2, leave=False, disable=as_json or None) as bar:
        made = place_world(folder, today=datetime.now(UTC).date(), size=size, step=bar.update)
    entities = sum(made.counts.values())
    body = {"folder": folder, "size": size, "sources": len(made.sources), "truth": made.truth}
    lines = [
        f"Sources   {len(made.sources)} of eleven owners, {entities:,} entities, below {folder / 'sources'}",
        f"Truth     {made.truth}: what was planted; not to be loaded",
        f"Next      insight load {folder / 'sources'} --store STORE",
    ]
    show(as_json, {**body, "entities": entities, "counts": dict(made.counts)}, "\n".join(lines))

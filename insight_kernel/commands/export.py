"""`insight export`: entities to one organisation, in a format of exchange."""

from dataclasses import asdict
from pathlib import Path

import click

from insight_kernel.commands.options import AS_JSON, CASE, PURPOSE, STORE, USER, show


@click.command()
@click.option("--to", "to", required=True, metavar="ORG", help="The organisation it goes to.")
@click.option(
    "--format", "format_", required=True, metavar="F", help="ftm, stix, umf, graphml, gexf, csv or xlsx."
)
@click.option(
    "-o", "output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write."
)
@click.option(
    "--schema",
    "schemata",
    multiple=True,
    help="Entities of this schema, and of those that extend it; may be repeated.",
)
@click.option(
    "--filter", "filters", multiple=True, metavar="NAME=VALUE", help="Of these only; may be repeated."
)
@click.option(
    "--ids",
    "ids",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Entities by id: one a line.",
)
@USER
@PURPOSE
@CASE
@STORE
@AS_JSON
@click.pass_context
def export(
    ctx: click.Context, to: str, format_: str, output: Path, schemata: tuple[str, ...], filters: tuple[str, ...],
    ids: Path | None, user: str, purpose: str, case: str | None, store: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Export entities to an organisation: what it and the user may both see, frozen and logged like a release.

    What the format cannot carry is listed. Beside the file lies FILE.handling.json: owners, conditions, last day.
    """
    from insight_kernel.client.exporting import export_entities, read_ids

    if bool(schemata) == bool(ids) or (filters and ids):
        raise click.UsageError("Name either --schema, with --filter as you like, or --ids.")
    found = export_entities(
        output, to=to, format_=format_, user=user, purpose=purpose, case=case, store=store, schemata=schemata,
        filters=_filters(filters), ids=read_ids(ids) if ids else (),
    )  # fmt: skip
    if as_json or found.granted:
        show(as_json, asdict(found), str(found))
    else:
        click.echo(f"insight: {found}", err=True)
    ctx.exit(0 if found.granted else 1)


def _filters(pairs: tuple[str, ...]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for pair in pairs:
        name, is_given, value = pair.partition("=")
        if not is_given:
            raise click.UsageError(f"--filter {name}: write NAME=VALUE.")
        found.setdefault(name, []).append(value)
    return found

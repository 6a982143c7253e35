"""The command line of reports: list, show and run templates."""

import json
from pathlib import Path

import click


@click.group()
def report() -> None:
    """List, show and run report templates."""


@report.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def list_(as_json: bool) -> None:
    """List the templates that can be run."""
    from insight_kernel.reports.registry import templates

    found = [{"name": t.name, "title": t.sidecar.title, "question": t.sidecar.question} for t in templates()]
    lines = [f"{t['name']}  {t['title']}: {t['question']}" for t in found]
    click.echo(json.dumps({"templates": found}, ensure_ascii=False) if as_json else "\n".join(lines))


@report.command()
@click.argument("name")
def show(name: str) -> None:
    """Show what the template NAME is for and which parameters it takes."""
    from insight_kernel.reports.registry import template

    sidecar = template(name).sidecar
    lines = [sidecar.title, sidecar.question, f"purposes: {', '.join(sidecar.purpose)}", "parameters:"]
    for parameter, schema in sidecar.parameters["properties"].items():
        needed = "required" if parameter in sidecar.required else "optional"
        lines.append(
            f"  {parameter} ({schema.get('type', 'any')}, {needed}): {schema.get('description', '')}"
        )
    click.echo("\n".join(lines))


@report.command()
@click.argument("name")
@click.option("-p", "pairs", multiple=True, metavar="NAME=VALUE", help="A parameter; may be repeated.")
@click.option("--as", "user", required=True, help="Whose rights; only for the owner of the store's files.")
@click.option("--purpose", required=True, help="Purpose of the work, for example network.")
@click.option("--case", help="Case; else the user's desk.")
@click.option(
    "--store", type=click.Path(path_type=Path), help="Data directory; else INSIGHT_STORE, else the demo's."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.pass_context
def run(
    ctx: click.Context, name: str, pairs: tuple[str, ...], user: str, purpose: str, case: str | None,
    store: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Run the template NAME and say where the report is."""
    from insight_kernel.reports.parameters import parse_pairs
    from insight_kernel.reports.registry import template
    from insight_kernel.reports.run import run_report

    given = parse_pairs(pairs, template(name).sidecar)
    made = run_report(name, given, store=store, user=user, purpose=purpose, case=case, progress=not as_json)
    if as_json:
        files = {"html": str(made.html or ""), "notebook": str(made.notebook or "")}
        click.echo(json.dumps({**made.as_dict(), **files}, ensure_ascii=False))
    else:
        click.echo(str(made) if made.html else f"insight: {made.error}", err=made.html is None)
    ctx.exit(0 if made.html else 1)

"""The command line of reports: list, show and run templates."""

import sys
from pathlib import Path

import click

from insight_kernel.commands.options import AS_JSON, CASE, STORE
from insight_kernel.commands.options import show as print_


@click.group()
def report() -> None:
    """List, show and run report templates."""


@report.command("list")
@AS_JSON
def list_(as_json: bool) -> None:
    """List the templates that can be run."""
    from insight_kernel.reports.registry import templates

    found = [{"name": t.name, "title": t.sidecar.title, "question": t.sidecar.question} for t in templates()]
    lines = [f"{t['name']}  {t['title']}: {t['question']}" for t in found]
    print_(as_json, {"templates": found}, "\n".join(lines))


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
@click.option("--as", "user", help="Whose rights; not in a hub, where the server's token says it.")
@click.option("--purpose", help="Purpose of the work; not in a hub.")
@CASE
@STORE
@AS_JSON
@click.pass_context
def run(
    ctx: click.Context, name: str, pairs: tuple[str, ...], user: str | None, purpose: str | None, case: str | None,
    store: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Run the template NAME and say where the report is."""
    from insight_kernel.reports.parameters import parse_pairs
    from insight_kernel.reports.registry import template
    from insight_kernel.reports.run import run_report

    given = parse_pairs(pairs, template(name).sidecar)
    made = run_report(
        name,
        given,
        store=store,
        user=user,
        purpose=purpose,
        case=case,
        progress=not as_json and sys.stderr.isatty(),
    )
    files = {"html": str(made.html or ""), "notebook": str(made.notebook or "")}
    if as_json or made.html:
        print_(as_json, {**made.as_dict(), **files}, str(made))
    else:
        click.echo(f"insight: {made.error}", err=True)
    ctx.exit(0 if made.html else 1)

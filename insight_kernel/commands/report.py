"""The command line of reports: list, show and run templates; list, show and release runs."""

import re
import sys
from pathlib import Path
from typing import Any

import click

from insight_kernel.commands.options import AS_JSON, CASE, STORE
from insight_kernel.commands.options import show as print_

_CODE = re.compile(r"[A-Z][A-Z0-9-]{1,31}")
_RUN = re.compile(r"\d{8}t\d{6}-[0-9a-f]{8}")
_ASKING = click.option(
    "--as", "user", help="Who asks; else the run's author. Not where a hub serves the store."
)


class _SeveralAfterFor(click.Command):
    """Lets `--for FR MA` name several organisations: names of templates and files do not look like codes."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Write `--for` before each code that follows one."""
        found: list[str] = []
        for word in args:
            follows = len(found) > 1 and found[-2] == "--for" and _CODE.fullmatch(found[-1])
            found += ["--for", word] if follows and _CODE.fullmatch(word) else [word]
        return super().parse_args(ctx, found)


@click.group()
def report() -> None:
    """List, show and run report templates; list, show and release what was made."""


@report.command("list")
@click.option("--runs", is_flag=True, help="List the runs of a store instead of the templates.")
@click.option(
    "--as",
    "user",
    help="Whose: those he may open; else each as its author. Not where a hub serves the store.",
)
@STORE
@AS_JSON
def list_(runs: bool, user: str | None, store: Path | None, as_json: bool) -> None:
    """List the templates that can be run, or the runs that were made."""
    if runs:
        _print_runs(store, user, as_json)
        return
    if user or store:
        raise click.UsageError("--as and --store go with --runs.")
    from insight_kernel.templates.registry import templates

    found = [{"name": t.name, "title": t.sidecar.title, "question": t.sidecar.question} for t in templates()]
    lines = [f"{t['name']}  {t['title']}: {t['question']}" for t in found]
    print_(as_json, {"templates": found}, "\n".join(lines))


@report.command()
@click.argument("name")
@_ASKING
@STORE
@AS_JSON
def show(name: str, user: str | None, store: Path | None, as_json: bool) -> None:
    """Show what the template NAME is for, or the run NAME and to whom it was released."""
    if _RUN.fullmatch(name):
        from insight_kernel.reports.releasing import show_run

        run = show_run(name, store, user)
        print_(as_json, run, "\n".join([_run_line(run), f"  {run['folder']}", *_release_lines(run)]))
        return
    from insight_kernel.reports.registered import find_template

    sidecar = find_template(name, store).sidecar
    lines = [sidecar.title, sidecar.question, f"purposes: {', '.join(sidecar.purpose)}", "parameters:"]
    for parameter, schema in sidecar.parameters["properties"].items():
        needed = "required" if parameter in sidecar.required else "optional"
        lines.append(
            f"  {parameter} ({schema.get('type', 'any')}, {needed}): {schema.get('description', '')}"
        )
    said = {"title": sidecar.title, "question": sidecar.question, "purposes": sidecar.purpose}
    print_(as_json, {**said, "parameters": sidecar.parameters}, "\n".join(lines))


@report.command(cls=_SeveralAfterFor)
@click.argument("name")
@click.option("-p", "pairs", multiple=True, metavar="NAME=VALUE", help="A parameter; may be repeated.")
@click.option("--as", "user", help="Whose rights; not in a hub, where the server's token says it.")
@click.option("--purpose", help="Purpose of the work; not in a hub.")
@click.option(
    "--for", "recipients", multiple=True, metavar="ORG...",
    help="Make a rendition for each of these organisations, or each member of a group.",
)  # fmt: skip
@click.option("--until", metavar="YYYY-MM-DD", help="The day on which the run is gone; else in 90 days.")
@CASE
@STORE
@AS_JSON
@click.pass_context
def run(
    ctx: click.Context, name: str, pairs: tuple[str, ...], user: str | None, purpose: str | None,
    recipients: tuple[str, ...], until: str | None, case: str | None, store: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Run the template NAME and say where the report is."""
    from insight_kernel.reports.registered import find_template
    from insight_kernel.reports.run import run_renditions, run_report
    from insight_kernel.templates.parameters import parse_pairs

    given = parse_pairs(pairs, find_template(name, store).sidecar)
    asked: dict[str, Any] = {"store": store, "user": user, "purpose": purpose, "case": case, "until": until,
                             "progress": not as_json and sys.stderr.isatty()}  # fmt: skip
    made = (
        run_renditions(name, given, recipients, **asked) if recipients else [run_report(name, given, **asked)]
    )
    found = [
        {**one.as_dict(), "html": str(one.html or ""), "notebook": str(one.notebook or "")} for one in made
    ]
    if recipients:
        lines = [f"{one.recipient}  {one.id}  {one.status}  {one.html or one.error}" for one in made]
        print_(as_json, {"runs": found}, "\n".join(lines))
    elif as_json or made[0].html:
        print_(as_json, found[0], str(made[0]))
    else:
        click.echo(f"insight: {made[0].error}", err=True)
    ctx.exit(0 if all(one.html for one in made) else 1)


@report.command()
@click.argument("run")
@click.option("--to", "to", required=True, metavar="ORG", help="The organisation it goes to.")
@_ASKING
@STORE
@AS_JSON
@click.pass_context
def release(
    ctx: click.Context, run: str, to: str, user: str | None, store: Path | None, as_json: bool
) -> None:
    """Release RUN to an organisation: freeze what goes there, or say what stands in the way."""
    from dataclasses import asdict

    from insight_kernel.reports.releasing import release_run

    found = release_run(run, to, store=store, user=user)
    if as_json or found.granted:
        print_(as_json, asdict(found), str(found))
    else:
        click.echo(f"insight: {found}", err=True)
    ctx.exit(0 if found.granted else 1)


@report.command()
@click.argument("name")
@click.option("--as", "user", required=True, help="Who asks: a reviewer, operator or trainer.")
@click.option("--why", required=True, help="The reason, as the log will hold it.")
@STORE
@AS_JSON
def register(name: str, user: str, why: str, store: Path | None, as_json: bool) -> None:
    """Ask that the template NAME in the store's folder templates/ may be run; another person decides."""
    from insight_kernel.reports.registered import ask_registration

    found = ask_registration(name, store=store, user=user, why=why)
    print_(as_json, found, f"template {found['id']}: waits for a second person: insight decide")


def _print_runs(store: Path | None, user: str | None, as_json: bool) -> None:
    from insight_kernel.reports.releasing import list_runs

    found = list_runs(store, user)
    print_(as_json, {"runs": found}, "\n".join(map(_run_line, found)) or "There is none.")


def _run_line(run: dict[str, Any]) -> str:
    words = [run["id"], run["template"], f"by {run['user']}"]
    words += [f"for {run['recipient']}"] if run["recipient"] else []
    words += [f"made {run['made'][:10]}", f"valid until {run['until']}"]
    words += [f"released to {', '.join(run['released'])}"] if run["released"] else []
    words += ["stale: something it used has changed since; make it again"] if run["stale"] else []
    return "  ".join(words)


def _release_lines(run: dict[str, Any]) -> list[str]:
    return [
        f"  released to {to} on {released['day']} (entry {released['entry']} of the log): {name} {digest}"
        for to, released in run["released"].items()
        for name, digest in sorted(released["files"].items())
    ]

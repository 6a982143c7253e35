"""The command line: each command parses, calls one function of the package, and prints."""

from pathlib import Path
from typing import Any

import click

from insight_kernel.commands.acts import consent, decide_act, label, list_acts, note
from insight_kernel.commands.audit import audit
from insight_kernel.commands.bench import bench
from insight_kernel.commands.demo import demo
from insight_kernel.commands.doctor import doctor
from insight_kernel.commands.export import export
from insight_kernel.commands.hashes import hashes
from insight_kernel.commands.holdings import holdings
from insight_kernel.commands.load import load, quarantine
from insight_kernel.commands.options import AS_JSON, CASE, PURPOSE, STORE, USER, show
from insight_kernel.commands.policy import policy
from insight_kernel.commands.quality import quality
from insight_kernel.commands.read import read
from insight_kernel.commands.report import report
from insight_kernel.commands.retention import retention
from insight_kernel.commands.up import up
from insight_kernel.commands.world import world
from insight_kernel.errors import InsightError


class _Group(click.Group):
    """A group whose expected errors are one line on standard error and exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except InsightError as error:
            click.echo(f"insight: {error}", err=True)
            ctx.exit(1)
        except KeyboardInterrupt:
            click.echo("insight: stopped.", err=True)
            ctx.exit(130)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="insight-kernel")
def main() -> None:
    """INSIGHT: analyse crime together; every country keeps control of its data."""


@main.command()
@click.argument("text")
@STORE
@USER
@PURPOSE
@CASE
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 1000))
@AS_JSON
def search(
    text: str, store: Path | None, user: str, purpose: str, case: str | None, limit: int, as_json: bool
) -> None:
    """Search names and numbers in everything the user may see."""
    from insight_kernel.client.opening import open_workspace
    from insight_kernel.client.stores import store_folder

    with open_workspace(store_folder(store), user=user, purpose=purpose, case=case) as workspace:
        frame = workspace.search(text, limit=limit)
    rows = frame.to_dict("records")
    text_ = "Nothing found." if frame.empty else frame.to_string(index=False, max_colwidth=60)
    show(as_json, {"results": rows, "label": frame.insight.label}, f"{text_}\n\n{frame.insight.banner}")


main.add_command(audit)
for command in (consent, decide_act, label, list_acts, note):
    main.add_command(command)
main.add_command(bench)
main.add_command(demo)
main.add_command(doctor)
main.add_command(export)
main.add_command(holdings)
main.add_command(load)
main.add_command(policy)
main.add_command(quality)
main.add_command(quarantine)
main.add_command(read)
main.add_command(hashes)
main.add_command(report)
main.add_command(retention)
main.add_command(up)
main.add_command(world)


if __name__ == "__main__":
    main()

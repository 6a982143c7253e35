"""The command line: each command parses, calls one function of the package, and prints."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from insight_kernel.cli_bench import bench
from insight_kernel.errors import InsightError

STORE = click.option(
    "--store", type=click.Path(path_type=Path), help="Data directory; else INSIGHT_STORE, else the demo's."
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
USER = click.option(
    "--as", "user", required=True, help="Whose rights; only for the owner of the store's files."
)
PURPOSE = click.option("--purpose", required=True, help="Purpose of the work, for example network.")
CASE = click.option("--case", help="Case; else the user's desk.")


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
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@STORE
@click.option(
    "--label", "profile", required=True, type=click.Path(exists=True, path_type=Path), help="Source profile."
)
@click.option("--mapping", type=click.Path(exists=True, path_type=Path), help="Mapping of a table's columns.")
@click.option("--source", help="Name of the source; else the profile's.")
@click.option("--keep-good", is_flag=True, help="Keep the good items of a file that also has bad ones.")
@AS_JSON
def load(paths: tuple[Path, ...], store: Path | None, as_json: bool, **asked: Any) -> None:
    """Load delivered files under a source profile; loading them again changes nothing."""
    from insight_kernel.client.loading import load_files

    outcome = load_files(paths, store=store, progress=not as_json, **asked)
    _print(as_json, outcome.as_dict(), outcome.text())
    sys.exit(0 if outcome.fine else 1)


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

    workspace = open_workspace(store_folder(store), user=user, purpose=purpose, case=case)
    frame = workspace.search(text, limit=limit)
    rows = frame.to_dict("records")
    text_ = "Nothing found." if frame.empty else frame.to_string(index=False, max_colwidth=60)
    _print(as_json, {"results": rows, "label": frame.insight.label}, f"{text_}\n\n{frame.insight.banner}")


main.add_command(bench)


@main.group()
def policy() -> None:
    """Decide, explain and print the rules."""


@policy.command()
@click.argument("file", type=click.File("r", encoding="utf-8"))
def decide(file: Any) -> None:
    """Decide each line of FILE ({"subject", "label", "purpose", "necessity", "day"}) and print the decisions."""
    from insight_kernel.policy.lines import decide_lines

    for line in decide_lines(file, file.name):
        click.echo(line)


def _print(as_json: bool, body: dict[str, Any], text: str) -> None:
    click.echo(json.dumps(body, ensure_ascii=False, default=str) if as_json else text)


if __name__ == "__main__":
    main()

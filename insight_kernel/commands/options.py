"""Options and printing that commands share."""

import json
from pathlib import Path
from typing import Any

import click

STORE = click.option(
    "--store", type=click.Path(path_type=Path), help="Data directory; else INSIGHT_STORE, else the demo's."
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
USER = click.option(
    "--as", "user", required=True, help="Whose rights; only for the owner of the store's files."
)
PURPOSE = click.option("--purpose", required=True, help="Purpose of the work, for example network.")
CASE = click.option("--case", help="Case; else the user's desk.")


def show(as_json: bool, body: dict[str, Any], text: str) -> None:
    """Print a result, for programs or for people."""
    click.echo(json.dumps(body, ensure_ascii=False, default=str) if as_json else text)

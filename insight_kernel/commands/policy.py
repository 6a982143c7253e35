"""`insight policy`: decide, explain, check, and the rules as a table."""

from pathlib import Path
from typing import Any

import click

from insight_kernel.commands.options import AS_JSON, CASE, PURPOSE, STORE, USER, show


@click.group()
def policy() -> None:
    """Decide, explain and print the rules."""


@policy.command()
@click.argument("file", type=click.File("r", encoding="utf-8"))
def decide(file: Any) -> None:
    """Decide each line of FILE ({"subject", "label", "purpose", "necessity", "day"})."""
    from insight_kernel.policy.lines import decide_lines

    for line in decide_lines(file, file.name):
        click.echo(line)


@policy.command()
@AS_JSON
def table(as_json: bool) -> None:
    """Print the rules in their order, for people who check them."""
    from insight_kernel.policy.table import HEADER, rule_rows, rules_as_markdown

    rows = [dict(zip(("number", *HEADER[1:]), row, strict=True)) for row in rule_rows()]
    show(as_json, {"rules": rows}, rules_as_markdown())


@policy.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@AS_JSON
def check(file: Path, as_json: bool) -> None:
    """Check the label of a source profile (YAML), or one label per line (JSON)."""
    from insight_kernel.policy.check import check_file

    found = check_file(file)
    bad = [item for item in found if item.problems]
    lines = [f"{file}: {item.place}: {'; '.join(item.problems)}" for item in bad]
    lines.append(f"{len(found)} labels, {len(bad)} unreadable")
    body = {"labels": len(found), "unreadable": [{"place": b.place, "problems": b.problems} for b in bad]}
    show(as_json, body, "\n".join(lines))
    click.get_current_context().exit(1 if bad else 0)


@policy.command()
@click.argument("id_", metavar="ID")
@STORE
@USER
@PURPOSE
@CASE
@AS_JSON
def explain(id_: str, store: Path | None, as_json: bool, **asked: Any) -> None:
    """Say why the values of an entity are shown or not to a user; for the owner of the store's files."""
    from insight_kernel.client.embedded import EmbeddedGateway
    from insight_kernel.client.stores import store_folder

    with EmbeddedGateway(store_folder(store)) as gateway:
        rows = gateway.operate("explain", id=id_, **asked)["statements"]
    verdict = {True: "visible", False: "hidden"}
    lines = [
        f"{verdict[row['visible']]:8} {row['reason'] or '':17} {row['property']:20} {row['source']} ({row['owner']})"
        for row in rows
    ]
    show(
        as_json, {"id": id_, "statements": rows}, "\n".join(lines) or f"No statement of {id_} in this store."
    )

"""`insight holdings`: what is shipped for holdings of the usual layouts, and its files by their names."""

from pathlib import Path
from typing import Any

import click

from insight_kernel.commands.options import AS_JSON, show
from insight_kernel.intake.holdings.shipped import find, names


class ShippedFile(click.Path):
    """A file, or the name of a shipped holding whose file of this kind is meant where no such file is there."""

    def __init__(self, kind: str) -> None:
        super().__init__(exists=True, dir_okay=False, path_type=Path)
        self._kind = kind

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the path meant."""
        if str(value) in names() and not Path(value).exists():
            return find(str(value)).folder / self._kind
        return super().convert(value, param, ctx)


@click.command()
@click.argument("name", required=False)
@AS_JSON
def holdings(name: str | None, as_json: bool) -> None:
    """List the holdings that come with INSIGHT; with NAME: which column becomes what, and how one is loaded."""
    if name is None:
        titles = {each: find(each).title for each in names()}
        show(as_json, {"holdings": titles}, "\n".join(f"{each:20} {title}" for each, title in titles.items()))
        return
    from insight_kernel.intake.holdings.described import columns_of

    found = find(name)
    columns, examples = columns_of(found), [str(path) for path in found.examples]
    width = max(map(len, columns))
    lines = [f"{found.title}\n\n{found.about}\n"]
    lines += [f"{column:{width}}  {'; '.join(becomes)}" for column, becomes in columns.items()]
    lines += [f"\nExample: {', '.join(examples)}", f"insight load FILE --mapping {name} --label {name}"]
    body = {
        "name": name,
        "title": found.title,
        "about": found.about,
        "columns": columns,
        "examples": examples,
    }
    show(as_json, body, "\n".join(lines))

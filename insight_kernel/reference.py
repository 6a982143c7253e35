"""The reference pages, made from what they describe: `python -m insight_kernel.reference docs/reference`."""

import inspect
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import click

import insight_kernel
from insight_kernel import views
from insight_kernel.cli import main as command_line
from insight_kernel.client.entity import Entity
from insight_kernel.client.frames import InsightAccessor
from insight_kernel.client.workspace import Workspace
from insight_kernel.intake.holdings import described
from insight_kernel.intake.holdings.shipped import find, names
from insight_kernel.model.schema import Schema, vocabulary
from insight_kernel.policy.table import rules_as_markdown

_MODULE = re.compile(r"\b(?:[a-z_]\w*\.)+(?=[A-Za-z_])")


def pages() -> dict[str, str]:
    """Return the text of each generated page by file name.

    Examples
    --------
    >>> sorted(pages())
    ['cli.md', 'holdings.md', 'python.md', 'rules.md', 'schemata.md']
    """
    return {
        "cli.md": _page("Command line", _commands(command_line, "insight")),
        "holdings.md": _page("Holdings that come with INSIGHT", _holdings()),
        "python.md": _page("Python names", _python()),
        "rules.md": _page("The rules of visibility", iter([rules_as_markdown()])),
        "schemata.md": _page("Schemata", _schemata()),
    }


def write(folder: Path) -> None:
    """Write the pages into a folder."""
    for name, text in pages().items():
        (folder / name).write_text(text, encoding="utf-8")


def _page(title: str, parts: Iterator[str]) -> str:
    body = "\n".join(part.rstrip() + "\n" for part in parts)
    return f"# {title}\n\n{body}".rstrip() + "\n"


def _commands(group: click.Group, name: str) -> Iterator[str]:
    for word, command in sorted(group.commands.items()):
        full = f"{name} {word}"
        if isinstance(command, click.Group):
            yield from _commands(command, full)
        else:
            context = click.Context(command, info_name=full, terminal_width=100, max_content_width=100)
            yield f"## `{full}`\n\n```text\n{command.get_help(context)}\n```"


def _python() -> Iterator[str]:
    yield "What a notebook uses: `import insight_kernel as insight`."
    yield _described("insight.open", insight_kernel.open)
    for title, kind, prefix in (
        ("Workspace", Workspace, "ws"),
        ("Entity", Entity, "entity"),
        ("Frames", InsightAccessor, "frame.insight"),
    ):
        yield f"## {title}\n\n{inspect.getdoc(kind)}"
        for name, member in sorted(vars(kind).items()):
            if not name.startswith("_") and inspect.getdoc(member) and not name.isupper():
                yield _described(f"{prefix}.{name}", member)
    yield "## Views (`insight_kernel.views`)"
    for name in sorted(views.__all__):
        yield _described(name, getattr(views, name))


def _described(name: str, member: Any) -> str:
    signature = "" if isinstance(member, property) else _signature(member)
    doc = (inspect.getdoc(member) or "").strip()
    return f"### `{name}{signature}`\n\n```text\n{doc}\n\n```"


def _signature(function: Callable[..., Any]) -> str:
    """Return the parameters without `self` and without the modules of types, which differ between versions."""
    text = str(inspect.signature(function)).replace("self, ", "").replace("self", "")
    return _MODULE.sub("", text)


def _holdings() -> Iterator[str]:
    yield (
        "For each a mapping, a source profile and an invented example of 200 records in which ten things are wrong, "
        "as such sources get them wrong. The profile is where an owner begins, not what an owner decides."
    )
    yield from (described.section(find(name)) for name in names())


def _schemata() -> Iterator[str]:
    yield "Names of FollowTheMoney, and of the police extension. A link joins two others."
    for schema in vocabulary().schemata.values():
        yield _schema(schema)


def _schema(schema: Schema) -> str:
    kind = f" Link: `{schema.edge.source}` to `{schema.edge.target}`." if schema.edge else ""
    parents = f" Extends {', '.join(schema.extends)}." if schema.extends else ""
    own = [name for name, prop in schema.properties.items() if prop.schema == schema.name]
    listed = ", ".join(f"`{name}`" for name in own) or "none of its own"
    return f"## {schema.name}\n\n{schema.label}.{parents}{kind} Properties: {listed}."


if __name__ == "__main__":
    write(Path(sys.argv[1]))

"""`insight read`: what a file of any format says, without a store."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from insight_kernel.intake.reading.document import Document


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One object for each file, on a line of its own.")
def read(paths: tuple[Path, ...], as_json: bool) -> None:
    """Show what files say: text, parts, what they tell of themselves, or why one is refused.

    Folders are read with all that is in them. A file that is refused does not stop the others.
    """
    import json

    from tqdm import tqdm

    from insight_kernel.intake.reading.apart import read_all

    files = [file for path in paths for file in _files(path)]
    refused = 0
    with tqdm(total=len(files), unit=" files", delay=2, leave=False, disable=as_json or None) as bar:
        for document in read_all(files):
            refused += not document.ok
            lines = [json.dumps(document.as_dict(), ensure_ascii=False)] if as_json else _said(document, 0)
            for line in lines:
                bar.write(line) if not bar.disable else click.echo(line)
            bar.update()
    if not as_json:
        click.echo(f"{len(files) - refused} read, {refused} refused.")


def _files(path: Path) -> list[Path]:
    return sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]


def _said(document: "Document", depth: int) -> Iterator[str]:
    """Yield a line for a document and one for each of its parts."""
    content = document.content
    said = document.error or f"{len(content.text):,} characters"
    yield f"{'  ' * depth}{document.name}  {document.kind}: {said}" + "".join(
        f"; {warning}" for warning in content.warnings
    )
    for part in content.parts:
        yield from _said(part, depth + 1)

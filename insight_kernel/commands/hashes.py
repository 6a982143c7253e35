"""`insight hashes`: by which a picture is known again, and the search for it in a list of hashes."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from insight_kernel.commands.options import AS_JSON, show
from insight_kernel.errors import BadInput

if TYPE_CHECKING:
    from insight_kernel.intake.reading.document import Document

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
Row = Mapping[str, Any]


@click.command()
@click.argument("images", nargs=-1, type=_FILE)
@click.option("--search", metavar="HASH", help="A hash to look for, instead of pictures.")
@click.option(
    "--against", type=_FILE, metavar="FILE", help="CSV with a column `hash`, and others that are shown."
)
@click.option(
    "--max-distance", default=31, show_default=True, type=click.IntRange(0, 256), help="Bits of 256."
)
@AS_JSON
def hashes(
    images: tuple[Path, ...], search: str | None, against: Path | None, max_distance: int, as_json: bool
) -> None:
    """Show the PDQ and SHA-256 hashes of pictures, or look in a list for pictures or a hash; nothing is kept.

    A picture is also found turned or mirrored. Rows whose column `algorithm` names another than PDQ must be equal.
    """
    if bool(images) == bool(search) or (search and against is None):
        raise click.UsageError("Name pictures, or --search HASH with --against FILE.")
    sought = [{"sought": search, "hashes": [search.lower()]}] if search else list(_hashed(images))
    if against is None:
        found = [{key: value for key, value in each.items() if key != "hashes"} for each in sought]
        show(as_json, {"images": found}, "\n".join(map(_line, found)))
    else:
        rows = _rows(against)
        found = [match for each in sought for match in _matches(each, rows, max_distance)]
        lines = [*map(_line, found), f"{len(found)} found among {len(rows):,}."]
        show(as_json, {"matches": found, "listed": len(rows)}, "\n".join(lines))


def _hashed(images: Sequence[Path]) -> Iterator[dict[str, Any]]:
    from insight_kernel.intake.reading.apart import read_all

    for document in read_all(images, turned=True):
        said = document.content.metadata
        if document.ok and "pdq" in said:
            known = [said["pdq"], *said["pdq_turned"]]
            yield {"sought": document.name, "pdq": said["pdq"], "sha256": document.sha256, "hashes": known}
        else:
            yield {"sought": document.name, "error": _reason(document), "hashes": []}


def _reason(document: "Document") -> str:
    return document.error or "is no picture, or one too small to be hashed"


def _rows(path: Path) -> Sequence[Row]:
    """Read a list of hashes.

    Raises
    ------
    BadInput
        When there is no column `hash`, or a row that names no other algorithm has no PDQ hash in it.
    """
    from insight_kernel.analysis.images import is_hash

    try:
        with path.open(encoding="utf-8-sig", newline="") as lines:
            rows: list[Row] = list(csv.DictReader(lines))
    except (UnicodeDecodeError, csv.Error):
        raise BadInput(f"search {path}", "it is not a table in UTF-8", "Save it as CSV in UTF-8.") from None
    for number, row in enumerate(rows, 1):
        if row.get("hash") is None:
            raise BadInput(
                f"search {path}", f"row {number} has no column hash", "Name the columns in the first line."
            )
        if _is_pdq(row) and not is_hash(row["hash"]):
            raise BadInput(
                f"search {path}", f"row {number} is no PDQ hash", "Name others in a column algorithm."
            )
    return rows


def _is_pdq(row: Row) -> bool:
    return (row.get("algorithm") or "PDQ").upper() == "PDQ"


def _matches(sought: Row, rows: Sequence[Row], most: int) -> Iterator[dict[str, Any]]:
    """Yield the rows of a list in which one picture, or one hash, is found: the nearest first."""
    from insight_kernel.analysis.images import near

    equal = {sought.get("sha256"), *sought["hashes"][:1]}
    for row in rows:
        if not _is_pdq(row) and row["hash"].lower() in equal:
            yield {"sought": sought["sought"], "distance": 0, "turned": False, **row}
    listed = [row for row in rows if _is_pdq(row)]
    if sought["hashes"]:
        for found in near(sought["hashes"], [row["hash"] for row in listed], most):
            row = listed[found.listed]
            yield {"sought": sought["sought"], "distance": found.distance, "turned": found.sought > 0, **row}


def _line(found: Row) -> str:
    return "  ".join(str(value) if key == "sought" else f"{key} {value}" for key, value in found.items())

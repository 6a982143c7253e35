"""Exporting from a store of one's own: what its gateway says, and a copy of the frozen file where it is wanted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from insight_kernel.client.embedded import EmbeddedGateway
from insight_kernel.client.stores import existing_store
from insight_kernel.errors import BadInput, NotAvailable
from insight_kernel.files import replace_file

_SIDECAR = ".handling.json"


@dataclass(frozen=True)
class Export:
    """What came of an export.

    Attributes
    ----------
    recipient, granted, blockers, other
        Whether it may go there; when refused `owner` and `reason` of what stands in the way, as far as the asker may
        know, and whether there are other reasons.
    run, entities, lost
        When granted: under which id it is kept, how many entities are in it, and what the format could not carry.
    path, handling
        The copies: of the file, and of what says how it is to be handled.
    """

    recipient: str
    granted: bool
    blockers: Sequence[Mapping[str, str]] = ()
    other: bool = False
    run: str = ""
    entities: int = 0
    lost: Sequence[Mapping[str, Any]] = ()
    path: str = ""
    handling: str = ""

    def __str__(self) -> str:
        if not self.granted:
            reasons = [f"{blocker['owner']}: {blocker['reason']}" for blocker in self.blockers]
            reasons += ["other reasons that cannot be shown"] if self.other else []
            return f"Cannot export to {self.recipient}: {'; '.join(reasons)}."
        counted = "1 entity" if self.entities == 1 else f"{self.entities:,} entities"
        lost = [f"  not carried: {one['what']}, {one['times']:,} times: {one['why']}" for one in self.lost]
        lines = [
            f"Exported {counted} to {self.recipient} as {self.run}",
            f"  {self.path}",
            f"  {self.handling}",
        ]
        return "\n".join([*lines, *lost])


def export_entities(
    output: Path, *, to: str, format_: str, user: str, purpose: str, case: str | None = None,
    store: str | Path | None = None, schemata: Sequence[str] = (), filters: Mapping[str, Sequence[str]] | None = None,
    ids: Sequence[str] = (),
) -> Export:  # fmt: skip
    """Export entities to an organisation, as far as it and the user may both see them.

    Parameters
    ----------
    output
        Where the copy of the file goes; `OUTPUT.handling.json` beside it says how it is to be handled.
    to, format_
        The organisation, and a name of `insight_kernel.intake.formats.FORMATS`.
    user, purpose, case, store
        As for `insight.open`.
    schemata, filters, ids
        Entities of these schemata whose properties have one of the values given; or entities by id.

    Raises
    ------
    InsightError
        When nothing is found, or user, case, purpose and recipient do not go together.
    """
    if not output.parent.is_dir():
        raise BadInput(f"export to {output}", "its folder is not there", "Make it first.")
    asked = {"user": user, "purpose": purpose, "case": case, "to": to, "format": format_}
    with EmbeddedGateway(existing_store(store)) as gateway:
        said = gateway.operate(
            "export", **asked, schemata=list(schemata), filters=dict(filters or {}), ids=list(ids)
        )
    if not said["granted"]:
        return Export(to, granted=False, blockers=said["blockers"], other=said["other"])
    handling = output.with_name(output.name + _SIDECAR)
    for name in said["files"]:
        replace_file(handling if name.endswith(_SIDECAR) else output, Path(said["folder"], name).read_bytes())
    return Export(
        to, granted=True, run=said["run"], entities=said["entities"], lost=said["lost"], path=str(output),
        handling=str(handling),
    )  # fmt: skip


def read_ids(path: Path) -> list[str]:
    """Return the ids of a file, one a line."""
    found = [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    if not found:
        raise NotAvailable(f"export what {path} names", "not available", "Write one id a line.")
    return found

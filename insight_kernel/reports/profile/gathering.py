"""Gathering: a workspace is asked, and what it answers becomes the material of a profile."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pandas as pd

from insight_kernel.model.schema import vocabulary
from insight_kernel.reports.profile.material import Link, Note, Said, Seen, Thing

if TYPE_CHECKING:
    from insight_kernel.client.workspace import Workspace

PROTECTED = "protected person"
_BELONGINGS = ("PhoneNumber", "BankAccount", "CryptoWallet", "Vehicle", "Device")
_AT_ONCE = 10_000  # entities one request may name


def gather(workspace: "Workspace", subject: str) -> Seen:
    """Ask for the subject, its links, and the links of what belongs to it.

    Raises
    ------
    NotAvailable
        When there is no such subject for the reader.
    """
    near = workspace.neighbours([subject])
    own = belongings(near, subject)
    further = workspace.neighbours(own) if own else near.iloc[:0]
    ids = {subject}.union(
        *(frame[end].dropna() for frame in (near, further) for end in ("source", "target", "link"))
    )
    parts = [workspace.entities(chunk) for chunk in _chunks(sorted(ids))]
    statements = pd.concat([entity.statements for part in parts for entity in part])
    cut_off = any(frame.insight.label.get("truncated", False) for frame in (near, further))
    found = seen(subject, statements, near, further, cut_off=cut_off)
    return replace(found, notes=tuple(_notes(workspace.notes(subject))))


def belongings(near: pd.DataFrame, subject: str) -> list[str]:
    """Return the telephones, accounts, vehicles and devices linked with the subject, sorted."""
    known = {name for schema in _BELONGINGS for name in vocabulary().descendants(schema)}
    ends = [
        (row[end], row[f"{end}_schema"]) for row in near.to_dict("records") for end in ("source", "target")
    ]
    return sorted({id_ for id_, schema in ends if schema in known and id_ != subject})


def seen(
    subject: str, statements: pd.DataFrame, near: pd.DataFrame, further: pd.DataFrame, *,
    cut_off: bool = False, day: date | None = None,
) -> Seen:  # fmt: skip
    """Return the material of a profile from frames as a workspace returns them.

    Victims and minors lose their names and everything else that describes them here, before anything is made.
    """
    found = {thing.id: thing for thing in _things(statements)}
    things = {id_: _masked(thing, found) for id_, thing in found.items()}
    links = [tuple(_links(frame, things)) for frame in (near, further)]
    return Seen(things[subject], things, links[0], links[1], cut_off, day or datetime.now(UTC).date())


def _things(statements: pd.DataFrame) -> Iterator[Thing]:
    for id_, rows in statements.groupby("id", sort=True):
        found = rows.to_dict("records")
        schema, caption = vocabulary().get(found[0]["schema"]), str(found[0]["caption"])
        yield Thing(str(id_), schema, caption, tuple(_said(row) for row in found))


def _said(row: Mapping[Any, Any]) -> Said:
    names = ("property", "value", "reference", "owner", "grade", "delivered", "level")
    texts = {name: row[name] for name in names}
    handling, special = _words(row["handling"]), _words(row["special"])
    return Said(**texts, source=row["source_title"], handling=handling, special=special)


def _notes(frame: pd.DataFrame) -> Iterator[Note]:
    """Yield what two people stand for; a draft is nobody's word yet."""
    for row in frame[~frame["draft"].astype(bool)].to_dict("records"):
        texts = {
            name: _text(row[name]) for name in ("text", "author", "reviewer", "made", "grade", "section")
        }
        yield Note(**texts, assessment=bool(row["assessment"]))


def _text(cell: object) -> str:
    return cell if isinstance(cell, str) else ""


def _words(cell: object) -> tuple[str, ...]:
    if isinstance(cell, tuple):
        return tuple(map(str, cell))
    return (cell,) if isinstance(cell, str) else ()


def _masked(thing: Thing, found: Mapping[str, Thing]) -> Thing:
    """Return a thing as it is shown: nothing of a protected person but the status, nothing of his papers."""
    if thing.protected:
        kept = tuple(s for s in thing.said if s.property == "personStatus")
        return replace(thing, caption=PROTECTED, said=kept)
    holders = (found.get(id_) for id_ in thing.values("holder"))
    if any(holder and holder.protected for holder in holders):
        return replace(thing, caption=f"document of a {PROTECTED}", said=())
    return thing


def _links(frame: pd.DataFrame, things: Mapping[str, Thing]) -> Iterator[Link]:
    for row in frame.to_dict("records"):
        link = row["link"] if isinstance(row["link"], str) else None
        if row["source"] in things and row["target"] in things:  # withdrawn between two answers: not there
            yield Link(
                row["source"], row["target"], row["schema"], row["caption"], link if link in things else None
            )


def _chunks(ids: list[str]) -> Iterable[list[str]]:
    return (ids[n : n + _AT_ONCE] for n in range(0, len(ids), _AT_ONCE))

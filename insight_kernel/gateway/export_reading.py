"""What an export holds: found and read by the same typed requests as everything else, then sorted by owner."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from insight_kernel.errors import NotAvailable
from insight_kernel.gateway.requests import Find, Get, Page
from insight_kernel.gateway.service import Gateway
from insight_kernel.gateway.sessions import Session
from insight_kernel.intake.items import Entity, Item
from insight_kernel.model.grade import NOT_GRADED
from insight_kernel.model.label import LEVELS

_AT_ONCE = 10_000  # entities
Row = Mapping[str, Any]


def found_by_schema(gateway: Gateway, session: Session, asked: Find) -> list[str]:
    """Return the ids of what a session finds, page by page."""
    found: list[str] = []
    cursor = None
    while True:
        page = asked.model_copy(update={"page": Page(size=_AT_ONCE, cursor=cursor)})
        table = gateway.answer("find", page, session, page.model_dump_json().encode()).table
        found += table["id"].to_pylist()
        cursor = json.loads(table.schema.metadata[b"insight"])["cursor"]
        if cursor is None:
            return found


def found_by_ids(gateway: Gateway, session: Session, ids: Iterable[str]) -> Iterator[Row]:
    """Yield every statement a session is shown of entities; all of them must be there for it."""
    named = sorted(set(ids))
    for start in range(0, len(named), _AT_ONCE):
        asked = Get(ids=named[start : start + _AT_ONCE])
        rows = gateway.answer("get", asked, session, asked.model_dump_json().encode()).table.to_pylist()
        if len({row["id"] for row in rows}) < len(asked.ids):
            raise NotAvailable("export", "not available", "Check the ids; one may never have existed.")
        yield from rows


def delivered(rows: Iterable[Row]) -> list[Item]:
    """Return an item for each entity and owner, with the strictest of what the labels of its statements say."""
    found: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        if row["value"] is not None:
            found.setdefault((row["id"], row["owner"]), []).append(row)
    return [_item(id_, owner, said) for (id_, owner), said in found.items()]


def _item(id_: str, owner: str, rows: Sequence[Row]) -> Item:
    properties: dict[str, list[str]] = {}
    for row in rows:
        values = properties.setdefault(row["property"], [])
        values += [] if row["value"] in values else [row["value"]]
    grades = {row["grade"] for row in rows}
    grade = grades.pop() if len(grades) == 1 else NOT_GRADED
    entity = Entity(id_, rows[0]["schema"], properties)
    return Item(id_, b"", (entity,), label_of(owner, rows), None if grade == NOT_GRADED else grade)


def label_of(owner: str, rows: Sequence[Row]) -> dict[str, Any]:
    """Return a label that lets through no more than each of the statements' labels, as far as it is shown.

    Examples
    --------
    >>> open_ = {"level": "official", "purposes": ["network", "warn"], "expires": "2031-01-01", "handling": ["H1"]}
    >>> strict = {"level": "restricted", "purposes": ["network"], "expires": "2030-01-01", "conditions": "Ask."}
    >>> label_of("FR", [open_, strict])["handling"]
    ['H1']
    >>> [label_of("FR", [open_, strict])[name] for name in ("level", "purposes", "expires", "conditions")]
    ['restricted', ['network'], '2030-01-01', 'Ask.']
    """
    union = {
        name: sorted({word for row in rows for word in row.get(name) or ()})
        for name in ("handling", "special")
    }
    conditions = "; ".join(dict.fromkeys(said for row in rows if (said := row.get("conditions"))))
    return {
        "owner": owner,
        "level": max((row["level"] for row in rows), key=LEVELS.index),
        "purposes": sorted(set.intersection(*(set(row["purposes"]) for row in rows))),
        "expires": min(row["expires"] for row in rows),
        **{name: words for name, words in union.items() if words},
        **({"conditions": conditions} if conditions else {}),
    }

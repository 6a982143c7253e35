"""A breach report for people: as text, and as a page that works offline and prints."""

from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from insight_kernel.leaving.page import refuse_active
from insight_kernel.reports.render import style

Row = Mapping[str, Any]
_TABLES = (
    (
        "reads",
        "Who read whose data",
        "Questions answered in this time; rows as they were sent, also repeatedly.",
    ),
    ("data", "Whose data, and of which kinds", "Records that a workspace was first sent in this time."),
    ("left", "What left", "Releases: to whom, and the SHA-256 of each file."),
    ("refusals", "Refusals", "Requests that were refused, by true reason."),
    ("alarms", "Alarms", "What the officer was told of at once."),
    ("gaps", "Gaps", "Announced and never said to be done, or cut: here the log has less to say."),
)
_HIDDEN = {"records"}  # ids stand in --json


def as_text(found: Row) -> str:
    """Return the report as lines."""
    return "\n".join(_lines(found))


def as_page(found: Row) -> str:
    """Return the report as one page without script and without anything from elsewhere."""
    body = "".join(
        f"<h2>{escape(title)}</h2><p>{escape(about)}</p>{_table(found[name])}"
        for name, title, about in _TABLES
    )
    head = "".join(f"<p>{escape(line)}</p>" for line in _head(found))
    page = (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Breach report</title>'
        f"<style>{style()}</style></head><body><main><h1>Breach report</h1>{head}{body}</main></body></html>"
    )
    return refuse_active(page)


def _lines(found: Row) -> Iterator[str]:
    yield from _head(found)
    for name, title, _ in _TABLES:
        yield f"\n{title}: {len(found[name]) or 'none'}"
        yield from (
            "  " + " · ".join(f"{key} {text}" for key, text in _cells(row).items()) for row in found[name]
        )


def _head(found: Row) -> Iterator[str]:
    asked, log = found["asked"], found["log"]
    where = (
        ", ".join(f"{name} {asked[name]}" for name in ("user", "workspace", "owner") if name in asked)
        or "everybody"
    )
    yield f"From {asked.get('since', 'the beginning')} until {asked.get('until', 'now')}, {where}; made {found['made']}"
    owners = sorted({row["owner"] for row in found["data"]})
    number = sum(row["number"] for row in found["data"])
    kinds = sorted({kind for row in found["data"] for kind in row["kinds"]})
    yield f"About {number:,} records of {', '.join(owners) or 'nobody'}; special kinds: {', '.join(kinds) or 'none'}"
    yield f"{found['entries']:,} entries of the log, which is {'whole' if log['whole'] else log['fault']}"
    good = log["last_good"]
    yield (
        f"Last good checkpoint: {good['count']} entries, {good['time']}, {good['head'][:16]}"
        if good
        else "No checkpoint"
    )
    yield from log["outside"]


def _table(rows: list[Row]) -> str:
    if not rows:
        return "<p>None.</p>"
    cells = [_cells(row) for row in rows]
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in cells[0])
    body = "".join(
        "<tr>" + "".join(f'<td dir="auto">{escape(text)}</td>' for text in row.values()) + "</tr>"
        for row in cells
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _cells(row: Row) -> dict[str, str]:
    return {name: _cell(value) for name, value in row.items() if name not in _HIDDEN}


def _cell(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {each}" for name, each in value.items()) or "-"
    return "-" if value is None or value == "" else str(value)

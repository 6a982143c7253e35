"""What happened when: events and periods in lanes."""

from dataclasses import dataclass
from datetime import date

import pandas as pd
from matplotlib.path import Path as Outline

from insight_kernel.views import style
from insight_kernel.views.canvas import Canvas, nothing, pristine
from insight_kernel.views.dates import ticks
from insight_kernel.views.events import Event, events_of
from insight_kernel.views.frames import need
from insight_kernel.views.lanes import Axis, Placed, rows
from insight_kernel.views.legend import Entry, legend
from insight_kernel.views.picture import Picture
from insight_kernel.views.times import Hit, Times

_LABELLED = 150  # events; with more, labels would make the picture endless
_ROWS = 90  # at most, all lanes together
_BAR = 8.0
_BLOCK = Outline([(-0.6, -0.35), (0.6, -0.35), (0.6, 0.35), (-0.6, 0.35), (-0.6, -0.35)], closed=True)
_STROKE = Outline([(-0.15, -0.6), (0.15, -0.6), (0.15, 0.6), (-0.15, 0.6), (-0.15, -0.6)], closed=True)


@pristine
def timeline(events: pd.DataFrame, *, title: str = "", today: date | None = None) -> Picture:
    """Draw events and periods on a time axis, one lane a kind.

    Parameters
    ----------
    events
        One row an event: ``start`` and ``end`` as dates, timestamps or ISO text; ``end`` may be missing (then
        it is one event) and so may ``start`` (then the bar is open to the left). ``caption`` and ``kind`` may
        be absent. A partial date is drawn as the stretch it means: "2024-05" as that month, light and dashed,
        because the day is not known. Times with an offset are shown in UTC.
    title
        Written above the picture.
    today
        A day to mark; a period that ended before it is drawn pale, as expired. None marks nothing.

    Returns
    -------
    Picture
        Lanes in the order in which kinds first appear in time. Labels never overlap; beyond 150 events there
        are none, which the picture says. Rows without a readable date, or ending before they begin, are left
        out and counted.

    Raises
    ------
    BadInput
        A column is missing.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [("2024-05", None, "Offer", "contract"), ("2024-06-03", "2024-08-20", "Lease", "contract")]
    >>> timeline(pd.DataFrame(rows, columns=["start", "end", "caption", "kind"])).alt
    'Timeline of 2 events from 2024-05 to 2024-08-20: Offer (2024-05), Lease (2024-06-03 to 2024-08-20).'
    """
    need(events, ("start", "end"), "draw a timeline")
    found = events_of(events)
    missing = len(events) - len(found)
    if not found:
        return nothing(title, " ".join(["No events to show.", *_left_out(missing)]))
    scene = Times(found, style.plain(title), missing, float(today.toordinal()) if today else None)
    return drawn(scene).picture


def _left_out(missing: int) -> list[str]:
    return [f"{style.count(missing, 'row')} without usable dates left out."] if missing else []


@dataclass(frozen=True)
class Drawn:
    """A timeline on its sheet: where each event is, and the axis that turns days into places."""

    picture: Picture
    hits: list[Hit]
    axis: Axis


@pristine
def drawn(scene: Times, span: tuple[float, float] | None = None) -> Drawn:
    """Draw a timeline, or what of it lies between two days, and say where on the sheet each event is."""
    kinds = list(dict.fromkeys(event.kind for event in scene.events))
    gutter = min(120.0, max(style.text_width(kind, style.BODY) for kind in kinds))
    axis = _axis(scene, style.MARGIN + gutter + (12 if gutter else 0), 680 - style.MARGIN, span)
    events = [event for event in scene.events if event.high >= axis.low and event.low <= axis.high]
    labelled = len(events) <= _LABELLED
    lanes = {
        kind: rows([e for e in events if e.kind == kind], axis, labelled, _ROWS // len(kinds) or 1)
        for kind in kinds
    }
    pitch = 17.0 if labelled else 10.0
    heights = {
        kind: pitch * (1 + max((placed.row for placed in lane), default=0)) + 8
        for kind, lane in lanes.items()
    }
    sheet = Canvas(680, sum(heights.values()) + 118)
    entries = _entries(scene.events, scene.today)
    top = legend(sheet, sheet.heading(scene.title), entries) + 16
    _draw_axis(sheet, axis, top, sum(heights.values()), scene.today)
    hits: list[Hit] = []
    for kind, colour in style.kind_colours(kinds).items():
        hits += _draw_lane(sheet, axis, lanes[kind], colour, (top, pitch), scene.today)
        _name_lane(sheet, kind, top, heights[kind])
        top += heights[kind]
    part = (
        []
        if span is None
        else [f"{style.count(len(events), 'event')} of {len(scene.events):,} in this part."]
    )
    sheet.notes([" ".join(part + _notes(scene.events, scene.missing, labelled))])
    return Drawn(sheet.picture(_alt(scene.events, scene.title, scene.missing), scene), hits, axis)


def _axis(scene: Times, left: float, right: float, span: tuple[float, float] | None) -> Axis:
    low, high = span or scene.span
    return Axis(low, high, left, right)


def _entries(events: list[Event], today: float | None) -> list[Entry]:
    entries: list[Entry] = []
    entries += [("d", style.OTHER, "moment or day")] if any(event.point for event in events) else []
    entries += [(_BLOCK, style.OTHER, "period")] if any(event.sure for event in events) else []
    vague = any(not event.point and event.sure != (event.low, event.high) for event in events)
    entries += [(_BLOCK, "#d3d9df", "some time within: date not known to the day")] if vague else []
    entries += (
        [(_STROKE, style.ACCENT, "today; periods that ended before are pale")] if today is not None else []
    )
    return entries


def _draw_axis(sheet: Canvas, axis: Axis, top: float, height: float, today: float | None) -> None:
    inset = 24 * (axis.high - axis.low) / (axis.right - axis.left)  # room for half a tick's text
    marks = ticks(axis.low + inset, axis.high - inset, 8)
    sheet.lines(
        [[(axis.x(day), top), (axis.x(day), top + height)] for day, _ in marks],
        color=style.HAIR,
        linewidths=0.7,
        zorder=1,
    )
    for day, name in marks:
        for y in (top - 5, top + height + 11):
            sheet.text((axis.x(day), y), name, size=style.TINY, color=style.MUTED, anchor="middle")
    if today is not None and axis.low <= today <= axis.high:
        x = axis.x(today)
        sheet.lines([[(x, top), (x, top + height)]], color=style.ACCENT, linewidths=1.2, zorder=3)


def _name_lane(sheet: Canvas, kind: str, top: float, height: float) -> None:
    edge = [(style.MARGIN, top), (sheet.width - style.MARGIN, top)]
    sheet.lines([edge, [(x, top + height) for x, _ in edge]], color=style.LINE, linewidths=0.6, zorder=1)
    sheet.text((style.MARGIN, top + 15), style.shorten(kind, style.BODY, 120), bold=True, full=kind)


def _draw_lane(
    sheet: Canvas, axis: Axis, lane: list[Placed], colour: str, rows: tuple[float, float], today: float | None
) -> list[Hit]:
    hits = []
    for placed in lane:
        y = rows[0] + 4 + rows[1] * (placed.row + 0.5)
        pale = today is not None and placed.event.ended and placed.event.high <= today
        above = placed.anchor == "middle" and bool(placed.label)
        _draw_event(sheet, axis, placed, y + (5 if above else 0), colour, 0.4 if pale else 1.0)
        at = {"start": placed.x1 + 8, "end": placed.x0 - 8, "middle": (placed.x0 + placed.x1) / 2}[
            placed.anchor
        ]
        ink, full = style.MUTED if pale else style.INK, placed.event.caption
        sheet.text(
            (at, y if above else y + 3),
            placed.label,
            size=style.SMALL,
            color=ink,
            anchor=placed.anchor,
            halo=True,
            full=full,
        )
        hits.append(_hit(placed, at, y))
    return hits


def _hit(placed: Placed, at: float, y: float) -> Hit:
    """Return the rectangle of an event's bar and label."""
    wide = style.text_width(placed.label, style.SMALL)
    text = at - {"start": 0.0, "end": wide, "middle": wide / 2}[placed.anchor]
    left = min(placed.x0 - 5, text if wide else placed.x0)
    right = max(placed.x1 + 5, text + wide if wide else placed.x1)
    return Hit(placed.event, left, y - 8, right - left, 16.0)


def _draw_event(sheet: Canvas, axis: Axis, placed: Placed, y: float, colour: str, alpha: float) -> None:
    event = placed.event
    if event.point:
        sheet.marks([((placed.x0 + placed.x1) / 2, y)], shape="d", size=9, fill=colour, alpha=alpha)
        return
    if event.sure is None or (event.low, event.high) != event.sure:
        edge = {"edgecolor": colour, "linewidth": 0.8, "linestyle": (0, (3, 2))}
        _bar(sheet, placed.x0, placed.x1, y, facecolor=colour, alpha=0.22 * alpha)
        _bar(sheet, placed.x0, placed.x1, y, fill=False, alpha=alpha, **edge)
    if event.sure:
        _bar(sheet, axis.x(event.sure[0]), axis.x(event.sure[1]), y, facecolor=colour, alpha=alpha)
    if event.open_:
        sheet.marks([(placed.x0 + 3, y)], shape="<", size=8, fill=colour, alpha=alpha)


def _bar(sheet: Canvas, x0: float, x1: float, y: float, **kwargs: object) -> None:
    sheet.box((x0, y - _BAR / 2), max(2.0, x1 - x0), _BAR, round_=1.5, zorder=4, **kwargs)


def _notes(events: list[Event], missing: int, labelled: bool) -> list[str]:
    many = [] if labelled else [f"{len(events):,} events, too many to label."]
    open_ = sum(event.open_ for event in events)
    unknown = [f"Arrow: beginning not known ({open_})."] if open_ else []
    return _left_out(missing) + many + unknown


def _alt(events: list[Event], title: str, missing: int) -> str:
    named = [f"{event.caption or event.kind or 'event'} ({event.when})" for event in events[:5]]
    more = f" and {len(events) - 5} more" if len(events) > 5 else ""
    last = max(events, key=lambda event: event.high).when.split(" ")[-1]
    first = events[0].when.removeprefix("until ").split(" to ")[0]
    what = (
        f"Timeline of {style.count(len(events), 'event')} from {first} to {last}: {', '.join(named)}{more}."
    )
    return " ".join([*([f"{title}."] if title else []), what, *_left_out(missing)])

"""The rows of a timeline: what is certain about when something was, and what is not."""

from collections.abc import Hashable
from dataclasses import dataclass, replace
from datetime import datetime

import pandas as pd

from insight_kernel.views import style
from insight_kernel.views.dates import Stretch, stretch_of
from insight_kernel.views.frames import Facts, facts_of, values, words


@dataclass(frozen=True)
class Event:
    """One row of the input: ``low`` to ``high`` it may have lasted, ``sure`` it certainly did."""

    low: float
    high: float
    sure: tuple[float, float] | None
    open_: bool  # the beginning is not known
    caption: str
    kind: str
    when: str
    row: Hashable = None  # its label in the frame
    facts: Facts = ()

    @property
    def ended(self) -> bool:
        """Whether it was a period whose end is stated: what merely happened does not become less."""
        return self.open_ or self.sure is not None

    @property
    def point(self) -> bool:
        """Whether it is one moment or one day."""
        return not self.open_ and self.high - self.low <= 1


def events_of(frame: pd.DataFrame) -> list[Event]:
    """Return the rows that have a usable date, earliest first, equal ones in the order of the rows."""
    columns = (values(frame, "start"), values(frame, "end"), words(frame, "caption"), words(frame, "kind"))
    found = [_event(*row) for row in zip(*columns, strict=True)]
    said = facts_of(frame, ("start", "end", "caption", "kind"))
    events = [
        replace(event, row=row, facts=facts)
        for event, row, facts in zip(found, frame.index, said, strict=True)
        if event
    ]
    return sorted(events, key=lambda event: (event.low, event.high))


def _event(start: object, end: object, caption: str, kind: str) -> Event | None:
    first, last = stretch_of(start), stretch_of(end)
    when = " to ".join(filter(None, map(_said, (start, end))))
    if first and last and (last.high > first.low or last.low >= first.low):
        return Event(first.low, max(first.high, last.high), _sure(first, last), False, caption, kind, when)
    if first and not style.plain(end):
        return Event(first.low, first.high, None, False, caption, kind, when)
    if last and not style.plain(start):
        return Event(last.low, last.high, None, True, caption, kind, f"until {when}")
    return None


def _sure(first: Stretch, last: Stretch) -> tuple[float, float] | None:
    """Return the stretch a period covers for certain, whatever the days missing in its dates."""
    low, high = first.low if first.exact else first.high, last.high if last.exact else last.low
    return (low, high) if low < high else None


def _said(value: object) -> str:
    """Return a date as its source gave it; of timestamps without a time that means anything, the day."""
    if isinstance(value, datetime) and value == value:
        return f"{value:%Y-%m-%d %H:%M}".removesuffix(" 00:00")
    return style.plain(value)

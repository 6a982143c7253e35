"""The timeline: partial dates mean stretches, labels do not overlap, nothing is lost without a word."""

from datetime import UTC, date, datetime
from itertools import pairwise

import pandas as pd
import pytest

from insight_kernel.errors import BadInput
from insight_kernel.views import timeline
from insight_kernel.views.dates import stretch_of, ticks
from insight_kernel.views.events import events_of
from insight_kernel.views.lanes import Axis, rows
from insight_kernel.views.style import SMALL, text_width

JAN1 = date(2024, 1, 1).toordinal()


def frame(*events):
    """Build events from (start, end, caption, kind)."""
    return pd.DataFrame(list(events), columns=["start", "end", "caption", "kind"], dtype=object)


@pytest.mark.parametrize(
    ("value", "low", "days"),
    [
        ("2024", JAN1, 366),
        ("2023", JAN1 - 365, 365),
        (2024, JAN1, 366),
        ("2024-02", JAN1 + 31, 29),
        ("2024-12", JAN1 + 335, 31),
        ("9999-12", 3652029, 31),
        ("2024-01-01", JAN1, 1),
        (date(2024, 1, 1), JAN1, 1),
        (datetime(2024, 1, 1), JAN1, 1),
        (pd.Timestamp("2024-01-01"), JAN1, 1),
        (pd.Timestamp("2024-01-01 06:00"), JAN1 + 0.25, 0),
        ("2024-01-01T06:00", JAN1 + 0.25, 0),
        ("2024-01-01T00:00", JAN1, 0),
        ("2024-01-01T06:00:00Z", JAN1 + 0.25, 0),
        ("2024-01-01T01:00+02:00", JAN1 - 1 / 24, 0),
        (datetime(2024, 1, 1, tzinfo=UTC), JAN1, 0),
    ],
)
def test_what_stretch_of_time_a_date_means(value, low, days):
    """A year is a year, a month a month, a time a moment, always in UTC."""
    stretch = stretch_of(value)
    assert stretch.low - low == pytest.approx(0, abs=1e-6)
    assert stretch.high - stretch.low == pytest.approx(days)


@pytest.mark.parametrize(
    "value", [None, "", "yesterday", "2024-13", "2024-02-30", "24", float("nan"), pd.NaT, "0000"]
)
def test_what_is_no_date(value):
    """Unreadable is None, never a guess."""
    assert stretch_of(value) is None


@pytest.mark.parametrize(
    ("start", "end", "low", "high", "sure"),
    [
        ("2024-01-01", None, 0, 1, None),
        ("2024-01", None, 0, 31, None),
        ("2024-01-03", "2024-01-05", 2, 5, (2, 5)),
        ("2023", "2024-03", -365, 91, (0, 60)),
        ("2024", "2024", 0, 366, None),
        ("2024-01-01T06:00", "2024-01-01T06:00", 0.25, 0.25, None),
    ],
)
def test_what_a_period_covers_at_most_and_for_certain(start, end, low, high, sure):
    """With partial dates the certain part is shorter than the possible one, or empty."""
    (event,) = events_of(frame((start, end, "x", "y")))
    assert (event.low - JAN1, event.high - JAN1) == (low, high)
    assert (event.sure and tuple(day - JAN1 for day in event.sure)) == sure
    assert not event.open_


def test_a_missing_start_leaves_the_bar_open(texts):
    """Valid until a day, from an unknown one on."""
    (event,) = events_of(frame((None, "2024-01-05", "x", "y")))
    assert event.open_
    assert "Arrow: beginning not known (1)." in texts(timeline(frame((None, "2024-01-05", "x", "y"))))


@pytest.mark.parametrize(
    ("start", "end"), [("soon", None), (None, None), ("2024-05", "2024-04"), ("2024", "later")]
)
def test_unusable_rows_are_left_out_and_counted(start, end, texts):
    """No date, an unreadable one, or an end before the beginning."""
    shown = texts(timeline(frame((start, end, "hidden", "y"), ("2024", None, "shown", "y"))))
    assert "1 row without usable dates left out." in shown
    assert "hidden" not in shown
    assert "shown" in shown


def test_no_events_gives_a_picture_that_says_so(texts):
    """Empty is said."""
    assert texts(timeline(frame(), title="Case 7")) == ["Case 7", "No events to show."]
    assert texts(timeline(frame(("?", None, "", "")))) == [
        "No events to show. 1 row without usable dates left out."
    ]


def test_a_missing_column_is_named():
    """The error says what was asked, what is wrong and what to do."""
    with pytest.raises(BadInput, match=r"^Cannot draw a timeline: the frame has no column 'end'\."):
        timeline(pd.DataFrame({"start": ["2024"]}))


def test_captions_kinds_and_round_dates_are_written(texts):
    """One lane a kind; the axis above and below."""
    picture = timeline(
        frame(("2024-01-10", None, "Meeting", "sighting"), ("2024-05", None, "Lease", "contract"))
    )
    shown = texts(picture)
    assert {"Meeting", "Lease", "sighting", "contract"} <= set(shown)
    assert shown.count("2024-03") == 2


def test_labels_and_bars_of_one_row_never_overlap():
    """Eighty events within a month, with long names, at every position on the axis."""
    many = [(f"2024-01-{1 + n % 28:02}", None, f"Event number {n} with a long name", "k") for n in range(80)]
    lane = rows(events_of(frame(*many)), Axis(JAN1, JAN1 + 30, 100, 660), True, 90)
    taken = sorted((placed.row, *extent(placed)) for placed in lane)
    assert len(taken) == 80
    for (row, _, end), (next_row, begin, _) in pairwise(taken):
        assert row != next_row or end <= begin
    assert max(end for _, _, end in taken) <= 661


def extent(placed):
    """Return from where to where mark and label of an event reach."""
    wide = text_width(placed.label, SMALL)
    if placed.anchor == "start":
        return placed.x0, placed.x1 + 8 + wide
    return placed.x0 - 8 - wide, placed.x1


def test_more_events_than_labels_are_drawn_and_said(texts):
    """Beyond 150 events marks stay, labels go."""
    many = [(f"2024-{1 + n % 12:02}-{1 + n % 28:02}", None, f"Event {n}", "k") for n in range(200)]
    shown = texts(timeline(frame(*many)))
    assert "200 events, too many to label." in shown
    assert not any(text.startswith("Event") for text in shown)


def test_what_ended_before_today_is_pale(texts):
    """A period can expire, an event cannot; and only against a day that is named: no clock is read."""
    events = frame(
        ("2023-01-01", "2023-06-01", "Old permit", "p"), ("2023-01-01", "2024-06-01", "New permit", "p"),
        ("2022-01-01", None, "It happened", "p"),
    )  # fmt: skip
    plain, dated = timeline(events), timeline(events, today=date(2024, 1, 1))
    assert 'opacity="0.4"' not in plain.svg
    assert dated.svg.count('opacity="0.4"') == 1
    assert "today; periods that ended before are pale" in texts(dated)


@pytest.mark.parametrize(
    ("low", "high", "first", "second"),
    [
        (date(1990, 5, 1), date(2030, 1, 1), "1995", "2000"),
        (date(2023, 11, 20), date(2024, 6, 2), "2023-12", "2024-01"),
        (date(2024, 1, 1), date(2024, 1, 7), "2024-01-01", "2024-01-02"),
        (date(2024, 1, 1), date(2024, 1, 2), "01-01 00:00", "01-01 06:00"),
        (date(1, 1, 1), date(9999, 12, 31), "2000", "4000"),
    ],
)
def test_ticks_are_round(low, high, first, second):
    """Years, months, days or hours, whichever gives up to eight."""
    found = ticks(low.toordinal(), high.toordinal(), 8)
    assert [name for _, name in found[:2]] == [first, second]
    assert 3 <= len(found) <= 8
    assert all(low.toordinal() <= day <= high.toordinal() for day, _ in found)

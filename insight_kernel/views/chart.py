"""Numbers side by side, as horizontal bars."""

import pandas as pd

from insight_kernel.errors import BadInput
from insight_kernel.views import style
from insight_kernel.views.canvas import Canvas, nothing, pristine
from insight_kernel.views.picture import Picture

_MOST = 40  # bars; what follows is counted, not drawn
_ROW = 19.0
_NAMES = 210.0


@pristine
def bars(series: "pd.Series[float]", *, title: str, unit: str) -> Picture:
    """Draw one horizontal bar a value, with the value written at its end.

    Parameters
    ----------
    series
        Numbers; the index holds the names. Drawn in the order given, at most the first 40; a missing value
        says so.
    title
        Written above the bars; may be empty.
    unit
        What is counted, for example "calls"; may be empty.

    Returns
    -------
    Picture
        All bars start at zero.

    Raises
    ------
    BadInput
        A value is not a number.

    Examples
    --------
    >>> import pandas as pd
    >>> bars(pd.Series({"Ana": 12, "Bo": 3}), title="Who called most", unit="calls").alt
    'Who called most. Bar chart of 2 values in calls: Ana 12, Bo 3.'
    """
    numbers = _numbers(series)
    if not numbers:
        return nothing(title, "No values to show.")
    shown = numbers[:_MOST]
    sheet = Canvas(680, 78 + _ROW * len(shown) + (24 if title else 0))
    top = sheet.heading(title)
    sheet.text((style.MARGIN, top + 6), unit, size=style.SMALL, color=style.MUTED)
    _draw(sheet, top + 14, shown)
    if len(numbers) > len(shown):
        sheet.notes([f"The first {_MOST} of {len(numbers):,} values."])
    return sheet.picture(_alt(shown, len(numbers), title, unit))


def _numbers(series: "pd.Series[float]") -> list[tuple[str, float]]:
    try:
        numbers = pd.to_numeric(series)
    except (ValueError, TypeError) as error:
        raise BadInput(
            "draw bars", "a value is not a number", "Give numbers; leave out or mend the rest."
        ) from error
    return [(style.plain(name), float(number)) for name, number in numbers.items()]


def _draw(sheet: Canvas, top: float, shown: list[tuple[str, float]]) -> None:
    names = min(_NAMES, max(style.text_width(name, style.BODY) for name, _ in shown))
    left, right = style.MARGIN + names + 10, sheet.width - style.MARGIN - 64
    real = [number for _, number in shown if number == number]
    low, high = min([0.0, *real]), max([0.0, *real])
    left += 64 if low < 0 else 0
    scale = (right - left) / ((high - low) or 1.0)
    zero = left - low * scale
    for row, (name, number) in enumerate(shown):
        y = top + _ROW * (row + 0.5)
        cut = style.shorten(name, style.BODY, _NAMES)
        sheet.text((style.MARGIN + names, y + 3.5), cut, anchor="end", full=name)
        _bar(sheet, zero, y, number, scale)
    sheet.lines([[(zero, top), (zero, top + _ROW * len(shown))]], color=style.MUTED, linewidths=0.8, zorder=6)


def _bar(sheet: Canvas, zero: float, y: float, number: float, scale: float) -> None:
    if number != number:
        sheet.text((zero + 6, y + 3.5), "no value", size=style.SMALL, color=style.MUTED)
        return
    wide, height = abs(number) * scale, _ROW * 0.62
    begin = zero if number >= 0 else zero - wide
    sheet.box((begin, y - height / 2), wide, height, facecolor=style.PALETTE[0])
    at, anchor = (zero + wide + 5, "start") if number >= 0 else (begin - 5, "end")
    sheet.text((at, y + 3.5), _said(number), anchor=anchor)


def _said(number: float) -> str:
    return f"{number:,.0f}" if number == round(number) else f"{number:,.4g}"


def _alt(shown: list[tuple[str, float]], count: int, title: str, unit: str) -> str:
    said = [f"{name} {_said(number) if number == number else 'no value'}" for name, number in shown[:12]]
    more = f" and {count - len(said)} more" if count > len(said) else ""
    what = (
        f"Bar chart of {style.count(count, 'value')}{f' in {unit}' if unit else ''}: {', '.join(said)}{more}."
    )
    return f"{title}. {what}" if title else what

"""The row of marks and names under a title."""

from collections.abc import Iterable

from matplotlib.path import Path as Outline

from insight_kernel.views import style
from insight_kernel.views.canvas import Canvas


def legend(sheet: Canvas, top: float, entries: Iterable[tuple[str | Outline, str, str]]) -> float:
    """Draw (shape, colour, name) side by side, breaking lines as needed, and return the y below."""
    x, y = style.MARGIN, top + 8
    for shape, fill, name in entries:
        shown = style.shorten(name, style.SMALL, sheet.width / 2)
        wide = style.text_width(shown, style.SMALL) + 30
        if x > style.MARGIN and x + wide > sheet.width - style.MARGIN:
            x, y = style.MARGIN, y + 15
        sheet.marks([(x + 5, y - 3)], shape=shape, size=9, fill=fill)
        sheet.text((x + 14, y), shown, size=style.SMALL, color=style.MUTED, full=name)
        x += wide
    return y + 8 if x > style.MARGIN else top

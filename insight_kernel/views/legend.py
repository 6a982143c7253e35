"""What stands around a picture: its title, the row of marks and names under it, the notes at its foot."""

from collections.abc import Iterable
from dataclasses import dataclass

from matplotlib.path import Path as Outline

from insight_kernel.views import style
from insight_kernel.views.canvas import Canvas, pristine
from insight_kernel.views.picture import Picture

Entry = tuple[str | Outline, str, str]  # shape, colour, name


@dataclass(frozen=True)
class Around:
    """Title, legend and notes of a picture, as its still and its live form show them."""

    title: str
    entries: tuple[Entry, ...]
    notes: tuple[str, ...] = ()


def legend(sheet: Canvas, top: float, entries: Iterable[Entry]) -> float:
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


@pristine
def head(around: Around) -> Picture:
    """Draw title and legend alone, for what is live below them."""
    high = _head(Canvas(680, 100), around)
    sheet = Canvas(680, high)
    _head(sheet, around)
    names = ", ".join(name for _, _, name in around.entries)
    return sheet.picture(f"{around.title}. Legend: {names}.")


def _head(sheet: Canvas, around: Around) -> float:
    return legend(sheet, sheet.heading(around.title) if around.title else 6.0, around.entries)

"""A sheet measured in points, its origin at the top left: what every view draws on."""

from collections.abc import Callable, Sequence
from functools import wraps
from io import StringIO
from typing import Any, ParamSpec, TypeVar

import matplotlib as mpl
import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, Rectangle
from matplotlib.path import Path as Outline

from insight_kernel.views import style
from insight_kernel.views.picture import Picture
from insight_kernel.views.svg import Words, finish

Point = tuple[float, float]
Frame = tuple[float, float, float, float]  # left, top, width, height
P = ParamSpec("P")
R = TypeVar("R")

_ALIGN = {"start": "left", "middle": "center", "end": "right"}
# DejaVu Sans comes with matplotlib, so that tokens are laid out alike on every machine.
_SETTINGS: dict[Any, Any] = {"svg.hashsalt": "insight", "svg.fonttype": "none", "path.simplify": False}


def pristine(view: Callable[P, R]) -> Callable[P, R]:
    """Run a view under matplotlib's defaults: a notebook's own settings must not change our pictures."""

    @wraps(view)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> R:
        with mpl.rc_context():
            mpl.rcdefaults()
            mpl.rcParams.update(_SETTINGS)
            return view(*args, **kwargs)

    return drawn


class Canvas:
    """A white sheet of ``width`` by ``height`` points; y grows downwards."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._figure = Figure(figsize=(width / 72, height / 72), dpi=72, facecolor=style.PAPER)
        self.axes = self._figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
        self.axes.set_axis_off()
        self._words: dict[str, Words] = {}

    def text(
        self,
        at: Point,
        text: str,
        *,
        size: float = style.BODY,
        color: str = style.INK,
        anchor: str = "start",
        bold: bool = False,
        halo: bool = False,
        full: str = "",
    ) -> None:
        """Write one line; ``at`` is its baseline at the start, middle or end. ``full`` is shown on hover."""
        if not text:
            return
        token = f"T{len(self._words)}"
        self._words[token] = Words(style.plain(text), style.plain(full), halo)
        kwargs: dict[str, Any] = {"fontsize": size, "color": color, "fontfamily": "DejaVu Sans", "zorder": 9}
        weight = "bold" if bold else "normal"
        self.axes.text(*at, token, ha=_ALIGN[anchor], va="baseline", fontweight=weight, **kwargs)

    def lines(
        self, lines: Sequence[Any], *, color: str = style.LINE, clip: Frame | None = None, **kwargs: Any
    ) -> None:
        """Draw open lines, each a sequence of points."""
        self._add(LineCollection(lines, colors=color, **kwargs), clip)

    def polygons(
        self, rings: Sequence[Any], *, fill: str, edge: str = "none", clip: Frame | None = None, **kwargs: Any
    ) -> None:
        """Draw closed shapes, each a sequence of points."""
        self._add(PolyCollection(rings, facecolors=fill, edgecolors=edge, **kwargs), clip)

    def _add(self, artist: LineCollection | PolyCollection, clip: Frame | None) -> None:
        """Put shapes on the sheet, cut at a frame if there is one; matplotlib forgets a cut set earlier."""
        self.axes.add_collection(artist, autolim=False)
        if clip:
            artist.set_clip_path(Rectangle(clip[:2], *clip[2:], transform=self.axes.transData))

    def marks(self, at: Any, *, shape: str | Outline, size: float, fill: str, **kwargs: Any) -> None:
        """Draw the same marker, ``size`` points across, at each point of ``at``."""
        points = np.asarray(at, dtype=float).reshape(-1, 2)
        kwargs = {"edgecolors": style.PAPER, "linewidths": 0.8, "zorder": 5, **kwargs}
        self.axes.scatter(points[:, 0], points[:, 1], s=size**2, marker=shape, facecolors=fill, **kwargs)

    def box(self, at: Point, width: float, height: float, *, round_: float = 0.0, **kwargs: Any) -> None:
        """Draw a rectangle from its top left corner, with corners rounded by ``round_`` points."""
        kwargs = {"linewidth": 0.0, **kwargs}
        if round_:
            form = f"round,pad=0,rounding_size={round_}"
            self.axes.add_patch(FancyBboxPatch(at, width, height, boxstyle=form, **kwargs))
        else:
            self.axes.add_patch(Rectangle(at, width, height, **kwargs))

    def heading(self, title: str) -> float:
        """Write the title, if there is one, and return the y where the picture may begin."""
        if not title:
            return style.MARGIN
        shown = style.shorten(title, style.TITLE, self.width - 2 * style.MARGIN)
        self.text((style.MARGIN, style.MARGIN + 10), shown, size=style.TITLE, bold=True, full=title)
        return style.MARGIN + 24

    def notes(self, notes: Sequence[str]) -> None:
        """Write small lines at the foot of the sheet."""
        for number, note in enumerate(reversed(notes)):
            y = self.height - style.MARGIN + 6 - number * 11
            shown = style.shorten(note, style.TINY, self.width - 2 * style.MARGIN)
            self.text((style.MARGIN, y), shown, size=style.TINY, color=style.MUTED, full=note)

    def picture(self, alt: str, scene: object = None) -> Picture:
        """Finish the sheet; from ``scene`` the live form of the picture is made."""
        raw = StringIO()
        self._figure.savefig(raw, format="svg", metadata={"Date": None})
        said = style.plain(alt)
        return Picture(finish(raw.getvalue(), self._words, said), said, scene)


def nothing(title: str, what: str) -> Picture:
    """Return the picture of an empty input: it says so instead of being blank."""
    sheet = Canvas(480, 120)
    top = sheet.heading(title)
    sheet.box((style.MARGIN, top), 480 - 2 * style.MARGIN, 102 - top, round_=5, facecolor=style.SHADE)
    sheet.text((240, (top + 102) / 2 + 3), what, color=style.MUTED, anchor="middle")
    return sheet.picture(f"{title}: {what}" if title else what)

"""A timeline that can be zoomed and clicked: each part of it is drawn by the function that draws the still picture."""

from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import traitlets

from insight_kernel.views.events import Event
from insight_kernel.views.legend import Around
from insight_kernel.views.live.shell import Item, Live
from insight_kernel.views.timeline import drawn
from insight_kernel.views.times import Hit, Times

_HINT = (
    "Click an event to see what is said about it; drag, or use the left and right keys, to move in time; turn the "
    "wheel (with Ctrl where the picture scrolls), or use + and -, to zoom."
)
_LEAST = 1 / 24  # days seen at least


class Sheet(anywidget.AnyWidget):
    """A drawn sheet with places on it that can be clicked, and an axis that can be moved and zoomed."""

    _esm = Path(__file__).with_name("times.js")
    svg = traitlets.Unicode().tag(sync=True)
    hits: Any = traitlets.List().tag(
        sync=True
    )  # number of the event, left, top, width, height, what it is called
    span = traitlets.List([0.0, 1.0]).tag(sync=True)  # days seen; the browser asks for others by setting it
    axis = traitlets.List([0.0, 1.0]).tag(sync=True)  # x of both ends of the axis
    chosen = traitlets.Int(None, allow_none=True).tag(sync=True)


class LiveTimes(Live):
    """The live form of a timeline; what is selected is the label of a row of the frame that was drawn."""

    front_end = "anywidget"

    def __init__(self, times: Times) -> None:
        self._times = times
        look = ipywidgets.Layout(max_height="520px", overflow="auto")
        self.stage = Sheet(layout=look, span=list(times.span))
        self._numbers = {id(event): number for number, event in enumerate(times.events)}
        self._draw()
        items = [
            Item(event.row, event.caption or event.kind or event.when, _facts(event))
            for event in times.events
        ]
        super().__init__(self.stage, items, Around("", ()), _HINT)
        self.stage.observe(self._moved, "span")
        self.stage.observe(self._clicked, "chosen")

    def show_all(self) -> None:
        """Go back to where everything is seen."""
        self.stage.span = list(self._times.span)

    def _clicked(self, change: Any) -> None:
        self.chooser.value = change["new"]

    def _mark(self, number: int | None) -> None:
        self.stage.chosen = number

    def _moved(self, _: object) -> None:
        self._draw()

    def _draw(self) -> None:
        low, high = within(self.stage.span, self._times.span)
        whole = (low, high) == self._times.span
        made = drawn(self._times, None if whole else (low, high))
        with self.stage.hold_sync():
            self.stage.span, self.stage.axis = [low, high], [made.axis.left, made.axis.right]
            self.stage.hits, self.stage.svg = [self._hit(hit) for hit in made.hits], made.picture.svg

    def _hit(self, hit: Hit) -> list[Any]:
        name = f"{hit.event.caption or hit.event.kind}, {hit.event.when}"
        return [self._numbers[id(hit.event)], hit.left, hit.top, hit.width, hit.height, name]


def within(asked: Any, whole: tuple[float, float]) -> tuple[float, float]:
    """Return the part of time asked for, not shorter than an hour and not beyond the whole.

    Examples
    --------
    >>> within([5.0, 15.0], (0.0, 10.0))
    (0.0, 10.0)
    >>> within([2.0, 2.001], (0.0, 10.0))
    (2.0, 2.0416666666666665)
    """
    first, last = whole
    low, high = (float(day) for day in asked)
    wide = min(max(high - low, _LEAST), last - first)
    low = min(max(low, first), last - wide)
    return low, low + wide


def _facts(event: Event) -> Any:
    kind = (("kind", (event.kind,)),) if event.kind else ()
    return (("when", (event.when,)), *kind, *event.facts)

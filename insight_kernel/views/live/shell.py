"""What all live pictures have in common: title and legend above, the picture, and beside it what is selected."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from html import escape

import ipywidgets

from insight_kernel.views import style
from insight_kernel.views.frames import Facts
from insight_kernel.views.legend import Around, head

HEIGHT = "460px"
SIDE = "270px"
BESIDE = (
    f"calc(100% - {SIDE})"  # said outright: what is drawn before its neighbour must not take the whole width
)
_NAME = 80  # characters of a caption in the list; the whole stands in the description
_NAMED = f"color:{style.MUTED};font-size:12px;margin-top:7px"
_SAID = "overflow-wrap:anywhere"
_STYLE = """<style>
.insight-head svg {width: 850px; max-width: 100%; height: auto; display: block}
.insight-live .leaflet-div-icon {background: none; border: 0}
</style>"""  # leaflet would put each mark on a white card


@dataclass(frozen=True)
class Item:
    """One thing that can be selected: its name in the caller's data, its caption, what is said about it."""

    key: Hashable
    caption: str
    facts: Facts


class Live:
    """A live picture: ``widget`` is what is shown, ``selected`` what was last clicked or chosen.

    The list of names is the one place that holds the selection: a click in the picture sets it, and whoever has
    no mouse uses it instead.
    """

    _upright = True  # whether what is selected stands beside the picture, or else below

    def __init__(self, stage: ipywidgets.DOMWidget, items: Sequence[Item], around: Around, hint: str) -> None:
        self.items, self._hint = tuple(items), hint
        names = [(_short(item.caption), number) for number, item in enumerate(self.items)]
        self.chooser = ipywidgets.Dropdown(
            options=[("Nothing selected", None), *names], tooltip="Select by name"
        )
        self.chooser.layout = ipywidgets.Layout(width="auto", margin="0 0 6px 0")
        self.details = ipywidgets.HTML(layout=ipywidgets.Layout(overflow="auto", flex="1 1 auto"))
        self._show_all = ipywidgets.Button(description="Show all", layout=ipywidgets.Layout(width="auto"))
        self.widget = self._framed(stage, around)
        self.chooser.observe(self._changed, "value")
        self._show_all.on_click(lambda _: self.show_all())
        self._changed()

    @property
    def selected(self) -> Hashable | None:
        """The node, or the label of the row, that was last clicked or chosen."""
        number = self.chooser.value
        return None if number is None else self.items[number].key

    def choose(self, key: Hashable | None) -> None:
        """Select as a click does; None selects nothing."""
        self.chooser.value = next((n for n, item in enumerate(self.items) if item.key == key), None)

    def show_all(self) -> None:
        """Go back to where everything is seen."""
        raise NotImplementedError

    def _mark(self, number: int | None) -> None:
        """Show in the picture what is selected."""
        raise NotImplementedError

    def _changed(self, _: object = None) -> None:
        number = self.chooser.value
        self.details.value = described(self.items[number]) if number is not None else _line(self._hint)
        self._mark(number)

    def _framed(self, stage: ipywidgets.DOMWidget, around: Around) -> ipywidgets.VBox:
        whole = ipywidgets.Layout(width="100%", overflow="hidden")
        rows = [ipywidgets.HTML(_STYLE), *self._above(around)]
        rows += [self._beside(stage) if self._upright else self._below(stage)]
        rows += [ipywidgets.HTML("".join(map(_line, around.notes)))] if around.notes else []
        framed = ipywidgets.VBox(rows, layout=whole)
        framed.add_class("insight-live")
        return framed

    def _above(self, around: Around) -> list[ipywidgets.HTML]:
        if not (around.title or around.entries):
            return []
        above = ipywidgets.HTML(head(around).svg)
        above.add_class("insight-head")
        return [above]

    def _beside(self, stage: ipywidgets.DOMWidget) -> ipywidgets.HBox:
        column = ipywidgets.Layout(flex=f"0 0 {SIDE}", padding="0 0 0 12px", height=HEIGHT)
        side = ipywidgets.VBox([self.chooser, self.details, self._show_all], layout=column)
        return ipywidgets.HBox([stage, side], layout=ipywidgets.Layout(width="100%", overflow="hidden"))

    def _below(self, stage: ipywidgets.DOMWidget) -> ipywidgets.VBox:
        self.chooser.layout.flex, self.chooser.layout.margin = f"0 0 {SIDE}", "0 12px 6px 0"
        row = ipywidgets.HBox([self.chooser, self._show_all])
        self.details.layout.min_height = "84px"  # what is below must not jump when something is selected
        return ipywidgets.VBox([stage, row, self.details])


def described(item: Item) -> str:
    """Return what is said about an item as HTML; every text in it is escaped.

    Examples
    --------
    >>> described(Item("p1", "<b>Ana</b>", ())).count("&lt;b&gt;Ana&lt;/b&gt;")
    1
    """
    said = "".join(
        f'<div style="{_NAMED}">{escape(name)}</div>' + "".join(map(_said, texts))
        for name, texts in item.facts
    )
    caption = f'<b dir="auto" style="{_SAID}">{escape(item.caption)}</b>'
    return f'<div role="status" style="line-height:1.4">{caption}{said}</div>'


def _said(text: str) -> str:
    return f'<div dir="auto" style="{_SAID}">{escape(text)}</div>'


def _line(text: str) -> str:
    return f'<div dir="auto" style="color:{style.MUTED};font-size:12px;line-height:1.4">{escape(text)}</div>'


def _short(caption: str) -> str:
    return caption if len(caption) <= _NAME else caption[: _NAME - 1] + "…"

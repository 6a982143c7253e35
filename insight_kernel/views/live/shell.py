"""What all live pictures have in common: title and legend above, the picture, and beside it what is selected."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from html import escape

import ipywidgets

from insight_kernel.views import style
from insight_kernel.views.frames import Facts
from insight_kernel.views.legend import Around, head

HEIGHT = "460px"
_SIDE = "270px"
_NAME = 80  # characters of a caption in the list; the whole stands in the description
_DT = f"color:{style.MUTED};font-size:12px;margin-top:7px"
_DD = "margin:0;overflow-wrap:anywhere"


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

    def __init__(self, stage: ipywidgets.DOMWidget, items: Sequence[Item], around: Around, hint: str) -> None:
        self.items, self._hint = tuple(items), hint
        names = [(_short(item.caption), number) for number, item in enumerate(self.items)]
        wide = ipywidgets.Layout(width="auto", margin="0 0 6px 0")
        self.chooser = ipywidgets.Dropdown(options=[("Nothing selected", None), *names], layout=wide)
        self.chooser.tooltip = "Select by name"
        self.details = ipywidgets.HTML(layout=ipywidgets.Layout(overflow="auto", flex="1 1 auto"))
        self._show_all = ipywidgets.Button(description="Show all", layout=wide)
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
        column = ipywidgets.Layout(flex=f"0 0 {_SIDE}", padding="0 0 0 12px", height=HEIGHT)
        side = ipywidgets.VBox([self.chooser, self.details, self._show_all], layout=column)
        rows = [ipywidgets.HBox([stage, side], layout=ipywidgets.Layout(width="100%"))]
        rows += [ipywidgets.HTML("".join(map(_line, around.notes)))] if around.notes else []
        above = [ipywidgets.HTML(head(around).svg)] if around.title or around.entries else []
        return ipywidgets.VBox([*above, *rows], layout=ipywidgets.Layout(width="100%"))


def described(item: Item) -> str:
    """Return what is said about an item as HTML; every text in it is escaped.

    Examples
    --------
    >>> described(Item("p1", "<b>Ana</b>", ())).count("&lt;b&gt;Ana&lt;/b&gt;")
    1
    """
    said = "".join(
        f'<dt style="{_DT}">{escape(name)}</dt>'
        + "".join(f'<dd dir="auto" style="{_DD}">{escape(text)}</dd>' for text in texts)
        for name, texts in item.facts
    )
    caption = f'<b dir="auto" style="overflow-wrap:anywhere">{escape(item.caption)}</b>'
    return f'<div role="status" style="line-height:1.4">{caption}<dl style="margin:0">{said}</dl></div>'


def _line(text: str) -> str:
    return f'<div dir="auto" style="color:{style.MUTED};font-size:12px;line-height:1.4">{escape(text)}</div>'


def _short(caption: str) -> str:
    return caption if len(caption) <= _NAME else caption[: _NAME - 1] + "…"

"""What all live pictures have in common: title and legend above, the picture, below it what is selected."""

from abc import ABC, abstractmethod
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from html import escape

import ipywidgets

from insight_kernel.views import style
from insight_kernel.views.frames import Facts
from insight_kernel.views.legend import Around, head
from insight_kernel.views.live.chooser import Chooser

HEIGHT = "400px"
_NAME = 80  # characters of a caption in the list; the whole stands in the description
_NAMED = f"color:{style.MUTED};font-size:12px;padding-top:5px;break-after:avoid"
_TOGETHER = 5  # values of one name that are kept in one column
# Leaflet would put each mark on a white card; cytoscape measures itself before it is told how high it is.
_STYLE = """<style>
.insight-head svg {width: 850px; max-width: 100%; height: auto; display: block}
.insight-live .leaflet-div-icon {background: none; border: 0}
.insight-tall .custom-widget {height: 640px}
</style>"""


@dataclass(frozen=True)
class Item:
    """One thing that can be selected: its name in the caller's data, its caption, what is said about it."""

    key: Hashable
    caption: str
    facts: Facts


class Live(ABC):
    """A live picture: ``widget`` is what is shown, ``selected`` what was last clicked or chosen.

    The list of names is the one place that holds the selection: a click in the picture sets it, and whoever has
    no mouse uses it instead.
    """

    front_end: str
    """The JupyterLab extension that draws it."""

    def __init__(self, stage: ipywidgets.DOMWidget, items: Sequence[Item], around: Around, hint: str) -> None:
        self.items, self._hint = tuple(items), hint
        self.chooser = Chooser(names=[_short(item.caption) for item in self.items])
        self.chooser.layout = ipywidgets.Layout(width="340px", max_width="60%")
        self.details = ipywidgets.HTML()
        self.details.layout.min_height = "72px"  # what is below must not jump
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

    @abstractmethod
    def show_all(self) -> None:
        """Go back to where everything is seen."""

    @abstractmethod
    def _mark(self, number: int | None) -> None:
        """Show in the picture what is selected."""

    def _changed(self, _: object = None) -> None:
        number = self.chooser.value
        self.details.value = described(self.items[number]) if number is not None else _line(self._hint)
        self._mark(number)

    def _framed(self, stage: ipywidgets.DOMWidget, around: Around) -> ipywidgets.VBox:
        notes = ipywidgets.HTML("".join(map(_line, around.notes)))
        choice = ipywidgets.HBox([self.chooser, self._show_all])
        whole = ipywidgets.Layout(width="100%", overflow="hidden")
        rows = [ipywidgets.HTML(_STYLE), *_above(around), stage, notes, choice, self.details]
        framed = ipywidgets.VBox(rows, layout=whole)
        framed.add_class("insight-live")
        return framed


def _above(around: Around) -> list[ipywidgets.HTML]:
    if not (around.title or around.entries):
        return []
    above = ipywidgets.HTML(head(around).svg)
    above.add_class("insight-head")
    return [above]


def described(item: Item) -> str:
    """Return what is said about an item as HTML; every text in it is escaped.

    Examples
    --------
    >>> described(Item("p1", "<b>Ana</b>", ())).count("&lt;b&gt;Ana&lt;/b&gt;")
    1
    """
    said = "".join(_fact(name, texts) for name, texts in item.facts)
    caption = f'<b dir="auto" style="overflow-wrap:anywhere">{escape(item.caption)}</b>'
    return f'<div role="status" style="line-height:1.4">{caption}<div style="column-width:230px">{said}</div></div>'


def _fact(name: str, texts: tuple[str, ...]) -> str:
    whole = "break-inside:avoid;" if len(texts) <= _TOGETHER else ""
    said = "".join(f'<div dir="auto" style="overflow-wrap:anywhere">{escape(text)}</div>' for text in texts)
    return f'<div style="{whole}"><div style="{_NAMED}">{escape(name)}</div>{said}</div>'


def _line(text: str) -> str:
    return f'<div dir="auto" style="color:{style.MUTED};font-size:12px;line-height:1.4">{escape(text)}</div>'


def _short(caption: str) -> str:
    return caption if len(caption) <= _NAME else caption[: _NAME - 1] + "…"

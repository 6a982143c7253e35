"""A network that can be zoomed, dragged and clicked: ipycytoscape, with the places and colours of the still picture."""

from collections.abc import Hashable
from typing import Any

import ipycytoscape
import ipywidgets
import numpy as np
from matplotlib.markers import MarkerStyle
from matplotlib.path import Path as Outline

from insight_kernel.views import style
from insight_kernel.views.families import FAMILIES, UNKNOWN, Family
from insight_kernel.views.graph_paint import LABEL_WIDTH
from insight_kernel.views.live.shell import HEIGHT, Item, Live
from insight_kernel.views.network import Label, Link, Network

_HINT = "Click a node to see what is said about it; drag it to move it; turn the wheel to zoom."
_ALL = (*FAMILIES, UNKNOWN)
_FEW, _TALL = 20, "640px"  # more nodes than that stand on a sheet that is higher than wide


class LiveNetwork(Live):
    """The live form of a network; what is selected is a node of the graph that was drawn."""

    front_end = "jupyter-cytoscape"

    def __init__(self, network: Network) -> None:
        self._scene = network.scene
        self._height = HEIGHT if len(self._scene.nodes) <= _FEW else _TALL
        self._ids = {node: f"n{number}" for number, node in enumerate(self._scene.nodes)}
        self.stage = ipycytoscape.CytoscapeWidget(
            cytoscape_layout={"name": "preset", "fit": True, "padding": 12},
            cytoscape_style=self._style(None),
            min_zoom=0.2, max_zoom=8,
            layout=ipywidgets.Layout(height=self._height, border=f"1px solid {style.HAIR}"),
        )  # fmt: skip
        self.stage.graph.add_nodes([self._node(network, node) for node in self._scene.nodes])
        drawn = [self._edge(network, n, link) for n, link in enumerate(self._scene.links)]
        self.stage.graph.add_edges(drawn, directed=True, multiple_edges=True)
        items = [
            Item(node, self._scene.captions[node], self._facts(network, node)) for node in self._scene.nodes
        ]
        super().__init__(self.stage, items, network.around, _HINT)
        if self._height == _TALL:
            self.widget.add_class("insight-tall")
        self.stage.on("node", "click", self._clicked)

    def show_all(self) -> None:
        """Go back to where everything is seen; what was dragged stays where it is."""
        taller = (
            f"calc({self._height} + 1px)"  # a change of height makes the front end measure itself and fit
        )
        self.stage.layout.height = taller if self.stage.layout.height == self._height else self._height

    def _clicked(self, event: dict[str, Any]) -> None:
        self.chooser.value = int(event["data"]["id"].removeprefix("n"))

    def _mark(self, number: int | None) -> None:
        self.stage.cytoscape_style = self._style(number)

    def _node(self, network: Network, node: Hashable) -> ipycytoscape.Node:
        family, label = self._scene.families[node], network.labels.get(node)
        x, y = self._scene.at[node]
        made = ipycytoscape.Node(position={"x": x, "y": y})
        wide = outline(family.shape)[1][0] * self._scene.size
        made.data = {
            "id": self._ids[node],
            "label": "\n".join(label.lines) if label else "",
            **_beside(label, x, y, wide),
        }
        side = label.anchor if label else "middle"
        marked = "marked" if node in self._scene.marked else ""
        made.classes = " ".join(filter(None, (f"f{_ALL.index(family)}", side, marked)))
        return made

    def _edge(self, network: Network, number: int, link: Link) -> ipycytoscape.Edge:
        made, label = ipycytoscape.Edge(), network.captions.get(number)
        ends = sorted(link.ends, key=lambda end: end in link.arrows)  # a single arrow points to the target
        (x0, y0), (x1, y1) = (self._scene.at[end] for end in ends)
        away = (label.middle[0] - (x0 + x1) / 2, label.middle[1] - (y0 + y1) / 2) if label else (0.0, 0.0)
        made.data = {
            "id": f"e{number}", "source": self._ids[ends[0]], "target": self._ids[ends[-1]],
            "label": label.lines[0] if label else "", "dx": away[0], "dy": away[1],
            "width": min(3.5, 0.9 + 0.4 * (link.count - 1)),
        }  # fmt: skip
        made.classes = {0: "", 1: "one", 2: "one both"}[len(link.arrows)]
        return made

    def _facts(self, network: Network, node: Hashable) -> Any:
        near = [
            _said(link, node, self._scene.captions[_other(link, node)])
            for link in self._scene.links
            if node in link.ends
        ]
        return (*network.facts[node], *([("linked with", tuple(near))] if near else []))

    def _style(self, number: int | None) -> list[dict[str, Any]]:
        """Return the style sheet; with a node selected, all but it and its neighbours are pale."""
        css = [
            ("node", _NODE),
            ("edge", _EDGE),
            *((f".f{n}", self._shape(f)) for n, f in enumerate(_ALL)),
            *_CLASSES,
        ]
        if number is not None:
            node = self._scene.nodes[number]
            links = [n for n, link in enumerate(self._scene.links) if node in link.ends]
            ends = {end for n in links for end in self._scene.links[n].ends} | {node}
            css.append(("node, edge", {"opacity": 0.25}))
            near = [*(f"#{self._ids[end]}" for end in ends), *(f"#e{n}" for n in links)]
            css.append((", ".join(sorted(near)), {"opacity": 1}))
            css += [(f"#e{n}", {"line-color": style.INK}) for n in links]
            css.append((f"#{self._ids[node]}", {"border-color": style.ACCENT, "border-width": 2.5}))
        return [{"selector": selector, "css": rules} for selector, rules in css]

    def _shape(self, family: Family) -> dict[str, Any]:
        points, (wide, high) = outline(family.shape)
        size = self._scene.size
        form: dict[str, Any] = {"width": wide * size, "height": high * size, "background-color": family.fill}
        if family.shape == "o":
            return {**form, "shape": "ellipse"}
        text = " ".join(f"{number:.3f}" for number in points.ravel())
        return {**form, "shape": "polygon", "shape-polygon-points": text}


_FONT = {
    "font-family": style.FONTS,
    "text-outline-color": style.PAPER,
    "text-outline-width": 1.4,
    "text-outline-opacity": 0.9,
}
_NODE: dict[str, Any] = {
    **_FONT, "label": "data(label)", "font-size": "data(size)", "color": style.INK, "line-height": 1.1,
    "text-wrap": "wrap", "text-max-width": f"{3 * LABEL_WIDTH:g}px", "text-valign": "center", "text-halign": "center",
    "text-margin-x": "data(dx)", "text-margin-y": "data(dy)", "border-color": style.PAPER, "border-width": 0.8,
}  # fmt: skip
_EDGE: dict[str, Any] = {
    **_FONT, "label": "data(label)", "font-size": style.TINY, "color": style.MUTED, "width": "data(width)",
    "line-color": style.LINE, "text-margin-x": "data(dx)", "text-margin-y": "data(dy)",
    "target-arrow-color": style.MUTED, "source-arrow-color": style.MUTED, "arrow-scale": 0.7, "curve-style": "straight",
}  # fmt: skip
_CLASSES: list[tuple[str, dict[str, Any]]] = [
    (".start", {"text-halign": "right"}),
    (".end", {"text-halign": "left"}),
    (".marked", {"border-color": style.ACCENT, "border-width": 2, "font-weight": "bold"}),
    (".one", {"target-arrow-shape": "triangle"}),
    (".both", {"source-arrow-shape": "triangle"}),
    ("edge:loop", {"curve-style": "bezier"}),
]


def outline(shape: str | Outline) -> tuple[Any, tuple[float, float]]:
    """Return the corners of a mark, from -1 to 1 in both directions, y downwards, and its width and height.

    Examples
    --------
    >>> points, (wide, high) = outline("s")
    >>> wide, high, points.tolist()
    (1.0, 1.0, [[-1.0, 1.0], [1.0, 1.0], [1.0, -1.0], [-1.0, -1.0]])
    """
    marker = MarkerStyle(shape)
    path = marker.get_path().transformed(marker.get_transform())
    corners = np.asarray(path.vertices, dtype=float)
    points = np.array(list(dict.fromkeys(map(tuple, corners.round(6)))))  # outlines end where they began
    low, high = points.min(axis=0), points.max(axis=0)
    scaled = (points - (low + high) / 2) / ((high - low) / 2) * np.array([1, -1])
    wide, tall = high - low
    return scaled, (round(float(wide), 3), round(float(tall), 3))


def _beside(label: Label | None, x: float, y: float, wide: float) -> dict[str, float]:
    """Return how far a label stands from where cytoscape would put it."""
    if label is None:
        return {"dx": 0.0, "dy": 0.0, "size": style.SMALL}
    border = {"start": x + wide / 2, "end": x - wide / 2, "middle": x}[label.anchor]
    return {"dx": label.edge - border, "dy": label.middle[1] - y, "size": label.size}


def _other(link: Link, node: Hashable) -> Hashable:
    return link.ends[1] if link.ends[0] == node else link.ends[0]


def _said(link: Link, node: Hashable, other: str) -> str:
    """Say a link from one of its ends."""
    kinds = "; ".join(dict.fromkeys(filter(None, link.captions)))
    to, from_ = _other(link, node) in link.arrows, node in link.arrows
    arrow = "↔ " if to and from_ else "→ " if to else "← " if from_ else ""
    return arrow + other + (f" ({kinds})" if kinds else "")

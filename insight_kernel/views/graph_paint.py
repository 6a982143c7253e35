"""How a network is put on the sheet: links, nodes, then every label where it covers least."""

from collections.abc import Hashable
from typing import Any

import numpy as np

from insight_kernel.views import style
from insight_kernel.views.canvas import Canvas
from insight_kernel.views.families import FAMILIES, UNKNOWN
from insight_kernel.views.labels import Box, Room, around
from insight_kernel.views.network import Label, Link, Scene, key

LABELLED = 60  # more labels than that cover each other
_LINK_LABELLED = 45
LABEL_WIDTH = 104.0
_LEADING = 10.5


def paint(sheet: Canvas, scene: Scene, top: float) -> tuple[dict[Hashable, Label], dict[int, Label]]:
    """Draw links, nodes and labels, and return where the labels of nodes and the captions of links were put."""
    room = Room(Box(4, top, sheet.width - 4, sheet.height - 24))
    _draw_links(sheet, scene, room)
    _draw_nodes(sheet, scene, room)
    return _draw_labels(sheet, scene, room), _draw_captions(sheet, scene, room)


def _draw_links(sheet: Canvas, scene: Scene, room: Room) -> None:
    heads, loops, lines, widths = [], [], [], []
    for link in scene.links:
        start, end = scene.at[link.ends[0]], scene.at[link.ends[1]]
        if start == end:
            loops.append((start[0] + scene.size * 0.55, start[1] - scene.size * 0.55))
            continue
        lines.append((start, end))
        widths.append(min(3.5, 0.9 + 0.4 * (link.count - 1)))
        room.line(start, end)
        heads += [_head(scene, link, to) for to in link.ends if to in link.arrows]
    thin = 0.5 if len(scene.links) > 400 else 1.0
    sheet.lines(lines, linewidths=[thin * width for width in widths], zorder=2)
    sheet.polygons(heads, fill=style.MUTED, zorder=3)
    sheet.marks(
        loops, shape="o", size=scene.size, fill="none", edgecolors=style.LINE, linewidths=1.0, zorder=2
    )


def _head(scene: Scene, link: Link, to: Hashable) -> Any:
    """Return the arrow head at one end of a link, its tip where the node begins."""
    other = link.ends[0] if to == link.ends[1] else link.ends[1]
    tip, tail = np.array(scene.at[to]), np.array(scene.at[other])
    along = (tip - tail) / max(float(np.hypot(*(tip - tail))), 1e-9)
    across = np.array([-along[1], along[0]])
    tip = tip - along * (scene.size * 0.62 + 1.5)
    length = min(8.0, 0.45 * scene.size + 2)
    return np.round(
        [tip, tip - along * length + across * length * 0.42, tip - along * length - across * length * 0.42], 2
    )


def _draw_nodes(sheet: Canvas, scene: Scene, room: Room) -> None:
    half = scene.size / 2 + 1
    for node in scene.nodes:
        x, y = scene.at[node]
        room.take(Box(x - half, y - half, x + half, y + half))
    marked = [scene.at[node] for node in scene.nodes if node in scene.marked]
    ring = {"edgecolors": style.ACCENT, "linewidths": 2.0, "zorder": 4}
    sheet.marks(marked, shape="o", size=scene.size * 1.7, fill="#fff4ed", **ring)
    for family in (*FAMILIES, UNKNOWN):
        at = [scene.at[node] for node in scene.nodes if scene.families[node] is family]
        if at:
            sheet.marks(at, shape=family.shape, size=scene.size, fill=family.fill)


def labelled(scene: Scene) -> list[Hashable]:
    """Return the nodes that get a label, most important first."""
    ranked = sorted(scene.nodes, key=lambda node: (node not in scene.marked, -scene.degree[node], key(node)))
    return ranked[: max(LABELLED, len(scene.marked))]


def _draw_labels(sheet: Canvas, scene: Scene, room: Room) -> dict[Hashable, Label]:
    size = style.BODY if len(scene.nodes) <= 30 else style.SMALL
    placed = {}
    for node in labelled(scene):
        bold = node in scene.marked
        lines = style.wrap(scene.captions[node], size, LABEL_WIDTH)
        wide = max(style.text_width(line, size) for line in lines) * (1.08 if bold else 1.0)
        away = scene.size * (0.85 if bold else 0.5) + 2
        box = room.best(around(scene.at[node], wide, _LEADING * len(lines) + 1, away))
        placed[node] = _placed(box, lines, scene.at[node][0], size)
        _write(sheet, placed[node], box.top, bold=bold, full=scene.captions[node])
    return placed


def _placed(box: Box, lines: list[str], x: float, size: float) -> Label:
    """Return a label in its box, aligned towards its node."""
    anchor = "start" if box.left >= x else "end" if box.right <= x else "middle"
    middle = ((box.left + box.right) / 2, (box.top + box.bottom) / 2)
    edge = {"start": box.left, "end": box.right, "middle": middle[0]}[anchor]
    return Label(tuple(lines), middle, anchor, edge, size)


def _write(sheet: Canvas, label: Label, top: float, *, bold: bool, full: str) -> None:
    cut = full if label.lines[-1].endswith("…") else ""
    for number, line in enumerate(label.lines):
        at = (label.edge, top + label.size * 0.92 + number * _LEADING)
        sheet.text(at, line, size=label.size, anchor=label.anchor, bold=bold, halo=True, full=cut)


def _draw_captions(sheet: Canvas, scene: Scene, room: Room) -> dict[int, Label]:
    """Write what each link is where there is room for it; return those that found some."""
    named = [(number, link) for number, link in enumerate(scene.links) if link.caption]
    if common_caption(scene) or len(named) > _LINK_LABELLED:
        return {}
    found = ((number, _write_caption(sheet, scene, link, room)) for number, link in named)
    return {number: label for number, label in found if label is not None}


def common_caption(scene: Scene) -> str:
    """Return the caption that three or more links all bear: said once, it need not stand at each."""
    distinct = {caption for link in scene.links for caption in link.captions}
    return next(iter(distinct)) if len(distinct) == 1 and len(scene.links) > 2 else ""


def _write_caption(sheet: Canvas, scene: Scene, link: Link, room: Room) -> Label | None:
    text = style.shorten(link.caption, style.TINY, 92)
    (x0, y0), (x1, y1) = (scene.at[end] for end in link.ends)
    half = style.text_width(text, style.TINY) / 2
    for part in (0.5, 0.42, 0.58, 0.35, 0.65):
        x, y = x0 + (x1 - x0) * part, y0 + (y1 - y0) * part
        box = Box(x - half, y - 5, x + half, y + 4.5)
        if not room.overlaps(box):
            room.take(box)
            at = (x, y + 2.6)
            sheet.text(
                at, text, size=style.TINY, color=style.MUTED, anchor="middle", halo=True, full=link.caption
            )
            return Label((text,), (x, y), "middle", x, style.TINY)
    return None

"""A network as a node-link picture."""

from collections import Counter
from collections.abc import Collection, Hashable
from dataclasses import dataclass, field
from typing import Any

import networkx as nx
import numpy as np

from insight_kernel.views import style
from insight_kernel.views.canvas import Canvas, Point, nothing, pristine
from insight_kernel.views.families import FAMILIES, UNKNOWN, Family, family_of
from insight_kernel.views.labels import Box, Room, around
from insight_kernel.views.layout import positions, spread
from insight_kernel.views.legend import legend
from insight_kernel.views.picture import Picture

_LABELLED = 60  # more labels than that cover each other
_LINK_LABELLED = 45
_LABEL_WIDTH = 104.0
_LEADING = 10.5


@dataclass
class Link:
    """All edges between two nodes, drawn as one line."""

    ends: tuple[Hashable, Hashable]
    captions: list[str] = field(default_factory=list)
    count: int = 0
    arrows: set[Hashable] = field(default_factory=set)  # the ends an edge points to

    @property
    def caption(self) -> str:
        """The captions without repetition, at most two of them."""
        distinct = list(dict.fromkeys(filter(None, self.captions)))
        more = f" +{len(distinct) - 2}" if len(distinct) > 2 else ""
        times = f"{self.count}× " if self.count > 1 and len(distinct) == 1 else ""
        return times + ", ".join(distinct[:2]) + more


@dataclass(frozen=True)
class Scene:
    """A graph ready to be drawn: where each node stands, how large and in which family."""

    nodes: list[Hashable]
    at: dict[Hashable, Point]
    size: float
    captions: dict[Hashable, str]
    families: dict[Hashable, Family]
    degree: dict[Hashable, int]
    links: list[Link]
    marked: frozenset[Hashable]


@pristine
def graph(g: Any, *, highlight: Collection[Hashable] = (), title: str = "") -> Picture:
    """Draw a network: who is linked with whom.

    Nodes stand as far apart as the number of links between them, as well as paper allows (stress majorisation);
    position says nothing else. Colour and shape show what a node is, never how it is to be judged.

    Parameters
    ----------
    g
        Any networkx graph. Node attributes ``caption`` (default: the node itself) and ``schema``; edge attributes
        ``caption`` (default: the schema's name) and ``schema``. Several edges between two nodes become one,
        thicker, line. Directed graphs get arrow heads.
    highlight
        Nodes to ring and to set in bold; what is not in the graph is ignored.
    title
        Written above the picture.

    Returns
    -------
    Picture
        Of up to 60 nodes all are labelled, of more only the 60 with most links and the highlighted ones, which the
        picture says. The picture does not depend on the order in which nodes and edges were added.

    Examples
    --------
    >>> import networkx as nx
    >>> g = nx.DiGraph()
    >>> g.add_node("p1", caption="Ana Díaz", schema="Person")
    >>> g.add_node("c1", caption="Delta Trading Ltd", schema="Company")
    >>> g.add_edge("p1", "c1", schema="Directorship")
    >>> graph(g, title="Who directs what").alt
    'Who directs what. Network of 2 nodes and 1 link: 1 person, 1 organisation. Most links: Ana Díaz (1).'
    """
    if not len(g):
        return nothing(title, "No nodes to show.")
    links = links_of(g)
    sheet = _sheet(len(g))
    top = _legend(sheet, sheet.heading(title), Counter(family_of(_schema(d)) for _, d in g.nodes(data=True)))
    scene = _scene(g, links, frozenset(highlight), sheet, top)
    unnamed = _draw(sheet, scene, top)
    sheet.notes(_notes(scene, unnamed))
    return sheet.picture(_alt(scene, title))


def links_of(g: Any) -> list[Link]:
    """Gather the edges of a graph by their two ends, in the order of the nodes' names."""
    found: dict[frozenset[Hashable], Link] = {}
    for a, b, data in sorted(
        g.edges(data=True), key=lambda edge: (_key(edge[0]), _key(edge[1]), _kind(edge[2]))
    ):
        ends = (a, b) if _key(a) <= _key(b) else (b, a)
        link = found.setdefault(frozenset(ends), Link(ends))
        link.captions.append(_kind(data))
        link.count += 1
        if g.is_directed():
            link.arrows.add(b)
    return list(found.values())


def _key(node: Hashable) -> tuple[str, str]:
    return type(node).__name__, str(node)


def _schema(data: dict[str, Any]) -> str:
    return style.plain(data.get("schema"))


def _kind(data: dict[str, Any]) -> str:
    return style.plain(data.get("caption")) or _schema(data)


def _sheet(nodes: int) -> Canvas:
    """A page-wide sheet, the taller the more there is to show."""
    return Canvas(680, float(np.clip(230 + 9.5 * nodes, 250, 800)))


def _legend(sheet: Canvas, top: float, present: Counter[Family]) -> float:
    """Draw shape, name and number of each family present and return the y below."""
    shown = [family for family in (*FAMILIES, UNKNOWN) if present[family]]
    names = [style.count(present[family], family.one, family.many) for family in shown]
    return legend(sheet, top, [(f.shape, f.fill, name) for f, name in zip(shown, names, strict=True)])


def _scene(g: Any, links: list[Link], marked: frozenset[Hashable], sheet: Canvas, top: float) -> Scene:
    nodes = sorted(g, key=_key)
    simple = nx.Graph()
    simple.add_nodes_from(nodes)
    simple.add_edges_from(link.ends for link in links if link.ends[0] != link.ends[1])
    side, foot = style.MARGIN + _LABEL_WIDTH / 2, 46.0
    size = 17.0 if len(nodes) <= 30 else 13.0 if len(nodes) <= 80 else 9.0 if len(nodes) <= 300 else 4.0
    room = (sheet.width - 2 * side, sheet.height - top - 22 - foot)
    at = positions(simple, width=room[0], height=room[1], room=60)
    apart = spread(at, 1.7 * size) if len(nodes) <= 300 else at
    return Scene(
        nodes=nodes,
        at={node: (x + side, y + top + 22) for node, (x, y) in apart.items()},
        size=size,
        captions={node: style.plain(g.nodes[node].get("caption")) or style.plain(node) for node in nodes},
        families={node: family_of(_schema(g.nodes[node])) for node in nodes},
        degree=dict(simple.degree),
        links=links,
        marked=marked & set(nodes),
    )


def _draw(sheet: Canvas, scene: Scene, top: float) -> int:
    """Draw links, nodes and labels, and return how many links stayed without their caption."""
    room = Room(Box(4, top, sheet.width - 4, sheet.height - 24))
    _draw_links(sheet, scene, room)
    _draw_nodes(sheet, scene, room)
    _draw_labels(sheet, scene, room)
    return _draw_captions(sheet, scene, room)


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


def _labelled(scene: Scene) -> list[Hashable]:
    """The nodes that get a label, most important first."""
    ranked = sorted(scene.nodes, key=lambda node: (node not in scene.marked, -scene.degree[node], _key(node)))
    return ranked[: max(_LABELLED, len(scene.marked))]


def _draw_labels(sheet: Canvas, scene: Scene, room: Room) -> None:
    size = style.BODY if len(scene.nodes) <= 30 else style.SMALL
    for node in _labelled(scene):
        bold = node in scene.marked
        lines = style.wrap(scene.captions[node], size, _LABEL_WIDTH)
        wide = max(style.text_width(line, size) for line in lines) * (1.08 if bold else 1.0)
        away = scene.size * (0.85 if bold else 0.5) + 2
        box = room.best(around(scene.at[node], wide, _LEADING * len(lines) + 1, away))
        _write(sheet, box, lines, scene.at[node][0], size=size, bold=bold, full=scene.captions[node])


def _write(
    sheet: Canvas, box: Box, lines: list[str], x: float, *, size: float, bold: bool, full: str
) -> None:
    """Write a label into its box, aligned towards its node."""
    anchor = "start" if box.left >= x else "end" if box.right <= x else "middle"
    at = {"start": box.left, "end": box.right, "middle": (box.left + box.right) / 2}[anchor]
    cut = full if lines[-1].endswith("…") else ""
    for number, line in enumerate(lines):
        y = box.top + size * 0.92 + number * _LEADING
        sheet.text((at, y), line, size=size, anchor=anchor, bold=bold, halo=True, full=cut)


def _draw_captions(sheet: Canvas, scene: Scene, room: Room) -> int:
    """Write what each link is where there is room for it; return how many found none."""
    named = [link for link in scene.links if link.caption]
    if _common_caption(scene):
        return 0
    if len(named) > _LINK_LABELLED:
        return len(named)
    return sum(not _write_caption(sheet, scene, link, room) for link in named)


def _common_caption(scene: Scene) -> str:
    """Return the caption that three or more links all bear: said once, it need not stand at each."""
    distinct = {caption for link in scene.links for caption in link.captions}
    return next(iter(distinct)) if len(distinct) == 1 and len(scene.links) > 2 else ""


def _write_caption(sheet: Canvas, scene: Scene, link: Link, room: Room) -> bool:
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
            return True
    return False


def _notes(scene: Scene, unnamed: int) -> list[str]:
    notes = []
    if len(scene.nodes) > _LABELLED:
        shown = len(_labelled(scene))
        notes.append(
            f"Labelled are the {shown} nodes with most links or highlighted, of {len(scene.nodes):,}."
        )
    if _common_caption(scene):
        notes.append(f"Every link: {_common_caption(scene)}.")
    if unnamed:
        notes.append(f"{style.count(unnamed, 'link')} drawn without a caption for lack of room.")
    return [" ".join(notes)] if notes else []


def _alt(scene: Scene, title: str) -> str:
    present = Counter(scene.families.values())
    kinds = [style.count(present[f], f.one, f.many) for f in (*FAMILIES, UNKNOWN) if present[f]]
    sizes = f"{style.count(len(scene.nodes), 'node')} and {style.count(len(scene.links), 'link')}"
    first = min(scene.nodes, key=lambda node: (-scene.degree[node], _key(node)))
    most = f" Most links: {scene.captions[first]} ({scene.degree[first]})." if scene.links else ""
    return f"{title}. " * bool(title) + f"Network of {sizes}: {', '.join(kinds)}.{most}"

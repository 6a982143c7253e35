"""A network as a node-link picture."""

from collections import Counter
from collections.abc import Collection, Hashable
from typing import Any

import networkx as nx
import numpy as np

from insight_kernel.views import style
from insight_kernel.views.canvas import Canvas, nothing, pristine
from insight_kernel.views.families import FAMILIES, UNKNOWN, Family, family_of
from insight_kernel.views.frames import facts
from insight_kernel.views.graph_paint import LABEL_WIDTH, LABELLED, common_caption, labelled, paint
from insight_kernel.views.layout import positions, spread
from insight_kernel.views.legend import Around, Entry, legend
from insight_kernel.views.network import Link, Network, Scene, key, links_of, schema
from insight_kernel.views.picture import Picture


@pristine
def graph(g: Any, *, highlight: Collection[Hashable] = (), title: str = "") -> Picture:
    """Draw a network: who is linked with whom.

    Nodes stand as far apart as the number of links between them, as well as paper allows (stress
    majorisation); position says nothing else. Colour and shape show what a node is, never how to judge it.

    Parameters
    ----------
    g
        Any networkx graph. Node attributes ``caption`` (default: the node itself) and ``schema``; edge
        attributes ``caption`` (default: the schema's name) and ``schema``. Several edges between two nodes
        become one, thicker, line. Directed graphs get arrow heads.
    highlight
        Nodes to ring and to set in bold; what is not in the graph is ignored.
    title
        Written above the picture.

    Returns
    -------
    Picture
        Of up to 60 nodes all are labelled, of more only the 60 with most links or highlighted, which the
        picture says. It does not depend on the order in which nodes and edges were added.

    Examples
    --------
    >>> import networkx as nx
    >>> g = nx.DiGraph()
    >>> g.add_node("p1", caption="Ana Díaz", schema="Person")
    >>> g.add_node("c1", caption="Delta Ltd", schema="Company")
    >>> g.add_edge("p1", "c1", schema="Directorship")
    >>> graph(g, title="Who directs what").alt
    'Who directs what. Network of 2 nodes and 1 link: 1 person, 1 organisation. Most links: Delta Ltd (1).'
    """
    if not len(g):
        return nothing(title, "No nodes to show.")
    links = links_of(g)
    sheet = _sheet(len(g))
    entries = _entries(Counter(family_of(schema(d)) for _, d in g.nodes(data=True)))
    top = legend(sheet, sheet.heading(title), entries)
    scene = _scene(g, links, frozenset(highlight), sheet, top)
    labels, captions = paint(sheet, scene, top)
    around = Around(style.plain(title), entries, _notes(scene, len(captions)))
    sheet.notes(around.notes)
    said = {node: facts({k: v for k, v in g.nodes[node].items() if k != "caption"}) for node in scene.nodes}
    return sheet.picture(_alt(scene, title), Network(scene, labels, captions, said, around))


def _sheet(nodes: int) -> Canvas:
    """Return a page-wide sheet, the taller the more there is to show."""
    return Canvas(680, float(np.clip(230 + 9.5 * nodes, 250, 800)))


def _entries(present: Counter[Family]) -> tuple[Entry, ...]:
    """Return shape, colour, and name with number of each family present."""
    shown = [family for family in (*FAMILIES, UNKNOWN) if present[family]]
    names = [style.count(present[family], family.one, family.many) for family in shown]
    return tuple((f.shape, f.fill, name) for f, name in zip(shown, names, strict=True))


def _scene(g: Any, links: list[Link], marked: frozenset[Hashable], sheet: Canvas, top: float) -> Scene:
    nodes = sorted(g, key=key)
    simple: Any = nx.Graph()
    simple.add_nodes_from(nodes)
    simple.add_edges_from(link.ends for link in links if link.ends[0] != link.ends[1])
    side, foot = style.MARGIN + LABEL_WIDTH / 2, 46.0
    size = 17.0 if len(nodes) <= 30 else 13.0 if len(nodes) <= 80 else 9.0 if len(nodes) <= 300 else 4.0
    room = (sheet.width - 2 * side, sheet.height - top - 22 - foot)
    at = positions(simple, width=room[0], height=room[1], room=60)
    apart = spread(at, 1.7 * size) if len(nodes) <= 300 else at
    return Scene(
        nodes=nodes,
        at={node: (x + side, y + top + 22) for node, (x, y) in apart.items()},
        size=size,
        captions={node: style.plain(g.nodes[node].get("caption")) or style.plain(node) for node in nodes},
        families={node: family_of(schema(g.nodes[node])) for node in nodes},
        degree=dict(simple.degree),
        links=links,
        marked=marked & set(nodes),
    )


def _notes(scene: Scene, named: int) -> tuple[str, ...]:
    notes = []
    if len(scene.nodes) > LABELLED:
        shown = len(labelled(scene))
        notes.append(
            f"Labelled are the {shown} nodes with most links or highlighted, of {len(scene.nodes):,}."
        )
    if common_caption(scene):
        notes.append(f"Every link: {common_caption(scene)}.")
    unnamed = sum(bool(link.caption) for link in scene.links) - named
    if unnamed and not common_caption(scene):
        notes.append(f"{style.count(unnamed, 'link')} drawn without a caption for lack of room.")
    return (" ".join(notes),) if notes else ()


def _alt(scene: Scene, title: str) -> str:
    present = Counter(scene.families.values())
    kinds = [style.count(present[f], f.one, f.many) for f in (*FAMILIES, UNKNOWN) if present[f]]
    sizes = f"{style.count(len(scene.nodes), 'node')} and {style.count(len(scene.links), 'link')}"
    first = min(scene.nodes, key=lambda node: (-scene.degree[node], key(node)))
    most = f" Most links: {scene.captions[first]} ({scene.degree[first]})." if scene.links else ""
    return f"{title}. " * bool(title) + f"Network of {sizes}: {', '.join(kinds)}.{most}"

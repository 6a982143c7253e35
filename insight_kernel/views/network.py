"""A graph made ready for drawing: edges gathered between two nodes, everything in a stable order."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

from insight_kernel.views import style
from insight_kernel.views.canvas import Point
from insight_kernel.views.families import Family
from insight_kernel.views.frames import Facts
from insight_kernel.views.legend import Around


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


@dataclass(frozen=True)
class Label:
    """Where a text was put: its lines, the middle of its place, and which of its sides is next to its node."""

    lines: tuple[str, ...]
    middle: Point
    anchor: str
    edge: float  # x of that side
    size: float


@dataclass(frozen=True)
class Network:
    """A network as it was drawn, and what is said of each node: what its live form is made of."""

    scene: Scene
    labels: dict[Hashable, Label]
    captions: dict[int, Label]  # number of the link -> its caption, of those that found room
    facts: dict[Hashable, Facts]
    around: Around


def links_of(g: Any) -> list[Link]:
    """Gather the edges of a graph by their two ends, in the order of the nodes' names."""
    found: dict[frozenset[Hashable], Link] = {}
    edges = [(*sorted((a, b), key=key), kind(data), b) for a, b, data in g.edges(data=True)]
    for first, second, caption, to in sorted(edges, key=lambda edge: (key(edge[0]), key(edge[1]), edge[2])):
        link = found.setdefault(frozenset((first, second)), Link((first, second)))
        link.captions.append(caption)
        link.count += 1
        if g.is_directed():
            link.arrows.add(to)
    return list(found.values())


def key(node: Hashable) -> tuple[str, str]:
    """Return what nodes are ordered by: sets and dicts of nodes have no stable order of their own."""
    return type(node).__name__, str(node)


def schema(data: dict[str, Any]) -> str:
    """Return the schema among the attributes of a node or an edge, or an empty text."""
    return style.plain(data.get("schema"))


def kind(data: dict[str, Any]) -> str:
    """Return what an edge is called: its caption, else its schema."""
    return style.plain(data.get("caption")) or schema(data)

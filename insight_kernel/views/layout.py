"""Where the nodes of a graph stand: each component by stress, the components packed on a sheet.

Stress majorisation (Gansner, Koren, North 2005, "Graph drawing by stress majorization") makes the distance of
two nodes on paper follow the number of links between them. It needs numpy only and no random numbers.
"""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import networkx as nx
import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

_EXACT = 240  # nodes up to which all pairs are compared; above, 60 pivots stand for them
_GAP = 1.0  # between components, in link lengths
_WORK = 5_000_000  # node pairs touched by the iterations, which bounds the time


def positions(graph: Any, *, width: float, height: float, room: float) -> dict[Any, tuple[float, float]]:
    """Place every node inside ``width`` by ``height`` points.

    Parameters
    ----------
    graph
        An undirected networkx graph whose nodes come in a stable order.
    width, height
        The sheet, in points.
    room
        What one node with its label needs, in points.

    Returns
    -------
    dict of node -> (x, y)
    """
    parts = sorted((list(part) for part in _components(graph)), key=len, reverse=True)
    placed = [_turned(_component_layout(graph.subgraph(part), part)) for part in parts]
    offsets = _pack([np.ptp(points, axis=0) for points in placed], width / height)
    joined = np.concatenate([points + offset for points, offset in zip(placed, offsets, strict=True)])
    fitted = _fit(joined, width, height, room)
    return {node: (float(x), float(y)) for node, (x, y) in zip(chain(*parts), fitted, strict=True)}


def _components(graph: Any) -> list[list[Any]]:
    """Components in the order of their first node, each in the order of the graph: sets have none."""
    order = {node: number for number, node in enumerate(graph)}
    parts = [sorted(part, key=order.__getitem__) for part in nx.connected_components(graph)]
    return sorted(parts, key=lambda part: order[part[0]])


def _component_layout(graph: Any, nodes: Sequence[Any]) -> Points:
    if len(nodes) == 1:
        return np.zeros((1, 2))
    index = {node: number for number, node in enumerate(nodes)}
    links = [[index[other] for other in graph[node]] for node in nodes]
    if len(nodes) > _EXACT:
        return _pivots(links)
    distances = np.array([_hops(links, start) for start in range(len(nodes))])
    return _stress(distances, _spiral(_classical(distances)))


def _hops(links: Sequence[Sequence[int]], start: int) -> NDArray[np.float64]:
    """Count the links from one node to every other, breadth first."""
    hops = np.full(len(links), -1.0)
    hops[start], front = 0.0, [start]
    while front:
        found = []
        for node in front:
            for other in links[node]:
                if hops[other] < 0:
                    hops[other] = hops[node] + 1
                    found.append(other)
        front = found
    return hops


def _classical(distances: Points) -> Points:
    """Classical scaling (Torgerson 1952): a start that already has the right overall shape."""
    squared = distances**2
    centred = squared - squared.mean(axis=0) - squared.mean(axis=1)[:, None] + squared.mean()
    values, vectors = np.linalg.eigh(-centred / 2)
    return _signed(vectors[:, -2:] * np.sqrt(np.maximum(values[-2:], 1e-9)))


def _signed(points: Points) -> Points:
    """Eigenvectors come with either sign: take the one whose largest part is positive."""
    largest = points[np.abs(points).argmax(axis=0), np.arange(points.shape[1])]
    return points * np.where(largest < 0, -1.0, 1.0)


def _spiral(points: Points) -> Points:
    """Nudge every node along a spiral, so that no two start at the same place."""
    steps = np.arange(len(points))
    return points + 0.15 * np.column_stack([np.cos(2.4 * steps), np.sin(2.4 * steps)])


def _stress(distances: Points, start: Points) -> Points:
    """Move all nodes until distances on paper match ``distances``, near ones counting most."""
    points, count = start, len(start)
    with np.errstate(divide="ignore"):
        weights = np.where(distances > 0, distances**-2.0, 0.0)
    total = weights.sum(axis=1)[:, None]
    for _ in range(min(150, _WORK // count**2)):
        norms = (points**2).sum(axis=1)
        lengths = np.sqrt(np.maximum(norms[:, None] + norms[None, :] - 2 * points @ points.T, 1e-12))
        pull = weights * distances / lengths
        points = (weights @ points + pull.sum(axis=1)[:, None] * points - pull @ points) / total
    return points


def _pivots(links: Sequence[Sequence[int]]) -> Points:
    """Pivot scaling (Brandes, Pich 2007): distances to 60 nodes far from each other stand for all."""
    columns, nearest, pivot = [], np.full(len(links), np.inf), 0
    for _ in range(60):
        columns.append(_hops(links, pivot))
        nearest = np.minimum(nearest, columns[-1])
        pivot = int(nearest.argmax())
    squared = np.column_stack(columns) ** 2
    centred = squared - squared.mean(axis=0) - squared.mean(axis=1)[:, None] + squared.mean()
    _, axes = np.linalg.eigh(centred.T @ centred)
    points = _signed(centred @ axes[:, :-3:-1])
    return _spiral(points / max(float(np.ptp(points)), 1e-9) * np.sqrt(len(links)))


def _turned(points: Points) -> Points:
    """Turn a component so that its long side lies flat, as labels do, and put its corner at the origin."""
    centred = points - points.mean(axis=0)
    if len(points) > 2:
        _, axes = np.linalg.eigh(centred.T @ centred)
        centred = _signed(centred @ axes[:, ::-1])
    elif len(points) == 2:
        centred = np.array([[-0.5, 0.0], [0.5, 0.0]])
    return np.asarray(centred - centred.min(axis=0))


def _pack(sizes: Sequence[Points], aspect: float) -> list[Points]:
    """Put boxes on shelves, largest first; of several shelf widths the one that leaves most scale wins."""
    area = float(sum((w + _GAP) * (h + _GAP) for w, h in sizes))
    widths = [
        max(float(sizes[0][0]) + _GAP, (area * aspect) ** 0.5 * part) for part in (0.8, 1.0, 1.25, 1.6, 2.0)
    ]
    return min((_shelves(sizes, width) for width in widths), key=lambda at: _need(at, sizes, aspect))


def _need(offsets: Sequence[Points], sizes: Sequence[Points], aspect: float) -> float:
    """Return how large a sheet of the given shape would have to be."""
    w, h = (np.array(offsets) + np.array(sizes)).max(axis=0)
    return max(float(w) / aspect, float(h))


def _shelves(sizes: Sequence[Points], width: float) -> list[Points]:
    offsets, x, y, shelf = [], 0.0, 0.0, 0.0
    for w, h in sizes:
        if x > 0 and x + w > width:
            x, y, shelf = 0.0, y + shelf + _GAP, 0.0
        offsets.append(np.array([x, y]))
        x, shelf = x + w + _GAP, max(shelf, float(h))
    return offsets


def _fit(points: Points, width: float, height: float, room: float) -> Points:
    """Scale to the sheet, at most 1.6 times wider than true, and never larger than the nodes need."""
    spans = np.maximum(np.ptp(points, axis=0), 1e-9)
    scale = np.minimum(np.array([width, height]) / spans, 2.2 * room)
    scale = np.minimum(scale, 1.6 * scale.min())
    centre = (points.max(axis=0) + points.min(axis=0)) / 2
    return np.asarray(np.round((points - centre) * scale + np.array([width / 2, height / 2]), 2))


def spread(points: Mapping[Any, tuple[float, float]], gap: float) -> dict[Any, tuple[float, float]]:
    """Push points apart until none is nearer than ``gap`` points to another, as far as 60 rounds go."""
    at = np.array(list(points.values()), dtype=float).reshape(-1, 2)
    at = at + 0.01 * _spiral(np.zeros_like(at))
    for _ in range(60):
        apart = at[:, None, :] - at[None, :, :]
        lengths = np.sqrt((apart**2).sum(axis=2)) + np.eye(len(at)) * 1e9
        if not (lengths < gap).any():
            break
        push = np.where(lengths < gap, (gap - lengths) / 2 / np.maximum(lengths, 1e-9), 0.0)
        at = at + (apart * push[:, :, None]).sum(axis=1) * 0.6
    return {key: (float(x), float(y)) for key, (x, y) in zip(points, np.round(at, 2), strict=True)}

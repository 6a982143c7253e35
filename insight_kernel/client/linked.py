"""Links and dates around an entity, from answers already given."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import networkx as nx
import pandas as pd

from insight_kernel.model.caption import spoken
from insight_kernel.model.schema import Schema, vocabulary

if TYPE_CHECKING:
    from insight_kernel.client.entity import Entity
    from insight_kernel.client.workspace import Workspace

_MARKED = ("schema", "caption", "owners", "level")
_COLUMNS = ["start", "end", "caption", "kind", "id"]


def graph_of(edges: pd.DataFrame) -> "nx.MultiDiGraph[str]":
    """Return an edge frame as a graph; nodes and edges carry `caption, schema, owners, level`, edges also `link`."""
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph(label=edges.insight.label)
    for row in edges.to_dict("records"):
        for end in ("source", "target"):
            graph.add_node(row[end], **{name: row[f"{end}_{name}"] for name in _MARKED})
        marks = {**{name: row[name] for name in _MARKED}, "caption": _called(row["schema"], row["caption"])}
        graph.add_edge(row["source"], row["target"], link=row["link"], **marks)
    return graph


def _called(schema: str, caption: str) -> str:
    """Return what a link is called; a property that names another entity is called by its own caption."""
    found = vocabulary().schemata.get(schema)
    return spoken(found, caption) if found and found.edge else caption


def timeline_of(workspace: "Workspace", id_: str) -> pd.DataFrame:
    """Return the dated things around an entity: its own dates, and links, events and documents it is part of.

    What others are dated by themselves - when a relative was born, a company founded - is left out.
    """
    edges = workspace.neighbours([id_])
    ids = {id_, *edges["source"], *edges["target"], *edges["link"].dropna()}
    found = workspace.entities(ids)
    rows = [row for entity in found if entity.id == id_ or _happened(entity) for row in _dated(entity)]
    frame = pd.DataFrame(rows, columns=_COLUMNS).sort_values(["start", "caption", "id"], ignore_index=True)
    return workspace.like(frame, *(entity.statements for entity in found[:1]))


def _happened(entity: "Entity") -> bool:
    schema = vocabulary().get(entity.schema)
    return schema.is_a("Interval") or schema.is_a("Document")


def _dated(entity: "Entity") -> Iterator[dict[str, Any]]:
    """Yield a row for what the schema calls its start and end, else one for each date it has."""
    schema, values = vocabulary().get(entity.schema), entity.properties
    start, end = _first(schema.start, values), _first(schema.end, values)
    if start:
        called = _called(entity.schema, entity.caption)
        yield dict(zip(_COLUMNS, (start, end, called, schema.label, entity.id), strict=True))
        return
    for name in _dates(schema):
        for value in values.get(name, ()):
            caption = f"{schema.properties[name].label}: {entity.caption}"
            yield dict(zip(_COLUMNS, (value, None, caption, schema.label, entity.id), strict=True))


def _first(names: tuple[str, ...], values: dict[str, list[str]]) -> str | None:
    return next((min(values[name]) for name in names if values.get(name)), None)


_ADMINISTRATIVE = frozenset({"modifiedAt", "createdAt", "retrievedAt", "indexUpdatedAt", "processedAt"})


def _dates(schema: Schema) -> list[str]:
    return [n for n, p in schema.properties.items() if p.type == "date" and n not in _ADMINISTRATIVE]

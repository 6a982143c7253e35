"""Graphs as GraphML and GEXF: entities are nodes, links with one entity at each end are edges.

Everything is an attribute: `schema`, then the properties by name, several values as a JSON list. Where a word means
something else in one of the formats, the property has an underscore behind it.
"""

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from insight_kernel.intake.formats.cells import packed, unpacked
from insight_kernel.intake.formats.terms import Head, UnreadableError, item_of
from insight_kernel.intake.formats.xml import NO_PLACE, is_written, parsed, written
from insight_kernel.intake.items import Bad, Entity, Item, Items, Losses, Lost, whole_file
from insight_kernel.model.caption import caption
from insight_kernel.model.schema import Edge, vocabulary

if TYPE_CHECKING:
    import networkx as nx

_MEANING_MORE = frozenset({
    "end", "endopen", "for", "id", "key", "label", "networkx_key", "parents", "pid", "schema", "slices", "source",
    "spells", "start", "startopen", "target", "timestamp", "type", "viz", "weight",
})  # fmt: skip
_NO_HEAD = Head()


def read_graphml(path: Path) -> Items:
    """Yield the entity of each node and each edge of a GraphML file."""
    from networkx import read_graphml as read

    return _items(path, lambda data: read(data, force_multigraph=True))


def read_gexf(path: Path) -> Items:
    """Yield the entity of each node and each edge of a GEXF file."""
    from networkx import read_gexf as read

    return _items(path, read)


def write_graphml(items: Sequence[Item], out: BinaryIO, head: Head = _NO_HEAD) -> Losses:
    """Write all entities as one directed graph; its own attributes are the lines of the head."""
    from networkx import write_graphml as write

    graph, losses = _graph(items)
    graph.graph.update({written(word): written(said) for word, said in head.lines})
    write(graph, out)
    return losses


def write_gexf(items: Sequence[Item], out: BinaryIO, head: Head = _NO_HEAD) -> Losses:  # noqa: ARG001  # no place for it
    """Write all entities as one directed graph."""
    from networkx import write_gexf as write

    graph, losses = _graph(items)
    write(graph, out)
    return losses


def _graph(items: Sequence[Item]) -> tuple["nx.MultiDiGraph[str]", Losses]:
    import networkx as nx

    lost = Lost()
    lost.without_marks(items)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    entities = _by_id(items, lost)
    links = {key: ends for key, entity in entities.items() if (ends := _ends(entity, entities))}
    for key, entity in entities.items():
        if key not in links:
            graph.add_node(key, **_attributes(entity))
    for key, ends in links.items():
        graph.add_edge(*ends, key=key, id=key, **_attributes(entities[key], _edge(entities[key].schema)))
    return graph, lost.all()


def _by_id(items: Sequence[Item], lost: Lost) -> dict[str, Entity]:
    """Return the entities by id; what several items say of one is put together."""
    found: dict[str, Entity] = {}
    for entity in (entity for item in items for entity in item.entities):
        if not is_written(entity.id):
            lost.add("entity", f"{NO_PLACE} in its id")
            continue
        said = dict(found[entity.id].properties) if entity.id in found else {}
        for name, values in entity.properties.items():
            known = said.get(name, ())
            said[name] = (
                [*known, *(value for value in values if value not in known)] if known else list(values)
            )
        found[entity.id] = Entity(entity.id, entity.schema, said)
    return found


def _edge(schema: str) -> Edge | None:
    found = vocabulary().schemata.get(schema)
    return found.edge if found else None


def _ends(link: Entity, entities: Mapping[str, Entity]) -> tuple[str, str] | None:
    """Return the ends of a link that is an edge: one on each side, both nodes of this graph."""
    edge = _edge(link.schema)
    if edge is None:
        return None
    ends = [link.properties.get(name, ()) for name in (edge.source, edge.target)]
    if not all(len(end) == 1 and end[0] in entities and not _edge(entities[end[0]].schema) for end in ends):
        return None
    return ends[0][0], ends[1][0]


def _attributes(entity: Entity, edge: Edge | None = None) -> dict[str, str]:
    """Return schema, caption and properties, without those that name the ends of an edge."""
    ends = (edge.source, edge.target) if edge else ()
    schema = vocabulary().schemata.get(entity.schema)
    name = caption(schema, entity.id, entity.properties) if schema else entity.id
    found = {"schema": entity.schema, "label": written(name)}
    properties = {
        name: packed(values) for name, values in entity.properties.items() if values and name not in ends
    }
    return found | {f"{name}_" if name in _MEANING_MORE else name: text for name, text in properties.items()}


def _items(path: Path, read: Callable[[io.BytesIO], Any]) -> Items:
    from lxml import etree
    from networkx import NetworkXException

    try:
        graph = read(io.BytesIO(etree.tostring(parsed(path))))
    except UnreadableError as error:
        yield whole_file(str(error))
    except (NetworkXException, ValueError, KeyError, TypeError, AttributeError, StopIteration):
        yield whole_file("is not a graph of this format")
    else:
        yield from _entities(graph)


def _entities(graph: Any) -> Iterator[Item | Bad]:
    for node, data in graph.nodes(data=True):
        yield _item(f"node {node}", node, data, {})
    for number, (source, target, key, data) in enumerate(_edges(graph), start=1):
        edge = _edge(str(data.get("schema")))
        name = str(data.get("id") or (key if isinstance(key, str) else f"{source} {target} {number}"))
        ends = {edge.source: [source], edge.target: [target]} if edge else {}
        item = _item(f"edge {number}", name, data, ends)
        wrong = edge is None and not isinstance(item, Bad)
        yield Bad(item.place, "schema", "is not the name of a link", item.content) if wrong else item


def _edges(graph: Any) -> Iterator[tuple[str, str, Any, Mapping[str, Any]]]:
    if graph.is_multigraph():
        return iter(graph.edges(keys=True, data=True))
    return ((source, target, None, data) for source, target, data in graph.edges(data=True))


def _item(place: str, name: str, data: Mapping[str, Any], ends: Mapping[str, list[str]]) -> Item | Bad:
    said = {
        key.removesuffix("_"): unpacked(str(value)) for key, value in data.items() if key not in _MEANING_MORE
    }
    raw = {"id": name, "schema": data.get("schema"), "properties": {**ends, **said}}
    return item_of(place, raw, repr(sorted(raw.items())).encode("utf-8", "backslashreplace"))

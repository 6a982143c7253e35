"""Answering each typed question from a reader's window: a table, and the join of everything it was made from."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from insight_kernel.errors import NotAvailable
from insight_kernel.gateway import requests
from insight_kernel.gateway.found import Found
from insight_kernel.gateway.frames import names_of, wide
from insight_kernel.gateway.neighbours import edges_around
from insight_kernel.gateway.parsing import BadRequestError
from insight_kernel.gateway.provenance import described, marks_of, source_titles
from insight_kernel.gateway.quality import quality_of_sources
from insight_kernel.gateway.sources import visible_sources
from insight_kernel.model.ids import from_text, to_text
from insight_kernel.model.names import name_tokens
from insight_kernel.model.schema import Property, Schema, Vocabulary
from insight_kernel.model.values import clean
from insight_kernel.policy.join import Join
from insight_kernel.store.existence import Eids
from insight_kernel.store.read import Filter, Window, join_of

_NUMBERS = ("identifier", "phone", "email", "iban", "checksum", "url")


def find(window: Window, asked: requests.Find, vocabulary: Vocabulary, after: int | None = None) -> Found:
    """Entities of a schema that pass every filter, ordered by id; of a page, those after an entity."""
    if asked.page is not None and asked.limit is not None:
        raise BadRequestError("page", "stands for itself, without a limit")
    schema = _schema(asked.schema_, vocabulary)
    limit = asked.limit if asked.page is None else asked.page.size
    most = None if limit is None else limit + 1  # one more tells whether something was cut off
    eids = _matching(window, asked.schema_, asked.filters, vocabulary, most, after)
    kept = eids[:limit]
    statements = window.statements(kept)
    join, more = _with_witnesses(window, statements), len(kept) < len(eids)
    table = wide(statements, kept, schema, vocabulary)
    if asked.page is None:
        return Found(table, join, more)
    return Found(table, join, last=int(kept[-1]) if more else None)


def get(window: Window, asked: requests.Get, vocabulary: Vocabulary) -> Found:
    """Every visible statement of the entities named; those that do not exist for the reader are left out."""
    named = (number for text in asked.ids if (number := from_text(text)) is not None)
    eids = window.existing(named, sensitive=True)
    statements = window.statements(eids, sensitive=True)
    if not statements.num_rows:
        raise NotAvailable("get", "not available", "Check the id.")
    return Found(described(window, statements, vocabulary), _with_witnesses(window, statements))


def neighbours(window: Window, asked: requests.Neighbours, vocabulary: Vocabulary) -> Found:
    """Links between existing entities around the ones named, as rows of source, target and link."""
    eids = window.existing(number for text in asked.ids if (number := from_text(text)) is not None)
    if not len(eids):
        raise NotAvailable("neighbours", "not available", "Check the id.")
    edges = edges_around(window, eids, asked.depth)
    nodes = np.unique(np.concatenate([eids, edges.source, edges.target]))
    spoken = window.statements(np.union1d(nodes, edges.links))
    names = names_of(spoken, vocabulary)
    return Found(
        edges.table(names, marks_of(spoken, window.labels)),
        edges.join | _with_witnesses(window, spoken),
        edges.truncated,
    )


def aggregate(window: Window, asked: requests.Aggregate, vocabulary: Vocabulary) -> Found:
    """Number of entities per value, largest first."""
    schema = _schema(asked.schema_, vocabulary)
    prop = _property(schema, asked.by, "by")
    if prop.type == "entity":
        raise BadRequestError("by", "must be a property of values, not of references")
    types = vocabulary.descendants(schema.name)
    linked = any(vocabulary.get(name).edge for name in types)
    if not asked.filters and not linked:  # nodes exist by the value counted; links need both their ends
        return Found(
            window.group(types, prop.name, None, asked.limit), window.join_of_group(types, prop.name)
        )
    eids = _matching(window, schema.name, asked.filters, vocabulary)
    return Found(window.group(types, prop.name, eids, asked.limit), window.join_of_entities(types, eids))


def count(window: Window, asked: requests.Count, vocabulary: Vocabulary) -> Found:
    """Number of entities that exist for the reader and pass every filter."""
    types = vocabulary.descendants(_schema(asked.schema_, vocabulary).name)
    eids = _matching(window, asked.schema_, asked.filters, vocabulary)
    return Found(pa.table({"count": [len(eids)]}), window.join_of_entities(types, eids))


def search(window: Window, asked: requests.Search, vocabulary: Vocabulary) -> Found:
    """Entities whose visible names resemble the text, or that have it as a number, best first."""
    types = vocabulary.descendants(_schema(asked.schema_, vocabulary).name)
    hits = {**_by_name(window, types, asked), **_by_number(window, types, asked.text, vocabulary)}
    ranked = sorted(hits.items(), key=lambda hit: (-hit[1][0], hit[0]))[: asked.limit]
    eids = np.unique(np.array([eid for eid, _ in ranked], dtype=np.uint64))
    statements = window.statements(eids)
    names = names_of(statements, vocabulary)
    titles = source_titles(window, statements)
    table = pa.table(
        {
            "id": pa.array([to_text(eid) for eid, _ in ranked], pa.string()),
            "caption": pa.array([names[eid][1] for eid, _ in ranked], pa.string()),
            "schema": pa.array([names[eid][0] for eid, _ in ranked], pa.string()),
            "score": pa.array([score for _, (score, _) in ranked], pa.float64()),
            "why": pa.array([why for _, (_, why) in ranked], pa.string()),
            "source": pa.array(["; ".join(titles[eid]) for eid, _ in ranked], pa.string()),
        }
    )
    return Found(table, _with_witnesses(window, statements), len(ranked) < len(hits))


def sources(window: Window, _: requests.Sources, __: Vocabulary) -> Found:
    """Connected sources of which the reader may see at least one record."""
    return visible_sources(window)


def quality(window: Window, _: requests.Quality, vocabulary: Vocabulary) -> Found:
    """Figures of each source and schema, from what the reader may see."""
    return quality_of_sources(window, vocabulary)


def _by_name(window: Window, types: Sequence[str], asked: requests.Search) -> dict[int, tuple[float, str]]:
    tokens = name_tokens(asked.text)
    if not tokens:
        return {}
    table = window.search_names(types, tokens, asked.limit + 1)
    columns = (table[name].to_pylist() for name in ("eid", "score", "value"))
    return {eid: (score, f"name {value!r}") for eid, score, value in zip(*columns, strict=True)}


def _by_number(
    window: Window, types: Sequence[str], text: str, vocabulary: Vocabulary
) -> dict[int, tuple[float, str]]:
    props = {
        p.name
        for t in types
        for p in vocabulary.get(t).properties.values()
        if p.type in _NUMBERS and not p.sensitive
    }
    values = {value for kind in _NUMBERS if (value := clean(kind, text))} | {text.strip()}
    table = window.search_exact(types, sorted(props), sorted(values))
    columns = (table[name].to_pylist() for name in ("eid", "prop"))
    return {eid: (1.0, f"{prop} is the same") for eid, prop in zip(*columns, strict=True)}


def _schema(name: str, vocabulary: Vocabulary) -> Schema:
    schema = vocabulary.schemata.get(name)
    if schema is None:
        raise BadRequestError("schema", "no such schema")
    return schema


def _property(schema: Schema, name: str, place: str) -> Property:
    prop = schema.properties.get(name)
    if prop is None:
        raise BadRequestError(place, f"{schema.name} has no such property")
    if prop.sensitive:
        raise BadRequestError(place, "nobody is selected by a sensitive property", code="needs_other_ground")
    return prop


def _matching(
    window: Window, name: str, filters: requests.Filters, vocabulary: Vocabulary, most: int | None = None,
    after: int | None = None,
) -> Eids:  # fmt: skip
    schema = _schema(name, vocabulary)
    asked = [_filter(_property(schema, prop, "filters"), values) for prop, values in filters.items()]
    return window.find(vocabulary.descendants(name), asked, most, after)


def _filter(prop: Property, values: list[str]) -> Filter:
    if prop.type == "entity":
        return Filter(prop.name, refs=tuple(n for text in values if (n := from_text(text)) is not None))
    return Filter(prop.name, tuple(clean(prop.type, value) or value.strip() for value in values))


def _with_witnesses(window: Window, statements: pa.Table) -> Join:
    """Return the join of statements, and of what makes the entities they refer to exist."""
    join = join_of(statements)
    if statements["ref"].null_count == statements.num_rows:
        return join
    refs = pc.unique(statements["ref"].drop_null())
    referred = np.setdiff1d(refs.to_numpy(), statements["eid"].to_numpy())
    return join | window.witnesses(referred, join.labels)

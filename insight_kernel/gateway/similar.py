"""Copies are linked, never dropped: what comes in is compared with what the same source delivered before.

A link is an entity of the schema `Similar`, stated in the later record. It names both documents, so that it exists
for whoever may know of both, and is gone with either. What names a document carries the label of what was compared
of it. Nothing is compared across sources or owners.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from insight_kernel.intake.resembling import Resembling
from insight_kernel.intake.signature import Signature, signature
from insight_kernel.model.ids import entity_hasher
from insight_kernel.model.label import Label
from insight_kernel.store.commit import STATEMENTS, Delivery
from insight_kernel.store.opened import Store

_TEXT, _HASH = "bodyText", "contentHash"
_MOST = 5  # links to documents under one label: forms and letterheads resemble each other by the thousand
_SAME, _NEAR = "same bytes", "similar text"


class Kin(NamedTuple):
    """An earlier document that a later one resembles, and the label of what was compared."""

    eid: int
    score: float
    how: str
    label: Label


@dataclass
class Later:
    """A document that comes in: its record's number in the delivery, and what it is compared by, with labels."""

    rec: int
    eid: int
    hashes: list[tuple[str, Label]]
    texts: list[tuple[Signature, Label]]


class Copies:
    """What one load compares; of each source the texts it delivered before are read once."""

    def __init__(self, store: Store, key: bytes) -> None:
        self._store, self._number = store, entity_hasher(key)
        self._known: dict[tuple[str, str], _Known] = {}

    def linked(self, delivery: Delivery, staged: Iterable[pa.Table]) -> Delivery:
        """Return the delivery with a link from each new document to those of its source that it resembles."""
        fresh = self._store.fresh(delivery.records)
        documents = list(_documents(delivery, staged, fresh)) if fresh else []
        if not documents:
            return delivery
        known = self._of(delivery.owner, delivery.source)
        labels, rows = list(delivery.labels), list[tuple[object, ...]]()
        for document in documents:
            for kin in _chosen(known.kin(document)):
                rows += self._link(document, kin, labels)
            known.add(document)
        return replace(delivery, labels=tuple(labels), statements=chain(delivery.statements, _tables(rows)))

    def _of(self, owner: str, source: str) -> "_Known":
        if (owner, source) not in self._known:
            self._known[owner, source] = _Known(self._store, owner, source)
        return self._known[owner, source]

    def _link(self, later: Later, kin: Kin, labels: list[Label]) -> Iterator[tuple[object, ...]]:
        """Yield the statements of a link; it lasts no longer than the later document."""
        own = (later.hashes if kin.how == _SAME else later.texts)[0][1]
        mine, other = _position(labels, own), _position(labels, replace(kin.label, expires=own.expires))
        eid = self._number("\0similar", f"{later.eid} {kin.eid}")
        said = (
            ("candidate", None, later.eid, 1, mine), ("match", None, kin.eid, 2, other),
            ("confidenceScore", f"{kin.score:.2f}", None, None, mine), ("criteria", kin.how, None, None, mine),
        )  # fmt: skip
        for prop, value, ref, role, label in said:
            yield (later.rec, eid, "Similar", prop, value, ref, role, None, None, label, None, "extraction",
                   False, None)  # fmt: skip


class _Known:
    """The documents of one source: those in the store, and those that came in since."""

    def __init__(self, store: Store, owner: str, source: str) -> None:
        self._store, self._owner, self._source = store, owner, source
        self._hashes = defaultdict[str, list[tuple[int, Label]]](list)
        self._looked_up = set[str]()
        self._texts: list[tuple[int, Label]] = []
        self._index = Resembling()
        self._add((eid, label, signature(text)) for eid, label, text in store.texts(owner, source))

    def kin(self, later: Later) -> dict[int, Kin]:
        """Return what a document resembles, by number: the same bytes before similar text."""
        near = {
            eid: Kin(eid, score, _NEAR, label)
            for found, _ in later.texts
            for number, score in self._index.near(found)
            for eid, label in [self._texts[number]]
        }
        same = {
            eid: Kin(eid, 1.0, _SAME, label)
            for value, _ in later.hashes
            for eid, label in self._copies(value)
        }
        return {eid: kin for eid, kin in {**near, **same}.items() if eid != later.eid}

    def add(self, later: Later) -> None:
        """Let those that come after be compared with it."""
        for value, label in later.hashes:
            self._hashes[value].append((later.eid, label))
        self._add((later.eid, label, found) for found, label in later.texts)

    def _copies(self, value: str) -> list[tuple[int, Label]]:
        if value not in self._looked_up:
            self._looked_up.add(value)
            self._hashes[value] = [
                *self._store.copies(self._owner, self._source, value),
                *self._hashes[value],
            ]
        return self._hashes[value]

    def _add(self, found: Iterable[tuple[int, Label, Signature | None]]) -> None:
        known = [(eid, label, each) for eid, label, each in found if each is not None]
        self._texts += [(eid, label) for eid, label, _ in known]
        if known:
            self._index.add(np.stack([each for _, _, each in known]))


def _documents(delivery: Delivery, staged: Iterable[pa.Table], fresh: set[str]) -> Iterator[Later]:
    """Yield the documents of new records, in the order in which they stand in the file."""
    ids = dict(zip(delivery.records["rec"].to_pylist(), delivery.records["id"].to_pylist(), strict=True))
    found: dict[tuple[int, int], Later] = {}
    for table in staged:
        asked = pc.is_in(table["prop"], pa.array([_TEXT, _HASH]))
        columns = table.filter(asked).select(["rec", "eid", "prop", "value", "label"]).to_pydict().values()
        for rec, eid, prop, value, position in zip(*columns, strict=True):
            if ids[rec] in fresh:
                later = found.setdefault((rec, eid), Later(rec, eid, [], []))
                label = delivery.labels[position]
                if prop == _HASH:
                    later.hashes.append((value, label))
                elif (made := signature(value)) is not None:
                    later.texts.append((made, label))
    yield from found.values()


def _chosen(kin: dict[int, Kin]) -> Iterator[Kin]:
    """Yield the best few under each label: what one reader may not see takes no place from what he may."""
    under = defaultdict[Label, list[Kin]](list)
    for each in kin.values():
        under[each.label].append(each)
    for found in under.values():
        yield from sorted(found, key=lambda each: -each.score)[:_MOST]


def _position(labels: list[Label], label: Label) -> int:
    if label not in labels:
        labels.append(label)
    return labels.index(label)


def _tables(rows: Sequence[tuple[object, ...]]) -> Iterator[pa.Table]:
    if rows:
        columns = zip(*rows, strict=True)
        arrays = [pa.array(column, kind) for column, kind in zip(columns, STATEMENTS.types, strict=True)]
        yield pa.table(arrays, schema=STATEMENTS)

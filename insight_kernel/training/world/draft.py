"""The world while it is being thought up: what each source will deliver, and what was planted where."""

import csv
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from hashlib import blake2b, sha256
from pathlib import Path
from random import Random
from typing import TypedDict

from insight_kernel.model.ids import document_key
from insight_kernel.training.world.sources import SOURCES
from insight_kernel.training.world.spool import Spool
from insight_kernel.training.world.tables import TABLES

#: Schemata several sources deliver under one id: only of these the ids met are kept, to count each once.
_SHARED = frozenset({"Person", "Company"})

Values = str | Sequence[str] | None


class Line(TypedDict):
    """One line of a delivery in FollowTheMoney's form."""

    id: str
    schema: str
    properties: dict[str, list[str]]


@dataclass(frozen=True)
class Plant:
    """Something put into the world on purpose: what, who may find it for which purpose, and how, in words."""

    kind: str
    ids: tuple[str, ...]
    seen_by: tuple[str, ...]
    not_seen_by: tuple[str, ...]
    purpose: str
    how: str


@dataclass
class Draft:
    """Lines and rows by source, and plants; ids depend on the seed alone, so they last from day to day.

    Lines and rows go to spools below ``folder``; ``story`` tells whether the story is being told, whose
    entities the truth lists one by one, or the world around it is being filled.
    """

    today: date
    seed: int
    folder: Path
    size: int = 1
    story: bool = True
    spools: dict[str, Spool] = field(default_factory=dict)
    columns: dict[str, tuple[str, ...]] = field(default_factory=dict)
    counts: Counter[str] = field(default_factory=Counter)
    entities: dict[str, tuple[str, set[str]]] = field(default_factory=dict)
    plants: list[Plant] = field(default_factory=list)
    _met: set[str] = field(default_factory=set)

    def rng(self, topic: str) -> Random:
        """Return a stream of chance of its own for each topic: a change in one leaves the others alone."""
        return Random(f"{self.seed}/{topic}")  # noqa: S311  (a story, not a secret)

    def key(self, handle: str) -> str:
        """Return the id delivered for a handle such as ``person:broker``; it shows the kind and nothing else.

        Examples
        --------
        >>> Draft(date(2025, 1, 1), 1, Path()).key("person:broker")[:7]
        'person-'
        """
        kind = handle.partition(":")[0]
        return f"{kind}-{blake2b(f'{self.seed}/{handle}'.encode(), digest_size=6).hexdigest()}"

    def code(self, handle: str) -> str:
        """Return a short number for a row of a table; it has no order that could tell of the story."""
        return self.key(handle)[-12:].upper()

    def day(self, ago: int) -> str:
        """Return the date so many days before the day of writing."""
        return (self.today - timedelta(days=ago)).isoformat()

    def moment(self, ago: int, seconds: int) -> str:
        """Return a time so many seconds into a day in the past (UTC)."""
        start = datetime.combine(self.today - timedelta(days=ago), time())
        return (start + timedelta(seconds=seconds)).isoformat()

    def add(self, source: str, schema: str, key: str, /, **properties: Values) -> str:
        """Let ``source`` deliver an entity and return its id; values that are None or empty are left out."""
        kept = {name: _tuple(values) for name, values in properties.items()}
        properties_given = {name: list(values) for name, values in kept.items() if values}
        line: Line = {"id": key, "schema": schema, "properties": properties_given}
        self._spool(source).add(json.dumps(line, ensure_ascii=False))
        self._count(source, schema, key)
        return key

    def document(self, source: str, schema: str, name: str, content: bytes) -> str:
        """Let ``source`` deliver a file and return the id that its content gets by being read."""
        file = self.folder / f"{source}.documents" / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(content)
        key = document_key(name, sha256(content).hexdigest())
        self._count(source, schema, key)
        return key

    def link(self, source: str, schema: str, ends: dict[str, str], /, **properties: Values) -> str:
        """Let ``source`` deliver a link between two entities; the same link twice has the same id."""
        key = self.key(f"{schema.lower()}:{'/'.join(ends.values())}")
        return self.add(source, schema, key, **ends, **properties)

    def row(self, source: str, **columns: str) -> None:
        """Let ``source`` deliver one row of its table; the columns are those of its first row."""
        names = self.columns.setdefault(source, tuple(columns))
        self._spool(source).add(_comma_separated([columns[name] for name in names]))
        self.counts[TABLES[source].schema] += 1

    def plant(
        self,
        kind: str,
        ids: Iterable[str],
        how: str,
        *,
        seen_by: str,
        not_seen_by: str = "",
        purpose: str = "network",
    ) -> None:
        """Note in the truth what was planted; readers are given as words with blanks between."""
        self.plants.append(
            Plant(kind, tuple(ids), tuple(seen_by.split()), tuple(not_seen_by.split()), purpose, how)
        )

    def _spool(self, source: str) -> Spool:
        """Return the lines of a source, which must be one of the world's."""
        if source not in self.spools:
            self.spools[source] = Spool(self.folder / SOURCES[source].name)
        return self.spools[source]

    def _count(self, source: str, schema: str, key: str) -> None:
        """Count an entity once, though several sources may deliver it."""
        if self.story:
            self.entities.setdefault(key, (schema, set()))[1].add(source)
        if self.story or schema in _SHARED:
            if key in self._met:
                return
            self._met.add(key)
        self.counts[schema] += 1


class _Echo:
    """Gives what is written to it back to the writer's caller."""

    def write(self, text: str) -> str:
        return text


def _comma_separated(values: Sequence[str]) -> str:
    return str(csv.writer(_Echo(), lineterminator="").writerow(values))


def _tuple(values: Values) -> tuple[str, ...]:
    if not values:
        return ()
    return (values,) if isinstance(values, str) else tuple(value for value in values if value)

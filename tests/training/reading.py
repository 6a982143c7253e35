"""The invented world read back by intake and the rules, apart from the store: what exists for whom."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path

from insight_kernel.intake.clean import Cleaner
from insight_kernel.intake.items import Bad, Entity
from insight_kernel.intake.load import items_of
from insight_kernel.intake.mapping.records import read_mapping
from insight_kernel.intake.profile import SourceProfile, read_profile
from insight_kernel.model.label import Label
from insight_kernel.model.schema import vocabulary
from insight_kernel.model.subject import read_ask, read_subject
from insight_kernel.policy.decide import decide
from insight_kernel.training.world import World

TODAY = date(2025, 6, 2)
USERS = {
    "ana": ("FR", "confidential", "wanted identify investigate network warn training", ["OP-LANTERN"]),
    "ben": ("MA", "restricted", "investigate network training", ["OP-HARBOUR"]),
    "chen": ("JP", "official", "identify wanted border", []),
}


@dataclass(frozen=True)
class Statement:
    """One value as intake labels it; `refers` tells that the value is the id of another entity."""

    id: str
    schema: str
    prop: str
    value: str
    refers: bool
    label: Label
    source: str


@dataclass(frozen=True)
class Seen:
    """What exists for one reader: schema and values by id."""

    schema: dict[str, str]
    values: dict[str, dict[str, list[str]]]

    def of(self, *schemata: str) -> dict[str, dict[str, list[str]]]:
        """Return the entities of these schemata."""
        return {key: values for key, values in self.values.items() if self.schema[key] in schemata}


@dataclass(frozen=True)
class Reading:
    """The written world, its truth, and every statement intake makes of it."""

    folder: Path
    world: World
    truth: dict
    profiles: dict[str, SourceProfile]
    entities: list[tuple[str, Entity]]
    statements: list[Statement]
    known: dict[tuple[str, str, date], Seen] = field(default_factory=dict)

    def seen(self, user: str, purpose: str = "network", day: date = TODAY) -> Seen:
        """Return what exists for a user: visible nodes, and visible links whose ends all exist."""
        if (user, purpose, day) not in self.known:
            self.known[user, purpose, day] = self._seen(user, purpose, day)
        return self.known[user, purpose, day]

    def _seen(self, user: str, purpose: str, day: date) -> Seen:
        return self.shown_to(_decider(user, purpose, day))

    def shown_to(self, sees: Callable[[Label], bool]) -> Seen:
        """Return what exists for whoever sees the values under these labels."""
        schema: dict[str, str] = {}
        values: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for said in self.statements:
            if sees(said.label):
                schema[said.id] = said.schema
                values[said.id][said.prop].append(said.value)
        links = {key for key, name in schema.items() if vocabulary().get(name).edge}
        nodes = set(schema) - links
        kept = nodes | {key for key in links if _ends(schema[key], values[key]) <= nodes}
        return Seen({key: schema[key] for key in kept}, {key: dict(values[key]) for key in kept})


def _decider(user: str, purpose: str, day: date) -> Callable[[Label], bool]:
    organisation, clearance, purposes, files = USERS[user]
    raw = {"user": user, "organisation": organisation, "clearance": clearance}
    subject = read_subject(raw | {"purposes": purposes.split(), "files": files, "permits": [], "roles": []})
    ask = read_ask({"purpose": purpose, "day": day.isoformat()})
    return cache(lambda label: decide(subject, label, ask).visible)


def _ends(schema: str, values: dict[str, list[str]]) -> set[str]:
    edge = vocabulary().get(schema).edge
    return {*values[edge.source], *values[edge.target]}


def read_world(world: World, today: date) -> Reading:
    """Read what was written as intake does on a day."""
    profiles, entities, statements = {}, [], []
    for source in world.sources:
        profile = read_profile(source / "profile.yml", source=None, today=today, vocabulary=vocabulary())
        delivered = list(_delivered(source))
        profiles[profile.source] = profile
        entities += [(profile.source, entity) for entity in delivered]
        statements += _statements(profile, delivered, today)
    return Reading(
        world.truth.parent.parent,
        world,
        json.loads(world.truth.read_text("utf-8")),
        profiles,
        entities,
        statements,
    )


def _delivered(source: Path) -> Iterator[Entity]:
    mapping = (
        read_mapping(source / "mapping.yml", vocabulary(), 2026)
        if (source / "mapping.yml").exists()
        else None
    )
    for file in sorted(file for file in source.iterdir() if file.suffix != ".yml"):
        for item in items_of(file, mapping):
            assert not isinstance(item, Bad), (source.name, str(item))
            yield from item.entities


def _statements(profile: SourceProfile, delivered: list[Entity], today: date) -> Iterator[Statement]:
    numbers: dict[int, str] = {}

    def number(space: str, key: str) -> int:
        numbers[hash((space, key))] = key
        return hash((space, key))

    cleaner = Cleaner(vocabulary(), profile, number, today)
    for entity in delivered:
        for row in cleaner.record_rows([entity]):
            value = row.value if row.ref is None else numbers[row.ref]
            if value is not None:
                yield Statement(
                    entity.id, row.type, row.prop, value, row.ref is not None, row.label, profile.source
                )

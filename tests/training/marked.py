"""The marked world in a store, and everything that was ever handed out from it, with who received it."""

import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import duckdb

from insight_kernel.client.loading import deliveries_in
from insight_kernel.gateway.admission import LIFETIME
from insight_kernel.model.label import LEVELS, Label
from insight_kernel.model.organisation import Organisation, load_organisation
from insight_kernel.model.subject import Ask, Subject
from insight_kernel.policy.decide import decide
from insight_kernel.shipped import shipped
from insight_kernel.training.world import write_world
from tests.servers import Server, read_table
from tests.training.markers import mark, markers_in
from tests.training.reading import Reading, Statement, read_world

UNSEEN = ("originals", "drafts", "quarantine")
"""What holds values as they were delivered or written; the database does as well."""
_DATABASE = "statements*.duckdb*"


@dataclass(frozen=True)
class Reader:
    """Who reads, for what, in which case - or, on the page, with his own rights - and in a rendition for whom."""

    user: str
    purpose: str
    case: str | None
    recipient: str | None = None

    @property
    def asked(self) -> dict[str, str | None]:
        """Return what a session is opened with."""
        named = {"user": self.user, "purpose": self.purpose, "case": self.case}
        return named if self.recipient is None else {**named, "recipient": self.recipient}

    def __str__(self) -> str:
        return self.user if self.recipient is None else f"{self.user} for {self.recipient}"


ANA, BEN = Reader("ana", "network", "OP-LANTERN"), Reader("ben", "network", "OP-HARBOUR")
FOR = {to: replace(ANA, recipient=to) for to in ("FR", "MA")}
READERS = (ANA, BEN, Reader("chen", "border", "OP-GATE"), *FOR.values())


@dataclass(frozen=True)
class MarkedWorld:
    """The world as it was delivered on a day, with what each reader may see of it, by a reading of its own."""

    reading: Reading
    today: date

    def shown_to(self, reader: Reader, *, run: bool = False) -> frozenset[str]:
        """Return the markers a reader may see; a run leaves out what expires before it is over."""
        sees = self._decider(reader, run=run)
        shown = self.reading.shown_to(sees)
        values = [value for named in shown.values.values() for said in named.values() for value in said]
        known = {said.source for said in self.reading.statements if sees(said.label)}
        titles = [profile.title for name, profile in self.reading.profiles.items() if name in known]
        return frozenset(markers_in("\n".join([*values, *titles])))

    def hidden_from(self, reader: Reader) -> frozenset[str]:
        """Return all other markers."""
        return self.all - self.shown_to(reader)

    @cached_property
    def all(self) -> frozenset[str]:
        """Return every marker of the world."""
        return self.of(self.reading.profiles)

    def of(self, sources: Iterable[str]) -> frozenset[str]:
        """Return the markers of some sources."""
        files = (path for name in sources for path in (self.reading.folder / "sources" / name).iterdir())
        return frozenset().union(*(markers_in(path.read_bytes()) for path in files))

    def without(self, source: str) -> "MarkedWorld":
        """Return the world after a source was withdrawn."""
        left = [said for said in self.reading.statements if said.source != source]
        return replace(self, reading=replace(self.reading, statements=left, known={}))

    def with_label(self, source: str, **fields: Any) -> "MarkedWorld":
        """Return the world after the labels of a source were changed."""
        changed = [
            _changed(said, fields) if said.source == source else said for said in self.reading.statements
        ]
        return replace(self, reading=replace(self.reading, statements=changed, known={}))

    def _decider(self, reader: Reader, *, run: bool) -> Callable[[Label], bool]:
        people = load_organisation(shipped("hub_config") / "organisation.yml")
        last = self.today + LIFETIME - timedelta(1) if run else self.today
        subject, ask = _rights(people, reader), Ask(reader.purpose, False, last, reader.recipient)
        return cache(lambda label: decide(subject, label, ask).visible)


def _rights(people: Organisation, reader: Reader) -> Subject:
    """Return the meet of user, case and recipient, put together here and not as the gateway does."""
    user = people.users[reader.user]
    if reader.case is None:
        files = frozenset(name for name, case in people.cases.items() if reader.user in case.members)
        return Subject(
            reader.user, frozenset({user.organisation}), user.clearance, frozenset(user.purposes), files,
            frozenset(user.permits),
        )  # fmt: skip
    case = people.cases[reader.case]
    organisations, clearances = {user.organisation, case.organisation}, {user.clearance, case.clearance}
    purposes, permits = {*user.purposes} & {*case.purposes}, {*user.permits} & {*case.permits}
    files = frozenset({reader.case})
    if reader.recipient is not None:
        profile = people.organisations[reader.recipient].release
        assert profile is not None
        organisations, clearances = organisations | {reader.recipient}, clearances | {profile.clearance}
        purposes, permits = purposes & {*profile.purposes}, permits & {*profile.permits}
        files = files & {*profile.files}
    lowest = min(clearances, key=LEVELS.index)
    return Subject(
        reader.user,
        frozenset(organisations),
        lowest,
        frozenset(purposes),
        files,
        frozenset(permits),
    )


def _changed(said: Statement, fields: Mapping[str, Any]) -> Statement:
    label: Label = replace(said.label, **fields)
    return replace(said, label=label)


def write_marked(folder: Path) -> MarkedWorld:
    """Write the world as of today, mark it, and read it back."""
    today = datetime.now(UTC).date()
    world = write_world(folder, today=today)
    mark(folder / "sources")
    return MarkedWorld(read_world(world, today), today)


@dataclass(frozen=True)
class Received:
    """The markers each reader was ever handed, with what they came in."""

    by: dict[str, dict[str, set[str]]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, reader: object, what: str, data: bytes | str) -> None:
        """Note what markers some bytes hold."""
        self.by[str(reader)][what] = markers_in(data)

    def all(self, reader: object) -> set[str]:
        """Return every marker a reader received."""
        return set().union(*self.by[str(reader)].values())

    def beyond(self, reader: object, allowed: Iterable[str]) -> dict[str, list[str]]:
        """Return what came in which answer without being allowed."""
        found = {what: sorted(markers - set(allowed)) for what, markers in self.by[str(reader)].items()}
        return {what: markers for what, markers in found.items() if markers}


def load(server: Server, world: MarkedWorld) -> None:
    """Load every source; all of it must be taken."""
    deliveries = [delivery.asked() for delivery in deliveries_in([world.reading.folder / "sources"])]
    said = server.operate("/load", {"deliveries": deliveries}).text.splitlines()
    events = [event for line in said if (event := json.loads(line))["event"] not in ("progress", "done")]
    assert all(event["event"] == "loaded" and not event["bad"] for event in events), events


def take_turns(
    server: Server, world: MarkedWorld, readers: Iterable[Reader], *, briefly: bool = False
) -> Received:
    """Ask every question as every reader, one reader after the other, each time with the same bytes."""
    received, tokens = Received(), {reader: server.session(**reader.asked) for reader in readers}
    ids = sorted(set().union(*(_ids(server, world, token) for token in tokens.values())))
    asked = questions(world, ids)
    for name, body in asked:
        if not briefly or name in ("get", "neighbours", "sources"):
            _ask(server, tokens, name, body, received)
    return received


def _ask(
    server: Server, tokens: Mapping[Reader, str], name: str, body: Mapping[str, Any], received: Received
) -> None:
    for reader, token in tokens.items():
        answer = server.post(name, body, token)
        assert answer.status_code in (200, 404), (name, body, answer.text)
        received.add(
            reader, f"{name} {json.dumps(body)[:200]}", answer.content + str(answer.headers).encode()
        )


def _ids(server: Server, world: MarkedWorld, token: str) -> set[str]:
    tables = (read_table(server.post("find", {"schema": name}, token)) for name in schemata(world))
    return {id_ for table in tables for id_ in table["id"].to_pylist()}


def schemata(world: MarkedWorld) -> list[str]:
    """Return the schemata of everything that was delivered."""
    return sorted({said.schema for said in world.reading.statements})


def questions(world: MarkedWorld, ids: list[str]) -> list[tuple[str, dict[str, Any]]]:
    """Return every kind of question, over every schema and every marked property, about everything anybody sees."""
    marked = {
        (said.schema, said.prop) for said in world.reading.statements
        if markers_in(said.value) and not said.label.special
    }  # fmt: skip
    names = sorted({said.value for said in world.reading.statements if said.prop == "name"})[::50]
    asked: list[tuple[str, dict[str, Any]]] = [
        *(("find", {"schema": name}) for name in schemata(world)),
        *(("count", {"schema": name}) for name in ("Thing", "Interval")),
        *(("aggregate", {"schema": schema, "by": prop}) for schema, prop in sorted(marked)),
        *(("search", {"text": name}) for name in names),
        *(("find", {"schema": "Thing", "filters": {"name": [name]}}) for name in names),
        ("get", {"ids": ids}),
        ("neighbours", {"ids": ids, "depth": 2}),
        *(("get", {"ids": [id_]}) for id_ in ids[::100]),
        *(("notes", {"target": id_}) for id_ in ids[::200]),
        ("sources", {}), ("label", {}), ("me", {}), ("can_release", {"to": ["FR", "MA", "JP"]}),
    ]  # fmt: skip
    return asked


def files_of(store: Path, *, skipped: Iterable[str] = UNSEEN) -> Iterator[tuple[str, bytes]]:
    """Yield every file of a store by its place, but for what lies below some names."""
    for folder, _, names in os.walk(store):
        for path in (Path(folder) / name for name in names):
            place = path.relative_to(store)
            if place.parts[0] not in skipped and not place.match(_DATABASE) and path.is_file():
                yield str(place), path.read_bytes()


def in_database(store: Path) -> set[str]:
    """Return the markers in every table of a store that nobody serves."""
    found: set[str] = set()
    for path in store.glob("statements*.duckdb"):
        with duckdb.connect(str(path), read_only=True) as connection:
            names = connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()
            found |= markers_in(repr([connection.table(name).fetchall() for (name,) in names]))
    return found

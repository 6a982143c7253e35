"""The store shows exactly what the rules allow: value by value, against `decide`.

Labels get one value each in a real store; then random readers look through a window, and what they find is
compared with the decision about every label. Groups are replaced here by a second, simpler piece of code.
"""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from insight_kernel.model.label import HANDLING, LEVELS, SPECIAL, Label, Unreadable, read_label
from insight_kernel.model.subject import Ask, Subject
from insight_kernel.policy.allowed import Known
from insight_kernel.policy.decide import decide
from insight_kernel.policy.rules import REASONS
from insight_kernel.store.opened import Store
from tests.build import ask, people, raw_label
from tests.store.labelled import labelled, numbers_in

GROUPS = {"G-WEST": ["FR", "MA"], "G-ALL": ["FR", "MA", "JP", "X-ACMEBANK"], "G-NONE": []}
CODES = ["FR", "MA", "JP", "X-ACMEBANK"]
PURPOSES = ["network", "investigate", "warn"]
LABELS, READERS = 250, 80  # 20,000 triples
LEAST = 0.02
Raw = dict[str, Any]


@dataclass(frozen=True)
class Looked:
    """What one reader got from the store, as label numbers: in bulk, and for entities named by id."""

    bulk: set[int]
    named: set[int]


def test_a_window_shows_exactly_what_decide_allows(tmp_path: Path) -> None:
    """20,000 triples of reader, label and request: no value more, none less; every reason in 2 % of them."""
    chance = random.Random(20261121)
    raws = [_raw(chance) for _ in range(LABELS)]
    labels = [_meant(raw) for raw in raws]
    reasons: Counter[str | None] = Counter()
    with labelled(tmp_path / "store", raws) as store:
        for _ in range(READERS):
            who, asked = _reader(chance), _asked(chance)
            decisions = [decide(who, label, asked) for label in labels]
            reasons.update(decision.reason for decision in decisions)
            visible = {n for n, decision in enumerate(decisions) if decision.visible}
            sensitive = {n for n, raw in enumerate(raws) if "sensitive" in (raw.get("special") or ())}
            assert _look(store, who, asked) == Looked(visible - sensitive, visible), (who, asked)
    shares = {reason: reasons[reason] / (LABELS * READERS) for reason in (None, *REASONS)}
    assert min(shares.values()) >= LEAST, shares


def _look(store: Store, who: Subject, asked: Ask) -> Looked:
    with store.window(who, asked, Known(people(**GROUPS)), 1) as window:
        found = window.find(["Person"], [])
        bulk = window.statements(found)
        named = window.statements(window.existing(range(LABELS), sensitive=True), sensitive=True)
        by_value = {n for n in range(LABELS) if n % 10 == 0 and len(_find_value(window, n))}
        assert found.tolist() == sorted(found.tolist())
    in_bulk = numbers_in(bulk)
    assert set(found.tolist()) == in_bulk
    assert by_value == {n for n in in_bulk if n % 10 == 0}
    return Looked(in_bulk, numbers_in(named))


def _find_value(window: Any, number: int) -> Any:
    from insight_kernel.store.read import Filter

    return window.find(["Person"], [Filter("name", (f"value {number}",))])


def _meant(raw: Raw) -> Label | Unreadable:
    """Read a label with its groups replaced; one that names what is not registered is unreadable."""
    written = dict(raw)
    for field in ("only", "excluded"):
        if isinstance(raw.get(field), list):
            if not set(raw[field]) <= {*CODES, *GROUPS}:
                return Unreadable(("unknown code",))
            written[field] = list(_members(raw[field]))
    return read_label(written)


def _members(codes: list[str]) -> Iterator[str]:
    for code in codes:
        yield from GROUPS.get(code, [code])


def _raw(chance: random.Random) -> Raw:
    """Return a label of which each field is strict now and then."""
    often = chance.random
    raw: Raw = {
        "owner": chance.choice(CODES),
        "purposes": chance.sample(PURPOSES, chance.choice([2, 3, 3])),
        "expires": chance.choice(["2026-11-21", "2026-11-22", *["2031-01-01"] * 8]),
        "level": chance.choice([*LEVELS, "official"]),
    }
    if often() < 0.3:
        raw["only"] = chance.sample([*CODES, *GROUPS], chance.choice([0, 1, 3]))
    if often() < 0.25:
        raw["excluded"] = chance.sample([*CODES, "G-WEST"], chance.choice([0, 1, 2]))
    if often() < 0.3:
        raw["files"] = chance.sample(["OP-A", "OP-B"], chance.choice([0, 1, 2]))
    if often() < 0.4:
        raw["special"] = chance.sample(SPECIAL, chance.choice([0, 1, 1, 2]))
    if often() < 0.6:
        raw["handling"] = chance.sample(HANDLING[:2], chance.choice([1, 2]))
    if often() < 0.1:
        raw["consent"] = chance.sample(CODES, 1)
    if often() < 0.1:
        raw |= chance.choice([{"owner": None}, {"level": "secret"}, {"only": "MA"}, {"excluded": ["ZZ-1"]}, {"x": 1},
                              {"expires": "soon"}, {"purposes": []}])  # fmt: skip
    return raw


def _reader(chance: random.Random) -> Subject:
    """Return a reader of whom most is known and much allowed."""
    known = chance.random
    return Subject(
        user="ben",
        organisations=frozenset(chance.sample(CODES, chance.choice([1, 1, 1, 2])))
        if known() > 0.02
        else None,
        clearance=chance.choice([*LEVELS, "confidential", "confidential"]) if known() > 0.02 else None,
        purposes=frozenset(PURPOSES if known() > 0.1 else []) if known() > 0.02 else None,
        files=frozenset(chance.choice([["OP-A", "OP-B"], ["OP-A"], []])) if known() > 0.02 else None,
        permits=frozenset(chance.choice([SPECIAL, SPECIAL[:2], ()])) if known() > 0.02 else None,
        roles=frozenset(),
    )


def _asked(chance: random.Random) -> Ask:
    necessity = chance.choice([True, True, False, None]) if chance.random() < 0.7 else True
    return ask(chance.choice(PURPOSES), necessity=necessity, recipient=chance.choice([None, None, *CODES]))


@pytest.mark.parametrize("body", ["{}", "null", '{"owner": "FR"}', "[1]"])
@pytest.mark.case("A16")
def test_an_unreadable_label_hides_its_value_and_nothing_else(tmp_path: Path, body: str) -> None:
    """Whatever stands in the label table, values under other labels stay visible."""
    raws = [raw_label(), raw_label(level="restricted")]
    with labelled(tmp_path / "store", raws) as store:
        store.close()
        with duckdb.connect(str(store.folder.database)) as connection:
            connection.execute("UPDATE label SET body = ? WHERE label_id = 1", [body])
        again = Store(store.folder)
        who = Subject("ben", frozenset({"MA"}), "confidential", frozenset(PURPOSES), frozenset(), frozenset())
        with again.window(who, ask(), Known(people()), 1) as window:
            assert numbers_in(window.statements(window.find(["Person"], []))) == {0}
        again.close()

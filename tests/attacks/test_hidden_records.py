"""Hidden records change nothing: no byte of any answer, whatever they are, however many, whenever they came.

Two copies of one store, with the same keys and the same organisation file: one also holds 1,000 records that
the reader may not see, hidden by each reason in turn. They name the same entities, repeat names and values,
and link to what he sees.
"""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb
import httpx
import pytest

from tests.build import entity, profile, write_lines, write_yaml
from tests.servers import Server, gateway, read_table

NUMBER = 1_000
KEYS = "world"
GRADE = {"scale": "4x4", "source": "A", "information": "1"}
BEN: dict[str, Any] = {"user": "ben", "purpose": "network"}
RENDITION = {"user": "ana", "purpose": "network", "recipient": "MA"}


@dataclass(frozen=True)
class Hiding:
    """How records are hidden: what their profile says, what they are, and from whom."""

    label: dict[str, Any]
    reader: dict[str, Any]
    status: str = "suspect"


HIDINGS = {
    "unreadable-label": Hiding({"conditions": "to be made unreadable"}, BEN),
    "expired": Hiding({"expires": "2026-11-01"}, BEN),
    "purpose": Hiding({"purposes": ["border"]}, BEN),
    "clearance": Hiding({"level": "confidential"}, BEN),
    "recipient: excluded": Hiding({"excluded": ["G-WESTMED"]}, BEN),
    "recipient: only": Hiding({"only": ["DE", "JP"]}, BEN),
    "recipient: nobody": Hiding({"only": []}, BEN),
    "file": Hiding({"files": ["OP-GATE"]}, BEN),
    "special: label": Hiding({"special": ["sensitive"]}, BEN),
    "special: victims": Hiding({}, BEN, status="victim"),
    "consent": Hiding({"handling": ["H2"]}, RENDITION),
    "consent of others": Hiding({"consent": ["JP"]}, RENDITION),
}

VISIBLE: list[dict[str, Any]] = [
    entity("ana", "Person", name=["Ana Kovac", "Kovac, A."], birthDate="1980-02-03", personStatus="suspect"),
    entity("bo", "Person", name="Bo Lind", personStatus="witness", addressEntity="home"),
    entity("cy", "Person", name="Cy Twombly", personStatus="suspect", phone="+33 1 23 45 67 89"),
    entity("acme", "Company", name="Acme Shipping", jurisdiction="fr", registrationNumber="12345678"),
    entity("zeta", "Company", name="Zeta Trading", jurisdiction="ma", parent="acme"),
    entity("home", "Address", full="1 Rue de Test, Paris", city="Paris"),
    entity("own", "Ownership", owner="ana", asset="acme", startDate="2020-01-01"),
    entity("pay1", "Payment", payer="acme", beneficiary="zeta", amount="1000", date="2026-01-01", purpose="Lease"),
    entity("pay2", "Payment", payer="ana", date="2026-01-02", amount="50"),
    entity("pay3", "Payment", payer="ana", beneficiary="never", date="2026-01-03", amount="60"),
    entity("know", "Associate", person="ana", associate="cy", relationship="friend"),
]  # fmt: skip


def hidden(status: str, number: int) -> Iterator[dict[str, Any]]:
    """Yield records about persons alone, so that a status can hide all of each, or about anything else too."""
    for n in range(number):
        key = f"h{n}"
        yield entity(["ana", "cy", key][n % 3], "Person", name=["Ana Kovac", f"Ana Kovak {n}", f"Hidden {n}"],
                     phone="+33123456789", nationality="ma", passportNumber="12345678", parent="zeta",
                     addressEntity=["home", key], personStatus=status)  # fmt: skip


def hidden_things(number: int) -> Iterator[dict[str, Any]]:
    """Yield companies, links and ends that meet visible ones."""
    for n in range(number // 5):
        yield entity(
            f"c{n}", "Company", name="Acme Shipping", jurisdiction="fr", registrationNumber="12345678"
        )
        yield entity("acme", "Company", name=f"Acme {n}", parent=f"c{n}", jurisdiction="jp")
        yield entity(f"o{n}", "Ownership", owner="ana", asset=["acme", f"c{n}"], startDate="2020-01-01")
        yield entity(f"q{n}", "Payment", payer="acme", beneficiary="ana", date="2026-01-01", amount="1000")
        schema, key, ends = ENDS[n % len(ENDS)]
        yield entity(key, schema, **ends, **({"payer": f"c{n}"} if schema == "Payment" else {}))


ENDS: list[tuple[str, str, dict[str, str]]] = [
    ("Payment", "pay1", {"beneficiary": "cy"}), ("Payment", "pay2", {"beneficiary": "cy"}),
    ("Payment", "pay3", {"beneficiary": "zeta"}), ("Ownership", "own", {"asset": "zeta"}),
    ("Address", "home", {"city": "Paris", "full": "2 Rue de Test"}),
]  # fmt: skip


def questions(ids: dict[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield at least one of every request, with filters, limits and short lists."""
    for schema in (
        "Thing",
        "Person",
        "Company",
        "Payment",
        "Interval",
        "Ownership",
        "Address",
        "LegalEntity",
    ):
        yield "find", {"schema": schema}
        yield "count", {"schema": schema}
    yield "find", {"schema": "Person", "limit": 1}
    yield "find", {"schema": "Thing", "page": {"size": 2}}
    yield "find", {"schema": "Person", "filters": {"name": ["Ana Kovac", "Hidden 3"]}, "page": {"size": 1}}
    yield "find", {"schema": "Person", "filters": {"name": ["Ana Kovac", "Hidden 3"]}}
    yield (
        "find",
        {"schema": "Company", "filters": {"jurisdiction": ["fr"], "registrationNumber": ["12345678"]}},
    )
    yield "find", {"schema": "Company", "filters": {"parent": [ids["acme"]]}}
    yield "count", {"schema": "Person", "filters": {"phone": ["+33123456789"]}}
    yield "count", {"schema": "Payment", "filters": {"payer": [ids["acme"]]}}
    for schema, by in (("Person", "name"), ("Company", "jurisdiction"), ("Payment", "date"), ("Interval", "date"),
                       ("LegalEntity", "phone"), ("Value", "amount"), ("Address", "city")):  # fmt: skip
        yield "aggregate", {"schema": schema, "by": by}
        yield "aggregate", {"schema": schema, "by": by, "limit": 1}
    yield "aggregate", {"schema": "Company", "by": "name", "filters": {"jurisdiction": ["fr", "jp"]}}
    for text in ("Ana Kovac", "Acme", "12345678", "+33 1 23 45 67 89", "Hidden 7", "Zeta Tradin"):
        yield "search", {"text": text}
        yield "search", {"text": text, "limit": 1}
    yield "search", {"text": "Ana", "schema": "Person", "limit": 2}
    for key in ids:
        yield "get", {"ids": [ids[key]]}
        yield "neighbours", {"ids": [ids[key]], "depth": 2}
        yield "notes", {"target": ids[key]}
    yield "get", {"ids": sorted(ids.values())}
    yield "neighbours", {"ids": sorted(ids.values()), "depth": 4}
    yield "sources", {}
    yield "label", {}
    yield "can_release", {"to": ["FR", "MA", "JP", "DE", "IPSG"]}
    yield "me", {}


@dataclass(frozen=True)
class Base:
    """A store with visible records, unserved, to be copied."""

    root: Path
    folder: Path

    def copy(self, name: str) -> Path:
        """Return a copy that a gateway may serve."""
        return Path(shutil.copytree(self.root, self.folder / name))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Base:
    """A store whose readers see everything in it, from two sources."""
    folder = tmp_path_factory.mktemp("hidden")
    with gateway(folder / "base") as server:
        load(server, folder, "visible", VISIBLE, profile(source="registry", keys=KEYS, title="Registry"))
        load(
            server,
            folder,
            "more",
            VISIBLE[:4],
            profile(source="files", keys=KEYS, level="restricted", owner="MA"),
        )
    return Base(folder / "base", folder)


@pytest.fixture(scope="module")
def answers(base: Base) -> dict[str, list[tuple[object, ...]]]:
    """The answers of the store without hidden records, to both readers."""
    with gateway(base.copy("plain")) as server:
        return {str(reader): ask_everything(server, reader) for reader in (BEN, RENDITION)}


@pytest.mark.case("A13")
@pytest.mark.case("A14")
@pytest.mark.case("A15")
@pytest.mark.case("A16")
@pytest.mark.case("A22")
@pytest.mark.case("A33")
@pytest.mark.case("A87")
@pytest.mark.parametrize("reason", HIDINGS)
def test_hidden_records_change_no_byte(base: Base, answers: dict[str, Any], reason: str) -> None:
    """1,000 hidden records later every answer is the same, byte by byte."""
    hiding = HIDINGS[reason]
    store = base.copy(f"store-{list(HIDINGS).index(reason)}")
    with gateway(store) as server:
        give_hidden(server, base.folder, hiding)
        if reason != "unreadable-label":
            assert ask_everything(server, hiding.reader) == answers[str(hiding.reader)]
            return
    make_unreadable(store)
    with gateway(store) as server:
        assert ask_everything(server, hiding.reader) == answers[str(hiding.reader)]


@pytest.mark.case("A87")
def test_hidden_records_that_came_first_change_no_byte(
    base: Base, tmp_path: Path, answers: dict[str, Any]
) -> None:
    """The order of arrival, and so every number the store counts by, shows in no answer either."""
    store = tmp_path / "store"
    with gateway(store):
        pass
    for name in ("keys", "audit"):  # a log belongs to the key that signs it
        shutil.rmtree(store / name)
    shutil.copytree(base.root / "keys", store / "keys")
    with gateway(store) as server:
        for reason in ("special: victims", "clearance", "recipient: excluded"):
            give_hidden(server, tmp_path, HIDINGS[reason])
        load(
            server,
            tmp_path,
            "more",
            VISIBLE[:4],
            profile(source="files", keys=KEYS, level="restricted", owner="MA"),
        )
        load(server, tmp_path, "visible", VISIBLE, profile(source="registry", keys=KEYS, title="Registry"))
        assert ask_everything(server, BEN) == answers[str(BEN)]


@pytest.mark.case("A21")
@pytest.mark.case("A30")
def test_absent_and_hidden_answer_alike(base: Base) -> None:
    """One status and one body, but for the number of the refusal, for an id hidden, absent or not an id at all."""
    with gateway(base.copy("absent")) as server:
        load(
            server, base.folder, "secret", hidden("suspect", 3), profile(source="secret", keys=KEYS, only=[])
        )
        seen_by_owner = server.asker("ana").table("find", schema="Person")["id"].to_pylist()
        token = server.session(**BEN)
        shown = read_table(server.post("find", {"schema": "Person"}, token))["id"].to_pylist()
        [secret] = set(seen_by_owner) - set(shown)
        for request in ("get", "neighbours"):
            refusals = [
                server.post(request, {"ids": [id_]}, token) for id_ in (secret, "0" * 16, "f" * 16, "no id")
            ]
            assert {refusal.status_code for refusal in refusals} == {404}
            bodies = [{**refusal.json(), "error_id": "x"} for refusal in refusals]
            assert all(body == bodies[0] for body in bodies)
            assert bodies[0] == {
                "code": "not_available",
                "message": "What was asked for is not available.",
                "error_id": "x",
            }
            assert len({tuple(sorted(set(refusal.headers) - {"date"})) for refusal in refusals}) == 1
            assert len({len(refusal.content) for refusal in refusals}) == 1
            some, all_ = ({"ids": [*shown, *more]} for more in ([], [secret, "0" * 16]))
            assert server.post(request, some, token).content == server.post(request, all_, token).content


@pytest.mark.case("A13")
@pytest.mark.case("A34")
def test_no_hidden_word_is_in_any_answer(base: Base) -> None:
    """A word that stands in hidden values only is in no body and no header of any answer."""
    marked = [
        {**item, "properties": {**item["properties"], "alias": ["Xyzzymark"]}}
        for item in hidden("suspect", 30)
    ]
    with gateway(base.copy("marked")) as server:
        load(
            server,
            base.folder,
            "marked",
            marked,
            profile(source="marked", title="Xyzzymark", keys=KEYS, only=[]),
        )
        found = server.asker("ana").table("find", schema="Person").to_pylist()
        assert any("Xyzzymark" in str(row) for row in found)
        token = server.session(**BEN)
        for name, body in questions(ids_for(server, token)):
            answer = server.post(name, body, token)
            assert b"Xyzzymark" not in answer.content + str(answer.headers).encode()


def load(server: Server, folder: Path, name: str, entities: Any, said: dict[str, Any]) -> None:
    """Load records that must all be taken."""
    file = write_lines(folder / f"{name}.jsonl", entities)
    events = server.load([file], write_yaml(folder / f"{name}.yml", said))
    assert [event["event"] for event in events] == ["loaded", "done"], events
    assert not events[0]["bad"]


def give_hidden(server: Server, folder: Path, hiding: Hiding) -> None:
    """Load 1,000 hidden records: of a source of the same name, of another owner, and of one of its own."""
    things = hidden_things(NUMBER // 2) if hiding.status == "suspect" else ()
    records = [
        *hidden(hiding.status, NUMBER // 2),
        *(things or hidden(hiding.status, NUMBER)),
        *VISIBLE * bool(things),
    ]
    half = len(records) // 2
    said = {"keys": KEYS, "person_status": hiding.status, **hiding.label}
    told = profile(source="other", title="Other", **said)
    load(server, folder, "hidden0", records[:half], told)
    told = profile(source="registry", owner="DE", title="Not the registry", grade=GRADE, **said)
    load(server, folder, "hidden1", records[half:], told)


def make_unreadable(store: Path) -> None:
    """Spoil the labels of the hidden records, as a fault of the disk or of an older version might."""
    with duckdb.connect(str(store / "statements.duckdb")) as connection:
        done = connection.execute(
            "UPDATE label SET body = replace(body, '\"conditions\"', '\"condition\"') WHERE body LIKE '%to be made%'"
        ).fetchall()
        assert done[0][0] >= 2


def ids_for(server: Server, token: str) -> dict[str, str]:
    """Return the ids of what the reader sees, by caption and schema."""
    found = [read_table(server.post("find", {"schema": schema}, token)) for schema in ("Thing", "Interval")]
    rows = chain.from_iterable(table.to_pylist() for table in found)
    ids = {f"{row['schema']} {row['caption']}": row["id"] for row in rows}
    return {"acme": ids["Company Acme Shipping"], **ids}


def ask_everything(server: Server, reader: dict[str, Any]) -> list[tuple[object, ...]]:
    """Ask every question; return status, body and headers, without what tells one call from another."""
    token = server.session(**reader)
    asked = list(questions(ids_for(server, token)))
    return [(name, str(body), *_said(server.post(name, body, token))) for name, body in asked]


def _said(answer: httpx.Response) -> tuple[object, ...]:
    headers = {name: value for name, value in answer.headers.items() if name not in ("date", "insight-entry")}
    return answer.status_code, headers, answer.content

"""Working out what one may not see: masked fields, small steps, computed ids, and being an administrator."""

import hashlib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from insight_kernel.audit.chain import entries
from insight_kernel.model.ids import entity_hasher, to_text
from tests.build import entity, profile, write_lines, write_yaml
from tests.servers import Server, gateway, read_table

KEYS = "world"
FIRMS = {f"f{n}": ("fr" if n % 3 else "gr") for n in range(12)}
"""Firms, with the country everybody sees."""
MASKED = {f"f{n}": {"jurisdiction": ["cy", "mt", "lu"][n % 3], "registrationNumber": f"{10_000_000 + n}",
                    "incorporationDate": f"20{10 + n}-01-01"} for n in range(8)}  # fmt: skip
"""What only Morocco sees of some of them."""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of firms everybody sees, with fields only their owner sees."""
    folder = tmp_path_factory.mktemp("inference")
    seen = [entity(key, "Company", name=f"Firm {key}", country=country) for key, country in FIRMS.items()]
    masked = [entity(key, "Company", **fields) for key, fields in MASKED.items()]
    with gateway(folder / "store") as server:
        for name, records, label in (("seen", seen, {}), ("masked", masked, {"owner": "MA", "only": []})):
            said = profile(source=name, keys=KEYS, **label)
            file = write_lines(folder / f"{name}.jsonl", records)
            assert server.load([file], write_yaml(folder / f"{name}.yml", said))[0]["new"] == len(records)
    return folder / "store"


def count(server: Server, user: str, **filters: list[str]) -> int:
    """Return how many firms a user counts."""
    found = server.asker(user).table("count", schema="Company", filters=filters)
    return int(found["count"][0].as_py())


@pytest.mark.case("A26")
@pytest.mark.parametrize("field", ["jurisdiction", "registrationNumber", "incorporationDate"])
def test_a_masked_field_is_empty_for_every_request(shared: Server, field: str) -> None:
    """Its owner filters, groups and searches by it; for anybody else there is nothing there to be found or ordered."""
    values = sorted({fields[field] for fields in MASKED.values()})
    owner, other = shared.asker("ben"), shared.asker("ana")
    for asker, seen in ((owner, True), (other, False)):
        for value in values:
            found = asker.table("find", schema="Company", filters={field: [value]})
            assert bool(found.num_rows) is seen
            assert (
                bool(asker.table("find", schema="Company", filters={field: [value]}, limit=1).num_rows)
                is seen
            )
            assert bool(asker.table("search", text=value).num_rows) is (
                seen and field == "registrationNumber"
            )
            both = {field: [value], "country": ["fr", "gr"]}
            assert bool(asker.table("find", schema="Company", filters=both).num_rows) is seen
        groups = asker.table("aggregate", schema="Company", by=field)["value"].to_pylist()
        among = asker.table("aggregate", schema="Company", by=field, filters={"country": ["fr", "gr"]})
        assert sorted(groups) == sorted(among["value"].to_pylist()) == (values if seen else [])
        rows = asker.table("find", schema="Company").to_pylist()
        assert len(rows) == len(FIRMS)
        assert any(row.get(field) for row in rows) is seen
        ids = asker.table("find", schema="Company")["id"].to_pylist()
        assert (field in asker.table("get", ids=ids)["property"].to_pylist()) is seen


@pytest.mark.case("A27")
def test_differences_of_counts_are_of_visible_rows(shared: Server) -> None:
    """One value more each time, over what is seen and what is not: each step is as large as what one sees."""
    steps: list[tuple[str, list[str]]] = [
        ("country", ["fr", "gr", "cy", "mt"]),
        ("jurisdiction", ["cy", "mt", "lu", "fr"]),
        ("registrationNumber", sorted(fields["registrationNumber"] for fields in MASKED.values())),
    ]
    masked = {name: Counter(fields[name] for fields in MASKED.values()) for name, _ in steps[1:]}
    countries = {"country": Counter(FIRMS.values())}
    truth = {"ana": countries, "ben": {**countries, **masked}}
    for user, seen in truth.items():
        for field, values in steps:
            counted = [count(shared, user, **{field: values[: n + 1]}) for n in range(len(values))]
            sizes = [after - before for before, after in zip([0, *counted], counted, strict=False)]
            assert sizes == [seen.get(field, Counter())[value] for value in values]


@pytest.mark.case("A82")
def test_an_id_computed_from_what_one_knows_is_nobodys(shared: Server, tmp_path: Path) -> None:
    """Every hash of a known key without the store's own secret is answered as an id that never was."""
    known = [f"{space}\0{key}".encode() for space in (KEYS, "") for key in ("f1", "10000001", "Firm f1")]
    known += [key.encode() for key in ("f1", "10000001", "world/f1")]
    guessed = [hashlib.blake2b(text, digest_size=8, person=person).hexdigest()
               for text in known for person in (b"entity", b"")]  # fmt: skip
    guessed += [hash_(text).hexdigest()[:16] for text in known for hash_ in (hashlib.sha256, hashlib.md5)]
    guessed += [to_text(entity_hasher(key)(KEYS, "f1")) for key in (b"", b"insight", b"\0" * 32)]
    with gateway(tmp_path / "other") as other:
        file = write_lines(tmp_path / "o.jsonl", [entity("f1", "Company", name="Firm f1")])
        other.load([file], write_yaml(tmp_path / "o.yml", profile(source="seen", keys=KEYS)))
        guessed += other.asker().table("find", schema="Company")["id"].to_pylist()
    token = shared.session("ben")
    shown = set(read_table(shared.post("find", {"schema": "Company"}, token))["id"].to_pylist())
    assert len(shown) == len(FIRMS)
    assert not shown & set(guessed)
    refused = [shared.post("get", {"ids": asked}, token) for asked in (guessed, ["0" * 16])]
    assert [answer.status_code for answer in refused] == [404, 404]
    assert len({len(answer.content) for answer in refused}) == 1


@pytest.mark.case("A65")
def test_an_administrator_without_a_case_reads_nothing(server: Server) -> None:
    """403 and an alarm, whatever case he names, in the same words whether there is such a case or not."""
    path = server.store / "organisation.yml"
    people = yaml.safe_load(path.read_text("utf-8"))
    for role, purposes in {
        "operator": ["network"],
        "officer": ["network", "oversight"],
        "owner-keeper": ["network"],
    }.items():
        people["users"][role] = {"name": role, "organisation": "FR", "clearance": "confidential",
                                 "purposes": purposes, "roles": [role]}  # fmt: skip
    write_yaml(path, people)
    for role in ("operator", "officer", "owner-keeper"):
        asked: list[dict[str, Any]] = [{"case": case} for case in ("OP-LANTERN", "OP-GATE", "OP-NEVER00")]
        answers = [server.operate("/session", {"user": role, "purpose": "network", **each}) for each in asked]
        answers.append(server.operate("/session", {"user": role, "purpose": "network"}))
        assert {answer.status_code for answer in answers} == {403}
        said = {answer.text.replace(each["case"], "C") for each, answer in zip(asked, answers, strict=False)}
        assert len(said) == 1
        alarms = [e for e in entries(server.store / "audit" / "log.jsonl") if e.get("user") == role]
        assert {(e["reason"], e["weight"]) for e in alarms} == {("administrator-without-case", "alarm")}
    assert len(server.operate("/health", {}).json()["alarms"]) == 3

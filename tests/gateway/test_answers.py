"""Answers: each reader his own, none without an entry in the log, and a floating label that only rises."""

import os
from pathlib import Path
from typing import Any

import pytest

from insight_kernel.audit.chain import entries, read_chain
from insight_kernel.errors import BadInput
from insight_kernel.gateway.admission import new_session
from insight_kernel.gateway.service import Gateway
from insight_kernel.store.folder import open_folder
from insight_kernel.store.opened import Store
from insight_kernel.templates.names import new_run_id
from tests.build import deliver, entity, profile, write_lines, write_yaml
from tests.servers import NotReadyError, Server, gateway, read_table

SOURCES: dict[str, dict[str, Any]] = {
    "open": {},
    "french": {"only": ["FR"]},
    "moroccan": {"owner": "MA", "only": ["MA"], "level": "restricted"},
    "secret": {"level": "confidential", "owner": "DE"},
}


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store in which four sources speak of one company, a person each, and payments."""
    folder = tmp_path_factory.mktemp("answers")
    with gateway(folder / "store") as server:
        for source, label in SOURCES.items():
            records = [
                entity("acme", "Company", name="Acme", notes=f"said by {source}"),
                entity(source, "Person", name=f"P {source}", religion="Zoroaster"),
                entity(f"pay-{source}", "Payment", payer="acme", beneficiary=source, date="2026-01-01"),
                entity(f"odd-{source}", "Payment", payer="acme", beneficiary="french", date="2026-02-02"),
            ]
            file = write_lines(folder / f"{source}.jsonl", records)
            said = profile(source=source, keys="world", **label)
            assert server.load([file], write_yaml(folder / f"{source}.yml", said))[0]["event"] == "loaded"
    return folder / "store"


@pytest.mark.case("A32")
@pytest.mark.case("L16")
@pytest.mark.parametrize("order", [["ana", "ben", "ana"], ["ben", "ana", "ben"]], ids="-".join)
def test_two_readers_get_their_own_answers_in_any_order(shared: Server, order: list[str]) -> None:
    """The same request, one after the other, answered by the rights of each."""
    expected = {"ana": {"P open", "P french", "P secret"}, "ben": {"P open", "P moroccan"}}
    for user in order:
        found = shared.asker(user).table("find", schema="Person")
        assert set(found["caption"].to_pylist()) == expected[user]
    [ben] = shared.asker("ben").table("find", schema="Company").to_pylist()
    assert ben["notes"] == ["said by moroccan", "said by open"]


@pytest.mark.case("L3")
def test_counts_and_groups_are_over_what_exists_for_the_reader(shared: Server) -> None:
    """Payments to hidden payees are in no count and no group, also of a schema that only gathers others."""
    asker = shared.asker("ben")
    assert asker.table("count", schema="Payment")["count"].to_pylist() == [2]
    for schema in ("Payment", "Interval"):
        assert asker.table("aggregate", schema=schema, by="date").to_pylist() == [
            {"value": "2026-01-01", "n": 2}
        ]


def test_sensitive_values_are_shown_by_id_and_with_a_permit_only(shared: Server) -> None:
    """Ana has no permit for them: she is shown none, in bulk or by id."""
    asker = shared.asker("ana", necessity=True)
    found = asker.table("find", schema="Person")
    assert "religion" not in found.column_names
    assert "religion" not in asker.table("get", ids=found["id"].to_pylist())["property"].to_pylist()


@pytest.mark.parametrize("necessity", [True, False])
def test_a_permit_and_a_necessity_show_sensitive_values_by_id(store: Path, necessity: bool) -> None:
    """With both they are shown for entities named by id, and still in no table, search or neighbourhood."""
    text = (store / "organisation.yml").read_text(encoding="utf-8")
    (store / "organisation.yml").write_text(
        text.replace("[witness, minor]", "[witness, minor, sensitive]"), encoding="utf-8"
    )
    with gateway(store) as server:
        asker = server.asker("ana", necessity=necessity)
        found = asker.table("find", schema="Person")
        shown = asker.table("get", ids=found["id"].to_pylist())["property"].to_pylist()
        assert ("religion" in shown) is necessity
        assert "religion" not in found.column_names
        assert asker.table("search", text="Zoroaster").num_rows == 0


def test_a_person_known_by_sensitive_statements_only_breaks_no_answer(store: Path, tmp_path: Path) -> None:
    """Such a person is answered by id; tables, counts and neighbourhoods go on without him."""
    text = (store / "organisation.yml").read_text(encoding="utf-8")
    (store / "organisation.yml").write_text(
        text.replace("[witness, minor]", "[witness, minor, sensitive]"), encoding="utf-8"
    )
    label = {
        **profile(source="whole", keys="world"),
        "label": {**profile()["label"], "special": ["sensitive"]},
    }
    people = write_lines(
        tmp_path / "w.jsonl", [entity("whole", "Person", name="Whole"), entity("wholly", "Company", name="W")]
    )
    link = write_lines(
        tmp_path / "l.jsonl",
        [
            entity("pw", "Payment", payer="acme", beneficiary="whole", date="2026-01-01"),
            entity("sub", "Company", name="Sub", parent="wholly"),
        ],
    )
    with gateway(store) as server:
        server.load([people], write_yaml(tmp_path / "w.yml", label))
        server.load([link], write_yaml(tmp_path / "l.yml", profile(source="links", keys="world")))
        token = server.session("ana", necessity=True)
        acme, *_ = read_table(
            server.post("find", {"schema": "Company", "filters": {"name": ["Acme"]}}, token)
        )["id"].to_pylist()
        for name, body in (
            ("neighbours", {"ids": [acme], "depth": 2}),
            ("find", {"schema": "Thing"}),
            ("find", {"schema": "Payment"}),
            ("count", {"schema": "Person"}),
            ("get", {"ids": [acme]}),
            ("search", {"text": "Whole"}),
        ):
            assert server.post(name, body, token).status_code == 200, name


@pytest.mark.case("A50")
@pytest.mark.case("F20")
def test_the_floating_label_rises_never_falls_and_survives(store: Path) -> None:
    """Whatever is asked next, and whether the gateway is restarted or killed: what was sent stays in the label."""
    with gateway(store) as server:
        asker = server.asker("ana")
        assert asker.json("label")["line"] == "No data"
        asker.table("find", schema="Person", filters={"name": ["P open"]})
        assert asker.json("label")["owners"] == ["FR"]
        asker.table("find", schema="Person")
        risen = asker.json("label")
        assert (risen["owners"], risen["level"]) == (["DE", "FR"], "confidential")
        asker.table("find", schema="Person", filters={"name": ["P open"]})
        assert asker.json("label") == risen
        assert server.asker("ana").json("label") == risen  # another session, the same workspace
        assert server.asker("ana", "warn").json("label")["line"] == "No data"  # another purpose: another one
        server.kill()
    with gateway(store) as server:
        assert server.asker("ana").json("label") == risen
    with gateway(store) as server:
        assert server.asker("ana").json("label") == risen


@pytest.mark.case("A80")
@pytest.mark.parametrize(
    ("name", "question", "owners"),
    [
        ("count", {"schema": "Person", "filters": {"name": ["P secret"]}}, ["DE"]),
        ("count", {"schema": "Person", "filters": {"name": ["P nobody"]}}, []),
        ("aggregate", {"schema": "Person", "by": "name", "filters": {"name": ["P secret"]}}, ["DE"]),
        ("find", {"schema": "Payment", "filters": {"date": ["2026-02-02"]}}, ["DE", "FR"]),
        ("search", {"text": "P secret", "schema": "Person", "limit": 1}, ["DE"]),
    ],
)
def test_an_answer_carries_the_labels_it_was_made_from(
    shared: Server, name: str, question: dict[str, Any], owners: list[str]
) -> None:
    """Values filtered, counted or ranked by count as returned."""
    asker = shared.asker("ana", run=new_run_id())  # a run is a workspace of its own
    asker.table(name, **question)
    assert asker.json("label")["owners"] == owners


def test_every_answer_has_its_entry(shared: Server) -> None:
    """The number in the answer's header is an entry that names who, why, what and how much."""
    token = shared.session("ben")
    numbers = [
        int(shared.post(name, body, token).headers["Insight-Entry"])
        for name, body in (("find", {"schema": "Person"}), ("count", {"schema": "Person"}), ("sources", {}))
    ]
    log = {entry["n"]: entry for entry in entries(shared.store / "audit" / "log.jsonl")}
    for number, name in zip(numbers, ("find", "count", "sources"), strict=True):
        entry = log[number]
        assert (entry["user"], entry["purpose"], entry["case"], entry["request"], entry["decision"]) == (
            "ben",
            "network",
            "OP-HARBOUR",
            name,
            "answered",
        )
    assert log[numbers[0]]["rows"] == 2


def test_without_an_audit_entry_there_is_no_answer(store: Path, tmp_path: Path) -> None:
    """A log that cannot be written: 503 for every question, no data, no session, no load; reads go on afterwards."""
    limited = tmp_path / "limited.py"
    limited.write_text(LIMITED, encoding="utf-8")
    file, said = (
        write_lines(tmp_path / "f.jsonl", [entity("n", "Company", name="N")]),
        write_yaml(tmp_path / "p.yml", profile()),
    )
    with gateway(store, command=("-W", "error", str(limited))) as server:
        token = server.session()
        (store / "audit" / "full").touch()
        for name, body in (
            ("find", {"schema": "Person"}),
            ("sources", {}),
            ("label", {}),
            ("get", {"ids": ["0" * 16]}),
        ):
            answer = server.post(name, body, token)
            assert answer.status_code == 503
            assert set(answer.json()) == {"code", "message", "error_id"}
            assert "insight-entry" not in answer.headers
        assert server.operate("/session", {"user": "ana", "purpose": "network"}).status_code == 503
        assert [event["event"] for event in server.load([file], said)] == ["failed"]
        (store / "audit" / "full").unlink()
        assert read_table(server.post("count", {"schema": "Company"}, token))["count"].to_pylist() == [1]
    assert read_chain(store / "audit" / "log.jsonl").fault is None


LIMITED = '''
"""The gateway, with a disk that is full while a file says so: a part is accepted, without an error."""
import os
import sys
from pathlib import Path

from insight_kernel import files
from insight_kernel.gateway.__main__ import main

plain = os.write
full = Path(sys.argv[1]) / "audit" / "full"


def write(descriptor, data):
    return plain(descriptor, data[:3] if full.exists() else data)


files.os = type("Disk", (), {**vars(os), "write": staticmethod(write)})
main()
'''


@pytest.mark.case("A66")
@pytest.mark.case("F4")
@pytest.mark.parametrize("spoil", ["no entry", '{"n": 2}', ""], ids=["not JSON", "no entry", "empty line"])
def test_a_spoiled_log_is_not_served(store: Path, spoil: str) -> None:
    """The gateway does not start, and says in one line which entry is wrong."""
    log = store / "audit" / "log.jsonl"
    lines = log.read_text().splitlines()
    log.write_text("\n".join([lines[0], spoil, *lines[2:]]) + "\n")
    with pytest.raises(NotReadyError) as refused, gateway(store):
        pass
    assert "the chain is broken: " in refused.value.said
    assert refused.value.log == ""


@pytest.mark.case("F13")
def test_a_faulty_organisation_file_leaves_the_old_one_in_force(server: Server) -> None:
    """Rights change when a good file is saved, not when a bad one is; they change at the next request."""
    asker, path = server.asker("ana"), server.store / "organisation.yml"
    good = path.read_text(encoding="utf-8")
    before = asker.table("count", schema="Person")["count"].to_pylist()
    path.write_text(good.replace("clearance: confidential", "clearance: cosmic"), encoding="utf-8")
    assert asker.table("count", schema="Person")["count"].to_pylist() == before == [3]
    path.write_text(good.replace("clearance: confidential", "clearance: official"), encoding="utf-8")
    assert asker.table("count", schema="Person")["count"].to_pylist() == [2]


def test_one_gateway_serves_a_store(shared: Server) -> None:
    """A second one says so in one line and leaves the first alone."""
    with pytest.raises(NotReadyError) as refused, gateway(shared.store):
        pass
    assert "another process serves it" in refused.value.said
    assert shared.asker().table("count", schema="Company")["count"].to_pylist() == [1]


def test_a_source_is_named_by_its_owner(tmp_path: Path) -> None:
    """Two owners may call their sources alike: each keeps its title, grade and size."""
    gate = Gateway(Store(open_folder(tmp_path / "store", create=True)))
    graded = {"scale": "4x4", "source": "A", "information": "1"}
    deliver(gate.store, [entity("a", "Company", name="A")], profile(source="registry", title="One"))
    deliver(
        gate.store,
        [entity("a", "Company", name="A"), entity("b", "Company", name="B")],
        profile(source="registry", title="Two", owner="DE", grade=graded),
    )
    session = new_session(gate.organisation(), "ana", "network", None, gate.clock.today())
    from insight_kernel.gateway.requests import Sources

    rows = gate.answer("sources", Sources(), session, b"").table.to_pylist()
    assert [(row["owner"], row["title"], row["records"], row["grade"]) for row in rows] == [
        ("DE", "Two", 2, "4x4 A1"),
        ("FR", "One", 1, "not graded"),
    ]
    gate.close()


def test_paths_of_no_store_are_refused(tmp_path: Path) -> None:
    """A folder with something else in it is not made a store."""
    (tmp_path / "letter.txt").write_text("Dear all")
    with pytest.raises(BadInput, match="the folder is not empty"):
        open_folder(tmp_path, create=True)
    assert os.listdir(tmp_path) == ["letter.txt"]  # noqa: PTH208

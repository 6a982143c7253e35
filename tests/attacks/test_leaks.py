"""Leaks that other systems had: what is hidden shows by no neighbour, count, collision, error, history or copy."""

import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import httpx
import pandas as pd
import pytest

from insight_kernel.client.workspace import Workspace
from insight_kernel.gateway.page.notices import notices
from insight_kernel.gateway.service import Gateway
from insight_kernel.store.folder import open_folder
from insight_kernel.store.opened import Store
from tests.build import entity, handed, profile, write_lines, write_yaml
from tests.runs import made
from tests.servers import Server, gateway, read_table
from tests.training.marked import files_of

MARK = "Xyzzymark"
KEYS = "world"
VISIBLE = [
    entity("ana", "Person", name="Ana Kovac", personStatus="suspect"),
    entity("acme", "Company", name="Acme"),
    entity("zeta", "Company", name="Zeta"),
    entity("pay", "Payment", payer="acme", beneficiary="zeta", date="2026-01-01"),
]
HIDDEN = [
    entity("zeta", "Company", name=MARK, parent="acme"),
    entity("own", "Ownership", owner="ana", asset="acme", role=MARK),
    entity("ghost", "Person", name=f"{MARK} Ghost", personStatus="suspect"),
    entity("tie", "Associate", person="ana", associate="ghost", relationship=MARK),
]  # of Morocco, for nobody else
SOURCES: dict[str, tuple[list[dict[str, Any]], dict[str, Any]]] = {
    "open": (VISIBLE, {"owner": "DE"}),
    "hidden": (HIDDEN, {"owner": "MA", "only": [], "title": MARK}),
    "pair": ([entity(f"pair{n}", "Company", name=f"Pair {n}") for n in (1, 2)], {"owner": "MA"}),
    "file": ([entity("file", "Company", name="File", country="gr")], {"owner": "MA"}),
    "kept": ([entity("kept", "Company", name="Kept")], {"owner": "MA"}),
    "part": ([entity("part", "Company", name="Part", parent="acme")], {"owner": "MA"}),
}
FAILING = (
    "-W", "error", "-c",
    "from insight_kernel.gateway import __main__, service\n"
    f"def find(*_): secret = '{MARK}'; raise RuntimeError(f'SELECT {{secret}} FROM statement, /srv/{{secret}}')\n"
    "service.QUESTIONS['find'] = (service.QUESTIONS['find'][0], find)\n"
    "__main__.main()\n",
)  # fmt: skip
"""A gateway in which one question fails with an error that holds a value, a query and a path."""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of sources, one of which only its owner may see."""
    folder = tmp_path_factory.mktemp("leaks")
    with gateway(folder / "store") as server:
        deliveries = [
            handed([write_lines(folder / f"{name}.jsonl", records)],
                   write_yaml(folder / f"{name}.yml", profile(source=name, keys=KEYS, **label)))
            for name, (records, label) in SOURCES.items()
        ]  # fmt: skip
        text = server.operate("/load", {"deliveries": deliveries}).text
        assert text.count('"loaded"') == len(SOURCES), text
    return folder / "store"


def ids_of(server: Server, user: str = "ana") -> dict[str, str]:
    """Return the ids of what a reader finds, by caption."""
    asker = server.asker(user)
    rows = chain.from_iterable(asker.table("find", schema=name).to_pylist() for name in ("Thing", "Interval"))
    return {row["caption"]: row["id"] for row in rows}


def act(server: Server, user: str, kind: str, **what: Any) -> httpx.Response:
    """Ask for an act as somebody."""
    return server.operate("/acts/ask", {"user": user, "kind": kind, "what": what, "reason": "for a test"})


def relabel(server: Server, source: str, *records: str, user: str = "salma", **fields: Any) -> httpx.Response:
    """Ask that labels of Morocco's change, as they are now, as its keeper or as somebody else."""
    asked = {"user": "salma", "source": source, "records": list(records)}
    version = server.operate("/acts/labels", asked).json()["version"]
    return act(server, user, "label", source=source, records=list(records), fields=fields, version=version)


def every_way(server: Server, token: str, id_: str, name: str) -> Iterator[httpx.Response]:
    """Ask for one company in every way there is."""
    filters = {"name": [name]}
    yield server.post("find", {"schema": "Company", "filters": filters}, token)
    yield server.post("find", {"schema": "Thing"}, token)
    yield server.post("count", {"schema": "Company", "filters": filters}, token)
    yield server.post("aggregate", {"schema": "Company", "by": "name"}, token)
    yield server.post("search", {"text": name}, token)
    yield server.post("get", {"ids": [id_]}, token)
    yield server.post("neighbours", {"ids": [id_]}, token)
    yield server.post("notes", {"target": id_}, token)


@pytest.mark.case("L1")
def test_a_hidden_relation_makes_no_neighbour(shared: Server) -> None:
    """Its owner is shown link, reference and person; anybody else's neighbourhood ends at what he may see."""
    ids = ids_of(shared)
    edges = {
        user: shared.asker(user).table("neighbours", ids=sorted(ids.values()), depth=2).to_pylist()
        for user in ("ana", "ben")
    }
    assert {row["schema"] for row in edges["ben"]} == {"Payment", "Ownership", "Associate", "parent"}
    assert sorted(row["schema"] for row in edges["ana"]) == ["Payment", "parent"]
    assert [row["source_caption"] for row in edges["ana"] if row["schema"] == "parent"] == ["Part"]


@pytest.mark.case("L2")
def test_a_hidden_name_is_in_no_history_and_no_notice(store: Path) -> None:
    """Changed, loosened and withdrawn, a hidden source leaves no word, no notice and no stale run with others."""
    with gateway(store) as server:
        run = made(server, ["Acme"])
        for fields in ({"level": "restricted"}, {"only": ["MA", "GR"]}, {"withdrawn": True}):
            assert relabel(server, "hidden", **fields).json()["state"] in ("agreed", "waiting")
        assert server.operate("/show_run", {"run": run}).json()["stale"] is False
        keeper, others = (
            [server.operate("/acts/list", {"user": user}).json()["acts"] for user in users]
            for users in (["salma"], ["ana", "ben", "luc", "nadia"])
        )
        assert [len(acts) for acts in keeper] == [3]
        assert others == [[], [], [], []]
        ids, token = ids_of(server), server.session("ana")
        for answer in every_way(server, token, ids["Zeta"], "Zeta"):
            assert MARK not in answer.text + str(answer.headers)
    opened = Gateway(Store(open_folder(store)))
    assert notices(opened, "ana") == []
    opened.close()


@pytest.mark.case("L7")
def test_what_exists_hidden_is_delivered_as_if_it_were_new(tmp_path: Path) -> None:
    """The same lines of another owner and source name: the deliverer is told the same with and without the hidden."""
    lines = write_lines(tmp_path / "h.jsonl", HIDDEN)
    said = write_yaml(tmp_path / "h.yml", profile(source="same", keys=KEYS, owner="MA", only=[]))
    new = write_yaml(tmp_path / "n.yml", profile(source="same", keys=KEYS, owner="FR"))
    told = []
    for before in ([], [said]):
        with gateway(tmp_path / f"store{len(before)}") as server:
            for each in before:
                assert server.load([lines], each)[0]["new"] == len(HIDDEN)
            told.append(server.load([lines], new))
            assert server.asker().table("count", schema="Person")["count"].to_pylist() == [1]
    assert told[0] == told[1]
    assert told[0][0]["new"] == len(HIDDEN)


@pytest.mark.case("L8")
def test_what_is_reserved_to_a_case_is_gone_by_every_path(shared: Server) -> None:
    """Once its owner reserves a company to a case, others find it as one that never was, and a run of it is closed."""
    id_, run = ids_of(shared, "ben")["File"], made(shared, ["File"], user="ana")
    token = shared.session("ben")
    assert [answer.status_code for answer in every_way(shared, token, id_, "File")] == [200] * 8
    assert shared.post("notes", {"target": run}, token).status_code == 200
    assert relabel(shared, "file", files=["OP-LANTERN"]).json()["state"] == "agreed"
    for about in (id_, run):
        assert shared.post("notes", {"target": about}, shared.session("ana")).status_code == 200
        assert shared.post("notes", {"target": about}, token).status_code == 404
    assert shared.operate("/release", {"run": run, "to": "MA", "user": "ben"}).status_code == 404
    found, absent = (list(every_way(shared, token, each, "File")) for each in (id_, "0" * 16))
    assert [said(answer) for answer in found] == [said(answer) for answer in absent]
    assert b"File" not in b"".join(answer.content for answer in found)


RIGHTS = {
    "ana": (True, False, False),  # analyst of France
    "luc": (True, False, False),  # its releaser
    "ben": (True, False, False),  # analyst of Morocco, whose data it is
    "nadia": (False, False, False),  # keeper of France
    "salma": (False, True, True),  # keeper of Morocco
    "boris": (False, False, False),  # keeper of a bank
    "dora": (False, False, False),  # officer
}
"""User -> may he read a value and its label, set that label, consent to its being shared?"""


@pytest.mark.case("L9")
@pytest.mark.parametrize("user", RIGHTS)
def test_reading_setting_and_sharing_are_three_rights(shared: Server, user: str) -> None:
    """Who reads a label may not change it; who may change it reads no data by that; sharing is asked of the owner."""
    reads, sets, shares = RIGHTS[user]
    session = shared.operate("/session", {"user": user, "purpose": "network"})
    assert (session.status_code == 200) is reads
    if reads:
        found = read_table(
            shared.post("find", {"schema": "Company", "filters": {"name": ["Part"]}}, session.json()["token"])
        )
        assert json.loads(found.schema.metadata[b"insight"])["label"]["owners"] == [
            "DE",
            "MA",
        ]  # it refers to Acme
    what = {"owner": "MA", "data_owner": "MA", "source": "part", "recipient": "FR", "purpose": "network",
            "until": "2030-01-01"}  # fmt: skip
    asked = act(shared, "tariq" if user == "salma" else "salma", "consent", **what).json()["id"]
    said = {"user": user, "id": asked, "answer": "agree"}
    assert (shared.operate("/acts/decide", said).status_code == 200) is shares
    assert (relabel(shared, "part", user=user, level="restricted").status_code == 200) is sets


@pytest.mark.case("L11")
def test_after_its_day_a_value_is_nowhere(store: Path) -> None:
    """Read, searched, counted and in a run before: gone from answers, database, originals and every other file."""
    with gateway(store) as server:
        token, id_ = server.session("ben"), ids_of(server, "ben")[MARK]
        before = list(every_way(server, token, id_, MARK))
        assert all(answer.status_code == 200 for answer in before)
        run = made(server, [MARK], user="ben")
        assert relabel(server, "hidden", withdrawn=True).json()["state"] == "agreed"
        for answer in every_way(server, token, id_, MARK):
            assert MARK.encode() not in answer.content
        assert server.operate("/release", {"run": run, "to": "MA"}).status_code == 404
        assert server.operate("/retention", {}).json()["purged"] == len(HIDDEN)
    kept = {place for place, data in files_of(store, skipped=()) if MARK.encode() in data}
    assert kept == set()
    assert MARK not in in_all_tables(store)


def in_all_tables(store: Path) -> str:
    """Return everything the database of a store holds, but for the titles of sources."""
    import duckdb

    [path] = store.glob("statements*.duckdb")
    with duckdb.connect(str(path), read_only=True) as connection:
        names = [name for (name,) in connection.execute("SELECT table_name FROM duckdb_tables()").fetchall()]
        return repr([connection.table(name).fetchall() for name in names if name != "source"])


@pytest.mark.case("L12")
def test_one_restricted_record_of_an_open_source_is_restricted(shared: Server) -> None:
    """The other one is there as before; nothing tells that there were two."""
    asker = shared.asker("ana")
    [first, second] = asker.table("find", schema="Company", filters={"name": ["Pair 1", "Pair 2"]})[
        "id"
    ].to_pylist()
    record = asker.table("get", ids=[first])["record"][0].as_py()
    assert relabel(shared, "pair", record, only=[]).json()["state"] == "agreed"
    token = shared.session("ana")
    assert shared.post("get", {"ids": [first]}, token).status_code == 404
    found = read_table(
        shared.post("find", {"schema": "Company", "filters": {"name": ["Pair 1", "Pair 2"]}}, token)
    )
    assert found["id"].to_pylist() == [second]
    [pair] = [row for row in asker.table("sources").to_pylist() if row["source"] == "pair"]
    assert pair["records"] == 1


@pytest.mark.case("L15")
def test_an_unforeseen_error_says_nothing(store: Path) -> None:
    """Its body is the usual one and a number; value, query and path stay in the server's log."""
    with gateway(store, command=FAILING) as server:
        token = server.session()
        answer = server.post("find", {"schema": "Person"}, token)
        assert answer.status_code == 500
        assert set(answer.json()) == {"code", "message", "error_id"}
        assert not [word for word in (MARK, "SELECT", "/srv", "Traceback") if word in answer.text]
        assert server.post("count", {"schema": "Person"}, token).status_code == 200
        server.process.send_signal(15)
        _, log = server.process.communicate(timeout=60)
    assert answer.json()["error_id"] in log


@pytest.mark.case("L17")
def test_absent_and_hidden_have_one_size(shared: Server) -> None:
    """By id, by name, by number and by what is written about it, in turns: equal bytes but for the call's number."""
    ghost = set(ids_of(shared, "ben").items()) - set(ids_of(shared).items())
    hidden = {"id": dict(ghost)[f"{MARK} Ghost"], "name": f"{MARK} Ghost"}
    absent = {"id": f"{int(hidden['id'], 16) ^ 1:016x}", "name": f"{MARK[::-1]} Ghost"}
    token = shared.session("ana")
    for _ in range(5):
        one, other = (list(every_way(shared, token, each["id"], each["name"])) for each in (absent, hidden))
        assert [said(answer) for answer in one] == [said(answer) for answer in other]


def said(answer: httpx.Response) -> tuple[object, ...]:
    """Return status, size, headers and bytes, without what tells one call from another."""
    headers = {name: value for name, value in answer.headers.items() if name not in ("date", "insight-entry")}
    is_refusal = answer.headers["content-type"] == "application/json" and "error_id" in answer.json()
    body = {**answer.json(), "error_id": ""} if is_refusal else answer.content
    return answer.status_code, len(answer.content), headers, body


@pytest.mark.case("L18")
def test_what_is_made_of_rows_carries_their_labels(shared: Server) -> None:
    """Joined, grouped, put beside each other, exported: no part is shown with less, and what is written has it all."""
    ws = Workspace(shared.asker("ana", "investigate"))
    acme, pair = ws.find("Company", name="Acme"), ws.find("Company", name="Kept")
    assert [frame.insight.label["owners"] for frame in (acme, pair)] == [["DE"], ["MA"]]
    assert ws.sql("SELECT id FROM acme UNION SELECT id FROM pair").insight.label["owners"] == ["DE", "MA"]
    assert pair.groupby("schema").first().insight.label["owners"] == ["MA"]
    for made_of_both in (
        pd.concat([acme, pair]),
        acme.merge(pair, on="schema"),
        pd.crosstab(acme.id, pair.id),
    ):
        assert made_of_both.insight.banner == "No label known: treat as the strictest data you hold"
    beside = acme.assign(other=pair["caption"])  # keeps the label of one, which decides nothing
    draft = ws.note(acme["id"][0], beside.to_csv())
    assert "owners DE, MA" in draft.label
    ws.close()


@pytest.mark.case("L19")
def test_what_somebody_looked_for_is_kept_nowhere(store: Path) -> None:
    """Neither log, nor database, nor any file, nor what colleague, owner or operator reads, holds the words."""
    term = "Quuxfrobnitz"
    with gateway(store) as server:
        token = server.session("ana")
        for answer in every_way(server, token, "0" * 16, term):
            assert answer.status_code in (200, 404)
        server.post("find", {"schema": term}, token)
        server.post("search", {"text": term, term: 1}, token)
        colleague = server.session("luc", case="OP-LANTERN")
        read = [server.post(name, {}, colleague) for name in ("label", "me", "sources")]
        read += [server.operate("/use", {"owner": "DE"}), server.operate("/audit", {"last": 1_000})]
        assert all(answer.status_code == 200 for answer in read)
        assert not [answer.text for answer in read if term in answer.text]
    assert {place for place, data in files_of(store, skipped=()) if term.encode() in data} == set()
    assert term not in in_all_tables(store)

"""Answers page by page: each page is decided afresh, and a cursor is worth nothing to anybody else."""

import base64
import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from insight_kernel.audit.chain import entries
from insight_kernel.client import workspace as client
from insight_kernel.client.paging import PAGE
from insight_kernel.client.workspace import Workspace
from insight_kernel.errors import StartAgain
from insight_kernel.templates.names import new_run_id
from tests.build import entity, profile, write_lines, write_yaml
from tests.servers import Server, gateway, read_table

SOURCES: dict[str, dict[str, Any]] = {
    "open": {"owner": "MA"}, "french": {"only": ["FR"]}, "moroccan": {"owner": "MA", "only": ["MA"]},
}  # fmt: skip
EACH = 12
Filters = dict[str, list[str]]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a dozen persons for all, for Paris, and for Rabat, their ids in no order, and what links them."""
    folder = tmp_path_factory.mktemp("cursors")
    with gateway(folder / "store") as server:
        for source, label in SOURCES.items():
            records = [entity(f"{source}{n}", "Person", name=f"{source} {n}", nationality=["fr", "ma"][n % 2],
                              country=["fr", "ma", "gr"][n % 3]) for n in range(EACH)]  # fmt: skip
            records += [entity(f"{source}-known{n}", "Associate", person=f"{source}{n}", associate=f"{source}0",
                               relationship=source) for n in range(1, EACH)]  # fmt: skip
            file = write_lines(folder / f"{source}.jsonl", records)
            server.load([file], write_yaml(folder / f"{source}.yml", profile(source=source, **label)))
    return folder / "store"


def page(server: Server, token: str, size: int = 5, cursor: str | None = None, schema: str = "Person",
         **filters: list[str]) -> httpx.Response:  # fmt: skip
    """Ask for a page."""
    asked = {"size": size, **({} if cursor is None else {"cursor": cursor})}
    return server.post("find", {"schema": schema, "filters": filters, "page": asked}, token)


def cursor_of(answer: httpx.Response) -> str | None:
    """Return where an answer goes on."""
    assert answer.status_code == 200, answer.text
    found: str | None = json.loads(read_table(answer).schema.metadata[b"insight"])["cursor"]
    return found


def names_in(answer: httpx.Response) -> list[str]:
    """Return the captions on a page."""
    captions: list[str] = read_table(answer)["caption"].to_pylist()
    return captions


def change(server: Server, user: str, source: str, *records: str, **fields: Any) -> None:
    """Change labels as a keeper."""
    asked = {"user": user, "source": source, "records": list(records)}
    version = server.operate("/acts/labels", asked).json()["version"]
    what = {**asked, "fields": fields, "version": version}
    said = {"user": user, "kind": "label", "what": what, "reason": "for a test"}
    assert server.operate("/acts/ask", said).json()["state"] == "agreed"


@pytest.mark.parametrize("size", [1, 5, 24, 100])
@pytest.mark.parametrize(
    ("schema", "filters"),
    [("Person", {}), ("Person", {"nationality": ["fr"]}), ("Person", {"nationality": ["fr"], "country": ["fr", "gr"]}),
     ("Person", {"nationality": ["xk"]}), ("Thing", {}), ("Associate", {"relationship": ["open"]})],
)  # fmt: skip
def test_pages_together_are_the_whole(shared: Server, schema: str, filters: Filters, size: int) -> None:
    """In order of id, each entity once, none of those that are hidden in between; no page but the last is short."""
    token, found, cursor = shared.session("ana"), [], None
    while True:
        answer = page(shared, token, size, cursor, schema, **filters)
        found.append(read_table(answer)["id"].to_pylist())
        if (cursor := cursor_of(answer)) is None:
            break
    whole = read_table(shared.post("find", {"schema": schema, "filters": filters}, token))["id"].to_pylist()
    assert [id_ for ids in found for id_ in ids] == whole
    assert all(len(ids) == size for ids in found[:-1])


@pytest.mark.case("L16")
def test_two_readers_page_the_same_question_in_turns(shared: Server) -> None:
    """Each his own persons, whoever came first; the other's cursor opens nothing."""
    tokens, cursors = {user: shared.session(user) for user in ("ana", "ben")}, dict.fromkeys(("ana", "ben"))
    seen: dict[str, list[str]] = {"ana": [], "ben": []}
    for _ in range(5):
        for user, token in tokens.items():
            answer = page(shared, token, 5, cursors[user])
            seen[user] += names_in(answer)
            cursors[user] = cursor_of(answer)
        if cursors["ana"] is not None:
            assert page(shared, tokens["ben"], 5, cursors["ana"]).status_code == 409
    for user, own in (("ana", "french"), ("ben", "moroccan")):
        assert sorted(seen[user]) == sorted(f"{name} {n}" for name in ("open", own) for n in range(EACH))


FOREIGN: dict[str, dict[str, Any]] = {
    "another user": {"user": "ben"},
    "another purpose": {"purpose": "investigate"},
    "another workspace": {"run": "new"},
    "a rendition": {"recipient": "FR"},
    "a necessity": {"necessity": True},
}
OTHERWISE: dict[str, dict[str, Any]] = {
    "another schema": {"schema": "Thing"},
    "another filter": {"nationality": ["fr"]},
    "another size": {"size": 6},
}


@pytest.mark.case("A20")
@pytest.mark.parametrize(
    "how", [*FOREIGN, *OTHERWISE, "forged", "shortened", "no cursor", "of another store"]
)
def test_a_foreign_cursor_is_answered_as_a_stale_one(
    shared: Server, base: Path, tmp_path: Path, how: str
) -> None:
    """409 in the same words, and an alarm: whose cursor it was, and what is there, is not said."""
    mine: dict[str, Any] = {"user": "ana", "run": new_run_id()}
    cursor = cursor_of(page(shared, shared.session(**mine)))
    assert cursor is not None
    told = {**mine, **FOREIGN.get(how, {})}
    told |= {"run": new_run_id()} if told["run"] == "new" else {}
    shown = {"forged": cursor[:-2] + ("A" if cursor[-2] != "A" else "B") + cursor[-1], "shortened": cursor[:-4],
             "no cursor": "é", "of another store": cursor[::-1]}.get(how, cursor)  # fmt: skip
    token = shared.session(**told)
    answer = page(shared, token, **{"cursor": shown, **OTHERWISE.get(how, {})})
    assert answer.status_code == 409
    assert {**answer.json(), "error_id": ""} == {
        "code": "start_again", "message": "Something has changed since; start again.", "error_id": ""}  # fmt: skip
    alarms = [e for e in entries(shared.store / "audit" / "log.jsonl") if e.get("reason") == "foreign-cursor"]
    assert alarms
    assert {e["weight"] for e in alarms} == {"alarm"}
    assert cursor_of(page(shared, shared.session(**mine), cursor=cursor))  # it is still good where it belongs


def test_a_cursor_tells_nothing(shared: Server) -> None:
    """Neither the id at which it goes on, nor any other word, stands in it in clear."""
    answer = page(shared, shared.session("ana"))
    cursor, last = cursor_of(answer), read_table(answer)["id"].to_pylist()[-1]
    assert cursor is not None
    raw = base64.urlsafe_b64decode(cursor + "==")
    assert bytes.fromhex(last) not in raw
    assert last.encode() not in raw
    assert len(raw) == 32


@pytest.mark.case("A15")
@pytest.mark.case("A19")
def test_what_is_restricted_between_two_pages_is_not_on_the_second(server: Server) -> None:
    """Excluded, reserved or withdrawn as of today: the second page goes on without it and without a word."""
    token = server.session("ana")
    for fields in ({"excluded": ["FR"]}, {"only": []}, {"withdrawn": True}):
        whole = read_table(server.post("find", {"schema": "Person"}, token)).to_pylist()
        cursor = cursor_of(page(server, token, 4))
        gone = next(row["id"] for row in whole[4:] if row["caption"].startswith("open"))
        record = read_table(server.post("get", {"ids": [gone]}, token))["record"][0].as_py()
        change(server, "salma", "open", record, **fields)
        second = page(server, token, 4, cursor)
        third = page(server, token, 4, cursor_of(second))
        found = [*names_in(second), *names_in(third)]
        assert found == [row["caption"] for row in whole[4:] if row["id"] != gone][:8]


@pytest.mark.case("A19")
def test_when_rules_or_organisation_change_paging_starts_again(server: Server) -> None:
    """409 without an alarm, and an entry; a file that only looks different goes on."""
    token, path = server.session("ana"), server.store / "organisation.yml"
    good, cursor = path.read_text("utf-8"), cursor_of(page(server, token))
    path.write_text(good + "\n# looked at\n", "utf-8")
    assert page(server, token, cursor=cursor).status_code == 200
    path.write_text(good.replace("Boris (keeper", "Boris (the keeper"), "utf-8")
    answer = page(server, token, cursor=cursor)
    assert (answer.status_code, answer.json()["code"]) == (409, "start_again")
    log = list(entries(server.store / "audit" / "log.jsonl"))
    assert (log[-1]["decision"], log[-1]["reason"]) == ("refused", "stale-cursor")
    assert not [entry for entry in log if entry.get("weight") == "alarm"]


def test_a_cursor_outlives_the_gateway(store: Path) -> None:
    """Restarted, it goes on where it was."""
    with gateway(store) as server:
        first = page(server, server.session("ana"))
    with gateway(store) as server:
        second = page(server, server.session("ana"), cursor=cursor_of(first))
        whole = read_table(server.post("find", {"schema": "Person"}, server.session("ana")))
        assert names_in(first) + names_in(second) == whole["caption"].to_pylist()[:10]


def test_a_notebook_finds_all_without_knowing_of_pages(
    shared: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A large answer comes in pages and is one frame; `pages` hands them out; what changes meanwhile is said."""
    ws = Workspace(shared.asker("ana", "investigate"))
    whole = ws.find("Thing")
    few = client.all_pages
    monkeypatch.setattr(client, "all_pages", lambda asker, **asked: few(asker, size=7, **asked))
    found = ws.find("Thing")
    assert len(whole) < PAGE
    assert found.equals(whole)
    assert found.insight.label["owners"] == ["FR", "MA"]
    frames = list(ws.pages("Thing", size=10))
    assert [len(frame) for frame in frames] == [10, 10, len(whole) - 20]
    assert ws.find("Person", nationality="xk").empty
    with pytest.raises(StartAgain, match="Ask again"):
        ws._asker.table("find", schema="Person", page={"size": 5, "cursor": "x"})
    ws.close()

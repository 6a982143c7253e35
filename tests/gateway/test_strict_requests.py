"""What the gateway takes as a request: exactly what is declared; refusals tell place and rule, never the value."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from insight_kernel.audit.chain import entries
from tests.build import entity, profile, write_lines, write_yaml
from tests.servers import Server, gateway, read_table

MARK = "Xyzzymark"  # stands in for a value that no refusal may repeat


@dataclass(frozen=True)
class Served:
    """A gateway with a few records, and a token of Ana's."""

    server: Server
    token: str


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("strict")
    file = write_lines(
        folder / "people.jsonl",
        [
            entity("a", "Person", name="Ana Kovac", religion="None of it", ethnicity="Unknown"),
            entity("b", "Company", name="Robert'); DROP TABLE statement;--", jurisdiction="fr"),
            entity("o", "Ownership", owner="a", asset="b"),
        ],
    )
    with gateway(folder / "store") as server:
        server.load([file], write_yaml(folder / "profile.yml", profile()))
        yield Served(server, server.session())


def q(text: str) -> bytes:
    return text.encode()


REFUSED: dict[str, tuple[str, bytes, int, str]] = {
    "not JSON": ("find", b"{", 422, "body"),
    "nothing": ("find", b"", 422, "body"),
    "not UTF-8": ("find", b'{"schema": "\xff"}', 422, "body"),
    "a list": ("find", b"[]", 422, "body"),
    "a text": ("find", q(f'"{MARK}"'), 422, "body"),
    "null": ("find", b"null", 422, "body"),
    "a key twice": ("find", b'{"schema": "Person", "schema": "Company"}', 422, "body"),
    "a key twice, deeper": ("find", b'{"schema": "Person", "filters": {"name": ["a"], "name": ["b"]}}', 422, "body"),
    "an unknown key": ("find", q(f'{{"schema": "Person", "{MARK}": 1}}'), 422, "body"),
    "an unknown key in an empty request": ("sources", q(f'{{"{MARK}": 1}}'), 422, "body"),
    "NaN": ("find", b'{"schema": "Person", "limit": NaN}', 422, "body"),
    "Infinity": ("find", b'{"schema": "Person", "limit": -Infinity}', 422, "body"),
    "1e999": ("find", b'{"schema": "Person", "limit": 1e999}', 422, "limit"),
    "a text for a number": ("find", b'{"schema": "Person", "limit": "7"}', 422, "limit"),
    "true for a number": ("find", b'{"schema": "Person", "limit": true}', 422, "limit"),
    "a fraction": ("find", b'{"schema": "Person", "limit": 7.0}', 422, "limit"),
    "zero": ("find", b'{"schema": "Person", "limit": 0}', 422, "limit"),
    "a negative limit": ("find", b'{"schema": "Person", "limit": -1}', 422, "limit"),
    "a limit too large": ("find", b'{"schema": "Person", "limit": 1000000000}', 422, "limit"),
    "a number of 5,000 digits": ("find", b'{"schema": "Person", "limit": ' + b"7" * 5000 + b"}", 422, "body"),
    "a number for a text": ("find", b'{"schema": 7}', 422, "schema"),
    "a page and a limit": ("find", b'{"schema": "Person", "limit": 1, "page": {"size": 1}}', 422, "page"),
    "a page too large": ("find", b'{"schema": "Person", "page": {"size": 10001}}', 422, "page"),
    "a page of nothing": ("find", b'{"schema": "Person", "page": {"size": 0}}', 422, "page"),
    "no schema": ("find", b"{}", 422, "schema"),
    "an unknown schema": ("find", q(f'{{"schema": "{MARK}"}}'), 422, "schema"),
    "a schema with a quote": ("find", q(f'{{"schema": "Person\'{MARK}"}}'), 422, "schema"),
    "a schema with a line end": ("find", b'{"schema": "Person\\n"}', 422, "schema"),
    "a filter that is no list": ("find", q(f'{{"schema": "Person", "filters": {{"name": "{MARK}"}}}}'), 422, "filters"),
    "a filter without values": ("find", b'{"schema": "Person", "filters": {"name": []}}', 422, "filters"),
    "an unknown property": ("find", q(f'{{"schema": "Person", "filters": {{"{MARK}": ["a"]}}}}'), 422, "filters"),
    "a number as a filter": ("find", b'{"schema": "Person", "filters": {"name": [7]}}', 422, "filters.0"),
    "a lone surrogate": ("search", b'{"text": "\\ud800"}', 422, "body"),
    "a lone surrogate in a key": ("report", b'{"template": "a", "parameters": {"x": {"\\udfff": 1}}}', 422, "body"),
    "an empty text": ("search", b'{"text": ""}', 422, "text"),
    "a text too long": ("search", q(json.dumps({"text": MARK * 200})), 422, "text"),
    "no ids": ("get", b'{"ids": []}', 422, "ids"),
    "too many ids": ("get", q(json.dumps({"ids": ["0"] * 10_001})), 422, "ids"),
    "a depth too large": ("neighbours", b'{"ids": ["0"], "depth": 5}', 422, "depth"),
    "nested nine deep": ("find", b'{"schema": "Person", "filters": ' + b"[" * 9 + b"]" * 9 + b"}", 422, "body"),
    "nested 5,000 deep": ("find", b"[" * 5_000, 422, "body"),
    "more than a megabyte": ("find", b'{"schema": "' + b"P" * 1_000_001 + b'"}', 413, "body"),
    "by a reference": ("aggregate", b'{"schema": "Ownership", "by": "owner"}', 422, "by"),
    "by nothing known": ("aggregate", q(f'{{"schema": "Person", "by": "{MARK}"}}'), 422, "by"),
}  # fmt: skip


@pytest.mark.case("A29")
@pytest.mark.case("A36")
@pytest.mark.case("A37")
@pytest.mark.case("A38")
@pytest.mark.case("A39")
@pytest.mark.parametrize("name", REFUSED)
def test_a_request_that_is_not_well_formed_is_refused(served: Served, name: str) -> None:
    """It says where and which rule; what was sent is not in it; the refusal is in the log."""
    request, body, status, place = REFUSED[name]
    before = len(list(entries(served.server.store / "audit" / "log.jsonl")))
    answer = served.server.post(request, body, served.token)
    said = answer.json()
    assert (answer.status_code, said["code"], said["place"].split(".")[0]) == (
        status,
        "bad_request",
        place.split(".")[0],
    )
    assert set(said) == {"code", "message", "error_id", "place", "rule"}
    assert MARK not in answer.text
    logged = list(entries(served.server.store / "audit" / "log.jsonl"))
    assert len(logged) == before + 1
    assert logged[-1]["decision"] == "refused"
    assert MARK not in json.dumps(logged[-1])


@pytest.mark.case("A40")
@pytest.mark.parametrize(
    "kind",
    [
        None,
        "text/plain",
        "application/octet-stream",
        "application/vnd.apache.arrow.stream",
        "application/jsonx",
    ],
)
def test_only_json_is_read(served: Served, kind: str | None) -> None:
    """Arrow, Parquet, pickles and bodies that do not say what they are get 415."""
    answer = served.server.post("find", {"schema": "Person"}, served.token, content_type=kind)
    assert answer.status_code == 415
    assert answer.json()["code"] == "bad_request"


@pytest.mark.case("A1")
@pytest.mark.case("A5")
@pytest.mark.parametrize(
    ("headers", "query"),
    [
        ({}, ""), ({"Authorization": ""}, ""), ({"Authorization": "Bearer"}, ""), ({"Authorization": "Bearer "}, ""),
        ({"Authorization": "Bearer wrong"}, ""), ({"Authorization": "Basic TOKEN"}, ""),
        ({"Authorization": "TOKEN"}, ""), ({"Cookie": "token=TOKEN"}, ""), ({}, "?token=TOKEN"),
        ({"Authorization": "Bearer TOKEN"}, "?token=TOKEN"), ({"Authorization": "Bearer TOKEN"}, "?a=1"),
        ({"X-Forwarded-User": "ana"}, ""), ({"Authorization": "Bearer TOKEN "}, ""),
    ],
)  # fmt: skip
def test_without_a_valid_token_nothing_is_read(served: Served, headers: dict[str, str], query: str) -> None:
    """No token, another one, another place for it, or one in the address: one body for all, whatever is asked."""
    sent = {name: value.replace("TOKEN", served.token) for name, value in headers.items()}
    if sent.get("Authorization", "").endswith(" "):
        sent["Authorization"] += "x"
    for name, body in (("find", {"schema": "Person"}), ("find", {"bad": 1}), ("label", {}), ("me", {})):
        answer = served.server.post(name, body, None, query=query.replace("TOKEN", served.token), **sent)
        assert answer.status_code == 401
        assert {**answer.json(), "error_id": ""} == {
            "code": "not_authenticated", "message": "The request carries no valid token.", "error_id": ""}  # fmt: skip


@pytest.mark.case("A6")
def test_a_header_naming_another_user_changes_nothing(served: Served) -> None:
    """Who asks comes from the token alone."""
    plain = served.server.post("me", {}, served.token)
    forged = served.server.post("me", {}, served.token, **{"X-Forwarded-User": "ben", "Remote-User": "ben"})
    assert plain.content == forged.content


@pytest.mark.case("A31")
@pytest.mark.parametrize(
    "path", ["explain", "sql", "statistics", "", "find/", "../session", "openapi.json", "docs"]
)
def test_there_is_nothing_else_to_ask(served: Served, path: str) -> None:
    """No plan, no statistics, no description: the usual refusal body."""
    answer = served.server.post(path, {}, served.token)
    assert answer.status_code == 404
    assert set(answer.json()) == {"code", "message", "error_id"}


@pytest.mark.case("A9")
@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"user": "ana", "purpose": "network"}, 200),
        ({"user": "ana", "purpose": "network", "case": "OP-LANTERN"}, 200),
        ({"user": "ana", "purpose": "network", "case": "OP-HARBOUR"}, 403),  # not hers
        ({"user": "ana", "purpose": "network", "case": "OP-NOWHERE"}, 403),
        ({"user": "ana", "purpose": "victim"}, 403),
        ({"user": "ana", "purpose": "gossip"}, 403),
        ({"user": "ben", "purpose": "warn"}, 403),
        ({"user": "nobody", "purpose": "network"}, 403),
        ({"user": "dora", "purpose": "oversight"}, 403),  # no case of hers
        ({"user": "ana"}, 422),
        ({"user": "ana", "purpose": "network", "necessity": "yes"}, 422),
        ({"user": "ana", "purpose": "network", "roles": ["operator"]}, 422),
    ],
)
def test_a_session_needs_user_case_and_purpose_that_go_together(
    served: Served, asked: dict[str, Any], status: int
) -> None:
    """Nobody works for a purpose, or in a case, that is not his."""
    answer = served.server.operate("/session", asked)
    assert answer.status_code == status
    assert ("token" in answer.json()) is (status == 200)


@pytest.mark.case("A35")
@pytest.mark.parametrize(
    "text",
    ["Robert'); DROP TABLE statement;--", "' OR 1=1 --", '" OR ""="', "%", "_", "a' UNION SELECT body FROM label --",
     "$bits", "\u0000", "\\'; SELECT 1", "Ana\u0000Kovac"],
)  # fmt: skip
def test_sql_is_a_literal(served: Served, text: str) -> None:
    """A value is found where it is stored and nowhere else; the tables are still there afterwards."""
    expected = ["b"] if text.startswith("Robert") else []
    answer = served.server.post("find", {"schema": "Thing", "filters": {"name": [text]}}, served.token)
    assert read_table(answer).num_rows == len(expected)
    for name, body in (("search", {"text": text}), ("count", {"schema": "Thing", "filters": {"name": [text]}}),
                       ("aggregate", {"schema": "Thing", "by": "name", "filters": {"name": [text]}})):  # fmt: skip
        assert served.server.post(name, body, served.token).status_code == 200
    assert served.server.post("get", {"ids": [text]}, served.token).status_code == 404
    assert read_table(served.server.post("find", {"schema": "Thing"}, served.token)).num_rows == 2


@pytest.mark.case("A42")
@pytest.mark.parametrize("prop", ["religion", "ethnicity", "political", "healthCondition"])
def test_nobody_is_selected_by_a_sensitive_property(served: Served, prop: str) -> None:
    """No filter, count or group: another ground is needed, and it is not said how many there would be."""
    bodies = [
        served.server.post(name, body, served.token)
        for name, body in (
            ("find", {"schema": "Person", "filters": {prop: ["x"]}}),
            ("count", {"schema": "Person", "filters": {prop: ["None of it"]}}),
            ("aggregate", {"schema": "Person", "by": prop}),
            ("aggregate", {"schema": "Person", "by": "name", "filters": {prop: ["x"]}}),
        )
    ]
    assert {(answer.status_code, answer.json()["code"]) for answer in bodies} == {(422, "needs_other_ground")}

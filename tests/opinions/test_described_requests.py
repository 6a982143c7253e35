"""Whatever is sent to the gateway, by whomever: no error of its own, no value repeated, nothing without a token."""

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from insight_kernel.runtime import ASK, runtime_folder
from tests.build import entity, profile, write_lines, write_yaml
from tests.opinions import described
from tests.opinions.described import MARK
from tests.servers import gateway

EXAMPLES = int(os.environ.get("INSIGHT_DESCRIBED", "60"))
"""Requests by each role; a longer campaign sets the variable."""
ROLES = ("analyst", "reviewer", "releaser", "owner-keeper", "officer", "trainer", "operator")
KNOWN = {
    "schema": ["Person", "Thing", "Ownership", "Company"], "by": ["name", "jurisdiction"], "to": ["FR", "MA", "JP"],
    "recipients": ["FR"], "template": ["subject_profile"], "purpose": ["network"],
}  # fmt: skip
REFUSED = {401, 403, 404, 409, 413, 415, 422, 429}
Said = tuple[int, bytes, dict[str, str]]


@dataclass(frozen=True)
class Open:
    """A gateway, who has a token of it, and ids of what is in it."""

    socket: Path
    tokens: dict[str, str]
    ids: list[str]

    def ask(self, name: str, body: Any, token: str | None, method: str = "POST") -> httpx.Response:
        """Send what was made up: bytes as they are, anything else as JSON."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} | (
            {"Authorization": f"Bearer {token}"} if token else {}
        )
        with httpx.Client(transport=httpx.HTTPTransport(uds=str(self.socket), verify=False)) as client:
            return client.request(
                method, f"http://gateway/{name}", content=content, headers=headers, timeout=60
            )


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """A gateway over a few records, and a person of each role who has a case."""
    folder = tmp_path_factory.mktemp("described")
    lines = [entity("a", "Person", name="Ana Kovac"), entity("b", "Company", name="Acme", jurisdiction="fr"),
             entity("o", "Ownership", owner="a", asset="b")]  # fmt: skip
    with gateway(folder / "store"):
        pass
    _employ(folder / "store" / "organisation.yml")
    with gateway(folder / "store") as server:
        server.load([write_lines(folder / "f.jsonl", lines)], write_yaml(folder / "p.yml", profile(keys="k")))
        answers = {role: server.operate("/session", {"user": role, "purpose": "network"}) for role in ROLES}
        tokens = {
            role: answer.json()["token"] for role, answer in answers.items() if answer.status_code == 200
        }
        ids = server.asker(tokens and "analyst").table("find", schema="Thing")["id"].to_pylist()
        yield Open(runtime_folder(server.store) / ASK, tokens, ids)


def _employ(path: Path) -> None:
    """Add somebody of each role, all in one case."""
    said = yaml.safe_load(path.read_text("utf-8"))
    rights = {"organisation": "FR", "clearance": "restricted", "purposes": ["network"]}
    said["users"] |= {role: {"name": role, **rights, "roles": [role]} for role in ROLES}
    said["cases"]["OP-LANTERN"]["members"] += ROLES
    write_yaml(path, said)


@pytest.mark.case("A29")
@pytest.mark.parametrize("role", ROLES)
def test_no_request_breaks_the_gateway_or_is_repeated_by_it(served: Open, role: str) -> None:
    """For each role: an answer or a refusal, and never a text that was sent; without rights, never an answer."""
    known = {**KNOWN, "ids": served.ids, "target": served.ids, "runs": served.ids}
    token = served.tokens.get(role)

    @settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
    @given(request=described.requests(known), mark=st.booleans())
    def ask(request: tuple[str, Any], mark: bool) -> None:
        name, body = request
        answer = served.ask(f"v1/{name}", described.marked(body) if mark else body, token)
        assert answer.status_code in REFUSED | ({200} if token else set()), answer.text
        if answer.status_code != httpx.codes.OK:
            said = answer.json()
            assert set(said) in (
                {"code", "message", "error_id"},
                {"code", "message", "error_id", "place", "rule"},
            )
            assert MARK not in answer.text + str(answer.headers)

    ask()


@pytest.mark.case("A1")
@pytest.mark.parametrize("token", [None, "", "x" * 43], ids=["none", "empty", "another"])
def test_there_is_no_request_without_a_token(served: Open, token: str | None) -> None:
    """Every path described, and every other method of it, reads nothing before it knows who asks."""
    assert len(described.paths()) >= 14
    for name in described.paths():
        assert served.ask(f"v1/{name}", {}, token).status_code == 401
        assert {
            served.ask(f"v1/{name}", {}, token, method).status_code for method in ("GET", "PUT", "DELETE")
        } == {404}


@pytest.mark.case("A31")
@pytest.mark.parametrize("path", ["docs", "redoc", "openapi.json", "v1/openapi.json", "v1/docs", ""])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_the_description_is_served_to_nobody(served: Open, path: str, method: str) -> None:
    """Not even to who has a token."""
    for token in (None, served.tokens["analyst"]):
        assert served.ask(path, {}, token, method).status_code == 404


def test_requests_of_each_kind_are_made_up() -> None:
    """What is sent above is as described for every path, and in some way not; the description has no loose ends."""
    seen: set[tuple[str, bool]] = set()

    @settings(max_examples=300, suppress_health_check=list(HealthCheck), database=None, derandomize=True)
    @given(request=described.requests(KNOWN))
    def gather(request: tuple[str, Any]) -> None:
        seen.add((request[0], isinstance(request[1], dict)))

    gather()
    assert {name for name, _ in seen} == set(described.paths())
    assert {whole for _, whole in seen} == {True, False}

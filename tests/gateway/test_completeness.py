"""Completeness of an owner's own records: by two keepers, with small figures left out, of nobody else's records."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from insight_kernel.audit.chain import entries
from insight_kernel.gateway.acts.completeness import suppressed
from tests.build import entity, profile, write_lines, write_yaml
from tests.servers import Server, gateway


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Twenty Moroccan persons, seven with a religion, two with an ethnicity; French ones of the same keys beside."""
    folder = tmp_path_factory.mktemp("complete")
    people: list[dict[str, Any]] = [entity(f"p{n}", "Person", name=f"P {n}") for n in range(20)]
    for n in range(7):
        people[n]["properties"]["religion"] = ["a religion"]
    for n in range(2):
        people[n]["properties"]["ethnicity"] = ["an ethnicity"]
    with gateway(folder / "store") as found:
        for owner in ("MA", "FR"):
            said = write_yaml(folder / f"{owner}.yml", profile(source="people", owner=owner, keys="same"))
            lines = write_lines(folder / f"{owner}.jsonl", people if owner == "MA" else people[:6])
            found.load([lines], said)
        yield found


def ask(server: Server, user: str, **what: str) -> httpx.Response:
    said = {"user": user, "kind": "completeness", "what": what, "reason": "quality"}
    return server.operate("/acts/ask", said)


def show(server: Server, user: str, id_: str) -> httpx.Response:
    return server.operate("/acts/completeness", {"user": user, "id": id_})


@pytest.mark.case("A28")
def test_two_keepers_release_it_and_only_their_own_records_count(server: Server) -> None:
    """Nothing before the second agrees; then figures of this source alone, for its keepers alone, logged."""
    asked = ask(server, "salma", source="people", schema="Person").json()["id"]
    assert show(server, "salma", asked).status_code == 404
    decided = {"user": "tariq", "id": asked, "answer": "agree"}
    assert server.operate("/acts/decide", decided).json()["state"] == "agreed"
    found = show(server, "salma", asked).json()
    filled = {cell["property"]: cell["filled"] for cell in found["cells"]}
    assert (found["things"], filled["name"], filled["email"]) == (20, 20, 0)
    assert (filled["ethnicity"], filled["religion"]) == (None, None)
    assert list(entries(server.store / "audit" / "log.jsonl"))[-1]["request"] == "completeness"
    assert show(server, "nadia", asked).status_code == 404


@pytest.mark.case("A28")
def test_figures_stay_as_they_were_released(server: Server, tmp_path: Path) -> None:
    """What is delivered afterwards cannot be told from two looks at one report."""
    asked = ask(server, "nadia", source="people", schema="Person").json()["id"]
    server.operate("/acts/decide", {"user": "pascal", "id": asked, "answer": "agree"}).raise_for_status()
    before = show(server, "nadia", asked).json()
    more = write_lines(tmp_path / "more.jsonl", [entity("p99", "Person", name="P 99", religion="a religion")])
    server.load([more], write_yaml(tmp_path / "p.yml", profile(source="people", owner="FR", keys="same")))
    assert before["things"] == 6
    assert show(server, "nadia", asked).json() == before


@pytest.mark.parametrize(
    ("user", "what", "status"),
    [
        ("ana", {"source": "people", "schema": "Person"}, 403), ("salma", {"source": "none", "schema": "Person"}, 404),
        ("salma", {"source": "people", "schema": "Company"}, 404), ("salma", {"source": "people", "schema": "X"}, 422),
        ("salma", {"source": "people"}, 422),
    ],
)  # fmt: skip
def test_who_cannot_ask_and_what_cannot_be_asked(
    server: Server, user: str, what: dict[str, str], status: int
) -> None:
    """No keeper, no such source or schema of his own, none named."""
    assert ask(server, user, **what).status_code == status


@pytest.mark.case("A28")
@pytest.mark.parametrize(
    ("things", "filled", "left"),
    [
        (20, {"a": 4, "b": 9, "c": 12}, {"a": None, "b": None, "c": 12}),
        (20, {"a": 16, "b": 9}, {"a": None, "b": None}),
        (20, {"a": 4, "b": 17, "c": 9}, {"a": None, "b": None, "c": 9}),
        (20, {"a": 0, "b": 20, "c": 5, "d": 15}, {"a": 0, "b": 20, "c": 5, "d": 15}),
        (4, {"a": 0, "b": 4}, {"a": None, "b": None}),
        (20, {"a": 1}, {"a": None}),
    ],
)
def test_what_is_left_out(things: int, filled: dict[str, int], left: dict[str, int | None]) -> None:
    """Figures of fewer than five, or of all but fewer than five; never one alone."""
    assert suppressed(things, filled) == left

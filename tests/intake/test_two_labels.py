"""Two labels for one record in one delivery: both bind until the owner settles it, in either order."""

import json
from pathlib import Path
from typing import Any

import pytest

from insight_kernel.audit.chain import entries
from tests.build import entity, handed, profile, write_lines, write_yaml
from tests.servers import Server, gateway

ONE: dict[str, Any] = {"owner": "MA", "only": ["FR", "DE"], "purposes": ["network", "investigate"]}
TWO: dict[str, Any] = {"owner": "MA", "level": "restricted", "only": ["FR", "JP"], "purposes": ["network"]}


def delivered(server: Server, folder: Path, first: dict[str, Any], second: dict[str, Any]) -> None:
    """Deliver the same two companies, the second time with a third, under two labels in one load."""
    deliveries = []
    for n, label in enumerate((first, second)):
        names = ("a", "b", "c")[: 2 + n]
        lines = write_lines(folder / f"{n}.jsonl", [entity(name, "Company", name=name) for name in names])
        deliveries.append(handed([lines], write_yaml(folder / f"{n}.yml", profile(source="same", **label))))
    server.operate("/load", {"deliveries": deliveries}).raise_for_status()


def written(label: dict[str, Any]) -> str:
    return json.dumps({n: sorted(v) if isinstance(v, list) else v for n, v in label.items()}, sort_keys=True)


def labels(server: Server) -> list[str]:
    shown = server.operate("/acts/labels", {"user": "salma", "source": "same"}).json()["labels"]
    return [written(label) for label in shown]


BOUND = {"owner": "MA", "level": "restricted", "only": ["FR"], "purposes": ["network", "oversight"],
         "expires": "2031-01-01"}  # fmt: skip


@pytest.mark.case("A18")
@pytest.mark.case("F17")
@pytest.mark.parametrize(("first", "second"), [(ONE, TWO), (TWO, ONE)], ids=["wide first", "narrow first"])
def test_both_bind_in_either_order(tmp_path: Path, first: dict[str, Any], second: dict[str, Any]) -> None:
    """What was said twice carries what both labels allow, the rest its own; a later load changes nothing."""
    with gateway(tmp_path / "store") as server:
        delivered(server, tmp_path, first, second)
        once = {**second, "purposes": sorted([*second["purposes"], "oversight"]), "expires": "2031-01-01"}
        assert sorted(labels(server)) == sorted(map(written, (BOUND, once)))
        assert server.asker("ana").table("count", schema="Company")["count"].to_pylist() == [3]
        before = labels(server)
        again = write_yaml(tmp_path / "again.yml", profile(source="same", owner="MA"))
        server.load([tmp_path / "1.jsonl"], again)
        assert labels(server) == before


@pytest.mark.case("A18")
def test_only_the_owner_is_told_and_settles_it(tmp_path: Path) -> None:
    """His keepers find it among their acts; two of them loosen it."""
    with gateway(tmp_path / "store") as server:
        delivered(server, tmp_path, ONE, TWO)
        told = {user: [act["kind"] for act in server.operate("/acts/list", {"user": user}).json()["acts"]]
                for user in ("salma", "tariq", "dora", "nadia", "ana")}  # fmt: skip
        assert told == {
            "salma": ["conflict"],
            "tariq": ["conflict"],
            "dora": ["conflict"],
            "nadia": [],
            "ana": [],
        }
        assert [e["kind"] for e in entries(server.store / "audit" / "log.jsonl") if "act_id" in e] == [
            "conflict"
        ]

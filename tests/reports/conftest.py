"""Stores with a few invented records, and one with the real sanctions cluster."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from insight_kernel.client.asking import Asker
from insight_kernel.client.embedded import EmbeddedGateway
from insight_kernel.client.loading import Delivery, load_deliveries
from insight_kernel.client.workspace import Workspace
from tests.real import real_data

LABEL = {"owner": "FR", "level": "official", "purposes": ["network", "investigate"]}
GRADE = {"scale": "4x4", "source": "B", "information": "2"}
Line = dict[str, Any]


def person(id_: str, **properties: list[str]) -> Line:
    """A person as a source delivers it."""
    return {"id": id_, "schema": "Person", "properties": {"personStatus": ["suspect"], **properties}}


def thing(id_: str, schema: str, **properties: list[str]) -> Line:
    """Anything else as a source delivers it."""
    return {"id": id_, "schema": schema, "properties": properties}


SOURCES: dict[str, tuple[Line, list[Line]]] = {
    "fr": (
        {"title": "French file", "label": LABEL, "grade": GRADE},
        [
            person("p1", name=["Ada <script>alert(1)</script> & Co"], birthDate=["1982-11-04"], gender=["male"]),
            person("p2", name=["Bo Carr"]),
            person("kid", name=["Little Carr"], birthDate=["2024-01-05"]),
            thing("f1", "Family", person=["p1"], relative=["p2"], relationship=["brother"]),
            thing("f2", "Family", person=["p1"], relative=["kid"], relationship=["son"]),
            thing("n1", "Notice", noticeType=["red"], noticeNumber=["R-1"], subject=["p1"], status=["pending"]),
            thing("n2", "Notice", noticeType=["blue"], noticeNumber=["B-2"], subject=["p1"], status=["published"]),
            thing("e1", "Event", name=["Seen at the port"], date=["2026-03-02"], involved=["p1"],
                  latitude=["43.3"], longitude=["5.37"], location=["Marseille"]),
            thing("ph", "PhoneNumber", number=["+447700900001"]),
            thing("ph2", "PhoneNumber", number=["+447700900002"]),
            thing("u1", "PhoneUse", user=["p1"], phone=["ph"]),
            thing("c1", "Call", caller=["ph"], receiver=["ph2"], date=["2026-01-01T10:00"], duration=["120"]),
            thing("c2", "Call", caller=["ph"], receiver=["ph2"], date=["2026-01-03T10:00"], duration=["60"]),
            thing("y1", "Payment", payer=["p1"], beneficiary=["p2"], amount=["100.50"], currency=["EUR"]),
            thing("y2", "Payment", payer=["p1"], beneficiary=["p2"], amount=["0.25"], currency=["EUR"]),
            thing("y3", "Payment", payer=["p2"], beneficiary=["p1"], amount=["7"], currency=["USD"]),
            thing("v1", "Vehicle", name=["Grey van"]),
            thing("o1", "ObjectAlert", subject=["v1"], reason=["stolen"], lossPlace=["Lyon"], status=["published"]),
        ],
    ),
    "ma": (
        {"title": "Moroccan file", "label": {**LABEL, "owner": "MA"}, "keys": "FR/fr"},
        [person("p1", name=["Ada Co"], birthDate=["1982-04-11"], personStatus=["wanted"])],
    ),
    "jp": (
        {"title": "Japanese file", "label": {**LABEL, "owner": "JP", "only": ["JP"], "purposes": ["identify"]}},
        [person("hidden", name=["Hidden Person"])],
    ),
}  # fmt: skip


@pytest.fixture(scope="session")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A store with the invented sources; its gateway stays up while tests run."""
    folder = tmp_path_factory.mktemp("delivered")
    root = tmp_path_factory.mktemp("store") / "s"
    with EmbeddedGateway(root, create=True):
        for name, (profile, lines) in SOURCES.items():
            file, label = folder / f"{name}.ftm.jsonl", folder / f"{name}.yml"
            file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
            label.write_text(yaml.safe_dump({"source": name, **profile}), encoding="utf-8")
            load(root, file, label)
        yield root


@pytest.fixture(scope="session")
def real_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A store with the real sanctions cluster."""
    cluster = real_data("ftm-entities/zala-sanctions-cluster.ftm.jsonl")
    folder = tmp_path_factory.mktemp("real")
    profile = {"source": "lists", "title": "Sanctions lists", "label": LABEL, "person_status": "unassessed"}
    (folder / "profile.yml").write_text(yaml.safe_dump(profile), encoding="utf-8")
    with EmbeddedGateway(folder / "s", create=True):
        load(folder / "s", cluster, folder / "profile.yml")
        yield folder / "s"


@contextmanager
def store_of(
    folder: Path, sources: Mapping[str, tuple[Mapping[str, object], list[Line]]], **profile: str
) -> Iterator[Path]:
    """A store with sources, each under a label of its own; its gateway stays up as long as the block lasts."""
    with EmbeddedGateway(folder / "s", create=True):
        for name, (label, lines) in sources.items():
            (folder / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
            said = {"source": name, "title": name, **profile, "label": {**LABEL, **label}}
            (folder / f"{name}.yml").write_text(yaml.safe_dump(said))
            load(folder / "s", folder / f"{name}.jsonl", folder / f"{name}.yml")
        yield folder / "s"


def load(store: Path, file: Path, profile: Path) -> None:
    """Load one file whole."""
    outcome = load_deliveries([Delivery((file,), profile)], store=store)
    assert outcome.fine, outcome.text()


@contextmanager
def workspace(store: Path, **asked: Any) -> Iterator[Workspace]:
    """A workspace of ana for network."""
    with EmbeddedGateway(store) as gateway:
        token = gateway.session(**{"user": "ana", "purpose": "network", **asked})
        yield Workspace(Asker(gateway.ask_address, token))


def id_of(store: Path, name: str, **asked: Any) -> str:
    """The id of the person of this name."""
    with workspace(store, **asked) as found:
        return str(found.search(name, schema="Person")["id"][0])

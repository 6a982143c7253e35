"""One real hub for all tests of who asks, over a store whose persons tell who sees them; everybody has a case."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from insight_kernel.audit.chain import entries
from insight_kernel.files import replace_file
from insight_kernel.runtime import ASK, runtime_folder
from tests.build import entity, handed, profile, write_lines, write_yaml
from tests.identity.at_page import AtPage, at_page
from tests.runs import NOTEBOOK, made
from tests.servers import RunningHub, ask, gateway, hub, read_table

LATEST = 3.0  # seconds until a change in the hub counts: one by design, the rest for a busy machine
ENOUGH = 240  # people of each country
SEEN = {"FR": {"open", "french"}, "MA": {"open", "moroccan"}}
"""Country -> the persons its analysts see."""
PURPOSES = {"FR": ["network", "investigate"], "MA": ["network", "investigate"], "JP": ["border"],
            "ES": ["network", "investigate"]}  # fmt: skip
KEEPERS = "ES"
"""The country of which everybody is a keeper; nobody else sees its sources."""
KEPT = 16  # sources of that country, each for one test
COUNTED = "counted"
"""A source of that country with more than one person."""
COMPANIES: dict[str, dict[str, Any]] = {
    "open-company": {"owner": "DE"}, "french-company": {"owner": "FR", "only": ["FR"]},
    "kept-company": {"owner": "ES"},
}  # fmt: skip
"""Companies with the label of each; a report about each was made by ana before the hub began."""
ANALYSTS = {"ana": "FR", "ben": "MA"}
OTHERS = {"officer": "DE", "operator": "DE", "releaser": "FR"}
"""Roles with one person each, who is called like it; their organisations."""


@dataclass(frozen=True)
class Someone:
    """An analyst with a case of his own, a workspace of it, and a token like that of its server."""

    served: "Served"
    user: str
    case: str
    token: str = field(repr=False)

    def ask(self, name: str = "find", body: dict[str, Any] | None = None, **sent: Any) -> httpx.Response:
        """Ask by hand, as any code could."""
        question = {"schema": "Person"} if name == "find" and body is None else body or {}
        return ask(self.served.hub.store, name, question, sent.pop("token", self.token), **sent)

    def sees(self) -> set[str]:
        """Return the captions of the persons he is shown."""
        answer = self.ask()
        assert answer.status_code == httpx.codes.OK, answer.text
        return set(read_table(answer)["caption"].to_pylist())

    def entries(self) -> list[dict[str, Any]]:
        """Return what the log says of him."""
        return [entry for entry in self.served.entries() if entry.get("user") == self.user]


@dataclass(frozen=True)
class Served:
    """A hub over a store, and its people."""

    hub: RunningHub
    numbers: dict[str, Iterator[int]] = field(default_factory=lambda: {c: count(1) for c in PURPOSES})
    sources: Iterator[int] = field(default_factory=lambda: iter(range(1, KEPT + 1)))

    @property
    def socket(self) -> Path:
        """Return the gateway's socket for typed requests."""
        return runtime_folder(self.hub.store) / ASK

    def someone(self, country: str = "FR", purpose: str = "network") -> Someone:
        """Return an analyst nobody else uses, with an open workspace."""
        user = f"{country.lower()}{next(self.numbers[country])}"
        case = f"C-{user.upper()}"
        self.hub.open(user, case, purpose)
        return Someone(self, user, case, self.hub.server_token(user, case))

    def source(self) -> str:
        """Return a source of the keepers' country that no other test uses."""
        return f"kept-{next(self.sources)}"

    def run(self, company: str) -> str:
        """Return the run that read one company."""
        ids = [entry["run"] for entry in self.entries() if entry["operation"] == "run"]
        return ids[list(COMPANIES).index(company)]

    def entries(self) -> list[dict[str, Any]]:
        """Return the whole log."""
        return list(entries(self.hub.store / "audit" / "log.jsonl"))

    def change(self, change: Callable[[dict[str, Any]], None]) -> None:
        """Change the organisation file, whole or not at all."""
        path = self.hub.store / "organisation.yml"
        people = yaml.safe_load(path.read_text(encoding="utf-8"))
        change(people)
        replace_file(path, yaml.safe_dump(people).encode())


def organisation() -> dict[str, Any]:
    """Return many analysts of two countries, each with a case of his own."""
    users, cases = {}, {}
    for country, purposes in PURPOSES.items():
        for number in range(1, ENOUGH + 1):
            user = f"{country.lower()}{number}"
            rights = {"clearance": "restricted", "purposes": purposes,
                      "roles": ["owner-keeper" if country == KEEPERS else "analyst"]}  # fmt: skip
            users[user] = {"name": f"Analyst {user}", "organisation": country, **rights}
            cases[f"C-{user.upper()}"] = {
                "title": f"Case of {user}", "organisation": country, "members": [user],
                "purposes": purposes, "end": "2999-01-01",
            }  # fmt: skip
    users["nobody"] = {
        "name": "Without a case",
        "organisation": "FR",
        "clearance": "official",
        "purposes": ["network"],
    }
    for user, country in ANALYSTS.items():
        users[user] = {"name": user.title(), "organisation": country, "clearance": "restricted",
                       "purposes": PURPOSES[country], "roles": ["analyst"]}  # fmt: skip
    for role, country in OTHERS.items():
        users[role] = {"name": role.title(), "organisation": country, "clearance": "restricted",
                       "purposes": ["oversight"] if role == "officer" else ["network"], "roles": [role]}  # fmt: skip
    released_to = {"clearance": "restricted", "purposes": ["network", "investigate"]}
    bodies = {
        "FR": {"name": "NCB Paris", "release": released_to},
        "MA": {"name": "NCB Rabat", "release": released_to},
    }
    return {
        "users": users,
        "cases": cases,
        "groups": {"G-WESTMED": ["DE", "FR", "MA"]},
        "organisations": bodies,
    }


def labels() -> dict[str, dict[str, Any]]:
    """Return the label of each source; all of the keepers' are hidden from everybody else."""
    kept = {f"kept-{n}": {"owner": KEEPERS, "only": [], "handling": ["H2"]} for n in range(1, KEPT + 1)}
    return {
        "open": {"owner": "DE"}, "french": {"owner": "FR", "only": ["FR"]},
        "moroccan": {"owner": "MA", "only": ["MA"]},
        "secret": {"owner": "FR", "only": ["FR"], "level": "confidential"}, **kept,
    }  # fmt: skip


def counted() -> list[dict[str, Any]]:
    """Return twelve persons, seven of them with a religion, two with an ethnicity."""
    found: list[dict[str, Any]] = [entity(f"counted{n}", "Person", name=f"C {n}") for n in range(12)]
    for name, some in (("religion", found[:7]), ("ethnicity", found[:2])):
        for person in some:
            person["properties"][name] = ["invented"]
    return found


def delivered(
    folder: Path, name: str, schema: str, label: dict[str, Any], things: list[dict[str, Any]] | None = None
) -> dict[str, Any]:
    """Return the delivery of a source with one entity, called like it, or with these things."""
    file = write_lines(folder / f"{name}.jsonl", things or [entity(name, schema, name=name)])
    return handed([file], write_yaml(folder / f"{name}.yml", profile(source=name, **label)))


@pytest.fixture(scope="package")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with a person for everybody, one for France, one for Morocco."""
    folder = tmp_path_factory.mktemp("identity")
    with gateway(folder / "store") as server:
        deliveries = [delivered(folder, name, "Person", label) for name, label in labels().items()]
        deliveries += [delivered(folder, name, "Company", label) for name, label in COMPANIES.items()]
        deliveries += [delivered(folder, COUNTED, "Person", {"owner": KEEPERS, "only": []}, counted())]
        said = server.operate("/load", {"deliveries": deliveries}).text
        assert said.count('"event": "loaded"') == len(deliveries)
        for name in COMPANIES:
            page = f"<html><body><main><p>About {name}.</p></main></body></html>"
            facts = {"cell_type": "markdown", "id": "facts", "metadata": {}, "source": ["## Facts"]}
            made(server, [name], page=page, notebook={**NOTEBOOK, "cells": [facts]})
    write_yaml(folder / "store" / "organisation.yml", organisation())
    return folder / "store"


@pytest.fixture(scope="package")
def served(base: Path) -> Iterator[Served]:
    """The hub all tests share."""
    with tempfile.TemporaryDirectory(prefix="in-") as folder:
        store = Path(shutil.copytree(base, Path(folder) / "store"))
        with hub(
            store, **({"PYTHONPATH": os.environ["PYTHONPATH"]} if "PYTHONPATH" in os.environ else {})
        ) as running:
            yield Served(running)


@pytest.fixture
def enter(served: Served) -> Iterator[Callable[[str], AtPage]]:
    """Log somebody in to the page: one of a country nobody else uses, or the one person of a role."""
    with ExitStack() as stack:

        def enter(who: str) -> AtPage:
            user = served.someone(who).user if who.isupper() else who
            return stack.enter_context(at_page(served, user))

        yield enter

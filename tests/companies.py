"""Stores of companies, each under a label of its own: what tests of release, notes and acts read."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.build import entity, handed, profile, write_lines, write_yaml
from tests.servers import Server, gateway

Labels = Mapping[str, Mapping[str, Any]]
"""Name of a source, and of its companies, -> fields of its label."""


def deliver_companies(server: Server, folder: Path, sources: Labels, each: int = 1) -> None:
    """Deliver each source in one load: a company called like it, or several with a number behind the name."""
    deliveries = []
    for source, label in sources.items():
        names = [source] if each == 1 else [f"{source} {n}" for n in range(1, each + 1)]
        lines = write_lines(
            folder / f"{source}.jsonl", [entity(name, "Company", name=name) for name in names]
        )
        deliveries.append(
            handed([lines], write_yaml(folder / f"{source}.yml", profile(source=source, **label)))
        )
    answer = server.operate("/load", {"deliveries": deliveries})
    if '"done"' not in answer.text.splitlines()[-1] or '"failed"' in answer.text:
        raise AssertionError(answer.text)


def store_of_companies(folder: Path, sources: Labels, each: int = 1) -> Path:
    """Return a store that holds them, not served any more."""
    with gateway(folder / "store") as found:
        deliver_companies(found, folder, sources, each)
    return folder / "store"

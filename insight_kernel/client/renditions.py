"""Renditions from a notebook: ordered at the gateway, made by the report service, and opened on the page."""

import html
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tqdm import tqdm

from insight_kernel.client.asking import Asker
from insight_kernel.client.embedded import EmbeddedGateway

_EVERY = 1.0  # seconds between two questions how far they are
_OPEN = ("waiting", "running")


@dataclass(frozen=True)
class Rendition:
    """A report for one recipient: the run it became, and how it ended (`done`, `failed`, `refused`, `stopped`)."""

    run: str
    recipient: str
    status: str
    error: str | None = None


class Renditions(tuple[Rendition, ...]):
    """One rendition for each recipient, in their order."""

    def __repr__(self) -> str:
        return "\n".join(f"{one.recipient}  {one.run}  {one.error or one.status}" for one in self)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td>{html.escape(one.recipient)}</td><td>{_link(one)}</td>"
            f"<td>{html.escape(one.error or one.status)}</td></tr>"
            for one in self
        )
        head = "<tr><th>For</th><th>Run</th><th>State</th></tr>"
        return f"<table><caption>Renditions</caption><thead>{head}</thead><tbody>{rows}</tbody></table>"


def order(
    asker: Asker, held: EmbeddedGateway | None, name: str, parameters: Mapping[str, Any], recipients: Sequence[str]
) -> Renditions:  # fmt: skip
    """Order a rendition for each recipient, wait for them, and show how many are made.

    Each carries all that the workspace has read, because its parameters may. An interrupt stops them.

    Raises
    ------
    BadInput
        When template, parameters and recipients do not go together; nothing was ordered then.
    """
    asked = {"template": name, "parameters": dict(parameters), "recipients": list(recipients)}
    said = asker.json("report", **asked)["runs"]
    runs = [one["run"] for one in said]
    with _service(held):
        try:
            found = _made(asker, runs)
        except KeyboardInterrupt:
            asker.json("orders", runs=runs, stop=True)
            raise
    names = ("run", "recipient", "status", "error")
    return Renditions(Rendition(**{name: one[name] for name in names}) for one in found)


def _made(asker: Asker, runs: list[str]) -> list[dict[str, Any]]:
    """Return how the runs ended, once all have."""
    with tqdm(total=len(runs), unit=" renditions", file=sys.stdout, leave=False) as bar:
        while True:
            found: list[dict[str, Any]] = asker.json("orders", runs=runs)["runs"]
            bar.n = sum(one["status"] not in _OPEN for one in found)
            bar.refresh()
            if bar.n == len(runs):
                return found
            time.sleep(_EVERY)


@contextmanager
def _service(held: EmbeddedGateway | None) -> Iterator[None]:
    """Run a report service while the block lasts, where no hub runs one; it ends with its input."""
    if held is None:
        yield
        return
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "insight_kernel.reports.service", str(held.store), "--attended"],
        stdin=subprocess.PIPE, start_new_session=True,
    ):  # fmt: skip
        yield


def _link(one: Rendition) -> str:
    run = html.escape(one.run)
    if one.status != "done" or "JUPYTERHUB_API_TOKEN" not in os.environ:
        return run
    return f'<a href="/services/insight/reports/{run}" target="_blank">{run}</a>'

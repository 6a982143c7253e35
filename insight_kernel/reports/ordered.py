"""Making what was ordered at a gateway: with the token it hands over, and telling it how far it is."""

from pathlib import Path
from typing import Any

from insight_kernel.client.asking import Asker
from insight_kernel.client.embedded import EmbeddedGateway
from insight_kernel.errors import Refused
from insight_kernel.reports.making import StoppedError, Watching, make
from insight_kernel.reports.record import Run
from insight_kernel.templates.own import find_template
from insight_kernel.templates.parameters import check
from insight_kernel.templates.registry import Template


def make_ordered(
    gateway: EmbeddedGateway, root: Path, order: dict[str, Any], warden: Path | None = None
) -> Run:
    """Make one report that was ordered, in a sandbox where there is a warden; return how it ended.

    Raises
    ------
    StoppedError
        When nobody wants it any more.
    Refused
        When the template has changed since it was ordered.
    """

    def told(cell: int, of: int) -> None:
        if not gateway.operate("orders/told", run=order["run"], cell=cell, of=of)["wanted"]:
            raise StoppedError

    chosen = _as_ordered(root, order["template"], order["version"])
    given = check(order["parameters"], chosen.sidecar)
    asker = Asker(gateway.ask_address, order["token"])
    watching = Watching(progress=told, aloud=False, warden=warden)
    return make(asker, chosen, given, root / "runs" / order["run"], watching, gateway)


def _as_ordered(root: Path, name: str, version: str) -> Template:
    found = find_template(root, name, {name: version})
    if found.hash != version:
        raise Refused(f"run {name}", "the template has changed since it was ordered", "Order it again.")
    return found

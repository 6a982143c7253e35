"""`insight audit`: check the chain, and read it."""

from pathlib import Path

import click

from insight_kernel.commands.options import AS_JSON, STORE, show


@click.group()
def audit() -> None:
    """Check and read the log of everything that was done."""


@audit.command()
@STORE
@AS_JSON
def verify(store: Path | None, as_json: bool) -> None:
    """Check the chain from its first entry to its last; say the first entry that does not fit."""
    from insight_kernel.audit.chain import read_chain
    from insight_kernel.client.stores import store_folder
    from insight_kernel.errors import BadInput

    path = store_folder(store) / "audit" / "log.jsonl"
    if not path.exists():
        raise BadInput(f"verify {path}", "there is no log", "Name a store with --store.")
    found = read_chain(path)
    whole = found.fault is None and not found.torn
    verdict = "whole" if whole else found.fault or f"torn: {found.torn} bytes after entry {found.number}"
    body = {"entries": found.number, "last": found.last, "whole": whole, "fault": None if whole else verdict}
    show(as_json, body, f"{found.number} entries, {verdict}, last hash {found.last}")
    click.get_current_context().exit(0 if whole else 1)


@audit.command("show")
@STORE
@click.option(
    "--last", default=20, show_default=True, type=click.IntRange(1, 10_000), help="How many entries."
)
@AS_JSON
def show_entries(store: Path | None, last: int, as_json: bool) -> None:
    """Print the last entries; that they were read is itself an entry."""
    from insight_kernel.client.embedded import EmbeddedGateway
    from insight_kernel.client.stores import store_folder

    with EmbeddedGateway(store_folder(store)) as gateway:
        entries = gateway.operate("audit", last=last)["entries"]
    show(as_json, {"entries": entries}, "\n".join(map(_line, entries)))


@audit.command()
@click.argument("owner", metavar="ORG")
@STORE
@AS_JSON
def owner(owner: str, store: Path | None, as_json: bool) -> None:
    """Say when, for what purpose and by which organisation the data of ORG were used; never by whom."""
    from insight_kernel.client.embedded import EmbeddedGateway
    from insight_kernel.client.stores import store_folder

    with EmbeddedGateway(store_folder(store)) as gateway:
        uses = gateway.operate("use", owner=owner)["uses"]
    show(as_json, {"uses": uses}, "\n".join(map(_use, uses)) or "Not used yet.")


def _use(use: dict[str, object]) -> str:
    what = f"released to {use['released_to']}" if use["released_to"] else "read"
    emergency = ["emergency access"] if use["emergency"] else []
    parts = [use["day"], use["organisation"], use["purpose"], what, f"{use['times']} times", *emergency]
    return " · ".join(map(str, parts))


def _line(entry: dict[str, object]) -> str:
    words = (
        entry.get(name)
        for name in ("operation", "request", "decision", "user", "workspace", "source", "file")
    )
    rows = f"{entry['rows']} rows" if "rows" in entry else ""
    return " · ".join(str(word) for word in (entry["n"], entry["time"], *words, rows) if word)

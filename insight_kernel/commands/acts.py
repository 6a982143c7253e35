"""`insight consent`, `label`, `note`: what persons decide, at the command line of who owns the store's files."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from insight_kernel.commands.options import AS_JSON, STORE, USER, show

_WHY = click.option("--why", required=True, help="The reason, as the log will hold it.")
_RECORDS = click.option(
    "--record", "records", multiple=True, help="Id of one record; may be repeated. Else all."
)


@click.group()
def consent() -> None:
    """Ask for an owner's consent to a release, give it, revoke it."""


@consent.command("ask")
@click.argument("source", metavar="OWNER/SOURCE")
@click.option("--of", "owner", help="Who is to consent, when not the owner of the source.")
@click.option("--to", "recipient", required=True, metavar="ORG", help="Whom it is to go to.")
@click.option("--purpose", required=True)
@click.option("--until", required=True, metavar="YYYY-MM-DD", help="The last day on which it is to hold.")
@click.option("--condition", help="What the recipient must keep to; printed in what is released.")
@_RECORDS
@_WHY
@USER
@STORE
@AS_JSON
def ask_consent(
    source: str, owner: str | None, records: tuple[str, ...], condition: str | None, why: str, user: str,
    store: Path | None, as_json: bool, **what: str,
) -> None:  # fmt: skip
    """Ask that values of a source, or some of its records, may go to an organisation."""
    data_owner, _, name = source.partition("/")
    asked = {**what, "owner": owner or data_owner, "data_owner": data_owner, "source": name,
             "records": list(records), "conditions": condition}  # fmt: skip
    _asked(store, as_json, user, "consent", asked, why)


@click.group()
def label() -> None:
    """Look at the labels of your organisation's records, and change them."""


@label.command("show")
@click.argument("source")
@_RECORDS
@USER
@STORE
@AS_JSON
def show_labels(source: str, records: tuple[str, ...], user: str, store: Path | None, as_json: bool) -> None:
    """Show which labels the records of your SOURCE carry."""
    found = _operate(store, "acts/labels", user=user, source=source, records=list(records))
    lines = [
        ", ".join(f"{name}: {_plain(value)}" for name, value in each.items()) for each in found["labels"]
    ]
    show(as_json, found, "\n".join(lines) or "No such source or record of yours.")


@label.command()
@click.argument("source")
@click.option("--set", "pairs", multiple=True, required=True, metavar="FIELD=VALUE[,VALUE]",
              help="A field with its new value; only= and conditions= without one are lifted.")  # fmt: skip
@_RECORDS
@_WHY
@USER
@STORE
@AS_JSON
def change(
    source: str, pairs: tuple[str, ...], records: tuple[str, ...], why: str, user: str, store: Path | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Change the labels of your SOURCE; a change that shows more waits for a second keeper."""
    _change(store, as_json, user, source, records, dict(map(_field, pairs)), why)


@label.command()
@click.argument("source")
@_RECORDS
@_WHY
@USER
@STORE
@AS_JSON
def withdraw(
    source: str, records: tuple[str, ...], why: str, user: str, store: Path | None, as_json: bool
) -> None:
    """Withdraw records of your SOURCE: nobody sees them from now on, and they leave the store."""
    _change(store, as_json, user, source, records, {"withdrawn": True}, why)


@label.command("completeness")
@click.argument("source")
@click.option("--schema", required=True, help="Of which schema, for example Person.")
@_WHY
@USER
@STORE
@AS_JSON
def ask_completeness(
    source: str, schema: str, why: str, user: str, store: Path | None, as_json: bool
) -> None:
    """Ask for a report on how complete your SOURCE is; another keeper releases it: insight decide."""
    _asked(store, as_json, user, "completeness", {"source": source, "schema": schema}, why)


@label.command("gaps")
@click.argument("act")
@USER
@STORE
@AS_JSON
def show_completeness(act: str, user: str, store: Path | None, as_json: bool) -> None:
    """Show a completeness report that was released; figures that tell of fewer than five are left out."""
    found = _operate(store, "acts/completeness", user=user, id=act)
    things = "few" if found["things"] is None else f"{found['things']:,}"
    lines = [f"{found['owner']}/{found['source']}, {found['schema']}: {things} things"]
    lines += [_gap(cell) for cell in found["cells"] if cell["filled"] != 0 or cell["sensitive"]]
    show(as_json, found, "\n".join(lines))


def _gap(cell: Mapping[str, Any]) -> str:
    filled = "left out" if cell["filled"] is None else f"{cell['filled']:,}"
    return f"  {cell['property']:28} {filled}{'  (sensitive)' if cell['sensitive'] else ''}"


@click.group()
def note() -> None:
    """Make notes of drafts written in notebooks."""


@note.command("ask")
@click.argument("draft")
@click.option(
    "--cite", "records", multiple=True, required=True, metavar="RECORD", help="Id of a record it rests on."
)
@_WHY
@USER
@STORE
@AS_JSON
def ask_note(
    draft: str, records: tuple[str, ...], why: str, user: str, store: Path | None, as_json: bool
) -> None:
    """State, as its author, that DRAFT rests only on the records it cites; a reviewer then decides."""
    _asked(store, as_json, user, "note", {"draft": draft, "records": list(records)}, why)


@click.command("acts")
@USER
@STORE
@AS_JSON
def list_acts(user: str, store: Path | None, as_json: bool) -> None:
    """List what was asked of, by, or announced to a user, newest first."""
    found = _operate(store, "acts/list", user=user)["acts"]
    lines = [
        f"{a['id']}  {a['kind']:10} {a['state']:8} by {a['by'] or 'a rule'}: {a['reason']}" for a in found
    ]
    show(as_json, {"acts": found}, "\n".join(lines) or "Nothing.")


@click.command("decide")
@click.argument("id_", metavar="ACT")
@click.argument("answer", type=click.Choice(["agree", "refuse", "end"]))
@click.option("--why", "reason", default="", help="The reason; needed to end one.")
@USER
@STORE
@AS_JSON
def decide_act(id_: str, answer: str, reason: str, user: str, store: Path | None, as_json: bool) -> None:
    """Agree to an ACT that waits for you, refuse it, or end one before its time (a consent: revoke it)."""
    found = _operate(store, "acts/decide", user=user, id=id_, answer=answer, reason=reason)
    show(as_json, found, f"{found['kind']} {found['id']}: {found['state']}")


def _change(
    store: Path | None, as_json: bool, user: str, source: str, records: tuple[str, ...], fields: Mapping[str, Any],
    why: str,
) -> None:  # fmt: skip
    version = _operate(store, "acts/labels", user=user, source=source, records=list(records))["version"]
    what = {"source": source, "records": list(records), "fields": dict(fields), "version": version}
    _asked(store, as_json, user, "label", what, why)


def _asked(
    store: Path | None, as_json: bool, user: str, kind: str, what: Mapping[str, Any], why: str
) -> None:
    found = _operate(store, "acts/ask", user=user, kind=kind, what=dict(what), reason=why)
    done = "done" if found["state"] == "agreed" else "waits for a second person: insight decide"
    show(as_json, found, f"{kind} {found['id']}: {done}")


def _operate(store: Path | None, command: str, **asked: Any) -> dict[str, Any]:
    from insight_kernel.client.embedded import EmbeddedGateway
    from insight_kernel.client.stores import store_folder

    with EmbeddedGateway(store_folder(store)) as gateway:
        return gateway.operate(command, **asked)


def _field(pair: str) -> tuple[str, Any]:
    """Read `field=value`; lists are separated by commas, nothing lifts the field."""
    name, _, value = pair.partition("=")
    if name in ("level", "expires", "conditions"):
        return name, value or None
    if name == "only" and not value:
        return name, None
    return name, [word for word in value.split(",") if word]


def _plain(value: Any) -> str:
    return " ".join(value) if isinstance(value, list) else str(value)

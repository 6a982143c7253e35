"""Export: what was found goes to one organisation in a format of exchange; one decision, whatever the format.

It is read in a session of its own with what asker and recipient may both see, decided over what that session was
sent, logged, and only then written; it lies frozen beside the releases and is gone on the same day as they are.
"""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from hashlib import sha256
from typing import Any

from insight_kernel.audit.sealing import Private
from insight_kernel.errors import BadInput, InsightError, NotAvailable, Unavailable
from insight_kernel.files import replace_file
from insight_kernel.gateway.admission import new_session
from insight_kernel.gateway.export_reading import delivered, found_by_ids, found_by_schema
from insight_kernel.gateway.refusals import SENTENCES, status_of
from insight_kernel.gateway.releases import check_recipient, sheet_of
from insight_kernel.gateway.requests import Find
from insight_kernel.gateway.runs import EXPORT, Run, entry_of, run_of
from insight_kernel.gateway.service import POLICY_VERSION, Gateway
from insight_kernel.gateway.sessions import Session
from insight_kernel.intake.formats import FORMATS
from insight_kernel.intake.formats.terms import Format, Head
from insight_kernel.intake.items import Item, Losses
from insight_kernel.policy.join import Summary
from insight_kernel.templates.names import new_run_id

_MODE = 0o400
Said = dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """What is to be exported: entities of schemata that pass filters, or entities by id; to whom, in which format."""

    to: str
    format: str
    schemata: Sequence[str] = ()
    filters: Mapping[str, Sequence[str]] = field(default_factory=dict)
    ids: Sequence[str] = ()

    def hashed_as(self) -> bytes:
        """Return what the log keeps a hash of."""
        return json.dumps(asdict(self), sort_keys=True).encode()


def export(gateway: Gateway, wanted: Wanted, *, user: str, purpose: str, case: str | None) -> Said:
    """Export; return the verdict, and when granted where the file is, what is in it, and what was lost.

    Raises
    ------
    BadInput
        For an unknown format or recipient, a group, or a request that names neither a schema nor ids.
    Refused
        When user, case, purpose and recipient do not go together.
    NotAvailable
        When nothing is found, or not every entity named by id.
    """
    known = gateway.organisation().knows(wanted.to)
    base = {"operation": EXPORT, "by": user, "recipient": wanted.to if known else Private(wanted.to),
            "version": wanted.format if wanted.format in FORMATS else Private(wanted.format)}  # fmt: skip
    try:
        with gateway.noticing(user, case):
            return _export(gateway, wanted, user, purpose, case)
    except InsightError as error:
        said = {"reason": SENTENCES[status_of(error)][0], "said": Private(error)}
        gateway.audit.append({**base, "decision": "refused", **said})
        raise


def _export(gateway: Gateway, wanted: Wanted, user: str, purpose: str, case: str | None) -> Said:
    asked = f"export to {wanted.to}"
    if wanted.format not in FORMATS:
        raise BadInput(asked, "there is no such format", f"Name one of: {', '.join(FORMATS)}.")
    people, run = gateway.organisation(), new_run_id()
    check_recipient(people, asked, wanted.to)
    session = new_session(people, user, purpose, case, gateway.clock.today(), recipient=wanted.to, run=run)
    items = gather(gateway, session, wanted)
    entry = _entry(gateway, session, wanted)
    join = gateway.floating.of(session.workspace)
    verdict = gateway.verdict(join, replace(session, recipient=None), wanted.to)
    if verdict.granted:
        return {**asdict(verdict), **_granted(gateway, entry, items, FORMATS[wanted.format])}
    blocking = gateway.joins.blocking(join, wanted.to, session.ask(gateway.clock.today()))
    gateway.audit.append({**entry, "decision": "refused", "blocking": blocking, "told": asdict(verdict)})
    return asdict(verdict)


def gather(gateway: Gateway, session: Session, wanted: Wanted) -> list[Item]:
    """Return what the session is shown of what is wanted, an item for each entity and owner."""
    if not wanted.ids and not wanted.schemata:
        raise BadInput("export", "neither a schema nor ids are named", "Name one of them.")
    ids = set(wanted.ids)
    for schema in wanted.schemata:
        question = Find.model_validate({"schema": schema, "filters": dict(wanted.filters)})
        ids.update(found_by_schema(gateway, session, question))
    if not ids:
        raise NotAvailable("export", "not available", "Nothing was found that may go there.")
    return delivered(found_by_ids(gateway, session, ids))


def _entry(gateway: Gateway, session: Session, wanted: Wanted) -> Said:
    hashed = gateway.sealing.hashed(session.case, wanted.hashed_as())
    said = {"template": EXPORT, "version": wanted.format, "parameters": hashed, "by": session.user}
    day = gateway.clock.today().isoformat()
    return {**entry_of(session, **said), "operation": EXPORT, "policy": POLICY_VERSION, "day": day}


def _granted(gateway: Gateway, entry: Said, items: Sequence[Item], format_: Format) -> Said:
    """Make the file, log what it is, and put it where nothing changes it any more."""
    run, count = run_of({**entry, "files": {}}), len({e.id for item in items for e in item.entities})
    label = _summary(gateway, run)
    lines = [*_said(label), *sheet_of(gateway, run, entry["recipient"], gateway.clock.today()).rows()]
    content = io.BytesIO()
    losses = format_.write(items, content, Head(gateway.clock.today(), lines))
    name = f"export{(format_.endings + format_.perhaps)[0]}"
    sidecar = json.dumps(
        {"file": name, "sha256": sha256(content.getvalue()).hexdigest(), "entities": count, "lost": _told(losses),
         "label": label.as_dict(), "handling": dict(lines)}, indent=1, ensure_ascii=False,
    )  # fmt: skip
    files = {name: content.getvalue(), f"{name}.handling.json": sidecar.encode()}
    hashes = {name: sha256(data).hexdigest() for name, data in files.items()}
    entry |= {
        "entities": count,
        "label": label.as_dict(),
        "lost": _told(losses),
        "files": hashes,
        "released": hashes,
    }
    number = gateway.audit.append({**entry, "decision": "granted"})
    gateway.runs.take({**entry, "decision": "granted", "n": number})
    folder = gateway.store.folder / "runs" / run.id / "released" / entry["recipient"]
    try:
        for name, data in files.items():
            replace_file(folder / name, data, mode=_MODE)
    except OSError as error:
        wrong = f"a file could not be written ({error.strerror or error})"
        raise Unavailable(
            f"export to {entry['recipient']}", wrong, "Free space, then export again."
        ) from error
    return {"run": run.id, "folder": str(folder), "files": hashes, "entities": count, "lost": _told(losses)}


def _summary(gateway: Gateway, run: Run) -> Summary:
    """Return what the recipient may read of the label of all that is in it."""
    profile = gateway.organisation().recipient_subject(str(run.recipient))
    asked = run.session().ask(gateway.clock.today())
    return gateway.joins.summary(gateway.floating.of(run.workspace), profile, asked)


def _said(label: Summary) -> list[tuple[str, str]]:
    return [
        ("Owners", ", ".join(label.owners)),
        ("Level", label.level),
        ("Purposes", ", ".join(label.purposes)),
        ("Protected", ", ".join(label.special) or "nobody in particular"),
    ]


def _told(losses: Losses) -> list[Said]:
    return [asdict(loss) for loss in losses]

"""Release: a registered run goes to one organisation, frozen and marked - or is refused, and both are logged.

Who asks is a person: the run's author unless another is named. A refusal tells what that person may know.
"""

import json
import shutil
from dataclasses import asdict, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from insight_kernel.audit.sealing import Private
from insight_kernel.errors import BadInput, InsightError, NotAvailable, Refused, StartAgain, Unavailable
from insight_kernel.files import replace_file
from insight_kernel.gateway.joins import Made
from insight_kernel.gateway.refusals import SENTENCES, DeniedError, status_of
from insight_kernel.gateway.runs import RELEASE, Run
from insight_kernel.gateway.service import POLICY_VERSION, Gateway
from insight_kernel.leaving import NOTEBOOK, PAGE
from insight_kernel.leaving.notebook import read_notebook, refuse_leftovers
from insight_kernel.leaving.page import refuse_active
from insight_kernel.leaving.sheet import Sheet
from insight_kernel.model.organisation import Organisation
from insight_kernel.policy.release import Verdict

Said = dict[str, Any]


def recipients(people: Organisation, codes: list[str]) -> list[str]:
    """Return the organisations that codes and groups stand for, each once, in their order.

    Raises
    ------
    BadInput
        When one is unknown, or has no release profile.
    """
    found = dict.fromkeys(member for code in codes for member in people.groups.get(code, [code]))
    without = [code for code in found if people.recipient_subject(code).organisations is None]
    if without:
        wrong = f"{', '.join(without)}: unknown, or without a release profile"
        raise BadInput("make something for a recipient", wrong, "Name organisations that have a profile.")
    return list(found)


def find_run(gateway: Gateway, id_: str, user: str | None) -> Run:
    """Return a run, if there is one today and the user may open it; its author, if no other user is named."""
    run = gateway.runs.of(id_, gateway.clock.today())
    if run is None or not may_open(gateway, run, user):
        raise NotAvailable(
            f"use the run {id_}", "not available",
            "Runs that can be released: insight report list --runs. A report made from a notebook is a draft of its "
            "workspace and is none of them; make it with: insight report run.",
        )  # fmt: skip
    return run


def may_open(gateway: Gateway, run: Run, user: str | None) -> bool:
    """Tell whether a user's own rights satisfy the run's join today."""
    subject = gateway.organisation().subject(user or run.user)
    return gateway.joins.seen_by(subject, [made_of(gateway, run)])[0]


def is_stale(gateway: Gateway, run: Run) -> bool:
    """Tell whether what a run used has changed since, or could not go to its recipients any more."""
    return gateway.joins.stale([made_of(gateway, run)])[0]


def made_of(gateway: Gateway, run: Run) -> Made:
    """Return what a run was made from, and who holds it."""
    asked = replace(run.session(), recipient=None).ask(gateway.clock.today())
    holders = frozenset({*run.released, *([run.recipient] if run.recipient else [])})
    return Made(gateway.floating.of(run.workspace), asked, holders)


def weigh(gateway: Gateway, id_: str, to: str, user: str) -> Verdict:
    """Return whether a run may go to an organisation, as this user may be told; raises what `release` raises."""
    run = find_run(gateway, id_, user)
    check_recipient(gateway.organisation(), f"release {run.id} to {to}", to)
    return _verdict(gateway, run, to, user)


def release(gateway: Gateway, id_: str, to: str, user: str | None = None) -> Said:
    """Release a run to an organisation; return what was frozen, or what stands in the way.

    Raises
    ------
    NotAvailable
        When there is no such run (any more), or the user may not open it.
    BadInput
        When the recipient is unknown, a group, or without release profile, or the report holds what must not leave.
    StartAgain
        When the run was released to this recipient before.
    Refused
        When its files are not those that were registered.
    """
    base: Said = {"operation": RELEASE, **_named(gateway, id_, to), "by": user, "policy": POLICY_VERSION}
    with gateway.runs.releasing:
        try:
            run = find_run(gateway, id_, user)
            base |= {
                "run": run.id,
                "user": run.user,
                "case": run.case,
                "purpose": run.purpose,
                "workspace": run.workspace,
            }
            return _release(gateway, base, run, to)
        except InsightError as error:
            said = {"reason": SENTENCES[status_of(error)][0], "said": Private(error)}
            gateway.audit.append({**base, "decision": "refused", **said})
            raise


def _named(gateway: Gateway, id_: str, to: str) -> Said:
    """Return what was named, for the log; what nobody knows may be a name that somebody typed."""
    return {"run": Private(id_), "recipient": to if gateway.organisation().knows(to) else Private(to)}


def _release(gateway: Gateway, base: Said, run: Run, to: str) -> Said:
    check_recipient(gateway.organisation(), f"release {run.id} to {to}", to)
    if to in run.released:
        wrong = f"it was released to {to} before (entry {run.released[to].entry} of the log)"
        raise StartAgain(f"release {run.id} to {to}", wrong, "Nothing was done again.")
    verdict = _verdict(gateway, run, to, base["by"])
    what = _granted(gateway, base, run, to) if verdict.granted else _refused(gateway, base, run, to, verdict)
    return {**asdict(verdict), **what}


def _refused(gateway: Gateway, base: Said, run: Run, to: str, verdict: Verdict) -> Said:
    """Log every true reason; tell whether a rendition could be made instead."""
    asked = run.session().ask(gateway.clock.today())
    blocking = gateway.joins.blocking(gateway.floating.of(run.workspace), to, asked)
    why = {"made_for": run.recipient, "blocking": blocking, "told": asdict(verdict)}
    gateway.audit.append({**base, "decision": "refused", **why})
    profile = gateway.organisation().recipient_subject(to)
    return {"rendition": run.purpose in (profile.purposes or ())}


def _granted(gateway: Gateway, base: Said, run: Run, to: str) -> Said:
    """Freeze page and notebook, marked, and log their hashes; where that fails nothing is frozen."""
    day, folder = gateway.clock.today(), gateway.store.folder / "runs" / run.id / "released" / to
    entry = {**base, "decision": "granted", "day": day.isoformat(), "made_from": dict(run.files)}
    try:
        entry["released"] = _frozen(_marked(gateway, run, to, day), folder)
        number = gateway.audit.append(entry)
    except BaseException as error:
        shutil.rmtree(folder, ignore_errors=True)
        if isinstance(error, OSError) and not isinstance(error, InsightError):
            raise _unwritten(run, to, error) from error
        raise
    gateway.runs.take({**entry, "n": number})
    return {"folder": str(folder), "files": entry["released"]}


def _unwritten(run: Run, to: str, error: OSError) -> Unavailable:
    wrong = f"a file could not be written or read ({error.strerror or error})"
    return Unavailable(f"release {run.id} to {to}", wrong, "Free space, then try again.")


def check_recipient(people: Organisation, asked: str, to: str) -> None:
    """Raise `BadInput` when something cannot be released to this: a group, or what has no release profile."""
    if to in people.groups:
        members = ", ".join(people.groups[to])
        remedy = f"Make one for each, and name it: {members}."
        raise BadInput(asked, "it is a group, and each member gets a rendition of its own", remedy)
    if people.recipient_subject(to).organisations is None:
        raise BadInput(
            asked, "it is unknown, or has no release profile", "Name an organisation that has one."
        )


def _verdict(gateway: Gateway, run: Run, to: str, user: str | None) -> Verdict:
    """Decide over the run's join; a rendition is for its own recipient and for nobody else."""
    asking = replace(run.session(), user=user or run.user, recipient=None)
    verdict = gateway.verdict(gateway.floating.of(run.workspace), asking, to)
    return verdict if run.recipient in (None, to) else replace(verdict, granted=False, other=True)


def _marked(gateway: Gateway, run: Run, to: str, day: date) -> dict[str, bytes]:
    """Return page and notebook with the release sheet on them; nothing that acts or hides may be left in them."""
    given = {name: _unchanged(gateway, run, name) for name in (NOTEBOOK, PAGE)}
    page, notebook = given[PAGE].decode("utf-8", "replace"), read_notebook(given[NOTEBOOK])
    try:
        refuse_active(page)
    except Refused as refused:
        raise BadInput(f"release {run.id}", f"{PAGE}: {refused.wrong}", refused.remedy) from None
    refuse_leftovers(notebook)
    sheet = sheet_of(gateway, run, to, day)
    return {
        PAGE: sheet.on_page(page).encode(),
        NOTEBOOK: json.dumps(sheet.on_notebook(notebook), indent=1).encode(),
    }


def _unchanged(gateway: Gateway, run: Run, name: str) -> bytes:
    """Return a file as it was registered; another one raises an alarm."""
    path = gateway.store.folder / "runs" / run.id / name
    data = path.read_bytes() if path.is_file() else b""
    found = sha256(data).hexdigest()
    if found != run.files[name]:
        fields = {"run": run.id, "file": name, "registered": run.files[name], "found": found}
        gateway.refusals.record(DeniedError(403, "report-changed", "alarm", **fields), f"run {run.id}")
        wrong = f"{name} is not the file that was registered"
        raise Refused(
            f"release {run.id}", wrong, "Run the template again; the change is in the log as an alarm."
        )
    return data


def sheet_of(gateway: Gateway, run: Run, to: str, day: date) -> Sheet:
    """Return what is printed on what a run releases to an organisation."""
    people = gateway.organisation()
    asked = replace(run.session(), recipient=None).ask(day)
    parts = gateway.floating.of(run.workspace)
    label = gateway.joins.summary(parts, people.recipient_subject(to), asked)
    conditions = (*label.conditions, *gateway.joins.agreed(parts, to, asked))
    return Sheet(
        to, people.organisations[to].name, day, label.handling, conditions, run.until,
        f"run {run.id} of {run.template}, version {run.version}", run.files,
        last.shortly() if (last := gateway.vouching.make()) else "none yet",
    )  # fmt: skip


def _frozen(files: dict[str, bytes], folder: Path) -> dict[str, str]:
    """Put the files where nothing changes them any more; return their hashes."""
    for name, data in files.items():
        replace_file(folder / name, data, mode=0o400)
    return {name: sha256(data).hexdigest() for name, data in files.items()}

"""The register of acts: read from the log, written to the log before anything follows, each decided once."""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from threading import RLock
from typing import Any

from insight_kernel.audit.log import AuditLog
from insight_kernel.audit.sealing import ERASED, Private, erased, private, scope_of
from insight_kernel.errors import InsightError, NotAvailable, Refused, StartAgain, Unavailable
from insight_kernel.gateway.acts.kind import Act, Asked, Kind, Now, State, What, text
from insight_kernel.gateway.refusals import DeniedError, Refusals


class Acts:
    """All acts of a store, by id.

    What an act asks of the store is done after its entry is on the disk. If that fails, or the process dies in
    between, nothing is answered until it is done: `settle` does what is missing. `writing` is the lock of whoever
    writes to the store, so that no act falls between the two halves of a load.
    """

    def __init__(self, audit: AuditLog, refusals: Refusals, kinds: Iterable[Kind], writing: RLock) -> None:
        self._audit, self._refusals, self._lock = audit, refusals, writing
        self._kinds = {kind.name: kind for kind in kinds}
        self._acts: dict[str, Act] = {}
        self._of_kind: defaultdict[str, dict[str, Act]] = defaultdict(dict)
        self._undone: list[Act] = []
        self.version = 0

    def take(self, entry: Mapping[str, Any]) -> None:
        """Read an entry of the log, oldest first."""
        if "act_id" in entry:
            act = _read(entry, self._acts.get(entry["act_id"]))
            self._keep(act)
            self._undone += [act] if act.state == "agreed" else []

    def settle(self) -> None:
        """Do what agreed acts ask and was not done; raise `Unavailable` while that fails."""
        if not self._undone:
            return
        with self._lock:
            while self._undone:
                self._kinds[self._undone[0].kind].apply(self._undone[0])
                self._undone.pop(0)

    def of_kind(self, name: str, state: State = "agreed") -> list[Act]:
        """Return the acts of a kind in a state, oldest first."""
        return [act for act in tuple(self._of_kind[name].values()) if act.state == state]

    def shown_to(self, user: str, now: Now) -> list[Act]:
        """Return the acts somebody may know of, newest first."""
        found = [act for act in tuple(self._acts.values()) if self._kinds[act.kind].concerns(act, user, now)]
        return sorted(found, key=lambda act: act.entry, reverse=True)

    def find(self, id_: str, user: str, now: Now) -> Act:
        """Return an act somebody may know of; any other is not available."""
        act = self._acts.get(id_)
        if act is None or not self._kinds[act.kind].concerns(act, user, now):
            raise _no_such_act()
        return act

    def waiting_for(self, user: str, now: Now) -> list[Act]:
        """Return the acts this user may decide, oldest first."""
        return [act for act in tuple(self._acts.values()) if self.may_decide(act, user, now)]

    def may_decide(self, act: Act, user: str, now: Now) -> bool:
        """Tell whether an act waits for this user."""
        return act.state == "waiting" and user != act.by and self._kinds[act.kind].may_decide(act, user, now)

    def may_end(self, act: Act, user: str, now: Now) -> bool:
        """Tell whether this user may end an act before its time."""
        return act.state == "agreed" and self._kinds[act.kind].may_end(act, user, now)

    def ask(self, name: str, what: What, *, by: str, reason: str, now: Now) -> Act:
        """Ask for an act; where one person is enough it takes effect at once."""
        said = text({"reason": reason}, "reason")
        with self._lock:
            asked = self.check(name, what, by=by, reason=reason, now=now)
            kind = self._kinds[name]
            kept = kind.agreed(asked.what, now) if asked.alone else asked.what
            return self._written(_new(kind, kept, by, now.organisation_of(by), said, alone=asked.alone))

    def check(self, name: str, what: What, *, by: str, reason: str, now: Now) -> Asked:
        """Return what would be asked, without asking; raise what `ask` would raise."""
        kind = self._kinds.get(name)
        if kind is None:
            raise NotAvailable("act", "there is no such act", "Use the forms of the page.")
        text({"reason": reason}, "reason")
        return kind.checked(what, by, now)

    def automatic(self, name: str, what: What) -> Act:
        """Do what no person need ask for, because a rule says so."""
        with self._lock:
            return self._written(_new(self._kinds[name], what, "", "", "", alone=True))

    def decide(self, id_: str, *, agree: bool, by: str, now: Now, reason: str = "") -> Act:
        """Agree to an act or refuse it, as its second person."""
        with self._lock:
            act = self.waiting(id_, by, now)
            state: State = "agreed" if agree else "refused"
            what = self._kinds[act.kind].agreed(act.what, now) if agree else act.what
            decided = replace(act, state=state, second=by, what=what)
            return self._written(
                decided, {"act_id": act.id, "act": state, "what": what, "user": by, "reason": Private(reason)}
            )

    def end(self, id_: str, *, by: str, reason: str, now: Now) -> Act:
        """End an act before its time."""
        said = text({"reason": reason}, "reason")
        with self._lock:
            act = self.ending(id_, by, now)
            return self._written(
                replace(act, state="ended"),
                {"act_id": id_, "act": "ended", "user": by, "reason": Private(said)},
            )

    def ending(self, id_: str, by: str, now: Now) -> Act:
        """Return an act in force that this person may end; any other is not available to him."""
        act = self.find(id_, by, now)
        if not self.may_end(act, by, now):
            raise _no_such_act()
        return act

    def waiting(self, id_: str, by: str, now: Now) -> Act:
        """Return an act that waits for this person; raise what `decide` would raise, noted in the log."""
        try:
            act = self.find(id_, by, now)
        except NotAvailable:
            self._refusals.record(DeniedError(404, "no-such-act", "full", user=by, about=id_), by)
            raise
        if act.state != "waiting":
            self._refusals.record(
                DeniedError(409, "decided-before", "full", user=by, about=id_, first=act.entry), by
            )
            raise StartAgain("decide", "it has been decided already", "Nothing was done a second time.")
        if not self.may_decide(act, by, now):
            self._refusals.record(DeniedError(403, "decides-alone", "alarm", user=by, about=id_), by)
            wrong = "it needs another person than who asked" if by == act.by else "it is not yours to decide"
            raise Refused("decide", wrong, "Ask somebody who may.")
        return act

    def forget(self, scope: str) -> None:
        """Forget the words of acts that are sealed with a key that is destroyed: reasons and conditions."""
        for act in tuple(self._acts.values()):
            if scope == scope_of({"case": act.what.get("case"), "organisation": act.organisation}):
                self._keep(replace(act, reason=ERASED, what=erased(act.what, "conditions")))

    def _written(self, act: Act, fields: Mapping[str, Any] | None = None) -> Act:
        """Write the entry, then do what follows; what fails after the entry is on the disk is done by `settle`."""
        entry = {"operation": self._kinds[act.kind].operation, "kind": act.kind, "organisation": act.organisation,
                 **({"case": act.what["case"]} if "case" in act.what else {}),
                 **private(fields or _asked(act), "conditions")}  # fmt: skip
        number, when = self._audit.append(entry), datetime.now(UTC).isoformat("T", "milliseconds")
        found = replace(
            act, entry=number, since=act.since or when, decided=when if act.second else act.decided
        )
        self._keep(found)
        if found.state == "agreed":
            self._undone.append(found)
            self._follow()
        return found

    def _keep(self, act: Act) -> None:
        self._acts[act.id] = self._of_kind[act.kind][act.id] = act
        self.version += 1

    def _follow(self) -> None:
        try:
            self.settle()
        except InsightError as error:
            raise Unavailable(
                "finish", "it is decided and logged, but could not be carried out yet",
                "Nothing is answered until it is; the operator sees why.",
            ) from error  # fmt: skip


def _new(kind: Kind, what: What, by: str, organisation: str, reason: str, *, alone: bool) -> Act:
    state: State = "agreed" if alone else "waiting"
    return Act(secrets.token_hex(8), kind.name, what, by, organisation, reason, "", state, 0)


def _asked(act: Act) -> dict[str, Any]:
    return {"act_id": act.id, "act": act.state if act.state == "agreed" else "asked", "what": act.what,
            "user": act.by, "reason": Private(act.reason), "asked": True}  # fmt: skip


def _read(entry: Mapping[str, Any], before: Act | None) -> Act:
    state: State = "waiting" if entry["act"] == "asked" else entry["act"]
    if entry.get("asked") or before is None:
        return Act(
            entry["act_id"], entry["kind"], entry["what"], entry["user"], entry["organisation"], entry["reason"],
            entry["time"], state, entry["n"],
        )  # fmt: skip
    if state == "ended":
        return replace(before, state=state, entry=entry["n"])
    return replace(
        before, state=state, entry=entry["n"], second=entry["user"], decided=entry["time"], what=entry["what"]
    )


def _no_such_act() -> NotAvailable:
    return NotAvailable("decide", "there is no such act waiting for you", "See what waits on the page.")

"""Labels in their owner's hand: tightened alone, loosened with a second keeper, withdrawn at once."""

import hashlib
from collections.abc import Sequence
from datetime import date
from typing import Any

from insight_kernel.errors import BadInput, NotAvailable, Refused, StartAgain
from insight_kernel.gateway.acts.kind import Act, Asked, Kind, Now, What, text, texts
from insight_kernel.model.label import Label, read_label
from insight_kernel.policy.change import both, changed, is_tighter
from insight_kernel.store.opened import Store
from insight_kernel.store.relabel import Selection


class LabelKind(Kind):
    """A change of labels by a keeper of their owner; one that narrows whatever it touches needs no second person.

    `what`: source, records (ids; none means all of it), fields (label field -> new value), version.
    `version` is what `version_of` said when the form was filled in: who changes what somebody else has changed
    since must look again.
    """

    name, operation = "label", "alteration"

    def __init__(self, store: Store) -> None:
        self._store = store

    def checked(self, what: What, by: str, now: Now) -> Asked:
        """Return a change that is possible for every label it touches, of the keeper's own organisation."""
        owner = now.organisation_of(by)
        if not now.holds(by, "owner-keeper"):
            raise Refused("change labels", "you are not a keeper of your organisation's data", "Ask one.")
        fields = what.get("fields")
        if not isinstance(fields, dict):
            raise BadInput(
                "change labels", "fields: label fields with their new values", "State at least one."
            )
        found = {"owner": owner, "source": text(what, "source"), "records": texts(what, "records"),
                 "fields": _without_withdrawal(fields, now), "version": text(what, "version")}  # fmt: skip
        return Asked(found, alone=all(is_tighter(new, old) for old, new in self._new_labels(found, now)))

    def may_decide(self, act: Act, user: str, now: Now) -> bool:
        """The second person is another keeper of the same owner."""
        return now.holds(user, "owner-keeper", act.what["owner"])

    def agreed(self, what: What, now: Now) -> dict[str, Any]:
        """Raise `StartAgain` when the labels have changed since it was asked."""
        self._new_labels(what, now)
        return dict(what)

    def apply(self, act: Act) -> None:
        """Give the records their new labels; when a whole source expires, so does what waits in quarantine."""
        fields = act.what["fields"]
        if "expires" in fields and not act.what["records"]:
            day = date.fromisoformat(fields["expires"])
            self._store.quarantine.set_expiry(act.what["owner"], act.what["source"], day)
        self._store.relabel(
            act.entry,
            selected(act.what["owner"], act.what["source"], act.what["records"]),
            lambda label, scope: (changed(label, fields), scope),
        )

    def concerns(self, act: Act, user: str, now: Now) -> bool:
        """Keepers of the owner and the officer see the history of its labels."""
        return now.holds(user, "owner-keeper", act.what["owner"]) or now.holds(user, "officer")

    def _new_labels(self, what: What, now: Now) -> list[tuple[Label, Label]]:
        """Return each label touched with what it becomes."""
        old = self._store.labels_of(selected(what["owner"], what["source"], what["records"]))
        if not old:
            raise NotAvailable("change labels", "you deliver no such source or record", "Check the names.")
        if version_of(old) != what["version"]:
            raise StartAgain("change labels", "somebody has changed them since", "Look at them again.")
        found = [(label, changed(label, what["fields"])) for label in old]
        unknown = sorted({code for _, new in found for code in now.people.unknown_codes(new)})
        if unknown:
            raise BadInput(
                "change labels", f"unknown organisations or groups: {', '.join(unknown)}", "Mend them."
            )
        return found


class ConflictKind(Kind):
    """An owner delivered records under two labels at once: both bind, until he settles it by changing the label.

    `what`: owner, source, records (ids), label (the other one). Nobody asks for it.
    """

    name, operation = "conflict", "alteration"

    def __init__(self, store: Store) -> None:
        self._store = store

    def checked(self, _what: What, _by: str, _now: Now) -> Asked:
        """Nobody asks for it."""
        raise Refused("act", "it follows from a delivery", "Change the label instead.")

    def may_decide(self, _act: Act, _user: str, _now: Now) -> bool:
        """Nobody decides it."""
        return False

    def concerns(self, act: Act, user: str, now: Now) -> bool:
        """Only the owner's keepers are told, and the officer."""
        return now.holds(user, "owner-keeper", act.what["owner"]) or now.holds(user, "officer")

    def apply(self, act: Act) -> None:
        """Let both labels bind."""
        other = read_label(act.what["label"])
        if isinstance(other, Label):
            selection = Selection(act.what["owner"], ids=tuple(act.what["records"]))
            self._store.relabel(act.entry, selection, lambda label, scope: (both(label, other), scope))


def selected(owner: str, source: str, records: Sequence[str]) -> Selection:
    """Return the records named, or without any all of a source."""
    return Selection(owner, ids=tuple(records)) if records else Selection(owner, source)


def version_of(labels: list[Label]) -> str:
    """Return what tells whether labels are still as they were."""
    return hashlib.sha256("\n".join(sorted(label.body() for label in labels)).encode()).hexdigest()[:16]


def _without_withdrawal(fields: What, now: Now) -> dict[str, Any]:
    """Return the fields; `withdrawn: true` stands for an expiry of today."""
    if "withdrawn" not in fields:
        return dict(fields)
    if set(fields) != {"withdrawn"} or fields["withdrawn"] is not True:
        raise BadInput("withdraw", "a withdrawal changes nothing else", "State it alone.")
    return {"expires": now.day.isoformat()}

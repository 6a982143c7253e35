"""Consents: asked for by who wants to release, decided by a keeper of the owner's data, revocable at any time."""

from datetime import date
from typing import Any

from insight_kernel.errors import BadInput
from insight_kernel.gateway.acts.kind import Act, Asked, Kind, Now, What, day, text, texts
from insight_kernel.model.label import PURPOSES, Label
from insight_kernel.policy.consent import Consent, label_mark, within
from insight_kernel.store.opened import Store
from insight_kernel.store.relabel import Selection


class ConsentKind(Kind):
    """A request for consent, and what became of it; asking never says whether the source or a record exists.

    `what`: owner (who is to consent), data_owner and source, records (ids; none means all of it), recipient,
    purpose, until, conditions. Nobody decides what he asked for himself.
    """

    name, operation = "consent", "consent"

    def __init__(self, store: Store) -> None:
        self._store = store

    def checked(self, what: What, by: str, now: Now) -> Asked:
        """Return a request whose codes and words are known; anybody registered may ask."""
        now.organisation_of(by)
        codes = {name: text(what, name) for name in ("owner", "data_owner", "recipient")}
        for name, code in codes.items():
            if not now.people.knows(code) or code in now.people.groups:
                raise BadInput(
                    "ask for consent", f"{name}: not an organisation", "Name one; a group has no will."
                )
        if now.people.recipient_subject(codes["recipient"]).organisations is None:
            raise BadInput(
                "ask for consent", "the recipient has no release profile", "Nothing goes to it anyway."
            )
        if what.get("purpose") not in PURPOSES:
            raise BadInput("ask for consent", "purpose: not a purpose", f"Use one of {', '.join(PURPOSES)}.")
        conditions = what.get("conditions")
        return Asked({
            **codes, "source": text(what, "source"), "records": texts(what, "records"), "purpose": what["purpose"],
            "until": day(what, "until", after=now.day).isoformat(),
            "conditions": text(what, "conditions") if conditions else None,
        })  # fmt: skip

    def may_decide(self, act: Act, user: str, now: Now) -> bool:
        """A keeper of the owner who is to consent decides."""
        return now.holds(user, "owner-keeper", act.what["owner"])

    def concerns(self, act: Act, user: str, now: Now) -> bool:
        """The officer sees every consent too."""
        return now.holds(user, "officer") or super().concerns(act, user, now)

    def agreed(self, what: What, now: Now) -> dict[str, Any]:
        """Add for which labels it is given: those the source has on this day."""
        day(what, "until", after=now.day)
        place = f"{what['data_owner']}/{what['source']}"
        stored = self._store.labels()
        pairs = zip(stored.labels, stored.scopes, strict=True)
        marks = {label_mark(n) for n, scope in pairs if isinstance(n, Label) and within(scope, place)}
        return {**what, "labels": sorted(marks)}

    def may_end(self, act: Act, user: str, now: Now) -> bool:
        """Any keeper of that owner may revoke it."""
        return self.may_decide(act, user, now)

    def apply(self, act: Act) -> None:
        """Let the records listed have scopes of their own."""
        if act.what["records"]:
            self._store.narrow(act.entry, Selection(act.what["data_owner"], ids=tuple(act.what["records"])))


def consent_of(act: Act) -> Consent:
    """Return the consent that an agreed act gave."""
    what = act.what
    place = f"{what['data_owner']}/{what['source']}"
    return Consent(
        what["owner"], frozenset(f"{place}/{record}" for record in what["records"]) or frozenset({place}),
        what["recipient"], what["purpose"], date.fromisoformat(what["until"]), frozenset(what["labels"]),
        what["conditions"],
    )  # fmt: skip

"""From draft to note: its author and a reviewer state that it rests only on the records it cites."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from insight_kernel.errors import BadInput, NotAvailable
from insight_kernel.gateway.acts.kind import Act, Asked, Kind, Now, What, text, texts
from insight_kernel.gateway.drafts import LIFETIME, Draft, Drafts
from insight_kernel.gateway.floating import joined, read_join, written
from insight_kernel.model.label import Label
from insight_kernel.model.subject import Ask
from insight_kernel.policy.allowed import Known
from insight_kernel.policy.join import Join
from insight_kernel.policy.standing import decide_standing
from insight_kernel.store.opened import Store


class NoteKind(Kind):
    """A declassification: the note's join is that of the records cited, and no more that of the whole workspace.

    `what`: draft, records (ids); kept with it the case, the join and the owners whose labels were dropped, who see it.
    """

    name, operation = "note", "declassification"

    def __init__(self, store: Store, drafts: Drafts) -> None:
        self._store, self._drafts = store, drafts

    def checked(self, what: What, by: str, now: Now) -> Asked:
        """Return a request of the draft's author, who cites records his workspace was sent and he may see."""
        draft = self._drafts.find(text(what, "draft"))
        if draft is None or draft.author != by or now.time >= draft.made + LIFETIME:
            raise NotAvailable("make a note", "you have no such draft, or it is over", "See your drafts.")
        records = texts(what, "records")
        if not records:
            raise BadInput(
                "make a note", "records: cite at least one", "Name the records it rests on, by id."
            )
        join = self._cited(draft, records)
        if join is None or not self._sees(join, draft, by, now):
            raise NotAvailable(
                "make a note", "a record cited is not available", "Cite records you were shown."
            )
        dropped = self._owners(self._store.standing(*draft.parts).labels - join.labels)
        return Asked(
            {
                "draft": draft.id,
                "case": draft.case,
                "records": records,
                "join": written(join),
                "dropped": dropped,
            }
        )

    def may_decide(self, act: Act, user: str, now: Now) -> bool:
        """A reviewer who may read all of the draft, not only what it cites."""
        draft = self._drafts.find(act.what["draft"])
        if draft is None or not now.holds(user, "reviewer"):
            return False
        return draft.seen_by(now.people.subject(user), now.day, self._store, Known(now.people))

    def concerns(self, act: Act, user: str, now: Now) -> bool:
        """The owners of the labels dropped see that it was asked, and what became of it; the officer too."""
        keeper = any(now.holds(user, "owner-keeper", owner) for owner in act.what["dropped"])
        return keeper or now.holds(user, "officer") or super().concerns(act, user, now)

    def _cited(self, draft: Draft, records: list[str]) -> Join | None:
        """Return the join of the records cited, of what of them went into the draft; None when one did not."""
        join, sent = self._store.join_of_records(records), self._store.standing(*draft.parts).labels
        if len(join.records) != len(records) or not join.records <= joined(draft.parts).records:
            return None
        return replace(join, labels=join.labels & sent)

    def _sees(self, join: Join, draft: Draft, user: str, now: Now) -> bool:
        ask, known = Ask(draft.purpose, draft.necessity, now.day), Known(now.people)
        standing = self._store.standing(join)
        return decide_standing(now.people.subject(user), standing, self._store.labels(), known, ask).visible

    def _owners(self, labels: frozenset[int]) -> list[str]:
        stored = self._store.labels().labels
        return sorted({label.owner for n in labels if isinstance(label := stored[n], Label)})


def join_of_note(what: Mapping[str, Any]) -> Join:
    """Return a note's join."""
    return read_join(what["join"])

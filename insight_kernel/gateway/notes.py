"""Notes and drafts about something, as one workspace may read them."""

from typing import Any

from insight_kernel.gateway.acts.notes import join_of_note
from insight_kernel.gateway.acts.register import Acts
from insight_kernel.gateway.clock import Clock
from insight_kernel.gateway.drafts import Draft, Drafts
from insight_kernel.gateway.joins import Joins
from insight_kernel.model.subject import Ask, Subject
from insight_kernel.policy.join import Join

Told = dict[str, Any]


class Notes:
    """What persons have written, each piece under its own join."""

    def __init__(self, drafts: Drafts, acts: Acts, joins: Joins, clock: Clock) -> None:
        self._drafts, self._acts, self._joins, self._clock = drafts, acts, joins, clock

    def about(self, target: str, workspace: str, subject: Subject, ask: Ask) -> tuple[list[Told], Join]:
        """Return the notes somebody may see and his workspace's own drafts, oldest first, and the notes' join."""
        found, join = [], Join()
        for act in self._acts.of_kind("note"):
            draft, note = self._drafts.find(act.what["draft"]), join_of_note(act.what)
            if draft and draft.target == target and self._joins.satisfied((note,), subject, ask):
                found.append((draft, act.second))
                join |= note
        noted = {draft.id for draft, _ in found}
        mine = self._drafts.about(target, workspace, self._clock.now())
        found += [(draft, None) for draft in mine if draft.id not in noted]
        told = [told for draft, reviewer in found if (told := self._told(draft, reviewer))]
        return sorted(told, key=lambda each: str(each["made"])), join

    def kept(self) -> frozenset[str]:
        """Return the ids of what lives on: notes and remarks, as long as what they rest on is there.

        A remark ends with the report it stands beside.
        """
        day, erased = self._clock.today(), self._joins.erased
        notes = (act for act in self._acts.of_kind("note") if not erased((join_of_note(act.what),)))
        beside = (one for one in self._drafts.remarks() if day < one.label.expires and not erased(one.parts))
        return frozenset(act.what["draft"] for act in notes) | {one.id for one in beside}

    def _told(self, draft: Draft, reviewer: str | None) -> Told | None:
        text = self._drafts.text(draft)
        if text is None:
            return None
        return {"id": draft.id, "text": text, "author": draft.author, "reviewer": reviewer, "section": draft.section,
                "assessment": draft.assessment, "grade": draft.grade, "made": draft.made.isoformat("T", "seconds"),
                "draft": reviewer is None}  # fmt: skip

"""From a form to an act: what was typed is checked, told back in plain words, and done once it is confirmed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from insight_kernel.errors import BadInput, InsightError
from insight_kernel.gateway.acts.kind import Act
from insight_kernel.gateway.page import wording
from insight_kernel.gateway.page.forms import Form
from insight_kernel.gateway.page.login import Visit
from insight_kernel.gateway.page.proposals import Done, Proposal, Proposals, Said
from insight_kernel.gateway.page.rendering import Renderer
from insight_kernel.gateway.refusals import DeniedError, Weight, status_of
from insight_kernel.gateway.service import Gateway

Again = Callable[[InsightError], Said]
"""Shows a form again with what was typed, and what was wrong with it."""


@dataclass(frozen=True)
class Plan:
    """What a confirmation says: what will happen, what must happen first, and how to leave it.

    `asks` when somebody else decides.
    """

    heading: str
    lines: list[str]
    after: str
    button: str
    back: str
    reason: str = ""
    danger: bool = False
    asks: bool = False


class Acting:
    """Proposes acts to who is about to do them, and does them."""

    def __init__(self, gateway: Gateway, renderer: Renderer) -> None:
        self._gateway, self._renderer = gateway, renderer
        self._proposals = Proposals(gateway.refusals)

    def ask(
        self, visit: Visit, kind: str, what: Mapping[str, Any], form: Form, again: Again, back: str,
        lines: list[str] | None = None,
    ) -> Said:  # fmt: skip
        """Return the confirmation of an act that is asked for, or the form again; `lines` say it in other words."""
        reason = form.get("reason", "")
        again = self._noted(again, visit, kind)
        try:
            asked = self._gateway.acts.check(kind, what, by=visit.user, reason=reason, now=self._now())
        except InsightError as error:
            return again(error)
        after = "It takes effect at once." if asked.alone else wording.second(kind, asked.what)
        said = lines or wording.lines(kind, asked.what, self._gateway.organisation())
        plan = Plan(
            wording.ASKING[kind], said, after, "Do it" if asked.alone else "Ask for it", back, reason,
            danger=kind == "emergency" or asked.alone, asks=not asked.alone,
        )  # fmt: skip
        return self.offer(visit, plan, lambda: self._asked(visit, kind, what, reason), again)

    def decide(self, visit: Visit, form: Form) -> Said:
        """Return the confirmation of a decision about an act that waits for this person."""
        act = self._gateway.acts.waiting(form.get("act", ""), visit.user, self._now())
        answer, reason = form.get("answer"), form.get("reason", "")
        if answer not in ("agree", "refuse"):
            raise BadInput("decide", "it was not said whether you agree", "Choose one of the two.")
        lines = wording.lines(act.kind, act.what, self._gateway.organisation())
        if answer == "refuse":
            lines = [f"This does not happen: {line}" for line in lines[:1]]
        plan = Plan(
            "Agree" if answer == "agree" else "Refuse", lines, f"{act.by} asked for it and sees what you decide.",
            "I agree" if answer == "agree" else "I refuse", f"decisions/{act.id}", reason, danger=answer == "agree",
        )  # fmt: skip
        return self.offer(
            visit,
            plan,
            lambda: self._decided(visit, act.id, reason, agree=answer == "agree"),
            self._plainly(visit),
        )

    def end(self, visit: Visit, form: Form) -> Said:
        """Return the confirmation of the end of an act before its time."""
        act = self._gateway.acts.ending(form.get("act", ""), visit.user, self._now())
        reason = form.get("reason", "")
        if not reason.strip():
            raise BadInput("end it", "a reason is missing", "Say why, in a sentence.")
        heading = "Revoke the consent" if act.kind == "consent" else "End it now"
        plan = Plan(
            heading, wording.ending(act.kind, act.what), "It takes effect at once.", heading, f"decisions/{act.id}",
            reason, danger=True,
        )  # fmt: skip
        return self.offer(visit, plan, lambda: self._ended(visit, act.id, reason), self._plainly(visit))

    def offer(self, visit: Visit, plan: Plan, do: Callable[[], Done], failed: Again) -> Said:
        """Return the page that says what will happen, with the number by which it is confirmed once."""
        number = self._proposals.offer(visit, Proposal(do, failed))
        return self._renderer.page("confirm.html", visit, plan=plan, number=number), 200

    def confirm(self, visit: Visit, form: Form) -> Done | Said:
        """Do what was proposed."""
        return self._proposals.confirm(visit, form.get("number", ""))

    def _now(self) -> Any:
        return self._gateway.in_force.now()

    def _asked(self, visit: Visit, kind: str, what: Mapping[str, Any], reason: str) -> Done:
        return _done(self._gateway.acts.ask(kind, what, by=visit.user, reason=reason, now=self._now()))

    def _decided(self, visit: Visit, id_: str, reason: str, *, agree: bool) -> Done:
        now = self._now()
        return _done(self._gateway.acts.decide(id_, agree=agree, by=visit.user, now=now, reason=reason))

    def _ended(self, visit: Visit, id_: str, reason: str) -> Done:
        return _done(self._gateway.acts.end(id_, by=visit.user, reason=reason, now=self._now()))

    def _plainly(self, visit: Visit) -> Again:
        return lambda error: self._renderer.failed(error, visit)

    def _noted(self, again: Again, visit: Visit, kind: str) -> Again:
        """Let each refusal of an act stand in the log before it is told; emergencies raise an alarm."""

        def note(error: InsightError) -> Said:
            weight: Weight = "alarm" if kind == "emergency" else "full"
            fields = {"user": visit.user, "kind": kind, "why": type(error).__name__}
            self._gateway.refusals.record(
                DeniedError(status_of(error), "act-refused", weight, **fields), "page"
            )
            return again(error)

        return note


def _done(act: Act) -> Done:
    return Done(act.entry, f"decisions/{act.id}")

"""The pages of acts: what waits, consents, groups, emergencies - each with its list and its form."""

from collections.abc import Callable, Mapping
from typing import Any

from insight_kernel.errors import BadInput, InsightError, NotAvailable, Refused
from insight_kernel.gateway.acts.commands import shown_completeness
from insight_kernel.gateway.acts.completeness import Completeness
from insight_kernel.gateway.acts.kind import Act, Now
from insight_kernel.gateway.page import wording
from insight_kernel.gateway.page.acting import Acting
from insight_kernel.gateway.page.drafts import readable
from insight_kernel.gateway.page.forms import Form, ticked, words
from insight_kernel.gateway.page.label_form import USABLE
from insight_kernel.gateway.page.login import Visit
from insight_kernel.gateway.page.proposals import Said
from insight_kernel.gateway.page.rendering import Renderer
from insight_kernel.gateway.refusals import status_of
from insight_kernel.gateway.service import Gateway
from insight_kernel.model.label import SPECIAL

_GROUP_ROLES = ("owner-keeper", "operator", "officer")


class Desks:
    """The pages of acts of one service."""

    def __init__(self, gateway: Gateway, renderer: Renderer, acting: Acting) -> None:
        self._gateway, self._renderer, self._acting = gateway, renderer, acting

    def decisions(self, visit: Visit) -> str:
        """Return what waits for a person, what he asked for, and what he is told of; that he looked is logged."""
        now = self._now()
        self._gateway.audit.append({"operation": "consultation", "request": "acts", "user": visit.user})
        shown = self._gateway.acts.shown_to(visit.user, now)
        waiting = [act for act in shown if self._gateway.acts.may_decide(act, visit.user, now)]
        mine = [act for act in shown if act.by == visit.user]
        told = [act for act in shown if act not in waiting and act not in mine]
        return self._renderer.page(
            "decisions.html", visit, "decisions", waiting=waiting, mine=mine, told=told
        )

    def decision(self, visit: Visit, id_: str, typed: Form | None = None, error: str = "") -> str:
        """Return one act in plain words, with what this person may do about it."""
        now, acts = self._now(), self._gateway.acts
        act = acts.find(id_, visit.user, now)
        text = readable(self._gateway, self._gateway.drafts.find(act.what.get("draft", "")), visit.user)
        what = act.what if act.kind != "note" or text is not None else _of_a_draft(act.what, visit.user, now)
        return self._renderer.page(
            "decision.html", visit, "decisions", act=act, lines=wording.lines(act.kind, what, now.people),
            text=text, records=what.get("records"), mine=act.by == visit.user,
            completeness=self._completeness(visit, act),
            may_decide=acts.may_decide(act, visit.user, now),
            may_end=acts.may_end(act, visit.user, now) and not _over(act, now),
            second=wording.second(act.kind, act.what) if act.state == "waiting" else "", typed=typed or {}, error=error,
        )  # fmt: skip

    def decide(self, visit: Visit, form: Form) -> Said:
        """Propose a decision, or show the act again when the form does not say what is decided."""
        return self._answered(visit, form, self._acting.decide)

    def end(self, visit: Visit, form: Form) -> Said:
        """Propose that an act ends before its time."""
        return self._answered(visit, form, self._acting.end)

    def consents(self, visit: Visit) -> str:
        """Return the consents a person asked for, or decides about."""
        return self._renderer.page("consents.html", visit, "consents", acts=self._of(visit, "consent"))

    def consent_form(self, visit: Visit, typed: Form | None = None, error: str = "") -> str:
        """Return the form that asks for a consent."""
        return self._renderer.page("consent.html", visit, "consents", typed=typed or {}, error=error)

    def ask_consent(self, visit: Visit, form: Form) -> Said:
        """Propose a request for consent."""
        data_owner, _, source = form.get("source", "").strip().partition("/")
        what = {
            "owner": form.get("owner", "").strip() or data_owner, "data_owner": data_owner, "source": source,
            "records": words(form.get("records")), "recipient": form.get("recipient", "").strip(),
            "purpose": form.get("purpose"), "until": form.get("until"),
            "conditions": form.get("conditions", "").strip() or None,
        }  # fmt: skip

        def again(error: InsightError) -> Said:
            return self.consent_form(visit, form, str(error)), status_of(error)

        return self._acting.ask(visit, "consent", what, form, again, "consents/ask")

    def emergency(self, visit: Visit, typed: Form | None = None, error: str = "") -> str:
        """Return the emergencies a person may know of, and the form that asks for one."""
        found = self._of(visit, "emergency")
        return self._renderer.page(
            "emergency.html", visit, "emergency", acts=found, typed=typed or {}, error=error, usable=USABLE
        )

    def ask_emergency(self, visit: Visit, form: Form) -> Said:
        """Propose emergency access."""
        hours = form.get("hours", "")
        what = {
            "user": form.get("user", "").strip(), "hours": int(hours) if hours.isdecimal() else None,
            "clearance": form.get("clearance") or None, "permits": ticked(form, "permit", SPECIAL),
            "purposes": ticked(form, "purpose", USABLE), "files": words(form.get("files")),
        }  # fmt: skip

        def again(error: InsightError) -> Said:
            return self.emergency(visit, form, str(error)), status_of(error)

        return self._acting.ask(visit, "emergency", what, form, again, "emergency")

    def groups(self, visit: Visit, typed: Form | None = None, error: str = "") -> str:
        """Return who counts as a member of each group today, and which changes wait for their day."""
        now, known = self._now(), self._gateway.known()
        if not any(now.holds(visit.user, role) for role in _GROUP_ROLES):
            raise Refused("show the groups", "it is for keepers, operators and officers", "Ask one of them.")
        rows = [
            (group, now.people.groups.get(group, []), sorted(excluding))
            for group, excluding in sorted((known.excluding or {}).items())
        ]
        may_ask = not now.holds(visit.user, "officer")
        return self._renderer.page(
            "groups.html", visit, "groups", rows=rows, acts=self._of(visit, "group"), may_ask=may_ask,
            typed=typed or {}, error=error,
        )  # fmt: skip

    def ask_group(self, visit: Visit, form: Form) -> Said:
        """Propose a change of a group."""
        what = {
            "group": form.get("group", "").strip(), "add": words(form.get("add")),
            "remove": words(form.get("remove")),
        }  # fmt: skip

        def again(error: InsightError) -> Said:
            return self.groups(visit, form, str(error)), status_of(error)

        return self._acting.ask(visit, "group", what, form, again, "groups")

    def _answered(self, visit: Visit, form: Form, propose: Callable[[Visit, Form], Said]) -> Said:
        try:
            return propose(visit, form)
        except BadInput as error:
            return self.decision(visit, form.get("act", ""), form, str(error)), status_of(error)

    def _completeness(self, visit: Visit, act: Act) -> Completeness | None:
        """Return the figures two keepers have released, to a keeper of the owner; that he read them is logged."""
        if act.kind != "completeness":
            return None
        try:
            return shown_completeness(self._gateway, visit.user, act.id)
        except NotAvailable:
            return None

    def _now(self) -> Now:
        return self._gateway.in_force.now()

    def _of(self, visit: Visit, kind: str) -> list[Act]:
        return [act for act in self._gateway.acts.shown_to(visit.user, self._now()) if act.kind == kind]


def _over(act: Act, now: Now) -> bool:
    """Tell whether an act has ended by itself."""
    ends: Any = act.what.get("ends") or act.what.get("until", "9999-12-31T")
    return bool(ends < (now.time.isoformat() if "ends" in act.what else now.day.isoformat()))


def _of_a_draft(what: Mapping[str, Any], user: str, now: Now) -> dict[str, Any]:
    """Return what somebody who may not read a draft is told of it: neither records nor other owners."""
    own = now.organisation_of(user)
    dropped = [owner for owner in what["dropped"] if owner == own]
    return {"draft": what["draft"], "records": [], "dropped": dropped}

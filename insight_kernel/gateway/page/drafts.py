"""Drafts on the page: their author reads what code wrote, cites records, and asks that it become a note."""

from insight_kernel.errors import InsightError
from insight_kernel.gateway.drafts import Draft
from insight_kernel.gateway.page.acting import Acting
from insight_kernel.gateway.page.forms import Form, words
from insight_kernel.gateway.page.login import Visit
from insight_kernel.gateway.page.proposals import Said
from insight_kernel.gateway.page.rendering import Renderer
from insight_kernel.gateway.refusals import status_of
from insight_kernel.gateway.service import Gateway


class DraftPages:
    """The page of drafts of one service."""

    def __init__(self, gateway: Gateway, renderer: Renderer, acting: Acting) -> None:
        self._gateway, self._renderer, self._acting = gateway, renderer, acting

    def drafts(self, visit: Visit, typed: Form | None = None, error: str = "") -> str:
        """Return a person's drafts as plain text, with what became of each; that he read them is logged."""
        self._gateway.audit.append({"operation": "consultation", "request": "drafts", "user": visit.user})
        mine = self._gateway.drafts.by(visit.user, self._gateway.clock.now())
        found = [(draft, readable(self._gateway, draft, visit.user)) for draft in mine]
        shown = self._gateway.acts.shown_to(visit.user, self._gateway.in_force.now())
        asked = {act.what["draft"]: act for act in reversed(shown) if act.kind == "note"}
        return self._renderer.page(
            "drafts.html", visit, "drafts", drafts=found, asked=asked, typed=typed or {}, error=error
        )

    def propose(self, visit: Visit, form: Form) -> Said:
        """Propose that a draft becomes a note."""

        def again(error: InsightError) -> Said:
            return self.drafts(visit, form, str(error)), status_of(error)

        what = {"draft": form.get("draft", ""), "records": words(form.get("records"))}
        return self._acting.ask(visit, "note", what, form, again, "drafts")


def readable(gateway: Gateway, draft: Draft | None, user: str) -> str | None:
    """Return a draft's text for somebody whose own rights satisfy all of it today; None for anybody else."""
    known, day = gateway.known(), gateway.clock.today()
    if draft is None or not draft.seen_by(known.people.subject(user), day, gateway.store, known):
        return None
    return gateway.drafts.text(draft)

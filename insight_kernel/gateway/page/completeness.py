"""The page on which keepers ask for a report on how complete one of their sources is, and find those made before."""

from insight_kernel.errors import InsightError, NotAvailable
from insight_kernel.gateway.acts.kind import Act
from insight_kernel.gateway.page.acting import Acting
from insight_kernel.gateway.page.forms import Form
from insight_kernel.gateway.page.labels import kept_by
from insight_kernel.gateway.page.login import Visit
from insight_kernel.gateway.page.proposals import Said
from insight_kernel.gateway.page.rendering import Renderer
from insight_kernel.gateway.refusals import status_of
from insight_kernel.gateway.service import Gateway


class CompletenessPages:
    """The pages about completeness of one service; what was released is shown on the page of its act."""

    def __init__(self, gateway: Gateway, renderer: Renderer, acting: Acting) -> None:
        self._gateway, self._renderer, self._acting = gateway, renderer, acting

    def source(self, visit: Visit, source: str, typed: Form | None = None, error: str = "") -> str:
        """Return the form that asks for a report on a source of the keeper's organisation, and the earlier ones."""
        owner = kept_by(self._gateway, visit)
        if source not in {name for name, *_ in self._gateway.store.sources_of(owner)}:
            raise NotAvailable("show completeness", "you deliver no such source", "Check the name.")
        found = self._gateway.vocabulary.schemata
        schemata = sorted(name for name, schema in found.items() if not schema.abstract)
        return self._renderer.page(
            "completeness.html", visit, "labels", source=source, owner=owner, schemata=schemata,
            acts=self._earlier(visit, owner, source), typed=typed or {}, error=error,
        )  # fmt: skip

    def ask(self, visit: Visit, form: Form, source: str) -> Said:
        """Propose to ask for a report."""
        what = {"source": source, "schema": form.get("schema", "")}

        def again(error: InsightError) -> Said:
            return self.source(visit, source, form, str(error)), status_of(error)

        return self._acting.ask(visit, "completeness", what, form, again, f"labels/{source}/completeness")

    def _earlier(self, visit: Visit, owner: str, source: str) -> list[Act]:
        found = self._gateway.acts.shown_to(visit.user, self._gateway.in_force.now())
        return [
            act for act in found
            if (act.kind, act.what.get("owner"), act.what.get("source")) == ("completeness", owner, source)
        ]  # fmt: skip

"""The page on which keepers see and change the labels of their organisation's data."""

from dataclasses import dataclass
from typing import Any

from insight_kernel.errors import InsightError, NotAvailable, Refused, StartAgain
from insight_kernel.gateway.acts.commands import shown_labels
from insight_kernel.gateway.acts.kind import Act
from insight_kernel.gateway.owners import use_of
from insight_kernel.gateway.page import label_form, wording
from insight_kernel.gateway.page.acting import Acting, Again
from insight_kernel.gateway.page.forms import Form, words
from insight_kernel.gateway.page.login import Visit
from insight_kernel.gateway.page.proposals import Said
from insight_kernel.gateway.page.rendering import Renderer
from insight_kernel.gateway.refusals import status_of
from insight_kernel.gateway.service import Gateway
from insight_kernel.model.label import HANDLING
from insight_kernel.policy.change import FIELDS


@dataclass(frozen=True)
class _Chosen:
    """What a keeper looks at: a source, or some of its records."""

    source: str
    records: list[str]


class LabelPages:
    """The label pages of one service."""

    def __init__(self, gateway: Gateway, renderer: Renderer, acting: Acting) -> None:
        self._gateway, self._renderer, self._acting = gateway, renderer, acting

    def sources(self, visit: Visit) -> str:
        """Return the sources of a keeper's organisation."""
        owner = self._owner(visit)
        found = self._gateway.store.sources_of(owner)
        return self._renderer.page("labels.html", visit, "labels", owner=owner, sources=found)

    def use(self, visit: Visit) -> str:
        """Return when, for what and by which organisations the data of a keeper's organisation were used."""
        owner = self._owner(visit)
        return self._renderer.page(
            "use.html", visit, "use", owner=owner, uses=use_of(self._gateway, owner, visit.user)
        )

    def source(self, visit: Visit, source: str) -> str:
        """Return the labels of a source, their history, and the forms that change them."""
        return self._page(visit, _Chosen(source, []))

    def records(self, visit: Visit, form: Form, source: str) -> Said:
        """Return the same for some records, named by their ids."""
        return self._page(visit, _Chosen(source, words(form.get("records")))), 200

    def change(self, visit: Visit, form: Form, source: str) -> Said:
        """Propose the labels a form states, or show it again when somebody has changed them since."""
        chosen = _Chosen(source, words(form.get("records")))
        again = self._again(visit, form, chosen)
        try:
            found = self._labels(visit, chosen)
            if found["version"] != form.get("version"):
                raise StartAgain(
                    "change the labels", "somebody has changed them since", "Compare, then go on."
                )
            fields = label_form.read(form, found["labels"])
        except InsightError as error:
            return again(error)
        place = wording.records_of(f"{self._owner(visit)}/{source}", chosen.records)
        return self._ask(visit, form, chosen, fields, wording.relabelling(place, found["labels"], fields))

    def withdraw(self, visit: Visit, form: Form, source: str) -> Said:
        """Propose that records leave for good."""
        chosen = _Chosen(source, words(form.get("records")))
        lines = wording.withdrawal(self._owner(visit), source, chosen.records)
        return self._ask(visit, form, chosen, {"withdrawn": True}, lines)

    def _ask(
        self,
        visit: Visit,
        form: Form,
        chosen: _Chosen,
        fields: dict[str, Any],
        lines: list[str] | None = None,
    ) -> Said:
        what = {"source": chosen.source, "records": chosen.records, "fields": fields,
                "version": form.get("version", "")}  # fmt: skip
        again = self._again(visit, form, chosen)
        return self._acting.ask(visit, "label", what, form, again, f"labels/{chosen.source}", lines)

    def _again(self, visit: Visit, form: Form, chosen: _Chosen) -> Again:
        def again(error: InsightError) -> Said:
            if isinstance(error, Refused | NotAvailable):
                raise error
            return self._page(visit, chosen, form, str(error)), status_of(error)

        return again

    def _page(self, visit: Visit, chosen: _Chosen, typed: Form | None = None, error: str = "") -> str:
        found = self._labels(visit, chosen)
        labels = found["labels"]
        # a withdrawal is typed without the fields of the label
        shown = typed if typed and "receives" in typed else {**label_form.prefilled(labels), **(typed or {})}
        return self._renderer.page(
            "label.html", visit, "labels", source=chosen.source, records=chosen.records, labels=labels,
            version=found["version"], typed=shown, error=error, differing=label_form.differing(labels),
            history=self._history(visit, chosen), fields=FIELDS, usable=label_form.USABLE, handlings=HANDLING,
        )  # fmt: skip

    def _labels(self, visit: Visit, chosen: _Chosen) -> dict[str, Any]:
        found = shown_labels(self._gateway, visit.user, chosen.source, chosen.records)
        if not found["labels"]:
            raise NotAvailable("show the labels", "you deliver no such source or record", "Check the names.")
        return found

    def _history(self, visit: Visit, chosen: _Chosen) -> list[Act]:
        owner = self._owner(visit)
        found = self._gateway.acts.shown_to(visit.user, self._gateway.in_force.now())
        return [
            act for act in found
            if (act.kind, act.what.get("owner"), act.what.get("source")) == ("label", owner, chosen.source)
        ]  # fmt: skip

    def _owner(self, visit: Visit) -> str:
        return kept_by(self._gateway, visit)


def kept_by(gateway: Gateway, visit: Visit) -> str:
    """Return the organisation whose data a person keeps; refused for who is no keeper."""
    now = gateway.in_force.now()
    if not now.holds(visit.user, "owner-keeper"):
        raise Refused("show labels", "you are not a keeper of your organisation's data", "Ask one.")
    return now.organisation_of(visit.user)

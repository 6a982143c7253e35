"""The pages on which a person orders a report: what goes in is typed, told back, and confirmed by him."""

from dataclasses import dataclass, replace
from typing import Any

from insight_kernel.errors import BadInput, InsightError, NotAvailable, Refused
from insight_kernel.gateway.hub import Hub
from insight_kernel.gateway.ordering import Wanted, order_by_person, planned, template_named
from insight_kernel.gateway.orders import Order
from insight_kernel.gateway.page.acting import Acting, Plan
from insight_kernel.gateway.page.forms import Form, necessity, words
from insight_kernel.gateway.page.login import Visit
from insight_kernel.gateway.page.proposals import Done, Said
from insight_kernel.gateway.page.rendering import Renderer
from insight_kernel.gateway.page.sheets import choices
from insight_kernel.gateway.page.wording import named
from insight_kernel.gateway.refusals import status_of
from insight_kernel.gateway.service import Gateway
from insight_kernel.gateway.standing import group_fault
from insight_kernel.gateway.workspaces import Necessity
from insight_kernel.templates.parameters import Parameters, parse_pairs
from insight_kernel.templates.sidecar import Sidecar


@dataclass(frozen=True)
class Parameter:
    """One parameter as the form asks for it; `options` when it is one of a few."""

    name: str
    hint: str
    required: bool
    options: tuple[str, ...]


class MakingPages:
    """The pages that order reports of one service."""

    def __init__(self, gateway: Gateway, hub: Hub, renderer: Renderer, acting: Acting) -> None:
        self._gateway, self._hub, self._renderer, self._acting = gateway, hub, renderer, acting

    def form(self, visit: Visit, name: str, typed: Form | None = None, error: str = "") -> str:
        """Return the form of a template: for which case and purpose, with what, and for whom."""
        found = template_named(self._gateway, name)
        people, day = self._gateway.organisation(), self._gateway.clock.today()
        mine = [
            replace(choice, purposes=tuple(p for p in choice.purposes if p in found.sidecar.purpose))
            for choice in choices(people, visit.user, day)
        ]
        return self._renderer.page(
            "make.html", visit, "reports", template=found, asked=_asked(found.sidecar), typed=typed or {},
            choices=[choice for choice in mine if choice.purposes], error=error,
        )  # fmt: skip

    def propose(self, visit: Visit, form: Form, name: str) -> Said:
        """Propose the reports that a form asks for, or show it again."""

        def again(error: InsightError) -> Said:
            return self.form(visit, name, form, str(error)), status_of(error)

        try:
            wanted, needed = self._wanted(form, name), necessity(form)
            orders = self._planned(visit, form, wanted, needed)
        except NotAvailable:
            raise
        except InsightError as error:
            return again(error)

        def do() -> Done:
            placed = self._planned(visit, form, wanted, needed)  # as everything is now
            return Done(order_by_person(self._gateway, placed, needed), "reports")

        return self._acting.offer(visit, self._plan(orders, wanted), do, again)

    def stop(self, visit: Visit, form: Form) -> None:
        """End an order of this person's that is not over."""
        run = form.get("run", "")
        if run not in {order.run for order in self._gateway.orders.of_user(visit.user)}:
            raise NotAvailable("stop it", "you ordered no such report", "See the list of reports.")
        self._gateway.audit.append({"operation": "order", "act": "stopped", "user": visit.user, "run": run})
        self._gateway.orders.stop(run)

    def _wanted(self, form: Form, name: str) -> Wanted:
        sidecar = template_named(self._gateway, name).sidecar
        return Wanted(name, _given(form, sidecar), words(form.get("recipients")), form.get("last") or None)

    def _planned(self, visit: Visit, form: Form, wanted: Wanted, needed: Necessity | None) -> list[Order]:
        case, _, purpose = form.get("work", "").rpartition("/")
        if not case:
            raise BadInput("make the report", "case and purpose are missing", "Choose them.")
        found = planned(self._gateway, wanted, user=visit.user, case=case, purpose=purpose, necessity=needed)
        groups, people = self._hub.groups_of(visit.user), self._gateway.organisation()
        if group_fault(groups, case, people) is not None:
            raise Refused(
                "make the report", "the hub does not count you among its members", "Ask its keeper."
            )
        return found

    def _plan(self, orders: list[Order], wanted: Wanted) -> Plan:
        session, people = orders[0].session, self._gateway.organisation()
        recipients = [order.session.recipient for order in orders if order.session.recipient]
        lines = [
            f"The template {wanted.template} is run for {session.case}, for one purpose: {session.purpose}.",
            *(f"{name}: {value}" for name, value in orders[0].parameters.items()),
            *(
                f"A rendition for {named(code, people)}: what both you and they may see."
                for code in recipients
            ),
            *([] if recipients else ["One report, with what you may see."]),
            f"It is gone on {session.until}; values that expire earlier are left out.",
        ]
        after = f"The report service makes {'it now' if len(orders) == 1 else 'them now, one by one'}."
        return Plan("Make the report", lines, after, "Make it", f"make/{wanted.template}")


def _asked(sidecar: Sidecar) -> list[Parameter]:
    found = []
    for name, schema in sidecar.parameters["properties"].items():
        options = ("true", "false") if schema.get("type") == "boolean" else schema.get("enum", ())
        hint = str(schema.get("description", ""))
        found.append(Parameter(name, hint, name in sidecar.required, tuple(map(str, options))))
    return found


def _given(form: Form, sidecar: Sidecar) -> Parameters:
    """Return what was typed; what was left empty is not given."""
    typed: dict[str, Any] = {name: form.get(f"p-{name}", "").strip() for name in sidecar.names}
    return parse_pairs((f"{name}={text}" for name, text in typed.items() if text), sidecar)

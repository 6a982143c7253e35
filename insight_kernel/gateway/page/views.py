"""What a person sees of his own work: workspaces, what they have read, and his accesses."""

from insight_kernel.audit.chain import entries
from insight_kernel.gateway.floating import joined
from insight_kernel.gateway.membership import own_workspace
from insight_kernel.gateway.page.forms import Form
from insight_kernel.gateway.page.login import Visit
from insight_kernel.gateway.page.rendering import Renderer
from insight_kernel.gateway.page.sheets import Access, accesses, cards, choices
from insight_kernel.gateway.service import Gateway
from insight_kernel.gateway.workspaces import Opened
from insight_kernel.model.organisation import Organisation
from insight_kernel.policy.join import Summary


class Views:
    """The pages about workspaces."""

    def __init__(self, gateway: Gateway, renderer: Renderer) -> None:
        self._gateway, self._renderer = gateway, renderer

    def home(self, visit: Visit) -> str:
        """Return a person's workspaces, and the form for one of a case he has none for."""
        people, day = self._gateway.organisation(), self._gateway.clock.today()
        mine = self._gateway.workspaces.of(visit.user)
        taken = {opened.case for opened in mine}
        free = [choice for choice in choices(people, visit.user, day) if choice.case not in taken]
        rooms = cards(self._gateway.workspaces.with_member(visit.user), people, day)
        return self._renderer.page(
            "home.html",
            visit,
            "",
            cards=cards(mine, people, day),
            free=free,
            rooms=rooms,
            names=_names(people),
        )

    def accesses(self, visit: Visit) -> str:
        """Return a person's own latest accesses; that he read them is logged too."""
        found = self._accesses(visit, None)
        return self._renderer.page("accesses.html", visit, "accesses", accesses=found)

    def workspace(self, visit: Visit, server: str, typed: Form | None = None, error: str = "") -> str:
        """Return what one of his workspaces has read, who is in it, and its latest accesses."""
        opened = own_workspace(self._gateway, visit.user, server)
        session = opened.session(self._gateway.clock.today())
        join = joined(self._gateway.floating.of(session.workspace))
        label = _rows(self._gateway.summary(session))
        found = self._accesses(visit, session.workspace)
        return self._renderer.page(
            "workspace.html", visit, opened=opened, title=self._title(opened), records=len(join.records),
            label=label, accesses=found, names=_names(self._gateway.organisation()), typed=typed or {}, error=error,
        )  # fmt: skip

    def replacing(self, visit: Visit, server: str) -> str:
        """Return the form that replaces a workspace by an empty one."""
        opened = own_workspace(self._gateway, visit.user, server)
        people, day = self._gateway.organisation(), self._gateway.clock.today()
        mine = [choice for choice in choices(people, visit.user, day) if choice.case == opened.case]
        return self._renderer.page("replace.html", visit, opened=opened, choices=mine)

    def _title(self, opened: Opened) -> str:
        case = self._gateway.organisation().cases.get(opened.case)
        return case.title if case else ""

    def _accesses(self, visit: Visit, workspace: str | None) -> list[Access]:
        entry = {"operation": "consultation", "request": "own-accesses", "user": visit.user, "of": workspace}
        self._gateway.audit.append(entry)
        return accesses(entries(self._gateway.store.folder.audit_log), visit.user, workspace)


def _names(people: Organisation) -> dict[str, str]:
    return {user: entry.name for user, entry in people.users.items()}


def _rows(label: Summary) -> list[tuple[str, str]]:
    rows = [
        ("Level", label.level), ("Owners", ", ".join(label.owners)), ("Purposes left", ", ".join(label.purposes)),
        ("Handling", ", ".join(label.handling)), ("Special", ", ".join(label.special)),
        ("Conditions", "; ".join(label.conditions)), ("Earliest expiry", str(label.expires or "")),
        ("Besides", "other conditions" if label.other else ""),
    ]  # fmt: skip
    return [(name, value) for name, value in rows if value]

"""What each page shows, as HTML: templates filled with plain values, everything escaped."""

from http import HTTPStatus
from secrets import token_hex
from typing import Any

import jinja2
from fastapi.responses import JSONResponse, Response

from insight_kernel.audit.chain import entries
from insight_kernel.errors import InsightError, NotAvailable
from insight_kernel.gateway.hub import HubSettings
from insight_kernel.gateway.login import Visit
from insight_kernel.gateway.refusals import status_of
from insight_kernel.gateway.service import Gateway
from insight_kernel.gateway.sheets import Access, accesses, cards, choices
from insight_kernel.gateway.workspaces import Opened
from insight_kernel.model.label import PURPOSE_MEANINGS
from insight_kernel.policy.join import Summary

_SENTENCES = {
    403: "This is not permitted. Log in again, and use the forms of this page only.",
    404: "There is no such page, or none for you.",
}


class Views:
    """The pages of one service."""

    def __init__(self, gateway: Gateway, settings: HubSettings) -> None:
        self._gateway, self._settings = gateway, settings
        self._loader = jinja2.PackageLoader("insight_kernel.gateway", "pages")
        self._templates = jinja2.Environment(
            loader=self._loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True
        )

    def home(self, visit: Visit) -> str:
        """Return a person's workspaces, and the form for one of a case he has none for."""
        people, day = self._gateway.organisation(), self._gateway.clock.today()
        mine = self._gateway.workspaces.of(visit.user)
        taken = {opened.case for opened in mine}
        free = [choice for choice in choices(people, visit.user, day) if choice.case not in taken]
        return self._page("home.html", visit, here="home", cards=cards(mine, people, day), free=free)

    def accesses(self, visit: Visit) -> str:
        """Return a person's own latest accesses; that he read them is logged too."""
        return self._page("accesses.html", visit, here="accesses", accesses=self._accesses(visit, None))

    def workspace(self, visit: Visit, server: str) -> str:
        """Return what one of his workspaces has read: its floating label and its latest accesses."""
        opened = self._opened(visit, server)
        session = opened.session(self._gateway.clock.today())
        join = self._gateway.floating.of(session.workspace)
        label = _rows(self._gateway.summary(session))
        found = self._accesses(visit, session.workspace)
        return self._page(
            "workspace.html", visit, opened=opened, title=self._title(opened), records=len(join.records),
            label=label, accesses=found,
        )  # fmt: skip

    def replacing(self, visit: Visit, server: str) -> str:
        """Return the form that replaces a workspace by an empty one."""
        opened = self._opened(visit, server)
        people, day = self._gateway.organisation(), self._gateway.clock.today()
        mine = [choice for choice in choices(people, visit.user, day) if choice.case == opened.case]
        return self._page("replace.html", visit, opened=opened, choices=mine)

    def failed(self, error: Exception) -> tuple[str, int]:
        """Return a page that says what went wrong, and its status; never a value or a place in the code."""
        if isinstance(error, InsightError):
            status, text = status_of(error), str(error)
        else:
            status = getattr(error, "status", getattr(error, "status_code", 500))
            text = _SENTENCES.get(status, f"Nothing was done. If it stays, report {token_hex(8)}.")
        return self._page("said.html", None, heading=HTTPStatus(status).phrase, text=text), status

    def style(self) -> Response:
        """Return the style sheet."""
        text, *_ = self._loader.get_source(self._templates, "style.css")
        return Response(text, media_type="text/css")

    def health(self) -> JSONResponse:
        """Return whether all is well, for machines; details are the operator's."""
        return JSONResponse({"status": self._gateway.health()["status"]})

    def _page(self, name: str, visit: Visit | None, **shown: Any) -> str:
        person = self._gateway.organisation().users.get(visit.user) if visit else None
        common = {
            "prefix": self._settings.prefix, "demo": self._settings.profile == "demo", "here": "",
            "person": person.name if person else visit.user if visit else "", "form": visit.form if visit else "",
            "permits": person.permits if person else [], "purposes": PURPOSE_MEANINGS,
        }  # fmt: skip
        return self._templates.get_template(name).render(**{**common, **shown})

    def _opened(self, visit: Visit, server: str) -> Opened:
        opened = self._gateway.workspaces.find(visit.user, server)
        if opened is None:
            raise NotAvailable("show the workspace", "there is none of this name for you", "Open one first.")
        return opened

    def _title(self, opened: Opened) -> str:
        case = self._gateway.organisation().cases.get(opened.case)
        return case.title if case else ""

    def _accesses(self, visit: Visit, workspace: str | None) -> list[Access]:
        entry = {"operation": "consultation", "request": "own-accesses", "user": visit.user, "of": workspace}
        self._gateway.audit.append(entry)
        return accesses(entries(self._gateway.store.folder.audit_log), visit.user, workspace)


def _rows(label: Summary) -> list[tuple[str, str]]:
    rows = [
        ("Level", label.level), ("Owners", ", ".join(label.owners)), ("Purposes left", ", ".join(label.purposes)),
        ("Handling", ", ".join(label.handling)), ("Special", ", ".join(label.special)),
        ("Conditions", "; ".join(label.conditions)), ("Earliest expiry", str(label.expires or "")),
        ("Besides", "other conditions" if label.other else ""),
    ]  # fmt: skip
    return [(name, value) for name, value in rows if value]

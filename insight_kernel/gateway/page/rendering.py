"""How every page is made: templates filled with plain values, everything escaped, the same frame around all."""

from dataclasses import dataclass
from http import HTTPStatus
from secrets import token_hex
from typing import Any

import jinja2
from fastapi.responses import JSONResponse, Response

from insight_kernel.errors import InsightError
from insight_kernel.gateway.hub import HubSettings
from insight_kernel.gateway.page import wording
from insight_kernel.gateway.page.login import Visit
from insight_kernel.gateway.page.notices import notices
from insight_kernel.gateway.refusals import status_of
from insight_kernel.gateway.service import Gateway
from insight_kernel.model.label import LEVELS, PURPOSE_MEANINGS, SPECIAL

_SENTENCES = {
    403: "This is not permitted. Log in again, and use the forms of this page only.",
    404: "There is no such page, or none for you.",
    408: "The form did not arrive in time. Nothing was done.",
    413: "The form is too long. Nothing was done.",
    422: "The form cannot be read. Nothing was done.",
}
_GROUP_ROLES = {"owner-keeper", "operator", "officer"}


@dataclass(frozen=True)
class Entry:
    """One entry of the navigation; `count` is what waits there."""

    path: str
    title: str
    count: int = 0


class Renderer:
    """The templates of one service."""

    def __init__(self, gateway: Gateway, settings: HubSettings) -> None:
        self._gateway, self._settings = gateway, settings
        self._loader = jinja2.PackageLoader("insight_kernel.gateway.page", "templates")
        self._templates = jinja2.Environment(
            loader=self._loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True,
            lstrip_blocks=True,
        )  # fmt: skip
        self._templates.filters["moment"] = wording.moment
        self._templates.globals.update(
            purposes=PURPOSE_MEANINGS, levels=LEVELS, specials=SPECIAL, kinds=wording.KINDS, state=wording.state,
            title_of=wording.title, field_value=wording.value, field_names=wording.FIELDS, reasons=wording.REASONS,
        )  # fmt: skip

    def page(self, name: str, visit: Visit | None, here: str | None = None, **shown: Any) -> str:
        """Return a page for a visit; `here` is the path of its entry in the navigation."""
        person = self._gateway.organisation().users.get(visit.user) if visit else None
        told = notices(self._gateway, visit.user) if visit else []
        common = {
            "prefix": self._settings.prefix, "demo": self._settings.profile == "demo", "here": here,
            "person": person.name if person else visit.user if visit else "", "form": visit.form if visit else "",
            "permits": person.permits if person else [], "entries": self._entries(visit, len(told)) if visit else [],
            "notices": told,
        }  # fmt: skip
        return self._templates.get_template(name).render(**{**common, **shown})

    def failed(self, error: Exception, visit: Visit | None = None) -> tuple[str, int]:
        """Return a page that says what went wrong, and its status; never a value or a place in the code."""
        if isinstance(error, InsightError):
            status, text = status_of(error), str(error)
        else:
            status = getattr(error, "status", getattr(error, "status_code", 500))
            text = _SENTENCES.get(status, f"Nothing was done. If it stays, report {token_hex(8)}.")
        return self.page("said.html", visit, heading=HTTPStatus(status).phrase, text=text), status

    def style(self) -> Response:
        """Return the style sheet."""
        text, *_ = self._loader.get_source(self._templates, "style.css")
        return Response(text, media_type="text/css")

    def health(self) -> JSONResponse:
        """Return whether all is well, for machines; details are the operator's."""
        return JSONResponse({"status": self._gateway.health()["status"]})

    def _entries(self, visit: Visit, told: int) -> list[Entry]:
        """Return the navigation of a person: what his roles let him do."""
        now = self._gateway.in_force.now()
        entry = now.people.users.get(visit.user)
        if entry is None:
            return [Entry("", "Workspaces"), Entry("accesses", "My accesses")]
        waiting = len(self._gateway.acts.waiting_for(visit.user, now))
        drafts, keeper = (
            [Entry("drafts", "Drafts")],
            [Entry("labels", "Labels"), Entry("use", "Use of our data")],
        )
        groups = [Entry("groups", "Groups")]
        return [
            Entry("", "Workspaces", told), Entry("accesses", "My accesses"), Entry("reports", "Reports"),
            *(drafts if "analyst" in entry.roles else []), Entry("decisions", "Decisions", waiting),
            Entry("consents", "Consents"), *(keeper if "owner-keeper" in entry.roles else []),
            *(groups if _GROUP_ROLES & set(entry.roles) else []), Entry("emergency", "Emergency"),
            *([Entry("log", "Log")] if "officer" in entry.roles else []),
        ]  # fmt: skip

"""The page's routes: who is logged in sees his pages, and acts by forms of this origin; nothing else acts.

Server-rendered, without script, with a login of its own through the hub. Forms carry a secret of the visit; a request
that another origin sent, or that shows a token, is refused. Nothing is ever filled in from a URL.
"""

import re
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from insight_kernel.errors import InsightError
from insight_kernel.gateway.hub import Hub
from insight_kernel.gateway.membership import enter_room, own_workspace
from insight_kernel.gateway.page.acting import Acting
from insight_kernel.gateway.page.completeness import CompletenessPages
from insight_kernel.gateway.page.desks import Desks
from insight_kernel.gateway.page.drafts import DraftPages
from insight_kernel.gateway.page.forms import Form, is_ours, is_tls, necessity, read_form
from insight_kernel.gateway.page.labels import LabelPages
from insight_kernel.gateway.page.log import LogPages
from insight_kernel.gateway.page.login import Logins, Visit
from insight_kernel.gateway.page.making import MakingPages
from insight_kernel.gateway.page.proposals import Done, Said
from insight_kernel.gateway.page.remarks import RemarkForms
from insight_kernel.gateway.page.rendering import Renderer
from insight_kernel.gateway.page.reports import ReportPages
from insight_kernel.gateway.page.rooms import RoomPages
from insight_kernel.gateway.page.views import Views
from insight_kernel.gateway.refusals import DeniedError
from insight_kernel.gateway.service import Gateway
from insight_kernel.gateway.workspaces import Opened

_VISIT, _STATE = "insight-visit", "insight-login"
_LEADING_ELSEWHERE = re.compile(
    rb"(^|/|%2f|%5c|\\)(\.|%2e){2}($|/|%2f|%5c|\\)|%00|%2f|%5c|\\|//", re.IGNORECASE
)
"""What no link of ours holds: steps upwards, separators in disguise, an end of text."""
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
Answer = Callable[[Request], Awaitable[Response]]
Show = Callable[[Visit, str], str | Response]
"""Makes a page, or sends a file; the text is what the path chooses to show."""
Propose = Callable[[Visit, Form, str], Said]
"""Reads a form of that page; the answer is a confirmation, or the form again."""


def page_app(gateway: Gateway, hub: Hub) -> FastAPI:
    """Return the application of the page's own listener, below the prefix the hub gave this service."""
    return _Page(gateway, hub).app


class _Page:
    def __init__(self, gateway: Gateway, hub: Hub) -> None:
        self._gateway, self._hub = gateway, hub
        self._prefix = hub.settings.prefix
        self._logins = Logins(hub, gateway.store.folder.key)
        self._renderer = Renderer(gateway, hub.settings)
        self._acting = Acting(gateway, self._renderer)
        self._drafts = DraftPages(gateway, self._renderer, self._acting)
        self._reports = ReportPages(gateway, self._renderer, self._acting)
        self._making = MakingPages(gateway, hub, self._renderer, self._acting)
        self._views = Views(gateway, self._renderer)
        self._rooms = RoomPages(gateway, self._renderer, self._acting, self._views)
        self.app = FastAPI(
            title="INSIGHT page", redirect_slashes=False, docs_url=None, redoc_url=None, openapi_url=None
        )
        self._add_routes()
        self.app.middleware("http")(self._guarded)
        for error in (InsightError, DeniedError, HTTPException, Exception):
            self.app.add_exception_handler(error, self._failed)

    def _add_routes(self) -> None:
        for path, view in self._shown().items():
            self._add(path, self._showing(view), "GET")
        for path, propose in self._proposed().items():
            self._add(path, self._acting_on(_proposing(propose)), "POST")
        own = {"open": self._open, "replace": self._replace, "start": self._start, "logout": self._log_out,
               "confirm": self._confirm, "stop": self._stop, "rooms/open": self._open_room}  # fmt: skip
        for path, act in own.items():
            self._add(path, self._acting_on(act), "POST")
        self._add("reports/{name}/page", self._showing(self._reports.opened), "GET")
        self._add("reports/{name}/released/{to}/{file}", self._showing_file, "GET")
        self._add("oauth_callback", self._log_in, "GET")
        self._add("style.css", self._renderer.style, "GET")
        self._add("health", self._renderer.health, "GET")

    def _add(self, path: str, endpoint: Callable[..., object], method: str) -> None:
        self.app.add_api_route(f"{self._prefix}{path}", endpoint, methods=[method])

    def _shown(self) -> dict[str, Show]:
        """Return every page by its path."""
        views = self._views
        desks = Desks(self._gateway, self._renderer, self._acting)
        labels = LabelPages(self._gateway, self._renderer, self._acting)
        completeness = CompletenessPages(self._gateway, self._renderer, self._acting)
        return {
            "": lambda visit, _: views.home(visit),
            "accesses": lambda visit, _: views.accesses(visit),
            "workspaces/{name}": views.workspace,
            "workspaces/{name}/replace": views.replacing,
            "decisions": lambda visit, _: desks.decisions(visit),
            "decisions/{name}": desks.decision,
            "consents": lambda visit, _: desks.consents(visit),
            "consents/ask": lambda visit, _: desks.consent_form(visit),
            "labels": lambda visit, _: labels.sources(visit),
            "labels/{name}": labels.source,
            "labels/{name}/completeness": completeness.source,
            "drafts": lambda visit, _: self._drafts.drafts(visit),
            "use": lambda visit, _: labels.use(visit),
            "log": lambda visit, _: LogPages(self._gateway, self._renderer).form(visit),
            "emergency": lambda visit, _: desks.emergency(visit),
            "groups": lambda visit, _: desks.groups(visit),
            "reports": lambda visit, _: self._reports.reports(visit),
            "reports/{name}": self._reports.report,
            "make/{name}": self._making.form,
        }

    def _proposed(self) -> dict[str, Propose]:
        """Return what each form proposes, by the path it is sent to."""
        desks = Desks(self._gateway, self._renderer, self._acting)
        labels = LabelPages(self._gateway, self._renderer, self._acting)
        completeness = CompletenessPages(self._gateway, self._renderer, self._acting)
        return {
            "decide": lambda visit, form, _: desks.decide(visit, form),
            "end": lambda visit, form, _: desks.end(visit, form),
            "consents/ask": lambda visit, form, _: desks.ask_consent(visit, form),
            "labels/{name}": labels.change,
            "labels/{name}/withdraw": labels.withdraw,
            "labels/{name}/records": labels.records,
            "labels/{name}/completeness": completeness.ask,
            "drafts": lambda visit, form, _: self._drafts.propose(visit, form),
            "emergency": lambda visit, form, _: desks.ask_emergency(visit, form),
            "groups": lambda visit, form, _: desks.ask_group(visit, form),
            "log": lambda visit, form, _: LogPages(self._gateway, self._renderer).found(visit, form),
            "reports/{name}/release": self._reports.propose,
            "reports/{name}/remark": RemarkForms(self._gateway, self._reports, self._acting).propose,
            "make/{name}": self._making.propose,
            "workspaces/{name}/members": self._rooms.add,
            "workspaces/{name}/members/remove": self._rooms.remove,
            "rooms/leave": lambda visit, form, _: self._rooms.leave(visit, form),
        }

    def _showing(self, view: Show) -> Answer:
        """Return a route that shows a view to who is logged in, and sends others to the hub's login."""

        async def show(request: Request) -> Response:
            visit = await self._visit(request)
            if visit is None:
                return self._to_login(request.url.path)
            found = await run_in_threadpool(view, visit, request.path_params.get("name", ""))
            return found if isinstance(found, Response) else HTMLResponse(found)

        return show

    async def _showing_file(self, request: Request) -> Response:
        """Send a released file; the path chooses it, and only what was released is there."""
        to, file = request.path_params["to"], request.path_params["file"]
        return await self._showing(lambda visit, run: self._reports.released(visit, run, to, file))(request)

    def _acting_on(self, act: Callable[[Visit, Form, Request], Response]) -> Answer:
        """Return a route that does what a form of ours asks; anything else is refused before it is read."""

        async def do(request: Request) -> Response:
            visit = await self._visit(request)
            if visit is None:
                return self._to_login(self._prefix)
            form = await read_form(request)
            if not is_ours(request) or form.pop("form", "") != visit.form:
                denied = DeniedError(403, "foreign-form", "alarm", user=visit.user, page=request.url.path)
                await run_in_threadpool(self._gateway.refusals.record, denied, "page")
                raise denied
            return await run_in_threadpool(act, visit, form, request)

        return do

    async def _visit(self, request: Request) -> Visit | None:
        self._gateway.vouching.check()
        return await run_in_threadpool(self._logins.find, request.cookies.get(_VISIT, ""))

    def _to_login(self, path: str) -> Response:
        address, state = self._logins.begin(path)
        answer = RedirectResponse(address, 303)
        # Lax: the hub sends the browser back from its own pages
        answer.set_cookie(_STATE, state, path=self._prefix, httponly=True, samesite="lax", max_age=600)
        return answer

    def _log_in(self, request: Request, state: str = "", code: str = "") -> Response:
        found = self._logins.finish(state, request.cookies.get(_STATE, ""), code)
        if found is None:
            raise DeniedError(403, "no-login", "tally")
        cookie, path = found
        answer = RedirectResponse(path, 303)
        answer.set_cookie(
            _VISIT, cookie, path=self._prefix, httponly=True, samesite="strict", secure=is_tls(request)
        )
        answer.delete_cookie(_STATE, path=self._prefix)
        return answer

    def _log_out(self, _: Visit, __: Form, request: Request) -> Response:
        self._logins.end(request.cookies.get(_VISIT, ""))
        answer = self._sent_on(None, self._hub.settings.hub_page("logout"))
        answer.delete_cookie(_VISIT, path=self._prefix)
        return answer

    def _confirm(self, visit: Visit, form: Form, _: Request) -> Response:
        done = self._acting.confirm(visit, form)
        if isinstance(done, Done):
            return RedirectResponse(f"{self._prefix}{quote(done.path)}", 303)
        return HTMLResponse(*done)

    def _stop(self, visit: Visit, form: Form, _: Request) -> Response:
        self._making.stop(visit, form)
        return RedirectResponse(f"{self._prefix}reports", 303)

    def _open(self, visit: Visit, form: Form, _: Request) -> Response:
        return self._started(visit, self._made(visit, form, replace=False))

    def _replace(self, visit: Visit, form: Form, _: Request) -> Response:
        return self._started(visit, self._made(visit, form, replace=True))

    def _start(self, visit: Visit, form: Form, _: Request) -> Response:
        return self._started(visit, own_workspace(self._gateway, visit.user, form.get("server", "")))

    def _made(self, visit: Visit, form: Form, *, replace: bool) -> Opened:
        case, _, purpose = form.get("work", "").rpartition("/")
        return self._gateway.open_workspace(
            visit.user, case, purpose, necessity(form), by=visit.user, replace=replace
        )

    def _started(self, visit: Visit, opened: Opened) -> Response:
        if opened.uid is not None:
            return self._entered(visit, opened)
        self._gateway.server_of(opened.account, opened.server)
        self._hub.start(opened.account, opened.server)
        pending = f"spawn-pending/{quote(opened.account)}/{quote(opened.server)}"
        return RedirectResponse(self._hub.settings.hub_page(pending), 303)

    def _open_room(self, visit: Visit, form: Form, _: Request) -> Response:
        return self._entered(visit, self._rooms.find(visit, form))

    def _entered(self, visit: Visit, opened: Opened) -> Response:
        """Send somebody to a server that belongs to no account of his, or tell him that it is starting."""
        if enter_room(self._gateway, self._hub, opened, visit.user):
            return self._sent_on(visit, self._hub.settings.server_page(opened.account, opened.server))
        return HTMLResponse(self._rooms.starting(visit, opened))

    def _sent_on(self, visit: Visit | None, address: str) -> Response:
        """Answer a form by sending its browser on; to another origin no form of ours may lead, but a page may."""
        if not self._hub.settings.address:
            return RedirectResponse(address, 303)
        page = self._renderer.page("elsewhere.html", visit, address=address)
        return HTMLResponse(page, headers={"Refresh": f"0; url={address}"})

    def _failed(self, _: Request, error: Exception) -> Response:
        return HTMLResponse(*self._renderer.failed(error))

    async def _guarded(self, request: Request, answer: Answer) -> Response:
        """Refuse whatever shows a token: a person logs in, code does not; give every answer its headers."""
        if "authorization" in request.headers:
            denied = DeniedError(403, "token-at-page", "alarm", page=request.url.path)
            await run_in_threadpool(self._gateway.refusals.record, denied, "page")
            response = self._failed(request, denied)
        elif _LEADING_ELSEWHERE.search(request.scope["raw_path"]):
            denied = DeniedError(404, "path-elsewhere", "alarm", size=len(request.scope["raw_path"]))
            await run_in_threadpool(self._gateway.refusals.record, denied, "page")
            response = self._failed(request, denied)
        else:
            response = await answer(request)
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        return response


def _proposing(propose: Propose) -> Callable[[Visit, Form, Request], Response]:
    def act(visit: Visit, form: Form, request: Request) -> Response:
        return HTMLResponse(*propose(visit, form, request.path_params.get("name", "")))

    return act

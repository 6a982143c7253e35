"""The page: where a person states a case and a purpose, and sees what a workspace has read.

Server-rendered, without script, with a login of its own through the hub. Forms carry a secret of the visit, and
a request that another origin sent is refused; nothing is ever filled in from a URL.
"""

from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl, quote, urlsplit

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from insight_kernel.errors import InsightError
from insight_kernel.gateway.hub import Hub
from insight_kernel.gateway.login import Logins, Visit
from insight_kernel.gateway.page_views import Views
from insight_kernel.gateway.refusals import DeniedError
from insight_kernel.gateway.service import Gateway
from insight_kernel.gateway.workspaces import Necessity, Opened, read_necessity

_VISIT, _STATE = "insight-visit", "insight-login"
_MOST_BYTES = 10_000
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'",
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}
Form = dict[str, str]
Answer = Callable[[Request], Awaitable[Response]]


def page_app(gateway: Gateway, hub: Hub) -> FastAPI:
    """Return the application of the page's own listener, below the prefix the hub gave this service."""
    return _Page(gateway, hub).app


class _Page:
    def __init__(self, gateway: Gateway, hub: Hub) -> None:
        self._gateway, self._hub = gateway, hub
        self._prefix = hub.settings.prefix
        self._logins = Logins(hub, gateway.store.folder.key)
        self._views = Views(gateway, hub.settings)
        self.app = FastAPI(
            title="INSIGHT page", redirect_slashes=False, docs_url=None, redoc_url=None, openapi_url=None
        )
        self._add_routes()
        self.app.middleware("http")(_with_headers)
        for error in (InsightError, DeniedError, HTTPException, Exception):
            self.app.add_exception_handler(error, self._failed)

    def _add_routes(self) -> None:
        views = self._views
        shown = {
            "": lambda visit, _: views.home(visit),
            "accesses": lambda visit, _: views.accesses(visit),
            "workspaces/{server}": lambda visit, server: views.workspace(visit, server),
            "workspaces/{server}/replace": lambda visit, server: views.replacing(visit, server),
        }
        for path, view in shown.items():
            self.app.add_api_route(f"{self._prefix}{path}", self._showing(view), methods=["GET"])
        acts = {"open": self._open, "replace": self._replace, "start": self._start, "logout": self._log_out}
        for path, act in acts.items():
            self.app.add_api_route(f"{self._prefix}{path}", self._acting(act), methods=["POST"])
        self.app.add_api_route(f"{self._prefix}oauth_callback", self._log_in, methods=["GET"])
        self.app.add_api_route(f"{self._prefix}style.css", views.style, methods=["GET"])
        self.app.add_api_route(f"{self._prefix}health", views.health, methods=["GET"])

    def _showing(self, view: Callable[[Visit, str], str]) -> Answer:
        """Return a route that shows a view to who is logged in, and sends others to the hub's login."""

        async def show(request: Request) -> Response:
            visit = await self._visit(request)
            if visit is None:
                return self._to_login(request.url.path)
            return HTMLResponse(await run_in_threadpool(view, visit, request.path_params.get("server", "")))

        return show

    def _acting(self, act: Callable[[Visit, Form, Request], Response]) -> Answer:
        """Return a route that does what a form of ours asks; anything else is refused before it is read."""

        async def do(request: Request) -> Response:
            visit = await self._visit(request)
            if visit is None:
                return self._to_login(self._prefix)
            form = await _form(request)
            if not _is_ours(request) or form.pop("form", "") != visit.form:
                denied = DeniedError(403, "foreign-form", "alarm", user=visit.user, page=request.url.path)
                await run_in_threadpool(self._gateway.refusals.record, denied, "page")
                raise denied
            return await run_in_threadpool(act, visit, form, request)

        return do

    async def _visit(self, request: Request) -> Visit | None:
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
            _VISIT, cookie, path=self._prefix, httponly=True, samesite="strict", secure=_is_tls(request)
        )
        answer.delete_cookie(_STATE, path=self._prefix)
        return answer

    def _log_out(self, _: Visit, __: Form, request: Request) -> Response:
        self._logins.end(request.cookies.get(_VISIT, ""))
        answer = RedirectResponse(f"{self._hub.settings.base}hub/logout", 303)
        answer.delete_cookie(_VISIT, path=self._prefix)
        return answer

    def _open(self, visit: Visit, form: Form, _: Request) -> Response:
        return self._started(visit, self._made(visit, form, replace=False).server)

    def _replace(self, visit: Visit, form: Form, _: Request) -> Response:
        return self._started(visit, self._made(visit, form, replace=True).server)

    def _start(self, visit: Visit, form: Form, _: Request) -> Response:
        return self._started(visit, form.get("server", ""))

    def _made(self, visit: Visit, form: Form, *, replace: bool) -> Opened:
        case, _, purpose = form.get("work", "").rpartition("/")
        return self._gateway.open_workspace(
            visit.user, case, purpose, _necessity(form), by=visit.user, replace=replace
        )

    def _started(self, visit: Visit, server: str) -> Response:
        self._gateway.server_of(visit.user, server)
        self._hub.start(visit.user, server)
        return RedirectResponse(
            f"{self._hub.settings.base}hub/spawn-pending/{quote(visit.user)}/{quote(server)}", 303
        )

    def _failed(self, _: Request, error: Exception) -> Response:
        return HTMLResponse(*self._views.failed(error))


async def _with_headers(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
    response = await answer(request)
    response.headers.update(_HEADERS)
    return response


async def _form(request: Request) -> Form:
    """Return the fields of a form; each may stand once."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _MOST_BYTES:
            raise HTTPException(413)
    pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=20)
    if len(dict(pairs)) != len(pairs):
        raise HTTPException(422)
    return dict(pairs)


def _is_ours(request: Request) -> bool:
    """Tell whether a form was sent from this origin, as far as the browser says where from."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    same = origin is None or urlsplit(origin).netloc == request.headers.get("host")
    plain = request.headers.get("content-type", "").partition(";")[0] == "application/x-www-form-urlencoded"
    return plain and same and site in (None, "same-origin")


def _is_tls(request: Request) -> bool:
    return request.headers.get("x-forwarded-proto", request.url.scheme).partition(",")[0] == "https"


def _necessity(form: Form) -> Necessity | None:
    return read_necessity(form.get("necessity", "").strip() or None, form.get("until") or None)

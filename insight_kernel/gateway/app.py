"""The two HTTP faces of the gateway: typed requests with a token, and the operator's commands."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from secrets import token_hex
from typing import Any, TypeVar

import pyarrow as pa
from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException

from insight_kernel.errors import InsightError
from insight_kernel.gateway import requests
from insight_kernel.gateway.acts.commands import add_act_commands
from insight_kernel.gateway.arriving import SLOWEST, body_of
from insight_kernel.gateway.audit_commands import add_audit_commands
from insight_kernel.gateway.door import Credential
from insight_kernel.gateway.hub_commands import add_hub_commands
from insight_kernel.gateway.intake_commands import add_intake_commands
from insight_kernel.gateway.operating import add_commands
from insight_kernel.gateway.order_commands import add_order_commands
from insight_kernel.gateway.ordering import order_by_token, read_orders
from insight_kernel.gateway.parsing import MOST_BYTES, BadRequestError, parse
from insight_kernel.gateway.peers import peer_of
from insight_kernel.gateway.refusals import SENTENCES, DeniedError, status_of
from insight_kernel.gateway.requests import Question
from insight_kernel.gateway.retention import Retention
from insight_kernel.gateway.run_commands import add_run_commands
from insight_kernel.gateway.service import QUESTIONS, Gateway
from insight_kernel.gateway.sessions import Session, named
from insight_kernel.gateway.stopping import while_waited_for
from insight_kernel.gateway.turns import BusyError, Turns

ARROW = "application/vnd.apache.arrow.stream"
CLAIMS = (
    "remote-user",
    "x-remote-user",
    "x-forwarded-user",
    "x-forwarded-email",
    "x-user",
    "x-jupyterhub-user",
)
"""Headers by which a proxy might name a user: nothing here believes them, and who sends one is noted."""

ACTS = ("act", "acts/{rest:path}", "consent", "release", "label/change", "member", "decide")
"""Where code might try to act for a person: acts are done on the page, never with a token."""

_ALWAYS = ("/health", "/audit")
"""What an operator may ask for even while nobody vouches for the log: how it stands, and why."""

_ARRIVING = {408: f"must arrive within {SLOWEST:g} seconds", 413: f"at most {MOST_BYTES} bytes"}
Asked = TypeVar("Asked", bound=Question)
_log = logging.getLogger("insight.gateway")


def ask_app(gateway: Gateway) -> FastAPI:
    """Return the application for typed requests; every path needs a token."""
    app, turns = _app("INSIGHT gateway"), Turns()
    app.add_exception_handler(BusyError, _busy(gateway))
    for name, (model, _) in QUESTIONS.items():
        app.add_api_route(
            f"/v1/{name}",
            _endpoint(gateway, turns, name, model),
            methods=["POST"],
            openapi_extra=_body(model),
        )

    for path in ACTS:
        app.add_api_route(f"/v1/{path}", _refused_act(gateway), methods=["POST"], include_in_schema=False)

    @app.post("/v1/label", openapi_extra=_body(requests.FloatingLabel))
    async def label(request: Request) -> JSONResponse:
        session, body, _ = await _asked(gateway, request, "label", requests.FloatingLabel)
        summary = await run_in_threadpool(gateway.label, session, body)
        return JSONResponse(summary.as_dict())

    @app.post("/v1/can_release", openapi_extra=_body(requests.CanRelease))
    async def can_release(request: Request) -> JSONResponse:
        session, body, asked = await _asked(gateway, request, "can_release", requests.CanRelease)
        found = await run_in_threadpool(gateway.can_release, session, asked, body, _shown(request).origin)
        return JSONResponse({code: asdict(verdict) for code, verdict in found.items()})

    @app.post("/v1/draft", openapi_extra=_body(requests.WriteDraft))
    async def draft(request: Request) -> JSONResponse:
        session, body, asked = await _asked(gateway, request, "draft", requests.WriteDraft)
        origin = _shown(request).origin
        return JSONResponse(await run_in_threadpool(gateway.draft, session, asked, body, origin))

    @app.post("/v1/notes", openapi_extra=_body(requests.ReadNotes))
    async def notes(request: Request) -> JSONResponse:
        session, body, asked = await _asked(gateway, request, "notes", requests.ReadNotes)
        return JSONResponse({"notes": await run_in_threadpool(gateway.notes_about, session, asked, body)})

    @app.post("/v1/report", openapi_extra=_body(requests.OrderReport))
    async def report(request: Request) -> JSONResponse:
        session, body, asked = await _asked(gateway, request, "report", requests.OrderReport)
        return JSONResponse({"runs": await run_in_threadpool(order_by_token, gateway, session, asked, body)})

    @app.post("/v1/orders", openapi_extra=_body(requests.ReadOrders))
    async def orders(request: Request) -> JSONResponse:
        session, body, asked = await _asked(gateway, request, "orders", requests.ReadOrders)
        return JSONResponse({"runs": await run_in_threadpool(read_orders, gateway, session, asked, body)})

    @app.post("/v1/me", openapi_extra=_body(requests.Me))
    async def me(request: Request) -> JSONResponse:
        session, _, asked = await _asked(gateway, request, "me", requests.Me)
        return JSONResponse(await run_in_threadpool(gateway.me, session, asked, _shown(request).origin))

    return app


def operate_app(gateway: Gateway, keeping: Retention) -> FastAPI:
    """Return the application of the operator's socket, which only the store's owner can open."""
    app = _app("INSIGHT operator")

    async def vouched(request: Request) -> None:
        if not request.url.path.startswith(_ALWAYS):
            gateway.vouching.check()

    app.router.dependencies.append(Depends(vouched))
    add_commands(app, gateway, keeping)
    add_intake_commands(app, gateway)
    add_hub_commands(app, gateway)
    add_audit_commands(app, gateway)
    add_act_commands(app, gateway)
    add_run_commands(app, gateway)
    add_order_commands(app, gateway)
    return app


def _endpoint(gateway: Gateway, turns: Turns, name: str, model: type[Question]) -> Callable[[Request], Any]:
    async def endpoint(request: Request) -> Response:
        session, body, question = await _asked(gateway, request, name, model)
        async with turns.turn(session.workspace):
            answer = await while_waited_for(
                request, lambda stop: gateway.answer(name, question, session, body, stop)
            )
        return Response(_stream(answer.table), media_type=ARROW, headers={"Insight-Entry": str(answer.entry)})

    endpoint.__name__ = name
    endpoint.__doc__ = model.__doc__
    return endpoint


def _refused_act(gateway: Gateway) -> Callable[[Request], Any]:
    async def refuse(request: Request) -> Response:
        shown = _shown(request)
        session = await run_in_threadpool(gateway.enter, shown)
        denied = DeniedError(403, "act-by-token", "alarm", path=request.url.path, **named(session))
        await run_in_threadpool(gateway.refusals.record, denied, shown.origin)
        raise denied

    return refuse


async def _asked(
    gateway: Gateway, request: Request, name: str, model: type[Asked]
) -> tuple[Session, bytes, Asked]:
    """Return who asks and what; a request that is not well formed is refused and logged."""
    session = await run_in_threadpool(gateway.enter, _shown(request))
    body = b""
    try:
        body = await _limited_body(request)
        _check_type(request)
        return session, body, parse(model, body)
    except BadRequestError as error:
        await run_in_threadpool(gateway.refuse, name, session, body, error)
        raise


def _shown(request: Request) -> Credential:
    """Return what the request shows of who asks; headers that claim a user count for nothing."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    in_url = tuple(value for pair in request.query_params.multi_items() for value in pair if value)
    claims = tuple(name for name in CLAIMS if name in request.headers)
    peer = peer_of(request.scope)
    return Credential(token if scheme.lower() == "bearer" else "", in_url, claims, peer)


def _check_type(request: Request) -> None:
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise BadRequestError("content-type", "must be application/json", status=415)


async def _limited_body(request: Request) -> bytes:
    """Return the body, reading no more of it than may be sent."""
    try:
        return await body_of(request, MOST_BYTES)
    except HTTPException as error:
        raise BadRequestError("body", _ARRIVING[error.status_code], status=error.status_code) from None


def _stream(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def _body(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema()
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def _app(title: str) -> FastAPI:
    app = FastAPI(title=title, redirect_slashes=False, docs_url=None, redoc_url=None, openapi_url=None)
    app.add_exception_handler(Exception, _unexpected)
    app.add_exception_handler(InsightError, _expected)
    app.add_exception_handler(BadRequestError, _bad_request)
    app.add_exception_handler(HTTPException, _no_such_request)
    app.add_exception_handler(DeniedError, _denied)
    app.add_exception_handler(MemoryError, _no_memory)
    return app


def _busy(gateway: Gateway) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def refuse(request: Request, error: Exception) -> Response:
        denied = DeniedError(429, "busy", "tally")
        await run_in_threadpool(gateway.refusals.record, denied, _shown(request).origin)
        answer = _refusal(429)
        answer.headers["Retry-After"] = str(error.wait if isinstance(error, BusyError) else 1)
        return answer

    return refuse


def _denied(_: Request, error: Exception) -> JSONResponse:
    return _refusal(error.status if isinstance(error, DeniedError) else 500)


def _no_memory(_: Request, __: Exception) -> JSONResponse:
    return _refusal(503)


def _bad_request(_: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, BadRequestError):
        return _refusal(500)
    return _refusal(error.status, code=error.code, place=error.place, rule=error.rule)


def _expected(request: Request, error: Exception) -> JSONResponse:
    status = status_of(error) if isinstance(error, InsightError) else 503
    if request.app.title == "INSIGHT operator":  # its own user reads it: say everything
        return JSONResponse({"code": SENTENCES[status][0], "message": str(error)}, status)
    return _refusal(status)


def _no_such_request(_: Request, __: Exception) -> JSONResponse:
    return _refusal(404)


def _unexpected(_: Request, error: Exception) -> JSONResponse:
    error_id = token_hex(8)
    _log.error("error %s", error_id, exc_info=error)
    return _refusal(500, error_id=error_id)


def _refusal(
    status: int, *, code: str | None = None, error_id: str | None = None, **where: str
) -> JSONResponse:
    default, sentence = SENTENCES.get(status, SENTENCES[422 if status < 500 else 503])
    body = {"code": code or default, "message": sentence, "error_id": error_id or token_hex(8), **where}
    return JSONResponse(body, status)

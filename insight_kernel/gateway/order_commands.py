"""The commands of the report service: which report is wanted next, how far it is, how it ended."""

from typing import Annotated, Any, Literal

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from insight_kernel.gateway.operating import Command
from insight_kernel.gateway.orders import Order
from insight_kernel.gateway.parsing import parse
from insight_kernel.gateway.service import Gateway

_WAIT = 1.0  # seconds a question for the next order stays open
Count = Annotated[int, Field(ge=0)]


class Told(Command):
    """So many cells of a run are done."""

    run: str
    cell: Count
    of: Count


class Ended(Command):
    """A run is over."""

    run: str
    status: Literal["done", "failed", "refused", "stopped"]
    error: str | None = None


def add_order_commands(app: FastAPI, gateway: Gateway) -> None:
    """Give the operator's application the commands of the report service."""

    @app.post("/orders/begin")
    async def begin(_: Request) -> JSONResponse:
        await run_in_threadpool(gateway.orders.interrupt)
        return JSONResponse({})

    @app.post("/orders/next")
    async def next_(request: Request) -> JSONResponse:
        order = await run_in_threadpool(gateway.orders.take, _WAIT)
        if order is not None and await request.is_disconnected():  # a service that died while it waited
            gateway.orders.put_back(order)
            order = None
        return JSONResponse({"order": None if order is None else _handed(gateway, order)})

    @app.post("/orders/told")
    async def told(request: Request) -> JSONResponse:
        asked = parse(Told, await request.body())
        return JSONResponse({"wanted": gateway.orders.told(asked.run, asked.cell, asked.of)})

    @app.post("/orders/ended")
    async def ended(request: Request) -> JSONResponse:
        asked = parse(Ended, await request.body())
        gateway.orders.ended(asked.run, asked.status, asked.error)
        return JSONResponse({})


def _handed(gateway: Gateway, order: Order) -> dict[str, Any]:
    said = {name: getattr(order, name) for name in ("run", "template", "version", "parameters")}
    return {**said, "token": gateway.sessions.issue(order.session)}

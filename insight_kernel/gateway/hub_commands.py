"""What a hub asks its gateway on the operator's socket: whose a server is, and what befell one."""

from typing import Literal

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from starlette.concurrency import run_in_threadpool

from insight_kernel.gateway.operating import Command
from insight_kernel.gateway.parsing import parse
from insight_kernel.gateway.service import Gateway
from insight_kernel.gateway.sessions import named
from insight_kernel.gateway.workspaces import Opened, read_necessity


class FindWorkspace(Command):
    """Say which workspace a server in the hub is."""

    user: str
    server: str


class TellLimits(Command):
    """Say that a workspace ran into limits of its host: the machine ended or refused processes of it."""

    account: str
    server: str
    limits: list[Literal["memory", "pids"]]


class OpenWorkspace(Command):
    """Make a user's workspace in a hub, or replace it by an empty one."""

    user: str
    case: str
    purpose: str
    necessity: str | None = None
    until: str | None = None
    replace: bool = False


def add_hub_commands(app: FastAPI, gateway: Gateway) -> None:
    """Give the operator's application the commands of a hub."""

    @app.post("/workspace")
    async def workspace(request: Request) -> JSONResponse:
        asked = parse(FindWorkspace, await request.body())
        return JSONResponse(await run_in_threadpool(gateway.server_of, asked.user, asked.server))

    @app.post("/limits")
    async def limits(request: Request) -> JSONResponse:
        asked = parse(TellLimits, await request.body())
        await run_in_threadpool(_note_limits, gateway, asked)
        return JSONResponse({})

    @app.post("/open")
    async def open_(request: Request) -> JSONResponse:
        asked = parse(OpenWorkspace, await request.body())
        opened = await run_in_threadpool(_open, gateway, asked)
        return JSONResponse({"server": opened.server, "generation": opened.generation})


def _open(gateway: Gateway, asked: OpenWorkspace) -> Opened:
    return gateway.open_workspace(
        asked.user, asked.case, asked.purpose, read_necessity(asked.necessity, asked.until),
        by="operator", replace=asked.replace,
    )  # fmt: skip


def _note_limits(gateway: Gateway, asked: TellLimits) -> None:
    opened = gateway.workspaces.at(asked.account, asked.server)
    whose = {} if opened is None else named(opened.session(gateway.clock.today()))
    for kind in asked.limits:
        gateway.refusals.notice(f"limit-{kind}", "hub", account=asked.account, server=asked.server, **whose)

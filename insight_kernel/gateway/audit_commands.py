"""The operator's commands about the log: search as an officer, report a breach, export for an auditor, erase."""

from typing import Annotated, Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from insight_kernel.gateway.breach import breach_report
from insight_kernel.gateway.closing import erase
from insight_kernel.gateway.operating import Command, check_speaks
from insight_kernel.gateway.parsing import parse
from insight_kernel.gateway.service import Gateway
from insight_kernel.gateway.sought import MOST, Sought, search


class Period(Command):
    """Entries of a time."""

    user: str | None = None
    workspace: str | None = None
    owner: str | None = None
    since: str | None = None
    until: str | None = None


class SearchAudit(Period):
    """Search the log as an officer."""

    officer: str
    case: str | None = None
    operation: str | None = None
    last: Annotated[int, Field(ge=1, le=MOST)] = 200


class Erase(Command):
    """Erase what people wrote of a case."""

    scope: str


def add_audit_commands(app: FastAPI, gateway: Gateway) -> None:
    """Give the operator's application these commands."""

    @app.post("/audit/search")
    async def search_(request: Request) -> JSONResponse:
        asked = parse(SearchAudit, await request.body())
        check_speaks(gateway, f"search the log as {asked.officer}", "Search on its page.")
        sought = Sought(**asked.model_dump(exclude={"officer", "last"}))
        return JSONResponse(
            {"entries": await run_in_threadpool(search, gateway, sought, asked.officer, asked.last)}
        )

    @app.post("/audit/breach")
    async def breach(request: Request) -> JSONResponse:
        sought = Sought(**parse(Period, await request.body()).model_dump())
        return JSONResponse(await run_in_threadpool(breach_report, gateway, sought, "operator"))

    @app.post("/audit/export")
    async def export(_: Request) -> JSONResponse:
        return JSONResponse(await run_in_threadpool(_exported, gateway))

    @app.post("/audit/erase")
    async def erase_(request: Request) -> JSONResponse:
        scope = parse(Erase, await request.body()).scope
        return JSONResponse({"erased": await run_in_threadpool(lambda: erase(gateway, scope, by="operator"))})


def _exported(gateway: Gateway) -> dict[str, Any]:
    """Log that the log leaves, and vouch for all of it; return up to which entry."""
    gateway.audit.append({"operation": "export", "request": "audit", "user": "operator"})
    last = gateway.vouching.make()
    return {"entries": last.count if last else 0}

"""The operator's commands: what only the owner of the store's files may ask for."""

from collections import deque
from dataclasses import asdict
from typing import Annotated

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from starlette.concurrency import run_in_threadpool

from insight_kernel.errors import Refused
from insight_kernel.gateway.admission import new_session
from insight_kernel.gateway.explaining import explain
from insight_kernel.gateway.owners import use_of
from insight_kernel.gateway.parsing import parse
from insight_kernel.gateway.retention import Retention, reminders
from insight_kernel.gateway.service import Gateway
from insight_kernel.gateway.sessions import Session, named
from insight_kernel.templates.names import RUN_ID


class Command(BaseModel):
    """The root of all commands."""

    model_config = ConfigDict(strict=True, extra="forbid")


class OpenSession(Command):
    """Open a workspace for a user."""

    user: str
    purpose: str
    case: str | None = None
    necessity: bool = False
    recipient: str | None = None
    run: Annotated[str, StringConstraints(pattern=RUN_ID)] | None = None
    until: str | None = None


class Explain(Command):
    """Say why an entity's values are shown or not."""

    id: str
    user: str
    purpose: str
    case: str | None = None


class ReadAudit(Command):
    """Read the last entries of the log."""

    last: Annotated[int, Field(ge=1, le=10_000)]


class ReadUse(Command):
    """Say how an owner's data were used."""

    owner: str


def add_commands(app: FastAPI, gateway: Gateway, keeping: Retention) -> None:
    """Give the operator's application its commands."""

    @app.post("/session")
    async def session(request: Request) -> JSONResponse:
        opened = _session(gateway, parse(OpenSession, await request.body()))
        entry = {"operation": "session", **named(opened), "necessity": opened.necessity}
        await run_in_threadpool(gateway.audit.append, {**entry, "recipient": opened.recipient})
        return JSONResponse({"token": gateway.sessions.issue(opened), "workspace": opened.workspace})

    @app.post("/health")
    async def health(_: Request) -> JSONResponse:
        return JSONResponse(await run_in_threadpool(gateway.health))

    @app.post("/retention")
    async def retention(_: Request) -> JSONResponse:
        done = await run_in_threadpool(keeping.run)
        soon = await run_in_threadpool(reminders, gateway)
        return JSONResponse(
            {**done, "reminders": [{**asdict(r), "expires": r.expires.isoformat()} for r in soon]}
        )

    @app.post("/explain")
    async def explain_(request: Request) -> JSONResponse:
        asked = parse(Explain, await request.body())
        opened = _session(gateway, OpenSession(user=asked.user, purpose=asked.purpose, case=asked.case))
        entry = {"operation": "consultation", "request": "explain", **named(opened)}
        await run_in_threadpool(gateway.audit.append, entry)
        return JSONResponse({"statements": await run_in_threadpool(explain, gateway, opened, asked.id)})

    @app.post("/audit")
    async def audit(request: Request) -> JSONResponse:
        asked = parse(ReadAudit, await request.body())
        await run_in_threadpool(gateway.audit.append, {"operation": "consultation", "request": "audit"})
        found = deque(gateway.log(), maxlen=asked.last)
        return JSONResponse({"entries": list(found)})

    @app.post("/use")
    async def use(request: Request) -> JSONResponse:
        asked = parse(ReadUse, await request.body())
        found = await run_in_threadpool(use_of, gateway, asked.owner, "operator")
        return JSONResponse({"uses": [asdict(each) for each in found]})


def check_speaks(gateway: Gateway, asked: str, remedy: str) -> None:
    """Let the operator speak for a user only where no hub says who somebody is."""
    if gateway.hub is not None:
        raise Refused(asked, "a hub serves this store, and only it says who somebody is", remedy)


def _session(gateway: Gateway, asked: OpenSession) -> Session:
    check_speaks(gateway, f"work as {asked.user}", "Log in to the hub, or stop it first.")
    day = gateway.clock.today()
    with gateway.noticing(asked.user, asked.case):
        return new_session(
            gateway.organisation(), asked.user, asked.purpose, asked.case, day,
            necessity=asked.necessity, recipient=asked.recipient, run=asked.run,
            until=asked.until,
        )  # fmt: skip

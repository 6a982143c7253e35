"""The operator's commands about runs: register one that was made, list them, release one."""

from datetime import date
from typing import Annotated, Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from insight_kernel.errors import Refused, StartAgain
from insight_kernel.gateway.acts.templates import versions
from insight_kernel.gateway.exporting import Wanted, export
from insight_kernel.gateway.operating import Command, check_speaks
from insight_kernel.gateway.parsing import parse
from insight_kernel.gateway.releases import find_run, is_stale, may_open, recipients, release
from insight_kernel.gateway.requests import Filters, Id, Word
from insight_kernel.gateway.runs import Run, entry_of, hash_of
from insight_kernel.gateway.service import Gateway
from insight_kernel.leaving import NOTEBOOK, PAGE

_AGAIN = "Run the template again."


class Recipients(Command):
    """Say which organisations codes and groups stand for."""

    to: Annotated[list[str], Field(min_length=1, max_length=300)]


class Register(Command):
    """Register a run that ended well; the token is the one it was made with, and ends."""

    token: str
    template: str
    version: str
    parameters: str
    files: dict[str, str]


class ListRuns(Command):
    """List the runs a user may open; without a user, each as its author."""

    user: str | None = None


class ShowRun(ListRuns):
    """Show one run."""

    run: str


class Release(ShowRun):
    """Release a run to an organisation."""

    to: str


class Export(Command):
    """Export entities of schemata that pass filters, or entities by id, to an organisation."""

    user: str
    purpose: str
    case: str | None = None
    to: str
    format: str
    schemata: list[Word] | None = None
    filters: Filters | None = None
    ids: Annotated[list[Id], Field(max_length=1_000_000)] | None = None


def add_run_commands(app: FastAPI, gateway: Gateway) -> None:
    """Give the operator's application the commands about runs."""

    @app.post("/recipients")
    async def recipients_(request: Request) -> JSONResponse:
        asked = parse(Recipients, await request.body())
        return JSONResponse({"recipients": recipients(gateway.organisation(), asked.to)})

    @app.post("/run")
    async def run(request: Request) -> JSONResponse:
        asked = parse(Register, await request.body())
        return JSONResponse({"entry": await run_in_threadpool(register, gateway, asked)})

    @app.post("/templates")
    async def templates(_: Request) -> JSONResponse:
        return JSONResponse({"templates": versions(gateway.acts.of_kind("template"))})

    @app.post("/runs")
    async def runs(request: Request) -> JSONResponse:
        asked = parse(ListRuns, await request.body())
        return JSONResponse({"runs": await run_in_threadpool(_listed, gateway, asked)})

    @app.post("/show_run")
    async def show_run(request: Request) -> JSONResponse:
        asked = parse(ShowRun, await request.body())
        return JSONResponse(await run_in_threadpool(_shown, gateway, asked))

    @app.post("/release")
    async def release_(request: Request) -> JSONResponse:
        asked = parse(Release, await request.body())
        _check_speaker(gateway, asked.user)
        return JSONResponse(await run_in_threadpool(release, gateway, asked.run, asked.to, asked.user))

    @app.post("/export")
    async def export_(request: Request) -> JSONResponse:
        asked = parse(Export, await request.body())
        _check_speaker(gateway, asked.user)
        wanted = Wanted(asked.to, asked.format, asked.schemata or (), asked.filters or {}, asked.ids or ())
        return JSONResponse(
            await run_in_threadpool(
                export, gateway, wanted, user=asked.user, purpose=asked.purpose, case=asked.case
            )
        )


def register(gateway: Gateway, asked: Register) -> int:
    """Register a run by the token it was made with; return the number of its entry in the log.

    Its files must be in their place already, and what they hold is what is registered.
    """
    session = gateway.sessions.find(asked.token)
    if session is None or session.run is None:
        raise Refused("register the run", "its session has ended, or is none of a run", _AGAIN)
    gateway.sessions.end(asked.token)  # what it reads after this is not in the report
    folder = gateway.store.folder / "runs" / session.run
    found = {name: hash_of(folder / name) for name in (NOTEBOOK, PAGE)}
    if found != asked.files:
        raise Refused(f"register the run {session.run}", "its files are not those it handed over", _AGAIN)
    if gateway.runs.of(session.run, date.min) is not None:
        raise StartAgain(f"register the run {session.run}", "it is registered", "Nothing was done again.")
    parameters = gateway.sealing.hashed(session.case, asked.parameters.encode())
    entry = entry_of(
        session, template=asked.template, version=asked.version, parameters=parameters, files=found
    )
    number = gateway.audit.append(entry)
    gateway.runs.take(entry)
    return number


def _listed(gateway: Gateway, asked: ListRuns) -> list[dict[str, Any]]:
    _check_speaker(gateway, asked.user)
    gateway.audit.append({"operation": "consultation", "request": "runs", "user": asked.user})
    found = gateway.runs.on(gateway.clock.today())
    return [_as_dict(gateway, run) for run in found if may_open(gateway, run, asked.user)]


def _shown(gateway: Gateway, asked: ShowRun) -> dict[str, Any]:
    _check_speaker(gateway, asked.user)
    gateway.audit.append(
        {"operation": "consultation", "request": "run", "run": asked.run, "user": asked.user}
    )
    return _as_dict(gateway, find_run(gateway, asked.run, asked.user))


def _as_dict(gateway: Gateway, run: Run) -> dict[str, Any]:
    names = ("id", "template", "version", "user", "case", "purpose", "recipient", "made", "files")
    folder = gateway.store.folder / "runs" / run.id
    released = {
        to: {"day": found.day, "entry": found.entry, "files": dict(found.files)}
        for to, found in run.released.items()
    }
    said = {name: getattr(run, name) for name in names}
    return {**said, "until": run.until.isoformat(), "folder": str(folder), "released": released,
            "stale": is_stale(gateway, run)}  # fmt: skip


def _check_speaker(gateway: Gateway, user: str | None) -> None:
    """A user named is spoken for; without one each run's author is meant."""
    if user is not None:
        check_speaks(gateway, f"speak for {user}", "Leave --as out, or use the page of INSIGHT.")

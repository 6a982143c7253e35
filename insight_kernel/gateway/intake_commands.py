"""The operator's commands about what comes in: to load it, to stop that, to see what waits and hand it in again."""

import json
import shutil
from collections.abc import AsyncIterator
from dataclasses import asdict
from queue import SimpleQueue
from threading import Thread
from typing import Annotated, Any
from uuid import uuid4

from anyio import to_thread
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, StreamingResponse
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from insight_kernel.errors import InsightError
from insight_kernel.gateway.loading import Event, Loader
from insight_kernel.gateway.operating import Command, check_speaks
from insight_kernel.gateway.parsing import parse
from insight_kernel.gateway.retrying import deliveries
from insight_kernel.gateway.service import Gateway


class Delivered(Command):
    """Files of one source, and the profile they come under."""

    paths: list[str]
    profile: str
    source: str | None = None
    mapping: str | None = None


class Load(Command):
    """Take deliveries in."""

    deliveries: Annotated[list[Delivered], Field(min_length=1)]
    keep_good: bool = False
    dry_run: bool = False


class Retry(Command):
    """Take in what waits in quarantine, under these ids or all of it; or a mended copy of one file."""

    ids: list[str]
    profile: str | None = None
    mapping: str | None = None
    copy_: Annotated[str | None, Field(alias="copy")] = None
    keep_good: bool = False
    dry_run: bool = False


class StopLoad(Command):
    """End a load."""

    load: str


class ShowWaiting(Command):
    """Show the items that wait under an id."""

    id: str


def add_intake_commands(app: FastAPI, gateway: Gateway) -> None:
    """Give the operator's application the commands about what comes in."""
    loads: dict[str, Loader] = {}

    @app.post("/load")
    async def load(request: Request) -> StreamingResponse:
        asked = parse(Load, await request.body()).model_dump()
        return _stream(await run_in_threadpool(lambda: Loader(gateway, **asked)), loads)

    @app.post("/retry")
    async def retry(request: Request) -> StreamingResponse:
        asked = parse(Retry, await request.body())
        return _stream(await run_in_threadpool(_again, gateway, asked), loads)

    @app.post("/stop")
    async def stop(request: Request) -> JSONResponse:
        found = loads.get(parse(StopLoad, await request.body()).load)
        if found is not None:
            found.stop()
        return JSONResponse({"stopped": found is not None})

    @app.post("/quarantine")
    async def quarantine(_: Request) -> JSONResponse:
        return JSONResponse({"waiting": await run_in_threadpool(_waiting, gateway)})

    @app.post("/waiting")
    async def waiting(request: Request) -> JSONResponse:
        asked = parse(ShowWaiting, await request.body())
        return JSONResponse(await run_in_threadpool(_shown, gateway, asked.id))


def _again(gateway: Gateway, asked: Retry) -> Loader:
    staging = gateway.store.folder / "staging" / uuid4().hex
    try:
        found = deliveries(
            gateway.store, asked.ids, staging / "again",
            profile=asked.profile, mapping=asked.mapping, copy=asked.copy_,
        )  # fmt: skip
        return Loader(gateway, found, keep_good=asked.keep_good, dry_run=asked.dry_run, staging=staging)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise


def _waiting(gateway: Gateway) -> list[dict[str, Any]]:
    gateway.audit.append({"operation": "consultation", "request": "quarantine"})
    return [asdict(each) for each in gateway.store.quarantine.all()]


def _shown(gateway: Gateway, id_: str) -> dict[str, Any]:
    """Return what waits under an id with its content, for whoever owns the store's files."""
    check_speaks(gateway, f"show {id_}", "Ask the people of the owner who delivered it.")
    kept = gateway.store.quarantine
    waiting = kept.get(id_)
    gateway.audit.append(
        {"operation": "consultation", "request": "quarantine", "owner": waiting.owner, "waiting": id_}
    )
    file = kept.bytes_of(waiting)
    return {**asdict(waiting), "kept": file and str(file), "content": kept.items(waiting)}


def _stream(loader: Loader, loads: dict[str, Loader]) -> StreamingResponse:
    return StreamingResponse(_lines(loader, loads), media_type="application/x-ndjson")


async def _lines(loader: Loader, loads: dict[str, Loader]) -> AsyncIterator[bytes]:
    """Yield events as lines; when nobody reads them any more, the load is stopped, and ends in its own thread."""
    events: SimpleQueue[Event | BaseException | None] = SimpleQueue()
    loads[loader.id] = loader
    Thread(target=_run, args=(loader, events)).start()
    try:
        while (event := await to_thread.run_sync(events.get, abandon_on_cancel=True)) is not None:
            if isinstance(event, BaseException):
                raise event
            yield json.dumps(event).encode() + b"\n"
    finally:
        loader.stop()
        del loads[loader.id]


def _run(loader: Loader, events: "SimpleQueue[Event | BaseException | None]") -> None:
    try:
        for event in loader.events():
            events.put(event)
    except InsightError as error:
        events.put({"event": "failed", "path": None, "error": str(error)})
    except BaseException as error:
        events.put(error)
    finally:
        events.put(None)

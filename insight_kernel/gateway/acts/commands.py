"""Acts at the operator's command line: there the owner of the store's files speaks for everybody, where no hub does."""

from dataclasses import asdict
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from insight_kernel.errors import NotAvailable, Refused
from insight_kernel.gateway.acts.completeness import Completeness, CompletenessKind, report_of
from insight_kernel.gateway.acts.kind import Act
from insight_kernel.gateway.acts.labelling import selected, version_of
from insight_kernel.gateway.operating import Command, check_speaks
from insight_kernel.gateway.parsing import parse
from insight_kernel.gateway.service import Gateway

_ACTING, _REMEDY = "act for somebody", "Act on its page."


class AskAct(Command):
    """Ask for an act."""

    user: str
    kind: str
    what: dict[str, Any]
    reason: str


class DecideAct(Command):
    """Agree to an act, refuse it, or end one that was agreed."""

    user: str
    id: str
    answer: str
    reason: str = ""


class ListActs(Command):
    """Show the acts a user may know of."""

    user: str
    kind: str | None = None


class ShowAct(Command):
    """Show what came of an act."""

    user: str
    id: str


class ShowLabels(Command):
    """Show which labels some of an owner's records carry."""

    user: str
    source: str
    records: list[str] = Field(default_factory=list)


def add_act_commands(app: FastAPI, gateway: Gateway) -> None:
    """Give the operator's application these commands."""

    @app.post("/acts/ask")
    async def ask(request: Request) -> JSONResponse:
        asked = parse(AskAct, await request.body())
        return JSONResponse(await run_in_threadpool(_asked, gateway, asked))

    @app.post("/acts/decide")
    async def decide(request: Request) -> JSONResponse:
        asked = parse(DecideAct, await request.body())
        return JSONResponse(await run_in_threadpool(_decided, gateway, asked))

    @app.post("/acts/list")
    async def list_(request: Request) -> JSONResponse:
        asked = parse(ListActs, await request.body())
        check_speaks(gateway, _ACTING, _REMEDY)
        found = gateway.acts.shown_to(asked.user, gateway.in_force.now())
        return JSONResponse({"acts": [asdict(act) for act in found if asked.kind in (None, act.kind)]})

    @app.post("/acts/labels")
    async def labels(request: Request) -> JSONResponse:
        asked = parse(ShowLabels, await request.body())
        return JSONResponse(
            await run_in_threadpool(shown_labels, gateway, asked.user, asked.source, asked.records)
        )

    @app.post("/acts/completeness")
    async def completeness(request: Request) -> JSONResponse:
        asked = parse(ShowAct, await request.body())
        return JSONResponse(
            asdict(await run_in_threadpool(shown_completeness, gateway, asked.user, asked.id))
        )


def _asked(gateway: Gateway, asked: AskAct) -> dict[str, Any]:
    check_speaks(gateway, _ACTING, _REMEDY)
    now = gateway.in_force.now()
    return _said(gateway.acts.ask(asked.kind, asked.what, by=asked.user, reason=asked.reason, now=now))


def _decided(gateway: Gateway, asked: DecideAct) -> dict[str, Any]:
    check_speaks(gateway, _ACTING, _REMEDY)
    now = gateway.in_force.now()
    if asked.answer == "end":
        return _said(gateway.acts.end(asked.id, by=asked.user, reason=asked.reason, now=now))
    if asked.answer not in ("agree", "refuse"):
        raise NotAvailable("decide", "the answer is none of agree, refuse, end", "Give one of them.")
    agree = asked.answer == "agree"
    return _said(gateway.acts.decide(asked.id, agree=agree, by=asked.user, now=now, reason=asked.reason))


def _said(act: Act) -> dict[str, Any]:
    return {"id": act.id, "state": act.state, "kind": act.kind}


def shown_labels(gateway: Gateway, user: str, source: str, records: list[str]) -> dict[str, Any]:
    """Return the labels of a keeper's own records with their version, and log that he looked."""
    now = gateway.in_force.now()
    owner = now.organisation_of(user)
    if not now.holds(user, "owner-keeper"):
        raise Refused("show labels", "you are not a keeper of your organisation's data", "Ask one.")
    gateway.audit.append(
        {"operation": "consultation", "request": "labels", "user": user, "owner": owner, "source": source}
    )
    found = gateway.store.labels_of(selected(owner, source, records))
    return {"labels": [label.as_dict() for label in found], "version": version_of(found)}


def shown_completeness(gateway: Gateway, user: str, id_: str) -> Completeness:
    """Return a completeness report that two keepers have released, to a keeper of the owner; it is logged."""
    now, kind = gateway.in_force.now(), CompletenessKind(gateway.store)
    found = next((act for act in gateway.acts.of_kind(kind.name) if act.id == id_), None)
    if found is None or not kind.may_decide(found, user, now):
        raise NotAvailable("show the report", "there is none released to you", "Two keepers release it.")
    entry = {"operation": "consultation", "request": "completeness", "user": user, "act": id_}
    gateway.audit.append({**entry, "owner": found.what["owner"], "source": found.what["source"]})
    return report_of(found)

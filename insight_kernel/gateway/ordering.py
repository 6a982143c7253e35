"""Ordering a report: a person does on the page, or a workspace's code does with its token.

What stands in parameters goes into the report. A person vouches for what he confirmed; what code sends carries
everything its workspace was ever sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from insight_kernel.audit.sealing import Private
from insight_kernel.errors import BadInput, InsightError, NotAvailable, Refused
from insight_kernel.gateway import requests
from insight_kernel.gateway.acts.templates import versions
from insight_kernel.gateway.admission import new_session
from insight_kernel.gateway.floating import written
from insight_kernel.gateway.orders import Order
from insight_kernel.gateway.parsing import BadRequestError
from insight_kernel.gateway.releases import recipients
from insight_kernel.gateway.service import Gateway
from insight_kernel.gateway.sessions import Session, named
from insight_kernel.gateway.workspaces import Necessity, check_necessity
from insight_kernel.templates.names import new_run_id
from insight_kernel.templates.own import find_template
from insight_kernel.templates.parameters import check, hash_of
from insight_kernel.templates.registry import Template, templates

_ENDED = {
    "failed": "It ended without a report; the page of INSIGHT says why.",
    "refused": "Something named is not available.",
    "stopped": "It was stopped.",
}
"""What code is told; what a run said itself may hold what it read, and only a person reads that."""


@dataclass(frozen=True)
class Wanted:
    """What is ordered.

    Attributes
    ----------
    template, parameters
        What is run, and with what.
    recipients
        Codes of organisations and groups, each of whose members gets a rendition of its own; without any it is
        for who asks.
    until
        The day on which it is gone; None for the usual time.
    """

    template: str
    parameters: Mapping[str, Any]
    recipients: Sequence[str] = ()
    until: str | None = None


def known_templates(gateway: Gateway) -> list[Template]:
    """Return every template that may be run here: those of the package, then a store's own in their version."""
    known = versions(gateway.acts.of_kind("template"))
    return [*templates(), *filter(None, (_own(gateway, name, known) for name in sorted(known)))]


def template_named(gateway: Gateway, name: str) -> Template:
    """Return one template that may be run here; raise `BadInput` or `Refused` otherwise."""
    return find_template(gateway.store.folder.root, name, versions(gateway.acts.of_kind("template")))


def planned(
    gateway: Gateway, wanted: Wanted, *, user: str, case: str, purpose: str, necessity: Necessity | None
) -> list[Order]:
    """Return the orders a person would place, one for each recipient.

    Raises
    ------
    BadInput
        For an unknown template or recipient, wrong parameters, a last day that is over, or a necessity without
        reason or day.
    Refused
        When user, case and purpose do not go together, the template is not for this purpose, or is not the
        version registered.
    """
    check_necessity(necessity, gateway.organisation(), user, gateway.clock.today())
    return _orders(gateway, wanted, user, case, purpose, necessity=necessity is not None)


def order_by_person(gateway: Gateway, orders: list[Order], necessity: Necessity | None) -> int:
    """Place orders that a person confirmed on the page; return the last entry of the log."""
    said = (
        None if necessity is None else {"text": Private(necessity.text), "until": necessity.until.isoformat()}
    )
    return _place(gateway, orders, {"by": "page", "necessity": said})


def order_by_token(
    gateway: Gateway, session: Session, asked: requests.OrderReport, body: bytes
) -> list[dict[str, Any]]:
    """Order what a workspace's code asks for: each run begins with all that the workspace was sent.

    Raises
    ------
    BadRequestError
        When a person could not order it either.
    """
    base = gateway.entry("report", session, body)
    wanted = Wanted(asked.template, asked.parameters, asked.recipients)
    try:
        found = _orders(
            gateway, wanted, session.user, session.case, session.purpose, necessity=session.necessity
        )
    except InsightError as error:
        gateway.audit.append({**base, "decision": "refused", "reason": "bad_request"})
        raise _bad_request(gateway, asked, error) from None
    made = [
        replace(order, workspace=session.workspace, session=replace(order.session, members=session.members))
        for order in found
    ]  # what a room orders is made with the rights of all its members
    for order in made:
        _begin_with(gateway, order.session, session)
    _place(gateway, made, {"by": session.workspace, "request_hash": base["request_hash"]})
    return [_said(order) for order in made]


def read_orders(
    gateway: Gateway, session: Session, asked: requests.ReadOrders, body: bytes
) -> list[dict[str, Any]]:
    """Return how far the reports are that this workspace ordered; raise `NotAvailable` for any other."""
    mine = gateway.orders.of_workspace(session.workspace)
    there = all(run in mine for run in asked.runs)
    decision = "answered" if there else "refused"
    gateway.audit.append({**gateway.entry("orders", session, body), "decision": decision})
    if not there:
        raise NotAvailable("see how far a report is", "not available", "Order it again.")
    for run in asked.runs if asked.stop else []:
        gateway.orders.stop(run)
    now = gateway.orders.of_workspace(session.workspace)
    return [_said(now[run]) for run in asked.runs]


def _orders(
    gateway: Gateway, wanted: Wanted, user: str, case: str, purpose: str, *, necessity: bool
) -> list[Order]:
    chosen = template_named(gateway, wanted.template)
    given = check(wanted.parameters, chosen.sidecar)
    chosen.check_purpose(purpose)
    people, day = gateway.organisation(), gateway.clock.today()
    codes: Sequence[str | None] = recipients(people, list(wanted.recipients)) if wanted.recipients else [None]
    runs = [(code, new_run_id()) for code in codes]
    return [
        Order(
            run,
            new_session(people, user, purpose, case, day, necessity=necessity, recipient=code, run=run,
                        until=wanted.until),
            chosen.name, chosen.hash, given,
        )
        for code, run in runs
    ]  # fmt: skip


def _bad_request(gateway: Gateway, asked: requests.OrderReport, error: InsightError) -> BadRequestError:
    """Return the refusal of an order, without what was sent."""
    try:
        recipients(gateway.organisation(), asked.recipients)
    except BadInput:
        rule = "must be organisations with a release profile, or groups of them"
        return BadRequestError("recipients", rule)
    return BadRequestError("report", error.wrong)


def _begin_with(gateway: Gateway, run: Session, session: Session) -> None:
    """Let a run's label begin with the workspace's: parameters may carry anything that was read there."""
    for part in gateway.floating.of(session.workspace):
        entry = {"operation": "combination", "from": session.workspace, **named(run)}
        gateway.audit.append({**entry, **written(part)})
        gateway.floating.add(run.workspace, part)


def _place(gateway: Gateway, orders: list[Order], about: Mapping[str, Any]) -> int:
    """Log each order, then take all of them on; return the last entry's number."""
    number = 0
    for order in orders:
        said = {name: getattr(order, name) for name in ("run", "template", "version")}
        parameters = gateway.sealing.hashed(order.session.case, hash_of(order.parameters).encode())
        entry = {"operation": "order", **about, **named(order.session), **said,
                 "parameters": parameters, "recipient": order.session.recipient}  # fmt: skip
        number = gateway.audit.append(entry)
    gateway.orders.place(orders)
    return number


def _said(order: Order) -> dict[str, Any]:
    said = {name: getattr(order, name) for name in ("run", "status", "cell", "of")}
    return {**said, "recipient": order.session.recipient, "error": _ENDED.get(order.status)}


def _own(gateway: Gateway, name: str, known: Mapping[str, str]) -> Template | None:
    """Return a registered template; None when it is gone, or has changed since."""
    try:
        return find_template(gateway.store.folder.root, name, known)
    except (BadInput, Refused):
        return None

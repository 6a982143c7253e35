"""Why a value is shown or not: for the owner of the store's files, never for code that asks with a token."""

from typing import Any

from insight_kernel.gateway.service import Gateway
from insight_kernel.gateway.sessions import Session
from insight_kernel.model.ids import from_text
from insight_kernel.policy.decide import decide


def explain(gateway: Gateway, session: Session, id_: str) -> list[dict[str, Any]]:
    """Return for each statement of an entity: property, source, owner, and the decision with its reason.

    Values are not repeated. An entity's visible statements may still not show it: a link exists only with both
    its ends, and a node only by a value of its own.
    """
    known, day = gateway.known(), gateway.clock.today()
    subject, ask = session.subject(known.people, day), session.ask(day)
    labels = gateway.store.labels().labels
    eid = from_text(id_)
    used = [] if eid is None else gateway.store.label_use(eid)
    rows = []
    for prop, source, owner, label_id, count in used:
        decision = decide(subject, known.label(labels[label_id]), ask)
        rows.append({"property": prop, "source": source, "owner": owner, "statements": count,
                     "visible": decision.visible, "reason": decision.reason})  # fmt: skip
    return rows

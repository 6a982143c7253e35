"""Release: may what was made from labelled values go to a recipient, and what may the asker be told if not.

Granted iff the recipient's release profile satisfies every label that went in. A refusal names the owners and
reasons the asker may know; anything else is "other reasons that cannot be shown", without a number.
"""

from dataclasses import dataclass, replace
from datetime import date

from insight_kernel.model.label import Label
from insight_kernel.model.subject import Ask, Subject
from insight_kernel.policy.allowed import Known, Stored
from insight_kernel.policy.decide import decide
from insight_kernel.policy.join import Standing
from insight_kernel.policy.rules import REASONS
from insight_kernel.policy.standing import refusals

_SHOWN = frozenset({"expired", "purpose", "clearance", "special"})
"""Reasons from fields every reader is shown; `only`, `excluded`, `files` and `consent` are for the owner alone."""


@dataclass(frozen=True, order=True)
class Blocker:
    """An owner whose values may not go to the recipient, and the reason (one of `REASONS`)."""

    owner: str
    reason: str


@dataclass(frozen=True)
class Verdict:
    """Granted, or refused with what the asker may know; `other` tells of reasons that cannot be shown."""

    granted: bool
    blockers: tuple[Blocker, ...] = ()
    other: bool = False


def may_release(
    standing: Standing,
    stored: Stored,
    known: Known,
    profile: Subject,
    ask: Ask,
    *,
    asker: Subject,
    asked: Ask,
) -> Verdict:
    """Decide whether what was made from a join may go to a recipient.

    Parameters
    ----------
    standing, stored, known
        The join as it stands today, the labels of the store, and what decisions look up. A join of nothing is
        refused: it is unreadable.
    profile, ask
        The recipient's release profile as a subject, and what is stated; `ask.recipient` is the recipient.
    asker, asked
        Who asks and what for: he is told nothing of labels he may not see by.

    Returns
    -------
    Verdict
        Blockers by owner and reason, each once.

    Examples
    --------
    >>> from insight_kernel.model.label import read_label
    >>> from insight_kernel.model.organisation import Organisation
    >>> from insight_kernel.model.subject import read_ask, read_subject
    >>> label = read_label({"owner": "MA", "purposes": ["warn"], "level": "restricted", "expires": "2031-01-01"})
    >>> rights = {"organisation": "FR", "clearance": "restricted", "purposes": ["warn"], "files": [], "permits": []}
    >>> ana, japan = read_subject(rights), read_subject({**rights, "organisation": "JP", "clearance": "official"})
    >>> ask, numbers = read_ask({"purpose": "warn", "day": "2026-11-22"}), frozenset({0})
    >>> may_release(Standing(numbers, numbers), Stored((label,), ("",)), Known(Organisation()), japan, ask,
    ...             asker=ana, asked=ask)
    Verdict(granted=False, blockers=(Blocker(owner='MA', reason='clearance'),), other=False)
    """
    refused = refusals(profile, standing, stored, known, ask)
    blocking = [(known.label(stored.labels[n]), reason) for n, reason in refused.items()]
    told = {Blocker(label.owner, reason) for label, reason in blocking
            if isinstance(label, Label) and _may_know(label, reason, ask, asker, asked)}  # fmt: skip
    other = any(not isinstance(n, Label) or Blocker(n.owner, reason) not in told for n, reason in blocking)
    blockers = tuple(sorted(told, key=lambda b: (b.owner, REASONS.index(b.reason))))
    whole = bool(standing.labels) and not standing.erased
    return Verdict(whole and not blocking, blockers, other or not whole)


def _may_know(label: Label, reason: str, ask: Ask, asker: Subject, asked: Ask) -> bool:
    """Tell whether the asker may know that this label blocks, and why."""
    if not decide(asker, replace(label, expires=date.max), asked).visible:
        return False
    if asker.organisations == frozenset({label.owner}) or reason in _SHOWN:
        return True
    return reason == "consent" and "H2" in label.handling and label.owner != ask.recipient

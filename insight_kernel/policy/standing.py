"""Deciding over a join as it stands today: for a release, for opening what was made, for what is told of it."""

from dataclasses import replace

from insight_kernel.model.subject import Ask, Subject
from insight_kernel.policy.allowed import Known, Stored
from insight_kernel.policy.decide import Decision, decide
from insight_kernel.policy.join import Standing, earliest, unexpiring


def decide_standing(subject: Subject, standing: Standing, stored: Stored, known: Known, ask: Ask) -> Decision:
    """Decide over every label of a join; the reason is that of the first rule that refuses any of them.

    A join of nothing is unreadable; one of which values are gone has expired.

    Examples
    --------
    >>> from datetime import date
    >>> from insight_kernel.model.label import Label
    >>> from insight_kernel.model.organisation import Organisation
    >>> stored = Stored((Label("MA", frozenset({"warn"}), date(2026, 1, 1)),), ("",))
    >>> ben = Subject("ben", frozenset({"MA"}), "official", frozenset({"warn"}), frozenset(), frozenset())
    >>> ask, known, all_ = Ask("warn", False, date(2026, 11, 22)), Known(Organisation()), frozenset({0})
    >>> decide_standing(ben, Standing(all_, all_), stored, known, ask).reason
    'expired'
    >>> decide_standing(ben, Standing(all_), stored, known, ask).visible  # its record carries another label since
    True
    """
    if not standing.labels:
        return Decision(visible=False, reason="unreadable-label")
    reasons = refusals(subject, standing, stored, known, ask).values()
    reason = earliest([*reasons, "expired" if standing.erased else None])
    return Decision(reason is None, reason)


def refusals(subject: Subject, standing: Standing, stored: Stored, known: Known, ask: Ask) -> dict[int, str]:
    """Return the labels of a join that refuse, by number, each with its reason.

    Only labels that a record of the join still carries can have expired. Where a label lives on under a narrower
    scope, whether owners were asked is judged there.
    """
    found = {}
    for number in sorted(standing.labels):
        label, scope = stored.labels[number], stored.scopes[number]
        asked = replace(ask, recipient=None) if number in standing.moved else known.ask(ask, label, scope)
        meant = known.label(label) if number in standing.current else unexpiring(known.label(label))
        decision = decide(subject, meant, asked)
        if decision.reason is not None:
            found[number] = decision.reason
    return found

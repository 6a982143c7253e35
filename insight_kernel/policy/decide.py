"""The decision: may this subject see this value, for this purpose, today?"""

from dataclasses import dataclass

from insight_kernel.model.label import Label, Unreadable
from insight_kernel.model.subject import Ask, Subject
from insight_kernel.policy.rules import RULES, Rule


@dataclass(frozen=True)
class Decision:
    """Visible, or hidden with the first failing reason (one of `REASONS`)."""

    visible: bool
    reason: str | None = None


_VISIBLE = Decision(visible=True)


def decide(subject: Subject, label: Label | Unreadable, ask: Ask) -> Decision:
    """Decide by the rules in their order; an error while deciding refuses.

    Parameters
    ----------
    subject
        Who asks. An attribute that is None refuses with the reason of the first rule reading it.
    label
        What the owner said about the value.
    ask
        Purpose, necessity and day; in a rendition also its recipient.

    Returns
    -------
    Decision
        `reason` is None exactly when the value is visible.

    Examples
    --------
    >>> from insight_kernel.model.label import read_label
    >>> from insight_kernel.model.subject import read_ask, read_subject
    >>> label = read_label({"owner": "MA", "purposes": ["network"], "expires": "2031-01-01", "excluded": ["FR"]})
    >>> ana = read_subject({"user": "ana", "organisation": "FR", "clearance": "official",
    ...                     "purposes": ["network"], "files": [], "permits": []})
    >>> decide(ana, label, read_ask({"purpose": "network", "day": "2026-11-21"}))
    Decision(visible=False, reason='recipient')
    """
    for rule in RULES:
        if not _holds(rule, subject, label, ask):
            return Decision(visible=False, reason=rule.reason)
    return _VISIBLE


def _holds(rule: Rule, subject: Subject, label: Label | Unreadable, ask: Ask) -> bool:
    try:
        # the first rule stops everything unreadable, so the others meet readable labels only
        return rule.holds(subject, label, ask) is True  # type: ignore[arg-type]
    except Exception:  # a decision that fails is a refusal, whatever the cause
        return False

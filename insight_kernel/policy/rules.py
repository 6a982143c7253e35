"""The rules of visibility, in their order, each with the sentence a lawyer reads.

This list is the only place where a rule is written: `decide` walks it, the printed table is made from it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from insight_kernel.model.label import LEVELS, PURPOSES, Label, Unreadable
from insight_kernel.model.subject import Ask, Subject
from insight_kernel.policy.consent import must_be_asked


@dataclass(frozen=True)
class Rule:
    """One rule: the reason it refuses with, what must hold, what it reads, and the test itself."""

    reason: str
    sentence: str
    label_fields: tuple[str, ...]
    reader_fields: tuple[str, ...]
    holds: Callable[[Subject, Label, Ask], bool]


def _not_expired(_: Subject, label: Label, ask: Ask) -> bool:
    return ask.day is not None and ask.day < label.expires


def _purpose(subject: Subject, label: Label, ask: Ask) -> bool:
    if subject.purposes is None or ask.purpose not in PURPOSES:
        return False
    return ask.purpose in subject.purposes and ask.purpose in label.purposes


def _clearance(subject: Subject, label: Label, _: Ask) -> bool:
    return subject.clearance is not None and LEVELS.index(subject.clearance) >= LEVELS.index(label.level)


def _recipient(subject: Subject, label: Label, _: Ask) -> bool:
    if not subject.organisations:
        return False
    return all(_may_receive(organisation, label) for organisation in subject.organisations)


def _may_receive(organisation: str, label: Label) -> bool:
    if organisation == label.owner:
        return True
    return (label.only is None or organisation in label.only) and organisation not in label.excluded


def _file(subject: Subject, label: Label, _: Ask) -> bool:
    return subject.files is not None and label.files <= subject.files


def _special(subject: Subject, label: Label, ask: Ask) -> bool:
    if subject.permits is None or ask.necessity is None:
        return False
    return not label.special or (ask.necessity and label.special <= subject.permits)


def _consent(_: Subject, label: Label, ask: Ask) -> bool:
    if ask.recipient is None:
        return True
    return must_be_asked(label, ask.recipient) <= ask.consented


RULES: tuple[Rule, ...] = (
    Rule(
        "unreadable-label",
        "The label is readable: every field is present where required, of its type and in its vocabulary.",
        ("all fields",),
        (),
        lambda _subject, label, _ask: not isinstance(label, Unreadable),
    ),
    Rule(
        "expired",
        "Today (UTC) is before the day the value expires; on that day it is gone for everyone.",
        ("expires",),
        ("day",),
        _not_expired,
    ),
    Rule(
        "purpose",
        "The stated purpose is one of the reader's purposes and one of those the owner allowed.",
        ("purposes",),
        ("purposes", "stated purpose"),
        _purpose,
    ),
    Rule(
        "clearance",
        "The reader's clearance is at least the level of the value.",
        ("level",),
        ("clearance",),
        _clearance,
    ),
    Rule(
        "recipient",
        "Each organisation of the reader is the owner, or is among those named (if any are named) and not excluded.",
        ("owner", "only", "excluded"),
        ("organisations",),
        _recipient,
    ),
    Rule(
        "file",
        "The reader is a member of every case the value is reserved to.",
        ("files",),
        ("files",),
        _file,
    ),
    Rule(
        "special",
        "For each special kind (sensitive, victim, minor, witness) the reader holds the permit of that name, "
        "and a necessity is stated.",
        ("special",),
        ("permits", "stated necessity"),
        _special,
    ),
    Rule(
        "consent",
        "In a rendition, every owner to be asked first (H2, consent) other than the recipient has consented.",
        ("handling", "consent", "owner"),
        ("recipient of the rendition", "consents given"),
        _consent,
    ),
)

REASONS: tuple[str, ...] = tuple(rule.reason for rule in RULES)

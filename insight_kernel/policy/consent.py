"""Consent: what an owner to be asked first has agreed may go to whom, for what, and until when.

It lifts rule 8 and no other. It names what it is for by scopes: a source (`OWNER/SOURCE`) or some of its records
(`OWNER/SOURCE/RECORD` each), and by the labels those had when it was given: under another label it says nothing.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from insight_kernel.model.label import Label, Unreadable, Words
from insight_kernel.model.subject import Ask


@dataclass(frozen=True)
class Consent:
    """One owner's word.

    Attributes
    ----------
    owner
        Who consents; not always the owner of the data: a label may name others to be asked.
    scopes
        What it covers: all of a source, or some of its records.
    recipient, purpose, until
        To which organisation, for which purpose, and the last day on which it holds.
    labels
        `label_mark` of each label it was given for.
    conditions
        What the recipient must keep to; printed in what is released.
    """

    owner: str
    scopes: Words
    recipient: str
    purpose: str
    until: date
    labels: Words
    conditions: str | None = None

    def covers(self, label: Label, scope: str, ask: Ask) -> bool:
        """Tell whether it holds for values under this label and scope, for what is asked.

        Examples
        --------
        >>> from insight_kernel.model.label import read_label
        >>> label = read_label({"owner": "MA", "purposes": ["warn"], "expires": "2031-01-01", "handling": ["H2"]})
        >>> given = Consent("MA", frozenset({"MA/mail"}), "FR", "warn", date(2027, 1, 31),
        ...                 frozenset({label_mark(label)}))
        >>> [given.covers(label, scope, Ask("warn", False, date(2027, 1, day), "FR"))
        ...  for scope, day in (("MA/mail", 31), ("MA/mail/a1", 1), ("MA/mailbox", 1))]
        [True, True, False]
        """
        asked = (ask.recipient, ask.purpose) == (self.recipient, self.purpose)
        in_time = ask.day is not None and ask.day <= self.until
        return (
            asked
            and in_time
            and label_mark(label) in self.labels
            and any(within(scope, wider) for wider in self.scopes)
        )


Consents = frozenset[Consent]


def consenting(given: Iterable[Consent], label: Label, scope: str, ask: Ask) -> Words:
    """Return the owners who have consented to values under this label and scope going where `ask` says."""
    return frozenset(consent.owner for consent in given if consent.covers(label, scope, ask))


def consents_for(given: Iterable[Consent], label: Label | Unreadable, scope: str, ask: Ask) -> list[Consent]:
    """Return the consents by which values under this label and scope go where `ask` says; none where none is needed."""
    if isinstance(label, Unreadable):
        return []
    owners = must_be_asked(label, ask.recipient)
    return [consent for consent in given if consent.owner in owners and consent.covers(label, scope, ask)]


def must_be_asked(label: Label, recipient: str | None) -> Words:
    """Return the owners without whose consent values under a label do not go to a recipient."""
    first = label.consent | ({label.owner} if "H2" in label.handling else frozenset())
    return first - {recipient}


def label_mark(label: Label) -> str:
    """Return a short hash by which a consent names a label without repeating it."""
    return hashlib.sha256(label.body().encode()).hexdigest()[:16]


def within(scope: str, wider: str) -> bool:
    """Tell whether a scope is another one, or a record of that source."""
    return scope == wider or scope.startswith(f"{wider}/")

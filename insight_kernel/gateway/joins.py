"""What follows from a join as it stands today: who may see what was made of it, where it may go, what is told."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from insight_kernel.gateway.in_force import InForce
from insight_kernel.model.label import Label
from insight_kernel.model.subject import Ask, Subject
from insight_kernel.policy.allowed import Stored
from insight_kernel.policy.consent import consents_for
from insight_kernel.policy.join import Parts, Standing, Summary, summarise
from insight_kernel.policy.release import Verdict, may_release
from insight_kernel.policy.standing import decide_standing, refusals
from insight_kernel.store.opened import Store


@dataclass(frozen=True)
class Made:
    """What was made from a join, the organisations that hold it, and what it was made for."""

    parts: Parts
    ask: Ask
    holders: frozenset[str] = frozenset()


class Joins:
    """Decisions over joins, by the labels their records carry now and what is in force now."""

    def __init__(self, store: Store, in_force: InForce) -> None:
        self._store, self._in_force = store, in_force

    def satisfied(self, parts: Parts, subject: Subject, ask: Ask) -> bool:
        """Tell whether a subject may see everything of a join today."""
        return self.seen_by(subject, [Made(parts, ask)])[0]

    def seen_by(self, subject: Subject, made: Sequence[Made]) -> list[bool]:
        """Tell of each whether a subject may see everything it was made from, for what it was made."""
        standings = self._store.standings([one.parts for one in made])
        known, stored = self._in_force.current()[0], self._store.labels()
        return [
            decide_standing(subject, standing, stored, known, one.ask).visible
            for one, standing in zip(made, standings, strict=True)
        ]

    def bears(self, parts: Parts, subject: Subject, ask: Ask) -> bool:
        """Tell whether a subject satisfies a floating label: rule 2 is not applied to it, and nothing stops nobody."""
        known, stored = self._in_force.current()[0], self._store.labels()
        unexpiring = replace(self._store.standing(*parts), current=frozenset())
        return not refusals(subject, unexpiring, stored, known, ask)

    def expired(self, parts: Parts, since: date, until: date) -> bool:
        """Tell whether something of a join expired or was withdrawn after one day, up to another."""
        stored = self._store.labels().labels
        labels = (stored[number] for number in self._store.standing(*parts).labels)
        return any(isinstance(label, Label) and since < label.expires <= until for label in labels)

    def stale(self, made: Sequence[Made]) -> list[bool]:
        """Tell of each whether what it was made from has changed since, or could not go to its holders any more."""
        standings = self._store.standings([one.parts for one in made])
        known, stored = self._in_force.current()[0], self._store.labels()

        def may_go(one: Made, standing: Standing, to: str) -> bool:
            profile, asked = known.people.recipient_subject(to), replace(one.ask, recipient=to)
            return decide_standing(profile, standing, stored, known, asked).visible

        return [
            _changed(one.parts, standing, stored) or not all(may_go(one, standing, to) for to in one.holders)
            for one, standing in zip(made, standings, strict=True)
        ]

    def erased(self, parts: Parts) -> bool:
        """Tell whether values it was made from are gone."""
        return self._store.standing(*parts).erased

    def summary(self, parts: Parts, subject: Subject, ask: Ask) -> Summary:
        """Return what a subject may read about a join."""
        known, standing, stored = (
            self._in_force.current()[0],
            self._store.standing(*parts),
            self._store.labels(),
        )
        return summarise([known.label(stored.labels[n]) for n in sorted(standing.labels)], subject, ask)

    def verdict(self, parts: Parts, recipient: str, asker: Subject, asked: Ask) -> Verdict:
        """Return whether what was made from a join may go to an organisation, as the asker may be told."""
        known = self._in_force.current()[0]
        return may_release(
            self._store.standing(*parts), self._store.labels(), known, known.people.recipient_subject(recipient),
            replace(asked, recipient=recipient), asker=asker, asked=asked,
        )  # fmt: skip

    def agreed(self, parts: Parts, recipient: str, asked: Ask) -> list[str]:
        """Return the conditions under which owners have consented that what is in a join goes to an organisation."""
        known, stored = self._in_force.current()[0], self._store.labels()
        standing, ask = self._store.standing(*parts), replace(asked, recipient=recipient)
        said = {
            consent.conditions
            for number in standing.labels - standing.moved
            for consent in consents_for(known.consents, stored.labels[number], stored.scopes[number], ask)
        }
        return sorted(text for text in said if text)

    def blocking(self, parts: Parts, recipient: str, asked: Ask) -> list[dict[str, Any]]:
        """Return every label number that keeps a join from an organisation, with its reason: for the log alone."""
        known = self._in_force.current()[0]
        found = refusals(
            known.people.recipient_subject(recipient), self._store.standing(*parts), self._store.labels(), known,
            replace(asked, recipient=recipient),
        )  # fmt: skip
        return [{"label": number, "reason": reason} for number, reason in found.items()]


def _changed(parts: Parts, standing: Standing, stored: Stored) -> bool:
    """Tell whether a record was given another label, withdrawn or purged.

    That a consent was given for some of the records is no change.
    """
    said, says = (
        {stored.labels[n] for n in labels}
        for labels in (frozenset[int]().union(*(part.labels for part in parts)), standing.labels)
    )
    return standing.erased or said != says or bool(standing.labels - standing.current - standing.moved)

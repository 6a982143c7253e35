"""What a profile is made of: the subject and what is linked with it, as its reader sees it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from insight_kernel.model.schema import Schema

_KINDS_PROTECTED = {"victim", "minor"}


@dataclass(frozen=True)
class Said:
    """One value, who said it, how good it is, and what its label tells a reader."""

    property: str
    value: str
    reference: str | None
    source: str
    owner: str
    grade: str
    delivered: str
    level: str
    handling: tuple[str, ...]
    special: tuple[str, ...]


@dataclass(frozen=True)
class Thing:
    """An entity with everything said of it."""

    id: str
    schema: Schema
    caption: str
    said: tuple[Said, ...] = field(repr=False)

    def values(self, *names: str) -> list[str]:
        """Return the distinct values of properties, in the order of the names."""
        return list(dict.fromkeys(s.value for name in names for s in self.said if s.property == name))

    def first(self, *names: str) -> str:
        """Return the first value of the first property that has one, else an empty text."""
        return next(iter(self.values(*names)), "")

    @property
    def start(self) -> str:
        """Return its earliest start, as the vocabulary defines it, or an empty text."""
        return next((min(v) for name in self.schema.start if (v := self.values(name))), "")

    @property
    def end(self) -> str:
        """Return its end, or an empty text."""
        return next((min(v) for name in self.schema.end if (v := self.values(name))), "")

    @property
    def protected(self) -> bool:
        """Tell whether it is a victim or a minor, whose name is not shown."""
        marked = any(_KINDS_PROTECTED.intersection(s.special) for s in self.said)
        return self.schema.is_a("Person") and (marked or "victim" in self.values("personStatus"))


@dataclass(frozen=True)
class Link:
    """A link of two things; `thing` is the link's own entity, None where a property refers."""

    source: str
    target: str
    kind: str
    caption: str
    thing: str | None


@dataclass(frozen=True)
class Note:
    """What a colleague wrote of the subject, and who read it over; `section` is the part of a report it is for."""

    text: str
    author: str
    reviewer: str
    made: str
    grade: str
    assessment: bool
    section: str


@dataclass(frozen=True)
class Seen:
    """Everything a profile is computed from, and nothing else.

    Attributes
    ----------
    subject
        Whom the profile is about.
    things
        The subject and what is linked with it, by id.
    near, further
        Links of the subject; links of what belongs to it (telephones, accounts, vehicles, devices).
    cut_off
        Whether there were more links than one answer holds.
    day
        The day (UTC) on which it was looked at.
    notes
        What colleagues wrote of the subject, oldest first.
    """

    subject: Thing
    things: Mapping[str, Thing]
    near: tuple[Link, ...]
    further: tuple[Link, ...]
    cut_off: bool
    day: date
    notes: tuple[Note, ...] = ()

    def linked(self, *schemata: str) -> list[Thing]:
        """Return the things and links of these schemata around the subject and what belongs to it, by id."""
        ids = {id_ for link in (*self.near, *self.further) for id_ in (link.source, link.target, link.thing)}
        found = (self.things[id_] for id_ in sorted(filter(None, ids)) if id_ != self.subject.id)
        return [thing for thing in found if any(thing.schema.is_a(name) for name in schemata)]

    def caption(self, id_: str) -> str:
        """Return what a thing is called here."""
        return self.things[id_].caption

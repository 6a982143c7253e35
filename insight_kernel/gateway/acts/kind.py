"""What differs between the kinds of acts: who may ask, who may decide, and what follows."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Literal

from insight_kernel.errors import BadInput, Refused
from insight_kernel.model.label import read_day
from insight_kernel.model.organisation import Organisation

State = Literal["waiting", "agreed", "refused", "ended"]
What = Mapping[str, Any]


@dataclass(frozen=True)
class Act:
    """One act as it stands.

    Attributes
    ----------
    id, kind, what
        Which one, of which kind, and what is asked: plain values, as the log holds them.
    by, organisation, reason, since
        Who asked, of which organisation, in his words, and when.
    state
        `waiting` for a second person, `agreed`, `refused`, or `ended` before its time.
    entry
        Number of the log entry by which it came to this state.
    second, decided
        Who decided and when; nobody, where one person is enough.
    """

    id: str
    kind: str
    what: What
    by: str
    organisation: str
    reason: str
    since: str
    state: State
    entry: int
    second: str | None = None
    decided: str | None = None


@dataclass(frozen=True)
class Now:
    """Who is who, and when."""

    people: Organisation
    time: datetime

    @property
    def day(self) -> date:
        """Return the day (UTC)."""
        return self.time.date()

    def holds(self, user: str, role: str, organisation: str | None = None) -> bool:
        """Tell whether a user has a role, in an organisation if one is named."""
        entry = self.people.users.get(user)
        return entry is not None and role in entry.roles and organisation in (None, entry.organisation)

    def roles(self, user: str) -> tuple[str, ...]:
        """Return a user's roles; nobody unknown has one."""
        entry = self.people.users.get(user)
        return () if entry is None else tuple(entry.roles)

    def organisation_of(self, user: str) -> str:
        """Return the organisation of a known user; refused for anybody else."""
        if user not in self.people.users:
            raise Refused("act", "you are not in the organisation file", "Ask its keeper.")
        return self.people.users[user].organisation


@dataclass(frozen=True)
class Asked:
    """What is asked, checked; `alone` when it takes effect without a second person."""

    what: dict[str, Any]
    alone: bool = False


class Kind(ABC):
    """One kind of act."""

    name: ClassVar[str]
    operation: ClassVar[str]
    """The word of the audit (`rules.md` 14) under which its entries stand."""

    @abstractmethod
    def checked(self, what: What, by: str, now: Now) -> Asked:
        """Return what is asked as it will be kept; raise `BadInput` or `Refused` when this user cannot ask it."""

    @abstractmethod
    def may_decide(self, act: Act, user: str, now: Now) -> bool:
        """Tell whether somebody other than who asked may be the second person."""

    def agreed(self, what: What, _now: Now) -> dict[str, Any]:
        """Return what is kept once it is agreed; raise when it can no longer be done as it was asked."""
        return dict(what)

    def may_end(self, _act: Act, _user: str, _now: Now) -> bool:
        """Tell whether somebody may end it before its time."""
        return False

    def apply(self, _act: Act) -> None:  # noqa: B027  # most kinds do nothing outside the log
        """Do what follows outside the log; called again after a crash, so doing it twice is doing it once."""

    def concerns(self, act: Act, user: str, now: Now) -> bool:
        """Tell whether somebody may see that it was asked, and what became of it."""
        return user in (act.by, act.second) or self.may_decide(act, user, now)


def text(what: What, name: str, *, most: int = 500) -> str:
    """Return a text that must be there."""
    found = what.get(name)
    if not isinstance(found, str) or not found.strip() or len(found) > most:
        raise BadInput("act", f"{name}: a text of 1 to {most} characters", "Fill it in.")
    return found.strip()


def day(what: What, name: str, *, after: date) -> date:
    """Return a day not before another one."""
    found = read_day(what.get(name))
    if found is None or found < after:
        raise BadInput("act", f"{name}: a day not yet over, YYYY-MM-DD", "Choose another day.")
    return found


def texts(what: What, name: str, *, most: int = 1_000) -> list[str]:
    """Return a list of texts, each once, in order; absent is empty."""
    found = what.get(name, [])
    if (
        not isinstance(found, list)
        or len(found) > most
        or not all(isinstance(item, str) and item for item in found)
    ):
        raise BadInput("act", f"{name}: at most {most} texts", "Name fewer, or a whole source.")
    return sorted(set(found))

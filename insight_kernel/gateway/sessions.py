"""Sessions: a run token bound to a subject, an ask, a workspace and an end."""

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from threading import Lock
from typing import Any

from insight_kernel.model.organisation import Organisation
from insight_kernel.model.subject import Ask, Subject, meet

LONGEST = timedelta(hours=12)


@dataclass(frozen=True)
class Session:
    """Who works where and for what; the rights themselves are looked up at each request."""

    user: str
    case: str
    purpose: str
    necessity: bool
    ends: datetime
    organisation: str
    recipient: str | None = None
    run: str | None = None
    until: date | None = None
    generation: int | None = None
    members: tuple[str, ...] = ()

    @property
    def workspace(self) -> str:
        """Return the name of the workspace: one case, one purpose, its user; a report's run is its own.

        It does not change with the members of a room.

        In a hub a workspace can be replaced by an empty one: then it is also known by its number.
        """
        number = [] if self.generation is None else [f"w{self.generation}"]
        names = [self.user, self.case, self.purpose, *number, *([self.run] if self.run else [])]
        return "/".join(names).lower()

    def subject(self, people: Organisation, day: date) -> Subject:
        """Return the meet of the user, every member, the case and, in a rendition, the recipient, as they are now."""
        subjects = [people.subject(self.user), replace(people.case_subject(self.case, day), user=self.user)]
        subjects += [replace(people.subject(member), user=self.user) for member in self.members]
        if self.recipient is not None:
            subjects.append(replace(people.recipient_subject(self.recipient), user=self.user))
        return meet(subjects)

    def ask(self, day: date) -> Ask:
        """Return what is asked for on this day; a run asks as on the last day on which it is valid.

        So nothing stands in a report after the day on which its owner wanted it gone.
        """
        last = day if self.until is None else max(day, self.until - timedelta(days=1))
        return Ask(self.purpose, self.necessity, last, self.recipient)


def named(session: Session) -> dict[str, Any]:
    """Return what every entry of the log says of a session; of a room also who else is in it."""
    names = ("user", "workspace", "case", "purpose")
    others = {"members": list(session.members)} if session.members else {}
    return {**{name: getattr(session, name) for name in names}, **others}


class Sessions:
    """Sessions by token; only a hash of each token is kept."""

    def __init__(self) -> None:
        self._by_hash: dict[str, Session] = {}
        self._lock = Lock()

    def issue(self, session: Session) -> str:
        """Return a new token for the session."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._by_hash = {h: s for h, s in self._by_hash.items() if s.ends > datetime.now(UTC)}
            self._by_hash[_hash(token)] = session
        return token

    def find(self, token: str) -> Session | None:
        """Return the session of a token that is known and has not ended."""
        session = self._by_hash.get(_hash(token))
        return session if session and session.ends > datetime.now(UTC) else None

    def end(self, token: str) -> None:
        """Forget a token."""
        with self._lock:
            self._by_hash.pop(_hash(token), None)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()

"""The workspaces of a hub: one for each user and case, for one purpose that a person stated, with its members.

Like the floating labels they are read from the log when the gateway starts: what is not in the log is not.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from threading import Lock
from typing import Any

from insight_kernel.audit.log import AuditLog
from insight_kernel.audit.sealing import ERASED, Private
from insight_kernel.errors import BadInput, Refused, StartAgain
from insight_kernel.gateway.admission import new_session
from insight_kernel.gateway.members import Member, read_member
from insight_kernel.gateway.sessions import LONGEST, Session
from insight_kernel.model.organisation import Organisation

OPERATION = "workspace"


@dataclass(frozen=True)
class Necessity:
    """Why special data are needed, in a person's words, and the last day on which that holds."""

    text: str
    until: date


def read_necessity(text: str | None, until: str | None) -> Necessity | None:
    """Return the necessity a person stated, or None when neither reason nor day is given."""
    if text is None and until is None:
        return None
    try:
        return Necessity(text or "", date.fromisoformat(until or ""))
    except ValueError:
        raise BadInput("state a necessity", "its last day is no date", "Write it as YYYY-MM-DD.") from None


@dataclass(frozen=True)
class Opened:
    """One workspace as a person made it; the `generation` grows each time it is replaced by an empty one.

    `uid` is the Unix account that is this generation's alone; None in the profile `demo`, which has no such accounts.
    """

    user: str
    case: str
    purpose: str
    necessity: Necessity | None
    organisation: str
    generation: int
    since: str
    members: tuple[Member, ...] = ()
    uid: int | None = None

    @property
    def account(self) -> str:
        """Return whose the server is in the hub: an account of the workspace's own, or without one its user."""
        return self.user if self.uid is None else account_name(self.uid)

    @property
    def server(self) -> str:
        """Return the name of its server in the hub."""
        return self.case.lower()

    def session(self, day: date) -> Session:
        """Return a session of this workspace on a day."""
        needed = self.necessity is not None and day <= self.necessity.until
        ends = datetime.now(UTC) + LONGEST
        members = tuple(member.user for member in self.members)
        return Session(
            self.user, self.case, self.purpose, needed, ends, self.organisation, generation=self.generation,
            members=members,
        )  # fmt: skip


def account_name(uid: int) -> str:
    """Return the hub's name of a workspace's account: also a label of its host name, so without a hyphen."""
    return f"w{uid}"


class Workspaces:
    """Which workspaces there are; making one is a person's act and is logged before it counts.

    With `uids` each gets a Unix account that no other one had, as long as there are such.
    """

    def __init__(self, uids: range | None = None) -> None:
        self._uids, self._used = uids, set[int]()
        self._by_server: dict[tuple[str, str], Opened] = {}
        self._by_account: dict[tuple[str, str], str] = {}  # account and server -> user
        self._closed: set[tuple[str, str]] = set()
        self._lock = Lock()

    def take(self, entry: Mapping[str, Any]) -> None:
        """Read an entry of the log."""
        if entry.get("operation") == OPERATION:
            self._keep(_read(entry["opened"]))

    def find(self, user: str, server: str) -> Opened | None:
        """Return the workspace of a user's server; None while it is being replaced."""
        with self._lock:
            return None if (user, server) in self._closed else self._by_server.get((user, server))

    def at(self, account: str, server: str) -> Opened | None:
        """Return the workspace of a server of the hub's, likewise."""
        with self._lock:
            user = self._by_account.get((account, server))
        return None if user is None else self.find(user, server)

    def all(self) -> list[Opened]:
        """Return every workspace, by user and case."""
        with self._lock:
            return sorted(self._by_server.values(), key=lambda o: (o.user, o.case))

    def of(self, user: str) -> list[Opened]:
        """Return a user's workspaces, by case."""
        with self._lock:
            return sorted((o for o in self._by_server.values() if o.user == user), key=lambda o: o.case)

    def with_member(self, user: str) -> list[Opened]:
        """Return the rooms of others in which somebody is a member, by owner and case."""
        return [opened for opened in self.all() if any(member.user == user for member in opened.members)]

    def still(self, session: Session) -> bool:
        """Tell whether a session is one of its workspace as it is now, and nobody has come in since it began."""
        if session.generation is None:
            return True
        now = self.find(session.user, session.case.lower())
        if now is None or now.generation != session.generation:
            return False
        return {member.user for member in now.members} <= set(session.members)

    def open(
        self, audit: AuditLog, people: Organisation, day: date, *,
        user: str, case: str, purpose: str, necessity: Necessity | None, by: str,
        emptied: Callable[[Opened], None] | None = None,
    ) -> Opened:  # fmt: skip
        """Return the user's workspace for a case and purpose, made if there is none.

        One that is there for another purpose or necessity is left alone and refused, unless `emptied` is given:
        it is called for the old one, and must have ended its server, before the new one begins.
        """
        session = new_session(people, user, purpose, case, day, necessity=necessity is not None)
        check_necessity(necessity, people, user, day)
        with self._alone(user, case.lower()):
            old = self._by_server.get((user, case.lower()))
            if old is not None and emptied is None:
                return _same(old, session, necessity)
            if old is not None and emptied is not None:
                emptied(old)
            generation = old.generation + 1 if old else 1
            since = datetime.now(UTC).isoformat("T", "seconds")
            uid = self._free_uid()
            new = Opened(user, case, purpose, necessity, session.organisation, generation, since, uid=uid)
            audit.append(_entry(new, "replaced" if old else "opened", by))
            return self._keep(new)

    def change(
        self, audit: AuditLog, opened: Opened, decide: Callable[[Opened], tuple[Member, ...]], *,
        act: str, by: str, **said: str,
    ) -> int:  # fmt: skip
        """Give a workspace the members `decide` returns; return the log's entry, which is there before it counts.

        Nobody works in it while `decide` looks, so that nothing is read in between.
        """
        with self._alone(opened.user, opened.server):
            old = self._by_server.get((opened.user, opened.server))
            if old is None or old.generation != opened.generation:
                raise StartAgain("change the members", "the workspace was replaced", "Look at the new one.")
            new = replace(old, members=decide(old))
            number = audit.append({**_entry(new, act, by), **said})
            self._keep(new)
            return number

    def _free_uid(self) -> int | None:
        """Return an account nobody ever had, or else nobody has now."""
        if self._uids is None:
            return None
        held = {opened.uid for opened in self.all()}
        free = [uid for uid in self._uids if uid not in self._used] or [
            uid for uid in self._uids if uid not in held
        ]
        if not free:
            wrong = f"all {len(self._uids)} accounts of this host are taken"
            raise Refused("open the workspace", wrong, "Ask the operator for more.")
        return free[0]

    def forget(self, case: str) -> None:
        """Forget in which words people stated why they needed special data for a case."""
        with self._lock:
            for place, opened in self._by_server.items():
                if opened.case == case and opened.necessity is not None:
                    erased = replace(opened.necessity, text=ERASED)
                    self._by_server[place] = replace(opened, necessity=erased)

    def _keep(self, opened: Opened) -> Opened:
        with self._lock:
            old = self._by_server.get((opened.user, opened.server))
            if old is not None:
                del self._by_account[old.account, old.server]
            self._by_server[opened.user, opened.server] = opened
            self._by_account[opened.account, opened.server] = opened.user
            if opened.uid is not None:
                self._used.add(opened.uid)
        return opened

    @contextmanager
    def _alone(self, user: str, server: str) -> Iterator[None]:
        """Let nobody read, start or change a workspace while it changes."""
        with self._lock:
            if (user, server) in self._closed:
                raise Refused("open the workspace", "it is being changed right now", "Wait a moment.")
            self._closed.add((user, server))
        try:
            yield
        finally:
            with self._lock:
                self._closed.discard((user, server))


def _same(old: Opened, asked: Session, necessity: Necessity | None) -> Opened:
    if (old.purpose, old.necessity, old.organisation) == (asked.purpose, necessity, asked.organisation):
        return old
    wrong = f"there is one for the purpose {old.purpose} already, and a workspace has one purpose"
    raise Refused(
        f"open a workspace of {old.user} for {old.case}",
        wrong,
        "Replace it by an empty one, or open it as it is.",
    )


def check_necessity(necessity: Necessity | None, people: Organisation, user: str, day: date) -> None:
    """Raise `BadInput` when a necessity is stated by who holds no permit, or without reason or a day to come."""
    if necessity is None:
        return
    if not people.users[user].permits:
        raise BadInput("state a necessity", f"{user} holds no permit for special data", "Leave it out.")
    if not necessity.text.strip() or necessity.until < day:
        raise BadInput("state a necessity", "it needs a reason and a day not yet over", "Give both.")


def _entry(new: Opened, act: str, by: str) -> dict[str, Any]:
    done = {"operation": OPERATION, "act": act, "by": by}
    named = {"user": new.user, "case": new.case, "purpose": new.purpose}
    opened = asdict(replace(new, members=()))
    del opened["members"]
    if new.uid is None:
        del opened["uid"]
    if new.necessity is not None:
        opened["necessity"]["text"] = Private(new.necessity.text)
        opened["necessity"]["until"] = new.necessity.until.isoformat()
    if new.members:
        opened["members"] = [member.written() for member in new.members]
    return {**done, **named, "workspace": new.session(date.max).workspace, "opened": opened}


def _read(stored: Mapping[str, Any]) -> Opened:
    necessity = stored["necessity"]
    kept = necessity and Necessity(necessity["text"], date.fromisoformat(necessity["until"]))
    members = tuple(map(read_member, stored.get("members", ())))
    return Opened(**{**stored, "necessity": kept, "members": members})

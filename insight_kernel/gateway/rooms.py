"""Rooms: workspaces with several members, who are looked at again at every request and every few seconds.

Who may not be in a room any more is out at once: that is logged, and the room's server ends, with it its tokens,
open connections and everybody's access to it. The members who are left open it again.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from threading import RLock
from typing import Any

from insight_kernel.audit.log import AuditLog
from insight_kernel.errors import NotAvailable, Refused, StartAgain, Unavailable
from insight_kernel.gateway.briefly import Briefly
from insight_kernel.gateway.homes import stop_server
from insight_kernel.gateway.hub import Hub
from insight_kernel.gateway.members import Member
from insight_kernel.gateway.refusals import Refusals
from insight_kernel.gateway.standing import fault, group_fault
from insight_kernel.gateway.workspaces import OPERATION, Opened, Workspaces
from insight_kernel.model.organisation import Organisation
from insight_kernel.model.subject import shrunk

_AT_ONCE = 20  # people whose rooms are looked at each time
ADMITTED, LEFT, _WIDENED = "admitted", "left", "widened"


class Rooms:
    """Who is in which room, and who has to go."""

    def __init__(
        self, workspaces: Workspaces, audit: AuditLog, refusals: Refusals, hub: Hub | None, key: bytes
    ) -> None:
        self._workspaces, self._audit, self._refusals, self._hub = workspaces, audit, refusals, hub
        self._groups: Briefly[frozenset[str]] = Briefly(key)
        self._watched: dict[
            str, None
        ] = {}  # whoever has a room of his own, who was looked at longest ago first
        self._ending = RLock()

    def take(self, entry: Mapping[str, Any]) -> None:
        """Read an entry of the log."""
        if entry.get("operation") == OPERATION and entry["act"] == ADMITTED:
            self._watched[entry["user"]] = None

    def admit(self, opened: Opened, new: Member, check: Callable[[Opened], None]) -> int:
        """Let somebody in whom `check` does not refuse, while nothing is read; return the log's entry."""

        def decide(now: Opened) -> tuple[Member, ...]:
            check(now)
            return (*now.members, new)

        said = {"act": ADMITTED, "by": opened.user, "member": new.user}
        entry = self._workspaces.change(self._audit, opened, decide, **said)
        self._watched[opened.user] = None
        return entry

    def leave(self, opened: Opened, user: str, by: str, **said: str) -> int:
        """Put somebody out and end the room's server; return the log's entry.

        He is out even if the hub cannot end the server now: while he may use it nobody is answered in it, and the
        next look ends it.
        """

        def decide(now: Opened) -> tuple[Member, ...]:
            if all(member.user != user for member in now.members):
                raise NotAvailable("leave the room", "there is no such member", "See who is in it.")
            return tuple(member for member in now.members if member.user != user)

        with self._ending:
            said = {"act": LEFT, "by": by, "member": user, **said}
            entry = self._workspaces.change(self._audit, opened, decide, **said)
            with suppress(Unavailable):
                stop_server(self._hub, opened, "leave")
            return entry

    def look(self, opened: Opened, people: Organisation, day: date) -> dict[str, str]:
        """Put out every member who may not be in the room any more; return them with the cause of each.

        Raises
        ------
        Unavailable
            When the hub does not say who is in which group.
        """
        lost = {m.user: cause for m in opened.members if (cause := self.cause(m, opened, people, day))}
        for user, cause in lost.items():
            with suppress(NotAvailable, StartAgain, Refused):  # somebody else was quicker, or is at it
                self.leave(opened, user, by="gateway", reason=cause)
        if not lost:
            self._widen(opened, people)
        return lost

    def look_at_all(self, people: Organisation, day: date) -> None:
        """Look at rooms, those first that were not for longest; a server that others may use than its members ends.

        Of many rooms not all are looked at each time: the hub has other things to do.
        """
        for user in list(self._watched)[:_AT_ONCE]:
            # refused while a workspace changes: then it is looked at by who changes it
            with self._ending, suppress(Refused):
                self._look_at(user, people, day)

    def cause(self, member: Member, opened: Opened, people: Organisation, day: date) -> str | None:
        """Return why somebody may not be in a room today, or None."""
        alone = replace(opened.session(day), user=member.user, organisation=member.organisation, members=())
        less = shrunk(member.rights, people.subject(member.user))
        return (
            fault(alone, people, day) or (f"less-{less}" if less else None)
            or group_fault(self.groups_of(member.user), opened.case, people)
        )  # fmt: skip

    def _look_at(self, user: str, people: Organisation, day: date) -> None:
        """Look at somebody's rooms; as long as he has one, or it is not known, he is looked at again."""
        self._watched.pop(user, None)  # first, so that one made meanwhile counts
        watched = True
        try:
            # The hub is asked first: who was let in since is a member by the time the members are read. A server that
            # was given another name keeps its shares: all of a user's are looked at.
            sharing = self._sharing(user)
            for server in sorted({*sharing, *(opened.server for opened in self._workspaces.of(user))}):
                opened = self._workspaces.find(user, server)
                if opened is not None and not self.look(opened, people, day):
                    self._end_shared(opened, sharing.get(server, set()))
            watched = bool(sharing) or any(opened.members for opened in self._workspaces.of(user))
        finally:
            if watched:
                self._watched[user] = None

    def _sharing(self, user: str) -> dict[str, set[str]]:
        """Return who else may use each server of somebody's workspaces, whichever account of the hub it belongs to."""
        accounts = {user, *(opened.account for opened in self._workspaces.of(user))}
        found = [self._hub.shares_of(account) for account in sorted(accounts)] if self._hub else []
        return {server: who - {user} for shares in found for server, who in shares.items()}

    def _end_shared(self, opened: Opened, sharing: set[str]) -> None:
        user, server = opened.user, opened.server
        strangers = sorted(sharing - {member.user for member in opened.members})
        if strangers:
            self._refusals.notice("shared-room", "hub", user=user, server=server, others=strangers)
            stop_server(self._hub, opened, "share")

    def _widen(self, opened: Opened, people: Organisation) -> None:
        """Keep what a member has more than before: to lose that is a loss as well."""
        more = [member.user for member in opened.members if _widest(member, people) != member]
        if more:
            said = {"act": _WIDENED, "by": "gateway", "member": ", ".join(more)}
            with suppress(Refused, StartAgain):  # somebody else is at it
                self._workspaces.change(
                    self._audit, opened, lambda now: tuple(_widest(m, people) for m in now.members), **said
                )

    def groups_of(self, user: str) -> frozenset[str]:
        """Return the hub's groups of somebody, as the hub said within the last second."""
        if self._hub is None:
            raise Unavailable("look at a room", "no hub serves this store", "Start it with insight up.")
        hub = self._hub
        return self._groups.get(user, lambda: hub.groups_of(user))


def _widest(member: Member, people: Organisation) -> Member:
    """Return a member with the rights he has now, if they are more than those that are kept."""
    now = people.subject(member.user)
    more = shrunk(now, member.rights) and not shrunk(member.rights, now)
    return replace(member, rights=now) if more else member

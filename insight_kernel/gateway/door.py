"""Who is asking: from a bearer token to the session of exactly one workspace, or a refusal.

A run token is the gateway's own. Every other token is the hub's: it must belong to a user, be bound to one of
his servers and carry the scope for asking. What the hub said is believed for a second; when the hub is away,
nobody is let in.
"""

import os
import re
from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from threading import Lock

from insight_kernel.errors import Unavailable
from insight_kernel.gateway.briefly import Briefly, keep
from insight_kernel.gateway.hub import Hub, Identity
from insight_kernel.gateway.refusals import DeniedError, Refusals
from insight_kernel.gateway.rooms import Rooms
from insight_kernel.gateway.sessions import Session, Sessions, named
from insight_kernel.gateway.standing import (
    MOVED,
    ORGANISATION_IN_HUB,
    USER_REMOVED,
    fault,
    group_fault,
    named_bodies,
)
from insight_kernel.gateway.workspaces import Opened, Workspaces
from insight_kernel.model.organisation import Organisation

ASK_SCOPE = "custom:insight:ask"
_TOKEN = re.compile(r"[A-Za-z0-9._~+/=-]{8,512}")


@dataclass(frozen=True)
class Credential:
    """What a request shows of itself: its token, what stands in its URL, claims it forges, and its peer's uid."""

    token: str
    in_url: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    peer: int | None = None

    @property
    def origin(self) -> str:
        """Return where it came from, as the log names it."""
        return f"uid {self.peer}"


@dataclass(frozen=True)
class _Allowed:
    identity: Identity
    others: tuple[str, ...]


class Door:
    """Lets a request in to one workspace."""

    def __init__(
        self, sessions: Sessions, workspaces: Workspaces, rooms: Rooms, refusals: Refusals, hub: Hub | None,
        key: bytes,
    ) -> None:  # fmt: skip
        self._sessions, self._workspaces, self._rooms, self._refusals = sessions, workspaces, rooms, refusals
        self._hub = hub
        self._believed: Briefly[_Allowed] = Briefly(key)
        self._known: OrderedDict[str, str] = OrderedDict()  # tokens once let in -> their user
        self._away = False
        self._lock = Lock()

    def enter(self, shown: Credential, people: Organisation, day: date) -> Session:
        """Return the session; raise `DeniedError` otherwise. The refusal is in the log before it is raised."""
        try:
            session = self._session(shown, people, day)
        except DeniedError as error:
            self._refusals.record(error, shown.origin)
            raise
        if shown.claims:
            self._refusals.notice("forged-claim", shown.origin, user=session.user, headers=list(shown.claims))
        return session

    def _session(self, shown: Credential, people: Organisation, day: date) -> Session:
        if shown.in_url:
            hashes = [self._believed.hash(text)[:16] for text in shown.in_url]
            raise DeniedError(401, "token-exposed", "alarm", hashes=hashes)
        if not _TOKEN.fullmatch(shown.token):
            raise DeniedError(401, "no-token", "tally")
        session = self._sessions.find(shown.token) or self._of_hub(shown, people, day)
        cause = fault(session, people, day)
        if cause is not None:
            status = 401 if cause == USER_REMOVED else 403
            kept = {"former": session.organisation} if cause == MOVED else {}
            raise DeniedError(status, cause, "full", **named(session), **kept)
        return session

    def _of_hub(self, shown: Credential, people: Organisation, day: date) -> Session:
        allowed = self._allowed(shown.token)
        identity = allowed.identity
        _check_kind(identity)
        opened = self._workspaces.at(identity.name, identity.server or "")
        if opened is None:
            raise DeniedError(403, "no-workspace", user=identity.name, server=identity.server)
        # in the profile `demo` all servers run as the gateway's own user
        if shown.peer != (os.getuid() if opened.uid is None else opened.uid):
            raise DeniedError(401, "peer-uid", "alarm", user=opened.user, peer=shown.peer)
        session = opened.session(day)
        _check_groups(self._groups(identity, opened), session, people)
        self._look_at(opened, people, day)
        strangers = sorted(set(allowed.others) - {opened.user, *session.members})
        if strangers:
            raise DeniedError(403, "shared-server", "full", others=strangers, **named(session))
        return session

    def _groups(self, identity: Identity, opened: Opened) -> frozenset[str]:
        """Return the hub's groups of the person whose workspace it is; an account of its own is in no case's."""
        if identity.name == opened.user:
            return identity.groups
        try:
            return self._rooms.groups_of(opened.user)
        except Unavailable:
            raise self._outage() from None

    def _look_at(self, opened: Opened, people: Organisation, day: date) -> None:
        """Refuse what is asked in a room of which a member has just been put out."""
        try:
            lost = self._rooms.look(opened, people, day)
        except Unavailable:
            raise self._outage() from None
        if lost:
            raise DeniedError(403, "member-lost", "full", lost=lost, **named(opened.session(day)))

    def _allowed(self, token: str) -> _Allowed:
        """Return what the hub says of a token, or said within the last second."""
        return self._believed.get(token, lambda: self._asked(token))

    def _asked(self, token: str) -> _Allowed:
        if self._hub is None:
            raise DeniedError(401, "unknown-token", "tally")
        try:
            identity = self._hub.identify(token)
            server = identity.server if identity else None
            others = tuple(self._hub.shared_with(identity.name, server)) if identity and server else ()
        except Unavailable:
            raise self._outage() from None
        self._away = False
        if identity is None:
            raise self._unknown(token)
        self._remember(token, identity.name)
        return _Allowed(identity, others)

    def _outage(self) -> DeniedError:
        """Return the refusal while the hub is away: one entry for the outage, then counted."""
        first, self._away = not self._away, True
        return DeniedError(503, "hub-away", "full" if first else "tally")

    def _unknown(self, token: str) -> DeniedError:
        """Return the refusal of a token the hub does not know: in full the first time after it was let in."""
        with self._lock:
            user = self._known.pop(self._believed.hash(token), None)
        if user is None:
            return DeniedError(401, "unknown-token", "tally")
        return DeniedError(401, "token-ended", user=user)

    def _remember(self, token: str, user: str) -> None:
        with self._lock:
            keep(self._known, self._believed.hash(token), user)


def _check_kind(identity: Identity) -> None:
    if identity.kind != "user":
        raise DeniedError(401, "service-token", "alarm", service=identity.name)
    if identity.server is None:
        raise DeniedError(403, "token-of-no-server", "alarm", user=identity.name)
    if ASK_SCOPE not in identity.scopes:
        raise DeniedError(403, "no-scope", user=identity.name, server=identity.server)


def _check_groups(groups: frozenset[str], session: Session, people: Organisation) -> None:
    """Refuse who is no longer in the case's hub group, and whom the hub gives an organisation as well."""
    cause = group_fault(groups, session.case, people)
    if cause == ORGANISATION_IN_HUB:
        codes = named_bodies(groups, people)
        raise DeniedError(403, cause, "alarm", groups=codes, **named(session))
    if cause is not None:
        raise DeniedError(403, cause, "full", **named(session))

"""Membership of a room: who may be let in, by whom, and how a member gets to the room's server."""

from datetime import UTC, datetime

from insight_kernel.errors import BadInput, InsightError, NotAvailable, Refused
from insight_kernel.gateway.hub import Hub
from insight_kernel.gateway.members import Member
from insight_kernel.gateway.refusals import DeniedError, status_of
from insight_kernel.gateway.service import Gateway
from insight_kernel.gateway.standing import fault
from insight_kernel.gateway.workspaces import Opened

_UNKNOWN = "-"  # what the log holds instead of a name that is nobody's


def own_workspace(gateway: Gateway, user: str, server: str) -> Opened:
    """Return a user's workspace; `NotAvailable` when there is none of this name for him."""
    opened = gateway.workspaces.find(user, server)
    if opened is None:
        raise NotAvailable("show the workspace", "there is none of this name for you", "Open one first.")
    return opened


def room_of(gateway: Gateway, member: str, owner: str, server: str) -> Opened:
    """Return somebody else's workspace in which a user is a member; all others are not there for him."""
    opened = gateway.workspaces.find(owner, server)
    if opened is None or all(each.user != member for each in opened.members):
        raise NotAvailable("use the room", "there is none of this name for you", "See your workspaces.")
    return opened


def check(gateway: Gateway, opened: Opened, user: str) -> None:
    """Raise unless somebody may be let in to a workspace now; the refusal is in the log, with its true cause.

    Raises
    ------
    BadInput
        When he is in it already, or nobody is named.
    Refused
        When he may not work in this case for this purpose; or when what was read keeps him out, of which the asker
        is told neither what it is nor whose.
    """
    refusal = _refusal(gateway, opened, user)
    if refusal is not None:
        told, why = refusal
        named = user if user in gateway.organisation().users else _UNKNOWN
        fields = {"user": opened.user, "member": named, "workspace": _name(gateway, opened), "why": why}
        gateway.refusals.record(DeniedError(status_of(told), "member-refused", "full", **fields), "page")
        raise told


def admit(gateway: Gateway, opened: Opened, user: str) -> int:
    """Let somebody in, if he may be let in at that moment; return the log's entry."""
    new = _as_member(gateway, user)
    return gateway.rooms.admit(opened, new, lambda now: check(gateway, now, user))


def enter_room(gateway: Gateway, hub: Hub, opened: Opened, user: str) -> bool:
    """Let somebody in to a server of another account's, started where it does not run; return whether it is ready."""
    gateway.server_of(opened.account, opened.server)
    hub.share(opened.account, opened.server, user)
    hub.start(opened.account, opened.server)
    return hub.is_ready(opened.account, opened.server)


def _refusal(gateway: Gateway, opened: Opened, user: str) -> tuple[InsightError, str] | None:
    """Return why somebody is not let in: what is told, and the cause that the log holds."""
    people, day = gateway.organisation(), gateway.clock.today()
    asked = "let a member in"
    if not user or user == opened.user or any(member.user == user for member in opened.members):
        wrong = f"{user} is in it already" if user else "nobody is named"
        return BadInput(asked, wrong, "Name another user."), "already-in" if user else "nobody"
    own = fault(opened.session(day), people, day)
    if own is not None:
        wrong = "it cannot be used any more: rights or the case have changed"
        return Refused(asked, wrong, "Replace it by an empty one."), f"own-{own}"
    cause = gateway.rooms.cause(_as_member(gateway, user), opened, people, day)
    if cause is not None:
        wrong = f"{user} may not work in {opened.case} for {opened.purpose}"
        return Refused(asked, wrong, "Name a member of the case who has this purpose."), cause
    kept_out = _kept_out(gateway, opened, user)
    if kept_out is not None:
        wrong = f"the workspace has read what {user} may not see, or awaits cleaning"
        return Refused(asked, wrong, "Open a fresh workspace with him from the start."), kept_out
    return None


def _kept_out(gateway: Gateway, opened: Opened, user: str) -> str | None:
    """Return what of a workspace keeps somebody out, or None."""
    day = gateway.clock.today()
    if gateway.cleaning.awaits(opened, day):
        return "awaits-cleaning"
    session = opened.session(day)
    subject = gateway.organisation().subject(user)
    borne = gateway.joins.bears(gateway.floating.of(session.workspace), subject, session.ask(day))
    return None if borne else "label"


def _as_member(gateway: Gateway, user: str) -> Member:
    since = datetime.now(UTC).isoformat("T", "seconds")
    return Member(user, since, gateway.organisation().subject(user))


def _name(gateway: Gateway, opened: Opened) -> str:
    return opened.session(gateway.clock.today()).workspace

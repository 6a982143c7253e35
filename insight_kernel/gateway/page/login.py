"""Login to the page: by the hub's code flow, kept in a cookie of its own that no script can read."""

import base64
import hashlib
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from urllib.parse import urlencode

from insight_kernel.gateway.briefly import Briefly, keep
from insight_kernel.gateway.hub import Hub, Identity

_RECENT = 3600.0  # seconds after which a login is no longer recent
_PENDING = 600.0  # seconds a login may take


@dataclass(frozen=True)
class Visit:
    """A person at the page, logged in through the hub; `form` is what each of his forms must carry."""

    user: str
    token: str = field(repr=False)
    form: str = field(repr=False)
    since: float


@dataclass(frozen=True)
class _Pending:
    verifier: str
    path: str
    since: float


class Logins:
    """Visits by cookie; they end with the gateway, after an hour, or when the hub ends their token."""

    def __init__(self, hub: Hub, key: bytes, now: Callable[[], float] = time.monotonic) -> None:
        self._hub, self._now = hub, now
        self._believed: Briefly[Identity] = Briefly(key)
        self._visits: OrderedDict[str, Visit] = OrderedDict()
        self._pending: OrderedDict[str, _Pending] = OrderedDict()
        self._lock = Lock()

    def begin(self, path: str) -> tuple[str, str]:
        """Return the hub's address to send a browser to, and the state that its cookie must bring back."""
        state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
        digest = hashlib.sha256(verifier.encode()).digest()
        asked = {
            "client_id": self._hub.settings.client, "redirect_uri": self._hub.settings.callback,
            "response_type": "code", "state": state, "code_challenge_method": "S256",
            "code_challenge": base64.urlsafe_b64encode(digest).decode().rstrip("="),
        }  # fmt: skip
        with self._lock:
            keep(self._pending, state, _Pending(verifier, path, self._now()))
        return self._hub.settings.hub_page(f"api/oauth2/authorize?{urlencode(asked)}"), state

    def finish(self, state: str, cookie: str, code: str) -> tuple[str, str] | None:
        """Return a new visit's cookie and the path it was begun for; None when this is no login begun here."""
        with self._lock:
            pending = (
                self._pending.pop(state, None)
                if secrets.compare_digest(state.encode(), cookie.encode())
                else None
            )
        if pending is None or self._now() - pending.since > _PENDING:
            return None
        token = self._hub.token_for(code, self._hub.settings.callback, pending.verifier)
        identity = self._hub.identify(token) if token else None
        if token is None or not self._may_visit(identity):
            return None
        found, name = secrets.token_urlsafe(32), identity.name if identity else ""
        visit = Visit(name, token, secrets.token_urlsafe(32), self._now())
        with self._lock:
            keep(self._visits, self._believed.hash(found), visit)
        return found, pending.path

    def find(self, cookie: str) -> Visit | None:
        """Return the visit of a cookie, if it is recent and the hub still says so; without a hub, `Unavailable`."""
        with self._lock:
            visit = self._visits.get(self._believed.hash(cookie))
        if visit is None or self._now() - visit.since > _RECENT:
            return None
        identity = self._believed.get(visit.token, lambda: self._hub.identify(visit.token) or _NOBODY)
        return visit if self._may_visit(identity) and identity.name == visit.user else None

    def end(self, cookie: str) -> None:
        """Forget a visit."""
        with self._lock:
            self._visits.pop(self._believed.hash(cookie), None)

    def _may_visit(self, identity: Identity | None) -> bool:
        """Tell whether a token is a user's, for this service: nobody checks that for us."""
        name = self._hub.settings.client.removeprefix("service-")
        wanted = {"access:services", f"access:services!service={name}"}
        return identity is not None and identity.kind == "user" and bool(wanted & identity.scopes)


_NOBODY = Identity("", "", frozenset(), frozenset())

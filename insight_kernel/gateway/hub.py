"""What the hub says: whose a token is and what it is for. The hub is asked; nothing it said is believed for long."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from insight_kernel.errors import BadInput, Unavailable
from insight_kernel.runtime import WARDEN

_PATIENCE = 2.0  # seconds a hub may take to say who somebody is
_SLOW = 30.0  # seconds it may take to start or stop a server
_BOUND = "access:servers!server="
_MOST_SHARES, _MORE = 200, "and others"


@dataclass(frozen=True)
class HubSettings:
    """Where the hub is and as whom the gateway speaks to it, from what a hub tells each of its services."""

    api: str
    token: str
    base: str
    prefix: str
    host: str
    port: int
    client: str
    callback: str
    homes: Path | None
    profile: str
    address: str = ""
    uids: range | None = None
    warden: Path | None = None

    @classmethod
    def from_environment(cls, given: Mapping[str, str] = os.environ) -> "HubSettings":
        """Read the settings; raise `BadInput` naming every variable that is missing."""
        needed = ("API_URL", "API_TOKEN", "BASE_URL", "SERVICE_PREFIX", "SERVICE_URL", "SERVICE_NAME")
        missing = [f"JUPYTERHUB_{name}" for name in needed if not given.get(f"JUPYTERHUB_{name}")]
        if missing:
            raise BadInput("serve a hub", f"{', '.join(missing)} not set", "Let the hub start the gateway.")
        api, token, base, prefix, url, name = (given[f"JUPYTERHUB_{name}"] for name in needed)
        at = urlsplit(url)
        client = given.get("JUPYTERHUB_CLIENT_ID") or f"service-{name}"
        callback = given.get("JUPYTERHUB_OAUTH_CALLBACK_URL") or f"{prefix}oauth_callback"
        homes = Path(given["INSIGHT_HOMES"]) if given.get("INSIGHT_HOMES") else None
        profile = given.get("INSIGHT_PROFILE", "demo")
        warden = Path(given[WARDEN]) if given.get(WARDEN) else None
        return cls(
            api, token, base, prefix, at.hostname or "", at.port or 0, client, callback, homes, profile,
            given.get("INSIGHT_ADDRESS", ""), _uids(given.get("INSIGHT_UIDS", "")), warden,
        )  # fmt: skip

    def hub_page(self, path: str) -> str:
        """Return the address of a page of the hub's; complete where this page has an origin of its own."""
        return f"{self.address}{self.base}hub/{path}"

    def server_page(self, account: str, server: str) -> str:
        """Return the address of a server, at an origin of its account's where the hub has such.

        Examples
        --------
        >>> own = HubSettings("", "", "/", "", "", 0, "", "", None, "governed", address="https://insight.example")
        >>> own.server_page("w60000", "op-lantern")
        'https://w60000.insight.example/user/w60000/op-lantern/'
        """
        scheme, there, host = self.address.partition("://")
        origin = f"{scheme}://{account}.{host}" if there else ""
        return f"{origin}{self.base}user/{quote(account)}/{quote(server)}/"


def _uids(text: str) -> range | None:
    """Read `FIRST-LAST`."""
    first, _, last = text.partition("-")
    return range(int(first), int(last) + 1) if text else None


@dataclass(frozen=True)
class Identity:
    """Whose a token is: kind (`user` or `service`), name, hub groups, and the scopes of the token."""

    kind: str
    name: str
    groups: frozenset[str]
    scopes: frozenset[str]

    @property
    def server(self) -> str | None:
        """Return the name of the one server of its owner that the token is bound to.

        A token that reaches no server, several, somebody else's, or the owner's unnamed one, is bound to none.

        Examples
        --------
        >>> Identity("user", "ana", frozenset(), frozenset({"access:servers!server=ana/op-lantern"})).server
        'op-lantern'
        >>> Identity("user", "ana", frozenset(), frozenset({"access:servers!user=ana"})).server is None
        True
        """
        reached = [scope for scope in self.scopes if scope.split("!")[0] == "access:servers"]
        if len(reached) != 1 or not reached[0].startswith(_BOUND):
            return None
        owner, _, server = reached[0].removeprefix(_BOUND).partition("/")
        return server if owner == self.name and server else None


class Hub:
    """The hub's REST interface, as far as the gateway needs it; `Unavailable` when it does not answer in time."""

    def __init__(self, settings: HubSettings) -> None:
        self.settings = settings
        self._http = httpx.Client(base_url=settings.api, timeout=_PATIENCE)

    def close(self) -> None:
        """Let the connections go."""
        self._http.close()

    def identify(self, token: str) -> Identity | None:
        """Return whose token this is, or None when the hub does not know it."""
        answer = self._ask("GET", "/user", token)
        if answer.status_code in (httpx.codes.FORBIDDEN, httpx.codes.UNAUTHORIZED):
            return None
        said = _body(answer)
        groups = frozenset(said.get("groups") or ())
        scopes = frozenset(said.get("scopes") or ())
        return Identity(str(said.get("kind")), str(said.get("name")), groups, scopes)

    def groups_of(self, user: str) -> frozenset[str]:
        """Return the groups of a user; one the hub does not know is in none."""
        answer = self._ask("GET", f"/users/{quote(user)}", self.settings.token)
        if answer.status_code == httpx.codes.NOT_FOUND:
            return frozenset()
        return frozenset(_body(answer).get("groups") or ())

    def share(self, user: str, server: str, other: str) -> None:
        """Let another user into somebody's server, which need not run; again is fine."""
        answer = self._ask("PUT", _server(user, server), self.settings.token)
        if answer.status_code != httpx.codes.CONFLICT:  # what the hub says of one that it knows
            _accepted(answer)
        at = f"/shares/{quote(user)}/{quote(server)}"
        _accepted(self._ask("POST", at, self.settings.token, json={"user": other}))

    def shared_with(self, user: str, server: str) -> list[str]:
        """Return whom somebody's server is shared with, sorted: the names of users, and `group NAME` for groups."""
        return sorted(self._shares(f"{quote(user)}/{quote(server)}").get(server, ()))

    def shares_of(self, user: str) -> dict[str, set[str]]:
        """Return whom each server of somebody is shared with, named likewise."""
        return self._shares(quote(user))

    def start(self, user: str, server: str) -> None:
        """Ask for a server to be started; already running or starting is fine."""
        answer = self._ask("POST", _server(user, server), self.settings.token, timeout=_SLOW)
        if answer.status_code != httpx.codes.BAD_REQUEST:  # what the hub says of one that runs already
            _accepted(answer)

    def stop(self, user: str, server: str) -> None:
        """Ask for a server to be stopped and forgotten, its tokens with it; one that is not there is fine."""
        gone = {"remove": True}
        answer = self._ask("DELETE", _server(user, server), self.settings.token, json=gone, timeout=_SLOW)
        if answer.status_code != httpx.codes.NOT_FOUND:
            _accepted(answer)

    def is_there(self, user: str, server: str) -> bool:
        """Tell whether a server runs, starts, or is being stopped."""
        return server in self._servers(user)

    def is_ready(self, user: str, server: str) -> bool:
        """Tell whether a server runs and answers."""
        return bool(self._servers(user).get(server, {}).get("ready"))

    def token_for(self, code: str, redirect: str, verifier: str) -> str | None:
        """Exchange a login code for a token; None when the hub does not take it."""
        form = {
            "client_id": self.settings.client, "client_secret": self.settings.token, "code": code,
            "grant_type": "authorization_code", "redirect_uri": redirect, "code_verifier": verifier,
        }  # fmt: skip
        answer = self._ask("POST", "/oauth2/token", None, data=form)
        return str(_body(answer)["access_token"]) if answer.is_success else None

    def _shares(self, of: str) -> dict[str, set[str]]:
        answer = self._ask("GET", f"/shares/{of}?limit={_MOST_SHARES}", self.settings.token)
        if answer.status_code == httpx.codes.NOT_FOUND:
            return {}  # a server the hub does not know, or no longer, is shared with nobody
        return holders(_body(answer))

    def _servers(self, user: str) -> dict[str, Any]:
        answer = self._ask("GET", f"/users/{quote(user)}?include_stopped_servers=1", self.settings.token)
        return {} if answer.status_code == httpx.codes.NOT_FOUND else _body(answer).get("servers") or {}

    def _ask(self, method: str, path: str, token: str | None, **sent: Any) -> httpx.Response:
        headers = {"Authorization": f"token {token}"} if token is not None else {}
        try:
            answer = self._http.request(method, path, headers=headers, **sent)
        except (httpx.HTTPError, UnicodeError):
            raise _away() from None
        if answer.is_server_error:
            raise _away()
        return answer


def holders(said: dict[str, Any]) -> dict[str, set[str]]:
    """Return who holds the shares the hub tells of, by server; those it does not tell of are somebody's too.

    Examples
    --------
    >>> share = {"server": {"name": "op-a"}, "user": None, "group": {"name": "case-op-b"}}
    >>> holders({"items": [share], "_pagination": {"next": None}})
    {'op-a': {'group case-op-b'}}
    >>> sorted(holders({"items": [share], "_pagination": {"next": {"offset": 1}}})["op-a"])
    ['and others', 'group case-op-b']
    """
    found: dict[str, set[str]] = {}
    more = set() if said["_pagination"]["next"] is None else {_MORE}
    for share in said["items"]:
        found.setdefault(share["server"]["name"], set(more)).add(_holder(share))
    return found


def _holder(share: dict[str, Any]) -> str:
    """Return who holds a share; no user's name has a space in it."""
    user = share.get("user") or {}
    return str(user.get("name") or f"group {(share.get('group') or {}).get('name', '?')}")


def _server(user: str, server: str) -> str:
    return f"/users/{quote(user)}/servers/{quote(server)}"


def _accepted(answer: httpx.Response) -> None:
    if not answer.is_success:
        raise _away()


def _body(answer: httpx.Response) -> dict[str, Any]:
    """Return what the hub said; anything unexpected counts as no answer."""
    try:
        found = answer.json() if answer.is_success else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise _away()
    return found


def _away() -> Unavailable:
    return Unavailable("ask the hub", "it does not answer as it should", "Try again in a moment.")

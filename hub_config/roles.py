"""Groups, roles and scopes of the hub, computed from the organisation file.

The hub says who is in which group; what a group's members may see is decided by the gateway alone.
"""

from datetime import date
from typing import Any

from insight_kernel.errors import BadInput
from insight_kernel.model.organisation import Organisation, is_case_id

ASK = "custom:insight:ask"
"""The right to ask the gateway at all; without it a token is refused before anything is looked up."""

CUSTOM_SCOPES = {ASK: {"description": "Ask the gateway questions, within what it decides to show."}}

SERVER_TOKEN = ["access:servers!server", "users:activity!user", "access:services!service=insight", ASK]
"""What the token of a user's server may do, as far as the user holds it; the first names the workspace."""

_USER = ["read:users:name!user", "read:users:groups!user", "users:activity!user", "access:servers!user", "servers!user",
         "access:services!service=insight"]  # fmt: skip
_SERVICE = ["list:users", "read:users:name", "read:users:groups", "list:groups", "read:groups",
            "read:servers", "start:servers", "delete:servers", "shares"]  # fmt: skip


def server_name(case: str) -> str:
    """Return the name of a case's servers.

    Examples
    --------
    >>> server_name("OP-LANTERN")
    'op-lantern'
    """
    if not is_case_id(case):
        raise BadInput(f"name the servers of case {case!r}", "it is no case id", "Give the case another id.")
    return case.lower()


def groups(organisation: Organisation, day: date) -> dict[str, dict[str, list[str]]]:
    """Return the hub's groups: one per case that has not ended, with its members."""
    return {
        f"case-{server_name(name)}": {"users": sorted(case.members)}
        for name, case in sorted(organisation.cases.items())
        if day < case.end
    }


ACCOUNTS = "insight-workspaces"
"""The hub's group of the accounts of workspaces, in the profile `governed`."""

_ACCOUNT = [
    ASK,
    "read:users:name!user",
    "users:activity!user",
    "access:servers!user",
    "access:services!service=insight",
]
_PERSON = [
    "read:users:name!user",
    "read:users:groups!user",
    "users:activity!user",
    "access:services!service=insight",
]


def account_roles() -> list[dict[str, Any]]:
    """Return the roles of the profile `governed`: servers are the accounts' own, and people are let in to them.

    The first two replace what `roles` says of users and of who may ask: no person has a server.
    """
    return [
        {"name": "user", "description": "The page", "scopes": _PERSON},
        {"name": ACCOUNTS, "description": "Accounts of workspaces", "scopes": _ACCOUNT, "groups": [ACCOUNTS]},
        {"name": "insight-gateway", "description": "Know who asks; start, share and end workspaces",
         "services": ["insight"], "scopes": _SERVICE},
    ]  # fmt: skip


def roles(organisation: Organisation, day: date) -> list[dict[str, Any]]:
    """Return the roles: a user's own servers, the service's few rights, and who may ask.

    The role `user` replaces the hub's own: that one holds `self`, with which a user mints tokens, and a token
    minted by hand would be a workspace nobody opened.
    """
    return [
        {"name": "user", "description": "Own servers, and the page", "scopes": _USER},
        {"name": "insight-gateway", "description": "Know who asks; start, share and end workspaces",
         "services": ["insight"], "scopes": _SERVICE},
        {"name": "insight-ask", "description": "Members of cases", "scopes": [ASK],
         "groups": sorted(groups(organisation, day))},
    ]  # fmt: skip

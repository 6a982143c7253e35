"""Groups, roles and scopes follow from the organisation file."""

import doctest
import importlib
import json
from datetime import date
from pathlib import Path

import pytest

from hub_config.roles import ASK, SERVER_TOKEN, groups, roles, server_name
from insight_kernel.errors import BadInput
from insight_kernel.model.organisation import CaseEntry, Organisation

DAY = date(2026, 11, 22)


def people(**cases: tuple[list[str], date]) -> Organisation:
    """Return an organisation with these cases: members and end."""
    entries = {
        name.replace("_", "-"): CaseEntry(
            title=name, organisation="FR", members=members, purposes=["network"], end=end
        )
        for name, (members, end) in cases.items()
    }
    return Organisation(cases=entries)


PEOPLE = people(
    OP_B=(["chen", "ben"], date(2027, 1, 1)),
    OP_A=(["ana"], date(2026, 11, 23)),
    OVER=(["ana"], DAY),
    EMPTY=([], date(2027, 1, 1)),
)


def scopes(role: str) -> set[str]:
    """Return the scopes of a role."""
    return set(next(found["scopes"] for found in roles(PEOPLE, DAY) if found["name"] == role))


def test_a_case_that_has_not_ended_is_a_group_of_its_members() -> None:
    """On the day a case ends its group is gone."""
    assert groups(PEOPLE, DAY) == {
        "case-empty": {"users": []},
        "case-op-a": {"users": ["ana"]},
        "case-op-b": {"users": ["ben", "chen"]},
    }


def test_only_these_groups_may_ask() -> None:
    """Nobody else, neither all users nor the service, holds the scope the gateway wants to see."""
    holding = [found for found in roles(PEOPLE, DAY) if ASK in found["scopes"]]
    assert [(found.get("users"), found.get("services"), found["groups"]) for found in holding] == [
        (None, None, ["case-empty", "case-op-a", "case-op-b"])
    ]


def test_a_user_reaches_his_own_servers_and_the_page_and_nothing_else() -> None:
    """Every scope of a user is bound to himself or to the one service; none makes tokens or shares a server."""
    assert all(scope.endswith(("!user", "!service=insight")) for scope in scopes("user"))
    names = {scope.split("!")[0] for scope in scopes("user")}
    assert names == {"read:users:name", "read:users:groups", "users:activity", "access:servers", "servers",
                     "access:services"}  # fmt: skip


def test_the_gateway_cannot_become_anybody() -> None:
    """It reads who somebody is, starts and ends servers and shares rooms; it makes no token, user or group.

    Sharing a server includes the right to enter it: the hub has no scope that grants access and holds none.
    """
    words = json.dumps(sorted(scopes("insight-gateway")))
    assert not [
        word for word in ("admin", "tokens", "access:", "proxy", "shutdown", "inherit") if word in words
    ]
    assert not {"users", "groups", "servers"} & scopes("insight-gateway")
    assert "shares" in scopes("insight-gateway")
    assert not [
        found["name"] for found in roles(PEOPLE, DAY)
        if found["name"] != "insight-gateway" and any("shares" in scope for scope in found["scopes"])
    ]  # fmt: skip


def test_the_token_of_a_server_is_bound_to_it() -> None:
    """Its first scope is what names the workspace."""
    assert SERVER_TOKEN[0] == "access:servers!server"
    assert not [
        scope for scope in SERVER_TOKEN if scope.endswith("!user") and not scope.startswith("users:activity")
    ]


@pytest.mark.parametrize("case", ["", "op-a", "OP A", "OP/A", "../A", "OP_A", "-A", "A-", "A--B", "7-UP", "É", "A" * 31,
                                  "OP-A\n"])  # fmt: skip
def test_a_case_id_with_odd_characters_names_no_server(case: str) -> None:
    """What the hub, a path or a scope could read in another way is refused by its own name."""
    with pytest.raises(BadInput) as said:
        server_name(case)
    assert repr(case) in str(said.value)


@pytest.mark.parametrize(
    "name", sorted(path.stem for path in (Path(__file__).parents[2] / "hub_config").glob("*.py"))
)
def test_examples_of_the_configuration(name: str) -> None:
    """The examples in its docstrings run."""
    if name != "jupyterhub_config":  # only the hub can run it: tests/hub/test_hub_up.py
        module = importlib.import_module(f"hub_config.{name}".removesuffix(".__init__"))
        assert doctest.testmod(module, optionflags=doctest.ELLIPSIS).failed == 0

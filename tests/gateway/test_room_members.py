"""Members of rooms, without a hub: what the log holds of them, what is a loss, what is sent while one comes in."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from insight_kernel.audit.chain import entries
from insight_kernel.errors import NotAvailable, Refused, StartAgain
from insight_kernel.gateway import requests
from insight_kernel.gateway.members import Member, read_member
from insight_kernel.gateway.refusals import DeniedError
from insight_kernel.gateway.service import Gateway
from insight_kernel.gateway.sessions import Session
from insight_kernel.gateway.workspaces import Opened
from insight_kernel.model.subject import Subject, shrunk
from insight_kernel.policy.join import Join
from insight_kernel.store.folder import open_folder
from insight_kernel.store.opened import Store
from tests.build import deliver, entity, profile, subject

SINCE = "2026-11-22T10:00:00+00:00"
LUC = Member("luc", SINCE, subject(user="luc", organisation="FR"))
QUESTION = requests.Find.model_validate({"schema": "Company"})


@pytest.fixture
def gate(tmp_path: Path) -> Iterator[Gateway]:
    """A gateway over a store with one company."""
    store = Store(open_folder(tmp_path / "store", create=True))
    deliver(store, [entity("a", "Company", name="A")], profile(expires="2027-03-10"))
    found = Gateway(store)
    yield found
    found.close()


def opened(gate: Gateway, **asked: Any) -> Opened:
    usual = {
        "user": "ana",
        "case": "OP-LANTERN",
        "purpose": "network",
        "necessity": None,
        "by": "ana",
        "replace": False,
    }
    return gate.open_workspace(**{**usual, **asked})


def now(gate: Gateway) -> Opened:
    found = gate.workspaces.find("ana", "op-lantern")
    assert found is not None
    return found


def lets_in(gate: Gateway, member: Member = LUC) -> int:
    return gate.rooms.admit(now(gate), member, lambda _: None)


def replaced(gate: Gateway, emptied: Callable[[Opened], None] = lambda _: None) -> None:
    """Replace the workspace as the page does, but for the server, of which there is none."""
    gate.workspaces.open(
        gate.audit, gate.organisation(), gate.clock.today(), user="ana", case="OP-LANTERN", purpose="network",
        necessity=None, by="ana", emptied=emptied,
    )  # fmt: skip


# -- what the log holds ----------------------------------------------------------------------------------------------
def test_members_are_known_after_a_restart(gate: Gateway) -> None:
    """Who, since when and with which rights, from the log alone; the workspace's name, so its label, is the same."""
    first = opened(gate)
    lets_in(gate)
    room = now(gate)
    assert [member.user for member in room.members] == ["luc"]
    day = date(2026, 11, 22)
    assert room.session(day).workspace == first.session(day).workspace
    assert read_again(gate) == room


def read_again(gate: Gateway) -> Opened | None:
    workspaces = type(gate.workspaces)()
    for entry in entries(gate.store.folder.audit_log):
        workspaces.take(entry)
    return workspaces.find("ana", "op-lantern")


def test_a_workspace_of_one_is_logged_as_before(gate: Gateway) -> None:
    """Neither its opening nor its requests say a word about members."""
    gate.answer("find", QUESTION, opened(gate).session(gate.clock.today()), b"{}")
    found = list(entries(gate.store.folder.audit_log))
    [made] = [entry for entry in found if entry["operation"] == "workspace"]
    assert set(made["opened"]) == {
        "user",
        "case",
        "purpose",
        "necessity",
        "organisation",
        "generation",
        "since",
    }
    assert not [entry for entry in found if {"members", "organisations"} & set(entry)]


def test_rights_that_cannot_be_read_are_none() -> None:
    """With a broken entry nobody stays in a room."""
    raw = LUC.written()
    assert read_member(raw) == LUC
    broken = read_member({**raw, "rights": {**raw["rights"], "purposes": None}})
    assert shrunk(broken.rights, LUC.rights) == "purposes"
    assert read_member({**raw, "rights": "all"}).organisation == ""


@pytest.mark.parametrize("change", ["leaves twice", "replaced meanwhile"])
def test_what_is_not_so_any_more_is_not_changed(gate: Gateway, change: str) -> None:
    """Who is out does not leave again; members of a workspace that was replaced are nobody's."""
    old = opened(gate)
    lets_in(gate)
    if change == "leaves twice":
        with pytest.raises(Refused):  # he is out; that no hub is there to end the server is said
            gate.rooms.leave(old, "luc", by="ana")
        with pytest.raises(NotAvailable):
            gate.rooms.leave(old, "luc", by="ana")
    else:
        replaced(gate)
        with pytest.raises(StartAgain):
            gate.rooms.admit(old, LUC, lambda _: None)
    assert now(gate).members == ()


# -- what counts as a loss -------------------------------------------------------------------------------------------
THEN = subject(user="luc", organisation="FR", clearance="restricted", files=["OP-A"], permits=["minor"])
CHANGES: dict[str, tuple[dict[str, Any], str | None]] = {
    "nothing": ({}, None),
    "a higher clearance": ({"clearance": "confidential"}, None),
    "a further purpose": ({"purposes": ["network", "investigate", "warn"]}, None),
    "another role": ({"roles": ["reviewer"]}, None),
    "a lower clearance": ({"clearance": "official"}, "clearance"),
    "no clearance": ({"clearance": None}, "clearance"),
    "a purpose less": ({"purposes": ["network"]}, "purposes"),
    "one purpose for another": ({"purposes": ["network", "warn"]}, "purposes"),
    "a permit less": ({"permits": []}, "permits"),
    "a case less": ({"files": []}, "files"),
    "another country": ({"organisation": "MA"}, "organisations"),
    "a second country": ({"organisations": ["FR", "MA"]}, "organisations"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_counts_as_a_loss(change: str) -> None:
    """Less of anything, or another organisation; more is none, and neither is another role."""
    fields, lost = CHANGES[change]
    raw = {
        "user": "luc",
        "organisation": "FR",
        "clearance": "restricted",
        "files": ["OP-A"],
        "permits": ["minor"],
    }
    assert shrunk(THEN, subject(**{**raw, **fields})) == lost
    assert shrunk(Subject(), THEN) is not None


# -- what is sent while somebody comes in ----------------------------------------------------------------------------
def asks(gate: Gateway, session: Session) -> int:
    """Return how many companies are shown."""
    return gate.answer("find", QUESTION, session, b"{}").table.num_rows


def asks_while_replaced(gate: Gateway, session: Session) -> None:
    def emptied(_: Opened) -> None:
        asks(gate, session)

    replaced(gate, emptied)


def asks_while_let_in(gate: Gateway, session: Session) -> None:
    def check(_: Opened) -> None:
        asks(gate, session)

    gate.rooms.admit(now(gate), LUC, check)


LATE: dict[str, Callable[[Gateway, Session], object]] = {
    "somebody has come in": lambda gate, session: (lets_in(gate), asks(gate, session)),
    "somebody is coming in": asks_while_let_in,
    "it was replaced": lambda gate, session: (replaced(gate), asks(gate, session)),
    "it is being replaced": asks_while_replaced,
}


@pytest.mark.case("A12")
@pytest.mark.parametrize("late", LATE)
def test_an_answer_is_for_the_members_it_was_made_for(gate: Gateway, late: str) -> None:
    """What was asked before somebody came in is not sent after it; it counts as sent, so that who comes is checked."""
    session = opened(gate).session(gate.clock.today())
    with pytest.raises(DeniedError) as said:
        LATE[late](gate, session)
    assert (said.value.status, said.value.reason) == (403, "room-changed")
    *_, last = entries(gate.store.folder.audit_log)
    assert (last["operation"], last["reason"]) == ("refusal", "room-changed")
    assert gate.floating.of(session.workspace)


def test_after_somebody_left_an_answer_may_come(gate: Gateway) -> None:
    """It was made for more members, so it shows no more than those who are left may see."""
    session = replace(opened(gate).session(gate.clock.today()), members=("luc",))
    assert asks(gate, session) == 1


# -- who bears what was read -----------------------------------------------------------------------------------------
@pytest.mark.case("A12")
@pytest.mark.parametrize(
    ("rights", "borne"),
    [
        ({}, True),
        ({"purposes": ["warn"]}, False),
        ({"organisation": None}, False),
        ({"clearance": None}, False),
    ],
)
def test_a_floating_label_binds_also_when_it_has_expired(
    gate: Gateway, rights: dict[str, Any], borne: bool
) -> None:
    """Rule 2 is not applied to it, all others are; nothing read stops nobody."""
    session = opened(gate).session(gate.clock.today())
    ask = replace(session.ask(date(2027, 4, 1)))
    assert gate.joins.bears((), subject(**rights), ask)
    parts = (Join(frozenset(range(len(gate.store.labels().labels))), frozenset({1})),)
    assert gate.joins.bears(parts, subject(**rights), ask) is borne

"""Workspaces: one per user and case, for one purpose a person stated; read from the log and from nowhere else."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from insight_kernel.audit.chain import entries
from insight_kernel.audit.log import AuditLog
from insight_kernel.audit.sealing import Sealing
from insight_kernel.errors import BadInput, InsightError, Refused, Unavailable
from insight_kernel.gateway.refusals import DeniedError, Refusals
from insight_kernel.gateway.workspaces import Necessity, Opened, Workspaces
from insight_kernel.model.organisation import CaseEntry, Organisation, UserEntry

DAY = date(2026, 11, 22)
PEOPLE = Organisation(
    users={
        "ana": UserEntry(
            name="Ana",
            organisation="FR",
            clearance="restricted",
            purposes=["network", "warn"],
            permits=["minor"],
        ),
        "ben": UserEntry(name="Ben", organisation="MA", clearance="restricted", purposes=["network"]),
    },
    cases={
        name: CaseEntry(
            title=name, organisation="FR", members=["ana", "ben"], purposes=["network", "warn"], end=end
        )
        for name, end in (("OP-A", date(2030, 1, 1)), ("OP-OVER", DAY))
    },
)


@pytest.fixture
def log(tmp_path: Path) -> Iterator[AuditLog]:
    """A log on the disk."""
    found = AuditLog(tmp_path / "log.jsonl")
    yield found
    found.close()


def opened(workspaces: Workspaces, log: AuditLog, **asked: Any) -> Opened:
    usual = {"user": "ana", "case": "OP-A", "purpose": "network", "necessity": None, "by": "ana"}
    return workspaces.open(log, PEOPLE, DAY, **{**usual, **asked})


def read_again(log: Path) -> Workspaces:
    """Return the workspaces as a gateway that starts reads them."""
    found = Workspaces()
    for entry in map(Sealing(log.parent / "keys").opened, entries(log)):
        found.take(entry)
    return found


def test_what_was_opened_is_known_after_a_restart(log: AuditLog, tmp_path: Path) -> None:
    """Case, purpose, necessity, organisation and number, from the log alone."""
    workspaces = Workspaces()
    made = opened(workspaces, log, necessity=Necessity("a missing child", DAY + timedelta(days=7)))
    again = read_again(tmp_path / "log.jsonl")
    assert again.find("ana", "op-a") == made
    assert again.of("ana") == [made]
    assert again.find("ben", "op-a") is None


def test_a_replaced_workspace_has_the_next_number(log: AuditLog, tmp_path: Path) -> None:
    """Its old server is ended before the new one counts, and both are in the log."""
    workspaces, ended = Workspaces(), []
    old = opened(workspaces, log)
    new = opened(workspaces, log, purpose="warn", emptied=ended.append)
    assert (ended, new.generation, new.session(DAY).workspace) == ([old], 2, "ana/op-a/warn/w2")
    assert read_again(tmp_path / "log.jsonl").find("ana", "op-a") == new


def test_while_it_is_replaced_nobody_works_in_it(log: AuditLog) -> None:
    """It is nobody's until the new one is there; a second replacement waits its turn by being refused."""
    workspaces, seen = Workspaces(), []
    opened(workspaces, log)

    def emptied(_: Opened) -> None:
        seen.append(workspaces.find("ana", "op-a"))
        with pytest.raises(Refused):
            opened(workspaces, log)

    opened(workspaces, log, emptied=emptied)
    assert seen == [None]
    assert workspaces.find("ana", "op-a") is not None


def test_if_the_old_server_does_not_end_the_old_workspace_stays(log: AuditLog) -> None:
    """Nothing is half replaced."""
    workspaces = Workspaces()
    old = opened(workspaces, log)

    def stuck(_: Opened) -> None:
        raise Unavailable("replace", "its server does not end", "Try again.")

    with pytest.raises(Unavailable):
        opened(workspaces, log, purpose="warn", emptied=stuck)
    assert workspaces.find("ana", "op-a") == old


@pytest.mark.parametrize(
    ("asked", "kind"),
    [
        ({"user": "eve"}, Refused),
        ({"case": "OP-B"}, Refused),
        ({"case": ""}, Refused),
        ({"case": "op-a"}, Refused),
        ({"case": "OP-OVER"}, Refused),
        ({"purpose": "border"}, Refused),
        ({"user": "ben", "purpose": "warn"}, Refused),
        ({"necessity": Necessity("", DAY)}, BadInput),
        ({"necessity": Necessity("yesterday", DAY - timedelta(days=1))}, BadInput),
        ({"user": "ben", "necessity": Necessity("no permit", DAY)}, BadInput),
    ],
    ids=str,
)
def test_what_does_not_go_together_is_refused(
    log: AuditLog, tmp_path: Path, asked: dict[str, Any], kind: type[InsightError]
) -> None:
    """User, case, purpose and necessity; nothing is made, nothing is in the log."""
    workspaces = Workspaces()
    with pytest.raises(kind):
        opened(workspaces, log, **asked)
    assert workspaces.of("ana") == workspaces.of("ben") == []
    assert list(entries(tmp_path / "log.jsonl")) == []


@pytest.mark.parametrize(("day", "needed"), [(DAY, True), (DAY + timedelta(days=1), False)])
def test_a_necessity_ends_with_its_day(log: AuditLog, day: date, needed: bool) -> None:
    """From the next day on the workspace goes on without it."""
    found = opened(Workspaces(), log, necessity=Necessity("a missing child", DAY))
    assert found.session(day).necessity is needed


@pytest.mark.parametrize(("weight", "written"), [("full", 5), ("tally", 1), ("alarm", 1)])
def test_repeats_within_a_minute_are_counted(
    log: AuditLog, tmp_path: Path, weight: Any, written: int
) -> None:
    """In full each time, or once; the next entry after the minute says how many came in between."""
    clock = [0.0]
    refusals = Refusals(log, lambda: clock[0])
    for _ in range(5):
        refusals.record(DeniedError(401, "no-token", weight), "uid 7")
    assert len(list(entries(tmp_path / "log.jsonl"))) == written
    clock[0] = 61.0
    refusals.record(DeniedError(401, "no-token", weight), "uid 7")
    *_, last = entries(tmp_path / "log.jsonl")
    assert last.get("repeated") == (None if weight == "full" else 4)


def test_what_was_counted_is_said_at_the_end(log: AuditLog, tmp_path: Path) -> None:
    """A service that ends in good order owes the log nothing."""
    refusals = Refusals(log, lambda: 0.0)
    for origin in ("uid 7", "uid 7", "uid 7", "uid 8"):
        refusals.record(DeniedError(401, "no-token", "tally"), origin)
    refusals.close()
    *_, last = entries(tmp_path / "log.jsonl")
    assert (last["origin"], last["repeated"]) == ("uid 7", 2)


@pytest.mark.case("A50")
def test_an_account_is_used_again_only_when_all_have_been(log: AuditLog, tmp_path: Path) -> None:
    """Each new workspace, also one in another's place, gets one nobody had; the log remembers which were used."""
    found = Workspaces(range(60_000, 60_003))
    replaced = {"purpose": "warn", "emptied": lambda _: None}
    uids = [opened(found, log).uid, opened(found, log, **replaced).uid, opened(found, log, user="ben").uid]
    assert uids == [60_000, 60_001, 60_002]
    assert opened(found, log, emptied=lambda _: None).uid == 60_000
    again = Workspaces(range(60_000, 60_005))
    for entry in entries(tmp_path / "log.jsonl"):
        again.take(entry)
    assert again.at("w60002", "op-a") == found.find("ben", "op-a")
    assert opened(again, log, **replaced).uid == 60_003


def test_without_an_account_left_no_workspace_is_opened(log: AuditLog) -> None:
    """It is said, and what is there stays as it is."""
    found = Workspaces(range(60_000, 60_001))
    first = opened(found, log)
    with pytest.raises(Refused, match="all 1 accounts of this host are taken"):
        opened(found, log, user="ben")
    assert found.all() == [first]


def test_a_server_is_found_by_its_account(log: AuditLog) -> None:
    """That of an older generation is nobody's; without accounts of their own, users are their servers' accounts."""
    found = Workspaces(range(60_000, 60_003))
    first = opened(found, log)
    assert (found.at("w60000", "op-a"), found.at("ana", "op-a")) == (first, None)
    second = opened(found, log, purpose="warn", emptied=lambda _: None)
    assert (found.at("w60000", "op-a"), found.at("w60001", "op-a")) == (None, second)
    plain = Workspaces()
    assert plain.at("ana", "op-a") is None
    assert opened(plain, log) == plain.at("ana", "op-a")

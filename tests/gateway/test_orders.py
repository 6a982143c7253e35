"""Orders: whose turn it is, and what becomes of one that nobody makes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from insight_kernel.gateway.orders import Order, Orders
from insight_kernel.gateway.sessions import Session
from insight_kernel.templates.names import new_run_id

NOW = 0.0  # seconds to wait


def ordered(user: str, workspace: str | None = None) -> Order:
    """An order of a user."""
    session = Session(user, "CASE", "network", necessity=False, ends=datetime.now(UTC), organisation="FR")
    return Order(new_run_id(), session, "subject_profile", "v", {"subject": "0" * 16}, workspace)


def taken(orders: Orders) -> str:
    """Whose order is next."""
    order = orders.take(NOW)
    return order.session.user if order else "nobody"


def test_nobody_waits_for_all_of_anothers_renditions() -> None:
    """Who was served longest ago is next; his own orders stay in their order."""
    orders = Orders()
    orders.place([ordered("ana") for _ in range(3)])
    orders.place([ordered("ben"), ordered("chen")])
    assert [taken(orders) for _ in range(6)] == ["ana", "ben", "chen", "ana", "ana", "nobody"]


@pytest.mark.parametrize(("end", "after"), [("done", "done"), ("failed", "failed"), ("refused", "refused")])
def test_an_order_ends_once(end: str, after: str) -> None:
    """What is said of it later changes nothing."""
    orders, order = Orders(), ordered("ana")
    orders.place([order])
    orders.take(NOW)
    orders.ended(order.run, end, None)  # type: ignore[arg-type]
    orders.stop(order.run)
    assert [found.status for found in orders.of_user("ana")] == [after]


def test_a_stopped_order_is_not_wanted_any_more() -> None:
    """Whoever makes it is told so after the cell he is at; one that waits is never begun."""
    orders, running, waiting = Orders(), ordered("ana"), ordered("ana")
    orders.place([running])
    orders.take(NOW)
    orders.place([waiting])
    assert orders.told(running.run, 1, 4)
    for order in (running, waiting):
        orders.stop(order.run)
    assert not orders.told(running.run, 2, 4)
    assert taken(orders) == "nobody"
    assert not orders.told("of nobody", 1, 4)


@pytest.mark.case("F19")
def test_what_was_being_made_when_the_service_died_has_failed() -> None:
    """It says so, and what still waits is made by the next."""
    orders, running, waiting = Orders(), ordered("ana"), ordered("ben")
    orders.place([running, waiting])
    orders.take(NOW)
    orders.interrupt()
    assert [order.status for order in orders.of_user("ana")] == ["failed"]
    assert taken(orders) == "ben"


def test_what_was_over_for_a_day_is_forgotten() -> None:
    """And nothing that is still to be made."""
    orders = Orders()
    before = datetime.now(UTC) - timedelta(days=2)
    old = [replace(ordered("ana"), since=before, status=status) for status in ("done", "running", "waiting")]  # type: ignore[arg-type]
    orders.place(old)
    orders.place([])
    assert [order.status for order in orders.of_user("ana")] == ["waiting", "running"]


def test_a_workspace_knows_what_its_own_code_ordered() -> None:
    """What a person ordered on the page is shown there."""
    orders, mine = Orders(), ordered("ana", "ana/case/network")
    orders.place([mine, ordered("ana"), ordered("ben", "ben/case/network")])
    assert list(orders.of_workspace("ana/case/network")) == [mine.run]

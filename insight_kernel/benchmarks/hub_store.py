"""The store two hubs are compared on: the invented world, and people who each have a case of their own."""

from datetime import UTC, date, datetime
from pathlib import Path

import yaml

from insight_kernel.client.loading import deliveries_in, load_deliveries
from insight_kernel.errors import Unavailable
from insight_kernel.files import replace_file
from insight_kernel.model.organisation import CaseEntry, Organisation, UserEntry, load_organisation
from insight_kernel.training.world import write_world

COUNTRY, PURPOSE = "FR", "network"
_NEVER = date(2999, 1, 1)


def user_name(number: int) -> str:
    """Return the account of an analyst, counted from 0."""
    return f"bench{number}"


def case_name(number: int) -> str:
    """Return the case of an analyst, counted from 0."""
    return f"BENCH-{number}"


def make_store(store: Path, world: Path, people: int) -> None:
    """Write the invented world to a folder, load it into a new store, and let so many analysts in."""
    write_world(world, today=datetime.now(UTC).date())
    outcome = load_deliveries(deliveries_in([world / "sources"]), store=store)
    if not outcome.fine:
        raise Unavailable("measure the hub", f"the world did not load: {outcome.text()}", "Report this.")
    path = store / "organisation.yml"
    said = with_analysts(load_organisation(path), people).model_dump(mode="json")
    replace_file(path, yaml.safe_dump(said).encode())


def with_analysts(organisation: Organisation, count: int) -> Organisation:
    """Return an organisation with so many analysts more, each the only member of a case.

    Examples
    --------
    >>> found = with_analysts(Organisation(), 2)
    >>> sorted(found.users), found.cases["BENCH-1"].members
    (['bench0', 'bench1'], ['bench1'])
    """
    users, cases = dict(organisation.users), dict(organisation.cases)
    for number in range(count):
        user, case = user_name(number), case_name(number)
        users[user] = UserEntry(name=user, organisation=COUNTRY, clearance="confidential", purposes=[PURPOSE])
        cases[case] = CaseEntry(
            title=case, organisation=COUNTRY, members=[user], purposes=[PURPOSE], end=_NEVER
        )
    return organisation.model_copy(update={"users": users, "cases": cases})

"""Cleaning: once a month, and only where a workspace was sent what has expired or was withdrawn since."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from insight_kernel.gateway.service import Gateway
from insight_kernel.leaving.home import clean_home
from insight_kernel.policy.join import Join
from insight_kernel.store.folder import open_folder
from insight_kernel.store.opened import Store
from tests.build import deliver, entity, profile

EXPIRES = date(2027, 3, 10)


@pytest.mark.case("A78")
@pytest.mark.parametrize(
    ("opened", "first", "awaits"),
    [
        (date(2027, 3, 1), date(2027, 4, 1), True),
        (date(2027, 3, 1), date(2027, 3, 1), False),
        (date(2027, 3, 10), date(2027, 4, 1), True),
        (date(2027, 3, 11), date(2027, 4, 1), False),
        (date(2027, 1, 1), date(2027, 3, 1), False),
        (date(2027, 4, 2), date(2027, 5, 1), False),
    ],
)
def test_which_workspaces_await_it(tmp_path: Path, opened: date, first: date, awaits: bool) -> None:
    """What expired from its opening, or after its last cleaning, to the first of the month; nothing else.

    What has the day of opening as its last was withdrawn on that day: otherwise it would not have been sent.
    """
    store = Store(open_folder(tmp_path / "store", create=True))
    deliver(store, [entity("a", "Company", name="A")], profile(expires=EXPIRES.isoformat()))
    gate = Gateway(store)
    made = gate.open_workspace("ana", "OP-LANTERN", "network", None, by="ana", replace=False)
    there = replace(made, since=f"{opened}T10:00:00+00:00")
    assert not gate.cleaning.awaits(there, first)  # it was sent nothing
    numbers = frozenset(range(len(store.labels().labels)))
    gate.floating.add(there.session(first).workspace, Join(numbers, frozenset({1})))
    assert gate.cleaning.awaits(there, first) is awaits
    gate.close()


def test_what_is_left_of_a_home(tmp_path: Path) -> None:
    """Notebooks without outputs and code stay; data, broken notebooks and links go, and nothing behind a link."""
    outside = tmp_path / "outside.csv"
    outside.write_text("kept")
    home = tmp_path / "home"
    (home / "sub").mkdir(parents=True)
    (home / "sub" / "persons.csv").write_text("a")
    (home / "tools.py").write_text("x = 1")
    (home / "broken.ipynb").write_text("{")
    (home / "link.csv").symlink_to(outside)
    (home / "a.ipynb").write_text(
        '{"cells": [{"cell_type": "code", "id": "a", "metadata": {}, "execution_count": 1, "source": "ws",'
        ' "outputs": [{"output_type": "stream", "name": "stdout", "text": "secret"}]}], "metadata": {},'
        ' "nbformat": 4, "nbformat_minor": 5}'
    )
    clean_home(home)
    assert sorted(path.name for path in home.rglob("*") if path.is_file()) == ["a.ipynb", "tools.py"]
    assert "secret" not in (home / "a.ipynb").read_text()
    assert outside.read_text() == "kept"

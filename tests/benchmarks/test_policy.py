"""The generated store keeps what it promises, and what is measured is the same question twice."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from insight_kernel.benchmarks.cases import Case, cases
from insight_kernel.benchmarks.generate import ASK, SHARES, generated_store, reader
from insight_kernel.benchmarks.policy import bench_policy
from insight_kernel.benchmarks.raw import Unlabelled, everything
from insight_kernel.model.organisation import Organisation
from insight_kernel.policy.allowed import Known, allowed_set
from insight_kernel.store.opened import Store
from insight_kernel.store.read import Window

STATEMENTS = 100_000
SHARE = "SELECT count(*), avg(get_bit(CAST($bits AS BIT), label_id)) FROM statement"
NAMES = [case.name for case in cases(0)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bench") / "store"


@pytest.fixture(scope="module")
def store(folder: Path) -> Iterator[Store]:
    opened = Store(generated_store(folder, STATEMENTS))
    yield opened
    opened.close()


@pytest.fixture
def window(store: Store) -> Iterator[Window]:
    """A reader to whom every label is allowed, the label condition in force."""
    with store.window(reader("official"), ASK, Known(Organisation()), 1) as found:
        size = len(found.labels)
        allowed = allowed_set(frozenset(range(size)), frozenset(), size)
        yield Window(found.snapshot, allowed, found.labels, found.titles)


def _case(name: str, window: Window) -> Case:
    node = int(window.links(window.visible.links[:1])["ref"][0].as_py())
    return next(case for case in cases(node) if case.name == name)


@pytest.mark.parametrize(("clearance", "share"), SHARES.items())
def test_each_reader_sees_the_promised_share(store: Store, clearance: str, share: float) -> None:
    """38, 54 and 90 in a hundred statements are visible by the rules themselves, to within one."""
    with store.window(reader(clearance), ASK, Known(Organisation()), 1) as found:
        count, seen = found.snapshot.rows(SHARE, bits=found.allowed.bits)[0]
    assert count == pytest.approx(STATEMENTS, rel=0.02)
    assert seen == pytest.approx(share, abs=0.01)


@pytest.mark.parametrize("name", NAMES)
def test_whoever_may_see_everything_gets_the_answer_without_labels(name: str, window: Window) -> None:
    """With every label allowed, the governed answer and the one without label conditions have equal rows."""
    case, free = _case(name, window), everything(window)
    governed, raw = case.answer(window), case.answer(free)
    assert governed.table.num_rows > 0
    assert governed.table.equals(raw.table)
    assert governed.join == raw.join


@pytest.mark.parametrize("name", ["group by nationality", "top 10 names", "find", "find, limit 100", "get"])
def test_the_bare_query_returns_the_rows_that_are_served(name: str, window: Window) -> None:
    """The time of a governed query is set against one that returns the same columns in the same order."""
    case = _case(name, window)
    assert case.served(window)[0].equals(case.bare(Unlabelled(window.snapshot)))


def test_a_reader_of_less_is_answered_with_less(store: Store, window: Window) -> None:
    """The label condition is in what is measured: it takes rows away from whoever may see less."""
    case = _case("find", window)
    with store.window(reader("official"), ASK, Known(Organisation()), 1) as less:
        assert 0 < case.served(less)[0].num_rows < 0.6 * case.served(window)[0].num_rows


def test_the_report_has_every_question_for_every_reader_at_both_levels(tmp_path: Path) -> None:
    """No row is missing, every ratio is a number, and the store at the folder is used again."""
    folder = tmp_path / "store"
    generated_store(folder, 30_000)
    before = (folder / "store.json").stat()
    report = bench_policy(30_000, folder, lambda _: None, rounds=1)
    found = {(row.question, row.level, round(row.share, 1)) for row in report.rows}
    shares = {round(share, 1) for share in SHARES.values()}
    assert found == {
        (name, level, share) for name in NAMES for level in ("engine", "answer") for share in shares
    }
    assert all(np.isfinite(row.compared.wall.median) and row.compared.cpu.median > 0 for row in report.rows)
    assert report.text().count("<= 1.1") == 6
    assert (folder / "store.json").stat() == before

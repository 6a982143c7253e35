"""What readers notice of a purge is measured of purges that happen, with readers that are answered."""

from insight_kernel.benchmarks.release_purge import During, bench_purge
from insight_kernel.benchmarks.report import PURGE_HEAD


def test_a_reader_is_answered_during_every_step() -> None:
    """At a small size: every step is done to about as many values as were asked for, and no answer fails."""
    found = bench_purge(20_000, 5_000, quiet=0.5)
    assert [row.step for row in found] == ["nothing", "withdrawal", "purge", "wiping"]
    assert all(row.met for row in found)
    assert all(5_000 <= row.values < 5_100 for row in found[1:])
    assert all(len(row.cells()) == len(PURGE_HEAD) for row in found)


def test_a_reader_who_fails_or_waits_for_the_end_is_told() -> None:
    """Neither a failed answer nor none at all counts as reads that go on."""
    row = During("purge", 10, 2.0, (0.01, 0.04), 0, 0.01)
    assert row.met
    assert round(row.longest, 6) == 4
    assert not During("purge", 10, 2.0, (0.01,), 1, 0.01).met
    assert not During("purge", 10, 2.0, (), 0, 0.01).met
    assert During("purge", 10, 2.0, (), 0, 0.01).longest == 200

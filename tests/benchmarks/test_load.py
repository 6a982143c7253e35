"""The load benchmark measures each step of each file and says what is absent."""

from pathlib import Path

import pytest

from insight_kernel.benchmarks.load import bench_load


def test_every_step_is_measured_and_absent_files_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the real files the generated one is measured: staging, commit, and the peer if it is there."""
    monkeypatch.setenv("INSIGHT_REAL_DATA", str(tmp_path))
    report = bench_load(500, rounds=1)
    assert [speed.step for speed in report.speeds] == ["read, clean, stage", "commit", "followthemoney"]
    staged, committed, _ = report.speeds
    assert staged.values >= 500
    assert staged.rates is not None
    assert staged.rates.median > 0
    assert committed.rates is not None
    assert committed.met is None

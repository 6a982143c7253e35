"""The audit benchmark loses no entry, reads through a real gateway, and shows its peer."""

from insight_kernel.benchmarks.audit import bench_audit


def test_writers_peer_and_readers_are_measured() -> None:
    """Each with how many a second; the bars stand at what is measured, not at its peer."""
    report = bench_audit(640, 48, lambda _: None)
    written, peer, read = report.as_dict()["rows"]
    assert [row["done"] for row in (written, peer, read)] == [640, 32, 48]
    assert all(row["a second"] > 0 for row in (written, peer, read))
    assert (written["bar"], peer["met"], read["bar"]) == (2_000, None, 250)
    assert "audited reads over HTTP" in report.text()

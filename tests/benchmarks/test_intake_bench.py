"""`insight bench intake`: each of its figures is there, beside its peer, or says that the peer is absent."""

from importlib.util import find_spec

from insight_kernel.benchmarks.intake import bench_intake


def test_table_documents_and_memory_are_measured() -> None:
    """In one run, each with what it is compared to; without the peer no bar on it is judged."""
    report = bench_intake(1_000, 10, 1, lambda _: None)
    table, beside, apart, two, memory = (row.as_dict() for row in report.beside)
    assert all(row["ours"]["median"] > 0 for row in (table, beside, apart, two, memory))
    assert (beside["theirs"] is None) == (beside["met"] is None) == (find_spec("followthemoney") is None)
    assert [row["unit"] for row in (apart, two, memory)] == ["files/s", "files/s", "MiB"]
    assert "absent" in report.text() or beside["ratio"]

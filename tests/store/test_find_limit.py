"""A limit takes the first entities that exist for the reader, whatever else the pages hold."""

from collections.abc import Iterator

import numpy as np
import pytest

from insight_kernel.benchmarks.generate import ASK, generated_store, reader
from insight_kernel.model.organisation import Organisation
from insight_kernel.policy.allowed import Known
from insight_kernel.store import read, sql
from insight_kernel.store.opened import Store
from insight_kernel.store.read import Filter


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = Store(generated_store(tmp_path_factory.mktemp("limit") / "store", 30_000))
    yield opened
    opened.close()


@pytest.mark.parametrize("page", [2, 1_000], ids=["pages too small for one answer", "one page"])
@pytest.mark.parametrize("limit", [1, 7, 100, 10**6])
@pytest.mark.parametrize(
    ("schema", "filters"),
    [
        ("Person", []),
        ("Person", [Filter("nationality", ("ad", "ae"))]),
        ("Person", [Filter("gender", ("male",)), Filter("nationality", ("ad",))]),
        ("Ownership", []),  # most of them do not exist for this reader: an end is hidden
        ("Ownership", [Filter("role", ("founder",))]),
        ("Vessel", []),
    ],
)
def test_a_limit_cuts_the_whole_answer_and_changes_nothing_else(
    store: Store, monkeypatch: pytest.MonkeyPatch, schema: str, filters: list[Filter], limit: int, page: int
) -> None:
    """The entities found with a limit are the first of those found without."""
    monkeypatch.setattr(read, "_PAGE", page)
    monkeypatch.setattr(read, "_ROWS_EACH", 1)
    with store.window(reader("official"), ASK, Known(Organisation()), 1) as window:
        whole = window.find([schema], filters)
        assert np.array_equal(window.find([schema], filters, limit), whole[:limit])


def test_the_label_condition_has_one_form() -> None:
    """Every statement that is bound a reader's labels asks for them in the one form."""
    texts = [text for name, text in vars(sql).items() if name.isupper() and isinstance(text, str)]
    governed = [text for text in texts if "$bits" in text and text != sql.ALLOWED]
    assert len(governed) > 15
    assert all(text.count("$bits") == text.count(sql.ALLOWED) for text in governed)


@pytest.mark.parametrize("schemata", [["Person"], ["Company", "Person"], ["Vessel"]])
def test_a_grouping_rests_on_every_visible_row_it_read(store: Store, schemata: list[str]) -> None:
    """Its join holds the label and the record of each allowed value of the property, and no others."""
    rows = (
        "SELECT label_id, record FROM lookup WHERE prop = 'country' AND type IN (SELECT unnest($types)) AND "
    ) + sql.ALLOWED
    with store.window(reader("restricted"), ASK, Known(Organisation()), 1) as window:
        found = window.snapshot.rows(rows, types=schemata, bits=window.allowed.bulk)
        join = window.join_of_group(schemata, "country")
    assert (join.labels, join.records) == ({label for label, _ in found}, {record for _, record in found})

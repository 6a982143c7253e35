"""Files made by others: every entity is taken, schema by schema, and loading again takes none."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from insight_kernel.gateway.loading import Loader
from insight_kernel.gateway.service import Gateway
from insight_kernel.policy.allowed import Known
from insight_kernel.store.folder import open_folder
from insight_kernel.store.opened import Store
from tests.build import ask, handed, people, profile, subject, write_yaml
from tests.real import real_data

DONATIONS = {"Payment": 290, "Address": 89, "Company": 56, "Person": 22, "Organization": 18}
# The table lacks one organisation of the lines, "Fake", so that 474 of the published 475 can be made from it.
TABLE = {**DONATIONS, "Organization": 17}
# Of the 91 lines one, a passport, says nothing but whose it is: a thing without a literal exists for nobody.
ZALA = {
    "Person": 6,
    "Company": 11,
    "Sanction": 41,
    "Ownership": 14,
    "Address": 11,
    "Family": 4,
    "Directorship": 3,
}


@pytest.mark.real
@pytest.mark.parametrize(
    ("name", "mapping", "records", "counts"),
    [
        ("donations.csv", "donations.yml", 292, TABLE),
        ("party-donations.ftm.jsonl", None, 475, DONATIONS),
        ("zala-sanctions-cluster.ftm.jsonl", None, 91, ZALA),
    ],
)
def test_every_entity_is_taken(
    tmp_path: Path, name: str, mapping: str | None, records: int, counts: dict[str, int]
) -> None:
    """The counts are those published with the data."""
    file = real_data(f"ftm-entities/{name}")
    mapped = None if mapping is None else real_data(f"ftm-entities/{mapping}")
    said = write_yaml(tmp_path / "profile.yml", profile())
    gate = Gateway(Store(open_folder(tmp_path / "store", create=True)))
    first, second = (loaded(gate, file, said, mapped) for _ in range(2))
    assert (first["read"], first["bad"], first["new"] + first["duplicates"]) == (records, 0, records)
    assert (second["new"], second["duplicates"]) == (0, records)
    assert schemata(gate) == counts
    gate.close()


def loaded(gate: Gateway, file: Path, said: Path, mapping: Path | None) -> dict[str, Any]:
    [event] = [
        e for e in Loader(gate, [handed([file], said, mapping=mapping)]).events() if e["event"] == "loaded"
    ]
    return event


def schemata(gate: Gateway) -> Counter[str]:
    """Count what exists for a reader by its most specific schema."""
    from insight_kernel.gateway.frames import names_of

    with gate.store.window(subject(), ask(), Known(people()), 1) as window:
        eids = window.find(sorted(gate.vocabulary.schemata), [])
        return Counter(name for name, _ in names_of(window.statements(eids), gate.vocabulary).values())

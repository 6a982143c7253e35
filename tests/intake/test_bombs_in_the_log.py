"""A file made to do harm: only its own reader ends, it waits in quarantine, and the log says what it was."""

import hashlib

import pytest

from insight_kernel.audit.chain import entries
from tests.intake.conftest import Intake
from tests.intake.reading.bombs import BOMBS, TOO_MUCH


@pytest.mark.case("A56")
def test_the_log_names_hash_and_limit_of_a_refused_file(intake: Intake) -> None:
    """Its bytes by their hash, the rule it broke; its name only for those who may read it."""
    bomb = intake.folder / "bomb.xlsx"
    bomb.write_bytes(BOMBS["a workbook that unfolds"].made())
    good = intake.folder / "good.txt"
    good.write_text("good")
    assert [event["event"] for event in intake.load(bomb, good)] == ["refused", "loaded"]
    [entry] = [
        each
        for each in entries(intake.gate.store.folder / "audit" / "log.jsonl")
        if each.get("decision") == "refused"
    ]
    assert entry["original"] == hashlib.sha256(bomb.read_bytes()).hexdigest()
    assert entry["rules"] == [TOO_MUCH]
    assert intake.records() == 1

"""Entities other people publish, read where they lie."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

REAL_DATA = Path(os.environ.get("INSIGHT_REAL_DATA", Path(__file__).parents[3] / "shared" / "data"))


@pytest.fixture(scope="session")
def real_entities() -> list[dict[str, Any]]:
    """The entities of the two published FollowTheMoney files."""
    paths = sorted((REAL_DATA / "ftm-entities").glob("*.ftm.jsonl"))
    if not paths:
        pytest.skip("the real data (INSIGHT_REAL_DATA) is not here")
    return [json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines()]

"""Data made by others and tools of the machine: used when there, never copied, counted in the summary."""

import os
import shutil
from pathlib import Path

import pytest


def real_data(name: str) -> Path:
    """Return a file or folder of the real data; the test is skipped where it is absent."""
    path = real_folder() / name
    if not path.exists():
        pytest.skip("real data absent: set INSIGHT_REAL_DATA")
    return path


def real_folder() -> Path:
    """Return where data by others lies: INSIGHT_REAL_DATA, else beside the checkout."""
    named = os.environ.get("INSIGHT_REAL_DATA")
    return Path(named) if named else Path(__file__).parents[2] / "shared" / "data"


def needs(tool: str) -> str:
    """Return the path of a program; without it the test is skipped, and fails under INSIGHT_CI=1."""
    found = shutil.which(tool)
    if found is not None:
        return found
    if os.environ.get("INSIGHT_CI") == "1":
        pytest.fail(f"needs {tool}, which INSIGHT_CI=1 promises")
    pytest.skip(f"needs {tool}")

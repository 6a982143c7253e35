"""The examples of these pages run against a demo made for them."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from insight_kernel import views
from insight_kernel.client.stores import demo_folder
from insight_kernel.demo import make_demo


@pytest.fixture(scope="session")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A demo, made once without touching the user's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        make_demo(demo_folder(), say=lambda _: None)
        yield demo_folder()


@pytest.fixture(autouse=True)
def _pages_use_the_demo(
    _made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, doctest_namespace: dict[str, Any]
) -> None:
    """Every page has a copy of its own where `store="demo"` looks for one, and the names the reference describes."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv("INSIGHT_STORE", raising=False)
    shutil.copytree(_made, demo_folder())
    doctest_namespace.update({name: getattr(views, name) for name in views.__all__})

"""The examples of these pages run against a demo made for them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from insight_kernel import views
from insight_kernel.client.stores import demo_folder
from insight_kernel.demo import make_demo


@pytest.fixture(scope="session")
def _demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A demo where `store="demo"` looks for one, without touching the user's own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        patch.delenv("INSIGHT_STORE", raising=False)
        make_demo(demo_folder(), say=lambda _: None)
        yield demo_folder()


@pytest.fixture(autouse=True)
def _pages_use_the_demo(_demo: Path, doctest_namespace: dict[str, Any]) -> None:
    """Every example on every page has it, and the names the reference describes."""
    doctest_namespace.update({name: getattr(views, name) for name in views.__all__})

"""One hub of the profile `governed` for all tests of sandboxes, with two workspaces that run."""

from collections.abc import Iterator

import pytest

from insight_kernel.sandbox.recipe import GIB
from tests.governed import GovernedHub, Kernel, governed_hub
from tests.reports.conftest import person, store_of

ANA, BEN = ("w60000", "op-lantern"), ("w60001", "op-harbour")
"""Accounts and servers of the two workspaces, in the order in which they were opened."""
SOURCES = {
    "shared": ({"owner": "DE"}, [person("ada", name=["Ada Shared"])]),
    "paris": ({"owner": "FR", "only": ["FR"]}, [person("bo", name=["Bo Paris"])]),
    "rabat": ({"owner": "MA", "only": ["MA"]}, [person("cy", name=["Cy Rabat"])]),
}


@pytest.fixture(scope="package")
def governed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GovernedHub]:
    """A hub with the workspaces of ana, of Paris, and of ben, of Rabat."""
    folder = tmp_path_factory.mktemp("governed")
    with store_of(tmp_path_factory.mktemp("made"), SOURCES) as made:
        pass
    with governed_hub(made, folder, memory=GIB) as hub:
        hub.running.open("ana", "OP-LANTERN")
        hub.running.open("ben", "OP-HARBOUR")
        for workspace in (ANA, BEN):
            hub.spawn(*workspace)
        yield hub


@pytest.fixture(scope="package")
def ana(governed: GovernedHub) -> Iterator[Kernel]:
    """A kernel in ana's sandbox."""
    with governed.kernel(*ANA) as kernel:
        yield kernel


@pytest.fixture(scope="package")
def ben(governed: GovernedHub) -> Iterator[Kernel]:
    """A kernel in ben's sandbox."""
    with governed.kernel(*BEN) as kernel:
        yield kernel

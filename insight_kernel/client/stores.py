"""Which store is meant when none, `demo` or a path is named."""

import os
from pathlib import Path

from insight_kernel.errors import BadInput


def demo_folder() -> Path:
    """Return the folder `insight demo` uses unless another is named."""
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "insight" / "demo"


def store_folder(name: str | Path | None) -> Path:
    """Return a store's folder: a path, `demo`, or without a name INSIGHT_STORE and then the demo's.

    Examples
    --------
    >>> store_folder("/data/store")
    PosixPath('/data/store')
    >>> store_folder("demo") == demo_folder() / "store"
    True
    """
    found = name or os.environ.get("INSIGHT_STORE") or "demo"
    return demo_folder() / "store" if str(found) == "demo" else Path(found).expanduser()


def existing_store(name: str | Path | None) -> Path:
    """Return a store's folder as `store_folder`; raise `BadInput` when there is none."""
    root = store_folder(name)
    if not (root / "store.json").is_file():
        raise BadInput(
            f"open store {root}", "there is no store.json in it", "Load something first: insight load."
        )
    return root

"""What waits in quarantine, handed in again: as it is under a mended profile or mapping, or as a mended copy."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from insight_kernel.errors import BadInput
from insight_kernel.files import copy_file
from insight_kernel.store.opened import Store
from insight_kernel.store.quarantine import MAPPING, PROFILE, Waiting

Event = dict[str, Any]


def deliveries(
    store: Store,
    ids: Sequence[str],
    staging: Path,
    *,
    profile: str | None,
    mapping: str | None,
    copy: str | None,
) -> list[Event]:
    """Return the deliveries that hand in again what waits under these ids, or all of it.

    Each file is copied below `staging` under the name it was delivered by: mappings speak of names. Of a file of
    which only some items wait, the whole is handed in again, and its good items with it: they are there already.

    Raises
    ------
    BadInput
        When nothing waits under an id, or a mended copy is not of one file.
    """
    found = [store.quarantine.get(id_) for id_ in ids] if ids else store.quarantine.all()
    if copy is not None and len(ids) != 1:
        raise BadInput(
            "load a mended copy", "it is not said of which file", "Name one id of insight quarantine."
        )
    return list(_again(store, found, staging, profile, mapping, copy))


def _again(
    store: Store,
    found: Sequence[Waiting],
    staging: Path,
    profile: str | None,
    mapping: str | None,
    copy: str | None,
) -> Iterator[Event]:
    for waiting in found:
        folder, file = store.quarantine.folder(waiting), staging / waiting.id / waiting.file
        source = Path(copy) if copy is not None else _bytes_of(store, waiting)
        if source is not None:
            copy_file(source, file)
        kept = folder / MAPPING
        yield {
            "paths": [str(file)],
            "profile": profile or str(folder / PROFILE),
            "mapping": mapping or (str(kept) if kept.exists() else None),
            "source": waiting.source,
            "keep_good": not waiting.whole,
            "waiting": waiting,
        }


def _bytes_of(store: Store, waiting: Waiting) -> Path | None:
    """Return where the delivered bytes are, if they are anywhere."""
    if not waiting.original:
        return None
    kept = store.quarantine.folder(waiting) if waiting.whole else store.folder / "originals"
    return found if (found := kept / waiting.original).exists() else None

"""Puts a world where somebody asked for it: whole or not at all."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import uuid4

from insight_kernel.errors import BadInput
from insight_kernel.files import UNFINISHED
from insight_kernel.training.world.write import World, write_world


def place_world(
    folder: Path, *, today: date, size: int = 1, step: Callable[[], object] = lambda: None
) -> World:
    """Write a world to a folder that is absent or empty; when stopped on the way, nothing of it remains.

    Raises
    ------
    BadInput
        When there is something in the folder, or no world has that size.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as parent:
    ...     world = place_world(Path(parent) / "world", today=date(2026, 11, 21))
    ...     sorted(path.name for path in (Path(parent) / "world").iterdir())
    ['sources', 'truth']
    """
    target = folder.absolute()
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise BadInput(f"write a world to {folder}", "there is something already", "Name a new folder.")
    target.parent.mkdir(parents=True, exist_ok=True)
    unfinished = target.parent / f"{UNFINISHED}{uuid4().hex}"
    try:
        world = write_world(unfinished, today=today, size=size, step=step)
        unfinished.replace(target)  # an empty folder gives way
    except BaseException:
        shutil.rmtree(unfinished, ignore_errors=True)
        raise
    sources = tuple(target / source.relative_to(unfinished) for source in world.sources)
    return replace(world, sources=sources, truth=target / world.truth.relative_to(unfinished))

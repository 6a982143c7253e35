"""Every write INSIGHT makes to a file of its own passes here: whole or not at all.

One place, so that tests can make any write, flush or rename fail and see that nothing half-done remains.
"""

import os
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

UNFINISHED = ".part-"
"""How names of files begin that were never finished, because the process was killed while writing them."""
_BLOCK = 2**20  # bytes copied at once


def write_all(descriptor: int, data: bytes) -> None:
    """Write every byte or raise `OSError`; a full disk may accept a part without saying so."""
    done = os.write(descriptor, data)
    if done != len(data):
        raise OSError(f"short write: {done} of {len(data)} bytes")


def flush(descriptor: int) -> None:
    """Return once what was written is on the disk."""
    os.fsync(descriptor)


def replace_file(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """Put `data` at `path` so that a reader sees the old file or the new one, never a part.

    Examples
    --------
    >>> folder = Path(tempfile.mkdtemp())
    >>> replace_file(folder / "a.json", b"{}")
    >>> (folder / "a.json").read_bytes(), sorted(p.name for p in folder.iterdir())
    (b'{}', ['a.json'])
    """
    _replace(path, (data,), mode)


def copy_file(source: Path, path: Path) -> None:
    """Put a copy of a file at `path` in the same way, however large it is."""
    with source.open("rb") as blocks:
        _replace(path, iter(lambda: blocks.read(_BLOCK), b""), 0o600)


def _replace(path: Path, blocks: Iterable[bytes], mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=UNFINISHED)
    try:
        for block in blocks:
            write_all(descriptor, block)
        os.fchmod(descriptor, mode)
        flush(descriptor)
        Path(name).replace(path)
        flush_folder(path.parent)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)


def finish_file(unfinished: Path, path: Path) -> None:
    """Give a file that was written by others, and is complete, its name."""
    descriptor = os.open(unfinished, os.O_RDONLY)
    try:
        flush(descriptor)
    finally:
        os.close(descriptor)
    unfinished.rename(path)
    flush_folder(path.parent)


def remove(path: Path) -> None:
    """Remove a file, or a folder with all in it, for good; what is not there is removed already."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Make a new, renamed or removed name in `folder` survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        flush(descriptor)
    finally:
        os.close(descriptor)

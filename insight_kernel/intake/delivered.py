"""Which files a delivery is: those named, and in folders those whose name says that they can be read."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from insight_kernel.intake.documents import DOCUMENTS
from insight_kernel.intake.formats import FORMATS
from insight_kernel.intake.mapping.tables import TEXTS

_EXCHANGED = (ending for found in FORMATS.values() for ending in (*found.endings, *found.perhaps))
_SUFFIXES = (*_EXCHANGED, *TEXTS, *DOCUMENTS)


def delivered_files(paths: Iterable[Path]) -> list[Path]:
    """Return the files named, and those with a known ending in the folders named, in order of name."""
    found: list[Path] = []
    for path in paths:
        inside = (
            sorted(p for p in path.rglob("*") if p.name.lower().endswith(_SUFFIXES) and p.is_file())
            if path.is_dir()
            else [path]
        )
        found += inside
    return found


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file; nothing where it cannot be read, which its reader will say."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""

"""Limits of all processes of an account together, where the machine has control groups."""

import os
from dataclasses import dataclass
from pathlib import Path

from insight_kernel.sandbox.recipe import Limits

_ROOT = Path("/sys/fs/cgroup")
_NAME = "insight"
_FILES = {"memory": ("memory.max", "memory.limit_in_bytes"), "pids": ("pids.max", "pids.max")}
"""What is limited -> the file of it in version 2 and in version 1, in which each has a tree of its own."""


@dataclass(frozen=True)
class ControlGroup:
    """One account's group: folders of the system's, one or two of them."""

    folders: tuple[Path, ...]

    @classmethod
    def make(cls, uid: int, limits: Limits) -> "ControlGroup":
        """Make the group of an account, or limit the one that is there; without control groups it has no folders."""
        wanted = {"memory": limits.memory, "pids": limits.processes}
        made = cls.of(uid)
        for folder in made.folders:
            folder.mkdir(parents=True, exist_ok=True)
            for kind, most in wanted.items():
                for file in {folder / name for name in _FILES[kind]}:
                    if file.exists():
                        file.write_text(str(most), "ascii")
        return made

    @classmethod
    def of(cls, uid: int) -> "ControlGroup":
        """Return the group of an account, which may not be there."""
        found = {folder for kind in _FILES if (folder := _tree(kind)) is not None}
        return cls(tuple(sorted(folder / _NAME / str(uid) for folder in found)))

    def join(self) -> None:
        """Put this process, and with it all it starts, into the group."""
        for folder in self.folders:
            (folder / "cgroup.procs").write_text(str(os.getpid()), "ascii")

    def hits(self) -> dict[str, int]:
        """Return how often each limit was hit since the group was made: processes ended, processes not started."""
        counted = {
            "memory": ("memory.events", "memory.oom_control", "oom_kill"),
            "pids": ("pids.events", "", "max"),
        }
        return {
            kind: int(line.split()[1])
            for kind, (new, old, word) in counted.items() for folder in self.folders for name in {new, old} - {""}
            if (folder / name).exists() for line in (folder / name).read_text("ascii").splitlines()
            if line.startswith(f"{word} ")
        }  # fmt: skip

    def remove(self) -> None:
        """Remove the group; its processes have ended."""
        for folder in self.folders:
            folder.rmdir()


def limited() -> set[str]:
    """Return what this machine limits for an account: `memory` and `pids`, or less."""
    return {kind for kind in _FILES if _tree(kind) is not None}


def _tree(kind: str) -> Path | None:
    """Return the folder below which groups can be made that limit something."""
    if (_ROOT / kind).is_dir() and os.access(_ROOT / kind, os.W_OK):
        return _ROOT / kind
    control = _ROOT / _NAME / "cgroup.subtree_control"
    return _ROOT if control.exists() and kind in control.read_text("ascii").split() else None

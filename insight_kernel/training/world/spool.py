"""Lines kept in order, however many: beyond a limit in sorted runs on disk, merged when they are read."""

import heapq
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path


class Spool:
    r"""Takes single lines in any order and gives them back sorted, each with its line end.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     spool = Spool(Path(folder) / "spool", limit=2)
    ...     for line in ("c", "a", "b"):
    ...         spool.add(line)
    ...     print(list(spool), len(spool))
    ['a\n', 'b\n', 'c\n'] 3
    """

    def __init__(self, path: Path, *, limit: int = 20_000) -> None:
        self._path, self._limit = path, limit
        self._runs: list[Path] = []
        self._held: list[str] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, line: str) -> None:
        """Take one line, given without its end."""
        self._held.append(f"{line}\n")
        self._count += 1
        if len(self._held) >= self._limit:
            self._put_aside()

    def __iter__(self) -> Iterator[str]:
        with ExitStack() as stack:
            runs = [stack.enter_context(path.open(encoding="utf-8", newline="\n")) for path in self._runs]
            yield from heapq.merge(*runs, sorted(self._held))

    def _put_aside(self) -> None:
        path = self._path.with_suffix(f".{len(self._runs)}")
        with path.open("w", encoding="utf-8", newline="\n") as out:
            out.writelines(sorted(self._held))
        self._runs.append(path)
        self._held = []

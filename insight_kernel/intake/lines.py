"""Lines of delivered text, none of them longer than a person could have meant."""

from collections.abc import Iterator
from typing import IO, AnyStr, Generic

LONGEST = 4 * 2**20
"""Characters, or bytes, of the longest line that is read."""


class TooLongError(ValueError):
    """A line is longer than any that is read; the text says so."""


def bounded(lines: IO[AnyStr]) -> Iterator[AnyStr]:
    r"""Yield the lines of an open file; one that is too long raises, and whoever asks again gets the next.

    Examples
    --------
    >>> import io
    >>> list(bounded(io.StringIO("a\nb")))
    ['a\n', 'b']
    """
    return _Bounded(lines)


class _Bounded(Iterator[AnyStr], Generic[AnyStr]):
    """An iterator and no generator: one that has raised goes on."""

    def __init__(self, lines: IO[AnyStr]) -> None:
        self._lines: IO[AnyStr] = lines

    def __next__(self) -> AnyStr:
        line: AnyStr = self._lines.readline(LONGEST)
        if not line:
            raise StopIteration
        if len(line) == LONGEST and self._skip(line):
            raise TooLongError(f"is longer than {LONGEST:,} characters")
        return line

    def _skip(self, line: AnyStr) -> bool:
        """Read up to the end of a line that goes on; tell whether it does."""
        more = False
        while line and line[-1:] not in ("\n", b"\n"):
            line = self._lines.readline(LONGEST)
            more = more or bool(line)
        return more

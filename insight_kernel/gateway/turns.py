"""Turns: a few questions are answered at once, workspaces take turns, and nobody waits in a line without end."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

AT_ONCE, WAITING, WAITING_EACH = 4, 400, 10
"""Questions answered at the same time, and how many may wait: altogether, and of one workspace."""
_LONGEST_WAIT = 60


class BusyError(Exception):
    """The line is full; `wait` says after how many seconds to ask again."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait


class Turns:
    """Who is next: the workspaces that wait, one question of each after the other.

    It belongs to one event loop, so that nothing comes between two of its lines.

    Examples
    --------
    >>> async def three() -> list[str]:
    ...     turns, served = Turns(at_once=1), []
    ...     async def ask(workspace: str) -> None:
    ...         async with turns.turn(workspace):
    ...             served.append(workspace)
    ...     async with turns.turn("a"):
    ...         asked = [asyncio.ensure_future(ask(each)) for each in ("a", "a", "b")]
    ...         await asyncio.sleep(0)
    ...     await asyncio.gather(*asked)
    ...     return served
    >>> asyncio.run(three())
    ['a', 'b', 'a']
    """

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING, each: int = WAITING_EACH) -> None:
        self._free, self._at_once, self._most, self._each = at_once, at_once, waiting, each
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    @asynccontextmanager
    async def turn(self, workspace: str) -> AsyncIterator[None]:
        """Wait for a turn; raise `BusyError` where too many wait already."""
        if self._free:
            self._free -= 1
        else:
            await self._place(workspace)
        try:
            yield
        finally:
            self._pass_on()

    def _place(self, workspace: str) -> "asyncio.Future[None]":
        line, waiting = self._waiting.get(workspace, deque()), sum(map(len, self._waiting.values()))
        if len(line) >= self._each or waiting >= self._most:
            raise BusyError(min(_LONGEST_WAIT, 1 + waiting // self._at_once))
        place = asyncio.get_running_loop().create_future()
        line.append(place)
        self._waiting[workspace] = line
        return place

    def _pass_on(self) -> None:
        """Give the turn to the first of the workspace that has waited longest, which then goes to the end."""
        while self._waiting:
            workspace = next(iter(self._waiting))
            line = self._waiting.pop(workspace)
            place = line.popleft()
            if line:
                self._waiting[workspace] = line
            if not place.done():  # one that was given up is done
                place.set_result(None)
                return
        self._free += 1

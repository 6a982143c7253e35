"""Turns: a few questions are answered at once, workspaces take turns, and nobody waits in a line without end."""

import asyncio
from collections import Counter, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

AT_ONCE, TOGETHER = 4, 2
"""Questions answered at the same time: altogether, and of one workspace, so that none is ever behind one alone."""
WAITING, WAITING_EACH = 400, 10
"""How many may wait: altogether, and of one workspace."""
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

    def __init__(
        self,
        at_once: int = AT_ONCE,
        together: int = TOGETHER,
        waiting: int = WAITING,
        each: int = WAITING_EACH,
    ) -> None:
        self._free, self._at_once, self._together = at_once, at_once, together
        self._most, self._each = waiting, each
        self._running: Counter[str] = Counter()
        self._waiting: dict[str, deque[asyncio.Future[None]]] = {}

    @asynccontextmanager
    async def turn(self, workspace: str) -> AsyncIterator[None]:
        """Wait for a turn; raise `BusyError` where too many wait already."""
        if self._may(workspace):
            self._take(workspace)
        else:
            await self._called(self._place(workspace), workspace)
        try:
            yield
        finally:
            self._give_back(workspace)

    def _may(self, workspace: str) -> bool:
        return self._free > 0 and self._running[workspace] < self._together

    def _take(self, workspace: str) -> None:
        self._free -= 1
        self._running[workspace] += 1

    def _give_back(self, workspace: str) -> None:
        self._free += 1
        self._running -= Counter([workspace])  # which forgets who has none
        self._pass_on()

    def _place(self, workspace: str) -> "asyncio.Future[None]":
        line, waiting = self._waiting.get(workspace, deque()), sum(map(len, self._waiting.values()))
        if len(line) >= self._each or waiting >= self._most:
            raise BusyError(min(_LONGEST_WAIT, 1 + waiting // self._at_once))
        place = asyncio.get_running_loop().create_future()
        line.append(place)
        self._waiting[workspace] = line
        return place

    async def _called(self, place: "asyncio.Future[None]", workspace: str) -> None:
        """Wait until the turn is given; who goes away just then gives it back."""
        try:
            await place
        except BaseException:
            if not place.cancelled():
                self._give_back(workspace)
            raise

    def _pass_on(self) -> None:
        """Give the turn to the first of the workspace that has waited longest and may; it then goes to the end."""
        while (workspace := next(filter(self._may, self._waiting), None)) is not None:
            line = self._waiting.pop(workspace)
            place = line.popleft()
            if line:
                self._waiting[workspace] = line
            if not place.done():  # one that was given up is done
                self._take(workspace)
                place.set_result(None)
                return

"""Ending a question before its answer is made: whoever asked is gone, or it takes longer than any question may."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from typing import TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

LONGEST = 120.0
"""Seconds one question may take."""
GONE, TOO_LONG = "cancelled", "too-long"

Answer = TypeVar("Answer")


class Stop:
    """Ends one question from outside; what it is doing then is told how.

    Examples
    --------
    >>> stop, told = Stop(), []
    >>> with stop.by(lambda: told.append("ended")):
    ...     stop.now("cancelled")
    >>> stop.reason, told
    ('cancelled', ['ended'])
    """

    def __init__(self) -> None:
        self.reason: str | None = None
        self._end: Callable[[], None] | None = None
        self._lock = Lock()

    @contextmanager
    def by(self, end: Callable[[], None]) -> Iterator[None]:
        """While the block lasts, this is how it is ended; at once, when it should have been before."""
        with self._lock:
            self._end = end
            if self.reason is not None:
                end()
        try:
            yield
        finally:
            with self._lock:
                self._end = None

    def now(self, reason: str) -> None:
        """End it."""
        with self._lock:
            self.reason = reason
            if self._end is not None:
                self._end()


async def while_waited_for(request: Request, answer: Callable[[Stop], Answer]) -> Answer:
    """Return an answer made in another thread, which is told to stop when nobody waits for it any more."""
    stop = Stop()
    made = asyncio.ensure_future(run_in_threadpool(answer, stop))
    gone = asyncio.ensure_future(request.receive())  # its body was read: what comes next is that it is gone
    try:
        done, _ = await asyncio.wait({made, gone}, timeout=LONGEST, return_when=asyncio.FIRST_COMPLETED)
        if made not in done:
            stop.now(GONE if gone in done else TOO_LONG)
        return await made
    finally:
        gone.cancel()

"""Ctrl-C where something is to be ended in good order: the first one asks for it, the second one waits for nothing."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def stopping(stop: Callable[[], bool]) -> Iterator[None]:
    """While the block lasts, ask to stop at Ctrl-C; where that is not possible (yet), it interrupts as ever."""
    before = signal.getsignal(signal.SIGINT)

    def asked(number: int, frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, before)
        if not stop():
            signal.default_int_handler(number, frame)

    if threading.current_thread() is not threading.main_thread() or before is signal.SIG_IGN:
        yield
        return
    signal.signal(signal.SIGINT, asked)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
